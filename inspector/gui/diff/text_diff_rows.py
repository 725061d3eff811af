"""Two texts line by line, ready to be painted side by side or unified; made in the worker."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, final

from inspector.gui.text.text_layout import RowWidths, width
from inspector.history.text_difference import (
    Hunk,
    HunkKind,
    Span,
    TextDifference,
    alike,
    alike_at_end,
    changed_words,
    text_difference,
)
from inspector.lazy_sequence import LazySequence
from inspector.named_tuple import NamedTuple

_AROUND: Final = 3  #: unchanged lines shown beside changed ones
_PIECES: Final = 3  #: marked parts of a line that are still read one by one
_PART: Final = 0.25  #: of a line that may be marked in more parts than that
_MARKED: Final = 4000  #: replaced lines whose words are compared
_LONG: Final = 50_000  #: characters of a line that is shown in parts
_KEPT: Final = 2_000  #: of them, shown at either end of what is left out


class DiffLine(NamedTuple):
    """A row: a line before, a line after, or both; or how many unchanged ones are left out.

    Or it has no lines and a ``note`` on those above. Line numbers are from 0, None where there is
    no line.
    """

    before: int | None
    after: int | None
    folded: int = 0
    changed: bool = False
    note: str = ""


@final
class DiffRows(LazySequence[DiffLine]):
    """Rows as runs of lines that follow each other, a row made when it is asked for.

    A row on its own takes some two hundred bytes, and there may be millions.
    """

    __slots__ = ("_count", "_firsts", "_runs")

    def __init__(self) -> None:
        self._count = 0
        self._firsts: list[int] = []  #: the first row of each run
        self._runs: list[DiffLine] = []  #: what that row is

    def add(self, first: DiffLine, count: int = 1) -> None:
        """Puts rows behind the others.

        Args:
            first: the first of them.
            count: how many there are; the lines of each are the next ones.
        """
        if count:
            self._firsts.append(self._count)
            self._runs.append(first)
            self._count += count

    def __len__(self) -> int:
        return self._count

    def _made(self, index: int) -> DiffLine:
        run = bisect_right(self._firsts, index) - 1
        return _further(self._runs[run], index - self._firsts[run])

    def __iter__(self) -> Iterator[DiffLine]:
        for line, (first, stop) in zip(
            self._runs, pairwise([*self._firsts, self._count]), strict=True
        ):
            for by in range(stop - first):
                yield _further(line, by)


def _further(line: DiffLine, by: int) -> DiffLine:
    """The row so many rows behind another one of its run."""
    if not by:
        return line
    before, after = (one + by if one is not None else None for one in line[:2])
    return line._replace(before=before, after=after)


@dataclass(frozen=True, slots=True)
class TextRows:
    """The rows of both ways of showing, and what is marked within lines.

    Attributes:
        lines: the two texts by lines; one of very many characters without most of them, see
            :func:`text_rows`.
        beside: rows with both sides.
        unified: rows with one line each, unchanged ones with both numbers.
        words: parts of replaced lines that differ, by the numbers of the two lines.
        starts: of each change, its row side by side and its row unified.
        widths: of the rows side by side and unified.
    """

    lines: TextDifference
    beside: DiffRows
    unified: DiffRows
    words: dict[tuple[int, int], tuple[list[Span], list[Span]]]
    starts: list[tuple[int, int]]
    widths: tuple[RowWidths, RowWidths]

    def marks(self, line: DiffLine, *, after: bool) -> list[Span]:
        """The parts to be marked in one side of a row."""
        number = line.after if after else line.before
        found = self._by(number, after) if line.changed and number is not None else None
        return found[1 if after else 0] if found is not None else []

    def _by(self, number: int, after: bool) -> tuple[list[Span], list[Span]] | None:
        return self.words.get((-1, number) if after else (number, -1))


def text_rows(before: str, after: str, *, everything: bool) -> TextRows:
    """Compare two texts.

    Of a line of more than 50,000 characters, which nobody reads and which takes seconds to lay out,
    what is alike on both sides and what is very long is shown by its ends, with how much lies
    between them.

    Args:
        before: the earlier one.
        after: the later one.
        everything: also unchanged lines far from changed ones.
    """
    found = _shortened(text_difference(before, after))
    beside, unified = DiffRows(), DiffRows()
    starts: list[tuple[int, int]] = []
    words: dict[tuple[int, int], tuple[list[Span], list[Span]]] = {}
    last = len(found.hunks) - 1
    for index, hunk in enumerate(found.hunks):
        if hunk.kind is HunkKind.EQUAL:
            for rows in (beside, unified):
                _add_equal(rows, hunk, everything, first=index == 0, last=index == last)
            continue
        starts.append((len(beside), len(unified)))
        old, new = hunk.before, hunk.after
        both = min(len(old), len(new))
        beside.add(DiffLine(old.start, new.start, changed=True), both)
        for rows, done in ((beside, both), (unified, 0)):
            rows.add(DiffLine(old.start + done, None, changed=True), len(old) - done)
            rows.add(DiffLine(None, new.start + done, changed=True), len(new) - done)
        for one, other in zip(old, new, strict=False):
            if len(words) >= 2 * _MARKED:
                break
            spans = _marked(found.before[one], found.after[other])
            if spans is not None:
                words[one, -1] = words[-1, other] = spans
    if found.before_ends != found.after_ends:
        side = "After" if found.before_ends else "Before"
        note = DiffLine(None, None, note=f"{side}: no newline at the end")
        beside.add(note)
        unified.add(note)
    return TextRows(found, beside, unified, words, starts, _widths(found, beside, unified))


def _shortened(found: TextDifference) -> TextDifference:
    """The same lines, those of very many characters in parts."""
    if all(max(map(len, side), default=0) <= _LONG for side in (found.before, found.after)):
        return found
    before, after = list(found.before), list(found.after)
    for hunk in found.hunks:
        for old, new in hunk.rows():
            sides = (
                before[old] if old is not None else "",
                after[new] if new is not None else "",
            )
            if max(map(len, sides)) <= _LONG:
                continue
            shown = _parts(*sides)
            if old is not None:
                before[old] = shown[0]
            if new is not None:
                after[new] = shown[1]
    return replace(found, before=before, after=after)


def _parts(before: str, after: str) -> tuple[str, str]:
    start = alike(before, after)
    stop = alike_at_end(before, after, min(len(before), len(after)) - start)
    first, second = (
        "".join(
            _ends(part)
            for part in (text[:start], text[start : len(text) - stop], text[len(text) - stop :])
        )
        for text in (before, after)
    )
    return first, second


def _ends(text: str) -> str:
    left_out = len(text) - 2 * _KEPT
    if left_out <= _KEPT:
        return text
    told = f"[\N{HORIZONTAL ELLIPSIS} {left_out:,} characters \N{HORIZONTAL ELLIPSIS}]"
    return f"{text[:_KEPT]}{told}{text[-_KEPT:]}"


def _widths(found: TextDifference, *ways: DiffRows) -> tuple[RowWidths, RowWidths]:
    # Most lines of a long text are left out: only those shown are measured.
    beside, unified = (RowWidths(array("I", (_width(found, line) for line in way))) for way in ways)
    return beside, unified


def _width(found: TextDifference, line: DiffLine) -> int:
    return max(
        width(found.before[line.before]) if line.before is not None else 0,
        width(found.after[line.after]) if line.after is not None else 0,
    )


def _marked(before: str, after: str) -> tuple[list[Span], list[Span]] | None:
    """The words to be marked in two lines; None where so many are that the eye finds none."""
    spans = changed_words(before, after)
    if spans is None:
        return None
    joined = tuple(_joined(text, one) for text, one in zip((before, after), spans, strict=True))
    for text, some in zip((before, after), joined, strict=True):
        if len(some) > _PIECES and sum(b - a for a, b in some) > _PART * len(text):
            return None
    return joined[0], joined[1]


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """Spans with nothing but blanks between them are one."""
    found: list[Span] = []
    for start, end in spans:
        if found and not text[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _add_equal(rows: DiffRows, hunk: Hunk, everything: bool, *, first: bool, last: bool) -> None:
    size = len(hunk.before)
    head = 0 if first else _AROUND
    tail = 0 if last else _AROUND
    if everything or size <= head + tail + 1:
        head, tail = size, 0
    old, new = hunk.before.start, hunk.after.start
    rows.add(DiffLine(old, new), head)
    if head + tail < size:
        rows.add(DiffLine(None, None, folded=size - head - tail))
    rows.add(DiffLine(old + size - tail, new + size - tail), tail)
