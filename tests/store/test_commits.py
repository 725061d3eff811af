"""Earlier states out of the log: each that is shown is the one that was saved, or it is refused."""

from __future__ import annotations

import os
import random
import sqlite3
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import apsw
import pytest

from inspector.compiled_part import VARIABLE
from inspector.errors import InspectorError, NotFoundError, StoreError
from inspector.store import reader
from inspector.store.commits import LogState
from inspector.store.connection import open_as_of
from inspector.store.reader import Snapshot, SqlRow, StoreReader
from inspector.store.store import Store
from inspector.store.touched_records import Touch
from inspector.store.wal_file import Sums, added
from inspector.store.wal_index import COHERENT
from tests.builders import wal
from tests.builders.wal import HEADER, SavingWriter, copy_store, digest

FULL = os.environ.get("STIGMER_INSPECTOR_FUZZ") == "full"
COMMITS = 10_000 if FULL else 300
RUNS = 12_000 if FULL else 300


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SavingWriter]:
    made = SavingWriter(tmp_path / "s.db", random.Random(7))
    yield made
    made.close()


@pytest.fixture
def looked_at(tmp_path: Path) -> Path:
    (tmp_path / "copy").mkdir()
    return tmp_path / "copy" / "s.db"


def image(store: Store, number: int, log: LogState) -> bytes:
    """The whole database as of a commit, as SQLite reads it."""

    def whole(snapshot: Snapshot) -> bytes:
        # SQLite asks itself how many pages there are, which a reading may not.
        snapshot._connection.authorizer = None
        return snapshot._connection.serialize("main") or b""

    return store.at(number, log)._reader.read(whole)


def compare(writer: SavingWriter, path: Path, seen: Counter[str]) -> None:
    """Hold all that is shown of a store against what was saved."""
    store = Store(path)
    log = store.log_state()
    commits = [] if log.begun_anew else log.log.commits
    keys = [(log.log.raw_header, commit.last_frame) for commit in commits]
    assert set(keys) <= set(writer.saved)
    touched = list(store.commits(log))
    assert [one.number for one in touched] == list(range(1, len(keys) + 1))
    for number, (key, facts) in enumerate(zip(keys, touched, strict=True), 1):
        if number in log.refusals:
            seen["refused"] += 1
            assert facts.records is None
            with pytest.raises(NotFoundError, match=f"Commit {number} "):
                store.at(number, log)
            continue
        assert digest(image(store, number, log)) == writer.saved[key]
        seen["shown"] += 1
        if number > 1 and number - 1 not in log.refusals:
            before, now = writer.rows[keys[number - 2]], writer.rows[key]
            differ = sorted(one for one in {*before, *now} if before.get(one) != now.get(one))
            assert facts.records == tuple(
                (*one, _touch(one in before, one in now)) for one in differ
            )
            seen["told"] += 1
    store.close()


def _touch(was_there: bool, is_there: bool) -> Touch:
    if not was_there:
        return Touch.CREATED
    return Touch.UPDATED if is_there else Touch.DELETED


def test_each_state_is_the_saved_one_or_refused(writer: SavingWriter, looked_at: Path) -> None:
    dice = random.Random(11)
    seen = {how: Counter[str]() for how in ("killed", "without memory", "interrupted")}
    while writer.commits < COMMITS:
        for _ in range(dice.randrange(1, 30)):
            writer.step()
        compare(writer, copy_store(writer.path, looked_at), seen["killed"])
        compare(writer, copy_store(writer.path, looked_at, memory=False), seen["without memory"])
        wal.interrupted(looked_at, dice)
        compare(writer, looked_at, seen["interrupted"])
    for counts in seen.values():
        assert min(counts[one] for one in ("shown", "refused", "told")) > COMMITS // 40, seen


def test_no_checkpoint_and_every_state_is_there(writer: SavingWriter, looked_at: Path) -> None:
    for number in range(50):
        writer.commit(
            ("INSERT INTO resources VALUES ('agent', ?, zeroblob(5000), '')", (f"a{number}",))
        )
    store = Store(copy_store(writer.path, looked_at))
    log = store.log_state()
    assert (log.total, log.refusals) == (50, {})
    assert [len(store.at(n, log).rows("agent").rows) for n in range(51)] == list(range(51))
    assert [one.number for one in store.commits(log) if one.records] == list(range(1, 51))


