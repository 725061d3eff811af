"""Every failure: the right exit code, one plain sentence on stderr, nothing on stdout."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call, failed
from tests.cli.made import blobs, v2
from tests.places import REAL, shared

REAL_STORE = REAL / "v2-clean" / "stigmer.db"
ANSWERS = (
    ("kinds",),
    ("list", "agent"),
    ("show", "agent", "x"),
    ("history", "agent", "x"),
    ("export",),
    ("dump",),
    ("check",),
)


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("show",),
        ("history",),
        ("info", "more"),
        ("list", "agent", "--limit", "-1"),
        ("list", "agent", "--limit", "some"),
        ("list", "agent", "--no-such-option"),
        ("list", "agent", "--lim", "1"),
        ("kinds", "--schema", "2027-01"),
        ("kinds", "--db", "some.db"),
        ("show", "agent", "a", "b"),
        ("show", "agent", "a", "--tree", "--envelope"),
        ("show", "agent", "a", "--tree", "--json"),
        ("export", "agent", "a", "b"),
        ("export", "agent", "--version", "v1"),
        ("export", "skill", "a", "--history", "--version", "v1"),
        ("export", "--format", "xml"),
        ("export", "-o", "."),
        ("export", "-o", "no-such-folder/out.json"),
        ("--version", "kinds"),
        ("--no-such-option",),
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_2(arguments: tuple[str, ...]) -> None:
    failed(call(*arguments, "--demo"), 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "--", "agent", "--db", "some.db"),
        ("export", "--wal"),
        ("show", "--", "agent", "--db", "some.db"),
        ("show", "agent", "a", "--tree", "--json"),
        ("history", "--", "agent", "--db", "some.db"),
        ("events", "--", "agent", "--db", "some.db"),
        ("diff", "--", "agent", "--db", "some.db"),
        ("diff", "agent", "a", "--with", "b", "--from", "live"),
        ("bundle", "agent/a", "-o", "out.db", "--reveal-secrets"),
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_2_where_there_is_no_store_either(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("DB_PATH", raising=False)
    assert call("kinds").code == 3
    failed(call(*arguments), 2)


@pytest.mark.parametrize(
    "arguments",
    [
        *(("kinds", "--db", ""), ("export", "--demo", "-o", ""), ("snapshot", "--demo", "-o", "")),
        *(("rows", "resources", "--format", "csv", "--demo", "-o", ""), ("compare", "", "x.db")),
        *(("rows", "resources", "--demo", "--map", ""), ("decode", "--map", "", "x")),
        ("bundle", "agent/a", "--demo", "-o", ""),
    ],
    ids=" ".join,
)
def test_an_empty_name_of_a_file_is_not_the_current_folder(arguments: tuple[str, ...]) -> None:
    assert "the name of a file is empty" in failed(call(*arguments), 2)


def test_a_kind_without_a_name_is_told_among_others(tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("", "a"), Rec("agent", "a"))
    assert 'It has "", agent.' in failed(call("list", "nokind", "--db", path), 4)


def test_the_store_of_this_machine_is_named_where_it_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB_PATH", str(tmp_path))
    assert f"{tmp_path}: This is a directory" in failed(call("kinds"), 3)


def test_two_hyphens_are_the_value_of_an_option_where_they_are_given_so() -> None:
    every = call("list", "agent", "--json", "--demo").json
    assert call("list", "agent", "--json", "--demo", "--after=--").json == every != []
    assert call("list", "--after=--", "--json", "--demo", "--", "agent").json == every
    for arguments in (
        *(("list", "agent", "--limit=--"), ("export", "--format=--"), ("list", "--org")),
        ("rows", "resources", "--sort", "--", "--descending"),
    ):
        failed(call(*arguments, "--demo"), 2)
    assert "is named '--'" in failed(
        call("show", "agent", every[0]["id"], "--version=--", "--demo"), 4
    )
    assert "'--'" in failed(call("find", "true", "--kind=--", "--demo"), 4)


@pytest.mark.parametrize("arguments", [("--nope\x1b[31m\n\u202ex",), ("\x1b[2J\n", "x", "y", "z")])
def test_what_was_typed_cannot_steer_the_terminal(arguments: tuple[str, ...]) -> None:
    failed(call("show", *arguments, "--demo"), 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "no_such_kind"),
        ("list", "\x1b[31m\n"),
        ("show", "agent", "no-such-agent"),
        ("show", "no-such-agent"),
        ("show", "agent", ""),
        ("show", "agent", "\udcff\n"),
        ("show", "no_such_kind", "x"),
        ("history", "agent", "no-such-agent"),
        ("export", "no_such_kind"),
        ("export", "agent", "no-such-agent"),
        ("show", "skill", "reconcile-invoices", "--version", "audit:999999"),
        ("show", "agent", "support-triage", "--version", "previous"),
    ],
    ids=ascii,
)
def test_what_is_not_there_is_4(arguments: tuple[str, ...]) -> None:
    failed(call(*arguments, "--demo"), 4)


@pytest.mark.parametrize("arguments", [("show", "run"), ("export", "run")], ids=" ".join)
def test_what_does_not_decode_is_5(arguments: tuple[str, ...]) -> None:
    sentence = failed(call(*arguments, "cut-in-the-spec", "--demo"), 4)
    assert "cut-in-the-spec" in sentence  # a slug can only be read of what decodes
    damaged = next(one for one in call("list", "run", "--json", "--demo").json if "problem" in one)
    assert "valid protobuf" in failed(call(*arguments, damaged["id"], "--demo"), 5)


def test_a_kind_without_a_schema_is_5() -> None:
    widget = call("list", "quantum_widget", "--json", "--demo").json[0]["id"]
    failed(call("show", "quantum_widget", widget, "--demo"), 5)
    failed(call("show", widget, "--demo"), 5)


@pytest.mark.parametrize("arguments", ANSWERS, ids=" ".join)
def test_a_badger_directory_is_3(arguments: tuple[str, ...]) -> None:
    path = shared("stigmer", "real", "badger", "stigmer.db")
    assert "BadgerDB" in failed(call(*arguments, "--db", path), 3)


@pytest.mark.parametrize("arguments", ANSWERS, ids=" ".join)
def test_a_foreign_file_is_3(arguments: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "foreign.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (a, b)")
    assert "not a Stigmer store" in failed(call(*arguments, "--db", path), 3)


@pytest.mark.parametrize("arguments", [("info",), *ANSWERS], ids=" ".join)
@pytest.mark.parametrize("content", ["missing", "empty", "text", "header", "folder", "device"])
def test_what_cannot_be_opened_is_3_and_is_named(
    arguments: tuple[str, ...], content: str, tmp_path: Path
) -> None:
    path = tmp_path / "a file\nof two lines"
    if content == "folder":
        path.mkdir()
    elif content == "device":
        path.symlink_to("/dev/null")
    elif content != "missing":
        made = {"empty": b"", "text": b"hello " * 99, "header": REAL_STORE.read_bytes()[:100]}
        path.write_bytes(made[content])
    assert "a file" in failed(call(*arguments, "--db", path), 3)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_what_may_not_be_read_is_3(tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("agent", "a", blobs("agent")[0]))
    path.chmod(0)
    assert "permission" in failed(call("kinds", "--db", path), 3)


def test_the_environment_names_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DB_PATH", str(REAL_STORE))
    assert call("info", "--json").json["path"] == str(REAL_STORE)
    monkeypatch.setenv("DB_PATH", str(tmp_path / "gone"))
    assert "$DB_PATH" in failed(call("info"), 3)
    monkeypatch.delenv("DB_PATH")
    assert ".stigmer" in failed(call("info"), 3)
    (tmp_path / ".stigmer").mkdir()
    (tmp_path / ".stigmer" / "stigmer.db").symlink_to(REAL_STORE)
    assert call("info", "--json").json["realPath"] == str(REAL_STORE)


def test_what_damage_may_hide_is_not_said_to_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "cut.db"
    path.write_bytes(REAL_STORE.read_bytes()[:30_000])
    for arguments in (("list", "agent"), ("show", "agent", "x"), ("dump",), ("export",)):
        assert "damaged" in failed(call(*arguments, "--db", path), 3)
    answer = call("check", "--json", "--db", path)
    assert answer.code == 1
    assert "bad-page" in {one["code"] for one in answer.json["problems"]}
    assert call("info", "--json", "--db", path).json["problems"]


@pytest.mark.parametrize("command", ["show", "history"])
def test_an_id_is_found_although_another_kind_is_damaged(command: str, tmp_path: Path) -> None:
    records = [Rec("agent", f"agt-{number:03}", bytes(500)) for number in range(100)]
    path = v2(tmp_path, *records, Rec("skill", "agt-050x"), Arc("skill", "agt-060x"))
    with closing(apsw.Connection(str(path))) as connection:
        sql = "SELECT pageno FROM dbstat WHERE name IN ('resources', 'idx_resources_kind_id')"
        pages = [page - 1 for (page,) in connection.execute(sql)]
    content = bytearray(path.read_bytes())
    for start in (4096 * page for page in pages):
        page = content[start : start + 4096]
        if b"agentagt-0" in page and b"skill" not in page and page[0] == 10:
            content[start : start + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    assert "damaged" in failed(call(command, "agt-070x", "--db", path), 3)
    answer = call(command, "agt-050x", "--db", path)
    assert answer.out == call(command, "skill", "agt-050x", "--db", path).out
    assert "Some kinds could not be searched for this ID: they are damaged." in answer.err
    assert call("history", "agt-060x", "--db", path).out.count(b"audit:") == 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("decode", "--unwrap", "nope"), "gzip, zlib, zstd, base64, length"),
        (("rows", "t", "--format", "nope"), "json, ndjson, csv"),
        (("export", "--format", "nope"), "json, ndjson"),
    ],
)
def test_what_can_be_chosen_is_named_as_it_is_typed(arguments: tuple[str, ...], named: str) -> None:
    # Python puts them in quotes, or does not.
    assert f"(choose from {named})" in failed(call(*arguments, "--demo"), 2).replace("'", "")


@pytest.mark.parametrize(
    "words",
    [
        *(("list", "{}"), ("show", "agent", "{}"), ("show", "agent", "a", "--version", "{}")),
        *(("list", "agent", "--state", "{}"), ("list", "agent", "--since", "{}")),
        *(("kinds", "--schema", "{}"), ("show", "{}", "a"), ("diff", "agent", "a", "--from", "{}")),
    ],
    ids=" ".join,
)
def test_of_a_text_that_was_pasted_by_mistake_the_beginning_is_said(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    path = v2(tmp_path, Rec("agent", "a"))
    pasted = "much " * 20_000
    said = call(*(word.replace("{}", pasted) for word in words), "--db", path)
    assert said.code in (2, 4)
    assert said.out == b""
    assert "much much" in said.err
    assert len(said.err) < 600


def test_of_very_many_kinds_some_are_named(tmp_path: Path) -> None:
    path = v2(tmp_path, *(Rec(f"kind{number:04}", "a") for number in range(1100)))
    said = failed(call("list", "nokind", "--db", path), 4)
    assert said.endswith("kind0098, kind0099 and 1,000 more.")
