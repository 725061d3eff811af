from __future__ import annotations

from pathlib import Path

import pytest

from inspector.session import reading
from inspector.session.reading import BlobReader
from tests.builders.demo import wire
from tests.builders.layouts import Rec
from tests.cli.calls import call, compact
from tests.cli.made import bare, blobs, v2
from tests.places import REAL
from tests.releases import NEWEST


def test_rows_lie_by_the_bytes_of_their_keys(tmp_path: Path) -> None:
    keys = [
        ("Agent", "z"), ("a", "b/c"), ("a/b", "a"), ("a/b", "d"), ("a", "b/e"),
        ("agent", ""), ("agent", "\U0001f98a"), ("agent-x", "a"), ("agent", "￿"),
    ]  # fmt: skip
    path = bare(tmp_path, *(Rec(kind, id_, b"") for kind, id_ in keys))
    answer = call("dump", "--db", path)
    found = [one["key"] for one in answer.json["records"]]
    assert found == sorted((f"{kind}/{id_}" for kind, id_ in keys), key=str.encode)
    assert answer.out == compact([answer.json])


def test_a_filter_is_a_kind_however_it_is_spelled(tmp_path: Path) -> None:
    path = v2(
        tmp_path,
        Rec("agent_execution", "a", b""),
        Rec("AgentExecution", "b", b""),
        Rec("agent", "c", b""),
    )
    for asked in ("agent-execution", "agent_execution", "AGENTEXECUTION"):
        found = call("dump", "--filter", asked, "--db", path).json
        assert [one["key"] for one in found["records"]] == [
            "AgentExecution/b", "agent_execution/a",
        ]  # fmt: skip
    for asked in ("no-such-kind", "", "agent_"):
        answer = call("dump", "--filter", asked, "--db", path)
        wanted = b'{"count":0,"records":[]}\n'
        assert (answer.code, answer.out == wanted) == (0, asked != "agent_")


def test_legacy_rows_are_rows(tmp_path: Path) -> None:
    one, two = blobs("skill", "resource_audit")[:2]
    path = bare(
        tmp_path,
        Rec("skill", "s", two),
        Rec("skill", "skill_audit/s/1769373518", one),
        Rec("SKILL_AUDIT", "s/1769373519", one),
    )
    records = call("dump", "--db", path).json["records"]
    assert [one["key"] for one in records] == [
        "SKILL_AUDIT/s/1769373519", "skill/s", "skill/skill_audit/s/1769373518",
    ]  # fmt: skip
    assert all("value" in one for one in records)
    assert [one["size"] for one in records] == [len(one), len(two), len(one)]
    of_kind = call("dump", "--filter", "skill", "--db", path).json
    assert of_kind["count"] == 2


def test_a_row_without_a_value_says_why(tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("widget", "w", wire.text(1, "x")), Rec("agent", "cut", b"\x0a\x05x"))
    cut, widget = call("dump", "--db", path).json["records"]
    assert list(cut) == list(widget) == ["key", "size", "error"]
    assert "valid protobuf" in cut["error"]
    assert widget["error"] == "unknown key prefix: widget/w"
    forced = call("dump", "--filter", "agent", "--schema", "2026-10", "--demo").json
    assert all("value" in one for one in forced["records"])
    forced = call("dump", "--filter", "workflow", "--schema", "2026-10", "--demo").json
    assert {one["error"] for one in forced["records"]} == {f"{NEWEST} does not know this kind."}


def test_notes_name_a_record_and_count_the_others() -> None:
    notes = call("dump", "--demo").notes
    assert sum("secrets are covered" in note for note in notes) == 1
    assert any("(spec.<2>); --envelope keeps them (session/ses-" in note for note in notes)


def test_what_can_be_read_of_a_damaged_file_is_written(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    content = bytearray((REAL / "v2-clean" / "stigmer.db").read_bytes())
    whole = call("dump", "--db", REAL / "v2-clean" / "stigmer.db").json["records"]
    content[100_000:300_000] = bytes(200_000)
    path.write_bytes(content)
    answer = call("dump", "--db", path)
    assert answer.code == 1
    found = answer.json["records"]
    assert [one["key"] for one in found] == [one["key"] for one in whole]
    lost = [one for one in found if one.get("error", "").endswith("damaged where this row lies.")]
    assert lost
    assert f"note: {len(lost)} of the rows cannot be read; their errors say why" in answer.notes


@pytest.mark.parametrize("reveal", [(), ("--reveal-secrets",)])
def test_usual_rows_are_written_as_their_trees_would_be(
    reveal: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("dump", *reveal, "--demo")
    with monkeypatch.context() as plainly:
        plainly.setattr(BlobReader, "json_line", lambda *_, **__: None)
        expected = call(*arguments)
    assert (b"[covered]" in expected.out) is not bool(reveal)
    assert call(*arguments) == expected
    monkeypatch.setattr(reading, "LONG", 100)
    assert call(*arguments) == expected


@pytest.mark.parametrize("longer_than", [100, 1 << 20])
def test_the_tree_of_a_usual_row_is_not_made(
    longer_than: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = blobs("skill", "resources")[0]
    path = bare(tmp_path, Rec("skill", "s", one))
    expected = call("show", "skill", "s", "--db", path).json
    monkeypatch.setattr(reading, "LONG", longer_than)
    monkeypatch.delattr(BlobReader, "record")
    (row,) = call("dump", "--db", path).json["records"]
    assert row == {"key": "skill/s", "size": len(one), "value": expected}
