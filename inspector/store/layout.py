"""What kind of store a file is, told by its tables and columns alone.

Index names, defaults, declared types and ``WITHOUT ROWID`` differ between stores of one layout
and mean nothing here. A table or column that is missing, or one more, is no error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from operator import itemgetter
from typing import Final

import apsw

from inspector.errors import StoreError
from inspector.named_tuple import NamedTuple
from inspector.store.error_sentences import undefined
from inspector.store.keys import ROUTES, KeyColumn, Route, as_bytes, keeps_text, quoted
from inspector.store.reader import DAMAGE, Snapshot, advanced
from inspector.store.rows import Form, TableColumn
from inspector.store.text import TO_UTF_8, UTF_8, can_be_named, decode, folded

_RESOURCES: Final = frozenset({"kind", "id", "data"})
_JSON_ONLY: Final = frozenset({"org_id", "project_id"})
_AUDIT: Final = frozenset({"kind", "resource_id", "data"})
_VERSIONS: Final = "schema_version"
#: More layouts than there will be; a table with more rows is no list of layouts.
_MOST_LAYOUTS: Final = 1000
_LONGEST_TIME: Final = 64  #: bytes; what is longer is no time
_LIST_COLUMN: Final = "list_org"  #: of the rows of layout 11 and later
_ROWID_NAMES: Final = ("rowid", "_rowid_", "oid")
_RESOURCES_TABLE: Final = "resources"
_AUDIT_TABLE: Final = "resource_audit"
#: Tables that came with a layout after the first; those that a daemon made whenever it used them
#: came after it too.
_LATER_TABLES: Final = (
    *(_AUDIT_TABLE, "search_index", "bootstrap_state", "workflow_execution_events"),
    *("schedule_runs", "signal_dedupe", "oauth_grant", "pending_oauth_state"),
    *("resource_list_keys", "organization_slugs", "resource_names", "organization_deletions"),
    *("oauth_client_registration", "connect_link", "connect_attempt", "session_events"),
)
#: "hidden" of table_xinfo: plain columns, virtual and stored generated ones. The fourth are those
#: of virtual tables.
_PLAIN: Final = 0
_VIRTUAL: Final = 2
_STORED: Final = 3


class BlobColumn(NamedTuple):
    """A column of blobs, in which a text counts as its UTF-8.

    Attributes:
        value: SQL of its bytes.
        size: SQL of how many they are, which does not load them where that can be helped.
    """

    value: str
    size: str


class Resources(NamedTuple):
    """The table of live rows.

    Attributes:
        kind: its kind column.
        id: its id column.
        rowid: the name its row number goes by, None in a table without.
        updated_at: SQL of that column's bytes, ``NULL`` where there is none.
        keyed: an index finds and orders rows by kind and id.
        has_legacy: rows may be versions by their id or kind.
        data: SQL of the blob.
    """

    kind: KeyColumn
    id: KeyColumn
    rowid: str | None
    updated_at: str
    keyed: bool
    has_legacy: bool
    data: BlobColumn


class Audit(NamedTuple):
    """The table of archived rows; as :class:`Resources`, and ``number`` is SQL of its id."""

    kind: KeyColumn
    resource_id: KeyColumn
    number: str
    archived_at: str
    version_hash: str
    tag: str
    keyed: bool
    data: BlobColumn


class Layout(NamedTuple):
    """What a file's schema says.

    Attributes:
        form: what kind of store it is.
        resources: the table of live rows.
        audit: the table of archived rows.
        tables: names of all tables as they are stored, by their bytes.
        virtual: those of them that are virtual.
        encoding: how SQLite calls the encoding of the file's texts.
        views: names of all views, by their bytes.
        problem: of a store's own tables, why one of them cannot be asked for.
    """

    form: Form
    resources: Resources | None
    audit: Audit | None
    tables: tuple[str, ...]
    virtual: frozenset[str]
    encoding: str
    views: tuple[str, ...] = ()
    problem: StoreError | None = None

    def names(self, table: str) -> bool:
        """Whether the file has a table of this name, virtual or not, in any case of letters."""
        return folded(table) in map(folded, self.tables)

    def reads(self, table: str) -> bool:
        """Whether it has such a table that is not a virtual one."""
        wanted = folded(table)
        return any(folded(one) == wanted and one not in self.virtual for one in self.tables)


def read_layout(snapshot: Snapshot) -> Layout:
    """Recognise the store that a snapshot shows."""
    names = _tables(snapshot)
    plain = {folded(name) for name in names.tables if name not in names.virtual}
    resources = audit = None
    form = Form.FOREIGN
    columns = columns_of(snapshot, _RESOURCES_TABLE) if _RESOURCES_TABLE in plain else []
    if _names(columns) >= _RESOURCES:
        form = _form(columns, plain)
        resources = _resources(snapshot, columns, form is not Form.JSON)
    columns = columns_of(snapshot, _AUDIT_TABLE) if _AUDIT_TABLE in plain else []
    if _names(columns) >= _AUDIT and form is not Form.JSON:
        audit = _audit(snapshot, columns)
        form = Form.SQLITE
    return Layout(
        *(form, resources, audit, tuple(names.tables), frozenset(names.virtual)),
        encoding_of(snapshot),
        tuple(names.views),
        _not_understood(snapshot, plain),
    )


def _not_understood(snapshot: Snapshot, plain: Collection[str]) -> StoreError | None:
    """Why a table that a store needs cannot be asked for, though it is there."""
    if snapshot.puzzle is None:
        return None
    for name in (_RESOURCES_TABLE, _AUDIT_TABLE, _VERSIONS):
        if name in plain and not columns_of(snapshot, name):
            return undefined(name, snapshot.puzzle)
    return None


def read_version(snapshot: Snapshot, layout: Layout) -> int | None:
    """The layout version: 0 where none was ever written, None where there is none or it is lost.

    It is lost where the file has tables or columns of a later layout and says of none that it was
    applied, such as a copy of some of a store's tables, and where what it says is no number.
    """
    if layout.form is not Form.SQLITE:
        return None
    if not layout.reads(_VERSIONS):
        return _without_versions(snapshot, layout)
    if "version" not in _names(columns_of(snapshot, _VERSIONS)):
        return _without_versions(snapshot, layout)
    sql = f"SELECT max(version) FROM {_VERSIONS} WHERE typeof(version) = 'integer'"
    try:
        row = snapshot.one(sql)
        if row is not None and row[0] is not None:
            return int(row[0])
        # Versions that are no numbers say that some layout was applied, and not which.
        if snapshot.one(f"SELECT 1 FROM {_VERSIONS} LIMIT 1") is not None:
            return None
    except DAMAGE:
        return None
    return _without_versions(snapshot, layout)


def _without_versions(snapshot: Snapshot, layout: Layout) -> int | None:
    if any(map(layout.names, _LATER_TABLES)):
        return None
    return None if _LIST_COLUMN in _names(columns_of(snapshot, _RESOURCES_TABLE)) else 0


def read_applied(snapshot: Snapshot, layout: Layout) -> tuple[tuple[int, str], ...]:
    """The layouts that were applied, ascending, and when; what is damaged is left out.

    A time is given as stored, and empty where there is none.
    """
    if layout.form is not Form.SQLITE or not layout.reads(_VERSIONS):
        return ()
    columns = columns_of(snapshot, _VERSIONS)
    if "version" not in _names(columns):
        return ()
    at = _bytes_of(snapshot, "applied_at", columns)
    sql = (
        f"SELECT version, CASE WHEN length({at}) <= {_LONGEST_TIME} THEN {at} END"
        f" FROM {_VERSIONS} WHERE typeof(version) = 'integer' LIMIT {_MOST_LAYOUTS}"
    )
    found: set[tuple[int, str]] = set()
    with suppress(*DAMAGE):
        for version, applied in snapshot.each(sql):
            found.add((version, decode(applied or b"")))
    return tuple(sorted(found))


def columns_of(snapshot: Snapshot, table: str) -> list[TableColumn]:
    """The columns that a table stores; computed and hidden ones, and broken names, are left out."""
    return [column for column in all_columns_of(snapshot, table) if not column.computed]


def all_columns_of(snapshot: Snapshot, table: str) -> list[TableColumn]:
    """The columns of a table, those too that are computed whenever they are read.

    Hidden ones of virtual tables are left out, and those whose names are broken.
    """
    encoding = encoding_of(snapshot)
    # In the schema "temp" no file can have put a table of that name.
    rows = snapshot.rows(
        "SELECT CAST(name AS BLOB), CAST(type AS BLOB), pk, hidden"
        " FROM temp.pragma_table_xinfo(:table)"
        f" WHERE hidden IN ({_PLAIN}, {_VIRTUAL}, {_STORED})",
        table=table,
    )
    columns = (
        TableColumn(
            *(decode(name, encoding), decode(kind, encoding), key),
            computed=hidden == _VIRTUAL,
            derived=hidden != _PLAIN,
        )
        for name, kind, key, hidden in rows
    )
    return [column for column in columns if can_be_named(column.name)]


def declared_columns(snapshot: Snapshot, table: str) -> tuple[tuple[str, int], ...]:
    """Names of all columns that lie in the rows of a table, folded, and places in its key or 0.

    Unlike those of :func:`columns_of` they tell where in a row each lies: none is left out.
    """
    encoding = encoding_of(snapshot)
    rows = snapshot.rows(
        "SELECT CAST(name AS BLOB), pk FROM temp.pragma_table_xinfo(:table)"
        f" WHERE hidden IN ({_PLAIN}, {_STORED})",
        table=table,
    )
    return tuple((folded(decode(name, encoding)), key) for name, key in rows)


def in_row_order(declared: Iterable[tuple[str, int]], *, without_rowid: bool) -> list[str]:
    """Names of columns as they lie in a row: without row numbers the primary key comes first."""
    columns = list(declared)
    if without_rowid:
        columns.sort(key=lambda one: (not one[1], one[1]))
    return [name for name, _ in columns]


def rowid_name(snapshot: Snapshot, table: str, columns: Iterable[TableColumn]) -> str | None:
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


def _names(columns: Iterable[TableColumn]) -> set[str]:
    """Column names as SQLite compares them."""
    return {folded(column.name) for column in columns}


class _KnownTables(NamedTuple):
    tables: list[str]
    virtual: list[str]
    views: list[str]


def _tables(snapshot: Snapshot) -> _KnownTables:
    """Names of all tables, of the virtual ones among them, and of all views, by their bytes."""
    found = _KnownTables([], [], [])
    sql = (
        "SELECT CAST(name AS BLOB), type = 'view', rootpage FROM sqlite_schema"
        " WHERE type IN ('table', 'view') AND name IS NOT NULL"
    )
    encoding = encoding_of(snapshot)
    for stored, view, root in sorted(snapshot.each(sql), key=itemgetter(0)):
        name = decode(stored, encoding)
        if view:
            found.views.append(name)
            continue
        found.tables.append(name)
        if not root:
            found.virtual.append(name)
    return found


def encoding_of(snapshot: Snapshot) -> str:
    """How SQLite calls the encoding of the file's texts."""
    row = snapshot.one("PRAGMA encoding")
    return str(row[0]) if row and row[0] in TO_UTF_8 else UTF_8


