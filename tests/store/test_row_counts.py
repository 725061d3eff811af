"""Rows of tables are counted in steps, and nobody waits for a count."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest

from inspector.errors import CancelledError
from inspector.store import connection, reader, row_counts, vfs
from inspector.store.deadline import OutOfTime
from inspector.store.reader import Snapshot
from inspector.store.rows import TableInfo
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.builders.writer import Writer

SCRIPTS = {
    "rows": "CREATE TABLE t (a TEXT)",
    "numbered": "CREATE TABLE t (a TEXT, id INTEGER PRIMARY KEY)",
    "names of the number": "CREATE TABLE t (rowid TEXT, oid INT, a TEXT)",
    "keyed": "CREATE TABLE t (a TEXT, b, PRIMARY KEY (b, a)) WITHOUT ROWID",
    "keyed by text": "CREATE TABLE t (a TEXT PRIMARY KEY, b) WITHOUT ROWID",
    "one down": "CREATE TABLE t (a TEXT, b, PRIMARY KEY (b, a DESC)) WITHOUT ROWID",
    "first down": "CREATE TABLE t (a TEXT, b, PRIMARY KEY (b DESC, a)) WITHOUT ROWID",
    "all down": "CREATE TABLE t (a TEXT, b, PRIMARY KEY (b DESC, a DESC)) WITHOUT ROWID",
    "by words": "CREATE TABLE t (a TEXT, b, PRIMARY KEY (b, a COLLATE NOCASE)) WITHOUT ROWID",
    "column by words": (
        "CREATE TABLE t (a TEXT COLLATE RTRIM, b COLLATE NOCASE, PRIMARY KEY (b DESC, a))"
        " WITHOUT ROWID"
    ),
    "strict": "CREATE TABLE t (a TEXT, b ANY, PRIMARY KEY (b, a DESC)) STRICT, WITHOUT ROWID",
    "odd names": (
        'CREATE TABLE t (a TEXT, b, "x""y" COLLATE NOCASE DEFAULT 1,'
        ' PRIMARY KEY ("x""y" DESC, b, a)) WITHOUT ROWID'
    ),
}
ROWS = 40


def _made(path: Path, script: str, count: int = ROWS) -> Store:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(script)
        for number in range(count):
            odd = (number, f"{number:03}", b"%03d" % number, number / 7)[number % 4]
            column = "b" if ", b" in script else "a"
            if column == "b":
                connection.execute("INSERT INTO t (a, b) VALUES (?, ?)", (f"{number}", odd))
            else:
                connection.execute("INSERT INTO t (a) VALUES (?)", (odd,))
        connection.commit()
    return Store(path)


def _reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of steps that were taken, each in a read of its own."""
    taken: list[int] = []
    real = row_counts._walk_on

    def walk_on(snapshot: Snapshot, way: Any, walk: Any) -> Any:
        taken.append(walk.step)
        return real(snapshot, way, walk)

    monkeypatch.setattr(row_counts, "_walk_on", walk_on)
    return taken


