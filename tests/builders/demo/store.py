"""The file: layout 27 with all its tables, as one clean database without a journal.

It is a store that began in January and was upgraded all year. What migrations have deleted in a
real store of this layout is kept, so that every kind and table can be seen.
"""

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
    march_to_august,
    october_agents,
    october_marks,
    october_people,
    october_rest,
    october_runs,
    odd,
    september_agents,
    september_people,
    september_runs,
    skills,
    tables,
)
from tests.builders.demo.core import Part, Record, Version

LAYOUT = """
CREATE TABLE schema_version (
  version INTEGER PRIMARY KEY,
  applied_at TEXT NOT NULL DEFAULT (datetime('now'))
);
CREATE TABLE resources (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  data BLOB NOT NULL,
  updated_at TEXT NOT NULL DEFAULT (datetime('now')),
  list_org TEXT,
  list_created_at TEXT,
  list_index_revision INTEGER,
  list_indexed_at TEXT,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX idx_resources_kind_id ON resources (kind, id);
CREATE INDEX idx_resources_list_org ON resources (kind, list_org, list_created_at, id);
CREATE INDEX idx_resources_list_created ON resources (kind, list_created_at, id);
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
  kind, resource_id UNINDEXED, name, description, tags,
  org UNINDEXED, visibility UNINDEXED, created_at UNINDEXED,
  tokenize = 'porter unicode61'
);
CREATE TABLE bootstrap_state (
  key TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at TEXT NOT NULL
) WITHOUT ROWID;
-- Layout 19 drops this table; it is kept for the events that it holds.
CREATE TABLE workflow_execution_events (
  execution_id TEXT NOT NULL, sequence_number INTEGER NOT NULL, event_type TEXT NOT NULL,
  task_name TEXT NOT NULL DEFAULT '', data BLOB NOT NULL, created_at TEXT NOT NULL,
  PRIMARY KEY (execution_id, sequence_number)
);
CREATE TABLE schedule_runs (
  schedule_id TEXT NOT NULL, org TEXT NOT NULL DEFAULT '', nominal_fire_time TEXT NOT NULL,
  origin TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
  execution_id TEXT NOT NULL DEFAULT '', recorded_at TEXT NOT NULL,
  completed_at TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (schedule_id, nominal_fire_time, origin)
);
CREATE TABLE resource_list_keys (
  kind TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  created_at TEXT NOT NULL, PRIMARY KEY (kind, id, key)
) WITHOUT ROWID;
CREATE INDEX idx_resource_list_keys_lookup
  ON resource_list_keys (kind, key, value, created_at, id);
CREATE TABLE resource_names (
  kind TEXT NOT NULL, org TEXT NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL,
  state TEXT NOT NULL, claimed_at TEXT NOT NULL, expires_at TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (kind, org, name)
) WITHOUT ROWID;
CREATE INDEX idx_resource_names_id ON resource_names (kind, org, id);
CREATE TABLE organization_deletions (
  org TEXT PRIMARY KEY, phase TEXT NOT NULL, marked_at TEXT NOT NULL,
  accepted_at TEXT NOT NULL DEFAULT '', heartbeat_at TEXT NOT NULL DEFAULT '',
  stage TEXT NOT NULL DEFAULT '', last_error TEXT NOT NULL DEFAULT ''
);
CREATE TABLE pending_oauth_state (
  state TEXT PRIMARY KEY, code_verifier TEXT NOT NULL, client_id TEXT NOT NULL DEFAULT '',
  client_secret TEXT NOT NULL DEFAULT '', token_endpoint TEXT NOT NULL DEFAULT '',
  identity_account_id TEXT NOT NULL, auth_method TEXT NOT NULL DEFAULT '',
  token_auth_method TEXT NOT NULL DEFAULT '', redirect_uri TEXT NOT NULL DEFAULT '',
  org TEXT NOT NULL DEFAULT '', vault_id TEXT NOT NULL DEFAULT '',
  tool_address TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL
);
CREATE TABLE oauth_client_registration (
  login_server TEXT NOT NULL, redirect_uri TEXT NOT NULL, client_id TEXT NOT NULL,
  created_at INTEGER NOT NULL, PRIMARY KEY (login_server, redirect_uri)
);
CREATE TABLE connect_link (
  token_hash TEXT PRIMARY KEY, org TEXT NOT NULL, vault_id TEXT NOT NULL, address TEXT NOT NULL,
  return_url TEXT NOT NULL DEFAULT '', created_by TEXT NOT NULL,
  created_by_class TEXT NOT NULL DEFAULT '', created_by_bound_org TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER
);
CREATE TABLE connect_attempt (
  id TEXT PRIMARY KEY, org TEXT NOT NULL, created_by TEXT NOT NULL, person TEXT NOT NULL,
  plugin_id TEXT NOT NULL, server TEXT NOT NULL, created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE TABLE session_events (
  session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_id TEXT NOT NULL,
  run_id TEXT NOT NULL DEFAULT '', thread_id TEXT NOT NULL DEFAULT '', type TEXT NOT NULL,
  org TEXT NOT NULL DEFAULT '', processed_at TEXT NOT NULL, data BLOB NOT NULL,
  PRIMARY KEY (session_id, seq)
);
"""

_PARTS = (
    january_base,
    january_agents,
    january_runs,
    january_workflows,
    skills,
    march_to_august,
    september_people,
    september_agents,
    september_runs,
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
    return (*record[:4], *tables.list_columns(record))


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
