"""Which releases a blob is read with.

Nothing in a blob says which messages it was written with, and the wrong ones may decode without an
error and show a falsehood. It is read with all of them at once; only at the few numbers that ever
meant two things there is a choice, by this evidence, what counts most first: what parses, which
releases know all that stands in it, its kind, its time, the layout it was written under, and the
rows around it. What stays open is read as the newest would, and said where it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from inspector.decode.decoder import decode
from inspector.decode.evidence import Evidence, bounds, evidence
from inspector.decode.fit import Misfit, misfit
from inspector.decode.node import NodeKind, Tree
from inspector.schema.merged import Clue, MergedSchema
from inspector.schema.releases import Mask, interval, newest, oldest
from inspector.schema.types import ScalarType

__all__ = [
    "ASKED_FOR",
    "NO_SCHEMA",
    "Choice",
    "Reading",
    "Rival",
    "likely",
    "read",
    "read_as",
    "unread",
]

#: Why a record is read as it is, where the person decided, and where nobody can.
ASKED_FOR: Final = "asked for"
NO_SCHEMA: Final = "no schema knows this kind"
_REWRITTEN: Final = "a migration wrote it again under the name of its kind"

#: So many ways to read a record are tried; each is a contested number that was met.
MOST_READINGS: Final = 12

#: More evidence, asked for only where something is still open.
Further = Callable[[], Sequence[Clue]]


class Rival(NamedTuple):
    """Another possible reading that shows something else: its releases, and its tree."""

    releases: Mask
    tree: Tree


@dataclass(frozen=True, eq=False)
class Choice:
    """The releases that a record is read with, and why.

    Attributes:
        merged: the schema they are of; None where the record is read without one.
        releases: those that can have written it; 0 where it is read without a schema.
        release: the number of the one whose meaning contested numbers are read with.
        asked: the person asked for it.
        reason: why, where it is not the evidence that says it.
        clues: the evidence beside the bytes.
        tree: whose evidence counts.
        rivals: other possible readings that show something else.
    """

    merged: MergedSchema | None = None
    releases: Mask = 0
    release: int = 0
    asked: bool = False
    reason: str = ""
    clues: tuple[Clue, ...] = ()
    tree: Tree | None = None
    rivals: tuple[Rival, ...] = ()

    @cached_property
    def schema(self) -> str | None:
        """A release, an interval ``A..B``, or None where it is read without a schema."""
        if self.merged is None or not self.releases:
            return None
        return interval(self.releases, self.merged.names)

    @cached_property
    def why(self) -> str:
        """The evidence in a phrase."""
        if self.reason or self.merged is None or self.tree is None:
            return self.reason
        names = self.merged.names
        found = bounds(self.tree, self.merged, self.clues)
        parts = []
        if found.first:
            parts.append(f"not before {names[oldest(self.releases)]}, since {found.first}")
        if found.last:
            parts.append(f"not after {names[newest(self.releases)]}, since {found.last}")
        return "; ".join(parts) or "every release reads it the same"

    @property
    def ambiguous(self) -> bool:
        """Whether another reading is possible that would show something else."""
        return bool(self.rivals)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A blob, decoded, and what it was read with."""

    tree: Tree
    choice: Choice


def likely(merged: MergedSchema, clues: Iterable[Clue]) -> int:
    """The number of the release that a row is most likely of, before its bytes are looked at."""
    return newest(_meet(merged.full, clues))


def unread(data: bytes, reason: str) -> Reading:
    """A blob that is read without a schema, every field by its number."""
    return Reading(decode(data, None), Choice(reason=reason))


def read_as(data: bytes, key: str, merged: MergedSchema, number: int) -> Reading:
    """Decodes a blob as one release would, whatever else it may be.

    Args:
        data: the blob.
        key: the message's key in the merged schema.
        merged: the releases.
        number: the release.
    """
    tree = decode(data, merged.strict(number).message(key))
    return Reading(tree, Choice(merged, 1 << number, number, asked=True, reason=ASKED_FOR))


def read(
    data: bytes,
    key: str,
    merged: MergedSchema,
    clues: tuple[Clue, ...] = (),
    further: Further | None = None,
    rewriter: int | None = None,
) -> Reading:
    """Decodes a blob with the releases that can have written it.

    Args:
        data: the blob.
        key: the message's key in the merged schema.
        merged: the releases.
        clues: what is known beside the bytes, what counts most first.
        further: gives more of it where that does not decide.
        rewriter: a release that wrote the row again: what it knows is as it has it.
    """
    return _Choosing(data, key, merged, clues, rewriter).reading(further)


class _Candidate(NamedTuple):
    """A way to read a blob, and the releases that read it so, to the last value."""

    tree: Tree
    evidence: Evidence
    releases: Mask
    number: int

    @property
    def known(self) -> Mask:
        """Those of its releases that know all that stands in it; else those since all was known."""
        return self.evidence.releases & self.releases or self.evidence.later & self.releases


