"""Choices of a schema made by hand, for records that no store holds."""

from __future__ import annotations

from inspector.decode.choice import Choice
from inspector.schema.catalog import merged_schema
from inspector.schema.releases import ALIASES


def chosen(name: str | None, reason: str = "it is made by hand") -> Choice:
    """The choice of one release, or of none."""
    if name is None:
        return Choice(reason=reason)
    merged = merged_schema()
    number = merged.number(ALIASES.get(name, name))
    return Choice(merged, number, reason=reason)
