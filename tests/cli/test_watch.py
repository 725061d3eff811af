"""``watch``: a line for each event, with the clocks of the test."""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from inspector.cli.commands.watch_command import watch
from inspector.cli.output import Output
from inspector.session.session import Session
from tests.builders.layouts import Rec
from tests.builders.writer import Writer
from tests.cli.calls import call, failed
from tests.cli.made import blobs, v2

NOW = datetime(2026, 1, 25, 20, 38, 38, 7_999, tzinfo=UTC)
SEEN = "2026-01-25T20:38:38.007Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    agent, other = blobs("agent")[:2]
    return v2(
        tmp_path, Rec("agent", "a1", agent), Rec("agent", "a2", other), Rec("skill", "s", b"")
    )


def _watched(path: Path, *steps: Callable[[], object], json_: bool = True, **more: Any) -> bytes:
    """What is written while each step is done between two looks."""
    data = io.BytesIO()
    left = list(steps)
    clock = [0.0]

    def sleep(seconds: float) -> None:
        clock[0] += max(seconds, 0.25)
        if left:
            left.pop(0)()

    words = argparse.Namespace(
        **{"kind": None, "id": None, "json": json_, "seconds": len(steps), **more}
    )
    session = Session.open(path)
    code = watch(
        *(session, words, Output(data)), sleep=sleep, clock=lambda: clock[0], now=lambda: NOW
    )
    session.close()
    assert (code, left) == (0, [])
    return data.getvalue()


def _change(path: Path) -> Callable[[], None]:
    def change() -> None:
        with Writer(path) as writer:
            writer.sql(
                f"UPDATE resources SET data = x'{blobs('agent')[1].hex()}' WHERE id = 'a1'",
                "INSERT INTO resources VALUES ('agent', 'a3', x'0a0178', '')",
                "DELETE FROM resources WHERE id = 'a2'",
                "INSERT INTO resource_audit (kind, resource_id, data) VALUES ('skill', 's', x'')",
            )
            writer.stop()

    return change


def test_a_line_for_each_event_byte_for_byte(path: Path) -> None:
    lines = _watched(path, _change(path)).decode().splitlines()
    head = f'{{"time":"{SEEN}","event":'
    updated = json.loads(lines[0])
    assert lines[0].startswith(
        f'{head}"updated","kind":"agent","id":"a1","auditId":null,"fields":['
    )
    assert "metadata.name" in updated["fields"]
    assert lines[1:] == [
        f'{head}"deleted","kind":"agent","id":"a2","auditId":null,"fields":null}}',
        f'{head}"created","kind":"agent","id":"a3","auditId":null,"fields":null}}',
        f'{head}"archived","kind":"skill","id":"s","auditId":1,"fields":null}}',
    ]


def test_only_what_is_asked_for(path: Path) -> None:
    def ids(**more: Any) -> list[str]:
        return [
            json.loads(line)["id"] for line in _watched(path, _change(path), **more).splitlines()
        ]

    assert ids(kind="skill") == ["s"]
    with Writer(path) as writer:
        writer.sql("DELETE FROM resources WHERE id = 'a3'")
        writer.sql("INSERT INTO resources VALUES ('agent', 'a2', x'', '')")
        writer.stop()
    assert ids(kind="Agent", id="a2") == ["a2"]


def test_what_happens_to_the_store(path: Path) -> None:
    kept = path.with_name("kept")
    steps = (
        lambda: path.rename(kept),
        lambda: kept.rename(path),
        lambda: path.with_name("new").write_bytes(path.read_bytes()),
        lambda: path.with_name("new").replace(path),
    )
    lines = _watched(path, *steps).splitlines()
    assert lines == [
        f'{{"time":"{SEEN}","event":"store","kind":null,"id":null,"auditId":null,'
        f'"fields":"{what}"}}'.encode()
        for what in ("gone", "back", "replaced")
    ]


def test_for_people(path: Path) -> None:
    lines = _watched(path, _change(path), json_=False).decode().splitlines()
    assert lines[0].startswith(f"{SEEN}  updated  agent/a1  ")
    assert lines[1] == f"{SEEN}  deleted  agent/a2"
    assert lines[3] == f"{SEEN}  archived skill/s  audit:1"


def test_what_is_there_is_not_told(path: Path) -> None:
    answer = call("watch", "--for", "0", "--json", "--db", path)
    assert (answer.code, answer.out, answer.err) == (0, b"", "watching\n")
    assert call("watch", "--for", "0.01", "--json", "--db", path) == answer


def test_calls_that_fail(path: Path, tmp_path: Path) -> None:
    assert failed(call("watch", "nothing", "--db", path), 4)
    assert failed(call("watch", "agent", "nobody", "--db", path), 4)
    assert failed(call("watch", "--db", tmp_path / "none.db"), 3)
    assert failed(call("watch", "--for", "soon", "--db", path), 2)
    assert failed(call("watch", "--for", "0", "--commit", "0", "--db", path), 4)
    with Writer(path) as writer:
        writer.sql("UPDATE resources SET data = x'00' WHERE id = 's'")
        assert failed(call("watch", "--for", "0", "--commit", "1", "--db", path), 2)
        writer.stop()


@pytest.mark.parametrize("argument", [".3", "1.", "1e3", "-1", "three"])
def test_what_is_no_number_of_seconds_is_refused(argument: str) -> None:
    answer = call("watch", f"--for={argument}", "--demo")
    assert answer.code == 2
    assert f"'{argument}' is not a number of seconds" in answer.err
