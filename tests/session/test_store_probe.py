"""What is said of a file before it is opened."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from inspector.errors import CancelledError, StoreError, StoreErrorKind
from inspector.session.store_probe import probe, probes_within, usual_places
from inspector.store.rows import Form, Journal, Label
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.places import REAL, shared

SECOND = 1_000_000_000


def kind_of(error: object) -> StoreErrorKind:
    assert isinstance(error, StoreError)
    return error.kind


def test_a_store_is_told_with_layout_records_and_time() -> None:
    path = REAL / "v2-clean" / "stigmer.db"
    seen = probe(path)
    assert seen.facts is not None
    assert (seen.facts.form, seen.facts.layout) == (Form.SQLITE, 2)
    assert (seen.facts.journal, seen.records, seen.problem) == (Journal.CLEAN, 93, None)
    assert seen.modified == path.stat().st_mtime_ns
    assert not seen.running


def test_the_wal_counts_as_a_write(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "agt-1", b"")])
    os.utime(path, ns=(SECOND, SECOND))
    wal = tmp_path / "s.db-wal"
    wal.touch()
    os.utime(wal, ns=(5 * SECOND, 5 * SECOND))
    assert probe(path).modified == 5 * SECOND


def test_a_test_database_is_labelled(tmp_path: Path) -> None:
    seen = probe(layouts.v2(tmp_path / "s.db"))
    assert seen.facts is not None
    assert (seen.facts.label, seen.records) == (Label.TEST, 0)


def test_json_and_foreign_files_are_told_apart(tmp_path: Path) -> None:
    plain = tmp_path / "foreign.db"
    with closing(sqlite3.connect(plain)) as connection:
        connection.execute("CREATE TABLE things (a)")
    seen = probe(plain)
    assert seen.facts is not None
    assert (seen.facts.form, seen.records, seen.problem) == (Form.FOREIGN, None, None)
    json_store = probe(shared("stigmer", "made", "json", "stigmer.db"))
    assert json_store.facts is not None
    assert json_store.facts.form is Form.JSON
    assert json_store.records


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (None, StoreErrorKind.MISSING),
        (b"", StoreErrorKind.EMPTY),
        (b"not a database at all" * 50, StoreErrorKind.NOT_A_DATABASE),
    ],
)
def test_what_cannot_be_opened_is_part_of_the_answer(
    tmp_path: Path, content: bytes | None, kind: StoreErrorKind
) -> None:
    path = tmp_path / "s.db"
    if content is not None:
        path.write_bytes(content)
    seen = probe(path)
    assert kind_of(seen.problem) is kind
    assert seen.missing == (kind is StoreErrorKind.MISSING)
    assert (seen.facts, seen.records) == (None, None)
    assert (seen.modified is None) == (content is None)


def test_a_badger_directory_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "MANIFEST").touch()
    assert kind_of(probe(tmp_path).problem) is StoreErrorKind.BADGER


def test_a_damaged_store_says_so_and_counts_what_can_be_read(tmp_path: Path) -> None:
    records = [Rec("agent", f"agt-{n:03}", b"x" * 300) for n in range(60)]
    path = layouts.v2(tmp_path / "s.db", records)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    seen = probe(path)
    assert kind_of(seen.problem) is StoreErrorKind.DAMAGED


def test_a_look_that_is_not_wanted_any_more_ends() -> None:
    cancel = Event()
    cancel.set()
    with pytest.raises(CancelledError):
        probe(REAL / "v2-clean" / "stigmer.db", cancel)


def test_the_usual_places_are_those_where_something_is(tmp_path: Path) -> None:
    home = tmp_path / ".stigmer"
    home.mkdir()
    assert usual_places({}, tmp_path) == ()
    shipped = layouts.v2(home / "stigmer.db")
    agreed = layouts.v2(home / "stigmer.sqlite")
    (home / "data").mkdir()
    assert usual_places({}, tmp_path) == (agreed, shipped)
    (home / "data" / "MANIFEST").touch()
    assert usual_places({}, tmp_path) == (agreed, shipped, home / "data")


def test_the_daemons_variable_comes_first_even_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / ".stigmer").mkdir()
    agreed = layouts.v2(tmp_path / ".stigmer" / "stigmer.sqlite")
    named = tmp_path / "elsewhere.db"
    assert usual_places({"DB_PATH": str(named)}, tmp_path) == (named, agreed)
    assert usual_places({"DB_PATH": str(agreed)}, tmp_path) == (agreed,)


def test_the_databases_of_a_folder_are_told_stores_first(tmp_path: Path) -> None:
    (tmp_path / ".stigmer").mkdir()
    stores = (tmp_path / ".stigmer" / "stigmer.sqlite", tmp_path / "older.db")
    for path in stores:
        layouts.v2(path, [Rec("agent", "agt-1", b"")])
    with closing(sqlite3.connect(tmp_path / "a.SQLITE3")) as foreign:
        foreign.execute("CREATE TABLE t (a)")
    for name in ("text.db", "stigmer.sqlite-wal"):
        (tmp_path / name).write_text("no database")
    (tmp_path / "folder.db").mkdir()
    seen = probes_within(tmp_path)
    names = [Path(one.path).relative_to(tmp_path).as_posix() for one in seen]
    assert names == [".stigmer/stigmer.sqlite", "older.db", "a.SQLITE3"]
    assert [one.records for one in seen] == [1, 1, None]
    assert probes_within(tmp_path / "none") == ()


def test_a_look_into_a_folder_can_be_cancelled(tmp_path: Path) -> None:
    layouts.v2(tmp_path / "s.db", [Rec("agent", "agt-1", b"")])
    cancel = Event()
    cancel.set()
    with pytest.raises(CancelledError):
        probes_within(tmp_path, cancel)
