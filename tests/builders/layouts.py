"""Store files of any layout, written with the standard library's SQLite as the daemon would."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

RESOURCES = """
CREATE TABLE resources (
    kind TEXT NOT NULL, id TEXT NOT NULL, data BLOB NOT NULL,
    updated_at TEXT NOT NULL DEFAULT (datetime('now')), PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX idx_resources_kind_id ON resources(kind, id);
"""
#: The same columns with nothing to help: rowid table, no key, no index.
RESOURCES_BARE = "CREATE TABLE resources (kind TEXT, id TEXT, data BLOB, updated_at TEXT);"
#: As the plans had it: a rowid table whose key is its only index.
RESOURCES_ROWID = """
CREATE TABLE resources (
    kind TEXT NOT NULL, id TEXT NOT NULL, data BLOB NOT NULL, updated_at TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);
"""
RESOURCES_JSON = """
CREATE TABLE resources (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, org_id TEXT DEFAULT '', project_id TEXT DEFAULT '',
    data JSON NOT NULL, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_resource_kind ON resources(kind);
"""
SCHEMA_VERSION = """
CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at TEXT);
"""
AUDIT = """
CREATE TABLE resource_audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, resource_id TEXT NOT NULL,
    data BLOB NOT NULL, archived_at TEXT NOT NULL DEFAULT (datetime('now')),
    version_hash TEXT, tag TEXT
);
CREATE INDEX idx_audit_resource ON resource_audit(kind, resource_id);
CREATE INDEX idx_audit_hash ON resource_audit(kind, resource_id, version_hash);
CREATE INDEX idx_audit_tag ON resource_audit(kind, resource_id, tag, archived_at DESC);
"""
AUDIT_BARE = """
CREATE TABLE resource_audit (
    id INTEGER, kind TEXT, resource_id TEXT, data BLOB, archived_at TEXT, version_hash TEXT,
    tag TEXT
);
"""
SEARCH_INDEX = """
CREATE VIRTUAL TABLE search_index USING fts5(kind UNINDEXED, resource_id UNINDEXED, name);
INSERT INTO search_index VALUES ('agent', 'agt-1', 'first');
"""


class Rec(NamedTuple):
    """A row of ``resources``. Text is bound as text; bytes in ``id`` become text unchecked."""

    kind: str
    id: str | bytes
    data: bytes | str = b"\x0a\x01x"
    updated_at: str = "2026-01-25 20:38:38"


class Arc(NamedTuple):
    """A row of ``resource_audit``."""

    kind: str
    resource_id: str
    data: bytes = b"\x0a\x01x"
    archived_at: str = "2026-01-25 20:38:38"
    version_hash: str | None = None
    tag: str | None = None


def create(
    path: Path,
    *scripts: str,
    records: Iterable[Rec] = (),
    archived: Iterable[Arc] = (),
    version: int | None = None,
    page_size: int = 4096,
    journal_mode: str = "WAL",
) -> Path:
    """Write a store and close it cleanly, as a stopped daemon leaves it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size={page_size}")
        connection.execute(f"PRAGMA journal_mode={journal_mode}")
        for script in scripts:
            connection.executescript(script)
        connection.execute("BEGIN")
        put(connection, records)
        archive(connection, archived)
        if version is not None:
            connection.execute("INSERT INTO schema_version (version) VALUES (?)", (version,))
        connection.execute("COMMIT")
    return path


def put(connection: sqlite3.Connection, records: Iterable[Rec]) -> None:
    """Save records as the daemon does."""
    for record in records:
        connection.execute(
            "INSERT OR REPLACE INTO resources (kind, id, data, updated_at)"
            " VALUES (?, CAST(? AS TEXT), ?, ?)",
            record,
        )


def archive(connection: sqlite3.Connection, archived: Iterable[Arc]) -> None:
    """Save versions as the daemon does."""
    for version in archived:
        connection.execute(
            "INSERT INTO resource_audit (kind, resource_id, data, archived_at, version_hash, tag)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            version,
        )


def v0(path: Path, records: Iterable[Rec] = ()) -> Path:
    """A store of the first SQLite daemon."""
    return create(path, RESOURCES, records=records)


def v2(path: Path, records: Iterable[Rec] = (), archived: Iterable[Arc] = ()) -> Path:
    """A store with an archive."""
    return create(
        path,
        RESOURCES,
        SCHEMA_VERSION,
        AUDIT,
        records=records,
        archived=archived,
        version=2,
    )
