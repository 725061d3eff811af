"""Reads take turns, try again, end when asked, and leave nothing open."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

from inspector.compiled_part import VARIABLE
from inspector.errors import CancelledError, StoreError, StoreErrorKind
from inspector.store import connection, error_sentences, live_pages, reader, vfs
from inspector.store.live_pages import LivePages
from inspector.store.reader import Snapshot, StoreReader
from inspector.store.store import Store
from inspector.store.wal_index import WalIndex, published
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.builders.writer import Writer
from tests.cancels import SetAfter

_TURNS_ARE_TAKEN_IN = (reader.__file__, contextlib.__file__)
posix = pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be replaced there")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    records = [Rec("agent", f"agt-{n:03}") for n in range(10)]
    return layouts.v2(tmp_path / "s.db", records, [Arc("agent", "agt-000")])


def test_a_read_that_was_cancelled_does_not_begin(path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(CancelledError):
        Store(path).rows("agent", cancel=cancel)


ENDLESS = (
    "SELECT count(*) FROM resources a, resources b, resources c, resources d, resources e,"
    " resources f, resources g"
)


def test_a_query_is_cancelled_while_it_runs(path: Path) -> None:
    with pytest.raises(CancelledError):
        StoreReader(str(path)).read(lambda snapshot: snapshot.rows(ENDLESS), SetAfter(5))


def test_a_query_that_takes_too_long_ends(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_LONGEST_READ", 0.05)
    with pytest.raises(StoreError) as caught:
        StoreReader(str(path)).read(lambda snapshot: snapshot.rows(ENDLESS))
    assert caught.value.kind is StoreErrorKind.TIMEOUT
    assert caught.value.message == "Reading the file took too long."


@contextlib.contextmanager
def _another_reads() -> Iterator[None]:
    """Another thread has its turn meanwhile."""
    begun, over = threading.Event(), threading.Event()

    def read() -> None:
        with reader.exclusive():
            begun.set()
            assert over.wait(30)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        assert begun.wait(30)
        yield
    finally:
        over.set()
        thread.join()


def test_waiting_for_another_read_can_be_cancelled(path: Path) -> None:
    with _another_reads(), pytest.raises(CancelledError):
        Store(path).rows("agent", cancel=SetAfter(3))


def test_a_file_that_stays_busy_is_given_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "PATIENCE", 0.1)
    with Writer(path) as writer:
        writer.sql("PRAGMA journal_mode=DELETE", "BEGIN EXCLUSIVE", "DELETE FROM resources")
        Path(f"{path}-wal").write_bytes(b"so that it is read in place")
        Path(f"{path}-shm").write_bytes(b"")
        Path(f"{path}-journal").unlink()
        with pytest.raises(StoreError) as caught:
            Store(path).rows("agent")
    assert caught.value.kind is StoreErrorKind.BUSY
    assert caught.value.message == (
        f"The daemon kept the file busy for {error_sentences.PATIENCE:.0f} seconds."
    )


def test_a_read_is_repeated_when_the_file_changed_under_it(path: Path) -> None:
    """Where no lock guards a read, it counts only if nothing moved meanwhile."""
    counts: list[int] = []

    def work(snapshot: Snapshot) -> int:
        found = snapshot.one("SELECT count(*) FROM resources")
        assert found is not None
        counts.append(found[0])
        if len(counts) == 1:
            layouts.v2(path.with_name("new.db"), [Rec("agent", "only")])
            path.write_bytes(path.with_name("new.db").read_bytes())
        return counts[-1]

    assert StoreReader(str(path)).read(work) == 1
    assert counts == [10, 1]


@posix
def test_a_replaced_file_is_said_until_it_is_accepted(path: Path) -> None:
    store = Store(path)
    assert len(store.rows("agent").rows) == 10
    layouts.v2(path.with_name("new.db"), [Rec("agent", "new")]).replace(path)
    for _ in range(2):
        with pytest.raises(StoreError) as caught:
            store.rows("agent")
        assert caught.value.kind is StoreErrorKind.REPLACED
    store.accept_replacement()
    assert [row.id for row in store.rows("agent").rows] == ["new"]
    assert [tuple(kind) for kind in store.kinds()] == [("agent", 1, 0)]


def test_a_file_that_went_away_is_missing(path: Path) -> None:
    store = Store(path)
    path.unlink()
    with pytest.raises(StoreError) as caught:
        store.kinds()
    assert caught.value.kind is StoreErrorKind.MISSING
    with pytest.raises(StoreError):
        store.signature()


def test_the_signature_moves_with_every_commit_and_not_with_reading(path: Path) -> None:
    store = Store(path)
    seen = [store.signature()]
    with Writer(path) as writer:
        for number in range(3):
            writer.sql(f"INSERT INTO resources VALUES ('agent', 'new-{number}', x'01', '')")
            seen.append(store.signature())
            assert len(store.rows("agent").rows) == 11 + number
            store.facts()
            assert store.signature() == seen[-1]
        writer.stop()
    seen.append(store.signature())
    assert len(set(seen)) == len(seen)


def test_new_rows_and_kinds_are_seen_at_once(path: Path) -> None:
    store = Store(path)
    with Writer(path) as writer:
        for number in range(20):
            writer.sql(f"INSERT INTO resources VALUES ('kind-{number:02}', 'a', x'01', '')")
            assert len(store.kinds()) == number + 2
        writer.stop()


def test_a_table_that_a_daemon_adds_is_seen(path: Path) -> None:
    bare = layouts.v0(path.with_name("v0.db"), [Rec("skill", "s")])
    store = Store(bare)
    assert store.facts().layout == 0
    with Writer(bare) as writer:
        for statement in (layouts.SCHEMA_VERSION, *layouts.AUDIT.split(";")[:2]):
            writer.sql(statement)
        writer.sql("INSERT INTO schema_version (version) VALUES (2)")
        writer.sql("INSERT INTO resource_audit (kind, resource_id, data) VALUES ('skill','s',x'')")
        assert store.facts().layout == 2
        assert len(store.history.versions("skill", "s")) == 1
        writer.stop()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="descriptors are listed on Linux")
def test_no_descriptor_is_left_open(path: Path) -> None:
    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    def ask() -> None:
        store = Store(path)
        store.facts()
        store.kinds()
        list(store.raw_rows())
        store.tables()
        with pytest.raises(StoreError):
            Store(path.parent)
        store.close()

    ask()
    before = descriptors()
    for _ in range(5):
        ask()
    Path(f"{path}-wal").write_bytes(b"not a WAL")
    for _ in range(5):
        ask()
    assert descriptors() == before


@posix
def test_no_page_is_read_while_pythons_lock_is_held(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's own file layer keeps it, and on a slow disk with it every other thread."""

    def locked(*_: object) -> bytes:
        raise AssertionError("read by SQLite's own file layer")

    monkeypatch.setenv(VARIABLE, "python")  # which reads each page
    monkeypatch.setattr(vfs._ReadOnlyFile, "xRead", locked, raising=False)
    with Writer(path) as writer:
        writer.sql("INSERT INTO resources (kind, id, data) VALUES ('agent', 'agt-new', X'')")
        store = Store(path)
        assert len(store.rows("agent").rows) == 11
        read = os.pread
        monkeypatch.setattr(os, "pread", lambda file, amount, at: read(file, min(amount, 100), at))
        assert len(Store(path).rows("agent").rows) == 11


