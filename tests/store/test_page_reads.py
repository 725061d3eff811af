"""Pages that SQLite reads by itself: the same ones, and it ends in time all the same."""

from __future__ import annotations

import ctypes
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import apsw
import pytest

from inspector.compiled_part import VARIABLE
from inspector.errors import CancelledError
from inspector.store import connection, vfs
from inspector.store.deadline import Deadline
from inspector.store.files import ReadMode, look
from inspector.store.live_pages import LiveLog, LivePages
from inspector.store.reader import StoreReader, exclusive
from tests.builders import layouts
from tests.builders.writer import Writer

part = pytest.importorskip("inspector.store._page_reads")

SIZE = 4096
CHANGES = slice(24, 28)  #: of the header, where SQLite counts them
ROWS = 400
SUM = "SELECT count(*), sum(length(CAST(data AS TEXT))) FROM resources"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "stigmer.db"
    layouts.v2(made)
    with closing(sqlite3.connect(made)) as database, database:
        rows = (("agent", f"a{number:05}", b"x" * SIZE, "") for number in range(ROWS))
        database.executemany("INSERT INTO resources VALUES (?, ?, ?, ?)", rows)
    return made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Takes the places that Python is asked for."""
    places: list[int] = []
    stored = vfs._TimedReadOnlyFile._stored

    def counted(self: vfs._TimedReadOnlyFile, amount: int, offset: int) -> bytes:
        places.append(offset)
        return stored(self, amount, offset)

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(vfs._TimedReadOnlyFile, "_stored", counted)
    return places


@pytest.mark.parametrize("pause", [0.0, 3600.0])
def test_pages_go_by_python_only_where_it_is_time_for_a_look(
    path: Path, asked: list[int], monkeypatch: pytest.MonkeyPatch, pause: float
) -> None:
    monkeypatch.setattr(vfs, "_BETWEEN_LOOKS", pause)
    reader = StoreReader(str(path))
    assert reader.read(lambda snapshot: snapshot.one(SUM)) == (ROWS, ROWS * SIZE)
    assert (len(asked) > ROWS) is (pause == 0)
    monkeypatch.setenv(VARIABLE, "python")
    assert reader.read(lambda snapshot: snapshot.one(SUM)) == (ROWS, ROWS * SIZE)
    assert len(asked) > ROWS


def test_what_is_to_end_ends(path: Path, asked: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    class Later:
        """Is set when some pages have been asked for."""

        def is_set(self) -> bool:
            return len(asked) > ROWS // 2

    monkeypatch.setattr(vfs, "_BETWEEN_LOOKS", 0.0)
    with pytest.raises(CancelledError):
        StoreReader(str(path)).read(lambda snapshot: snapshot.one(SUM), Later())
    assert len(asked) < ROWS


def test_a_file_that_ends_early_is_damaged_as_it_is_without(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 + 100)
    said = []
    for decoder in ("", "python"):
        monkeypatch.setenv(VARIABLE, decoder)
        opened = connection.open_in_place(str(path), ReadMode.IMMUTABLE, Deadline(None, 60))
        with closing(opened), pytest.raises(apsw.Error) as error:
            opened.execute(SUM).fetchall()
        said.append((type(error.value), str(error.value)))
    assert said[0] == said[1]


def test_what_cannot_be_read_so_is_left_to_python(path: Path, asked: list[int]) -> None:
    unreadable = os.open(os.devnull, os.O_WRONLY)
    vfs.READ_ONLY.deadline = Deadline(None, 60)
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    opened = apsw.Connection(f"{path.as_uri()}?immutable=1", flags=flags, vfs=vfs.READ_ONLY.name)
    place = ctypes.c_void_p()
    opened.file_control("main", apsw.SQLITE_FCNTL_FILE_POINTER, ctypes.addressof(place))
    with closing(opened):
        assert place.value
        assert part.read_quickly(place.value, unreadable, 3600.0)
        assert not part.read_quickly(place.value, unreadable, 3600.0)
        assert list(opened.execute(SUM)) == [(ROWS, ROWS * SIZE)]
    assert len(asked) > ROWS
    os.close(unreadable)


@pytest.mark.parametrize("ordered", [True, False])
def test_pages_that_lie_in_a_row_and_others_are_the_same_ones(
    path: Path, asked: list[int], monkeypatch: pytest.MonkeyPatch, ordered: bool
) -> None:
    random = Random(9)
    names = [f"b{number:05}" for number in range(ROWS)]
    if not ordered:
        random.shuffle(names)
    with closing(sqlite3.connect(path)) as database, database:
        for name in names:
            blob = random.randbytes(random.choice((10, 900, 5_000, 70_000)))
            database.execute("INSERT INTO resources VALUES ('agent', ?, ?, '')", (name, blob))
    monkeypatch.setattr(vfs, "_BETWEEN_LOOKS", 3600.0)
    sql = "SELECT id, data FROM resources"
    found = StoreReader(str(path)).read(lambda snapshot: snapshot.rows(sql))
    assert len(asked) < ROWS
    with closing(sqlite3.connect(path)) as database:
        assert found == database.execute(sql).fetchall()


@pytest.mark.parametrize("first", (200, 206, 209))
def test_what_was_read_ahead_ends_with_the_lock(path: Path, first: int) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=delete")
    vfs.READ_ONLY.deadline = Deadline(None, 60)
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    opened = apsw.Connection(f"{path.as_uri()}?mode=ro", flags=flags, vfs=vfs.READ_ONLY.name)
    assert vfs.READ_ONLY.opened is not None
    vfs.READ_ONLY.opened.read_quickly(opened)
    sql = "SELECT id FROM resources WHERE kind = 'agent' AND id {} AND instr(data, 'y') ORDER BY id"
    with closing(opened):
        # What lies behind these has been read with them.
        assert list(opened.execute(sql.format(f"< 'a{first:05}'"))) == []
        written = bytearray(path.read_bytes().replace(b"xxxx", b"yyyy"))
        written[CHANGES] = bytes(4)
        with path.open("r+b") as file:
            file.write(written)
        assert len(list(opened.execute(sql.format(f">= 'a{first:05}'")))) == ROWS - first


@pytest.fixture
def live(path: Path) -> Iterator[LivePages]:
    """A log over a database: pages that have frames, one or several, and pages beyond its end."""
    random = Random(12)
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=0")
        for number in random.sample(range(ROWS), 60):
            size = random.choice((10, 5_000, 70_000))
            writer.sql(f"UPDATE resources SET data = randomblob({size}) WHERE id = 'a{number:05}'")
        with exclusive():
            pages = LiveLog(str(path)).pages(look(str(path)))
            assert pages is not None
            yield pages
        writer.stop()


def test_a_file_and_its_log_are_the_pages_that_python_makes_of_them(
    path: Path, live: LivePages, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(13)
    asked = 0
    python = vfs._PrefixFile(live, None, None)
    real = vfs._PrefixFile.xRead

    def counted(self: vfs._PrefixFile, amount: int, offset: int) -> bytes:
        nonlocal asked
        asked += 1
        return real(self, amount, offset)

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(vfs, "_BETWEEN_LOOKS", 3600.0)
    monkeypatch.setattr(vfs._PrefixFile, "xRead", counted)
    opened = connection.open_as_of(live, Deadline(None, 60))
    whole = python.xFileSize()
    assert whole == live.size > path.stat().st_size
    with closing(opened):
        place = ctypes.cast(vfs.file_place(opened), ctypes.POINTER(ctypes.POINTER(_Methods)))
        for _ in range(3000):
            # Pages, parts of one, several, and what goes on beyond the end.
            amount = random.choice((SIZE, SIZE, 16, 16 * SIZE, random.randrange(1, 9 * SIZE)))
            offset = random.randrange(whole)
            offset = random.choice((offset, offset // SIZE * SIZE, offset + 900 * SIZE))
            room = ctypes.create_string_buffer(amount)
            told = place[0][0].read(ctypes.cast(place, ctypes.c_void_p), room, amount, offset)
            expected = real(python, amount, offset)
            assert room.raw == expected.ljust(amount, b"\0")
            assert (told == 0) is (len(expected) == amount)
        beyond = asked
        assert 0 < beyond < 2000
        assert list(opened.execute("SELECT count(*) FROM resources")) == [(ROWS,)]
        assert asked == beyond
    python.xClose()


class _Methods(ctypes.Structure):
    """The first of the functions by which SQLite reaches a file."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("close", ctypes.c_void_p),
        (
            "read",
            ctypes.CFUNCTYPE(
                *(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_longlong)
            ),
        ),
    )


def test_where_somebody_asks_for_the_pages_python_reads_them(path: Path, live: LivePages) -> None:
    pages: set[int] = set()
    with closing(connection.open_as_of(live, Deadline(None, 60), pages)) as opened:
        opened.execute(SUM).fetchall()
    assert len(pages) > ROWS
    assert path.is_file()


def test_many_connections_come_and_go(path: Path) -> None:
    opened = [
        connection.open_in_place(str(path), ReadMode.IMMUTABLE, Deadline(None, 60))
        for _ in range(8)
    ]
    for one in opened[::2]:
        assert list(one.execute(SUM)) == [(ROWS, ROWS * SIZE)]
        one.close()
    for one in opened[1::2]:
        assert list(one.execute(SUM)) == [(ROWS, ROWS * SIZE)]
        one.close()
