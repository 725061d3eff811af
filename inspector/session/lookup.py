"""Names people type, to the store's own: kinds, ids, slugs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from inspector.errors import NotFoundError, UsageError
from inspector.schema.kind_names import family, normal_kind

_NAMED: Final = 10
_LONGEST: Final = 60  #: characters of a name that a sentence gives


def spelling(text: str, kinds: Sequence[str]) -> str:
    """The store's spelling of a kind.

    Raises:
        NotFoundError: the store has no such kind.
        UsageError: it has several spellings of it, and none is the text itself.
    """
    if text in kinds:
        return text
    wanted = normal_kind(text)
    found = [kind for kind in kinds if normal_kind(kind) == wanted]
    if not found:
        known = f"It has {', '.join(map(_short, kinds))}." if kinds else "It has no records."
        renamed = [kind for kind in kinds if normal_kind(kind) in family(text)]
        if renamed:
            known = f"Its records go by another name here: {', '.join(renamed)}."
        raise NotFoundError(f"This store has no kind {text!r}.", known)
    if len(found) > 1:
        raise UsageError(f"{text!r} matches several kinds: {', '.join(found)}.", "Name one.")
    return found[0]


def _short(name: str) -> str:
    """A name as a sentence gives it: a file may hold one of millions of characters."""
    ellipsis = "\N{HORIZONTAL ELLIPSIS}"
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}{ellipsis}"


def only(text: str, noun: str, found: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The one record found, by kind and id.

    Raises:
        NotFoundError: nothing was found.
        UsageError: several were.
    """
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFoundError(f"No {noun} has the ID or slug {text!r}.", "Use the command list.")
    names = ", ".join(f"{kind}/{id_}" for kind, id_ in found[:_NAMED])
    if len(found) > _NAMED:
        names += f" and {len(found) - _NAMED:,} more"
    raise UsageError(f"{text!r} matches several records: {names}.", "Name one by kind and ID.")
