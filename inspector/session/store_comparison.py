"""What differs between two stores, or two states of one: live records, by kind and id.

Two sorted streams of pages are walked side by side, so that what is kept does not grow with the
stores. Records with the same bytes are the same, and are not decoded: what a blob is read as may
differ from store to store, its data does not. Of others each is read by its own store's evidence,
and what differs only in names, or not in meaning, is no difference of data.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from inspector.decode.node import NodeKind, Tree
from inspector.decode.paths import NodePlace
from inspector.errors import CancelledError, NotFoundError, StoreError, StoreErrorKind, UsageError
from inspector.history.difference import (
    Change,
    Difference,
    Entry,
    EntryRun,
    entries_of,
    entry_parts,
    record_difference,
)
from inspector.history.record import Record
from inspector.invisible import typed
from inspector.named_tuple import NamedTuple
from inspector.store.error_sentences import store_error
from inspector.store.legacy import normalised
from inspector.store.renamed import names_of
from inspector.store.rows import Cancel, Form, Row
from inspector.store.text import encode

if TYPE_CHECKING:
    from inspector.session.reading import BlobReader
    from inspector.session.session import Session

#: Records that could not be compared that are named.
MOST_NAMED: Final = 10
_BETWEEN_LOOKS: Final = 256  #: records

#: Rows of one id, at most one for each name of a kind.
_Same = tuple[bytes, list[Row]]


class RecordChange(NamedTuple):
    """A record that is in one of two stores only, or differs.

    Attributes:
        kind: as the later store spells it; of a removed one, as the earlier.
        id: the record's.
        change: added, removed or changed.
        sides: the record in both stores where it changed, else None.
        difference: of a changed record, None where one of the two does not decode.
        row: of a record that is in one store only, its row there.
    """

    kind: str
    id: str
    change: Change
    sides: tuple[Record, Record] | None = None
    difference: Difference | None = None
    row: Row | None = None

    @property
    def fields(self) -> list[str] | None:
        """The paths that differ; None where that is not known, or the record is in one store."""
        found = self.difference
        return None if found is None else [entry.path for entry in found.entries]

    @property
    def line(self) -> str:
        """A line of NDJSON."""
        members = {
            "kind": self.kind,
            "id": self.id,
            "change": self.change.value,
            "fields": self.fields,
        }
        return json.dumps(members, ensure_ascii=False, separators=(",", ":")) + "\n"


class _Rows:
    """The live rows of one store under all names of a kind, in id order, as far as it is read."""

    def __init__(self, session: Session, kinds: Sequence[str], cancel: Cancel | None) -> None:
        self._session = session
        self._cancel = cancel
        streams = [self._keyed(kind) for kind in kinds]
        ordered = heapq.merge(*streams, key=lambda keyed: keyed[0])
        self._same = groupby(ordered, key=lambda keyed: keyed[0])
        #: What ended the reading early.
        self.damage: StoreError | None = None

    def _keyed(self, kind: str) -> Iterator[tuple[bytes, Row]]:
        for row in self._session.rows(kind, self._cancel):
            yield encode(row.id), row

    def next(self) -> _Same | None:
        """The rows of the next id; None at the end, or at damage.

        Raises:
            StoreError: the file cannot be read any more, and names itself.
        """
        if self.damage is not None:
            return None
        try:
            found = next(self._same, None)
            # To list a group reads ahead.
            return None if found is None else (found[0], [row for _, row in found[1]])
        except StoreError as error:
            named = error.named(self._session.store.path)
            if error.kind is not StoreErrorKind.DAMAGED:
                raise named from error
            self.damage = named
            return None


class StoreComparison:
    """Compares the live records of two stores.

    Attributes:
        compared: records looked at so far, one that both have once.
        counts: how many records differ, by how.
        alike: records of other bytes that mean the same, or only name it otherwise.
        renamed: records that are the same under another name of their kind.
        unreadable: how many records could not be compared.
        named: sentences about the first of them.
        damage: what ended the reading of a file, or of a kind of it, early.
    """

    def __init__(self, before: Session, after: Session, *, reveal: bool = False) -> None:
        """Takes the earlier and the later store; ``reveal`` shows secrets in what differs."""
        self._before = before
        self._after = after
        self._reveal = reveal
        self._readers: tuple[BlobReader, BlobReader]
        self._cancel: Cancel | None = None
        self.compared = 0
        self.counts: Counter[Change] = Counter()
        self.alike = self.renamed = 0
        self.unreadable = 0
        self.named: list[str] = []
        self.damage: list[StoreError] = []

    def run(
        self,
        kind: str | None = None,
        cancel: Cancel | None = None,
        progress: Callable[[str, int], None] = lambda _kind, _done: None,
    ) -> Iterator[RecordChange]:
        """What differs, by kind and id, as it is found.

        Args:
            kind: only this kind, however it is spelled, under all its names.
            cancel: ends it when set.
            progress: told the kind and how many records were looked at in all.

        Raises:
            StoreError: one of the files cannot be read, and names itself.
            UsageError: one is the JSON store and the other is not.
            NotFoundError: neither has the kind.
        """
        self._check_forms(cancel)
        self._cancel = cancel
        # Each keeps what it worked out of its store, which takes longer than most records do.
        self._readers = self._before.reader(cancel), self._after.reader(cancel)
        for before, after in self._kinds(kind, cancel):
            yield from self._of_kind(before, after, cancel, progress)

    def one(
        self, kinds: tuple[str | None, str | None], id_: str, cancel: Cancel | None = None
    ) -> RecordChange | None:
        """What differs of one record; None where nothing does, or it cannot be read.

        Args:
            kinds: as the earlier store spells its kind, and the later; None for one without it.
            id_: the record's.
            cancel: ends it when set.
        """
        self._cancel = cancel
        self._readers = self._before.reader(cancel), self._after.reader(cancel)
        rows = [
            [row] if kind is not None and (row := session.store.row(kind, id_, cancel)) else []
            for kind, session in zip(kinds, (self._before, self._after), strict=True)
        ]
        return next(self._both(*rows), None)

    def alone(self, change: RecordChange) -> Record | None:
        """A record that is in one store only, as it is there; None of any other.

        It is one that :meth:`run` or :meth:`one` of this comparison gave.
        """
        if change.row is None or change.row.data is None:
            return None
        return self._readers[change.change is Change.ADDED].record(change.row)

    def _check_forms(self, cancel: Cancel | None) -> None:
        forms = []
        for session in (self._before, self._after):
            path = session.store.path
            try:
                forms.append(session.facts(cancel).form)
            except StoreError as error:
                raise error.named(path) from error
            if forms[-1] is Form.FOREIGN:
                raise (session.store.damage or store_error(StoreErrorKind.FOREIGN)).named(path)
        if forms[0] is not forms[1]:
            raise UsageError(
                "One of these is the JSON store of January 2026 and the other is not.",
                "Their records have nothing in common that could be compared.",
            )

    def _kinds(
        self, wanted: str | None, cancel: Cancel | None
    ) -> list[tuple[list[str], list[str]]]:
        """The kinds of both stores, all names of one together."""
        found: dict[tuple[str, ...], tuple[list[str], list[str]]] = {}
        lost = False
        for at, session in enumerate((self._before, self._after)):
            try:
                kinds, _ = session.store.kinds_at_once(cancel)
            except StoreError as error:
                raise error.named(session.store.path) from error
            if session.store.damage is not None:
                self.damage.append(session.store.damage.named(session.store.path))
                lost = True
            for one in kinds:
                found.setdefault(names_of(one.kind), ([], []))[at].append(one.kind)
        if wanted is not None:
            found = {names: both for names, both in found.items() if normalised(wanted) in names}
            if not found:
                raise NotFoundError(f"Neither store has a kind {typed(wanted)}.")
        groups = sorted(found.values(), key=lambda both: encode((both[1] or both[0])[0]))
        # Whether a damaged file has a kind that it does not show cannot be told.
        return [both for both in groups if all(both) or not lost]

    def _of_kind(
        self,
        before: Sequence[str],
        after: Sequence[str],
        cancel: Cancel | None,
        progress: Callable[[str, int], None],
    ) -> Iterator[RecordChange]:
        name = (after or before)[0]
        sides = _Rows(self._before, before, cancel), _Rows(self._after, after, cancel)
        old, new = sides[0].next(), sides[1].next()
        looks = 0
        while old is not None or new is not None:
            if any(side.damage for side in sides):
                break
            if looks and looks % _BETWEEN_LOOKS == 0:
                progress(name, self.compared)
                if cancel is not None and cancel.is_set():
                    raise CancelledError("Cancelled.")
            looks += 1
            if new is None or (old is not None and old[0] < new[0]):
                assert old is not None
                yield from self._alone(old[1], Change.REMOVED)
                old = sides[0].next()
            elif old is None or new[0] < old[0]:
                yield from self._alone(new[1], Change.ADDED)
                new = sides[1].next()
            else:
                yield from self._both(old[1], new[1])
                old, new = sides[0].next(), sides[1].next()
        self.damage += [side.damage for side in sides if side.damage is not None]

    def _alone(self, rows: Sequence[Row], change: Change) -> Iterator[RecordChange]:
        for row in rows:
            self.compared += 1
            self.counts[change] += 1
            yield RecordChange(row.kind, row.id, change, row=row)

    def _both(self, old: list[Row], new: list[Row]) -> Iterator[RecordChange]:
        """What differs between the rows of one id: those of one name first, then of any."""
        others, unpaired = list(old), list(new)
        pairs: list[tuple[Row, Row]] = []
        # In a table without a key several rows may have one name.
        for key in (_kind_and_bytes, _kind):
            waiting: dict[Hashable, deque[Row]] = {}
            for row in others:
                waiting.setdefault(key(row), deque()).append(row)
            rest = []
            for row in unpaired:
                same = waiting.get(key(row))
                if same:
                    pairs.append((same.popleft(), row))
                else:
                    rest.append(row)
            others, unpaired = [row for rows in waiting.values() for row in rows], rest
        pairs += zip(others, unpaired, strict=False)
        self.compared += len(pairs)
        for before, after in pairs:
            found = self._pair(before, after)
            if found is not None:
                self.counts[Change.CHANGED] += 1
                yield found
        yield from self._alone(others[len(unpaired) :], Change.REMOVED)
        yield from self._alone(unpaired[len(others) :], Change.ADDED)

    def _pair(self, before: Row, after: Row) -> RecordChange | None:
        for row, session in ((before, self._before), (after, self._after)):
            if row.data is None:
                self.unreadable += 1
                if self.unreadable <= MOST_NAMED:
                    where = f"{row.kind}/{row.id} of {session.store.path}"
                    self.named.append(f"{where} is not compared: {row.problem}")
                return None
        if before.data == after.data:
            self.renamed += before.kind != after.kind
            return None
        old, new = self._readers
        sides = old.record(before), new.record(after)
        found = _differences(*sides, self._cancel, reveal=self._reveal)
        if found is not None and not found.entries:
            self.alike += 1
            return None
        return RecordChange(after.kind, after.id, Change.CHANGED, sides, found)


def _kind_and_bytes(row: Row) -> Hashable:
    return row.kind, row.data


def _kind(row: Row) -> Hashable:
    return row.kind


def _differences(
    before: Record, after: Record, cancel: Cancel | None, *, reveal: bool
) -> Difference | None:
    """What differs in data; None where one of the two does not decode."""
    old, new = before.tree, after.tree
    if old is None or new is None or old.malformed or new.malformed:
        return None
    found = record_difference(before, after, reveal=reveal, cancel=cancel)
    return Difference(_of_data(found.entries, old, new), found.same_bytes)


def _of_data(entries: Sequence[Entry], old: Tree, new: Tree) -> Sequence[Entry]:
    """Those that are more than another name: a field whose number and bytes stay is the same."""
    parts = entry_parts(entries)
    # An element of a list has no name.
    named = [one for one in parts if isinstance(one, Entry)]
    gone = {_field(one.before, old) for one in named if one.change == Change.REMOVED}
    come = {_field(one.after, new) for one in named if one.change == Change.ADDED}
    stay = (gone & come) - {None}

    def is_name(part: Entry | EntryRun) -> bool:
        if isinstance(part, EntryRun) or part.change == Change.MOVED:
            return False
        if part.change == Change.CHANGED:
            return _is_one_number(part)
        return _field(part.before, old) in stay or _field(part.after, new) in stay

    return entries_of(part for part in parts if not is_name(part))


def _field(place: NodePlace | None, tree: Tree) -> tuple[str, bytes] | None:
    """What a field is apart from its name: where it stands, and its bytes with its number."""
    if place is None or place.parent is None or place.node.label is not None:
        return None
    return place.parent.path, tree.data[place.node.start : place.node.end]


def _is_one_number(entry: Entry) -> bool:
    """Whether two values of an enum are one number, which two releases call differently."""
    nodes = [place.node for place in (entry.before, entry.after) if place is not None]
    return all(one.kind == NodeKind.ENUM for one in nodes) and nodes[0].value == nodes[-1].value
