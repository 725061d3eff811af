"""Which releases a blob is read with.

Nothing in a blob says which messages it was written with, and the wrong ones may decode without an
error and show a falsehood. It is read with all of them at once; only at the few numbers that ever
meant two things there is a choice, by this evidence, what counts most first: what parses, which
releases know all that stands in it, its kind, its time, the layout it was written under, and the
rows around it. What stays open is read as the newest would that was published then, and said where
it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from inspector.decode.decoder import decode
from inspector.decode.evidence import Bounds, Evidence, bounds, evidence, later
from inspector.decode.node import Node, NodeKind, Sound, Tree
from inspector.decode.schema_fit import PartsFit, has_misplaced, misfit, parts_fit
from inspector.named_tuple import NamedTuple
from inspector.schema.clues import Clue, met, other_releases
from inspector.schema.merged import MergedSchema
from inspector.schema.releases import Mask, interval, newest, oldest, union
from inspector.schema.types import Field, MessageType, Place

if TYPE_CHECKING:
    from inspector.decode.alternative_readings import ContestedParts

__all__ = [
    "ASKED_FOR",
    "NO_SCHEMA",
    "Choice",
    "Expectation",
    "Reading",
    "Rival",
    "read",
    "read_as",
    "settled",
    "unread",
]

#: Why a record is read as it is, where the person decided, and where nobody can.
ASKED_FOR: Final = "asked for"
NO_SCHEMA: Final = "no schema knows this kind"
_REWRITTEN: Final = "a migration wrote it again under the name of its kind"

#: So many ways to read a record are tried; each is a contested number that was met.
MOST_READINGS: Final = 12

#: So many shapes of records are remembered of an expectation.
_MOST_SHAPES: Final = 1024

_new: Final = tuple.__new__
_NOTHING: Final = Node(int(NodeKind.MESSAGE), None, None, None, (), 0, 0, 0, 0, None)

#: More evidence, asked for only where something is still open.
Further = Callable[[], Sequence[Clue]]
#: The releases that are likely for a blob, read in any way, and whether its row is undated.
Likely = Callable[[Tree, bool], Mask]


class Rival:
    """Another possible reading that shows something else.

    Attributes:
        releases: those that read it so.
    """

    __slots__ = ("_message", "_tree", "releases")

    def __init__(self, releases: Mask, tree: Tree, message: MessageType | None = None) -> None:
        """Keeps what was read so far.

        Args:
            releases: those that read it so.
            tree: what it shows; of its contested parts alone where there is a message.
            message: what reads all of it.
        """
        self.releases = releases
        self._tree = tree
        self._message = message

    @property
    def tree(self) -> Tree:
        """What it shows; all of it is read when it is asked for."""
        message = self._message
        if message is not None:
            self._tree = decode(self._tree.data, message)
            self._message = None
        return self._tree


class Choice:
    """The releases that a record is read with, and why.

    One is shared by records in which the same was seen, and what hardly anybody asks is worked out
    when it is.

    Attributes:
        merged: the schema they are of; None where the record is read without one.
        release: the number of the one whose meaning contested numbers are read with.
        asked: the person asked for it.
        rivals: other possible readings that show something else.
        named: what it is read with where that is no release; empty where it is one, or nothing.
    """

    __slots__ = (
        *("merged", "release", "asked", "rivals", "_reason", "_clues", "_alike", "_rewritten"),
        *("_releases", "named"),
    )

    def __init__(
        self,
        merged: MergedSchema | None = None,
        release: int = 0,
        *,
        asked: bool = False,
        reason: str = "",
        clues: tuple[Clue, ...] = (),
        alike: tuple[_Candidate, ...] = (),
        rewritten: bool = False,
        rivals: tuple[Rival, ...] = (),
        named: str = "",
    ) -> None:
        self.named = named
        self.merged = merged
        self.release = release
        self.asked = asked
        self.rivals = rivals
        self._reason = reason
        self._clues = clues
        self._alike = alike
        self._rewritten = rewritten
        self._releases: Mask | None = None

    @property
    def releases(self) -> Mask:
        """Those that can have written the record; 0 where it is read without a schema."""
        if self._releases is None:
            self._releases = self._possible()
        return self._releases

    def _possible(self) -> Mask:
        if self.merged is None:
            return 0
        if not self._alike or self._rewritten:
            return 1 << self.release
        return union(possible(one, self.merged, self._clues) for one in self._alike)

    @property
    def schema(self) -> str | None:
        """A release, an interval ``A..B``, or None where it is read without a schema."""
        if self.merged is None:
            return self.named or None
        return interval(self.releases, self.merged.names)

    @property
    def why(self) -> str:
        """The evidence in a phrase."""
        if self._reason or self.merged is None or not self._alike:
            return self._reason
        if self._rewritten:
            return _REWRITTEN
        names = self.merged.names
        found = self._bounds(self.merged)
        parts = []
        if found.first:
            parts.append(f"not before {names[oldest(self.releases)]}, since {found.first}")
        if found.last:
            parts.append(f"not after {names[newest(self.releases)]}, since {found.last}")
        return "; ".join(parts) or "every release reads it the same"

    def _bounds(self, merged: MergedSchema) -> Bounds:
        """Of readings that show the same, the one that reaches furthest says why it ends there."""
        either = []
        put = _put_by(self._clues)
        for one in self._alike:
            mask = possible(one, merged, self._clues)
            tree = _written(_whole(one), put)
            said = bounds(tree, merged, one.number, self._clues)
            either.append((oldest(mask), newest(mask), said))
        first = min(either, key=lambda one: one[0])[2].first
        return Bounds(first, max(either, key=lambda one: one[1])[2].last)

    @property
    def contradicted(self) -> bool:
        """Whether something beside the bytes speaks against every release that fits them."""
        return any(not self.releases & clue.releases for clue in self._clues)

    @property
    def undated(self) -> bool:
        """Whether the time of the record is that of a migration, not of its writer."""
        return _are_undated(self._clues)

    @property
    def ambiguous(self) -> bool:
        """Whether another reading is possible that would show something else."""
        return bool(self.rivals)


class Reading(NamedTuple):
    """A blob, decoded, and what it was read with."""

    tree: Tree
    choice: Choice


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
    return Reading(tree, Choice(merged, number, asked=True, reason=ASKED_FOR))


#: Stands for a choice that was not made yet.
_UNASKED: Final = Choice()


class Expectation:
    """What is known of a blob before it is looked at.

    Attributes:
        merged: the releases.
        key: the message's key in the merged schema.
        clues: what is known of its writer, what counts most first.
        rewriter: a release that wrote the row again: what it knows is as it has it.
        probable: the releases that the clues leave.
        undated: the time of the row is that of a migration, not of its writer.
        put: the values of enums that the migration put there, which say nothing of the writer.
        message: the message as the newest of these has it.
    """

    __slots__ = (
        *("_known", "_likely", "clues", "key", "merged", "message", "number", "probable", "put"),
        *("rewriter", "undated"),
    )

    def __init__(
        self,
        merged: MergedSchema,
        key: str,
        clues: tuple[Clue, ...] = (),
        rewriter: int | None = None,
        likely: Likely | None = None,
    ) -> None:
        self.merged = merged
        self.key = key
        self.clues = clues
        self.rewriter = rewriter
        self._likely = likely
        self.undated = _are_undated(clues)
        self.put = _put_by(clues)
        self.probable = met(merged.full, clues)
        self.number = newest(self.probable)
        self.message = merged.view(self.number, rewriter).message(key)
        self._known: dict[Hashable, Choice | None] = {}

    def likely(self, tree: Tree) -> Mask:
        """The releases of which one is shown rather than another, where both are possible.

        Args:
            tree: the blob, read in any way.
        """
        return self.merged.full if self._likely is None else self._likely(tree, self.undated)

    def settled(self, tree: Tree) -> Choice | None:
        """The choice of a blob that is read as the expected message, where no other can be meant.

        Args:
            tree: what was seen of the blob, read so; nothing else of it counts.

        Returns:
            The choice, the same one for all blobs in which the same was seen; None where the blob
            may be read in another way.
        """
        if tree.odd:
            return self._alone(tree)
        # Within contested fields hardly anything is seen, and one set alone is found sooner.
        seen = frozenset(tree.seen)
        key: Hashable = (seen, frozenset(tree.within)) if tree.within else seen
        known = self._known.get(key, _UNASKED)
        if known is not _UNASKED:
            return known
        if len(self._known) > _MOST_SHAPES:
            self._known.clear()
        # It is kept, and the blob need not be.
        without = Tree(b"", _NOTHING, None, False, False, False, seen, frozenset(tree.within))
        known = self._known[key] = self._alone(without)
        return known

    def _alone(self, tree: Tree) -> Choice | None:
        first = _candidate(tree, evidence(tree), self, self.number)
        if _others(first, self):
            return None
        rewriter = self.rewriter
        return Choice(
            self.merged,
            self.number if rewriter is None else rewriter,
            clues=self.clues,
            alike=(first,),
            rewritten=rewriter is not None,
        )


def read(
    data: bytes,
    expected: Expectation,
    further: Further | None = None,
    sound: Sound | None = None,
) -> Reading:
    """Decodes a blob with the releases that can have written it.

    Args:
        data: the blob.
        expected: what is known beforehand.
        further: gives more of it where that does not decide.
        sound: what is known of one within which nothing is odd, read as the expected message.
    """
    tree = decode(data, expected.message, sound)
    if expected.put:
        tree = _written(tree, expected.put)
    certain = expected.settled(tree)
    if certain is not None:
        return _new(Reading, (tree, certain))
    first = _candidate(tree, evidence(tree), expected, expected.number)
    others = _others(first, expected)
    return _best(_candidates(data, expected, others, first), expected, further)


def settled(tree: Tree, expected: Expectation) -> Choice | None:
    """What :func:`read` chooses for a blob that it can read as the expected message alone.

    Args:
        tree: what was seen of the blob, read so; nothing else of it counts.
        expected: what is known beforehand.

    Returns:
        The choice; None where the blob may be read in another way.
    """
    return expected.settled(_written(tree, expected.put))


def _are_undated(clues: Iterable[Clue]) -> bool:
    """Whether one of them says that the time is that of a migration."""
    return any(clue.put is not None for clue in clues)


def _put_by(clues: Iterable[Clue]) -> frozenset[Place]:
    """The values of enums that something else than the writer of a blob put there."""
    return frozenset[Place]().union(*(one.put or () for one in clues))


def _written(tree: Tree, put: frozenset[Place]) -> Tree:
    """A tree without what a migration put there, as far as it tells releases apart."""
    if not put:
        return tree
    seen, within = (
        {one for one in some if isinstance(one, Field) or (one[0].full_name, one[1]) not in put}
        for some in (tree.seen, tree.within)
    )
    known = (tree.data, tree.root, tree.type, tree.malformed, tree.odd, tree.bad_text)
    return Tree(*known, seen, within, tree.sound)


def _others(first: _Candidate, expected: Expectation) -> Mask:
    """The releases that may read a blob in another way than the first one does."""
    found = first.evidence
    return other_releases(
        *(expected.merged.full, first.releases, found.common, found.releases, expected.probable),
        plain=not first.tree.odd and not found.unnamed,
    )


class _Candidate(NamedTuple):
    """A way to read a blob, and the releases that read it so, to the last value.

    Attributes:
        tree: what is read; of its contested parts alone where ``message`` is not None.
        evidence: of all of it.
        releases: those that read it so.
        number: one of them.
        message: what reads all of it, where that has not been done.
        parts: its contested parts, where nothing else has to be weighed.
    """

    tree: Tree
    evidence: Evidence
    releases: Mask
    number: int
    message: MessageType | None = None
    parts: Tree | None = None


def _whole(one: _Candidate) -> Tree:
    """All of what a candidate reads."""
    return one.tree if one.message is None else decode(one.tree.data, one.message)


def _candidate(
    tree: Tree,
    found: Evidence,
    expected: Expectation,
    number: int,
    message: MessageType | None = None,
    parts: Tree | None = None,
) -> _Candidate:
    merged, rewriter = expected.merged, expected.rewriter
    places = found.places
    if rewriter is not None and places:
        places = frozenset(one for one in places if not merged.known_at(one) >> rewriter & 1)
    releases = merged.alike(places, number) if places else merged.full
    return _Candidate(tree, found, releases, number, message, parts)


def _candidates(
    data: bytes, expected: Expectation, others: Mask, first: _Candidate
) -> list[_Candidate]:
    """Every way to read a blob that the first one's or other releases have."""
    from inspector.decode.alternative_readings import contested_parts  # noqa: PLC0415 - as _weighed

    own = expected.merged.view(first.number, expected.rewriter)
    parts = contested_parts(first.tree, own, expected.key)
    if parts is not None:
        found = _in_parts(parts, expected, others, first)
        if found is not None:
            return found
    found = [first]
    while others and len(found) < MOST_READINGS:
        number = newest(others)
        view = expected.merged.view(number, expected.rewriter)
        tree = _written(decode(data, view.message(expected.key)), expected.put)
        found.append(_candidate(tree, evidence(tree), expected, number))
        others &= ~found[-1].releases
    return found


