"""A name that is empty stands in sentences and lists as ``""``."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders.demo import wire
from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call
from tests.cli.made import v2


@pytest.fixture
def file(tmp_path: Path) -> Path:
    blob = wire.text(3, "x")
    path = v2(tmp_path, Rec("", "", blob), Rec("agent", "", b""), Arc("", "gone", blob))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute('CREATE TABLE "" ("" TEXT, b TEXT)')
        connection.execute("INSERT INTO \"\" VALUES ('', 'x')")
    return path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "--json"), 'The kind \\"\\" is read without a schema: no schema knows'),
        (("export",), '(1 of "", 1 of agent)'),
        (("show", "", "x"), "No record of \"\" has the ID or slug 'x'."),
        (("show", "", "gone"), "The \"\" 'gone' was deleted;"),
        (("show", "nosuch", "x"), "This store has no kind 'nosuch'. It has \"\", agent."),
        (("show", "agent", "x", "--version", ""), "No record of agent has the ID or slug 'x'."),
        (("show", "agent", "", "--version", ""), 'No version of this record is named "".'),
        (("list", "agent", "--state", ""), 'agent has no state "".'),
        (("info",), '"" (1), resource_audit (1)'),
        (("tables",), '""               table     1'),
        (("kinds",), '""     ""                    1         1'),
        (("list", "agent"), '""  -'),
        (("rows", "", "--limit", "1"), 'KEY  ""  b'),
        (("row", "", "1"), '"": '),
        (("tables", ""), 'Unrecognized arguments: ""'),
        (("row", "", "99"), '"" has no row with the key 99.'),
    ],
)
def test_it_is_said_to_be_empty(words: tuple[str, ...], said: str, file: Path) -> None:
    answer = call(*words, "--db", file)
    assert said in answer.out.decode() + answer.err
    assert "  is" not in answer.err


def test_an_empty_name_that_a_store_does_not_have_is_said_to_be_empty(tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("agent", "a", b""))
    assert call("show", "", "x", "--db", path).err.startswith('This store has no kind "". It has')
    assert 'has the ID or slug "".' in call("show", "agent", "", "--db", path).err
    compared = call("compare", path, path, "--kind", "")
    assert compared.err.startswith('Neither store has a kind "".')
