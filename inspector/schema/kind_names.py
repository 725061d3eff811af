"""What a kind is called, and which kinds are one thing under several names."""

from __future__ import annotations

from typing import Final

from inspector.named_tuple import NamedTuple
from inspector.schema.releases import Mask

#: Kinds that a migration renamed where they lie: their rows are of one kind, whatever it is called.
RENAMED: Final = (
    ("agent_execution", "agent_run", "run"),
    ("workflow_execution", "workflow_run"),
)


class KindRow(NamedTuple):
    """What some releases say of a kind; ``message`` is its key, None where none is known."""

    kind: str
    number: int
    display_name: str
    group: str
    id_prefix: str
    retired_prefixes: tuple[str, ...]
    versioned: bool
    message: str | None
    releases: Mask


def normal_kind(text: str) -> str:
    """A kind however it is spelled: lower case, without ``-`` and ``_``."""
    return text.lower().replace("-", "").replace("_", "")


_FAMILIES: Final = {
    normal_kind(kind): tuple(map(normal_kind, kinds)) for kinds in RENAMED for kind in kinds
}


def family(kind_text: str) -> tuple[str, ...]:
    """The names, by :func:`normal_kind`, under which records of a kind may lie; its own too."""
    own = normal_kind(kind_text)
    return _FAMILIES.get(own, (own,))


def former_names(kind_text: str) -> tuple[str, ...]:
    """The names that a kind had before the one it is called by here, the oldest first."""
    own = normal_kind(kind_text)
    for names in RENAMED:
        plain = tuple(map(normal_kind, names))
        if own in plain:
            return names[: plain.index(own)]
    return ()