def _in_parts(
    parts: ContestedParts, expected: Expectation, others: Mask, first: _Candidate
) -> list[_Candidate] | None:
    """The same by what is contested alone; None where that cannot be told from the rest."""
    found = [first._replace(parts=parts.as_read())]
    while others and len(found) < MOST_READINGS:
        number = newest(others)
        view = expected.merged.view(number, expected.rewriter)
        tree = parts.read(view)
        if tree is None:
            return None
        tree = _written(tree, expected.put)
        whole = view.message(expected.key)
        found.append(_candidate(tree, evidence(tree), expected, number, whole, tree))
        others &= ~found[-1].releases
    return found


def _best(candidates: list[_Candidate], expected: Expectation, further: Further | None) -> Reading:
    clues = expected.clues
    weighed = _weighed(_without_misfits(candidates), expected)
    weighed.sort(key=lambda one: (one.rank, -one.candidate.number))
    equal = [one for one in weighed if one.rank == weighed[0].rank]
    if len(equal) > 1:
        likely = expected.likely(candidates[0].tree)
        equal.sort(key=lambda one: not possible(one.candidate, expected.merged, clues) & likely)
    if expected.undated:
        further = None  # the rows around it are of the same time, and not of the same writers
    first = equal[0]
    otherwise = [one for one in equal[1:] if _show_otherwise(first, one)]
    if further is not None and otherwise:
        more = tuple(further())
        supports = [_support(one.candidate, more) for one in equal]
        least = min(supports)
        equal = [one for one, own in zip(equal, supports, strict=True) if own == least]
        clues = (*clues, *more)
    best = equal[0]
    if len(equal) > 1:
        best = min(equal, key=lambda one: (one.unnamed, -one.messages))
    alike = [best.candidate]
    rivals: list[Rival] = []
    for other in equal:
        if other is best:
            continue
        if best is first:
            shows = any(other is one for one in otherwise)
        else:
            shows = _show_otherwise(best, other)
        if shows:
            rivals.append(_rival(other, expected.merged, clues))
        else:
            alike.append(other.candidate)
    # That a number has a name speaks for a reading, if not as loud as what is known of the writer.
    rivals += [
        _rival(other, expected.merged, clues)
        for other in weighed
        if other.unnamed < best.unnamed
        and other.rank.fits_as(best.rank)
        and not any(other is one for one in equal)
    ]
    return _settled(alike, expected, clues, tuple(rivals))


