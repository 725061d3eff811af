"""Events beside the records of a store, and the names its daemon keeps, as daemons write them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tests.builders.demo import wire

EXECUTION_EVENTS = """
CREATE TABLE workflow_execution_events (
    execution_id TEXT NOT NULL, sequence_number INTEGER NOT NULL, event_type TEXT NOT NULL,
    task_name TEXT NOT NULL DEFAULT '', data BLOB NOT NULL, created_at TEXT NOT NULL,
    PRIMARY KEY (execution_id, sequence_number)
);
"""
#: The same columns with nothing to help: no key, no index.
EXECUTION_EVENTS_BARE = """
CREATE TABLE workflow_execution_events (
    execution_id TEXT, sequence_number INTEGER, event_type TEXT, task_name TEXT, data BLOB,
    created_at TEXT
);
"""
EXECUTION_EVENTS_KEYED = EXECUTION_EVENTS.replace(");\n", ") WITHOUT ROWID;\n")
SESSION_EVENTS = """
CREATE TABLE session_events (
    session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_id TEXT NOT NULL,
    run_id TEXT NOT NULL DEFAULT '', thread_id TEXT NOT NULL DEFAULT '', type TEXT NOT NULL,
    org TEXT NOT NULL DEFAULT '', processed_at TEXT NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (session_id, seq)
);
"""
NAMES = """
CREATE TABLE resource_names (
    kind TEXT NOT NULL, org TEXT NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL,
    state TEXT NOT NULL, claimed_at TEXT NOT NULL, expires_at TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (kind, org, name)
) WITHOUT ROWID;
"""
TIME = "2026-05-23T01:41:06.000Z"


class OfExecution(NamedTuple):
    """A row of ``workflow_execution_events``."""

    execution_id: str
    number: object
    event_type: str = "task_started"
    task: str = "build"
    data: object = b""
    created_at: str = TIME


class OfSession(NamedTuple):
    """A row of ``session_events``."""

    session_id: str
    number: object
    event_id: str = "sev-1"
    run_id: str = ""
    thread_id: str = ""
    type: str = "session.status_running"
    org: str = "acme"
    processed_at: str = TIME
    data: object = b"\x5a\x00"


class OfName(NamedTuple):
    """A row of ``resource_names``."""

    kind: str
    org: str
    name: str
    id: str
    state: str = "retired"
    claimed_at: str = TIME
    expires_at: str = ""


def execution_event(
    execution: str, number: int, task: str = "build", *, type_: int = 11, payload: bytes = b""
) -> bytes:
    """A ``WorkflowExecutionEvent``, by default that a task has started."""
    return (
        wire.text(1, f"{execution}:{number}")
        + wire.integer(2, type_)
        + wire.integer(3, number)
        + wire.text(5, task)
        + payload
    )


def add(path: Path, script: str, rows: Iterable[OfExecution | OfSession | OfName] = ()) -> Path:
    """Make a table in a store and put rows into it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(script)
        put(connection, rows)
    return path


def put(connection: sqlite3.Connection, rows: Iterable[OfExecution | OfSession | OfName]) -> None:
    """Write rows as the daemon does."""
    tables: dict[type, str] = {
        OfExecution: "workflow_execution_events",
        OfSession: "session_events",
        OfName: "resource_names",
    }
    connection.execute("BEGIN")
    for row in rows:
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {tables[type(row)]} VALUES ({marks})", tuple(row))
    connection.execute("COMMIT")
