"""What is compiled of a search answers as Python does, whatever the bytes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import apsw
import pytest

from inspector.store import blob_finder
from inspector.store.blob_finder import BEYOND, PASSED_OVER, BlobFinder, BlobSieve
from inspector.store.sqlite_library import reach_sqlite

compiled = pytest.importorskip("inspector.store._blob_sieve")


def _needles(random: Random) -> bytes:
    letters = random.choice((b"ab", b"aAbB", b"needle zq", bytes(range(256))))
    return bytes(random.choices(letters, k=random.choice((1, 2, 3, 9, 70, 200))))


def _blob(random: Random, sought: bytes) -> bytes:
    letters = random.choice((sought, b"ab", b"AaBb\x00", bytes(range(256))))
    made = bytearray(random.choices(letters, k=random.choice((0, 1, 5, 63, 64, 65, 300, 1000))))
    if random.random() < 0.5:
        # At the borders of the blocks that are looked at together, and at the end.
        at = random.choice((0, 1, 62, 63, 64, 127, 128, len(made)))
        made[at:at] = random.choice((sought, sought[:-1], sought.upper(), sought.swapcase()))
    return bytes(made)


@pytest.mark.parametrize("ignore_case", [False, True])
def test_both_find_the_same(ignore_case: bool) -> None:
    random, found = Random(5), 0
    for _ in range(4000):
        sought = _needles(random)
        anchor = sought.lower() if ignore_case else sought
        others = [
            bytes(random.choices(sought + b"\xc5\xbf", k=2)) for _ in range(random.choice((0, 3)))
        ]
        closer = random.choice((None, lambda data: len(data) % 2 == 0))
        parts = (anchor, ignore_case, random.random() < 0.5, others, closer)
        ours, theirs = compiled.BlobFinder(*parts), BlobFinder(*parts)
        for _ in range(5):
            blob = _blob(random, sought)
            assert ours(blob) is theirs(blob), (parts, blob)
            found += ours(blob)
    assert found > 2000


def test_both_take_rows_the_same_way() -> None:
    random = Random(6)
    for _ in range(500):
        room, finder = random.choice((0, 1000, 5000)), BlobFinder(b"a", False, True, (), None)
        other = random.choice((finder, compiled.BlobFinder(b"a", False, True, (), None)))
        pair = BlobSieve(finder, room, 100, BEYOND), compiled.BlobSieve(other, room, 100, BEYOND)
        for _ in range(20):
            row = random.choice((None, PASSED_OVER, BEYOND, b"", b"abc", bytes(2000)))
            said = [
                (one(row), one.looked, one.found, one.unread, one.full, one.over) for one in pair
            ]
            assert said[0] == said[1], row


def test_what_fails_in_a_closer_look_is_not_lost() -> None:
    def fail(_data: bytes) -> bool:
        raise ZeroDivisionError

    sieve = compiled.BlobSieve(compiled.BlobFinder(b"a", False, False, (), fail), 1000, 1, BEYOND)
    assert not sieve(b"bcd")
    with pytest.raises(ZeroDivisionError):
        sieve(b"abc")
    with pytest.raises(ValueError, match="nothing"):
        compiled.BlobFinder(b"", False, True, (), None)
    with pytest.raises(ValueError, match="nothing"):
        compiled.BlobFinder(b"a", False, True, (b"",), None)
    with pytest.raises(TypeError):
        compiled.BlobFinder(b"a", False, True, (), None)(None)


Told = list[tuple[int, int, bool, bool, bool, bool]]


def _through(rows: list[bytes | int | None], sieve: BlobSieve, *, serves: bool) -> Told:
    """What a sieve tells of each row that SQLite hands out."""
    with closing(apsw.Connection(":memory:")) as connection:
        connection.execute("CREATE TABLE t(value)")
        connection.executemany("INSERT INTO t VALUES (?)", [(row,) for row in rows])
        if serves:
            assert compiled.BlobSieve.serve(sieve, connection.sqlite3_pointer(), b"holds")
        else:
            connection.create_scalar_function("holds", sieve, 1)  # type: ignore[arg-type]
        return [
            (row[0], sieve.looked, sieve.found, sieve.unread, sieve.full, sieve.over)
            for row in connection.execute("SELECT rowid FROM t WHERE holds(value)")
        ]


@pytest.fixture
def reached() -> None:
    reach_sqlite(compiled.__file__)


@pytest.mark.usefixtures("reached")
def test_sqlite_calls_it_without_python_and_hands_out_the_same_rows() -> None:
    random, handed_out = Random(8), 0
    closers: tuple[Callable[[bytes], bool] | None, ...] = (None, lambda data: len(data) % 2 == 0)
    for _ in range(400):
        sought = _needles(random)
        parts = (sought, False, random.random() < 0.5, [sought[::-1]], random.choice(closers))
        others = [None, b"", PASSED_OVER, PASSED_OVER, BEYOND]
        rows = [random.choice((_blob(random, sought), random.choice(others))) for _ in range(30)]
        room = random.choice((3000, 1 << 20))
        ours = _through(
            rows, compiled.BlobSieve(compiled.BlobFinder(*parts), room, 100, BEYOND), serves=True
        )
        theirs = _through(rows, BlobSieve(BlobFinder(*parts), room, 100, BEYOND), serves=False)
        assert ours == theirs, (parts, rows)
        handed_out += len(ours)
    assert handed_out > 2000


@pytest.mark.usefixtures("reached")
def test_what_fails_in_a_closer_look_within_sqlite_is_told_by_the_row() -> None:
    def fail(_data: bytes) -> bool:
        raise ZeroDivisionError

    sieve = compiled.BlobSieve(compiled.BlobFinder(b"a", False, False, (), fail), 1000, 1, BEYOND)
    with pytest.raises(ZeroDivisionError):
        _through([b"bcd", b"abc", b"abc"], sieve, serves=True)


def test_what_python_alone_tells_serves_nobody() -> None:
    sieve = compiled.BlobSieve(lambda _data: True, 1000, 1, BEYOND)
    with closing(apsw.Connection(":memory:")) as connection:
        assert not sieve.serve(connection.sqlite3_pointer(), b"holds")


def test_a_part_that_sqlite_cannot_load_is_no_error(tmp_path: Path) -> None:
    reach_sqlite(str(tmp_path / "absent"))


def test_python_alone_is_used_where_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(blob_finder.blob_finder(b"a"), compiled.BlobFinder)
    monkeypatch.setenv("STIGMER_INSPECTOR_DECODER", "python")
    assert isinstance(blob_finder.blob_finder(b"a"), BlobFinder)
    assert isinstance(blob_finder.blob_sieve(blob_finder.blob_finder(b"a"), 1), BlobSieve)
