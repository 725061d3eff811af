"""Which computed columns may be computed: those whose expressions call known functions alone.

Whoever wrote the file wrote the expression, too. SQLite tells which functions it calls while it
prepares the table's definition, which is done in an empty database in memory.
"""

from __future__ import annotations

from typing import Final

import apsw

from inspector.store.reader import Snapshot
from inspector.store.text import folded

#: Functions that take little more time and room than their arguments are long.
_KNOWN: Final = frozenset(
    (
        *("->", "->>", "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2"),
        *("atanh", "ceil", "ceiling", "char", "coalesce", "cos", "cosh", "date", "datetime"),
        *("degrees", "exp", "floor", "hex", "if", "ifnull", "iif", "instr", "json"),
        *("json_array", "json_array_length", "json_extract", "json_object", "json_type"),
        *("json_valid", "julianday", "length", "ln"),
        *("log", "log10", "log2", "lower", "ltrim", "max", "min", "mod", "nullif"),
        *("octet_length", "pi", "pow", "power", "radians", "round", "rtrim", "sign", "sin"),
        *("sinh", "sqrt", "strftime", "substr", "substring", "tan", "tanh", "time", "timediff"),
        *("trim", "trunc", "typeof", "unicode", "unixepoch", "upper"),
    )
)
#: What SQLite does to prepare the definition of a table. No query is among it: a definition that
#: is one would be run.
_DEFINING: Final = frozenset(
    (
        *(apsw.SQLITE_CREATE_TABLE, apsw.SQLITE_CREATE_INDEX),
        *(apsw.SQLITE_INSERT, apsw.SQLITE_UPDATE, apsw.SQLITE_READ),
    )
)


def computable(snapshot: Snapshot, table: str) -> bool:
    """Whether a table's computed columns call nothing but known functions.

    Its checks count, too: SQLite does not say what calls a function.
    """
    row = snapshot.one(
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :name COLLATE NOCASE",
        name=table,
    )
    return row is not None and isinstance(row[0], str) and _is_harmless(row[0])


def _is_harmless(definition: str) -> bool:
    """Whether SQLite prepares a table's definition without calling for anything unknown."""
    scratch = apsw.Connection(":memory:")
    try:
        scratch.authorizer = _authorize
        # Nothing of it is run.
        scratch.execute(f"EXPLAIN {definition}")
    except (apsw.Error, UnicodeError):
        return False
    finally:
        scratch.close()
    return True


def _authorize(
    action: int, _first: str | None, second: str | None, _database: str | None, _by: str | None
) -> int:
    if action == apsw.SQLITE_FUNCTION:
        known = second is not None and folded(second) in _KNOWN
        return apsw.SQLITE_OK if known else apsw.SQLITE_DENY
    return apsw.SQLITE_OK if action in _DEFINING else apsw.SQLITE_DENY