def test_a_page_that_was_written_as_it_was_is_told_by_the_memory_alone(
    writer: SavingWriter, looked_at: Path
) -> None:
    """Without the memory it cannot be known whether a checkpoint had been at that page."""
    same = "INSERT OR REPLACE INTO resources VALUES ('agent', 'a', x'0a', '')"
    writer.commit(same)
    writer.checkpoint("TRUNCATE")
    writer.commit("INSERT INTO resource_audit (kind, resource_id, data) VALUES ('a', 'b', x'01')")
    writer.commit(same)
    with_memory = Store(copy_store(writer.path, looked_at)).log_state()
    assert with_memory.refusals == {}
    log = Store(copy_store(writer.path, looked_at, memory=False)).log_state()
    assert set(log.refusals) == {0, 1}


def test_a_log_that_was_begun_anew_is_of_an_older_generation(
    writer: SavingWriter, looked_at: Path
) -> None:
    for data in ("01", "02", "03"):
        writer.commit(f"INSERT OR REPLACE INTO resources VALUES ('agent', 'a', x'{data}', '')")
    writer.checkpoint("RESTART")
    # What comes first of the next transaction is in the memory alone.
    copy_store(writer.path, looked_at)
    shared = Path(f"{looked_at}-shm")
    shared.write_bytes(_restarted(shared.read_bytes()))
    store = Store(looked_at)
    log = store.log_state()
    assert (log.begun_anew, log.total, list(store.commits(log))) == (True, 0, [])
    with pytest.raises(NotFoundError, match="older generation"):
        store.at(1, log)
    writer.commit("DELETE FROM resources")
    store = Store(copy_store(writer.path, looked_at))
    log = store.log_state()
    assert (log.begun_anew, log.total, log.log.older) == (False, 1, True)
    with pytest.raises(NotFoundError, match="no commit 2"):
        store.at(2, log)


def _restarted(memory: bytes) -> bytes:
    """A shared memory after SQLite's walRestartHdr: no frame, and the next generation's salts."""
    first = (int.from_bytes(memory[32:36], "big") + 1) & 0xFFFFFFFF
    head = memory[:16] + bytes(4) + memory[20:32] + first.to_bytes(4, "big") + b"salt"
    return _memory(head, memory[:96] + bytes(4) + memory[100:128] + bytes(4) + memory[132:])


def _memory(head: bytes, rest: bytes) -> bytes:
    """A shared memory with another header, whose checksum holds."""
    head += struct.pack("=2I", *added(Sums(), head, big_endian=sys.byteorder == "big"))
    return head * 2 + rest[96:]


def test_a_memory_of_something_else_is_not_believed(writer: SavingWriter, looked_at: Path) -> None:
    same = "INSERT OR REPLACE INTO resources VALUES ('agent', 'a', x'0a', '')"
    writer.commit(same)
    writer.checkpoint("TRUNCATE")
    writer.commit("INSERT INTO resource_audit (kind, resource_id, data) VALUES ('a', 'b', x'01')")
    shared = Path(f"{writer.path}-shm").read_bytes()
    writer.commit(same)
    now = Path(f"{writer.path}-shm").read_bytes()
    # A checksum, which may be any number.
    other_frame = _memory(now[:24] + bytes((now[24] ^ 1,)) + now[25:40], now)
    recovered = now[:128] + now[16:20] + now[132:]
    for memory, refused in (
        (now, set()),
        (now[:100], {0, 1}),
        (now[:50] + b"\1" + now[51:], {0, 1}),
        (shared, {0, 1}),
        (other_frame, {0, 1}),
        (recovered, {0, 1}),
    ):
        copy_store(writer.path, looked_at)
        Path(f"{looked_at}-shm").write_bytes(memory)
        assert set(Store(looked_at).log_state().refusals) == refused


