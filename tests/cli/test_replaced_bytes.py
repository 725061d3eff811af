r"""Bytes that are no text: U+FFFD in JSON, which a note says; as they are where they can be."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.cli.calls import call
from tests.cli.made import v2

NOTE = "note: not valid UTF-8, written with U+FFFD: "


def agent(name: bytes, org: bytes = b"acme") -> bytes:
    metadata = b"\x0a%c%s\x22%c%s" % (len(name), name, len(org), org)
    return b"\x0a\x01x\x1a%c%s" % (len(metadata), metadata)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Kind, id, name, time, tag and a plain text with bytes that are no text, each one."""
    made = v2(
        tmp_path,
        Rec("agent", "a-written", agent("is \ufffd".encode())),
        Rec("agent", b"b\xff", agent(b"one")),
        Rec("agent", "c-name", agent(b"two \xff")),
    )
    with closing(sqlite3.connect(made)) as connection:
        connection.execute(
            "INSERT INTO resources (kind, id, data, updated_at)"
            " VALUES (CAST(X'61FF' AS TEXT), 'd', X'0A0178', CAST(X'32FF' AS TEXT))"
        )
        connection.execute(
            "INSERT INTO resource_audit (kind, resource_id, data, tag)"
            " VALUES ('agent', 'c-name', X'0A0178', CAST(X'76FF' AS TEXT))"
        )
        connection.execute("CREATE TABLE plain (key INTEGER PRIMARY KEY, text TEXT)")
        connection.execute("INSERT INTO plain (text) VALUES (CAST(X'78FF' AS TEXT))")
        connection.commit()
    return made


@pytest.mark.parametrize(
    ("words", "bytes_"),
    [
        (["kinds"], 2),
        (["list", "agent"], 1),
        (["history", "agent", "c-name"], 1),
        (["find", "true", "--kind", "agent"], 1),
        (["search", "one"], 1),
        (["rows", "plain"], 1),
        (["row", "plain", "1"], 1),
        (["row", "plain", "1", "--column", "text"], 1),
        (["export", "agent", "--envelope"], 1),
        (["dump"], 3),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else str(value),
)
def test_json_says_how_many_bytes_it_replaces(words: list[str], bytes_: int, path: Path) -> None:
    answer = call(*words, "--json", "--db", path)
    assert "\ufffd".encode() in answer.out
    assert f"{NOTE}{bytes_} byte{'s' * (bytes_ > 1)}" in answer.notes


def test_a_written_file_is_said_of_as_well(path: Path, tmp_path: Path) -> None:
    answer = call("export", "agent", "--envelope", "-o", tmp_path / "out.ndjson", "--db", path)
    assert f"{NOTE}1 byte" in answer.notes


def test_a_list_tells_names_that_are_no_text_from_one_that_was_written_so(path: Path) -> None:
    answer = call("list", "agent", "--json", "--db", path)
    names = [one["name"] for one in answer.json]
    assert names == ["is \ufffd", "one", "two \ufffd"]
    assert f"{NOTE}1 name or organization (c-name)" in answer.notes
    (line,) = call("list", "agent", "--limit", "1", "--json", "--db", path).json
    assert line["id"] == "a-written"
    assert call("list", "agent", "--limit", "1", "--json", "--db", path).err == ""


def test_the_names_of_a_document_are_told_apart_too(tmp_path: Path) -> None:

    made = layouts.create(tmp_path / "stigmer.db", layouts.RESOURCES_JSON)
    with closing(sqlite3.connect(made)) as connection:
        for id_, name in (("a", r"\ufffd"), ("b", "\ufffd"), ("c", r"\ud800")):
            connection.execute(
                "INSERT INTO resources (id, kind, data) VALUES (?, 'Agent', ?)",
                (id_, f'{{"metadata":{{"name":"{name}"}}}}'),
            )
        connection.commit()
    answer = call("list", "Agent", "--json", "--db", made)
    assert {one["name"] for one in answer.json} == {"\ufffd"}
    assert answer.notes == [f"{NOTE}1 name or organization (c)"]


def test_a_snippet_says_that_it_may_stand_for_other_bytes(path: Path) -> None:
    answer = call("search", "two", "--json", "--db", path)
    assert "U+FFFD in 1 snippet may stand for bytes that are not valid UTF-8" in answer.err
    assert answer.notes[-1].startswith("searched")


def test_a_table_for_people_has_them_escaped_without_a_note(path: Path) -> None:
    answer = call("list", "agent", "--db", path)
    assert rb"b\xff" in answer.out
    assert "U+FFFD" not in answer.err


def test_one_value_of_a_table_is_its_own_bytes(path: Path, tmp_path: Path) -> None:
    words = ("row", "plain", "1", "--column", "text", "--db", path)
    assert call(*words).out == b"x\xff\n"
    assert call(*words, "-o", tmp_path / "out").code == 0
    assert (tmp_path / "out").read_bytes() == b"x\xff\n"


def test_a_kind_is_taken_as_it_is_listed(path: Path) -> None:
    assert rb"a\xff" in call("kinds", "--db", path).out
    answer = call("list", r"a\xff", "--json", "--db", path)
    assert [one["id"] for one in json.loads(answer.out)] == ["d"]
    assert call("show", r"a\xff", "d", "--envelope", "--db", path).code == 0
