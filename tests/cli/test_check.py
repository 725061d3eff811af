from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call, document
from tests.cli.made import bare, blobs, v2
from tests.places import REAL, shared

KEYS = ["severity", "code", "kind", "id", "auditId", "path", "message"]
ERRORS = {"undecodable", "invalid-utf8", "bad-page"}


def test_the_answer_counts_what_it_lists() -> None:
    answer = call("check", "--json", "--demo")
    found = answer.json
    assert answer.code == 1
    assert answer.out == document(found)
    assert list(found) == ["records", "versions", "decoded", "errors", "warnings", "problems"]
    info = call("info", "--json", "--demo").json
    assert (found["records"], found["versions"]) == (info["records"], info["versions"])
    assert found["errors"] == sum(one["severity"] == "error" for one in found["problems"])
    assert found["errors"] + found["warnings"] == len(found["problems"])
    assert {one["code"] for one in found["problems"]} >= {
        "undecodable", "invalid-utf8", "unknown-kind", "unknown-field", "unknown-enum",
        "schema-ambiguous", "id-mismatch", "kind-mismatch", "hash-mismatch", "orphan-history",
    }  # fmt: skip
    for one in found["problems"]:
        assert list(one) == KEYS
        assert (one["severity"] == "error") == (one["code"] in ERRORS)
        assert one["message"].endswith(".")


def test_problems_come_by_kind_and_id_live_before_versions() -> None:
    found = call("check", "--json", "--demo").json["problems"]
    places = [(one["kind"], one["id"]) for one in found]
    assert places == sorted(places)
    for place in set(places):
        audits = [one["auditId"] for one in found if (one["kind"], one["id"]) == place]
        numbers = [one for one in audits if one is not None]
        assert audits == [None] * (len(audits) - len(numbers)) + numbers


def test_real_stores_are_clean(tmp_path: Path) -> None:
    for name in ("v0", "v2-clean", "v2-migrated"):
        answer = call("check", "--json", "--db", REAL / name / "stigmer.db")
        assert (answer.code, answer.json["problems"]) == (0, [])
        assert answer.json["decoded"] == answer.json["records"] + answer.json["versions"]


def test_a_json_store_is_clean() -> None:
    answer = call("check", "--json", "--db", shared("stigmer", "made", "json", "stigmer.db"))
    assert (answer.code, answer.json["problems"], answer.json["decoded"]) == (0, [], 10)


def test_each_problem_where_it_is(tmp_path: Path) -> None:
    one = blobs("skill", "resource_audit")[0]
    id_ = call("show", "x", "--db", v2(tmp_path, Rec("skill", "x", one))).json["metadata"]["id"]
    (tmp_path / "stigmer.db").unlink()
    path = v2(
        tmp_path,
        Rec("skill", id_, one),
        Rec("session", id_, one),
        Rec("agent", "cut", b"\x0a\x05x"),
        Rec("widget", "w", b""),
        Arc("skill", id_, one, version_hash="ff" * 32),
        Arc("skill", "other", one),
        Arc("skill", "other", b"\xff"),
    )
    answer = call("check", "--json", "--db", path)
    assert [
        (found["code"], found["kind"], found["id"], found["auditId"], found["path"])
        for found in answer.json["problems"]
        if found["code"] != "unknown-field"
    ] == [
        ("undecodable", "agent", "cut", None, ""),
        ("kind-mismatch", "session", id_, None, "kind"),
        ("orphan-history", "skill", "other", None, ""),
        ("undecodable", "skill", "other", 3, ""),
        ("id-mismatch", "skill", "other", 2, "metadata.id"),
        ("hash-mismatch", "skill", id_, 1, "status.version_hash"),
        ("unknown-kind", "widget", "w", None, ""),
    ]
    assert answer.code == 1


def test_warnings_alone_are_no_failure(tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("widget", "w", wire.text(1, "x")))
    answer = call("check", "--json", "--db", path)
    assert (answer.code, answer.json["errors"], answer.json["warnings"]) == (0, 0, 1)


@pytest.mark.parametrize(("text", "size"), [("", "0 bytes"), ("x", "1 byte"), ("xy", "2 bytes")])
def test_a_number_is_told_with_its_noun(text: str, size: str, tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("agent", "a", wire.text(999, text)))
    [found] = call("check", "--json", "--db", path).json["problems"]
    assert f"Field 999, length-delimited, {size}, is not in the schema." == found["message"]


def test_a_legacy_version_is_named_in_the_message(tmp_path: Path) -> None:
    path = bare(tmp_path, Rec("skill", "s", b""), Rec("skill", "skill_audit/s/1769373518", b"\xff"))
    (found,) = call("check", "--json", "--db", path).json["problems"]
    assert (found["id"], found["auditId"], found["code"]) == ("s", None, "undecodable")
    assert found["message"].startswith("legacy:1769373518: ")
    said = call("check", "--db", path).out.decode().splitlines()[-1]
    assert said.startswith("1 record and 1 version checked, 1 of them not decoded: 1 error, ")