def _rival(one: _Weighed, merged: MergedSchema, clues: Iterable[Clue]) -> Rival:
    own = one.candidate
    return Rival(possible(own, merged, clues), own.tree, own.message)


def _settled(
    alike: list[_Candidate],
    expected: Expectation,
    clues: tuple[Clue, ...] | None = None,
    rivals: tuple[Rival, ...] = (),
) -> Reading:
    rewriter = expected.rewriter
    tree = _written(_whole(alike[0]), expected.put)
    alike[0] = alike[0]._replace(tree=tree, message=None)
    choice = Choice(
        expected.merged,
        alike[0].number if rewriter is None else rewriter,
        clues=expected.clues if clues is None else clues,
        alike=tuple(alike),
        rewritten=rewriter is not None,
        rivals=rivals,
    )
    return Reading(tree, choice)


def possible(one: _Candidate, merged: MergedSchema, clues: Iterable[Clue]) -> Mask:
    """The releases that can have written a blob read in a way."""
    known = one.evidence.releases & one.releases
    return met(known or later(one.tree, merged) & one.releases or one.releases, clues)


class _Rank(NamedTuple):
    """What speaks against a reading, worst first.

    Attributes:
        malformed: protobuf would refuse the bytes.
        misplaced: how much in them fits no field.
        unusual: how much in them no writer makes.
        unlikely: a text is none that a person would write.
        unheard: no release knows all that stands in it.
        against: for each clue whether it speaks against the reading.
    """

    malformed: bool
    misplaced: int
    unusual: int
    unlikely: bool
    unheard: bool
    against: tuple[bool, ...]

    def fits_as(self, other: _Rank) -> bool:
        """Whether the bytes alone speak no more against one reading than against another."""
        return self[:-1] <= other[:-1]


