"""The table of ids is made of the facts on the releases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.id_table import HEAD, TABLE, lines

FACTS = {
    "kinds.tsv": """\
generation kind id_prefix
2026-01 crate crt
2026-01 parcel prc
""",
    "history/releases.tsv": """\
release
1.0
2.0
3.0
""",
    "history/kinds.tsv": """\
number kind id_prefix retired_prefixes since until
10 crate crt - 1.0 2.0
10 box box crt 3.0 -
20 voyage voy - 1.0 -
30 parcel prc - 1.0 1.0
30 parcel pcl - 2.0 -
40 barge brg - 1.0 1.0
40 truck trk - 2.0 -
50 port prt old 1.0 -
""",
    "history/kind-names.tsv": """\
kind number
chest 10
trip 20
wagon 40
buoy ?
""",
    "history/ids.tsv": """\
form|kinds
PREFIX_ULID|all
the slug|port
box_ + 26 Crockford characters of a hash|box
""",
}


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    for name, text in FACTS.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        between = "|" if "|" in text else " "
        cells = [
            [cell.replace("-", "", cell == "-") for cell in line.split(between)]
            for line in text.splitlines()
        ]
        path.write_text("".join("\t".join(row) + "\n" for row in cells), encoding="utf-8")
    return tmp_path


def test_names_and_prefixes_of_one_thing_stand_in_one_line(tables: Path) -> None:
    assert lines(tables) == [
        ("barge", "", "brg", ""),
        # By the prefix it kept, and by the name that had its number meanwhile.
        ("box", "chest crate", "box crt", "box_"),
        ("buoy", "", "", ""),
        ("parcel", "", "pcl prc", ""),
        ("port", "", "prt old", "prt_ old_"),
        # Its number was given twice, so that the name that had it meanwhile tells nothing.
        ("truck", "", "trk", ""),
        ("voyage", "trip", "voy", ""),
        ("wagon", "", "", ""),
    ]


def test_the_table_that_is_handed_out_has_that_form() -> None:
    head, *rows = TABLE.read_text(encoding="utf-8").splitlines()
    assert tuple(head.split("\t")) == HEAD
    assert rows == sorted(rows)
    assert all(row.count("\t") == len(HEAD) - 1 for row in rows)
    assert "run\tagent_run agent_execution\trun aex\t" in rows
