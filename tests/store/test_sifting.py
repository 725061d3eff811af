"""Rows told by their bytes within SQLite are those that pages of rows hold."""

from __future__ import annotations

import ctypes
import sqlite3
import sys
from bisect import bisect_left
from contextlib import closing
from pathlib import Path
from random import Random

import apsw
import pytest

from inspector.compiled_part import VARIABLE
from inspector.errors import CancelledError, StoreError
from inspector.store import blob_finder, connection, reader, vfs
from inspector.store.blob_finder import MayHold
from inspector.store.deadline import Deadline
from inspector.store.files import ReadMode
from inspector.store.layout import Resources
from inspector.store.reader import Snapshot
from inspector.store.rows import Row
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.builders.writer import Writer
from tests.store.test_torture import WRITERS, Daemon

#: Compared without case, with an index beside that is compared by bytes.
_NOCASE = """
CREATE TABLE resources (
    kind TEXT COLLATE NOCASE NOT NULL, id TEXT COLLATE NOCASE NOT NULL, data BLOB, updated_at TEXT
);
CREATE INDEX by_bytes ON resources(kind COLLATE BINARY, id COLLATE BINARY);
"""
_NULLABLE = layouts.RESOURCES.replace("data BLOB NOT NULL", "data BLOB")
TABLES = {
    "without row numbers": _NULLABLE,
    "with row numbers": layouts.RESOURCES_ROWID.replace("data BLOB NOT NULL", "data BLOB"),
    "without an index": layouts.RESOURCES_BARE,
    "an index of another order": _NOCASE,
    "its own order": _NULLABLE.replace("kind TEXT", "kind TEXT COLLATE NOCASE", 1),
    "descending": _NULLABLE.replace("PRIMARY KEY (kind, id)", "PRIMARY KEY (kind, id DESC)"),
}


def _records(random: Random) -> list[Rec]:
    found = []
    for kind in ("a", "agent", "agent_audit", "Agent", "b"):
        for number in random.sample(range(1000), 24):
            id_ = random.choice(("{}", "agt_audit/{}/7", "{}/12", "Z{}", "\xe4{}")).format(number)
            size = random.choice((0, 3, 900, 5000, 20_000))
            data = random.choice((b"", b"needle")) + random.randbytes(size)
            found.append(Rec(kind, id_, data, random.choice(("2026", ""))))
    found += [Rec("agent", b"\xff\xfe", b"needle"), Rec("b", b"", b"needle of no name")]
    return found


def _sifted(store: Store, kind: str, needle: bytes = b"needle") -> tuple[list[Row], int]:
    rows: list[Row] = []
    looked = 0
    for some in store.sifted_rows(kind, blob_finder.blob_finder(needle)):
        rows += some.rows
        looked += some.looked
        assert some.damage is None
    return rows, looked


