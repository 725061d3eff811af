"""What a kind is called under the schema asked for."""

from __future__ import annotations

from typing import NamedTuple

from inspector.schema.catalog import display


class Description(NamedTuple):
    """Display name and group; an unknown kind has its own name and the group ``""``."""

    name: str
    group: str
    known: bool


def described(kind: str, schema: str) -> Description:
    """A kind's name, in the newest release that has it or in the one asked for.

    Args:
        kind: as the store spells it.
        schema: ``auto`` or a schema's name; one that does not know the kind makes it unknown.
    """
    found = display(kind, schema)
    return Description(*found, known=True) if found else Description(kind, "", known=False)