class _Weighed(NamedTuple):
    """A way to read a blob, what speaks against it, and its contested nodes.

    ``unnamed`` is how many numbers have no name in their enum. A writer keeps those that a newer
    one made, so that only says which of readings that fit alike is shown; so do ``messages``, see
    :class:`~inspector.decode.schema_fit.PartsFit`.
    """

    candidate: _Candidate
    rank: _Rank
    unnamed: int
    messages: int
    nodes: list[Node]


def _show_otherwise(one: _Weighed, other: _Weighed) -> bool:
    from inspector.decode.contested import differ  # noqa: PLC0415 - as _weighed

    mine, others = one.candidate, other.candidate
    return differ(mine.parts or mine.tree, one.nodes, others.parts or others.tree, other.nodes)


def _weighed(candidates: list[_Candidate], expected: Expectation) -> list[_Weighed]:
    # Mostly there is one way to read a blob, and lists of records need nothing to weigh it.
    from inspector.decode.contested import contested, is_unlikely, messages  # noqa: PLC0415

    odd = any(one.tree.odd for one in candidates)
    measured: list[tuple[PartsFit, list[Node]]] = []
    for one in candidates:
        tree = one.tree if one.parts is None else one.parts
        if one.parts is not None:
            nodes = [node for part in tree.root.children for node in part.children]
        else:
            nodes = contested(tree, expected.merged.unsettled)
        if odd:
            fit = misfit(tree) if one.parts is None else misfit(tree, nodes)
            measured.append((PartsFit(fit, messages(nodes), is_unlikely(nodes)), nodes))
        else:
            # But for what is contested, all of them fit alike.
            measured.append((parts_fit(tree, nodes), nodes))
    # What texts are like counts where nothing that counts more tells readings apart.
    least = min(fit.misfit[:3] for fit, _ in measured)
    several = sum(fit.misfit[:3] == least for fit, _ in measured) > 1
    found = []
    for one, ((fit, count, unlikely), nodes) in zip(candidates, measured, strict=True):
        unlikely = unlikely and several and fit[:3] == least
        known = one.evidence.releases & one.releases
        against = _support(one, expected.clues)
        rank = _Rank(fit.malformed, fit.misplaced, fit.unusual, unlikely, not known, against)
        found.append(_Weighed(one, rank, fit.unnamed, count, nodes))
    return found


def _without_misfits(candidates: list[_Candidate]) -> list[_Candidate]:
    """Those that can be shown: what fits nowhere in one speaks more against it than all else."""
    if all(one.tree.odd for one in candidates):
        return candidates
    return [one for one in candidates if not has_misplaced(one.parts or one.tree)]


def _support(one: _Candidate, clues: Sequence[Clue]) -> tuple[bool, ...]:
    """For each clue whether it speaks against all releases that what counts more has left."""
    left = one.evidence.releases & one.releases or one.releases
    against = []
    for clue in clues:
        against.append(not left & clue.releases)
        left = left & clue.releases or left
    return tuple(against)
