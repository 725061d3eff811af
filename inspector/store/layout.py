"""What kind of store a file is, told by its tables and columns alone.

Index names, defaults, declared types and ``WITHOUT ROWID`` differ between stores of one layout
and mean nothing here. A table or column that is missing, or one more, is no error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import apsw

from inspector.store.keys import ROUTES, KeyColumn, Route, keeps_text, quoted
from inspector.store.reader import DAMAGE, Snapshot, advanced
from inspector.store.text import UTF_8, can_be_named, decode
from inspector.store.types import Column, Form

_RESOURCES: Final = frozenset({"kind", "id", "data"})
_JSON_ONLY: Final = frozenset({"org_id", "project_id"})
_AUDIT: Final = frozenset({"kind", "resource_id", "data"})
_VERSIONS: Final = "schema_version"
#: More layouts than there will be; a table with more rows is no list of layouts.
_MOST_LAYOUTS: Final = 1000
_LONGEST_TIME: Final = 64  #: bytes; what is longer is no time
_ROWID_NAMES: Final = ("rowid", "_rowid_", "oid")
_STORED: Final = (0, 3)  #: "hidden" of table_xinfo: plain columns and stored generated ones


@dataclass(frozen=True, slots=True)
class Resources:
    """The table of live rows.

    Attributes:
        kind: its kind column.
        id: its id column.
        rowid: the name its row number goes by, None in a table without.
        updated_at: SQL of that column's bytes, ``NULL`` where there is none.
        keyed: an index finds and orders rows by kind and id.
        has_legacy: rows may be versions by their id or kind.
    """

    kind: KeyColumn
    id: KeyColumn
    rowid: str | None
    updated_at: str
    keyed: bool
    has_legacy: bool


@dataclass(frozen=True, slots=True)
class Audit:
    """The table of archived rows; as :class:`Resources`, and ``number`` is SQL of its id."""

    kind: KeyColumn
    resource_id: KeyColumn
    number: str
    archived_at: str
    version_hash: str
    tag: str
    keyed: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file's schema says. ``tables`` are all tables, virtual ones in ``virtual``."""

    form: Form
    resources: Resources | None
    audit: Audit | None
    tables: tuple[str, ...]
    virtual: frozenset[str]
    encoding: str


def read_layout(snapshot: Snapshot) -> Layout:
    """Recognise the store that a snapshot shows."""
    tables, virtual = _tables(snapshot)
    plain = [name for name in tables if name not in virtual]
    resources = audit = None
    form = Form.FOREIGN
    encoding = encoding_of(snapshot)
    if encoding == UTF_8:
        columns = columns_of(snapshot, "resources") if "resources" in plain else []
        if _names(columns) >= _RESOURCES:
            form = _form(columns, plain)
            resources = _resources(snapshot, columns, form is not Form.JSON)
        columns = columns_of(snapshot, "resource_audit") if "resource_audit" in plain else []
        if _names(columns) >= _AUDIT and form is not Form.JSON:
            audit = _audit(snapshot, columns)
            form = Form.SQLITE
    return Layout(form, resources, audit, tuple(tables), frozenset(virtual), encoding)


def read_version(snapshot: Snapshot, layout: Layout) -> int | None:
    """The layout version: 0 where none is written, None where there is none or it is lost."""
    if layout.form is not Form.SQLITE:
        return None
    if _VERSIONS not in layout.tables or _VERSIONS in layout.virtual:
        return 0
    if "version" not in _names(columns_of(snapshot, _VERSIONS)):
        return 0
    sql = f"SELECT max(version) FROM {_VERSIONS} WHERE typeof(version) = 'integer'"
    try:
        row = snapshot.one(sql)
    except DAMAGE:
        return None
    return int(row[0]) if row and row[0] is not None else 0


def read_applied(snapshot: Snapshot, layout: Layout) -> tuple[tuple[int, str], ...]:
    """The layouts that were applied, ascending, and when; what is damaged is left out.

    A time is given as stored, and empty where there is none.
    """
    if layout.form is not Form.SQLITE or _VERSIONS in layout.virtual:
        return ()
    if _VERSIONS not in layout.tables:
        return ()
    columns = columns_of(snapshot, _VERSIONS)
    if "version" not in _names(columns):
        return ()
    at = _bytes_of("applied_at", columns)
    sql = (
        f"SELECT version, CASE WHEN length({at}) <= {_LONGEST_TIME} THEN {at} END"
        f" FROM {_VERSIONS} WHERE typeof(version) = 'integer' LIMIT {_MOST_LAYOUTS}"
    )
    found: set[tuple[int, str]] = set()
    with suppress(*DAMAGE):
        for version, applied in snapshot.each(sql):
            found.add((version, decode(applied or b"")))
    return tuple(sorted(found))


def columns_of(snapshot: Snapshot, table: str) -> list[Column]:
    """The columns that a table stores; computed and hidden ones, and broken names, are left out."""
    encoding = encoding_of(snapshot)
    rows = snapshot.rows(
        "SELECT CAST(name AS BLOB), CAST(type AS BLOB), pk FROM pragma_table_xinfo(:table)"
        f" WHERE hidden IN {_STORED}",
        table=table,
    )
    columns = (
        Column(decode(name, encoding), decode(kind, encoding), key) for name, kind, key in rows
    )
    return [column for column in columns if can_be_named(column.name)]


def rowid_name(snapshot: Snapshot, table: str, columns: Iterable[Column]) -> str | None:
    """The name by which a table's row number can be asked for, None where it has none."""
    taken = _names(columns)
    for name in _ROWID_NAMES:
        if name not in taken:
            try:
                snapshot.rows(f"SELECT {name} FROM {quoted(table)} LIMIT 0")
            except (apsw.SQLError, *DAMAGE):
                return None
            return name
    return None


