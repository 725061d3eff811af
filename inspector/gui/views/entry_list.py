"""How the list of an entry is made: its rows, and the columns that tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inspector.gui.columns import ColumnKeeper
from inspector.gui.models.kinds import Entry, EntryType
from inspector.gui.models.pages import all_rows, gone_rows, live_rows
from inspector.gui.sifting import Listed
from inspector.gui.source import Source
from inspector.session.types import RecordHead


def list_of(source: Source, entry: Entry, kinds: Sequence[str]) -> Listed:
    """What is listed for an entry.

    Args:
        source: the store.
        entry: a kind, live or gone, or all kinds.
        kinds: all kinds with records.
    """
    gone, total = entry.type is EntryType.GONE, entry.count or 0
    known = 0 if entry.more else total
    if entry.type is EntryType.ALL:
        return Listed(source, all_rows(source, kinds, total), kinds, known, gone)
    rows = (gone_rows if gone else live_rows)(source, entry.kind, total)
    return Listed(source, rows, (entry.kind,), known, gone)


def list_name(entry: Entry) -> str:
    """What the list of an entry is called for those who hear it."""
    if entry.type is EntryType.ALL:
        return "All records"
    return f"Records of {entry.title}{', gone' if entry.type is EntryType.GONE else ''}"


def fit_columns(columns: ColumnKeeper, entry: Entry) -> None:
    """Show the columns that tell the records of an entry apart."""
    whole = entry.type is EntryType.ALL
    columns.switch("versions", entry.versions)
    columns.switch("key", whole)
    columns.switch("id", not whole)
    # Among all records the key and the size are what is looked for.
    columns.rank("bytes", 6 if whole else 2)
    columns.rank("state", 5 if whole else 6)


def fit_state(columns: ColumnKeeper, heads: Iterable[RecordHead | None]) -> None:
    """Show states where one of these records has one; nothing changes where none is read yet."""
    read = [head for head in heads if head is not None]
    if read:
        columns.switch("state", any(head.state for head in read))
