"""One row of a store, read for a quick answer, or not at all."""

from __future__ import annotations

from inspector.errors import StoreError
from inspector.named_tuple import NamedTuple
from inspector.store import private_copies
from inspector.store.files import ReadMode, look, resolve
from inspector.store.layout import read_applied, read_layout, read_version
from inspector.store.reader import Snapshot, StoreReader
from inspector.store.records import Range, page_of_heads, small_row
from inspector.store.rows import Form


class SmallRow(NamedTuple):
    """A row, and what its store says of when rows were written.

    Attributes:
        data: the blob.
        written: the row's time as stored, None where it has none.
        layout: of the store; None where it is not known.
        applied: the layouts that were applied, and when.
    """

    data: bytes
    written: str | None
    layout: int | None
    applied: tuple[tuple[int, str], ...]


def read_small_row(path: str, kind: str, id_: str, most: int) -> SmallRow | None:
    """A live row in a sound file, alone or with the log of its daemon.

    Args:
        path: of the file.
        kind: as the store spells it.
        id_: of the record.
        most: bytes of the longest blob that is read.

    Returns:
        None where there is anything else: another kind of file, something else beside it, other
        names of it, damage, no such record, a longer blob.

    Raises:
        StoreError: the file cannot be read.
    """
    private_copies.sweep_once()
    real = resolve(path)
    files = look(real)
    if files.source not in (ReadMode.IMMUTABLE, ReadMode.LIVE) or files.links > 1:
        return None
    damage: list[StoreError] = []

    def work(snapshot: Snapshot) -> SmallRow | None:
        layout = read_layout(snapshot)
        table = layout.resources
        odd = snapshot.puzzle or layout.problem or layout.form is not Form.SQLITE
        if odd or table is None or not table.keyed:
            return None
        if not page_of_heads(snapshot, table, Range(kind, limit=1)).rows:
            return None
        row = small_row(snapshot, table, kind, id_, most)
        if row is None or row.data is None:
            return None
        version, applied = read_version(snapshot, layout), read_applied(snapshot, layout)
        return SmallRow(row.data, row.updated_at, version, applied)

    reader = StoreReader(real, damage.append)
    try:
        found = reader.read(work)
    finally:
        reader.close()
    return None if damage else found