def _paged(store: Store, kind: str) -> list[Row]:
    rows: list[Row] = []
    while True:
        page = store.rows(kind, rows[-1].id if rows else None)
        rows += page.rows
        if not page.more:
            return rows


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("room", [1 << 11, 8 << 20])
@pytest.mark.parametrize("unread", [False, True])
def test_what_may_hold_it_is_found_in_every_table(
    name: str, room: int, unread: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blob_finder, "PAGE_BYTES", room)
    if unread:
        monkeypatch.setenv("STIGMER_INSPECTOR_DECODER", "python")
    records = _records(Random(3))
    path = layouts.create(tmp_path / "s.db", TABLES[name], layouts.SCHEMA_VERSION, records=records)
    if unread:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE resources SET data = NULL WHERE id LIKE '%3'")
            connection.commit()
    store = Store(path)
    kinds = [one.kind for one in store.kinds()]
    assert len(kinds) >= 4
    for kind in [*kinds, "no such kind", "zz", ""]:
        rows = _paged(store, kind)
        expected = [row for row in rows if row.data is None or b"needle" in row.data]
        assert _sifted(store, kind) == (expected, len(rows)), kind


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Takes of each part of a search whether it was told by a walk through the file."""
    pytest.importorskip("inspector.store._blob_sieve")
    found: list[bool] = []
    real = blob_finder._walk_rows

    def told(
        snapshot: Snapshot, table: Resources, kind: str, after: bytes | None, may_hold: MayHold
    ) -> blob_finder.SiftedRows | None:
        answer = real(snapshot, table, kind, after, may_hold)
        found.append(answer is not None)
        return answer

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(blob_finder, "_walk_rows", told)
    return found


@pytest.mark.parametrize("name", TABLES)
def test_tables_that_lie_in_order_are_walked_through(
    name: str, tmp_path: Path, walked: list[bool]
) -> None:
    path = layouts.create(
        tmp_path / "s.db", TABLES[name], layouts.SCHEMA_VERSION, records=_records(Random(3))
    )
    rows, looked = _sifted(Store(path), "agent_audit")
    assert looked >= len(rows) > 0
    assert any(walked) is (name == "without row numbers")


@pytest.mark.parametrize("page_size", [512, 4096])
@pytest.mark.parametrize("checkpointed", [False, True])
def test_beside_a_daemon_the_file_and_its_log_are_walked_through(
    page_size: int, checkpointed: bool, tmp_path: Path, walked: list[bool]
) -> None:
    records = [one for one in _records(Random(3)) if one.kind == "agent"]
    path = tmp_path / "s.db"
    layouts.create(
        path, layouts.RESOURCES, layouts.SCHEMA_VERSION, records=records, page_size=page_size
    )
    with Writer(path) as writer:
        writer.sql(
            "PRAGMA wal_autocheckpoint=0",
            # Some pages are in the log once, some twice, some not, some beyond the file's end.
            "UPDATE resources SET data = x'00' WHERE substr(id, -1) = '1'",
            "UPDATE resources SET data = 'needle' || zeroblob(9000) WHERE substr(id, -1) = '2'",
            *(["PRAGMA wal_checkpoint"] if checkpointed else []),
            "UPDATE resources SET data = data || 'needle' WHERE substr(id, -1) IN ('2', '3')",
            "DELETE FROM resources WHERE substr(id, -1) = '4'",
        )
        store = Store(path)
        rows = _paged(store, "agent")
        expected = [row for row in rows if b"needle" in (row.data or b"")]
        assert _sifted(store, "agent") == (expected, len(rows))
        assert 10 < len(expected) < len(rows)
        assert walked == [True]
        store.close()
        writer.stop()
    assert _paged(Store(path), "agent") == rows


@pytest.mark.skipif(sys.platform == "win32", reason="the writer is killed as on POSIX")
def test_a_walk_beside_a_daemon_sees_one_state(tmp_path: Path, walked: list[bool]) -> None:
    """Each commit sets all rows to one number, so that all of them have a digit, or none."""
    records = [Rec("agent", f"{at:02}", b"0" * (10 + 130 * at)) for at in range(60)]
    path = layouts.v2(tmp_path / "s.db", records)
    store = Store(path)
    finder = blob_finder.blob_finder(b"1", others=(b"3", b"5"))
    command = WRITERS["python"]
    assert command is not None
    found = set()
    for seed in range(4):  # of which each checkpoints in another way
        daemon = Daemon(command, path, 100 * seed, seed)
        daemon.begin(40)
        while daemon.await_commit():
            [some] = store.sifted_rows("agent", finder)
            assert some.looked == len(records)
            assert len({(row.data or b"")[:10] for row in some.rows}) == bool(some.rows)
            found.add(len(some.rows))
        daemon.kill()
    assert found == {0, len(records)}
    assert any(walked)


def _written(path: Path, page_size: int, reserved: int, records: list[Rec]) -> bytes:
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute(f"PRAGMA page_size={page_size}")
        # The oldest apsw that is allowed has no method for it.
        number = ctypes.c_int(reserved)
        connection.file_control("main", apsw.SQLITE_FCNTL_RESERVE_BYTES, ctypes.addressof(number))
        connection.execute(f"{layouts.RESOURCES};{layouts.SCHEMA_VERSION}")
        connection.executemany("INSERT INTO resources VALUES (?, ?, ?, ?)", records)
    return path.read_bytes()


@pytest.mark.parametrize("page_size", [512, 4096, 65536])
@pytest.mark.parametrize("reserved", [0, 32])
def test_a_text_across_pages_is_found(
    page_size: int, reserved: int, tmp_path: Path, walked: list[bool]
) -> None:
    random = Random(page_size + reserved)
    needles = [random.randbytes(length) for length in (1, 2, 7, 60, 256, 257)]
    blob = random.randbytes(page_size * 3)
    probe = _written(tmp_path / "probe.db", page_size, reserved, [Rec("agent", "agt-0000", blob)])
    # As much of the blob as lies side by side in the file, before it goes on in another page.
    first = bisect_left(range(len(blob)), x=True, key=lambda end: blob[:end] not in probe) - 1
    assert 0 < first < page_size
    records = []
    for at in range(90):
        needle = needles[at % len(needles)]
        place = first + random.randrange(3) * (page_size - reserved - 4)
        place = min(place - random.randrange(len(needle) + 1), len(blob) - len(needle))
        data = blob[:place] + needle + blob[place + len(needle) :]
        records.append(Rec("agent", f"agt-{at:04}", data))
    path = tmp_path / "s.db"
    _written(path, page_size, reserved, records)
    for needle in needles:
        expected = [one.id for one in records if needle in one.data]
        rows, looked = _sifted(Store(path), "agent", needle)
        assert [row.id for row in rows] == expected
        assert looked == len(records)
        assert all(walked) is (len(needle) <= 256)
    assert path.read_bytes()[20] == reserved


def test_of_a_damaged_file_it_tells_what_sqlite_does(
    tmp_path: Path, walked: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.db"
    random = Random(11)
    records = {
        one.id: one for one in _records(random) if one.kind == "agent" and len(one.data) < 6000
    }
    layouts.create(
        path, layouts.RESOURCES, layouts.SCHEMA_VERSION, records=records.values(), page_size=512
    )
    sound = path.read_bytes()
    for _ in range(60):
        content = bytearray(sound)
        for _ in range(random.choice((1, 2, 9))):
            # Not the schema, without which it is no store; often where a page says the next one.
            at = random.randrange(2048, len(content))
            at = random.choice((at, at // 512 * 512 + random.randrange(4)))
            content[at] ^= 1 << random.randrange(8)
        path.write_bytes(content)
        answers = [_answer(path)]
        with monkeypatch.context() as patch:
            patch.setattr(blob_finder, "_walk_rows", lambda *_: None)
            answers.append(_answer(path))
        assert answers[0] == answers[1]
    assert {*walked} == {True, False}


def _answer(path: Path) -> tuple[list[Row], int, str] | str:
    rows: list[Row] = []
    looked, damage = 0, None
    try:
        for some in Store(path).sifted_rows("agent", blob_finder.blob_finder(b"needle")):
            rows += some.rows
            looked += some.looked
            damage = damage or some.damage
    except StoreError as error:
        return str(error)
    return rows, looked, str(damage)


def test_a_walk_ends_when_it_is_to(tmp_path: Path, walked: list[bool]) -> None:
    class Later:
        """Is set when it has been asked for some times."""

        asked = 0

        def is_set(self) -> bool:
            self.asked += 1
            return self.asked > 40

    records = [Rec("agent", f"agt-{at:04}", b"needle") for at in range(400)]
    store = Store(layouts.v2(tmp_path / "s.db", records))
    finder = blob_finder.blob_finder(b"needle")
    with pytest.raises(CancelledError):
        list(store.sifted_rows("agent", finder, Later()))
    assert not walked


def test_a_search_reads_each_page_of_the_file_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To see whether a row is still of the kind, SQLite would load the whole of it once more."""
    records = [Rec("agent", f"agt-{at:04}", bytes(20_000)) for at in range(400)]
    path = layouts.v2(tmp_path / "s.db", records)
    read = 0
    before = vfs._TimedFile.xRead

    def counted(self: vfs._TimedFile, amount: int, offset: int) -> bytes:
        nonlocal read
        read += amount
        return before(self, amount, offset)

    monkeypatch.setenv(VARIABLE, "python")  # which reads each page
    monkeypatch.setattr(vfs._TimedFile, "xRead", counted)
    assert _sifted(Store(path), "agent") == ([], 400)
    assert read < path.stat().st_size * 1.2