@pytest.mark.parametrize("kind", SCRIPTS)
@pytest.mark.parametrize("count", [0, 1, ROWS])
def test_a_table_that_takes_long_is_counted_in_steps(
    kind: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_counts, "_SHARE", 0)
    monkeypatch.setattr(row_counts, "_FIRST_STEP", 7)
    monkeypatch.setattr(row_counts, "_QUICK", 0)
    real = row_counts._whole

    def too_long(snapshot: Snapshot, name: str) -> int | None:
        raise OutOfTime

    taken = _reads(monkeypatch)
    store = _made(tmp_path / "s.db", SCRIPTS[kind], count)
    monkeypatch.setattr(row_counts, "_whole", too_long)
    assert store.tables() == [TableInfo("t", count)]
    assert taken == [7] * (count // 7 + 1)
    monkeypatch.setattr(row_counts, "_whole", real)
    assert store.tables() == [TableInfo("t", count)]


@pytest.mark.parametrize("kind", SCRIPTS)
def test_steps_shrink_until_the_disk_keeps_up_and_the_count_is_exact(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slowest disk there is: no step is in time but that of a single row."""
    monkeypatch.setattr(row_counts, "_STEP", -1)
    monkeypatch.setattr(row_counts, "_SHARE", 0)
    monkeypatch.setattr(row_counts, "_FIRST_STEP", 100)
    monkeypatch.setattr(row_counts, "_LARGER", 1)
    monkeypatch.setattr(vfs, "_BETWEEN_LOOKS", -1)
    taken = _reads(monkeypatch)
    store = _made(tmp_path / "s.db", SCRIPTS[kind])
    assert store.tables() == [TableInfo("t", ROWS)]
    assert taken == [100, 12] + [1] * (ROWS + 1)


def test_a_table_whose_order_only_its_writer_knows_is_given_up_at_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as writer:
        writer.create_collation("theirs", lambda one, other: (one > other) - (one < other))
        writer.execute("CREATE TABLE t (a TEXT COLLATE theirs PRIMARY KEY) WITHOUT ROWID")
        writer.executemany("INSERT INTO t VALUES (?)", ((str(row),) for row in range(ROWS)))
        writer.commit()
    assert Store(path).tables() == [TableInfo("t", ROWS)]
    monkeypatch.setattr(row_counts, "_STEP", -1)
    monkeypatch.setattr(vfs, "_BETWEEN_LOOKS", -1)
    assert Store(path).tables() == [TableInfo("t", ROWS)]
    monkeypatch.setattr(row_counts, "_AT_MOST", -1)
    assert Store(path).tables() == [TableInfo("t", None)]


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
def test_keys_of_any_text_are_counted_in_steps(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as writer:
        writer.execute(f"PRAGMA encoding = '{encoding}'")
        writer.execute(
            'CREATE TABLE t ("\u00e4" TEXT, b, PRIMARY KEY ("\u00e4" DESC, b)) WITHOUT ROWID'
        )
        for number in range(ROWS):
            odd = b"\x00\xd8\xff" + bytes([number, 0])
            writer.execute("INSERT INTO t VALUES (CAST(? AS TEXT), ?)", (odd[number % 3 :], number))
        writer.commit()
    monkeypatch.setattr(row_counts, "_SHARE", 0)
    monkeypatch.setattr(row_counts, "_FIRST_STEP", 7)
    monkeypatch.setattr(row_counts, "_QUICK", 0)

    def too_long(snapshot: Snapshot, name: str) -> int | None:
        raise OutOfTime

    monkeypatch.setattr(row_counts, "_whole", too_long)
    assert Store(path).tables() == [TableInfo("t", ROWS)]


def test_rows_that_are_there_throughout_are_counted_once_while_a_writer_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", f"{number:03}") for number in range(50)])
    monkeypatch.setattr(row_counts, "_STEP", -1)
    monkeypatch.setattr(vfs, "_BETWEEN_LOOKS", -1)
    monkeypatch.setattr(row_counts, "_FIRST_STEP", 1)
    monkeypatch.setattr(row_counts, "_LARGER", 1)
    with Writer(path) as writer:
        real = row_counts._walk_on
        written: list[bool] = []

        def walk_on(snapshot: Snapshot, way: Any, walk: Any) -> Any:
            if walk.rows == 10 and not written:
                written.append(True)
                writer.sql("DELETE FROM resources WHERE id < '005'")
                writer.sql("INSERT INTO resources VALUES ('agent', '999', x'', '')")
            return real(snapshot, way, walk)

        monkeypatch.setattr(row_counts, "_walk_on", walk_on)
        counts = {table.name: table.rows for table in Store(path).tables()}
        assert counts["resources"] == 51
        writer.stop()


def _many(path: Path, tables: int, rows: int = 2) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for number in range(tables):
            connection.execute(f"CREATE TABLE t{number} (a)")
            connection.executemany(
                f"INSERT INTO t{number} VALUES (?)", ((row,) for row in range(rows))
            )
        connection.commit()
    return path


def test_a_pass_opens_the_file_once_and_not_for_every_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To open it is to read its whole schema."""
    store = Store(_many(tmp_path / "s.db", 300))
    store.table_names()
    opened: list[str] = []
    real = connection.open_in_place
    clock = [0.0]

    def counted(*args: Any) -> apsw.Connection:
        opened.append(args[0])
        clock[0] += 1  # as if it took a second
        return real(*args)

    monkeypatch.setattr(reader, "open_in_place", counted)
    monkeypatch.setattr(row_counts, "_SHARE", 10**9)
    assert [table.rows for table in store.tables()] == [2] * 300
    assert len(opened) == 2  # for the names, and to count


def test_tables_are_named_before_they_are_counted(tmp_path: Path) -> None:
    store = Store(_many(tmp_path / "s.db", 3))
    assert [tuple(table)[:2] for table in store.table_names()] == [
        ("t0", None),
        ("t1", None),
        ("t2", None),
    ]
    found = store.counted_tables()
    assert next(found) == TableInfo("t0", 2)
    assert len(store.table_page("t1").rows) == 2  # while the count goes on
    assert [table.name for table in found] == ["t1", "t2"]


def _pages(monkeypatch: pytest.MonkeyPatch, told: Callable[[int], None]) -> None:
    """Tell the number of every page that is read of a disk."""
    monkeypatch.setattr(vfs, "_BETWEEN_LOOKS", -1)
    count, stored = 0, vfs._TimedReadOnlyFile._stored

    def read(self: vfs._TimedReadOnlyFile, amount: int, offset: int) -> bytes:
        nonlocal count
        count += 1
        told(count)
        return stored(self, amount, offset)

    monkeypatch.setattr(vfs._TimedReadOnlyFile, "_stored", read)


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_a_count_ends_with_the_page_that_is_read_when_it_is_cancelled(
    journal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To SQLite the count of a table is a single step, however slow the disk."""
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={journal}")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("CREATE TABLE t (a)")
        connection.executemany("INSERT INTO t VALUES (?)", ((bytes(900),) for _ in range(2000)))
        connection.commit()
        cancel, read = threading.Event(), []

        def told(number: int) -> None:
            read.append(number)
            if number == 100:
                cancel.set()

        store = Store(path)
        store.table_names()
        _pages(monkeypatch, told)
        with pytest.raises(CancelledError):
            store.tables(cancel)
        assert read[-1] == 100


def test_every_read_ends_with_the_page_that_is_read_when_it_is_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One value of many pages is a single step, too."""
    path = layouts.v0(tmp_path / "s.db", [Rec("agent", "a", bytes(1 << 20))])
    cancel, read = threading.Event(), []

    def told(number: int) -> None:
        read.append(number)
        if number == 40:
            cancel.set()

    store = Store(path)
    store.kinds()
    _pages(monkeypatch, told)
    with pytest.raises(CancelledError):
        store.row("agent", "a", cancel)
    assert read[-1] == 40


def test_kinds_are_counted_in_steps_that_cost_what_they_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice as many rows are twice as many pages, not four times."""
    costs = []
    for count in (4000, 8000):
        records = [Rec("agent", f"{number:030}", b"x" * 50) for number in range(count)]
        path = layouts.create(tmp_path / f"{count}.db", layouts.RESOURCES, records=records)
        store = Store(path)
        store.facts()
        read: list[int] = []
        with monkeypatch.context() as patch:
            patch.setattr("inspector.store.counting._MOST", 100)
            patch.setattr("inspector.store.counting._FIRST", 100)
            patch.setattr("inspector.store.audit._STRETCH", 100)
            patch.setattr(reader, "_SHORT_READ", 0)
            _pages(patch, read.append)
            assert store.kinds()[0][:2] == ("agent", count)
            counted = len(read)
            store.history._prefixes.clear()
            assert store.history.counts("agent", ["0"]) == {"0": 0}
        costs.append((counted, len(read) - counted))
    for less, more in zip(*costs, strict=True):
        assert more < 3 * less
