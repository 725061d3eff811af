"""What is known of the writer of a blob beside its bytes, and what that leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from inspector.named_tuple import NamedTuple
from inspector.schema.releases import Mask

if TYPE_CHECKING:
    from inspector.schema.types import Place


class Clue(NamedTuple):
    """The releases that one piece of evidence leaves, and what it is, as a phrase.

    ``put`` is None but for a row that a migration wrote again with a new time, which says nothing
    of who wrote the rest: then it has the values of enums that the migration put there.
    """

    releases: Mask
    words: str
    put: frozenset[Place] | None = None


def met(mask: Mask, clues: Iterable[Clue]) -> Mask:
    """What all clues leave; one that leaves nothing contradicts what counts more, and is passed."""
    for clue in clues:
        mask = mask & clue.releases or mask
    return mask


def other_releases(
    full: Mask, alike: Mask, common: Mask, known: Mask, probable: Mask, *, plain: bool
) -> Mask:
    """The releases that may read a blob in another way than it was read.

    Args:
        full: all releases.
        alike: those that read it in the same way.
        common: those that know all that was read but for what stands within contested fields.
        known: those that know all that was read.
        probable: those that the clues leave.
        plain: whether nothing in the blob is odd, or without a name.
    """
    others = full & ~alike
    if not others:
        return others
    # What was read is the same in every way to read the rest, so it counts for all of them.
    others = others & common or others
    if plain and known & probable:
        others &= probable & common
    return others
