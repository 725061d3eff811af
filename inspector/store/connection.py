"""A hardened connection: what may be asked of a file that anyone may have written."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import apsw

from inspector.store.files import Source
from inspector.store.types import Cancel
from inspector.store.vfs import PRIVATE, READ_ONLY

#: Tables that are always read; others are named by the reading that needs them.
STORE_TABLES: Final = frozenset(
    {
        "pragma_table_xinfo",
        "resource_audit",
        "resource_names",
        "resources",
        "schema_version",
        "session_events",
        "sqlite_master",
        "sqlite_schema",
        "workflow_execution_events",
    }
)
_FORBIDDEN_FUNCTIONS: Final = frozenset({"load_extension", "fts3_tokenizer"})
_ACTIONS: Final = (apsw.SQLITE_SELECT, apsw.SQLITE_TRANSACTION)
_PRAGMAS: Final = frozenset({"encoding", "schema_version", "table_xinfo"})
_CONFIG: Final = (
    (apsw.SQLITE_DBCONFIG_DEFENSIVE, 1),
    (apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
    (apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
    (apsw.SQLITE_DBCONFIG_ENABLE_VIEW, 0),
    (apsw.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0),
    (apsw.SQLITE_DBCONFIG_DQS_DDL, 0),
    (apsw.SQLITE_DBCONFIG_DQS_DML, 0),
)
_SALVAGE: Final = (
    (apsw.SQLITE_DBCONFIG_DEFENSIVE, 0),
    (apsw.SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1),
)
_LIMITS: Final = (
    (apsw.SQLITE_LIMIT_ATTACHED, 0),
    (apsw.SQLITE_LIMIT_EXPR_DEPTH, 60),
    (apsw.SQLITE_LIMIT_COMPOUND_SELECT, 3),
    (apsw.SQLITE_LIMIT_VDBE_OP, 25_000),
)
_STEPS_BETWEEN_LOOKS: Final = 10_000


class Watch:
    """Ends a query that was cancelled or takes too long."""

    def __init__(self, cancel: Cancel | None, seconds: float) -> None:
        self._cancel = cancel
        self._end = time.monotonic() + seconds

    @property
    def cancelled(self) -> bool:
        """Whether the answer is no longer wanted."""
        return self._cancel is not None and self._cancel.is_set()

    def __call__(self) -> bool:
        """Whether SQLite must stop now."""
        return self.cancelled or time.monotonic() > self._end


def open_in_place(path: str, source: Source) -> apsw.Connection:
    """Open the store itself; nothing is created or changed."""
    mode = "readonly_shm=1" if source is Source.LIVE else "immutable=1"
    return apsw.Connection(
        f"{Path(path).as_uri()}?mode=ro&{mode}",
        flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
        vfs=READ_ONLY.name,
    )


def open_copy(path: Path) -> apsw.Connection:
    """Open a copy of ours, in which SQLite may replay a journal."""
    PRIVATE.root = str(path.parent)
    return apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE, vfs=PRIVATE.name)


def harden(
    connection: apsw.Connection, watch: Watch, tables: Iterable[str] = (), *, salvage: bool = False
) -> None:
    """Refuse whatever is not a plain read of the known tables and ``tables``.

    Args:
        connection: a connection that has not been used yet.
        watch: ends its queries.
        tables: tables beyond those of a store that may be read.
        salvage: read on in a file that is shorter than it says or whose schema is damaged. SQLite
            allows it only to those who could write the schema, which the file layer prevents.
    """
    for option, value in (*_CONFIG, *(_SALVAGE if salvage else ())):
        connection.config(option, value)
    for limit, value in _LIMITS:
        connection.limit(limit, value)
    connection.set_busy_timeout(0)
    connection.set_progress_handler(watch, _STEPS_BETWEEN_LOOKS)
    for pragma in ("cell_size_check=ON", "mmap_size=0", "temp_store=MEMORY", "query_only=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.authorizer = _Authorizer(STORE_TABLES.union(tables))


class _Authorizer:
    def __init__(self, tables: frozenset[str]) -> None:
        self._tables = tables

    def __call__(
        self,
        action: int,
        first: str | None,
        second: str | None,
        database: str | None,
        inside: str | None,
    ) -> int:
        allowed = inside is None and self._allows(action, first, second)
        return apsw.SQLITE_OK if allowed else apsw.SQLITE_DENY

    def _allows(self, action: int, first: str | None, second: str | None) -> bool:
        if action == apsw.SQLITE_READ:
            return first in self._tables
        if action == apsw.SQLITE_PRAGMA:
            return first in _PRAGMAS
        if action == apsw.SQLITE_FUNCTION:
            # SQLite looks up the functions in a column's default whenever the column is read,
            # and calls none. Computed columns, which do call them, are never asked for.
            return second not in _FORBIDDEN_FUNCTIONS
        return action in _ACTIONS
