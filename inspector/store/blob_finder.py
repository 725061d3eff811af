"""Which rows hold a sought text in their blobs, told by bytes, within SQLite or beside it.

What looks at them is compiled where the program was built with a C compiler; otherwise Python does
the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from inspector.compiled_part import compiled_part
from inspector.errors import StoreError
from inspector.named_tuple import NamedTuple
from inspector.store.btree import page_shape
from inspector.store.in_order import in_order_sql, is_sought
from inspector.store.layout import Audit, Resources
from inspector.store.legacy import is_audit_kind
from inspector.store.reader import DAMAGE, Snapshot, advanced
from inspector.store.records import HUGE, PAGE_BYTES, Range, legacy_sql, page_of_rows
from inspector.store.rows import Row
from inspector.store.sqlite_library import reach_sqlite
from inspector.store.text import UTF_8, decode, decode_or_none, encode

if TYPE_CHECKING:
    from inspector.store import _blob_sieve as compiled

    AnySieve: TypeAlias = "BlobSieve | compiled.BlobSieve"

#: Whether a blob may hold what is sought; called within a read, so it has to be quick.
MayHold: TypeAlias = Callable[[bytes], bool]
#: What a sieve is called with for a row that is no record, and for one of another kind.
PASSED_OVER: Final = 0
BEYOND: Final = 1
_PART: Final = "inspector.store._blob_sieve"
#: Bytes that a row counts besides its blob, so that one statement does not look at millions.
_ROW: Final = 1024


class BlobFinder:
    """Whether a blob may hold a text, which begins by some bytes of it."""

    def __init__(
        self,
        anchor: bytes,
        ignore_case: bool,
        decides: bool,
        others: Sequence[bytes],
        closer: Callable[[bytes], bool] | None,
    ) -> None:
        """Takes the bytes.

        Args:
            anchor: not empty; small letters of ASCII where case is ignored.
            ignore_case: whether capital letters of ASCII are as good.
            decides: a blob with those bytes holds the text, or may.
            others: what may stand in its place; then, and where it does not decide, a closer look
                is taken.
            closer: that look.
        """
        self._anchor = anchor
        self._ignore_case = ignore_case
        self._decides = decides
        self._others = tuple(others)
        self._closer = closer

    def __call__(self, data: bytes) -> bool:
        """Whether a blob may hold it."""
        if self._anchor in (data.lower() if self._ignore_case else data):
            if self._decides:
                return True
        elif not any(one in data for one in self._others):
            return False
        return self._closer is None or self._closer(data)


class BlobSieve:
    """Looks at each row as SQLite comes to it, and ends the statement when that is enough.

    Which row is the last one SQLite alone knows: it is handed out like one that may hold it.

    Attributes:
        looked: how many rows it has looked at.
        found: the last of them may hold it.
        unread: it is nothing, or more than is loaded; it may hold it.
        full: no more rows are to be looked at by this statement.
        over: the last row is no longer one of those.
    """

    def __init__(self, may_hold: MayHold, room: int, row: int, beyond: int) -> None:
        """Takes what looks at a blob.

        Args:
            may_hold: it.
            room: bytes that are looked at by one statement.
            row: bytes that a row counts besides its blob.
            beyond: what stands for a row behind the last one.
        """
        self._may_hold = may_hold
        self._room, self._row, self._beyond = room, row, beyond
        self.looked = 0
        self.found = self.unread = self.full = self.over = False

    def __call__(self, data: bytes | int | None) -> bool:
        """Whether SQLite is to hand out the row of a blob, or of one of the numbers above."""
        self._room -= self._row
        self.found = False
        if isinstance(data, bytes):
            self.looked += 1
            self._room -= len(data)
            self.found = self._may_hold(data)
        elif data is None:
            self.looked += 1
            self.found = self.unread = True
        else:
            self.over = data == self._beyond
        if self._room < 0:
            self.full = True
        return self.found or self.full or self.over


def blob_finder(
    anchor: bytes,
    *,
    ignore_case: bool = False,
    decides: bool = True,
    others: Sequence[bytes] = (),
    closer: Callable[[bytes], bool] | None = None,
) -> MayHold:
    """As :class:`BlobFinder`, in the quickest form there is."""
    made = compiled_part(_PART)
    kind = made.BlobFinder if made is not None else BlobFinder
    return kind(anchor, ignore_case, decides, others, closer)


def blob_sieve(may_hold: MayHold, room: int) -> AnySieve:
    """As :class:`BlobSieve`, in the quickest form there is."""
    made = compiled_part(_PART)
    if made is None:
        return BlobSieve(may_hold, room, _ROW, BEYOND)
    reach_sqlite(made.__file__)
    sieve: compiled.BlobSieve = made.BlobSieve(may_hold, room, _ROW, BEYOND)
    return sieve


# Rows whose blobs may hold what is sought, told by their bytes while SQLite goes through them.
#
# What cannot hold it is let go within SQLite, so that it costs no row in Python, and a look at a
# large store takes little memory.

#: The name by which SQL calls what looks at a blob.
SIEVE: Final = "may_hold"
#: Seconds between two looks at whether a walk is to end.
_PAUSE: Final = 0.005
#: All columns of an index as they lie in it, also of a table without row numbers, by the name that
#: the index of its key would have; those of its key say how.
_KEY_COLUMNS: Final = "SELECT name, key, desc, coll FROM temp.pragma_index_xinfo(:name)"
_TABLE_KEY: Final = "sqlite_autoindex_resources_1"
_BY_BYTES: Final = [1, 0, "BINARY"]
_ROOT: Final = (
    "SELECT rootpage FROM sqlite_schema WHERE type = :type AND name = :name COLLATE NOCASE"
)
#: What comes before the name of an index in how SQLite says that it needs nothing else.
_COVERING: Final = "USING COVERING INDEX "
_KEY: Final = 64  #: bytes that a row counts whose data are not looked at
_HEADER: Final = 100  #: bytes at the beginning of the file that say how it is made


class SiftedRows(NamedTuple):
    """What of some rows that lie side by side is worth a closer look.

    Attributes:
        rows: those that may hold it, and those that cannot be read, by id.
        looked: how many rows there were.
        end: the last id that was looked at; None where there are no more.
        damage: what ended the reading of the kind early.
    """

    rows: tuple[Row, ...]
    looked: int
    end: bytes | None
    damage: StoreError | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found, and there are more."""
        return not self.rows and self.damage is None and self.end is not None


