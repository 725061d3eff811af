"""Two texts line by line, and two lines word by word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from inspector.history.lcs import Limits, common_subsequence

_WORD: Final = re.compile(r"\w+|\s+|[^\w\s]")
#: Words are marked within a line where more of it than this is common.
_COMMON: Final = 0.6
#: Longer lines count as replaced without a look at their words (characters).
_LONGEST: Final = 20_000
#: A person waits for it, and rare lines first is seldom shorter: 46,000 by 46,000 lines at most.
_LIMITS: Final = Limits(matches=150_000, cells=1 << 31)
_MINUS: Final = "\N{MINUS SIGN}"

Span = tuple[int, int]


class HunkKind(StrEnum):
    """What became of some lines."""

    EQUAL = "equal"
    REMOVED = "removed"
    ADDED = "added"
    REPLACED = "replaced"


class Hunk(NamedTuple):
    """Lines that belong together: ``before`` and ``after`` are ranges of line indices from 0."""

    kind: HunkKind
    before: range
    after: range

    def rows(self) -> Iterator[tuple[int | None, int | None]]:
        """The lines side by side, None where there is none."""
        for offset in range(max(len(self.before), len(self.after))):
            yield (
                self.before[offset] if offset < len(self.before) else None,
                self.after[offset] if offset < len(self.after) else None,
            )


@dataclass(frozen=True, slots=True)
class TextDifference:
    """The lines of two texts, without their line feeds, and what became of them.

    ``before_ends`` and ``after_ends`` say whether the last line ends in a line feed. A last line
    that only differs in this is a replaced one.
    """

    before: list[str]
    after: list[str]
    hunks: list[Hunk]
    before_ends: bool
    after_ends: bool

    @property
    def added(self) -> int:
        """How many lines of the later text are not in the earlier one."""
        return sum(len(hunk.after) for hunk in self.hunks if hunk.kind != HunkKind.EQUAL)

    @property
    def removed(self) -> int:
        """How many lines of the earlier text are not in the later one."""
        return sum(len(hunk.before) for hunk in self.hunks if hunk.kind != HunkKind.EQUAL)

    @property
    def words(self) -> str:
        """Such as ``+12 -3 lines``, with a true minus sign; empty where nothing differs.

        Where the newline at the end is all that differs, it is named.
        """
        if self.only_newline:
            return f"newline at the end {'added' if self.after_ends else 'removed'}"
        return counted(self.added, self.removed, "line")

    @property
    def only_newline(self) -> bool:
        """Whether they differ in nothing but whether the last line ends in a line feed."""
        return self.before_ends != self.after_ends and self.before == self.after


def counted(added: int, removed: int, noun: str) -> str:
    """How many were added and removed, in words; empty for none."""
    signs = [f"+{added:,}"] * bool(added) + [f"{_MINUS}{removed:,}"] * bool(removed)
    if not signs:
        return ""
    return f"{' '.join(signs)} {noun if added + removed == 1 else noun + 's'}"


def text_difference(before: str, after: str) -> TextDifference:
    """Compares two texts by a longest common subsequence of lines; a line ends in a line feed.

    Of texts with more than some 46,000 lines that both have, and that differ in more than some
    hundred places, it may be a shorter one, in which rare lines are paired.
    """
    old, old_ends = _lines(before)
    new, new_ends = _lines(after)
    numbers: dict[tuple[str, bool], int] = {}
    sides = (_numbered(old, old_ends, numbers), _numbered(new, new_ends, numbers))
    pairs = common_subsequence(*sides, _LIMITS)
    return TextDifference(old, new, list(_hunks(pairs, len(old), len(new))), old_ends, new_ends)


def changed_words(before: str, after: str) -> tuple[list[Span], list[Span]] | None:
    """The parts of a replaced line that differ, as character ranges of either side.

    Blanks between two words that differ are part of one range.

    Returns:
        None where no more than six of ten words and signs are common: the line is then another
        one, and marks would only hide it.
    """
    if max(len(before), len(after)) > _LONGEST:
        return None
    old, new = _WORD.findall(before), _WORD.findall(after)
    numbers: dict[str, int] = {}
    pairs = common_subsequence(
        [numbers.setdefault(word, len(numbers)) for word in old],
        [numbers.setdefault(word, len(numbers)) for word in new],
    )
    common = sum(not old[one].isspace() for one, _ in pairs)
    if 2 * common <= _COMMON * sum(not word.isspace() for word in (*old, *new)):
        return None
    kept = [pair for run in _runs(pairs) for pair in run if _is_kept(run, old, new)]
    return _others(old, {one for one, _ in kept}), _others(new, {other for _, other in kept})


def _runs(pairs: Collection[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Pairs that follow each other on both sides."""
    run: list[tuple[int, int]] = []
    for one, other in pairs:
        if run and (one, other) != (run[-1][0] + 1, run[-1][1] + 1):
            yield run
            run = []
        run.append((one, other))
    if run:
        yield run


def _is_kept(run: Sequence[tuple[int, int]], old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether common words are left unmarked: not where they are blanks between marked ones."""
    (first, _), (last, end) = run[0], run[-1]
    is_edge = run[0] == (0, 0) or (last, end) == (len(old) - 1, len(new) - 1)
    return is_edge or not all(word.isspace() for word in old[first : last + 1])


def _lines(text: str) -> tuple[list[str], bool]:
    if not text:
        return [], True
    lines = text.split("\n")
    ends = not lines[-1]
    return (lines[:-1] if ends else lines), ends


def _numbered(lines: Sequence[str], ends: bool, numbers: dict[tuple[str, bool], int]) -> list[int]:
    made = [numbers.setdefault((line, True), len(numbers)) for line in lines]
    if not ends:
        made[-1] = numbers.setdefault((lines[-1], False), len(numbers))
    return made


def _hunks(pairs: Collection[tuple[int, int]], ends: int, stops: int) -> Iterator[Hunk]:
    at = other = 0
    begun = 0
    for place, (one, another) in enumerate([*pairs, (ends, stops)]):
        if (one, another) == (at, other) and place < len(pairs):
            at, other = at + 1, other + 1
            continue
        run = place - begun
        if run:
            yield Hunk(HunkKind.EQUAL, range(at - run, at), range(other - run, other))
        if one > at or another > other:
            yield Hunk(_kind(one - at, another - other), range(at, one), range(other, another))
        at, other, begun = one + 1, another + 1, place


def _kind(removed: int, added: int) -> HunkKind:
    if removed and added:
        return HunkKind.REPLACED
    return HunkKind.REMOVED if removed else HunkKind.ADDED


def _others(words: Sequence[str], common: set[int]) -> list[Span]:
    """Character ranges of the words that are not common; neighbours are one range."""
    spans: list[Span] = []
    start = 0
    for index, word in enumerate(words):
        end = start + len(word)
        if index not in common:
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        start = end
    return spans
