"""The text of a usual record without what else a session can tell: for the quickest answer."""

from __future__ import annotations

from typing import Final

from inspector.decode.prepared import prepared_reader, prepared_releases
from inspector.errors import InspectorError
from inspector.schema.dating import Dating
from inspector.schema.kind_names import normal_kind
from inspector.store.small_row import read_small_row

#: Bytes of the longest record: a larger one is read in parts, and its start does not count.
MOST: Final = 1 << 20


def usual_text(
    path: str | None, kind: str, id_: str, *, reveal: bool = False
) -> tuple[bytes, int] | None:
    """What a live record is as canonical JSON, where nothing about it or its store is odd.

    Args:
        path: of the store; None for that of this machine.
        kind: as the store spells it.
        id_: of the record.
        reveal: whether secrets are written.

    Returns:
        The text in UTF-8, without a newline at its end, and how many secrets stand covered in it;
        None where a session has to be asked, for whatever reason: it says what is odd.
    """
    releases = prepared_releases()
    if releases is None:
        return None
    try:
        path = path or _usual_path()
        row = read_small_row(path, kind, id_, MOST) if path else None
    except (InspectorError, OSError):
        return None
    if row is None:
        return None
    clues = Dating(releases, row.layout, row.applied).clues(row.written)
    reader = prepared_reader(normal_kind(kind), clues)
    return reader.json(row.data, reveal=reveal) if reader is not None else None


def _usual_path() -> str | None:
    """The store of this machine; None where something is to be said of how it was found.

    Raises:
        StoreError: there is none.
    """
    from inspector.store.default_store import locate  # noqa: PLC0415 - it needs paths

    found = locate()
    return None if found.notes else str(found.path)
