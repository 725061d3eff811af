"""The records of a kind for which an expression is true.

Each record is looked at under the reading it is shown with: the expression is checked for that
message type and never run on another. Where the fields it names mean the same in all releases, no
more of a record is decoded than these fields; what matches is then decoded whole, so that nothing
damaged is given as a match.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from inspector.decode.decoder import decode
from inspector.decode.node import Tree
from inspector.decode.projection import projection
from inspector.decode.transcoding import MessageTranscoder
from inspector.errors import CancelledError
from inspector.expression.grammar import ExpressionError, Part, parse
from inspector.expression.program import Program, Subject
from inspector.expression.shrinking import shrunk
from inspector.expression.values import NOTHING, CoveredError, FailedError
from inspector.plurals import counted
from inspector.schema.types import MessageType
from inspector.session.session import Session
from inspector.store.rows import PAGE, Cancel, Row

if TYPE_CHECKING:
    from inspector.decode._transcoder import Projection

_UNKNOWN_KIND: Final = "this kind has no schema, so r has no fields"
_UNREADABLE: Final = "it cannot be read"
_UNDECODABLE: Final = "it does not decode"
_WITHOUT: Final = "under its release: "


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
        cancel: Cancel | None = None,
    ) -> None:
        """Checks an expression.

        Args:
            session: the store.
            kind: as the store has it.
            text: the expression.
            reveal: whether it may look into secrets.
            cancel: ends what is asked when set.

        Raises:
            ExpressionError: it is wrong, or of a form that does not run.
        """
        self.text = text
        self.looked = self.matched = self.covered = 0
        self.failed: Counter[str] = Counter()
        self._session = session
        self._kind = kind
        self._reveal = reveal
        self._cancel = cancel
        self._reader = session.reader(cancel)
        self._programs: dict[MessageType | None, Program | ExpressionError] = {}
        self._projections: dict[MessageType, Projection | None] = {}
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
        return _UNREADABLE in self.failed

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
        for row, versions in self._counted():
            if self._cancel is not None and self._cancel.is_set():
                raise CancelledError("Cancelled.")
            if progress is not None:
                progress(self.looked)
            if self.holds(row, versions):
                yield row

    def _counted(self) -> Iterator[tuple[Row, int]]:
        rows = self._session.rows(self._kind, self._cancel)
        if not self.needs_versions:
            yield from ((row, 0) for row in rows)
            return
        held: list[Row] = []
        try:
            for row in rows:
                held.append(row)
                if len(held) == PAGE:
                    yield from self._with_versions(held)
                    held = []
        finally:
            left, held = held, []
        yield from self._with_versions(left)

    def _with_versions(self, rows: list[Row]) -> Iterator[tuple[Row, int]]:
        ids = [row.id for row in rows]
        counts = self._session.store.history.counts(self._kind, ids, self._cancel) if ids else {}
        return ((row, counts.get(row.id, 0)) for row in rows)

    def holds(self, row: Row, versions: int) -> bool:
        """Whether it is true for a row; where it fails, that is counted and it is not."""
        self.looked += 1
        try:
            found = self._holds(row, versions)
        except CoveredError as error:
            self.covered += 1
            self.failed[str(error)] += 1
            return False
        except FailedError as error:
            self.failed[str(error)] += 1
            return False
        self.matched += found
        return found

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
        way = self._reader.compiled(row.kind, row.updated_at)
        made, message = None, None
        if way is not None:
            made, message = way[0], way[1].message
        else:
            message = self._reader.settled_message(row.kind, row.updated_at)
        program = self._right(message) if message is not None else None
        if message is None or program is None or (program.secret and not self._reveal):
            return None
        # Then nothing within the blob can be read in another way, nor be a secret in one.
        settled = program.unsettled and way is not None and way[0].is_usual(data, way[1])
        if program.unsettled and not settled:
            return None
        values = self._values(made, message, program, data) if made is not None else None
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

    def _values(
        self, made: MessageTranscoder, message: MessageType, program: Program, data: bytes
    ) -> list[Any] | None:
        """What is in the slots of a program, where that can be told without decoding."""
        if message not in self._projections:
            absent = program.absent
            self._projections[message] = (
                projection(made, message, program.used, absent) if absent is not None else None
            )
        found = self._projections[message]
        return found.values(data) if found is not None else None

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
        verb = "matches" if self.matched == 1 else "match"
        return f"{self.matched:,} of {counted(self.looked, 'record')} {verb}"


def _decodes(data: bytes, message: MessageType, made: MessageTranscoder | None) -> bool:
    """Whether all of a blob can be read."""
    return (made is not None and made.decodes(data)) or not decode(data, message).malformed


def _subject(row: Row, tree: Tree, versions: int, hidden: frozenset[int]) -> Subject:
    return Subject(tree.root, row.id, row.updated_at, row.size, versions, hidden)