class _Choosing:
    """The reading of one blob."""

    def __init__(
        self,
        data: bytes,
        key: str,
        merged: MergedSchema,
        clues: tuple[Clue, ...],
        rewriter: int | None,
    ) -> None:
        self.data = data
        self.key = key
        self.merged = merged
        self.clues = clues
        self.rewriter = rewriter

    def reading(self, further: Further | None) -> Reading:
        full = self.merged.full
        probable = _meet(full, self.clues)
        first = self._candidate(newest(probable))
        found = first.evidence
        if first.releases == full:
            return self._settled(first)
        sound = not (first.tree.odd or found.unnamed) and found.releases & probable
        left = probable if sound else full
        if sound and not any(map(self.merged.nests, found.places)):
            # What was read is the same in every way to read the rest, so it counts for all.
            left &= found.common
        if not left & ~first.releases:
            return self._settled(first)
        return self._best(self._candidates(left, first), further)

    def _candidate(self, number: int) -> _Candidate:
        merged, rewriter = self.merged, self.rewriter
        tree = decode(self.data, merged.view(number, rewriter).message(self.key))
        found = evidence(tree, merged)
        if rewriter is not None and found.places:
            open_ = (one for one in found.places if not merged.known_at(one) >> rewriter & 1)
            found = found._replace(places=frozenset(open_))
        releases = merged.full
        if found.places:
            splits = merged.splits(found.places)
            releases = next(one.releases for one in splits if one.releases >> number & 1)
        return _Candidate(tree, found, releases, number)

    def _candidates(self, base: Mask, first: _Candidate) -> list[_Candidate]:
        """Every way to read the blob that some releases have."""
        found = [first]
        left = base & ~first.releases
        while left and len(found) < MOST_READINGS:
            found.append(self._candidate(newest(left)))
            left &= ~found[-1].releases
        return found

    def _best(self, candidates: list[_Candidate], further: Further | None) -> Reading:
        ranks = [(_rank(one, self.clues), -one.number, one) for one in candidates]
        ranks.sort(key=lambda rank: rank[:2])
        equal = [one for rank, _, one in ranks if rank == ranks[0][0]]
        if len(equal) > 1 and further is not None:
            more = tuple(further())
            supports = [_support(one, more) for one in equal]
            least = min(supports)
            equal = [one for one, own in zip(equal, supports, strict=True) if own == least]
            self.clues = (*self.clues, *more)
        best = min(equal, key=lambda one: -_messages(one.tree))
        rivals = tuple(
            Rival(self._possible(one), one.tree)
            for one in equal
            if one is not best and _differ(one.tree, best.tree)
        )
        return self._settled(best, rivals)

    def _settled(self, one: _Candidate, rivals: tuple[Rival, ...] = ()) -> Reading:
        choice = Choice(
            self.merged,
            self._possible(one),
            one.number if self.rewriter is None else self.rewriter,
            clues=self.clues,
            tree=one.tree,
            rivals=rivals,
            reason="" if self.rewriter is None else _REWRITTEN,
        )
        return Reading(one.tree, choice)

    def _possible(self, one: _Candidate) -> Mask:
        """The releases that can have written the blob read in a way."""
        if self.rewriter is not None:
            return 1 << self.rewriter
        return _meet(one.known or one.releases, self.clues)


def _meet(mask: Mask, clues: Iterable[Clue]) -> Mask:
    """What all clues leave; one that leaves nothing contradicts what counts more, and is passed."""
    for clue in clues:
        mask = mask & clue.releases or mask
    return mask


#: What speaks against a reading, worst first.
_Rank = tuple[Misfit, bool, bool, tuple[bool, ...]]


def _rank(one: _Candidate, clues: Sequence[Clue]) -> _Rank:
    known = one.evidence.releases & one.releases
    return (misfit(one.tree), _unlikely(one.tree), not known, _support(one, clues))


def _support(one: _Candidate, clues: Sequence[Clue]) -> tuple[bool, ...]:
    """For each clue whether it speaks against all releases that what counts more has left."""
    left = one.known or one.releases
    against = []
    for clue in clues:
        against.append(not left & clue.releases)
        left = left & clue.releases or left
    return tuple(against)


def _unlikely(tree: Tree) -> bool:
    """Whether what may be a message is read as a text that no person would write."""
    return any(
        not value.translate(_BREAKS).isprintable()
        for kind, type_, value in _contested(tree)
        if kind == NodeKind.SCALAR and type_ == ScalarType.STRING
    )


def _messages(tree: Tree) -> int:
    """How often what may be a text is read as a message, which no text is by chance."""
    return sum(kind == NodeKind.MESSAGE for kind, _, _ in _contested(tree))


def _contested(tree: Tree) -> Iterable[tuple[int, int, str]]:
    """Kind, type and text of the values of contested fields."""
    stack = [tree.root]
    while stack:
        for child in stack.pop().children:
            field = child.field
            if field is not None and field.contested is not None:
                yield child.kind, field.type, child.value if isinstance(child.value, str) else ""
            if child.children:
                stack.append(child)


def _differ(one: Tree, other: Tree) -> bool:
    from inspector.decode.json_writer import write  # noqa: PLC0415 - hardly ever asked

    return write(one.root, indent=None) != write(other.root, indent=None)


_BREAKS: Final = {ord(mark): " " for mark in "\n\r\t"}
