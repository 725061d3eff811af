"""How much of a damaged file is left, and what lies on the disk."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event

import pytest

from inspector.errors import CancelledError, StoreError
from inspector.session.damage_survey import survey
from inspector.session.file_states import FileState, file_states
from inspector.session.session import Session
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
PAGE = 4096


def broken(path: Path) -> Session:
    """The real store in which the pages after the first with executions are spoiled."""
    content = bytearray(STORE.read_bytes())
    leaves = [at for at in range(PAGE, len(content), PAGE) if content[at] == 10]
    for at in [at for at in leaves if b"agent_execution" in content[at : at + PAGE]][1:]:
        content[at : at + 12] = b"\xee" * 12
    path.write_bytes(content)
    return Session.open(path)


def test_a_whole_file_is_complete() -> None:
    told: list[int] = []
    session = Session.open(STORE)
    states = survey(session, progress=told.append)
    assert all(state.complete for state in states)
    assert sum(state.read for state in states) == 93
    assert told[-1] == 93
    assert told == sorted(told)


def test_only_what_is_lost_is_not_complete(tmp_path: Path) -> None:
    states = {state.kind: state for state in survey(broken(tmp_path / "s.db"))}
    lost = states.pop("agent_execution")
    assert (lost.display_name, lost.read, lost.complete) == ("Agent Execution", 7, False)
    assert lost.damage is not None
    assert all(state.complete for state in states.values())


def test_rows_that_are_there_but_cannot_be_read_are_counted(tmp_path: Path) -> None:
    records = [Rec("agent", f"agt-{n:03}", bytes([n]) * 9000) for n in range(10)]
    path = layouts.v2(tmp_path / "s.db", records)
    content = path.read_bytes()
    page = next(
        at for at in range(0, len(content), PAGE) if content[at + 4 : at + 400] == b"\x05" * 396
    )
    path.write_bytes(content[:page] + b"\xee" * 8 + content[page + 8 :])
    (state,) = survey(Session.open(path))
    assert (state.read, state.spoiled) == (9, 1)
    assert (state.damage, state.complete) == (None, False)


def test_a_survey_can_be_cancelled() -> None:
    cancel = Event()
    with pytest.raises(CancelledError):
        survey(Session.open(STORE), cancel, lambda _: cancel.set())


def test_the_files_are_told_as_they_lie_there(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db")
    os.utime(path, ns=(7, 7_000_000_000))
    session = Session.open(path)
    assert file_states(session.store.real_path) == (
        FileState("", path.stat().st_size, 7_000_000_000),
    )
    wal = tmp_path / "s.db-wal"
    wal.touch()
    os.utime(wal, ns=(8, 8_000_000_000))
    assert file_states(session.store.real_path)[1:] == (FileState("-wal", 0, 8_000_000_000),)
    path.unlink()
    with pytest.raises(StoreError):
        file_states(session.store.real_path)
