"""Two texts line by line, and two lines word by word."""

from __future__ import annotations

import operator
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, chain, islice, pairwise
from typing import Final, final

from inspector.history.lcs import Limits, common_subsequence
from inspector.lazy_sequence import LazySequence
from inspector.named_tuple import NamedTuple

_WORD: Final = re.compile(r"\w+|\s+|[^\w\s]")
#: Words are marked within a line where more of it than this is common.
_COMMON: Final = 0.6
#: Longer lines count as replaced without a look at their words (characters).
_LONGEST: Final = 20_000
#: A person waits for it, and rare lines first is seldom shorter: 46,000 by 46,000 lines at most.
_LIMITS: Final = Limits(matches=150_000, cells=1 << 31)
_MINUS: Final = "\N{MINUS SIGN}"
_OFFSET: Final = "I"  #: in a text, which SQLite keeps below 2 GiB
_CHUNK: Final = 1 << 16  #: characters that are split, or compared, at once; a power of 4

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


@final
class TextLines(LazySequence[str]):
    """The lines of a text without their line feeds, each made when it is asked for.

    A line on its own takes some fifty bytes besides its letters, and there may be millions.

    Attributes:
        ends: whether the last line ends in a line feed; also where there is no line.
    """

    __slots__ = ("_starts", "_text", "ends")

    def __init__(self, text: str) -> None:
        self._text = text
        self.ends = not text or text.endswith("\n")
        self._starts = array(_OFFSET, (0,))  #: of each line, and where one would follow the last
        at = 0
        while at < len(text):
            stop = text.find("\n", at + _CHUNK) + 1 or len(text)
            lines = text[at:stop].split("\n")
            if not lines[-1]:
                lines.pop()
            # Behind the last line a line feed follows, or is thought to.
            ends = accumulate((len(line) + 1 for line in lines), initial=at)
            self._starts.extend(islice(ends, 1, None))
            at = stop

    def offset(self, line: int) -> int:
        """Where a line begins, in characters; of the number of lines, where the text ends."""
        return min(self._starts[line], len(self._text))

    def line_at(self, offset: int) -> int:
        """The line an offset lies in: how many whole ones, with their line feeds, end before it."""
        return bisect_right(self._starts, offset) - 1

    def line_from(self, offset: int) -> int:
        """The first line that begins at an offset or behind it."""
        return bisect_left(self._starts, offset)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def _made(self, index: int) -> str:
        return self._text[self._starts[index] : self._starts[index + 1] - 1]

    def __iter__(self) -> Iterator[str]:
        text = self._text
        return (text[start : stop - 1] for start, stop in pairwise(self._starts))


@dataclass(frozen=True, slots=True)
class TextDifference:
    """The lines of two texts, without their line feeds, and what became of them.

    ``before_ends`` and ``after_ends`` say whether the last line ends in a line feed. A last line
    that only differs in this is a replaced one.
    """

    before: Sequence[str]
    after: Sequence[str]
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
        if self.before_ends == self.after_ends or len(self.before) != len(self.after):
            return False
        return all(map(operator.eq, self.before, self.after))


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
    old, new = TextLines(before), TextLines(after)
    head, tail = _alike_lines((before, old), (after, new))
    common: Iterable[tuple[int, int]] = ()
    if min(len(old), len(new)) > head + tail:  # else one of the two has all that is left
        numbers: dict[str | tuple[str], int] = {}
        first, second = (_numbered(one, head, len(one) - tail, numbers) for one in (old, new))
        common = common_subsequence(first, second, _LIMITS)
    pairs = ((one + head, other + head) for one, other in common)
    hunks = list(_hunks(pairs, head, tail, len(old), len(new)))
    return TextDifference(old, new, hunks, old.ends, new.ends)


def alike(before: str, after: str, at: int = 0) -> int:
    """How many characters two texts have in common from an offset on."""
    start, step = at, _CHUNK
    most = min(len(before), len(after))
    while step:
        while at + step <= most and before[at : at + step] == after[at : at + step]:
            at += step
        step >>= 2
    return at - start


def alike_at_end(before: str, after: str, most: int) -> int:
    """How many characters two texts have in common at their ends, so many at most."""
    ends, stops = len(before), len(after)
    found, step = 0, _CHUNK
    while step:
        while found + step <= most:
            one, other = ends - found, stops - found
            if before[one - step : one] != after[other - step : other]:
                break
            found += step
        step >>= 2
    return found


def _alike_lines(before: tuple[str, TextLines], after: tuple[str, TextLines]) -> tuple[int, int]:
    """How many lines two texts have in common at the beginning, and at the end behind those."""
    (old, old_lines), (new, new_lines) = before, after
    same = alike(old, new)
    if same == len(old) == len(new):
        return len(old_lines), 0
    head = old_lines.line_at(same)
    most = min(len(old), len(new)) - old_lines.offset(head)
    size = alike_at_end(old, new, most)
    first, other = old_lines.line_from(len(old) - size), new_lines.line_from(len(new) - size)
    return head, min(len(old_lines) - first, len(new_lines) - other)


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


def _numbered(
    lines: TextLines, start: int, stop: int, numbers: dict[str | tuple[str], int]
) -> list[int]:
    """Numbers for the lines in a range; a last one without a line feed is another."""
    whole = stop if lines.ends else max(start, min(stop, len(lines) - 1))
    made = [numbers.setdefault(lines[at], len(numbers)) for at in range(start, whole)]
    made += (numbers.setdefault((lines[at],), len(numbers)) for at in range(whole, stop))
    return made


def _hunks(
    pairs: Iterable[tuple[int, int]], head: int, tail: int, ends: int, stops: int
) -> Iterator[Hunk]:
    """Hunks of two texts of so many lines.

    Args:
        pairs: equal lines, ascending.
        head: how many are equal before those.
        tail: how many are equal at the end.
        ends: how many lines the earlier text has.
        stops: how many the later one has.
    """
    at = other = run = head  # of a run of equal lines its end, and how many there are
    for one, another in chain(pairs, ((ends - tail, stops - tail),)):
        if (one, another) != (at, other):
            if run:
                yield Hunk(HunkKind.EQUAL, range(at - run, at), range(other - run, other))
            yield Hunk(_kind(one - at, another - other), range(at, one), range(other, another))
            run = 0
        at, other, run = one + 1, another + 1, run + 1
    run += tail - 1  # the last of them stood for the end
    if run:
        yield Hunk(HunkKind.EQUAL, range(ends - run, ends), range(stops - run, stops))


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