def test_threads_take_turns(path: Path) -> None:
    store = Store(path)
    found: list[int] = []

    def ask() -> None:
        for _ in range(10):
            found.append(len(store.rows("agent").rows))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [10] * 40


def test_who_asks_next_has_the_next_turn(path: Path) -> None:
    """A long reading is many short ones; without turns it would keep the others out."""
    order: list[str] = []
    asked = threading.Event()

    class Asked:
        """Tells that somebody waits: it is asked while one does."""

        def is_set(self) -> bool:
            asked.set()
            return False

    def other() -> None:
        with reader.exclusive(Asked()):
            order.append("other")

    thread = threading.Thread(target=other)
    with reader.exclusive():
        thread.start()
        assert asked.wait(30)
        order.append("first")
    for _ in range(100):
        with reader.exclusive():
            order.append("again")
    thread.join()
    assert order[:2] == ["first", "other"]


def test_who_gives_up_waiting_keeps_nobody_out(path: Path) -> None:
    with _another_reads():
        for _ in range(3):
            with pytest.raises(CancelledError), reader.exclusive(SetAfter(1)):
                pytest.fail("it was not its turn")
    with _another_reads():
        pass


class _InterruptAfter:
    """Ctrl-C, which arrives after a number of the places where Python looks for signals.

    These are the beginning of a function and the return of one that is written in C.
    """

    def __init__(self, places: int) -> None:
        self._left = places

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        del argument
        if event in ("call", "c_return") and frame.f_code.co_filename in _TURNS_ARE_TAKEN_IN:
            self._left -= 1
            if self._left == 0:
                sys.setprofile(None)
                raise KeyboardInterrupt


def _interrupted(work: Callable[[], None], places: int) -> bool:
    before = sys.getprofile()
    sys.setprofile(_InterruptAfter(places))
    try:
        work()
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(before)
    return False