def test_damage_is_an_error_and_the_rest_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    content = bytearray((REAL / "v2-clean" / "stigmer.db").read_bytes())
    content[100_000:300_000] = bytes(200_000)
    path.write_bytes(content)
    answer = call("check", "--json", "--db", path)
    assert answer.code == 1
    assert "bad-page" in {one["code"] for one in answer.json["problems"]}
    assert answer.json["decoded"] > 10
    said = call("check", "--db", path).out.splitlines()[-1]
    assert said.endswith(b"What lies behind damage was not checked.")
    assert b"behind damage" not in call("check", "--demo").out.splitlines()[-1]


def spoil(path: Path, *names: str, holding: bytes) -> None:
    """Overwrite the leaf pages of tables and indexes that hold some bytes."""
    with closing(apsw.Connection(str(path))) as connection:
        (size,) = next(connection.execute("PRAGMA page_size"))
        sql = "SELECT name, pageno FROM dbstat WHERE pagetype = 'leaf'"
        pages = [page for name, page in connection.execute(sql) if name in names]
    content = bytearray(path.read_bytes())
    for page in pages:
        start = (page - 1) * size
        if holding in content[start : start + size]:
            content[start : start + 12] = b"\xee" * 12
    path.write_bytes(content)


@pytest.mark.parametrize("index", ["idx_resources_kind_id", "idx_audit_resource"])
@pytest.mark.parametrize("more", [True, False], ids=["fewer entries", "more entries"])
def test_an_index_that_contradicts_its_table_is_an_error(
    index: str, more: bool, tmp_path: Path
) -> None:
    """Nothing else is wrong: rows that the index does not name are simply not there to be read."""
    ids = [f"agt-{number:02}" for number in range(10)]
    path = v2(tmp_path, *(Rec("agent", one) for one in ids), *(Arc("agent", one) for one in ids))
    with closing(apsw.Connection(str(path))) as connection:
        (size,) = next(connection.execute("PRAGMA page_size"))
        sql = "SELECT pageno FROM dbstat WHERE name = ?"
        pages = [page for (page,) in connection.execute(sql, (index,))]
    before = path.read_bytes()
    with closing(sqlite3.connect(path)) as plain:
        if more:
            layouts.put(plain, [Rec("agent", "new")])
            layouts.archive(plain, [Arc("agent", "new")])
        else:
            plain.execute("DELETE FROM resources WHERE id = 'agt-09'")
            plain.execute("DELETE FROM resource_audit WHERE id = 10")
        plain.commit()
    content = bytearray(path.read_bytes())
    for page in pages:
        content[(page - 1) * size : page * size] = before[(page - 1) * size : page * size]
    path.write_bytes(content)

    answer = call("check", "--json", "--db", path)
    table = "resources" if index == "idx_resources_kind_id" else "resource_audit"
    rows = f"{len(ids) + more - (not more)} rows"
    said = [one for one in answer.json["problems"] if one["kind"] is None]
    assert [(one["code"], one["message"]) for one in said] == [
        (
            "bad-page",
            f"The file is damaged: index {index} has {len(ids)} entries, but table {table} has"
            f" {rows}. Rows may be missing.",
        )
    ]
    assert answer.code == 1


@pytest.mark.parametrize("index", [(), ("idx_audit_resource", "idx_audit_hash", "idx_audit_tag")])
def test_versions_behind_damaged_rows_are_checked(tmp_path: Path, index: tuple[str, ...]) -> None:
    ids = [f"agt-{number:03}" for number in range(60)]
    gone = ["agt-010x", "agt-050x"]
    path = layouts.create(
        tmp_path / "s.db",
        layouts.RESOURCES,
        layouts.SCHEMA_VERSION,
        layouts.AUDIT,
        records=[Rec("agent", one, wire.text(99, one * 20)) for one in ids],
        archived=[Arc("agent", one, wire.text(99, one)) for one in [*ids, *gone]],
        version=2,
        page_size=1024,
    )
    spoil(path, "resources", "idx_resources_kind_id", *index, holding=b"agentagt-030")
    found = call("check", "--json", "--db", path).json
    assert 0 < found["records"] < len(ids)
    assert found["versions"] == len(ids) + len(gone)
    problems = found["problems"]
    audited = [one for one in problems if one["auditId"] is not None]
    assert {one["id"] for one in audited} == {*ids, *gone}
    assert any(one["code"] == "bad-page" and one["kind"] == "agent" for one in problems)
    # Whether a record is there is not known behind the damage.
    orphans = {one["id"] for one in problems if one["code"] == "orphan-history"}
    assert orphans <= set(gone)
    places = [one["id"] for one in problems if one["kind"] == "agent" and one["id"] is not None]
    assert places == sorted(places)


def test_repeats_are_counted_and_listed_as_one(tmp_path: Path) -> None:
    data = blobs("skill")[0] + wire.integer(990, 1) * 5000
    answer = call("check", "--json", "--db", v2(tmp_path, Rec("skill", "s", data)))
    unknown = [one for one in answer.json["problems"] if one["code"] == "unknown-field"]
    assert len(unknown) == 101
    assert list(unknown[-1]) == KEYS
    assert (unknown[-1]["path"], unknown[-1]["message"]) == (
        "<990>[100]",
        "4,900 more like those before, from here on.",
    )
    others = len(answer.json["problems"]) - len(unknown)
    assert answer.json["warnings"] + answer.json["errors"] == 5000 + others
