"""The records of a kind for which an expression is true.

Each record is looked at under the reading it is shown with: the expression is checked for that
message type and never run on another. Where the fields it names mean the same in all releases, no
more of a record is decoded than these fields; what matches is then decoded whole, so that nothing
damaged is given as a match.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from inspector.decode.choice import Expectation
from inspector.decode.decoder import decode
from inspector.decode.node import Tree
from inspector.decode.projection import projection
from inspector.decode.transcoding import MessageTranscoder
from inspector.expression.grammar import ExpressionError, Part, parse
from inspector.expression.program import Program, Subject
from inspector.expression.shrinking import shrunk
from inspector.expression.values import NOTHING, CoveredError, FailedError
from inspector.plurals import counted
from inspector.schema.types import MessageType
from inspector.session.facet_filter import FacetFilter, match_words
from inspector.session.session import Session
from inspector.session.walking import row_pages
from inspector.store.rows import Cancel, Row, check

if TYPE_CHECKING:
    from inspector.decode._transcoder import Projection

_UNKNOWN_KIND: Final = "this kind has no schema, so r has no fields"
_UNREADABLE: Final = "it cannot be read"
_UNDECODABLE: Final = "it does not decode"
_WITHOUT: Final = "under its release: "
_MOST_WAYS: Final = 256


class _Way:
    """How an expression is answered for rows of one expectation without decoding them.

    Attributes:
        expected: what is known of the rows.
        message: what they are.
        made: the compiled way to read them, None where there is none.
        right: the expression for the message; not there where it is wrong.
        settles: one of its fields means another thing in another release, or has another number
            there, so that a blob has to be settled as a whole: then nothing within it can be read
            in another way, nor be a secret in one.
        projection: what fills the slots of the expression; None where it has none.
    """

    def __init__(
        self,
        expected: Expectation,
        made: MessageTranscoder | None,
        program: Program | ExpressionError,
        *,
        reveal: bool,
    ) -> None:
        self.expected, self.message, self.made = expected, expected.message, made
        self.settles = False
        self.projection: Projection | None = None
        if isinstance(program, ExpressionError):
            return
        self.right = program
        self.settles = program.unsettled
        absent = program.absent
        if made is not None and absent is not None and (reveal or not program.secret):
            self.projection = projection(made, expected.message, program.used, absent)

    def slots_of(
        self, blobs: list[bytes | None], start: int, end: int
    ) -> list[list[Any] | None] | None:
        """What is in the slots for blobs from one place to another; None where that is not clear.

        Args:
            blobs: of rows, None of one without.
            start: the first.
            end: the place behind the last.
        """
        if self.projection is None or self.made is None:
            return None
        found = self.projection.values_of_several(blobs, start, end)
        if not self.settles:
            return found
        at = start
        while at < end:
            at += self.made.usual_of_several(blobs, at, end, self.expected)
            if at < end:
                data = blobs[at]
                if data is None or not self.made.is_usual(data, self.expected):
                    found[at - start] = None
                at += 1
        return found


class ExpressionFilter:
    """An expression over the records of one kind.

    Attributes:
        text: the expression.
        looked: how many records were looked at.
        matched: for how many of them it is true.
        failed: on how many it has no value, by why.
        covered: how many of these would have needed a look into a secret.
    """

    def __init__(
        self,
        session: Session,
        kind: str,
        text: str,
        *,
        reveal: bool = False,
        facets: FacetFilter | None = None,
        cancel: Cancel | None = None,
    ) -> None:
        """Checks an expression.

        Args:
            session: the store.
            kind: as the store has it.
            text: the expression.
            reveal: whether it may look into secrets.
            facets: what :meth:`rows` have to have as well; of others it is not asked.
            cancel: ends what is asked when set.

        Raises:
            ExpressionError: it is wrong, or of a form that does not run.
        """
        self.text = text
        self.looked = self.matched = self.covered = 0
        self.failed: Counter[str] = Counter()
        self._session = session
        self._kind = kind
        self._reveal, self._facets = reveal, facets
        self._cancel = cancel
        self._reader = session.reader(cancel)
        self._programs: dict[MessageType | None, Program | ExpressionError] = {}
        self._ways: dict[Expectation, _Way] = {}
        self._messages = self._reader.messages(kind)
        try:
            self._part: Part = parse(text)
        except ExpressionError as error:
            raise self._judged(error) from None
        self._checked = self._check()

    def _check(self) -> Program:
        """The expression for the newest reading of the kind for which it is right.

        Raises:
            ExpressionError: it is so for none; what is wrong under the newest.
        """
        first: ExpressionError | None = None
        for message in self._messages:
            found = self._program(message)
            if isinstance(found, Program):
                return found
            first = first or found
        if first is None:
            raise ExpressionError(_UNKNOWN_KIND, 1)
        raise self._judged(first)

    def _judged(self, error: ExpressionError) -> ExpressionError:
        """What the CEL library says of an expression that does not run here."""
        from inspector.expression import cel_library  # noqa: PLC0415 - hardly ever needed

        message = next(self._messages_with_type(), None)
        if not error.unsupported or message is None:
            return error
        if not cel_library.is_installed():
            error.hint = f"Whether it is CEL is not known. {cel_library.ABSENT}"
            return error
        wrong = cel_library.verdict(self.text, message, self._reader.asked_release(self._kind))
        if wrong is not None:
            return wrong
        error.hint = "It is CEL, but not of the forms that run."
        return error

    def _messages_with_type(self) -> Iterator[MessageType]:
        return (one for one in self._messages if one is not None)

    def _program(self, message: MessageType | None) -> Program | ExpressionError:
        found = self._programs.get(message)
        if found is None:
            try:
                enums = self._reader.document_enums(self._kind) if message is None else ()
                found = Program(self._part, message, enums)
            except ExpressionError as error:
                found = error
            self._programs[message] = found
        return found

    @property
    def unread(self) -> bool:
        """Whether a row could not be read, which might match."""
        return _UNREADABLE in self.failed or (self._facets is not None and self._facets.unread)

    @property
    def needs_versions(self) -> bool:
        """Whether it looks at how many versions a record has."""
        return "versions" in self._checked.variables

    def rows(self, progress: Callable[[int], None] | None = None) -> Iterator[Row]:
        """The rows that match, in id order.

        Args:
            progress: told now and then how many were looked at.

        Raises:
            StoreError: the file is damaged; what could be read has been given.
        """
        for page in row_pages(self._session, self._kind, self._cancel):
            if progress is not None:
                progress(self.looked)
            rows = page if self._facets is None else list(filter(self._has_facets, page))
            for row, found in zip(rows, self.each(rows, self._counts(rows)), strict=True):
                check(self._cancel)
                if found:
                    yield row

    def _has_facets(self, row: Row) -> bool:
        found = self._facets is None or self._facets.holds(row)
        self.looked += not found
        return found

    def _counts(self, rows: Sequence[Row]) -> Mapping[str, int]:
        """How many versions records have, where it looks at that."""
        if not self.needs_versions or not rows:
            return {}
        ids = [row.id for row in rows]
        return self._session.store.history.counts(self._kind, ids, self._cancel)

    def each(self, rows: Sequence[Row], counts: Mapping[str, int]) -> Iterator[bool]:
        """Whether it is true for each of some rows, counted as :meth:`holds` does.

        Args:
            rows: of the kind.
            counts: how many versions they have by id, where that is looked at.
        """
        blobs = [row.data for row in rows]
        subject = Subject(NOTHING)
        for start, end, way in self._stretches(rows):
            slots = way.slots_of(blobs, start, end) if way is not None else None
            for at in range(start, end):
                row = rows[at]
                count = counts.get(row.id, 0)
                values = slots[at - start] if slots is not None else None
                found: bool | None = None
                if values is not None and way is not None and row.data is not None:
                    subject.id, subject.updated_at = row.id, row.updated_at
                    subject.size, subject.versions = row.size, count
                    subject.values = values
                    found = self._quick(way, subject, row.data)
                yield self.holds(row, count) if found is None else found

    def _quick(self, way: _Way, subject: Subject, data: bytes) -> bool | None:
        """The answer from the values in its slots, counted; None where they do not decide."""
        try:
            found = way.right.matches(subject)
        except FailedError as error:
            self._count_failure(error)
            self.looked += 1
            return False
        if found and not way.settles and not _decodes(data, way.message, way.made):
            return None
        self.looked += 1
        self.matched += found
        return found

    def _stretches(self, rows: Sequence[Row]) -> Iterator[tuple[int, int, _Way | None]]:
        """Rows side by side that are looked at in the same way: from, to, how."""
        times = [row.updated_at for row in rows]
        ways = self._reader.ways(self._kind, times)
        known = {when: self._way(*way) for when, way in ways.items()}
        at = 0
        for way, same in groupby(map(known.get, times)):
            start, at = at, at + sum(1 for _ in same)
            yield start, at, way

    def _way(self, expected: Expectation, made: MessageTranscoder | None) -> _Way:
        found = self._ways.get(expected)
        if found is None:
            if len(self._ways) >= _MOST_WAYS:
                self._ways.clear()
            program = self._program(expected.message)
            found = _Way(expected, made, program, reveal=self._reveal)
            found.settles |= self._moves
            self._ways[expected] = found
        return found

    @cached_property
    def _moves(self) -> bool:
        """Whether what it names has other numbers in another reading, which a blob has to tell."""
        programs = map(self._program, self._messages)
        return len({one.used.paths() for one in programs if isinstance(one, Program)}) > 1

    def holds(self, row: Row, versions: int) -> bool:
        """Whether it is true for a row; where it fails, that is counted and it is not."""
        self.looked += 1
        try:
            found = self._holds(row, versions)
        except FailedError as error:
            self._count_failure(error)
            return False
        self.matched += found
        return found

    def _count_failure(self, error: FailedError) -> None:
        self.covered += isinstance(error, CoveredError)
        self.failed[str(error)] += 1

    def _holds(self, row: Row, versions: int) -> bool:
        if row.data is None:
            raise FailedError(_UNREADABLE)
        quick = self._quickly(row, row.data, versions)
        if quick is not None:
            return quick
        reading = self._reader.read(row.data, row.kind, row.updated_at)
        tree = reading.tree
        if tree.malformed:
            raise FailedError(_UNDECODABLE)
        program = self._right(tree.type)
        hidden = frozenset[int]()
        if not self._reveal and (program.guarded or reading.choice.asked):
            hidden = self._reader.covered(reading, row.kind, row.updated_at)
        return program.matches(_subject(row, tree, versions, hidden))

    def _quickly(self, row: Row, data: bytes, versions: int) -> bool | None:
        """The answer from the fields it looks at alone; None where that cannot be told."""
        ways = self._reader.ways(row.kind, (row.updated_at,))
        if row.updated_at not in ways:
            return None
        way = self._way(*ways[row.updated_at])
        message, made = way.message, way.made
        wrong = isinstance(self._program(message), ExpressionError)
        if wrong and (made is None or not made.is_usual(data, way.expected)):
            # By what it holds it may be of another release, for which the expression is right.
            return None
        program = self._right(message)
        if program.secret and not self._reveal:
            return None
        settled = way.settles and made is not None and made.is_usual(data, way.expected)
        if way.settles and not settled:
            return None
        values = way.projection.values(data) if way.projection is not None else None
        if values is not None:
            subject = Subject(NOTHING, row.id, row.updated_at, row.size, versions, values=values)
            found = program.matches(subject)
            return found if settled or not found or _decodes(data, message, made) else None
        small = shrunk(data, program.used, message)
        if small is None:
            return None
        tree = decode(small, message)
        if tree.malformed:
            return None
        found = program.matches(_subject(row, tree, versions, frozenset()))
        return found if settled or not found or _decodes(data, message, made) else None

    def _right(self, message: MessageType | None) -> Program:
        found = self._program(message)
        if isinstance(found, ExpressionError):
            raise FailedError(_WITHOUT + found.sentence)
        return found

    @property
    def note(self) -> str:
        """On how many records it fails, and why; empty where on none."""
        total = self.failed.total()
        if not total:
            return ""
        why = "; ".join(f"{count:,}: {reason}" for reason, count in self.failed.most_common(3))
        return f"the expression fails on {counted(total, 'record')} ({why})"

    @property
    def summary(self) -> str:
        """How many of how many match."""
        return match_words(self.matched, self.looked)


def _decodes(data: bytes, message: MessageType, made: MessageTranscoder | None) -> bool:
    """Whether all of a blob can be read."""
    return (made is not None and made.decodes(data)) or not decode(data, message).malformed


def _subject(row: Row, tree: Tree, versions: int, hidden: frozenset[int]) -> Subject:
    return Subject(tree.root, row.id, row.updated_at, row.size, versions, hidden)