def _form(columns: Sequence[TableColumn], tables: Iterable[str]) -> Form:
    is_json = _names(columns) >= _JSON_ONLY and _VERSIONS not in tables
    return Form.JSON if is_json else Form.SQLITE


def _resources(snapshot: Snapshot, columns: Sequence[TableColumn], has_legacy: bool) -> Resources:
    kind, key = _key_columns(snapshot, "resources", columns, ("kind", "id"))
    return Resources(
        kind,
        key,
        rowid_name(snapshot, "resources", columns),
        _bytes_of(snapshot, "updated_at", columns),
        _is_keyed(snapshot, "resources", kind, key),
        has_legacy,
        _blob(snapshot),
    )


def _audit(snapshot: Snapshot, columns: Sequence[TableColumn]) -> Audit:
    kind, key = _key_columns(snapshot, "resource_audit", columns, ("kind", "resource_id"))
    return Audit(
        kind,
        key,
        _audit_number(snapshot, columns),
        _bytes_of(snapshot, "archived_at", columns),
        _bytes_of(snapshot, "version_hash", columns),
        _bytes_of(snapshot, "tag", columns),
        _is_keyed(snapshot, "resource_audit", kind, key),
        _blob(snapshot),
    )


def _audit_number(snapshot: Snapshot, columns: Sequence[TableColumn]) -> str:
    """SQL of an audit row's id; the bare column where it is the row number itself.

    Where several rows share an id, or have none, it is the row number: each of them is a version.
    """
    row_number = rowid_name(snapshot, "resource_audit", columns)
    if "id" not in _names(columns):
        return row_number or "CAST(0 AS INTEGER)"
    try:
        # A column declared as INTEGER PRIMARY KEY DESC is none, and may hold NULL.
        plan = snapshot.rows("EXPLAIN QUERY PLAN SELECT 1 FROM resource_audit WHERE id = 1")
        if any("INTEGER PRIMARY KEY" in str(row[-1]) for row in plan):
            return "id"
        number = "coalesce(CAST(id AS INTEGER), 0)"
        shared = f"SELECT 1 FROM resource_audit GROUP BY {number} HAVING count(*) > 1 LIMIT 1"
        if row_number is not None and snapshot.one(shared) is not None:
            return row_number
    except DAMAGE:
        number = "coalesce(CAST(id AS INTEGER), 0)"
    return number


