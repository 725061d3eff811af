"""A text, sought in all of a store: in the records, and if wanted in all versions and events.

What is searched is what a record says in words: its strings, the keys of its maps, and the text of
fields that no schema knows; read as the session reads it. Of a JSON document all keys count, since
nothing tells names of fields from keys of maps. What is covered is no hit, nor what lies in it.
Numbers, enums by name and number, times and truth values are a search of their own, see
:class:`SearchQuery`.

Most blobs are told by their bytes not to hold it; what is left is decoded and looked through. What
holds no such number is told by the JSON of a usual blob, which is made in much less time than its
tree.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from inspector.decode import json_text
from inspector.decode.node import Node, NodeKind, Tree, WireType
from inspector.decode.paths import NodePlace
from inspector.decode.problems import payload
from inspector.decode.record_summary import record_name
from inspector.decode.transcoding import LongText
from inspector.decode.well_known import own_form
from inspector.errors import StoreError, StoreErrorKind
from inspector.history.versions import Version, archived_as, version_of
from inspector.named_tuple import NamedTuple
from inspector.plurals import counted
from inspector.schema.catalog import merged_schema
from inspector.schema.types import ScalarType
from inspector.session.event_pages import EventOwners, decoded, event_owners
from inspector.session.needle import Needle, Snippet, anything
from inspector.store.blob_finder import SiftedRows
from inspector.store.event_log import EventKey, EventsOf
from inspector.store.rows import Cancel, Row, VersionRow, check
from inspector.store.text import decode, encode

if TYPE_CHECKING:
    from inspector.history.stored_events import StoredEvent
    from inspector.session.seen_changes import SeenChange
    from inspector.session.session import Session

_KEYED: Final = frozenset((NodeKind.MAP, NodeKind.STRUCT))
_OPAQUE: Final = frozenset((NodeKind.UNKNOWN, NodeKind.SHADOWED, NodeKind.MALFORMED))
_TEXTUAL: Final = frozenset((WireType.LEN, WireType.SGROUP))
_BETWEEN_LOOKS: Final = 2048  #: nodes of a tree
#: To go from its root to a node: the place among its siblings at each level.
Way = tuple[int, ...]


class SearchQuery(NamedTuple):
    """What is sought, and where.

    Attributes:
        text: not empty.
        ignore_case: whether upper and lower case are the same, see :mod:`~.needle`.
        kinds: as the store spells them; None for all.
        history: whether all versions are searched too.
        events: whether the messages of the events of records are.
        values: seek it in numbers, enums, times and truth values as they are written in JSON, and
            not in texts. Every record is decoded for that.
        reveal: whether secrets are searched like anything else.
    """

    text: str
    ignore_case: bool = False
    kinds: Sequence[str] | None = None
    history: bool = False
    values: bool = False
    reveal: bool = False
    events: bool = False


class EventHit(NamedTuple):
    """The event that a hit lies in: its name within its record, and its place among its events."""

    name: str
    number: int | None
    row: int


class SearchHit(NamedTuple):
    """A place that holds it; one for each, however often it does.

    Attributes:
        kind: as stored.
        id: of the record.
        version: None for the live record.
        name: of the record, where it has one.
        path: of the value; also of the one whose key it is.
        way: to it from the root.
        in_key: it stands in the value's key alone.
        snippet: it and the text around it; of a field without a name, which may be a secret, it
            alone.
        event: of the record, whose message it lies in; None where it lies in the record itself.
        seen: the change that ended the state it lies in, which only a recording has.
    """

    kind: str
    id: str
    version: Version | None
    name: str | None
    path: str
    way: Way
    in_key: bool
    snippet: Snippet
    event: EventHit | None = None
    seen: SeenChange | None = None


@dataclass
class Coverage:
    """What was searched.

    Attributes:
        records: live records that were looked at.
        versions: versions.
        events: events.
        states: earlier states of records that a recording holds.
        unread: of all of them, how many could not be read, or not to their end.
        lost: of these, how many the file does not give at all.
        hits: places that hold it.
        holders: records, versions and events that do.
        damage: what ended the reading of a kind early, the first of it.
        complete: whether everything asked for was looked at.
    """

    records: int = 0
    versions: int = 0
    unread: int = 0
    hits: int = 0
    holders: int = 0
    damage: StoreError | None = field(default=None, repr=False)
    complete: bool = False
    events: int = 0
    states: int = 0
    lost: int = 0

    @property
    def total(self) -> int:
        """All that was looked at."""
        return self.records + self.versions + self.events + self.states

    def sentence(self, *, history: bool, events: bool = False) -> str:
        """All that was looked at, as ``searched 93 records, 38 versions; 3 could not be read``."""
        said = f"searched {counted(self.records, 'record')}"
        if history:
            said += f", {counted(self.versions, 'version')}"
        if events:
            said += f", {counted(self.events, 'event')}"
        if self.states:
            said += f", {counted(self.states, 'state')} seen earlier"
        if self.unread:
            said += f"; {self.unread:,} could not be read"
        return said


class StoreSearch:
    """One search; it can be run once.

    Attributes:
        query: what is sought.
        coverage: what was searched so far; another thread may look at it meanwhile.
    """

    def __init__(
        self,
        session: Session,
        query: SearchQuery,
        progress: Callable[[Coverage], object] = lambda _: None,
        recording: Iterable[SeenChange] = (),
    ) -> None:
        """Sets what is sought; nothing is read yet.

        Args:
            session: the store.
            query: what is sought.
            progress: told now and then how far it got.
            recording: changes that were seen, whose earlier states are searched with the history.
        """
        self._session = session
        self.query = query
        self._progress = progress
        self._recording = recording
        self.coverage = Coverage()

    def run(self, cancel: Cancel | None = None) -> Iterator[SearchHit]:
        """The hits as they are found, by kind and id, live before versions, which newest first.

        Those in states that were seen come last, the oldest of them first.

        Args:
            cancel: ends it when set.

        Raises:
            CancelledError: it was cancelled.
            StoreError: the file cannot be read at all; damage is kept in :attr:`coverage`.
        """
        reader = self._session.reader(cancel)
        self._needle = Needle(
            self.query.text, ignore_case=self.query.ignore_case, documents=reader.documents
        )
        self._may_hold = anything if self.query.values else self._needle.may_be_in
        self._by_json = self.query.values and not any(map(self._needle.find, values_not_in_json()))
        kinds = self.query.kinds
        self._owners = dict[str, EventOwners]()
        if kinds is None or self.query.events:
            every = [one.kind for one in self._session.store.kinds_at_once(cancel)[0]]
            self.coverage.damage = self._session.store.damage
            if self.query.events:
                self._owners = event_owners(self._session, every, cancel)
            if kinds is None:
                # Of records that are gone there may be events alone.
                kinds = sorted({*every, *self._owners}, key=encode)
        for kind in kinds:
            try:
                yield from self._of_kind(kind, cancel)
            except StoreError as error:
                if error.kind is not StoreErrorKind.DAMAGED:
                    raise
                self._damaged(error)
        if self.query.history:
            yield from self._in_recording(cancel)
        self.coverage.complete = True
        self._progress(self.coverage)

    def _damaged(self, error: StoreError) -> None:
        self.coverage.damage = self.coverage.damage or error

    def _of_kind(self, kind: str, cancel: Cancel | None) -> Iterator[SearchHit]:
        live = self._rows(kind, cancel)
        archived = self._archived(kind, cancel) if self.query.history else iter(())
        events = self._event_owners(kind, cancel) if kind in self._owners else iter(())
        rows: Iterator[tuple[bytes, Row | EventsOf | Sequence[VersionRow]]] = (
            (encode(row.id), row) for row in live
        )
        # In one order of ids, the live record before its versions, and those before its events.
        for id_, found in heapq.merge(rows, archived, events, key=itemgetter(0)):
            if isinstance(found, Row):
                yield from self._in_row(found, None, cancel)
            elif isinstance(found, EventsOf):
                yield from self._in_events(kind, found, cancel)
            else:
                for version in found:
                    yield from self._in_version(kind, decode(id_), version, cancel)

    def _rows(self, kind: str, cancel: Cancel | None) -> Iterator[Row]:
        for some in self._session.store.sifted_rows(kind, self._may_hold, cancel):
            self._looked(some)
            yield from some.rows

    def _looked(self, some: SiftedRows) -> None:
        self.coverage.records += some.looked
        if some.damage is not None:
            self._damaged(some.damage)
        self._progress(self.coverage)

    def _archived(
        self, kind: str, cancel: Cancel | None
    ) -> Iterator[tuple[bytes, Sequence[VersionRow]]]:
        """By id the versions that may hold it, or cannot be read."""
        sifted = self._session.store.sifted_versions(kind, self._may_hold, cancel)
        if sifted is None:
            yield from self._archived_one_by_one(kind, None, cancel)
            return
        last: bytes | None = None

        def places() -> Iterator[tuple[bytes, int]]:
            nonlocal last
            for some in sifted:
                yield from some.found
                self.coverage.versions += some.looked
                self._progress(self.coverage)

        try:
            for id_, group in groupby(places(), key=itemgetter(0)):
                numbers = {number for _, number in group}
                heads = self._session.store.history.versions(kind, decode(id_), cancel)
                wanted = [head for head in heads if head.audit_id in numbers]
                yield id_, list(self._session.store.history.rows(wanted, cancel))
                last = id_
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            self._damaged(error)
            yield from self._archived_one_by_one(kind, last, cancel)

    def _archived_one_by_one(
        self, kind: str, after: bytes | None, cancel: Cancel | None
    ) -> Iterator[tuple[bytes, Sequence[VersionRow]]]:
        store = self._session.store
        for id_ in self._ids(kind, None if after is None else decode(after), cancel):
            found = []
            for row in store.history.rows_of(kind, id_, cancel):
                self.coverage.versions += 1
                if row.data is None or self._may_hold(row.data):
                    found.append(row)
            if found:
                yield encode(id_), found
            self._progress(self.coverage)

    def _ids(self, kind: str, after: str | None, cancel: Cancel | None) -> Iterator[str]:
        """Ids of a kind that have versions, live or gone, in order."""
        live = ((encode(one), one) for one in self._live_ids(kind, after, cancel))
        gone = ((encode(one), one) for one in self._gone_ids(kind, after, cancel))
        for _, id_ in heapq.merge(live, gone, key=itemgetter(0)):
            yield id_

    def _live_ids(self, kind: str, after: str | None, cancel: Cancel | None) -> Iterator[str]:
        while True:
            page = self._session.store.heads(kind, after, cancel=cancel)
            # A table without a key may hold an id several times.
            ids = list(dict.fromkeys(head.id for head in page.rows))
            counts = self._session.store.history.counts(kind, ids, cancel)
            yield from (id_ for id_ in ids if counts[id_])
            if not page.more or not ids:
                return
            after = ids[-1]

    def _gone_ids(self, kind: str, after: str | None, cancel: Cancel | None) -> Iterator[str]:
        while True:
            page = self._session.store.history.gone(kind, after, cancel=cancel)
            yield from page.rows
            if page.damage is not None:
                self._damaged(page.damage)
            if not page.more or not page.rows:
                return
            after = page.rows[-1]

    def _event_owners(self, kind: str, cancel: Cancel | None) -> Iterator[tuple[bytes, EventsOf]]:
        """Whose events are searched as those of a kind, by id."""
        own = self._owners[kind]
        try:
            for id_, passed in self._session.store.events.sifted(own.table, self._may_hold, cancel):
                if own.others and not self._is_of(kind, id_, own, cancel):
                    continue
                if passed is None:
                    yield encode(id_), EventsOf(own.table, id_)
                else:
                    self.coverage.events += passed
                    self._progress(self.coverage)
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            self._damaged(error)

    def _is_of(self, kind: str, id_: str, own: EventOwners, cancel: Cancel | None) -> bool:
        """Whether events are those of this one of several kinds: that of a record that is there."""
        if self._session.store.row(kind, id_, cancel) is not None:
            return True
        first = all(encode(kind) < encode(one) for one in own.others)
        return first and not own.lives_elsewhere(self._session, id_, cancel)

    def _in_events(self, kind: str, of: EventsOf, cancel: Cancel | None) -> Iterator[SearchHit]:
        reader = self._session.reader(cancel)
        after: EventKey | None = None
        place = 0
        while True:
            page = self._session.store.events.page(of, after, cancel=cancel)
            for row in page.rows:
                check(cancel)
                self.coverage.events += 1
                if row.data is None:
                    self._lose()
                elif self._may_hold(row.data):
                    yield from self._in_event(kind, decoded(reader, row), place, cancel)
                place += 1
            self._progress(self.coverage)
            if page.damage is not None:
                self._damaged(page.damage)
            if not page.more or not page.rows:
                return
            after = page.rows[-1].key

    def _lose(self) -> None:
        self.coverage.unread += 1
        self.coverage.lost += 1

    def _in_event(
        self, kind: str, event: StoredEvent, place: int, cancel: Cancel | None
    ) -> Iterator[SearchHit]:
        tree = event.record.tree
        if tree is None:
            self.coverage.unread += 1
            return
        hidden = frozenset[int]() if self.query.reveal else event.record.covered
        of = EventHit(event.name, event.row.number, place)
        for hit in self._hits(tree, hidden, (kind, event.row.owner), None, cancel):
            yield hit._replace(event=of)

    def _in_recording(self, cancel: Cancel | None) -> Iterator[SearchHit]:
        """In what records were before each change that was seen."""
        kinds = self.query.kinds
        for change in self._recording:
            check(cancel)
            before = change.before
            if before is None or (kinds is not None and change.kind not in kinds):
                continue
            self.coverage.states += 1
            self._progress(self.coverage)
            if before.data is not None and not self._may_hold(before.data):
                continue
            for hit in self._in_row(before, None, cancel):
                yield hit._replace(seen=change)

    def _in_version(
        self, kind: str, id_: str, found: VersionRow, cancel: Cancel | None
    ) -> Iterator[SearchHit]:
        version = version_of(found.head)
        stored = archived_as(kind, version, found.data)
        row = Row(stored, id_, found.data, version.size, version.archived_at, found.problem)
        for hit in self._in_row(row, version, cancel):
            yield hit._replace(kind=kind)

    def _in_row(
        self, row: Row, version: Version | None, cancel: Cancel | None
    ) -> Iterator[SearchHit]:
        check(cancel)
        if row.data is None:
            self._lose()
            return
        reader = self._session.reader(cancel)
        if self._by_json:
            line = reader.json_line(row.data, row.kind, row.updated_at, reveal=self.query.reveal)
            if isinstance(line, LongText):
                if not self._needle.may_be_in_parts(line.write):
                    return
            elif line is not None and not self._needle.may_be_in(line.text):
                return
        reading = reader.read(row.data, row.kind, row.updated_at)
        tree = reading.tree
        hidden = (
            frozenset[int]()
            if self.query.reveal
            else reader.covered(reading, row.kind, row.updated_at)
        )
        yield from self._hits(tree, hidden, (row.kind, row.id), version, cancel)

    def _hits(
        self,
        tree: Tree,
        hidden: frozenset[int],
        of: tuple[str, str],
        version: Version | None,
        cancel: Cancel | None,
    ) -> Iterator[SearchHit]:
        """Those in a message of a record, which is given by kind and id."""
        self.coverage.unread += tree.malformed
        name = record_name(tree)
        before = self.coverage.hits
        for place, way, in_key, snippet in self._in_tree(tree, hidden, cancel):
            self.coverage.hits += 1
            yield SearchHit(*of, version, name, place.path, way, in_key, snippet)
        self.coverage.holders += self.coverage.hits > before

    def _in_tree(
        self, tree: Tree, hidden: frozenset[int], cancel: Cancel | None
    ) -> Iterator[tuple[NodePlace, Way, bool, Snippet]]:
        """Depth first in order. Objects are made of hits alone: there may be a million nodes."""
        levels: list[Node] = [tree.root]
        way = [-1]
        seen = 0
        while levels:
            way[-1] += 1
            if way[-1] == len(levels[-1].children):
                levels.pop()
                way.pop()
                continue
            parent, node = levels[-1], levels[-1].children[way[-1]]
            seen += 1
            if seen % _BETWEEN_LOOKS == 0:
                check(cancel)
            covered = id(node) in hidden
            found = None if covered else self._in_value(tree, node)
            in_key = found is None
            if found is None and parent.kind in _KEYED:
                found = self._in_label(node)
            if found is not None:
                yield _place(levels, way), tuple(way), in_key, found
            whole = covered or node.kind in _OPAQUE or (self.query.values and node.is_time)
            if node.children and not whole:
                levels.append(node)
                way.append(-1)

    def _in_value(self, tree: Tree, node: Node) -> Snippet | None:
        if self.query.values:
            texts = (self._needle.snippet(text) for text in value_texts(node))
            return next((found for found in texts if found is not None), None)
        if isinstance(node.value, str):
            return self._needle.snippet(node.value)
        if node.kind == NodeKind.UNKNOWN and node.wire_type in _TEXTUAL:
            text = payload(tree, node).decode(errors="replace")
            return self._needle.snippet(text) if self.query.reveal else self._needle.alone(text)
        return None

    def _in_label(self, node: Node) -> Snippet | None:
        label = node.label
        if isinstance(label, str):
            return None if self.query.values else self._needle.snippet(label)
        if self.query.values and label is not None:
            return self._needle.snippet(str(label).lower())
        return None


@cache
def values_not_in_json() -> frozenset[str]:
    """Texts of values that canonical JSON leaves out or writes otherwise.

    It leaves out what is zero, and has an enum by its name and not by its number.
    """
    merged = merged_schema()
    found = {"0", "0.0", "-0.0", "false", "null", "NULL_VALUE"}
    for enum in merged.enum_names():
        for number, names in merged.values(enum).items():
            found.add(str(number))
            if number == 0:
                found.update(name for name, _ in names)
    return frozenset(found)


def value_texts(node: Node) -> tuple[str, ...]:
    """What a number, an enum, a time or a truth value is written as; none for anything else."""
    value = node.value
    if node.kind == NodeKind.ENUM:
        enum = node.field.enum if node.field is not None else None
        name = enum.names.get(value) if enum is not None else None
        return (str(value),) if name is None else (name, str(value))
    if node.is_time:
        form = own_form(node.field)
        text = form(node).strip('"') if form is not None else ""
        return (text,) if text else ()
    if value is None or isinstance(value, (str, bytes)) or node.kind in _OPAQUE:
        return ()
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, float):
        single = node.field is not None and node.field.type == ScalarType.FLOAT
        return ((json_text.single if single else json_text.number)(value).strip('"'),)
    return (str(value),)


def _place(levels: Sequence[Node], way: Sequence[int]) -> NodePlace:
    """The place of a node, by its parents and where it stands among the children of each."""
    place = NodePlace(levels[0], None)
    for parent, at in zip(levels, way, strict=True):
        node = parent.children[at]
        repeat = 0
        if node.kind == NodeKind.UNKNOWN:
            repeat = sum(
                one.kind == NodeKind.UNKNOWN and one.number == node.number
                for one in islice(parent.children, at)
            )
        place = NodePlace(node, place, repeat)
    return place
