"""Who has the store open, told by the lock on the shared memory."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from inspector.errors import StoreError, StoreErrorKind
from inspector.session.session import Session
from inspector.store import lock_holders, reader
from inspector.store.files import look
from inspector.store.rows import Journal
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.builders.writer import Writer

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith(("linux", "darwin")), reason="locks are asked for on Linux, macOS"
)


def test_states_of_the_journal_and_the_daemons_number(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a")])
    store = Store(path)
    assert store.facts().journal is Journal.CLEAN

    with Writer(path) as writer:
        writer.sql("INSERT INTO resources VALUES ('agent', 'b', x'01', '')")
        facts = store.facts()
        assert (facts.journal, facts.daemon_pid) == (Journal.LIVE, writer.pid)
        assert facts.wal_size == (tmp_path / "s.db-wal").stat().st_size > 0
        writer.kill()
    facts = store.facts()
    assert (facts.journal, facts.daemon_pid) == (Journal.LEFT, None)


def test_asking_while_a_daemon_writes_leaves_its_lock(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a")])
    store = Store(path)
    with Writer(path) as writer:
        for _ in range(5):
            assert store.facts().journal is Journal.LIVE
            assert len(store.rows("agent").rows) == 1
        writer.stop()
    assert store.facts().journal is Journal.CLEAN


@pytest.mark.parametrize(
    ("statements", "journal"),
    [
        (("PRAGMA journal_mode=DELETE", "BEGIN", "SELECT count(*) FROM resources"), Journal.LIVE),
        (("PRAGMA journal_mode=DELETE", "BEGIN IMMEDIATE"), Journal.LIVE),
        (
            (
                *("PRAGMA journal_mode=DELETE", "PRAGMA locking_mode=EXCLUSIVE"),
                "DELETE FROM resources",
            ),
            Journal.ROLLBACK,
        ),
    ],
    ids=["reading", "about to write", "exclusive"],
)
@pytest.mark.parametrize("foreign", [False, True])
def test_without_a_wal_the_database_itself_is_asked(
    foreign: bool, statements: tuple[str, ...], journal: Journal, tmp_path: Path
) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a")])
    if foreign:
        path = layouts.create(tmp_path / "f.db", "CREATE TABLE resources (a)")
    store = Store(path)
    with Writer(path) as writer:
        writer.sql(*statements)
        facts = store.facts()
        assert (facts.journal, facts.daemon_pid) == (journal, writer.pid)
        writer.kill()
    facts = store.facts()
    store.close()
    assert facts.journal in (Journal.CLEAN, Journal.ROLLBACK)
    assert facts.daemon_pid is None


@pytest.mark.parametrize("journal", ["MEMORY", "OFF"])
def test_what_a_transaction_without_a_journal_left_half_written_is_no_damage(
    journal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "PATIENCE", 0.05)
    records = [Rec("agent", f"agt-{number:04}", bytes(150)) for number in range(2000)]
    path = tmp_path / "s.db"
    layouts.create(path, layouts.RESOURCES, records=records, journal_mode="DELETE")
    with Writer(path, journal) as writer:
        writer.sql("PRAGMA cache_size=5", "PRAGMA cache_spill=5", "BEGIN")
        for number in range(3000):
            key = f"agt-{number * 7919 % 6000:04}"
            row = f"('agent', '{key}', randomblob(3000), '')"
            writer.sql(f"INSERT OR REPLACE INTO resources VALUES {row}")
        store = Store(path)
        for ask in (store.kinds, lambda: store.rows("agent")):
            with pytest.raises(StoreError, match="in the middle of writing this file") as caught:
                ask()
            assert caught.value.kind is StoreErrorKind.BUSY
        assert store.damage is None
        writer.sql("COMMIT")
        assert store.kinds()[0].records > len(records)
        assert store.damage is None
    store.close()


def test_a_wal_without_shared_memory_may_be_somebodys(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    records = [Rec("agent", "a")]
    layouts.create(path, layouts.RESOURCES, records=records, journal_mode="DELETE")
    with Writer(path, "DELETE") as writer:
        writer.sql("PRAGMA locking_mode=EXCLUSIVE", "PRAGMA journal_mode=WAL")
        writer.sql("INSERT INTO resources VALUES ('agent', 'b', x'01', '')")
        assert not path.with_name("s.db-shm").exists()
        store = Store(path)
        facts = store.facts()
        assert (facts.journal, facts.daemon_pid) == (Journal.LIVE, writer.pid)
        writer.kill()
    assert store.facts().journal is Journal.LEFT
    store.close()


def test_who_only_has_a_file_open_is_not_seen_without_a_wal(tmp_path: Path) -> None:
    with_wal = layouts.v2(tmp_path / "wal.db")
    without = layouts.create(tmp_path / "plain.db", layouts.RESOURCES, journal_mode="DELETE")
    assert Store(with_wal).facts().asleep
    facts = Store(without).facts()
    assert (facts.journal, facts.asleep) == (Journal.CLEAN, False)


def test_a_file_with_another_name_says_so(tmp_path: Path) -> None:
    """The WAL lies beside the name by which it was opened; by the other one the answer is old."""
    path = layouts.v2(tmp_path / "a.db", [Rec("agent", "a")])
    other = tmp_path / "b.db"
    assert Session.open(path).notes == ()
    other.hardlink_to(path)
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=0")
        writer.sql("INSERT INTO resources VALUES ('agent', 'b', x'01', '')")
        named, second = Session.open(path), Session.open(other)
        assert named.facts().links == second.facts().links == 2
        assert len(named.store.rows("agent").rows) == 2
        assert named.notes == ()
        assert second.facts().journal is Journal.LIVE
        assert second.facts().daemon_pid == writer.pid
        (note,) = second.notes
        assert note.startswith("This file has 2 names (hard links).")
        writer.kill()


def test_elsewhere_it_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = layouts.v2(tmp_path / "s.db")
    monkeypatch.setattr(sys, "platform", "plan9")
    with Writer(path) as writer:
        writer.sql("INSERT INTO resources VALUES ('agent', 'b', x'01', '')")
        assert lock_holders.inspect(str(path), look(str(path))).journal is Journal.UNKNOWN
        writer.stop()
    assert lock_holders.inspect(str(path), look(str(path))).journal is Journal.CLEAN
