"""Who has the store open, told by the lock on the shared memory."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from inspector.store import daemon
from inspector.store.files import look
from inspector.store.store import Store
from inspector.store.types import Journal
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


def test_elsewhere_it_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = layouts.v2(tmp_path / "s.db")
    monkeypatch.setattr(sys, "platform", "plan9")
    with Writer(path) as writer:
        writer.sql("INSERT INTO resources VALUES ('agent', 'b', x'01', '')")
        assert daemon.inspect(str(path), look(str(path))).journal is Journal.UNKNOWN
        writer.stop()
    assert daemon.inspect(str(path), look(str(path))).journal is Journal.CLEAN
