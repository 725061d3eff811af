"""What is copied of a list of records: its chosen rows as tab-separated text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Event
from typing import Final

from inspector.gui.clipboard import NO_CLIP, Clip
from inspector.gui.records.row_order import Order, heads_of
from inspector.gui.style.text_format import count
from inspector.session.browse import TableCell, as_tsv
from inspector.session.summaries import RecordHead
from inspector.store.rows import TableColumn

_TSV: Final = tuple(
    TableColumn(name, "", 0)
    for name in ("kind", "id", "name", "state", "organization", "updated", "bytes", "versions")
)


def rows_as_tsv(heads: Iterable[RecordHead]) -> str:
    """Records as tab-separated text with a head; times as the store has them, in UTC."""
    rows = [
        tuple(
            TableCell(text)
            for text in (
                *(head.kind, head.id, head.name or "", head.state or "", head.org or ""),
                *(head.updated_at or "", str(head.size), str(head.versions)),
            )
        )
        for head in heads
    ]
    return as_tsv(_TSV, rows)


def rows_clip(order: Order, rows: Sequence[range]) -> Clip:
    """The chosen rows, which are read in the worker as far as they are not in memory."""
    if not rows:
        return NO_CLIP

    def write(cancel: Event) -> str:
        return rows_as_tsv(heads_of(order, rows, cancel))

    return Clip(write, f"Copied {count(sum(map(len, rows)), 'row')}.")
