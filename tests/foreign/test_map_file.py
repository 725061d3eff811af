"""Maps: what they say, and what is wrong in them with its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inspector import assets
from inspector.errors import StoreError, UsageError
from inspector.foreign.column_map import ColumnReading, FileMap, MessageBy, ReadAs
from inspector.foreign.map_file import check_match, read_map
from inspector.foreign.map_text import map_text
from tests.foreign.schemas import MAP


def test_a_map_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.inspect.toml").write_text(MAP)
    found = read_map(tmp_path / "a.inspect.toml")
    [column] = found.columns
    assert found.schemas == (str(tmp_path / "own.binpb"),)
    assert (column.table, column.column, list(column.unpack)) == ("t", "data", ["gzip"])
    assert column.applies({"enc": "Proto3"})
    assert not column.applies({"enc": "Json"})
    check_match(found, ["t", "u"])
    with pytest.raises(StoreError, match="no table t"):
        check_match(found, ["u"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unpack", "unpak", r"line 9: there is no key unpak in \[column\]; did you mean unpack\?$"),
        ("[secrets]", "[secret]", r"line 11: there is no key secret; did you mean secrets\?$"),
        ("version = 1", "version = 2", "line 1: it is of version 2"),
        ('"gzip"', '"gzp"', r"line 9: nothing is wrapped in gzp; did you mean gzip\?$"),
        ("t.data", "data", 'line 7: "at" is not of the form'),
        ('"own.binpb"', '"/own.binpb"', "not relative"),
        ("version = 1", "version = ", "not a map"),
        ('at = "t.data"', 'table = "t"', "line 6: column is missing"),
        (
            'at = "t.data"',
            'at = "t.data"\ntable = "t"',
            'line 7: a column needs "at", or table and',
        ),
        (
            'descriptor_sets = ["own.binpb"]',
            'releases = ["3.17"]',
            "line 3: there is no release 3.17; nearest are 3.1",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "a.toml").write_text(MAP.replace(old, new, 1))
    with pytest.raises(UsageError, match=said):
        read_map(tmp_path / "a.toml")


@pytest.mark.parametrize("name", ["temporal", "mbtiles"])
def test_the_examples_are_maps(name: str) -> None:
    assert read_map(assets.path("maps", f"{name}.inspect.toml")).columns


# Written


_WHOLE = """version = 1
[schema]
descriptor_sets = ["own.binpb", "../other.binpb"]
proto_paths = ["protos"]
releases = ["3.17.0"]
[match]
tables = ["t"]
[[column]]
at = "t.a"
message_by = { column = "kind", values = { "a b" = "own.A", "\\u007f" = "own.B" } }
unpack = ["gzip", "length"]
when = { enc = "Proto3", n = 3, f = 0.5, b = true }
[[column]]
at = "t.b"
as = "json"
[[column]]
table = "t.u"
column = "c.d"
as = "text"
[[records]]
table = "t"
key = "id"
name = "title"
history = { table = "h", key = "id", order = "n" }
[secrets]
fields = ["own.A.token", "p\\"w"]
"""


def test_a_map_that_is_written_is_read_as_the_same(tmp_path: Path) -> None:
    (tmp_path / "m" / "protos").mkdir(parents=True)
    path = tmp_path / "m" / "a.inspect.toml"
    path.write_text(_WHOLE)
    found = read_map(path)
    again = tmp_path / "b.inspect.toml"
    again.write_text(map_text(found, tmp_path))
    assert replace(read_map(again), name=found.name) == found


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        *((1, "own.A"), (1.0, "own.A"), ("1", "own.A"), (2.5, "own.B"), (1e16, "own.C")),
        *((2.0, ""), (None, ""), (float("inf"), ""), ("1.0", "")),
    ],
)
def test_a_message_named_by_a_number_is_found_however_it_is_stored(
    stored: object, message: str
) -> None:
    """node:sqlite of Node 24.22.3 stores 1 as 1.0 where a column has no type."""
    values = {"1": "own.A", "2.5": "own.B", "10000000000000000": "own.C"}
    column = ColumnReading("t", "a", by=MessageBy("kind", values))
    assert column.message_of({"kind": stored}) == message


def test_a_schema_that_was_chosen_for_a_column_is_named_in_the_map(tmp_path: Path) -> None:
    schema = str(tmp_path / "s" / "own.binpb")
    column = ColumnReading("t", "a", ReadAs.MESSAGE, "own.A", schema=schema)
    text = map_text(FileMap("", columns=(column,)), tmp_path / "m")
    (tmp_path / "m").mkdir()
    path = tmp_path / "m" / "x.inspect.toml"
    path.write_text(text)
    found = read_map(path)
    assert found.schemas == (schema,)
    assert found.columns == (replace(column, schema=""),)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (ColumnReading("t\udcff", "a", ReadAs.TEXT), "not UTF-8"),
    ],
    ids=["bytes"],
)
def test_what_a_map_cannot_say_is_refused(tmp_path: Path, column: ColumnReading, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        map_text(FileMap("", columns=(column,)), tmp_path)