def test_all_records_that_go_at_once_are_told(writer: SavingWriter, looked_at: Path) -> None:
    """Their pages are let go without being written."""
    for number in range(300):
        writer.commit(
            ("INSERT INTO resources VALUES ('agent', ?, zeroblob(700), '')", (f"{number:03}",))
        )
    writer.checkpoint("TRUNCATE")
    writer.commit("INSERT INTO resources VALUES ('skill', 'one', x'0a', '')")
    writer.commit("DELETE FROM resources")
    store = Store(copy_store(writer.path, looked_at))
    first, last = store.commits(store.log_state())
    assert first.records == (("skill", "one", Touch.CREATED),)
    assert last.records is not None
    assert [one.id for one in last.records] == [*(f"{n:03}" for n in range(300)), "one"]
    assert {one.touch for one in last.records} == {Touch.DELETED}
    assert last.pages < 30


@pytest.mark.parametrize("longer", [False, True])
def test_a_database_that_was_cut_is_not_whole_for_what_came_before(
    longer: bool, tmp_path: Path, looked_at: Path
) -> None:
    """Nor when it has its former length again: the system fills it with zeros."""
    path = tmp_path / "cut.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in (
            "PRAGMA auto_vacuum=FULL",
            "PRAGMA journal_mode=WAL",
            "PRAGMA wal_autocheckpoint=0",
            "CREATE TABLE resources (kind TEXT, id TEXT, data BLOB, updated_at TEXT)",
            "INSERT INTO resources VALUES ('agent', 'z', zeroblob(90000), '')",
            "PRAGMA wal_checkpoint(TRUNCATE)",
        ):
            connection.execute(statement).fetchone()
        length = path.stat().st_size
        for statement in (
            "INSERT INTO resources VALUES ('agent', 'y', zeroblob(9000), '')",
            "DELETE FROM resources",
            "PRAGMA wal_checkpoint(FULL)",
        ):
            connection.execute(statement).fetchone()
        assert path.stat().st_size < length
        copy_store(path, looked_at)
    if longer:
        with looked_at.open("r+b") as file:
            file.truncate(2 * length)
        os.utime(looked_at, (1e9, 1e9))
    log = Store(looked_at).log_state()
    assert log.total == 2
    assert log.refusals[1] == "the database file no longer has all of its pages"
    assert 2 not in log.refusals


def test_a_state_that_was_listed_is_not_another_after_the_log_began_anew(
    writer: SavingWriter, looked_at: Path
) -> None:
    writer.commit("INSERT INTO resources VALUES ('agent', 'a', x'01', '')")
    store = Store(copy_store(writer.path, looked_at))
    earlier = store.at(1, store.log_state())
    assert len(earlier.rows("agent").rows) == 1
    writer.checkpoint("TRUNCATE")
    writer.commit("DELETE FROM resources")
    copy_store(writer.path, looked_at)
    with pytest.raises((NotFoundError, StoreError)):
        earlier.rows("agent")


@pytest.mark.parametrize("big_endian", [False, True])
def test_checksums_in_both_byte_orders(
    big_endian: bool, writer: SavingWriter, looked_at: Path
) -> None:
    for number in range(20):
        writer.commit(("INSERT INTO resources VALUES ('agent', ?, x'0a', '')", (f"a{number}",)))
    copy_store(writer.path, looked_at, memory=False)
    log = Path(f"{looked_at}-wal")
    log.write_bytes(wal.summed(log.read_bytes(), big_endian=big_endian))
    store = Store(looked_at)
    state = store.log_state()
    assert (state.total, state.refusals) == (20, {})
    assert state.log.header is not None and state.log.header.big_endian == big_endian
    images = {digest(image(store, number, state)) for number in range(1, 21)}
    assert images == set(writer.saved.values())
    # SQLite itself takes it for the same.
    with closing(sqlite3.connect(looked_at)) as connection:
        assert connection.execute("SELECT count(*) FROM resources").fetchone() == (20,)