def test_archived_rows_are_told_by_their_bytes_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blob_finder, "PAGE_BYTES", 1 << 13)
    archived = [
        Arc("agent", f"agt-{at % 7}", (b"needle" if at % 3 else b"") + bytes(at * 10))
        for at in range(200)
    ]
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "agt-1")], archived)
    sweep = Store(path).sifted_versions("agent", lambda data: b"needle" in data)
    assert sweep is not None
    some = list(sweep)
    assert len(some) > 2
    assert sum(one.looked for one in some) == 200
    found = [place.number for one in some for place in one.found]
    expected = sorted((at % 7, at + 1) for at in range(200) if at % 3)
    assert found == [number for _, number in expected]


@pytest.mark.parametrize("wanted", [False, True])
def test_a_file_that_nobody_waits_for_is_not_opened_anew_for_each_part(
    wanted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archived = [Arc("agent", f"agt-{at:04}", bytes(2000)) for at in range(60)]
    records = [Rec("agent", one.resource_id, bytes(2000)) for one in archived]
    store = Store(layouts.v2(tmp_path / "s.db", records, archived))
    monkeypatch.setattr(blob_finder, "PAGE_BYTES", 1 << 13)
    monkeypatch.setattr(reader, "_SHORT_READ", 0.0)
    monkeypatch.setattr(reader, "_QUIET_READ", 3600.0)
    opened = 0
    real = connection.open_in_place

    def counted(path: str, source: ReadMode, deadline: Deadline) -> apsw.Connection:
        nonlocal opened
        opened += 1
        return real(path, source, deadline)

    monkeypatch.setattr(reader, "open_in_place", counted)
    monkeypatch.setattr(reader._Turns, "wanted", wanted)
    assert _sifted(store, "agent") == ([], 60)
    assert opened > 10 if wanted else opened == 1
    sweep = store.sifted_versions("agent", lambda data: b"needle" in data)
    assert sweep is not None
    opened = 0
    assert sum(one.looked for one in sweep) == 60
    assert opened > 10 if wanted else opened == 1
