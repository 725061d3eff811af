"""A hardened connection: what may be asked of a file that anyone may have written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import apsw

from inspector.errors import StoreErrorKind
from inspector.store.deadline import Deadline
from inspector.store.error_sentences import store_error
from inspector.store.files import ReadMode, file_uri
from inspector.store.text import TO_UTF_8, folded, to_utf_8
from inspector.store.vfs import AS_OF, PRIVATE, READ_ONLY

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.store.commits import Prefix
    from inspector.store.live_pages import LivePages

#: Tables that are always read; others are named by the reading that needs them.
STORE_TABLES: Final = frozenset(
    {
        "pragma_index_xinfo",
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
_PRAGMAS: Final = frozenset(
    {"cache_size", "encoding", "index_xinfo", "schema_version", "table_xinfo"}
)
_CONFIG: Final = (
    (apsw.SQLITE_DBCONFIG_DEFENSIVE, 1),
    (apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
    (apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
    (apsw.SQLITE_DBCONFIG_ENABLE_VIEW, 0),
    (apsw.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0),
    (apsw.SQLITE_DBCONFIG_DQS_DDL, 0),
    (apsw.SQLITE_DBCONFIG_DQS_DML, 0),
    # Else SQLite compiles a statement anew for every value that is bound to it, since its plan
    # might be a better one for that value: four times the cost of a short question.
    (apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1),
)
_SALVAGE: Final = (
    (apsw.SQLITE_DBCONFIG_DEFENSIVE, 0),
    (apsw.SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1),
)
#: Orders that SQLite knows for texts in UTF-8, and for those in UTF-16 by way of that.
_BUILT_IN: Final = frozenset(("NOCASE", "RTRIM"))
_STEPS_BETWEEN_LOOKS: Final = 10_000


def open_in_place(
    path: str, source: ReadMode, deadline: Deadline, gaps: Sequence[tuple[int, int]] = ()
) -> apsw.Connection:
    """Open the store itself; nothing is created or changed.

    Args:
        path: the database's real path.
        source: how it is read.
        deadline: may end its reading.
        gaps: what of the file nobody stored, from one offset up to another.
    """
    READ_ONLY.deadline, READ_ONLY.gaps = deadline, gaps
    mode = "readonly_shm=1" if source is ReadMode.LIVE else "immutable=1"
    connection = apsw.Connection(
        f"{file_uri(path)}?mode=ro&{mode}",
        flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
        vfs=READ_ONLY.name,
    )
    file, READ_ONLY.opened = READ_ONLY.opened, None
    if file is not None:
        file.read_quickly(connection)
    return connection


def open_copy(path: Path, deadline: Deadline, written: set[int]) -> apsw.Connection:
    """Open a copy of ours, in which SQLite may replay a journal.

    Args:
        path: the copy.
        deadline: may end that.
        written: takes the offsets of the pages that are written to it.
    """
    PRIVATE.root, PRIVATE.deadline, PRIVATE.written = str(path.parent), deadline, written
    PRIVATE.has_journal = path.with_name(f"{path.name}-journal").exists()
    return apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE, vfs=PRIVATE.name)


def open_as_of(
    prefix: Prefix | LivePages, deadline: Deadline, pages: set[int] | None = None
) -> apsw.Connection:
    """Open the store as of a commit; no lock is taken. ``pages`` takes those that are read."""
    AS_OF.prefix, AS_OF.deadline, AS_OF.pages = prefix, deadline, pages
    connection = apsw.Connection(
        "file:store?mode=ro&immutable=1",
        flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
        vfs=AS_OF.name,
    )
    file, AS_OF.opened = AS_OF.opened, None
    if file is not None:
        file.read_quickly(connection)
    return connection


def harden(
    connection: apsw.Connection,
    deadline: Deadline,
    tables: Iterable[str] = (),
    *,
    salvage: bool = False,
) -> Authorizer:
    """Refuse whatever is not a plain read of the known tables and ``tables``.

    SQLite's own limits on a schema stay as they are: a file that its writer's SQLite takes is
    taken here too.

    Args:
        connection: a connection that has not been used yet.
        deadline: ends its queries.
        tables: tables beyond those of a store that may be read.
        salvage: read on in a file that is shorter than it says or whose schema is damaged. SQLite
            allows it only to those who could write the schema, which the file layer prevents.

    Returns:
        What tells more tables to be readable.
    """
    for option, value in (*_CONFIG, *(_SALVAGE if salvage else ())):
        connection.config(option, value)
    connection.limit(apsw.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_busy_timeout(0)
    connection.set_progress_handler(deadline, _STEPS_BETWEEN_LOOKS)
    for pragma in ("cell_size_check=ON", "mmap_size=0", "temp_store=MEMORY", "query_only=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.collation_needed(_stand_in)
    for encoding, name in TO_UTF_8.items():
        connection.create_scalar_function(name, partial(to_utf_8, encoding=encoding), 1)
    authorizer = Authorizer((*STORE_TABLES, *tables))
    connection.authorizer = authorizer
    return authorizer


def _stand_in(connection: apsw.Connection, name: str) -> None:
    """Take the place of an order that only the program that wrote the file knows.

    Without one SQLite would not even go through such a table from its beginning to its end, which
    compares nothing. An order of our own would find rows where they are not; so this one ends the
    query that asks for it.
    """
    if name.upper() in _BUILT_IN:
        # SQLite asks before it looks whether it knows the order for texts of another encoding.
        return

    def compare(_first: str, _second: str) -> int:
        raise store_error(
            StoreErrorKind.UNSUPPORTED,
            f"This is ordered by {name}, which only the program that wrote the file knows.",
            "It can be read in the order in which it lies in the file.",
        )

    connection.create_collation(name, compare)


class Authorizer:
    """Says what a connection may do: read some tables, and nothing else."""

    def __init__(self, tables: Iterable[str]) -> None:
        self._tables: set[str] = set()
        self.allow(*tables)

    def allow(self, *tables: str) -> None:
        """Let these be read too."""
        self._tables.update(map(folded, tables))

    def __call__(
        self,
        action: int,
        first: str | None,
        second: str | None,
        database: str | None,
        inside: str | None,
    ) -> int:
        """SQLite's question whether it may do what a statement asks for."""
        allowed = inside is None and self._allows(action, first, second)
        return apsw.SQLITE_OK if allowed else apsw.SQLITE_DENY

    def _allows(self, action: int, first: str | None, second: str | None) -> bool:
        if action == apsw.SQLITE_READ:
            return first is not None and folded(first) in self._tables
        if action == apsw.SQLITE_PRAGMA:
            return first in _PRAGMAS
        if action == apsw.SQLITE_FUNCTION:
            # SQLite looks up the functions in a column's default whenever the column is read,
            # and calls none. Computed columns, which do call them, are never asked for.
            return second not in _FORBIDDEN_FUNCTIONS
        return action in _ACTIONS