def _names(columns: Iterable[Column]) -> set[str]:
    """Column names as SQLite compares them."""
    return {column.name.lower() for column in columns}


def _tables(snapshot: Snapshot) -> tuple[list[str], list[str]]:
    """Names of all tables by their bytes, and of the virtual ones."""
    names: list[str] = []
    virtual: list[str] = []
    sql = (
        "SELECT CAST(name AS BLOB), rootpage FROM sqlite_schema WHERE type = 'table'"
        " AND name IS NOT NULL ORDER BY CAST(name AS BLOB)"
    )
    encoding = encoding_of(snapshot)
    for stored, root in snapshot.each(sql):
        name = decode(stored, encoding)
        names.append(name)
        if not root:
            virtual.append(name)
    return names, virtual


def encoding_of(snapshot: Snapshot) -> str:
    """How SQLite calls the encoding of the file's texts."""
    row = snapshot.one("PRAGMA encoding")
    return str(row[0]) if row else ""


def _form(columns: Sequence[Column], tables: Iterable[str]) -> Form:
    is_json = _names(columns) >= _JSON_ONLY and _VERSIONS not in tables
    return Form.JSON if is_json else Form.SQLITE


def _resources(snapshot: Snapshot, columns: Sequence[Column], has_legacy: bool) -> Resources:
    kind, key = _key_columns(snapshot, "resources", columns, ("kind", "id"))
    return Resources(
        kind,
        key,
        rowid_name(snapshot, "resources", columns),
        _bytes_of("updated_at", columns),
        _is_keyed(snapshot, "resources", kind, key),
        has_legacy,
    )


def _audit(snapshot: Snapshot, columns: Sequence[Column]) -> Audit:
    kind, key = _key_columns(snapshot, "resource_audit", columns, ("kind", "resource_id"))
    return Audit(
        kind,
        key,
        _audit_number(snapshot, columns),
        _bytes_of("archived_at", columns),
        _bytes_of("version_hash", columns),
        _bytes_of("tag", columns),
        _is_keyed(snapshot, "resource_audit", kind, key),
    )


def _audit_number(snapshot: Snapshot, columns: Sequence[Column]) -> str:
    """SQL of an audit row's id; the bare column where it is the row number itself."""
    for column in columns:
        if column.name.lower() == "id":
            row_number = column.primary_key and column.type.upper() == "INTEGER"
            return "id" if row_number else "coalesce(CAST(id AS INTEGER), 0)"
    return rowid_name(snapshot, "resource_audit", columns) or "CAST(0 AS INTEGER)"


def _bytes_of(name: str, columns: Iterable[Column]) -> str:
    return f"CAST({name} AS BLOB)" if name in _names(columns) else "NULL"


def _key_columns(
    snapshot: Snapshot, table: str, columns: Iterable[Column], names: tuple[str, str]
) -> tuple[KeyColumn, KeyColumn]:
    declared = {column.name.lower(): column.type for column in columns}
    if all(keeps_text(declared[name]) for name in names):
        kind, key = KeyColumn(names[0]), KeyColumn(names[1])
        try:
            text_only = not _holds_other_than_text(snapshot, table, kind, key)
        except DAMAGE:
            # As in nearly all stores; whoever reads the rows meets the damage again.
            text_only = True
        if text_only:
            return kind, key
    return KeyColumn(names[0], mixed=True), KeyColumn(names[1], mixed=True)


def _holds_other_than_text(snapshot: Snapshot, table: str, kind: KeyColumn, key: KeyColumn) -> bool:
    if not _is_keyed(snapshot, table, kind, key):
        return _any(snapshot, table, " OR ".join((*kind.odd(), *key.odd())))
    if any(_any(snapshot, table, condition) for condition in kind.odd()):
        return True
    same_kind = kind.compared("=", "kind")
    return any(
        _any(snapshot, table, f"{same_kind} AND {condition}", kind=one)
        for one in distinct(snapshot, table, kind)
        for condition in key.odd()
    )


def distinct(
    snapshot: Snapshot,
    table: str,
    key: KeyColumn,
    route: Route = ROUTES[0],
    *,
    descending: bool = False,
) -> Iterator[bytes]:
    """The different values of an index's first column, one seek each."""
    sql = (
        f"SELECT {key.value} FROM {table} {route.access} WHERE {{}} AND {route.condition}"
        f" ORDER BY {key.order} {'DESC' if descending else 'ASC'} LIMIT 1"
    )
    row = snapshot.one(sql.format(key.within()))
    before: bytes | None = None
    while row is not None:
        if before is not None and descending:
            advanced(row[0], before)
        elif before is not None:
            advanced(before, row[0])
        before = row[0]
        yield row[0]
        row = snapshot.one(sql.format(key.within(True, descending)), after=before)


def _any(snapshot: Snapshot, table: str, condition: str, **values: bytes) -> bool:
    return snapshot.one(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1", **values) is not None


def _is_keyed(snapshot: Snapshot, table: str, kind: KeyColumn, key: KeyColumn) -> bool:
    """Whether SQLite would find and order rows by an index, asked of its own planner."""
    sql = (
        f"EXPLAIN QUERY PLAN SELECT {key.value} FROM {table} WHERE {kind.compared('=', 'kind')}"
        f" AND {key.within(after=True)} ORDER BY {key.order} LIMIT 1"
    )
    try:
        plan = [str(row[-1]) for row in snapshot.rows(sql, kind=b"", after=b"")]
    except DAMAGE:
        return False
    return len(plan) == 1 and f"{kind.column}=? AND {key.column}>?" in plan[0]
