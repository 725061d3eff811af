"""Blobs read as rows of a store of which only the layout is known, or a little more."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.decode.choice import Reading
from inspector.schema.catalog import AUTO
from inspector.session.reading import BlobReader
from inspector.store.rows import Form, Journal, Label, StoreFacts


def reader(
    layout: int | None = None,
    schema: str = AUTO,
    applied: Sequence[tuple[int, str]] = (),
) -> BlobReader:
    """A reader of a store without other rows."""
    facts = StoreFacts(
        *("x", "x", Label.TEST, Form.SQLITE, layout, Journal.CLEAN, 0, 0, None, tuple(applied))
    )
    return BlobReader(facts, schema)


def read_kind(
    data: bytes,
    kind: str,
    layout: int | None = None,
    *,
    written: str | None = None,
    schema: str = AUTO,
    applied: Sequence[tuple[int, str]] = (),
) -> Reading:
    """A blob of a kind, as a row of a store without other rows."""
    return reader(layout, schema, applied).read(data, kind, written)


def among(reading: Reading) -> set[str]:
    """The names of the releases that can have written what was read."""
    choice = reading.choice
    if choice.merged is None:
        return set()
    return {name for at, name in enumerate(choice.merged.names) if choice.releases >> at & 1}
