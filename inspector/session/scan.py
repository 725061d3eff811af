"""A look at every record of some kinds, to filter and to sort them; it can be stopped and resumed.

Sorting goes by runs that are merged: one sort of a million values would hold the interpreter for
a second, and with it the window.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import compress, repeat
from typing import TYPE_CHECKING, Any, Final

from inspector.decode.record_summary import NOTHING, RecordSummary
from inspector.errors import StoreError, UsageError
from inspector.invisible import holds, joined
from inspector.named_tuple import NamedTuple
from inspector.schema.catalog import merged_schema
from inspector.schema.releases import newest
from inspector.schema.state_field import state_field
from inspector.session.facet_filter import FacetChoice
from inspector.session.since import earliest
from inspector.session.summaries import RecordKey
from inspector.session.walking import page_of_rows
from inspector.store.blob_finder import blob_finder
from inspector.store.rows import Cancel, Row, check
from inspector.times import instant

if TYPE_CHECKING:
    from inspector.session.expression_filter import ExpressionFilter
    from inspector.session.session import Session
    from inspector.store.column_values import ColumnPage, ValueColumn


# Tells most records that a filter cannot fit by their bytes, before anything of them is decoded.
#
# It may let through what does not match, but never holds back what does.

_ASCII = bytes(range(0x80))
_PLANE = 0x10000  #: beyond it no character is folded to a letter of ASCII
#: What beyond it has no width: format characters of shorthand and music, tags.
_BEYOND = rb"\xf0\x9b\xb2[\xa0-\xa3]|\xf0\x9d\x85[\xb3-\xba]|\xf3\xa0[\x80-\xbf][\x80-\xbf]"


class Prefilter:
    """The words of a filter, for the records of one kind."""

    def __init__(self, words: Sequence[str], kind: str, *, documents: bool) -> None:
        """Takes what is looked for.

        Args:
            words: case-folded.
            kind: as the store spells it.
            documents: the blobs are JSON, where a character may be written as an escape.
        """
        states = _states(kind)
        held = f"{kind}/".casefold()
        self._kind = held
        # A state is stored as a number, so its name is in no blob; an unknown one shows its number.
        self._words = [
            (word, blob_finder(word.encode(), ignore_case=True))
            for word in words
            if not documents
            and word.isascii()
            and not word.lstrip("-").isdigit()
            and not any(word in state for state in states)
        ]

    def may_match(self, id_: str, data: bytes) -> bool:
        """Whether a record may hold every word."""
        if not self._words:
            return True
        key = self._kind + joined(id_).casefold()
        missing = any(word not in key and not found(data) for word, found in self._words)
        return not missing or _holds_special(data)


@cache
def _states(kind: str) -> tuple[str, ...]:
    """All names of states that a record of a kind may have, case-folded."""
    found: set[str] = set()
    merged = merged_schema()
    for row in merged.rows_of(kind):
        if row.message is None:
            continue
        message = merged.view(newest(row.releases)).message(row.message)
        path = state_field(message)
        if path is not None and path[-1].enum is not None:
            values = merged.values(path[-1].enum.full_name)
            found.update(name.casefold() for known in values.values() for name, _ in known)
    return tuple(found)


def _holds_special(data: bytes) -> bool:
    """Whether a blob may hold a letter that is written otherwise, or something of no width."""
    # Such characters have no byte of ASCII; of most blobs all but a few bytes are that.
    return _special().search(data.translate(None, _ASCII)) is not None


@cache
def _special() -> re.Pattern[bytes]:
    """The characters outside ASCII that case folding makes letters of ASCII, such as a sharp s.

    And those without a width, which may stand between such letters.
    """
    every = (chr(code) for code in range(0x80, _PLANE) if not 0xD800 <= code < 0xE000)
    found = [
        one for one in every if not joined(one) or any(part < "\x80" for part in one.casefold())
    ]
    return re.compile(b"|".join([*(re.escape(one.encode()) for one in found), _BEYOND]))


# A record as far as a filter or an order looks at it.

_BEFORE_ALL: Final = "\0"  #: which times do not begin with
_EPOCH: Final = datetime(1970, 1, 1)  #: in UTC; its text is to have no zone
_SECOND: Final = 10**9  #: nanoseconds
#: Times as daemons write them, each in a line.
_PLAIN: Final = (
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r" (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?\n|(?!))*+"
)
_DAY: Final = 10  #: characters of a day
#: What a list can be sorted by.
COLUMNS: Final = ("id", "size", "name", "state", "org", "error", "updated", "versions")


class RecordLine(NamedTuple):
    """What a list shows of a record, read from its top alone."""

    key: RecordKey
    summary: RecordSummary
    size: int
    updated_at: str | None
    versions: int = 0
    error: str | None = None

    def matches(self, words: Sequence[str], *, by_kind: bool = False) -> bool:
        """Whether every word (case-folded) stands in id, name, slug, state or organisation.

        What has no width, such as a zero-width space, does not part a word.

        ``by_kind``: or in ``kind/id``, as a list of several kinds shows it.
        """
        if not words:
            return True
        own = "/".join(self.key) if by_kind else self.key.id
        whole = "\n".join((own, *(text for text in self.summary if text))).casefold()
        return all(holds(whole, word) for word in words)

    def value(self, column: str) -> str | int | bytes | None:
        """What the record is ordered by in one of :data:`COLUMNS`; None where it has nothing."""
        if column == "id":
            return self.key.id.encode("utf-8", "surrogateescape")
        if column == "size":
            return self.size
        if column == "versions":
            return self.versions
        if column == "updated":
            return time_orders([self.updated_at])[0] if self.updated_at else None
        shown: str | None = self.error if column == "error" else getattr(self.summary, column)
        return shown.casefold() if shown else None


def time_orders(texts: Sequence[str]) -> list[str]:
    """What each of some stored times is ordered by: by instant, not by its text.

    What is no time stands before all that are, by its text. None of them is empty.
    """
    lines = "\n".join((*texts, ""))
    plain = re.fullmatch(_PLAIN, lines) is not None and lines.count("\n") == len(texts)
    if plain and all(map(_is_day, {text[:_DAY] for text in texts})):
        return [*texts] if "." not in lines else [_shortest(text) for text in texts]
    return [_time_order(text) for text in texts]


def _time_order(text: str) -> str:
    when = instant(text)
    if when is None:
        return f"{_BEFORE_ALL}{text}"
    seconds, fraction = divmod(when, _SECOND)
    return _shortest(f"{_EPOCH + timedelta(seconds=seconds)}.{fraction:09}")


def _shortest(text: str) -> str:
    """A time without zeros behind its point, so that equal ones are equal texts."""
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


Progress = Callable[[int], None]
_RUN: Final = 8192  #: values sorted at a time
_HEADS: Final = 2048  #: records without their blobs that are read at a time
_WITHOUT_BLOBS: Final = frozenset(("id", "size", "updated", "versions"))
_SAMPLES: Final = 16  #: values of a run by which it is parted to be merged
_new_key: Final[Callable[[tuple[str, str]], RecordKey]] = partial(tuple.__new__, RecordKey)


class _ScannedPage(NamedTuple):
    """The lines of a page that an expression leaves; what else says how far it goes."""

    lines: list[RecordLine]
    looked: int
    last: str | None  #: the id to go on after
    more: bool
    damage: StoreError | None


class _SortRun(NamedTuple):
    """Values and whose they are: two lists, since a pair of each would be one more to collect."""

    values: list[Any]
    keys: list[RecordKey]

    def sorted(self) -> _SortRun:
        """These values and whose they are by value, equal ones in the order they had."""
        values, keys = self
        order = sorted(range(len(values)), key=values.__getitem__)
        return _SortRun([values[at] for at in order], [keys[at] for at in order])


class Scan:
    """The keys of what matches, in an order.

    Attributes:
        looked: records that were looked at so far.
        unread: how many of them could not be read.
        found: keys of those that match, in kind and id order; only ever appended to, so that
            another thread may look at them meanwhile.
        damage: what ended the reading of a kind early, the first of it.
    """

    def __init__(
        self,
        session: Session,
        kinds: Sequence[str],
        *,
        text: str = "",
        expression: str = "",
        column: str = "id",
        descending: bool = False,
        gone: bool = False,
        facets: FacetChoice | None = None,
    ) -> None:
        """Sets what is looked for; nothing is read yet.

        Args:
            session: the store.
            kinds: which records.
            text: words that each have to match, see :meth:`RecordLine.matches`.
            expression: CEL that has to be true as well, see :class:`ExpressionFilter`; only for
                live records of one kind. It is checked when the scan runs.
            column: one of :data:`~inspector.session.scan.COLUMNS`; ``id`` is kind and id.
            descending: whether the last comes first; what has nothing in the column stays last.
            gone: of records that only have history instead of live ones.
            facets: what they have to have as well.

        Raises:
            UsageError: the facets have a time that is none.
        """
        self._session = session
        self._facets = facets or FacetChoice()
        self._earliest = earliest(self._facets.since)
        wanted = self._facets.kinds
        self._kinds = tuple(kind for kind in kinds if not wanted or kind in wanted)
        self._keyed = len(kinds) > 1
        self._words = text.casefold().split()
        self._expression = expression
        self._filter: ExpressionFilter | None = None
        self._column = column
        self._descending = descending
        self._gone = gone
        self._at = 0
        self._once = False  #: whether it does not go on once it was cancelled
        self._after: str | None = None
        self._runs: list[_SortRun] = [_SortRun([], [])]
        self._lacking: list[RecordKey] = []
        self.looked = self.unread = 0
        self.found: list[RecordKey] = []
        self.damage: StoreError | None = None

    def run(
        self, cancel: Cancel | None = None, progress: Progress | None = None
    ) -> list[RecordKey]:
        """Look at what was not looked at yet, and give all keys in their order.

        Args:
            cancel: ends it when set; another call goes on from there.
            progress: told :attr:`looked` now and then.

        Raises:
            CancelledError: it was cancelled.
            UsageError: the expression is wrong, or cannot be asked of these records.
            StoreError: the file cannot be read at all; damage is kept in :attr:`damage`.
        """
        self._check_expression()
        while self._at < len(self._kinds):
            kind = self._kinds[self._at]
            values = self._column_page(kind, cancel)
            if values is not None:
                self._take_values(kind, values)
                self._after = values.end
                self._at += values.end is None
                if progress is not None:
                    progress(self.looked)
                continue
            for line in self._next_lines(kind, cancel):
                self._take(line)
            if progress is not None:
                progress(self.looked)
        return self._ordered(cancel)

    def pages(self, cancel: Cancel | None = None) -> Iterator[list[RecordLine]]:
        """Look at every record, and give what words and expression leave, in no order.

        Args:
            cancel: ends it when set.

        Raises:
            CancelledError: it was cancelled.
            UsageError: as :meth:`run` does.
            StoreError: the same.
        """
        self._check_expression()
        self._once = True
        while self._at < len(self._kinds):
            check(cancel)
            lines = self._next_lines(self._kinds[self._at], cancel)
            yield [line for line in lines if line.matches(self._words, by_kind=self._keyed)]

    def _next_lines(self, kind: str, cancel: Cancel | None) -> list[RecordLine]:
        """The lines of the next page, which is then behind."""
        page = self._page(kind, cancel)
        self.looked += page.looked
        self.damage = self.damage or page.damage
        if page.more and page.last is not None and page.damage is None:
            self._after = page.last
        else:
            self._at, self._after = self._at + 1, None
        return page.lines

    @property
    def failures(self) -> int:
        """On how many of the records that were looked at the expression has no value."""
        return self._filter.failed.total() if self._filter is not None else 0

    @property
    def note(self) -> str:
        """On how many the expression fails, and why; empty where on none."""
        return self._filter.note if self._filter is not None else ""

    def _check_expression(self) -> None:
        if not self._expression or self._filter is not None:
            return
        if self._gone:
            raise UsageError(
                "An expression cannot be asked of deleted records.", "Filter them by words."
            )
        if len(self._kinds) != 1:
            raise UsageError(
                "An expression applies to the records of one kind.", "Choose a kind at the left."
            )
        # Only here: hardly any scan has an expression.
        from inspector.session.expression_filter import ExpressionFilter  # noqa: PLC0415

        # Without a cancel flag, which would be another one after the scan was stopped: a page is
        # looked at whole, so that no record is counted twice.
        self._filter = ExpressionFilter(self._session, self._kinds[0], self._expression)

    def _page(self, kind: str, cancel: Cancel | None) -> _ScannedPage:
        session = self._session
        if self._gone:
            gone = session.gone(kind, self._after, cancel=cancel)
            lines = [
                RecordLine(
                    RecordKey(kind, head.id),
                    RecordSummary(head.name, head.state, head.org, head.slug),
                    *(head.size, head.updated_at, head.versions),
                )
                for head in gone.rows
            ]
            return _whole(lines, more=gone.more, damage=gone.damage)
        facets = self._facets
        blobless = self._column in _WITHOUT_BLOBS and not facets.reads_blobs
        if not self._words and self._filter is None and blobless:
            return self._page_of_heads(kind, cancel)
        page = page_of_rows(session, kind, self._after, cancel)
        rows, expression = page.rows, self._filter
        self.unread += sum(row.data is None for row in rows)
        counts = self._counts(kind, [row.id for row in rows], cancel)
        made = _ScannedPage([], len(rows), page.end, page.end is not None, page.damage)
        if expression is not None and self._once:
            rows = list(compress(rows, expression.each(rows, counts)))
        lines = self._lines(kind, rows, counts, cancel)
        if expression is None or self._once:
            return made._replace(lines=lines)
        # The lines are made before: what counts failures comes last, when nothing can cancel it.
        wanted = [self._is_wanted(line) for line in lines]
        answers = expression.each(list(compress(rows, wanted)), counts)
        return made._replace(lines=list(compress(compress(lines, wanted), answers)))

    def _lines(
        self, kind: str, rows: list[Row], counts: Mapping[str, int], cancel: Cancel | None
    ) -> list[RecordLine]:
        reader, facets = self._session.reader(cancel), self._facets
        blobless = self._column in _WITHOUT_BLOBS and not facets.reads_blobs
        looks: list[bool] | None = None
        if self._words:
            sieve = Prefilter(self._words, kind, documents=reader.documents)
            looks = [row.data is not None and sieve.may_match(row.id, row.data) for row in rows]
        elif blobless:
            looks = [False] * len(rows)
        erring = self._column == "error" or facets.failed
        told = reader.lines(kind, rows, looks, erring=erring)
        return [
            RecordLine(
                *(RecordKey(kind, row.id), summary, row.size, row.updated_at),
                versions=counts.get(row.id, 0),
                error=error,
            )
            for row, (summary, error) in zip(rows, told, strict=True)
        ]

    def _column_page(self, kind: str, cancel: Cancel | None) -> ColumnPage | None:
        """A page of nothing but the column; None where rows have to be looked at."""
        if self._gone or self._words or self._filter is not None or self._facets.any:
            return None
        column: ValueColumn
        if self._column == "size":
            column = "size"
        elif self._column == "updated":
            column = "updated"
        else:
            return None
        store = self._session.store
        return store.column_values(kind, column, self._after, _HEADS, cancel=cancel)

    def _take_values(self, kind: str, page: ColumnPage) -> None:
        keys = list(map(_new_key, zip(repeat(kind), page.ids)))
        self.looked += len(keys)
        self.found += keys
        values: list[Any] = page.values
        if None in values:
            self._lacking += [key for key, value in zip(keys, values, strict=True) if value is None]
            keys = [key for key, value in zip(keys, values, strict=True) if value is not None]
            values = [value for value in values if value is not None]
        if self._column == "updated":
            values = time_orders(values)
        run = self._run()
        run.values.extend(values)
        run.keys.extend(keys)

    def _page_of_heads(self, kind: str, cancel: Cancel | None) -> _ScannedPage:
        timeless = self._column != "updated" and self._earliest is None
        page = self._session.store.heads(
            kind, self._after, _HEADS, timeless=timeless, cancel=cancel
        )
        counts = self._counts(kind, [row.id for row in page.rows], cancel)
        lines = [
            RecordLine(
                RecordKey(kind, row.id), NOTHING, row.size, row.updated_at, counts.get(row.id, 0)
            )
            for row in page.rows
        ]
        return _whole(lines, more=page.more, damage=page.damage)

    def _counts(self, kind: str, ids: Sequence[str], cancel: Cancel | None) -> Mapping[str, int]:
        asked = self._filter is not None and self._filter.needs_versions
        if self._column != "versions" and not asked:
            return {}
        return self._session.store.history.counts(kind, ids, cancel)

    def _is_wanted(self, line: RecordLine) -> bool:
        """Whether a record has what the facets ask for."""
        return not self._facets.any or self._facets.holds(
            state=line.summary.state,
            org=line.summary.org,
            updated_at=line.updated_at,
            error=line.error,
            earliest=self._earliest,
        )

    def _take(self, line: RecordLine) -> None:
        if not line.matches(self._words, by_kind=self._keyed) or not self._is_wanted(line):
            return
        self.found.append(line.key)
        if self._column == "id":
            return
        value = line.value(self._column)
        if value is None:
            self._lacking.append(line.key)
            return
        run = self._run()
        run.values.append(value)
        run.keys.append(line.key)

    def _run(self) -> _SortRun:
        """The run that takes the next values."""
        if len(self._runs[-1].values) >= _RUN:
            self._runs[-1] = self._runs[-1].sorted()
            self._runs.append(_SortRun([], []))
        return self._runs[-1]

    def _ordered(self, cancel: Cancel | None) -> list[RecordKey]:
        if self._column == "id":
            return self.found[::-1] if self._descending else self.found
        runs = self._runs
        if self._descending:
            # Equal ones stay in their order when what was turned round is turned round again.
            runs = [_SortRun(run.values[::-1], run.keys[::-1]) for run in reversed(runs)]
        runs = [run.sorted() for run in runs]
        keys = list(_merged(runs, cancel))
        return [*(reversed(keys) if self._descending else keys), *self._lacking]


def _whole(lines: list[RecordLine], *, more: bool, damage: StoreError | None) -> _ScannedPage:
    return _ScannedPage(lines, len(lines), lines[-1].key.id if lines else None, more, damage)


def _merged(runs: Sequence[_SortRun], cancel: Cancel | None) -> Iterator[RecordKey]:
    """The keys of sorted runs in one order, stretch by stretch of about as many as one run has."""
    samples = sorted(value for run in runs for value in run.values[:: max(1, _RUN // _SAMPLES)])
    # Many equal values stand in one stretch, which costs no more than a look at each.
    marks = samples[_SAMPLES::_SAMPLES]
    starts = [0] * len(runs)
    for number in range(len(marks) + 1):
        check(cancel)
        ends = [len(run.values) for run in runs]
        if number < len(marks):
            mark = marks[number]
            ends = [
                bisect_left(run.values, mark, start)
                for run, start in zip(runs, starts, strict=True)
            ]
        stretch = _SortRun([], [])
        for run, start, end in zip(runs, starts, ends, strict=True):
            stretch.values.extend(run.values[start:end])
            stretch.keys.extend(run.keys[start:end])
        yield from stretch.sorted().keys
        starts = ends