@pytest.mark.parametrize("size", [8, 24, 128, 136, 512, 4096, 65536])
@pytest.mark.parametrize("big_endian", [False, True])
def test_sums_are_those_of_word_by_word(size: int, big_endian: bool) -> None:
    dice = random.Random(size)
    for data in (dice.randbytes(size), b"\xff" * size, bytes(size)):
        before = first, second = Sums(dice.randrange(1 << 32), 0xFFFFFFFF)
        for one, other in struct.iter_unpack(">2I" if big_endian else "<2I", data):
            first = (first + one + second) & 0xFFFFFFFF
            second = (second + other + first) & 0xFFFFFFFF
        assert added(before, data, big_endian=big_endian) == (first, second)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SavingWriter]:
    """A store that was killed with some commits in its log, of which a few were checkpointed."""
    made = SavingWriter(
        tmp_path_factory.mktemp("sound") / "s.db", random.Random(3), wal.FUZZED_PAGE
    )
    for _ in range(5):
        made.commit(made._change())
    made.checkpoint("PASSIVE")
    made._hold()
    for _ in range(25):
        made.commit(made._change())
    yield made
    made.close()


@pytest.mark.parametrize("batch", range(RUNS // 50))
@pytest.mark.parametrize("right_sums", [False, True], ids=["damaged", "forged"])
def test_fuzzed_logs(right_sums: bool, batch: int, sound: SavingWriter, looked_at: Path) -> None:
    """Damaged ones show saved states or none; forged ones show what they say, and never crash."""
    for run in range(batch * 50, batch * 50 + 50):
        dice = random.Random(run)
        copy_store(sound.path, looked_at, memory=bool(dice.randrange(2)))
        log = Path(f"{looked_at}-wal")
        content = bytearray(log.read_bytes())
        for _ in range(dice.choice((1, 1, 3))):
            if len(content) > HEADER + 2 * wal.FUZZED_PAGE:
                dice.choice(wal.MUTATIONS)(content, dice)
        if right_sums and len(content) >= HEADER:
            content[4:12] = struct.pack(">2I", 3007000, wal.FUZZED_PAGE)
            content = bytearray(wal.summed(bytes(content), big_endian=bool(dice.randrange(2))))
        log.write_bytes(content)
        store = Store(looked_at)
        state = store.log_state()
        found = list(store.commits(state))
        for one in found:
            key = (state.log.raw_header, state.log.commits[one.number - 1].last_frame)
            if not right_sums:
                assert key in sound.saved
            if one.refusal is not None:
                continue
            try:
                shown = digest(image(store, one.number, state))
                store.at(one.number, state).kinds()
            except InspectorError:
                assert right_sums
                continue
            assert right_sums or shown == sound.saved[key]
        with suppress(InspectorError):
            list(store.record_states(state, "agent", "agt-1"))
        store.close()


def _rows(path: Path) -> list[SqlRow] | str:
    sql = "SELECT kind, id, data, updated_at FROM resources"
    try:
        return StoreReader(str(path)).read(lambda snapshot: snapshot.rows(sql))
    except StoreError as error:
        return str(error)


@pytest.mark.skipif(not COHERENT, reason="SQLite reads it there")
def test_a_log_that_was_left_is_read_as_sqlite_reads_it(
    sound: SavingWriter, looked_at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever became of it, and of the database that it lies over."""
    dice = random.Random(17)
    seen = Counter[str]()
    for _ in range(RUNS // 5):
        copy_store(sound.path, looked_at)
        log = Path(f"{looked_at}-wal")
        content = bytearray(log.read_bytes())
        for _ in range(dice.randrange(3)):
            if len(content) > HEADER + 2000:
                dice.choice(wal.MUTATIONS)(content, dice)
        if dice.randrange(2) and len(content) >= HEADER:
            # Of other pages than the database has, too.
            size = dice.choice((wal.FUZZED_PAGE, wal.FUZZED_PAGE, 1024))
            content[4:12] = struct.pack(">2I", 3007000, size)
            content = bytearray(wal.summed(bytes(content), big_endian=bool(dice.randrange(2))))
        log.write_bytes(content)
        os.utime(log, (1e9, 1e9))
        if dice.randrange(3) == 0:
            wal.interrupted(looked_at, dice)
        answers = []
        for readings in (0, 1 << 30):
            opened = Counter[str]()
            monkeypatch.setattr(reader, "_READINGS_OF_LEFT", readings)
            monkeypatch.setattr(reader, "open_as_of", _counting(opened, "own"))
            answers.append(_rows(looked_at))
            seen.update(opened)
            seen["read" if isinstance(answers[-1], list) else "refused"] += 1
        assert answers[0] == answers[1]
    assert min(seen[one] for one in ("own", "read")) > RUNS // 20, seen


def _counting(seen: Counter[str], name: str) -> Callable[..., apsw.Connection]:
    def opened(*told: object) -> apsw.Connection:
        seen[name] += 1
        return open_as_of(*told)  # type: ignore[arg-type]

    return opened


@pytest.mark.skipif(not COHERENT, reason="SQLite reads it there")
def test_a_log_that_is_no_longer_left_is_read_anew(
    writer: SavingWriter, looked_at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_READINGS_OF_LEFT", 0)
    writer.commit("INSERT INTO resources VALUES ('agent', 'a', x'01', '')")
    copy_store(writer.path, looked_at)
    counts: list[int] = []

    def count(snapshot: Snapshot) -> int:
        assert snapshot.file
        [[found]] = snapshot.rows("SELECT count(*) FROM resources")
        counts.append(found)
        if len(counts) == 1:
            # A daemon comes, goes on, and writes the log back.
            script = "INSERT INTO resources VALUES ('agent', 'b', x'02', '')"
            code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2])"
            command = [
                sys.executable,
                "-c",
                f"{code}; c.commit(); c.close()",
                str(looked_at),
                script,
            ]
            subprocess.run(command, check=True)
        return len(counts)

    assert StoreReader(str(looked_at)).read(count) == 2
    assert counts[1] == counts[0] + 1


@pytest.mark.parametrize("big_endian", [False, True])
def test_sums_are_the_same_with_and_without_the_compiled_part(
    big_endian: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(18)
    for size in (0, 8, 24, 128, 136, 512, 4096, 4104):
        sums, data = Sums(dice.randrange(1 << 32), 0xFFFFFFFF), dice.randbytes(size)
        monkeypatch.delenv(VARIABLE, raising=False)
        ours = added(sums, data, big_endian=big_endian)
        monkeypatch.setenv(VARIABLE, "python")
        assert ours == added(sums, data, big_endian=big_endian)


TICKING = """
import random, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode=WAL")
connection.execute("PRAGMA wal_autocheckpoint=0")
tick = 0
while True:
    tick += 1
    connection.execute("UPDATE resources SET updated_at = ?", (str(tick),))
    if tick % 37 == 0:
        how = random.choice(("PASSIVE", "FULL", "RESTART", "TRUNCATE"))
        connection.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
    if tick % 50 == 0:
        print(tick, flush=True)
        if not sys.stdin.readline():
            break
"""


def test_beside_a_writer_each_state_is_whole(writer: SavingWriter, looked_at: Path) -> None:
    """A writer counts in every row at once; as of each commit all rows have the same number."""
    for number in range(60):
        writer.commit(
            ("INSERT INTO resources VALUES ('agent', ?, ?, '')", (f"a{number}", b"x" * 900))
        )
    writer.close()
    copy_store(writer.path, looked_at)
    shown = 0
    with subprocess.Popen(
        [sys.executable, "-c", TICKING, str(looked_at)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as ticking:  # fmt: skip
        assert ticking.stdin and ticking.stdout
        for _ in range(400 if FULL else 20):
            assert ticking.stdout.readline()
            print(file=ticking.stdin, flush=True)
            store = Store(looked_at)
            before: tuple[int, int] | None = None
            try:
                log = store.log_state()
                for number in log.readable()[-12:]:
                    rows = store.at(number, log).rows("agent").rows
                    [tick] = {int(row.updated_at or 0) for row in rows}
                    assert len(rows) == 60
                    assert before is None or tick - before[1] == number - before[0]
                    before = number, tick
                    shown += 1
            except (NotFoundError, StoreError) as error:
                # Gone meanwhile, or in use: said, not guessed.
                assert (
                    "restarted" in str(error) or "checkpoint" in str(error) or "busy" in str(error)
                )
            store.close()
        ticking.stdin.close()
    assert shown > 20
