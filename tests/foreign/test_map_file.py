"""Maps: what they say, and what is wrong in them with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector import assets
from inspector.errors import StoreError, UsageError
from inspector.foreign.map_file import check_match, read_map
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
        ("unpack", "unpak", r"line 9: there is no key unpak in \[column\]; did you mean unpack\?"),
        ("[secrets]", "[secret]", r"line 11: there is no key secret; did you mean secrets\?"),
        ("version = 1", "version = 2", "line 1: it is of version 2"),
        ('"gzip"', '"gzp"', r"line 9: nothing is wrapped in gzp; did you mean gzip\?"),
        ("t.data", "data", 'line 7: "at" is not of the form'),
        ('"own.binpb"', '"/own.binpb"', "not relative"),
        ("version = 1", "version = ", "no map"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "a.toml").write_text(MAP.replace(old, new, 1))
    with pytest.raises(UsageError, match=said):
        read_map(tmp_path / "a.toml")


@pytest.mark.parametrize("name", ["temporal", "mbtiles"])
def test_the_examples_are_maps(name: str) -> None:
    assert read_map(assets.path("maps", f"{name}.inspect.toml")).columns
