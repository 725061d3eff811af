"""What a kind is called under the schema asked for."""

from __future__ import annotations

from typing import NamedTuple

from inspector.decode.choice import AUTO
from inspector.schema.kinds import display, kind_rows, normal_kind


class Description(NamedTuple):
    """Display name and group; an unknown kind has its own name and the group ``""``."""

    name: str
    group: str
    known: bool


def described(kind: str, schema: str) -> Description:
    """A kind's name, in the newest generation that has it or in the one asked for.

    Args:
        kind: as the store spells it.
        schema: ``auto`` or a generation; one that does not know the kind makes it an unknown one.
    """
    found = display(kind) if schema == AUTO else _in_generation(kind, schema)
    return Description(*found, known=True) if found else Description(kind, "", known=False)


def _in_generation(kind: str, generation: str) -> tuple[str, str] | None:
    wanted = normal_kind(kind)
    return next(
        (
            (row.display_name, row.group)
            for row in kind_rows()
            if row.holds_for(generation) and normal_kind(row.kind) == wanted
        ),
        None,
    )