def _read_once() -> None:
    with reader.exclusive():
        pass


@pytest.mark.parametrize("crowded", [False, True])
def test_an_interrupt_at_any_place_keeps_nobody_out(crowded: bool) -> None:
    places = 1
    while _interrupted(_wait_and_read if crowded else _read_once, places):
        # This thread tidies up, as a store does that is closed; then others read as before.
        with reader.exclusive(SetAfter(0)):
            pass
        with _another_reads():
            pass
        places += 1
    assert places > 5


def _wait_and_read() -> None:
    """Reads after another thread, which ends as soon as it is waited for."""
    begun, asked = threading.Event(), threading.Event()

    def read() -> None:
        with reader.exclusive():
            begun.set()
            assert asked.wait(30)

    class Asked:
        def is_set(self) -> bool:
            asked.set()
            return False

    thread = threading.Thread(target=read)
    thread.start()
    try:
        assert begun.wait(30)
        with reader.exclusive(Asked()):
            pass
    finally:
        asked.set()
        thread.join()


def test_a_long_reading_is_made_of_short_ones(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The daemon must not notice: a read goes on for ten milliseconds, and ends with a step."""
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    opened: list[Snapshot] = []
    steps: list[tuple[int, int]] = []

    def chunk(snapshot: Snapshot, at: int) -> tuple[int, int | None]:
        if snapshot not in opened:
            opened.append(snapshot)
        steps.append((len(opened), at))
        clock[0] += 0.004
        return at, at + 1 if at < 6 else None

    assert list(StoreReader(str(path)).sweep(chunk, 0)) == [0, 1, 2, 3, 4, 5, 6]
    assert steps == [(1, 0), (1, 1), (1, 2), (2, 3), (2, 4), (2, 5), (3, 6)]


def test_sql_functions_of_defaults_are_not_refused(tmp_path: Path) -> None:
    """A column's default may name any function; reading the column looks it up."""
    path = layouts.create(
        tmp_path / "s.db",
        "CREATE TABLE resources (kind TEXT, id TEXT DEFAULT (hex(randomblob(4))), data BLOB)",
        "INSERT INTO resources (kind, data) VALUES ('agent', x'01')",
    )
    assert len(Store(path).rows("agent").rows) == 1
    assert "load_extension" in connection._FORBIDDEN_FUNCTIONS


@posix
def test_what_is_made_of_a_state_that_moved_does_not_count(path: Path) -> None:
    """Without a lock a checkpoint may come between: neither errors nor memories of it are kept."""
    store = Store(path)
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=0")
        writer.sql("UPDATE resources SET data = x'02'")
        read: list[object] = []
        kept: list[int] = []

        def work(snapshot: Snapshot) -> object:
            found = snapshot.one("SELECT data FROM resources")
            read.append(snapshot.live)
            if len(read) == 1:
                writer.sql("UPDATE resources SET data = x'03'", "PRAGMA wal_checkpoint(TRUNCATE)")
                snapshot.afterwards(lambda: kept.append(1))
                raise ZeroDivisionError
            snapshot.afterwards(lambda: kept.append(2))
            return found

        assert store._reader.read(work) == (b"\x03",)
        assert read[0] is not None
        assert kept == [2]
        writer.stop()


@posix
def test_a_read_that_was_overtaken_begins_when_the_log_is_begun_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has the longest time then; sooner it would be overtaken again, until a lock is taken."""
    store = Store(path)
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=0", "UPDATE resources SET data = x'02'")
        states: list[LivePages | None] = []
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                writer.sql("UPDATE resources SET data = x'04'")

        def work(snapshot: Snapshot) -> object:
            states.append(snapshot.live)
            if len(states) == 1:
                writer.sql("UPDATE resources SET data = x'03'", "PRAGMA wal_checkpoint")
            return snapshot.one("SELECT data FROM resources")

        monkeypatch.setattr(time, "sleep", pause)
        assert store._reader.read(work) == (b"\x04",)
        first, second = states
        assert first is not None
        assert second is not None
        assert second.mark.published.salts != first.mark.published.salts
        writer.stop()


@posix
def test_a_state_that_is_published_in_this_very_moment_is_read_without_a_lock(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock held while a checkpoint is made would let the log grow."""
    store = Store(path)
    with Writer(path) as writer:
        writer.sql("UPDATE resources SET data = x'02'")
        glances: list[WalIndex | None] = []

        def torn_at_first(path: str) -> WalIndex | None:
            glances.append(published(path) if glances else None)
            return glances[-1]

        monkeypatch.setattr(live_pages, "published", torn_at_first)
        assert store._reader.read(lambda snapshot: snapshot.live) is not None
        writer.stop()


@posix
def test_a_read_that_is_overtaken_again_and_again_becomes_short_and_takes_a_lock(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No writer can keep a reader out, whatever it does; and where it can, the log stays short."""
    store = Store(path)
    monkeypatch.setattr(reader, "_UNLOCKED", 0.0)
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=0")
        attempts: list[tuple[bool, bool]] = []

        def work(snapshot: Snapshot) -> object:
            unlocked = snapshot.live is not None
            attempts.append((unlocked, snapshot.fresh))
            if unlocked:
                writer.sql("UPDATE resources SET data = x'03'", "PRAGMA wal_checkpoint")
                writer.sql("UPDATE resources SET data = x'04'")
            return snapshot.one("SELECT data FROM resources")

        assert store._reader.read(work) == (b"\x04",)
        long, short = reader._LONG_ATTEMPTS, reader._ATTEMPTS - reader._LONG_ATTEMPTS
        assert attempts == [(True, True)] * long + [(True, False)] * short + [(False, False)]
        writer.stop()


@posix
def test_a_read_without_a_lock_leaves_a_stopping_daemon_its_clean_end(path: Path) -> None:
    """It stops in the midst of the read, which is then done again."""
    store = Store(path)
    for _ in range(3):
        with Writer(path) as writer:
            writer.sql("UPDATE resources SET data = x'02'")
            times: list[int] = []

            def work(snapshot: Snapshot, writer: Writer = writer, times: list[int] = times) -> int:
                times.append(len(snapshot.rows("SELECT data FROM resources")))
                if len(times) == 1:
                    writer.stop()
                return times[-1]

            assert store._reader.read(work) == 10
            assert times == [10, 10]
            assert os.listdir(path.parent) == [path.name]  # noqa: PTH208


@posix
@pytest.mark.parametrize("byte", [0, 5, 10, 25], ids=["magic", "version", "page size", "sums"])
def test_a_log_whose_header_does_not_hold_is_none_unless_somebody_has_it_open(
    path: Path, byte: int
) -> None:
    """SQLite reads the database alone then; with the shared memory of a log it waits first."""
    log = path.with_name(path.name + "-wal")
    with Writer(path) as writer:
        writer.sql(
            "PRAGMA wal_autocheckpoint=0",
            "UPDATE resources SET updated_at = 'checkpointed'",
            "PRAGMA wal_checkpoint(PASSIVE)",
            "DELETE FROM resources WHERE id > 'agt-004'",
        )
        whole = log.read_bytes()
        spoiled = bytearray(whole)
        spoiled[byte] ^= 1
        # In place, as what a disk lost: the writer goes by its shared memory.
        log.write_bytes(spoiled)
        assert len(Store(path).rows("agent").rows) == 5
        writer.kill()
        assert len(Store(path).rows("agent").rows) == 10
        log.write_bytes(whole)
        assert len(Store(path).rows("agent").rows) == 5


@posix
def test_a_left_log_that_was_cut_behind_its_header_is_none(path: Path) -> None:
    """With the shared memory of another one SQLite waits ten seconds, and says the file is busy."""
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=0", "DELETE FROM resources WHERE id > 'agt-004'")
        writer.kill()
    assert len(Store(path).rows("agent").rows) == 5
    for size in (33, 32, 31, 0):
        os.truncate(f"{path}-wal", size)
        with sqlite3.connect(shutil.copy(path, path.with_name(f"copy-{size}.db"))) as copy:
            shutil.copy(f"{path}-wal", path.with_name(f"copy-{size}.db-wal"))
            assert copy.execute("SELECT count(*) FROM resources").fetchone() == (10,)
        copy.close()
        assert len(Store(path).rows("agent").rows) == 10


def test_a_question_that_is_asked_again_is_not_compiled_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each compiling asks the authorizer everything, which takes longer than a short question."""
    asked: list[int] = []
    allows = connection.Authorizer._allows

    def counted(authorizer: connection.Authorizer, action: int, *names: str | None) -> bool:
        asked.append(action)
        return allows(authorizer, action, *names)

    monkeypatch.setattr(connection.Authorizer, "_allows", counted)
    sql = "SELECT data FROM resources WHERE kind = :kind AND id >= :id ORDER BY id LIMIT :limit"

    def read(snapshot: Snapshot) -> int:
        snapshot.rows(sql, kind="agent", id="agt-000", limit=1)
        first = len(asked)
        for number in range(20):
            snapshot.rows(sql, kind="agent", id=f"agt-{number:03}", limit=number)
        return len(asked) - first

    assert StoreReader(str(path)).read(read) == 0
