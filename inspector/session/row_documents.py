"""Rows of a table as documents, blobs decoded, and what differs between two of them."""

from __future__ import annotations

from typing import Final

from inspector.decode.choice import Choice
from inspector.decode.document import read_document
from inspector.decode.node import Node, NodeKind
from inspector.errors import NotFoundError
from inspector.export.json_object import encode, object_text
from inspector.history.difference import record_difference
from inspector.history.record import Record
from inspector.named_tuple import NamedTuple
from inspector.session.foreign_rows import ForeignReading, ForeignRow
from inspector.session.history_queries import Compared
from inspector.store.rows import Cancel, RowKey

_ROW: Final = Choice(reason="it is a row of a table")
_OPEN: Final = frozenset((NodeKind.STRUCT, NodeKind.ARRAY))


class RowAddress(NamedTuple):
    """Where a row of a table is: by its number or key, or so many rows behind another one."""

    after: RowKey | None
    offset: int
    key: RowKey | None = None

    @property
    def keys(self) -> list[RowKey] | None:
        """What finds the row itself; None where it lies behind another one."""
        return [self.key] if self.key is not None else None


def compare_rows(
    shown: ForeignReading,
    whole: ForeignReading,
    table: str,
    before: RowAddress,
    after: RowAddress,
    cancel: Cancel | None = None,
) -> Compared:
    """What differs between two rows of a table.

    Args:
        shown: reads them with what is covered.
        whole: reads them as they are, so that what is covered is still told to differ.
        table: of which table.
        before: where the one is.
        after: where the other one is.
        cancel: ends it when set.

    Raises:
        NotFoundError: one of them is gone.
    """
    old, new = (_record(shown, whole, table, place, cancel) for place in (before, after))
    return Compared(old, new, record_difference(old, new, cancel=cancel))


def _record(
    shown: ForeignReading,
    whole: ForeignReading,
    table: str,
    place: RowAddress,
    cancel: Cancel | None,
) -> Record:
    """A row in the form of a record that is a document, what is covered marked."""
    texts = [_document(one, table, place, cancel) for one in (whole, shown)]
    tree, covered = read_document(texts[0]), read_document(texts[1])
    hidden = _hidden(tree.root, covered.root)
    key = str(place.key if place.key is not None else place.offset)
    return Record(
        *(table, key, len(tree.data), None, None, _ROW, tree, hidden),
        json_store=True,
        display_kind=table,
    )


def _document(
    reading: ForeignReading, table: str, place: RowAddress, cancel: Cancel | None
) -> bytes:
    row = row_at(reading, table, place, cancel)
    return encode(object_text([(cell.column, cell.value) for cell in row.cells]))


def row_at(
    reading: ForeignReading, table: str, place: RowAddress, cancel: Cancel | None = None
) -> ForeignRow:
    """A row by where it is.

    Raises:
        NotFoundError: it is gone.
    """
    page = reading.session.store.table_page(
        table, after=place.after, offset=place.offset, limit=1, cancel=cancel, keys=place.keys
    )
    if not page.rows:
        raise page.damage or NotFoundError("The row is no longer in the table.")
    return reading.row_of(page, 0, table)


def _hidden(whole: Node, shown: Node) -> frozenset[int]:
    """``id()`` of the values of a document that do not stand in it as it may be shown."""
    found: set[int] = set()
    stack = [(whole, shown)]
    while stack:
        one, other = stack.pop()
        if one.kind not in _OPEN or one.kind != other.kind:
            if one.kind != other.kind or one.value != other.value:
                found.add(id(one))
            continue
        there = {child.label: child for child in other.children}
        for at, child in enumerate(one.children):
            label = child.label if one.kind == NodeKind.STRUCT else None
            match = there.get(label) if label is not None else None
            if label is None and at < len(other.children):
                match = other.children[at]
            if match is None:
                found.add(id(child))
            else:
                stack.append((child, match))
    return frozenset(found)
