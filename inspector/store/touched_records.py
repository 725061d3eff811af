"""Which records each commit in a write-ahead log touched, told by the pages that it wrote.

The tree of the records is gone through once, at the first commit that can be read, to know which
pages are its own, and in which page a row begins that goes on in others. From there each commit
is looked at through the pages it wrote: the rows on those before and after it, no others.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Final, TypeAlias

from inspector.named_tuple import NamedTuple
from inspector.store import legacy
from inspector.store.btree import (
    FIRST_LONG,
    DamagedPageError,
    TreeCell,
    chain,
    column_bytes,
    is_index,
    read_page,
    usable_size,
    whole_row,
)
from inspector.store.commits import Prefix, PrefixPages
from inspector.store.layout import declared_columns, encoding_of, in_row_order
from inspector.store.reader import Snapshot
from inspector.store.text import UTF_8, decode, encode, to_utf_8

_Page: TypeAlias = Callable[[int], bytes]
_REAL: Final = 7
_DEEPEST: Final = 64  #: more levels than a tree of SQLite's has
_KEY: Final = struct.Struct(">QQQ")


class Touch(StrEnum):
    """What a commit did to a record; what is seldom and weighs most comes first."""

    DELETED = "deleted"
    CREATED = "created"
    UPDATED = "updated"


class TouchedRecord(NamedTuple):
    """A record that a commit created, updated or deleted; of a legacy row, whose version it is.

    A record whose versions alone were touched was updated.
    """

    kind: str
    id: str
    touch: Touch


def by_touch(records: Iterable[TouchedRecord]) -> list[tuple[Touch, list[TouchedRecord]]]:
    """Records of a commit by what it did to them; what it did to none is not there."""
    found: dict[Touch, list[TouchedRecord]] = {touch: [] for touch in Touch}
    for one in records:
        found[one.touch].append(one)
    return [(touch, some) for touch, some in found.items() if some]


class RecordTree(NamedTuple):
    """Where the rows of ``resources`` lie in one state.

    Attributes:
        root: the tree's first page.
        declared: names of the stored columns, folded, each with its place in the primary key.
        encoding: how SQLite calls the encoding of texts.
    """

    root: int
    declared: tuple[tuple[str, int], ...]
    encoding: str


def record_tree(snapshot: Snapshot) -> RecordTree | None:
    """The tree of the records of a snapshot, None where there is none."""
    row = snapshot.one(
        "SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = :name COLLATE NOCASE",
        name="resources",
    )
    if row is None or not isinstance(row[0], int) or row[0] <= 0:
        return None
    declared = declared_columns(snapshot, "resources")
    if not {"kind", "id"} <= {name for name, _ in declared}:
        return None
    return RecordTree(row[0], declared, encoding_of(snapshot))


class _Row(NamedTuple):
    """A row: the page it begins in, and those it goes on in."""

    page: int
    cell: TreeCell
    chain: tuple[int, ...]


@dataclass(slots=True)
class _Part:
    """Some pages of the tree, with their rows by key."""

    rows: dict[bytes, list[_Row]] = field(default_factory=dict)
    children: dict[int, tuple[int, ...]] = field(default_factory=dict)


class PageWalk:
    """The tree of the records in one state after another. Opens the files until it is closed."""

    def __init__(self, prefix: Prefix, tree: RecordTree | None) -> None:
        self._prefix = prefix
        self._last = prefix.last
        #: Of each page of the tree itself that very page, of each that a row goes on in the page
        #: in which it begins; 0 for all others.
        self._owner = array("I")
        #: Of each page of the tree the one above it, 0 for its first page and all others.
        self._parents = array("I")
        self._tree: RecordTree | None = None
        self._columns: tuple[int, ...] = ()
        self._usable = 0
        self.open()
        try:
            self._begin(tree)
        except BaseException:
            self.close()
            raise

    def open(self) -> None:
        """Open what is read."""
        self._stored = PrefixPages(self._prefix)
        in_file = self._stored.base_size // self._prefix.page_size
        #: No page has a higher number, and no row goes on in more: one page is never written.
        self._most = in_file + len(self._prefix.log.page_numbers) + 1

    def close(self) -> None:
        """Close it; it may be opened again."""
        self._stored.close()

    def step(self, number: int, tree: RecordTree | None) -> list[TouchedRecord]:
        """Go on to the next commit.

        Args:
            number: of the commit.
            tree: of the records then.

        Returns:
            The records that it touched, by the bytes of kind and id.

        Raises:
            DamagedPageError: the pages do not fit together.
        """
        log = self._prefix.log
        written = {log.page_numbers[frame - 1]: frame for frame in log.frames_of(number)}
        touched: dict[bytes, Touch] = {}
        if tree != self._tree:
            touched = self._anew(number, tree)
        elif tree is not None:
            touched = self._changed(written)
        self._last = log.commits[number - 1].last_frame
        encoding = tree.encoding if tree is not None else UTF_8
        return _records(touched, encoding)

    def _begin(self, tree: RecordTree | None) -> None:
        """Go through the whole tree."""
        self._tree, self._owner, self._parents = tree, array("I"), array("I")
        if tree is None:
            return
        self._usable = usable_size(self._page(1), self._prefix.page_size)
        self._columns = _key_columns(tree, is_index(self._page(tree.root), tree.root))
        waiting = [tree.root]
        while waiting:
            number = waiting.pop()
            if self._owner_of(number) == number:
                raise DamagedPageError
            found = read_page(self._page(number), number, self._usable)
            self._own(number, number)
            waiting += found.children
            self._adopt(number, found.children)
            for cell in found.cells:
                for page in chain(cell, self._usable, self._page, self._most):
                    self._own(page, number)

    def _anew(self, commit: int, tree: RecordTree | None) -> dict[bytes, Touch]:
        """The records that differ where the tree lies elsewhere, or has other columns."""
        before, columns, last = self._whole(), self._columns, self._last
        self._last = self._prefix.log.commits[commit - 1].last_frame
        self._begin(tree)
        after = self._whole()
        if columns != self._columns:
            # With other columns every row was written anew.
            return {key: _touch(key, before, after) for key in {*before.rows, *after.rows}}

        def old_page(number: int) -> bytes:
            return self._page(number, last)

        return self._differing(before, old_page, after, self._page, None)

    def _whole(self) -> _Part:
        found = _Part()
        if self._tree is not None:
            for number, owner in enumerate(self._owner):
                if number and owner == number:
                    self._gather(found, number, self._page)
        return found

    def _changed(self, written: dict[int, int]) -> dict[bytes, Touch]:
        """The records that differ after a commit that wrote some pages."""

        def page_after(number: int) -> bytes:
            return self._page(number, written.get(number))

        affected = {owner for page in written if (owner := self._owner_of(page))}
        before, after = _Part(), _Part()
        for number in affected:
            self._gather(before, number, self._page)
        entries = self._entries(affected)
        waiting = entries.pop(None, [])
        named: set[int] = set()
        while waiting:
            number = waiting.pop()
            self._gather(after, number, page_after)
            for child in after.children[number]:
                named.add(child)
                if child in affected or child in written or self._owner_of(child) != child:
                    waiting.append(child)
                else:
                    waiting += entries.pop(child, ())
        below = {child for children in before.children.values() for child in children}
        # A page that is no longer named is gone, and all below it, without having been written.
        dropped = [child for child in below if child not in named]
        while dropped:
            number = dropped.pop()
            if number not in before.children:
                self._gather(before, number, self._page)
            dropped += (
                child
                for child in before.children[number]
                if child not in named and child not in before.children
            )
        touched = self._differing(before, self._page, after, page_after, written)
        self._take_over(before, after)
        return touched

    def _take_over(self, before: _Part, after: _Part) -> None:
        """Know the pages that a part of the tree takes now."""
        # What is no more comes first: a page may have gone from one row to another.
        for part, kept in ((before, False), (after, True)):
            for row in (row for rows in part.rows.values() for row in rows):
                for number in row.chain:
                    self._own(number, row.page if kept else 0)
            for number, children in part.children.items():
                self._own(number, number if kept else 0)
                if kept:
                    self._adopt(number, children)

    def _entries(self, affected: Collection[int]) -> dict[int | None, list[int]]:
        """Where the way to pages that a commit affected first leaves those that it affected.

        A page whose parent is not affected is still in the tree if the child through which its
        nearest affected ancestor leads to it still is; where there is no such, it is, as None says.
        """
        found: dict[int | None, list[int]] = {}
        for number in affected:
            below, above = number, self._parents[number]
            for _ in range(_DEEPEST):
                if not above or above in affected:
                    break
                below, above = above, self._parents[above]
            else:
                raise DamagedPageError
            if not above:
                found.setdefault(None, []).append(number)
            elif below != number:
                found.setdefault(below, []).append(number)
        return found

    def _adopt(self, number: int, children: Sequence[int]) -> None:
        for child in children:
            self._own(child, self._owner_of(child))
            self._parents[child] = number

    def _gather(self, into: _Part, number: int, page: _Page) -> None:
        """Take in a page of the tree and its rows."""
        if number in into.children:
            raise DamagedPageError
        found = read_page(page(number), number, self._usable)
        into.children[number] = found.children
        for cell in found.cells:
            pages = chain(cell, self._usable, page, self._most)
            row = _Row(number, cell, pages)
            key = column_bytes(cell.local, self._columns)
            if key is None:
                key = column_bytes(whole_row(cell, pages, self._usable, page), self._columns)
            if key is None:
                raise DamagedPageError
            into.rows.setdefault(_key(key), []).append(row)

    def _differing(
        self,
        before: _Part,
        old_page: _Page,
        after: _Part,
        new_page: _Page,
        written: Collection[int] | None,
    ) -> dict[bytes, Touch]:
        """Keys whose rows are not the same; ``written`` are the pages that may differ."""
        found: dict[bytes, Touch] = {}
        for key in {*before.rows, *after.rows}:
            old, new = before.rows.get(key, []), after.rows.get(key, [])
            if len(old) != len(new):
                found[key] = _touch(key, before, after)
            elif not all(map(partial(_untouched, written=written), old, new)):
                olds = sorted(self._content(row, old_page) for row in old)
                if olds != sorted(self._content(row, new_page) for row in new):
                    found[key] = _touch(key, before, after)
        return found

    def _content(self, row: _Row, page: _Page) -> bytes:
        return whole_row(row.cell, row.chain, self._usable, page)

    def _page(self, number: int, last: int | None = None) -> bytes:
        size = self._prefix.page_size
        if number <= 0:
            raise DamagedPageError
        found = self._stored.read(number, 0, size, self._last if last is None else last)
        if len(found) < size:
            raise DamagedPageError
        return found

    def _owner_of(self, number: int) -> int:
        return self._owner[number] if number < len(self._owner) else 0

    def _own(self, number: int, owner: int) -> None:
        if number > self._most:
            raise DamagedPageError
        if number >= len(self._owner):
            more = [0] * (number + 1 - len(self._owner))
            self._owner.extend(more)
            self._parents.extend(more)
        self._owner[number] = owner


def _key_columns(tree: RecordTree, without_rowid: bool) -> tuple[int, ...]:
    """Where kind and id lie in a row."""
    names = in_row_order(tree.declared, without_rowid=without_rowid)
    return names.index("kind"), names.index("id")


def _untouched(old: _Row, new: _Row, written: Collection[int] | None) -> bool:
    """Whether a row lies in the same pages, of which none was written."""
    same = old.cell == new.cell and old.chain == new.chain
    return same and written is not None and not any(page in written for page in new.chain)


def _key(columns: Sequence[tuple[int, bytes]]) -> bytes:
    """Both columns as one value that can be told apart again."""
    (kind, first), (other, second) = columns
    return _KEY.pack(kind, len(first), other) + first + second


def _touch(key: bytes, before: _Part, after: _Part) -> Touch:
    """What became of rows that are not the same."""
    if key not in before.rows:
        return Touch.CREATED
    return Touch.UPDATED if key in after.rows else Touch.DELETED


def _records(touched: Mapping[bytes, Touch], encoding: str) -> list[TouchedRecord]:
    """The records of rows, by the bytes of kind and id."""
    own: dict[tuple[str, str], Touch] = {}
    by_versions: set[tuple[str, str]] = set()
    for key, touch in touched.items():
        record, is_version = _record(key, encoding)
        if is_version:
            by_versions.add(record)
        else:
            own[record] = touch
    both = dict.fromkeys(by_versions, Touch.UPDATED) | own
    return sorted((TouchedRecord(*one, touch) for one, touch in both.items()), key=_order)


def _record(key: bytes, encoding: str) -> tuple[tuple[str, str], bool]:
    """Kind and id of a row's record, and whether the row is a version of it that was archived."""
    kind_type, length, id_type = _KEY.unpack_from(key)
    values = key[_KEY.size :]
    kind = _text(kind_type, values[:length], encoding)
    id_ = _text(id_type, values[length:], encoding)
    in_audit_kind = legacy.is_audit_kind(kind)
    found = legacy.parse(encode(id_), in_audit_kind=in_audit_kind)
    if found is None:
        return (kind, id_), False
    named = legacy.resource_kind(kind, ()) if in_audit_kind else kind
    return (named, decode(found.resource_id)), True


def _text(kind: int, value: bytes, encoding: str) -> str:
    """A key column as a text; what is stored as a number is written as one."""
    if kind >= FIRST_LONG:
        is_other = kind % 2 and encoding != UTF_8
        return decode(to_utf_8(value, encoding) or b"" if is_other else value)
    if kind == _REAL and len(value) == 8:
        return str(struct.unpack(">d", value)[0])
    return str(kind - 8 if kind in (8, 9) else int.from_bytes(value, "big", signed=True))


def _order(one: TouchedRecord) -> tuple[bytes, bytes]:
    return encode(one.kind), encode(one.id)