class VersionPlace(NamedTuple):
    """A place among the archived rows of a kind: behind this row of this resource."""

    id: bytes
    number: int


class SiftedVersions(NamedTuple):
    """Archived rows of a kind that may hold something: their resources and row numbers.

    A row that cannot be read is among them.
    """

    found: tuple[VersionPlace, ...]
    looked: int
    end: VersionPlace | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found, and there are more."""
        return not self.found and self.end is not None


def sift_rows(
    snapshot: Snapshot, table: Resources, kind: str, after: bytes | None, may_hold: MayHold
) -> SiftedRows:
    """Live rows of a kind behind an id."""
    if table.keyed:
        try:
            found = _walk_rows(snapshot, table, kind, after, may_hold)
            if found is None:
                found = _sift_rows(snapshot, table, kind, after, may_hold)
        except DAMAGE:
            found = None
        if found is not None:
            return found
    # Row by row, so that one that is damaged costs only itself.
    page = page_of_rows(snapshot, table, Range(kind, None if after is None else decode(after)))
    kept = tuple(row for row in page.rows if row.data is None or may_hold(row.data))
    end = encode(page.rows[-1].id) if page.rows and page.more else None
    return SiftedRows(kept, len(page.rows), end, page.damage)


class KeyTree(NamedTuple):
    """The tree of a table whose rows lie in the order of kind and id, as the file has it.

    It may be that of an index by which SQLite counts them, which has no data.

    Attributes:
        root: the page it begins with.
        size: bytes of a page.
        usable: those of them that SQLite uses.
        pages: how many there are at most.
        kind: which column of a row it is, counted from 0 as they lie there.
        id: the same.
        data: the same; -1 where it is not asked for.
    """

    root: int
    size: int
    usable: int
    pages: int
    kind: int
    id: int
    data: int


def _key_tree(snapshot: Snapshot, table: Resources) -> KeyTree | None:
    """The tree of the live rows, None where they do not lie in order, or not as they are."""
    if not snapshot.file or table.rowid or table.kind.mixed or table.id.mixed:
        return None
    columns = _ordered_columns(snapshot, _TABLE_KEY)
    if "data" not in columns:
        return None
    return _tree(snapshot, "table", "resources", columns, columns.index("data"))


def _ordered_columns(snapshot: Snapshot, index: str) -> list[str]:
    """The columns of an index by kind and id, as they lie in it; none of another one."""
    columns = snapshot.rows(_KEY_COLUMNS, name=index)
    names = [str(name).lower() for name, *_ in columns]
    order = [(name, how) for name, (_, *how) in zip(names, columns, strict=True) if how[0]]
    return names if order == [("kind", _BY_BYTES), ("id", _BY_BYTES)] else []


def _tree(snapshot: Snapshot, kind: str, name: str, columns: Sequence[str], data: int) -> KeyTree:
    """The tree of a ``table`` or an ``index``."""
    [root] = snapshot.rows(_ROOT, type=kind, name=name) or [(0,)]
    shape = page_shape(snapshot.page(1, _HEADER), sys.maxsize)
    return KeyTree(root[0], *shape, columns.index("kind"), columns.index("id"), data)


def _walk_rows(
    snapshot: Snapshot, table: Resources, kind: str, after: bytes | None, may_hold: MayHold
) -> SiftedRows | None:
    """The same by a walk through the pages of the file, without SQLite, in a third of the time.

    It asks the file layer for them as SQLite does, so both see one state: that of the file, or of
    a file and its log. What it does not rule out is read by SQLite, and it gives up where anything
    is not as usual: None.
    """
    part = compiled_part(_PART)
    if part is None or not isinstance(may_hold, part.BlobFinder):
        return None
    tree = _key_tree(snapshot, table)
    if tree is None:
        return None
    legacy = 0 if not table.has_legacy else 2 if is_audit_kind(kind) else 1
    walk: compiled.RowWalk = part.RowWalk(
        *(may_hold, snapshot.file, tree, encode(kind), after, legacy, HUGE, _ROW, _PAUSE)
    )
    sql = (
        f"SELECT {table.data.value}, nullif({table.updated_at}, x'') FROM resources"
        f" WHERE {table.kind.compared('=', 'kind')} AND {table.id.compared('=', 'id')}"
    )
    rows: list[Row] = []
    held, room = 0, PAGE_BYTES
    while (told := walk.run(room)) != part.END:
        room = 0
        snapshot.end_if_asked()
        id_ = walk.last
        if told == part.UNSURE:
            return None
        if told == part.ROW and id_ is not None:
            found = snapshot.one(sql, kind=encode(kind), id=id_)
            if found is None or found[0] is None:
                return None
            blob, updated = found
            if may_hold(blob):
                rows.append(Row(kind, decode(id_), blob, len(blob), decode_or_none(updated)))
                held += len(blob)
        elif told == part.FULL:
            if held > PAGE_BYTES or not snapshot.unnoticed:
                return SiftedRows(tuple(rows), walk.looked, id_)
            room = PAGE_BYTES
    # Of no rows at all it is for SQLite to say whether that is for damage.
    return SiftedRows(tuple(rows), walk.looked, None) if walk.looked else None


class PassedRows(NamedTuple):
    """How many rows of a kind lie side by side, told by the pages of an index.

    Attributes:
        records: live rows.
        versions: rows that are versions by their ids.
        end: the last id that was looked at; None where there are no more.
    """

    records: int
    versions: int
    end: bytes | None


def pass_rows(
    snapshot: Snapshot, table: Resources, kind: str, after: bytes, rows: int
) -> PassedRows | None:
    """Count rows of a kind behind an id, without SQLite: in a tenth of the time.

    Args:
        snapshot: the file.
        table: its live rows.
        kind: as the store spells it.
        after: the id.
        rows: so many, and more where nobody is held up.

    Returns:
        None where only SQLite can tell.
    """
    part = compiled_part(_PART)
    if part is None or (table.has_legacy and is_audit_kind(kind)):
        return None
    tree = _index_tree(snapshot, table)
    if tree is None:
        return None
    legacy = int(table.has_legacy)
    walk: compiled.RowWalk = part.RowWalk(
        *(None, snapshot.file, tree, encode(kind), after, legacy, 0, _KEY, _PAUSE)
    )
    room = rows * _KEY
    while (told := walk.run(room)) in (part.PAUSE, part.FULL):
        room = 0
        snapshot.end_if_asked()
        if told == part.FULL:
            if not snapshot.unnoticed:
                return PassedRows(walk.looked, walk.passed, walk.last)
            room = rows * _KEY
    # Of no rows at all it is for SQLite to say whether that is for damage.
    known = told == part.END and walk.last is not None
    return PassedRows(walk.looked, walk.passed, None) if known else None


def _index_tree(snapshot: Snapshot, table: Resources) -> KeyTree | None:
    """The tree of the index by which SQLite counts live rows; None where it has no such one."""
    kind, key = table.kind, table.id
    if not snapshot.file or kind.mixed or key.mixed or key.encoding != UTF_8:
        return None
    sql = (
        f"EXPLAIN QUERY PLAN SELECT count(*) FROM resources"
        f" WHERE {kind.compared('=', 'kind')} AND {key.within(after=True)}"
    )
    plan = str(snapshot.rows(sql, kind=b"", after=b"")[0][-1])
    _, covering, name = plan.partition(_COVERING)
    name = name.partition(" (")[0]
    columns = _ordered_columns(snapshot, name) if covering else []
    return _tree(snapshot, "index", name, columns, -1) if columns else None


def _sift_rows(
    snapshot: Snapshot, table: Resources, kind: str, after: bytes | None, may_hold: MayHold
) -> SiftedRows | None:
    """The same by one statement; None where there is a row that it cannot read.

    The first row of the next kind ends the statement.
    """
    data = f"CASE WHEN {table.data.size} <= {HUGE} THEN {table.data.value} END"
    tested = (
        f"CASE WHEN NOT {table.kind.compared('=', 'kind')} THEN {BEYOND}"
        f" WHEN {legacy_sql(table, kind)} THEN {PASSED_OVER} ELSE {data} END"
    )
    columns = f"{table.id.value}, {data}, nullif({table.updated_at}, x'')"
    sql = in_order_sql(table, columns, f"{SIEVE}({tested})", beyond=after is not None)
    sieve = blob_sieve(may_hold, PAGE_BYTES)
    snapshot.calls(SIEVE, sieve)
    snapshot.goes_on()
    place = {"kind": encode(kind), "start": after or b""}
    if not is_sought(snapshot, sql, **place):
        return None
    rows = []
    for id_, blob, updated in snapshot.each(sql, **place):
        if sieve.over:
            break
        if sieve.unread:
            return None
        if sieve.found:
            rows.append(Row(kind, decode(id_), blob, len(blob), decode_or_none(updated)))
        if sieve.full:
            return SiftedRows(tuple(rows), sieve.looked, advanced(after, id_))
    return SiftedRows(tuple(rows), sieve.looked, None)


def sift_versions(
    snapshot: Snapshot, table: Audit, kind: str, after: VersionPlace | None, may_hold: MayHold
) -> SiftedVersions:
    """Archived rows of a kind behind one of them, by resource and number."""
    key, number = table.resource_id, table.number
    beyond = ""
    if after is not None:
        beyond = (
            f" AND {key.compared('>=', 'id')} AND ({key.compared('>', 'id')} OR {number} > :number)"
        )
    data = f"CASE WHEN {table.data.size} <= {HUGE} THEN {table.data.value} END"
    sql = (
        f"SELECT {key.value}, {number} FROM resource_audit"
        f" WHERE {table.kind.compared('=', 'kind')} AND {key.within()}{beyond}"
        f" AND {SIEVE}({data}) ORDER BY {key.order}, {number}"
    )
    id_, at = after if after is not None else (None, None)
    sieve = blob_sieve(may_hold, PAGE_BYTES)
    snapshot.calls(SIEVE, sieve)
    snapshot.goes_on()
    found: list[VersionPlace] = []
    for row in snapshot.each(sql, kind=encode(kind), id=id_, number=at):
        place = VersionPlace(*row)
        if sieve.found:
            found.append(place)
        if sieve.full:
            return SiftedVersions(tuple(found), sieve.looked, place)
    return SiftedVersions(tuple(found), sieve.looked, None)
