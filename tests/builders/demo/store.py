"""The file: layout v8 with all its tables, as one clean database without a journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import apsw

from tests.builders.demo import (
    broken,
    january_agents,
    january_base,
    january_runs,
    january_workflows,
    october_agents,
    october_marks,
    october_people,
    october_rest,
    october_runs,
    odd,
    skills,
    tables,
)
from tests.builders.demo.core import Part, Record, Version

LAYOUT = """
CREATE TABLE resources (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  data BLOB NOT NULL,
  updated_at TEXT NOT NULL DEFAULT (datetime('now')),
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX idx_resources_kind_id ON resources (kind, id);
CREATE TABLE schema_version (
  version INTEGER PRIMARY KEY,
  applied_at TEXT NOT NULL DEFAULT (datetime('now'))
);
CREATE TABLE resource_audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  data BLOB NOT NULL,
  archived_at TEXT NOT NULL DEFAULT (datetime('now')),
  version_hash TEXT,
  tag TEXT
);
CREATE INDEX idx_audit_resource ON resource_audit (kind, resource_id);
CREATE INDEX idx_audit_hash ON resource_audit (kind, resource_id, version_hash);
CREATE INDEX idx_audit_tag ON resource_audit (kind, resource_id, tag, archived_at DESC);
CREATE VIRTUAL TABLE search_index USING fts5 (
  kind UNINDEXED, resource_id UNINDEXED, name, description, tags,
  org UNINDEXED, visibility UNINDEXED, created_at UNINDEXED,
  tokenize = 'porter unicode61'
);
CREATE TABLE bootstrap_state (key TEXT PRIMARY KEY, value TEXT, updated_at TEXT) WITHOUT ROWID;
CREATE TABLE workflow_execution_events (
  execution_id TEXT, sequence_number INTEGER, event_type TEXT, task_name TEXT, data BLOB,
  created_at TEXT, PRIMARY KEY (execution_id, sequence_number)
);
CREATE TABLE schedule_runs (
  schedule_id TEXT, org TEXT, nominal_fire_time TEXT, origin TEXT, outcome TEXT, reason TEXT,
  execution_id TEXT, recorded_at TEXT, completed_at TEXT,
  PRIMARY KEY (schedule_id, nominal_fire_time, origin)
);
CREATE TABLE signal_dedupe (id TEXT PRIMARY KEY, created_at TEXT);
CREATE TABLE oauth_grant (id TEXT PRIMARY KEY, subject TEXT, created_at TEXT);
CREATE TABLE pending_oauth_state (
  state TEXT PRIMARY KEY, client_secret TEXT, code_verifier TEXT, created_at TEXT
);
CREATE INDEX idx_oauth_grant_subject ON oauth_grant (subject);
"""

_PARTS = (
    january_base,
    january_agents,
    january_runs,
    january_workflows,
    skills,
    october_people,
    october_agents,
    october_runs,
    october_marks,
    october_rest,
    odd,
    broken,
)


def content() -> Part:
    """Every record by kind and id, and every version in the order the daemon archived them."""
    parts = [module.part() for module in _PARTS]
    records = [record for part in parts for record in part.records]
    versions = [version for part in parts for version in part.versions]
    records.sort(key=lambda record: (record.kind.encode(), record.id.encode()))
    versions.sort(key=lambda version: version.archived_at)
    return Part(records, versions)


def _insert(connection: apsw.Connection, table: str, rows: Iterable[Sequence[object]]) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", tuple(row))


def _resource_row(record: Record) -> tuple[object, ...]:
    return (record.kind, record.id, record.data, record.updated_at)


def _audit_row(number: int, version: Version) -> tuple[object, ...]:
    kind, id_, data, archived_at, version_hash, tag, _ = version
    return (number, kind, id_, data, archived_at, version_hash, tag)


def build(path: Path) -> None:
    """Write the store to ``path``, which must not exist yet.

    The same code, resources and SQLite give the same bytes.

    Raises:
        FileExistsError: there is something at ``path``.
        OSError: the folder is not there or may not be written.
    """
    path.touch(exist_ok=False)
    made = content()
    connection = apsw.Connection(str(path))
    try:
        connection.execute("PRAGMA page_size = 4096; PRAGMA journal_mode = DELETE")
        connection.execute(LAYOUT)
        with connection:
            _insert(connection, "resources", map(_resource_row, made.records))
            rows = (_audit_row(index, each) for index, each in enumerate(made.versions, 1))
            _insert(connection, "resource_audit", rows)
            for table, lines in tables.rows(made.records).items():
                _insert(connection, table, lines)
        connection.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")
        connection.execute("VACUUM")
    finally:
        connection.close()