def _bytes_of(snapshot: Snapshot, name: str, columns: Iterable[TableColumn]) -> str:
    return as_bytes(name, encoding_of(snapshot)) if name in _names(columns) else "NULL"


def _blob(snapshot: Snapshot) -> BlobColumn:
    encoding = encoding_of(snapshot)
    value = as_bytes("data", encoding)
    if encoding == UTF_8:
        return BlobColumn(value, "octet_length(data)")
    text = f"length({value})"
    return BlobColumn(
        value, f"CASE typeof(data) WHEN 'text' THEN {text} ELSE octet_length(data) END"
    )


def _key_columns(
    snapshot: Snapshot, table: str, columns: Iterable[TableColumn], names: tuple[str, str]
) -> tuple[KeyColumn, KeyColumn]:
    encoding = encoding_of(snapshot)
    declared = {folded(column.name): column.type for column in columns}
    # An index of text in UTF-16 has another order than that of UTF-8, in which ids are compared.
    if encoding == UTF_8 and all(keeps_text(declared[name]) for name in names):
        kind, key = KeyColumn(names[0]), KeyColumn(names[1])
        try:
            text_only = not _holds_other_than_text(snapshot, table, kind, key)
        except DAMAGE:
            # As in nearly all stores; whoever reads the rows meets the damage again.
            text_only = True
        if text_only:
            return kind, key
    return KeyColumn(names[0], True, encoding), KeyColumn(names[1], True, encoding)


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
