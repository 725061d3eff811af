"""What is said of a kind that the schema knows and the store has none of."""

from __future__ import annotations

from typing import Final, NamedTuple

from inspector.gui.words import visible
from inspector.schema.catalog import display
from inspector.schema.kinds import normal_kind

_NEVER: Final = "The schema knows this kind; the daemon has not written one yet."
_NO_MORE: Final = "Those that were listed before are not in the store any more."


class EmptyKind(NamedTuple):
    """A kind by its normal form, and the sentence and the reason to be shown."""

    kind: str
    words: tuple[str, str]


def empty_kind(asked: str) -> EmptyKind | None:
    """The kind of ``KIND/ID`` that was asked for, None where no schema knows it."""
    kind = asked.partition("/")[0]
    known = display(kind)
    if known is None:
        return None
    return EmptyKind(normal_kind(kind), (_sentence(known[0]), _NEVER))


def emptied(title: str) -> tuple[str, str]:
    """What is said of a kind whose last record went while it was listed."""
    return _sentence(title), _NO_MORE


def _sentence(title: str) -> str:
    return f"No {plural(title)} in this store."


def plural(title: str) -> str:
    """A kind's display name within a sentence: ``MCP Server`` as ``MCP servers``."""
    words = [word if word[1:] != word[1:].lower() else word.lower() for word in title.split()]
    text = visible(" ".join(words))
    if text.endswith("y") and text[-2:-1] not in "aeiou":
        return f"{text[:-1]}ies"
    return f"{text}es" if text.endswith(("s", "x", "ch", "sh")) else f"{text}s"
