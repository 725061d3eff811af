"""Decodes rows of a store: to records, and to no more than a line of a list shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import methodcaller
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from inspector.decode.choice import (
    NO_SCHEMA,
    Choice,
    Expectation,
    Reading,
    read,
    read_as,
    unread,
)
from inspector.decode.decoder import Decoder
from inspector.decode.evidence import changed_at
from inspector.decode.node import NodeKind, Sound, Tree
from inspector.decode.partial_decode import ERROR, peek, text_of, text_on, text_way, top_of
from inspector.decode.projection import error_projection, names_projection, summary_projection
from inspector.decode.record_summary import (
    NOTHING,
    RecordSummary,
    replaced_texts,
    summary,
    text,
    version_names,
)
from inspector.decode.schema_fit import NO_MISFIT, misfit
from inspector.decode.secrets import COVERED, covered, nodes_of, other_spans, secret_spans, spans
from inspector.decode.transcoding import LONG, LongText, MessageTranscoder, Transcoded, transcoder
from inspector.history.record import shown_path
from inspector.history.versions import Blob, Version, archived_as, completed, version_of
from inspector.invisible import named
from inspector.named_tuple import NamedTuple
from inspector.schema.catalog import AUTO, asked, merged_schema
from inspector.schema.clues import Clue
from inspector.schema.dating import Dating
from inspector.schema.kind_names import normal_kind
from inspector.schema.merged import MergedSchema, enums_of
from inspector.schema.releases import Mask, interval, newest
from inspector.schema.types import EnumType, Field, MessageType
from inspector.session.summaries import Problem, Record, RecordHead, described
from inspector.store.renamed import is_same
from inspector.store.rows import Form, Row, StoreFacts, VersionRow
from inspector.times import stored_time

if TYPE_CHECKING:
    from inspector.decode._transcoder import Projection
    from inspector.session.neighbours import Neighbours
    from inspector.store.column_values import BlobPage

_UNDECODABLE = frozenset(("undecodable", "not-json"))
_ERRORS = frozenset(("undecodable", "invalid-utf8", "bad-page"))
_REPLACED = "\N{REPLACEMENT CHARACTER}"
_MOST_PERIODS = 4096
#: Bytes of a blob that are decoded for a line of a list; of a larger one its top is looked at.
AT_ONCE = 64 << 10
#: Of a document there is no top without the rest.
_LARGEST_DOCUMENT = 1 << 20
_LONGEST_LINE = 1000  #: characters of an error that a list shows
_NOT_LOOKED_INTO = "Its document of {:,} bytes is not looked into for a list."
_BEHIND_A_GROUP = "What lies from byte {} on, in and behind a group, is not read for a list."
_LONG = "takes more than {} KB, and is not shown in a list"
_DOCUMENTS = Choice(reason="the store holds JSON documents")


class MessageText(NamedTuple):
    """Messages of records of a kind as JSON, and of how many; that of a long one in parts."""

    kind: str
    text: Transcoded | LongText
    records: int


class _OwnNames(NamedTuple):
    """What a message says of itself that its row says too; None where it does not."""

    id: str | None
    kind: str | None
    version_hash: str | None


class _Plan:
    """How blobs of one message are read.

    Attributes:
        merged: the releases.
        number: the release asked for, its place in ``merged``; None to choose for each record.
        key: the message's key.
        unknown: why there is no schema; empty where there is one.
        dating: what the store says of when rows were written.
        own: what the kind says of the writer.
        rewriter: see :class:`~inspector.decode.choice.Expectation`.
    """

    def __init__(
        self,
        merged: MergedSchema,
        number: int | None,
        key: str,
        unknown: str,
        dating: Dating,
        own: tuple[Clue, ...],
        rewriter: int | None,
    ) -> None:
        self.merged = merged
        self.number = number
        self.key = key
        self.unknown = unknown
        self._dating = dating
        self._own = own
        self._rewriter = rewriter
        self._expected: dict[str | None, Expectation] = {}

    def compiled(self, written: str | None) -> tuple[MessageTranscoder, Expectation] | None:
        """The compiled reader of rows of a time, and what is known of such; None without one."""
        if self.unknown or self.number is not None or self.merged is not merged_schema():
            return None
        expected = self.expected(written)
        made = transcoder(expected.message, self.merged)
        return (made, expected) if made is not None else None

    def sound(self, data: bytes, written: str | None) -> Sound | None:
        """What is known of a large blob within which nothing is odd; None of any other one."""
        if len(data) < Decoder.sound_from:
            return None
        way = self.compiled(written)
        return way[0].sound(data) if way is not None else None

    def expected(self, written: str | None) -> Expectation:
        """What is known of a row of a time before it is read."""
        period = self._dating.period(written)
        found = self._expected.get(period)
        if found is None:
            if len(self._expected) > _MOST_PERIODS:
                self._expected.clear()
            clues = (*self._own, *self._dating.clues(written))
            likely = partial(self._likely, written)
            found = Expectation(self.merged, self.key, clues, self._rewriter, likely)
            self._expected[period] = found
        return found

    def _likely(self, written: str | None, tree: Tree, undated: bool, /) -> Mask:
        """What was published when a blob was written; it says so itself where its row does not."""
        return self._dating.likely(changed_at(tree.root) if undated else written)


class _LineReaders:
    """What reads the line of a list out of the blobs of one expectation.

    Attributes:
        summary: what reads name, state, organisation and slug; None where the decoder has to.
        way: the fields that lead to what went wrong, empty where there is none.
        error: what reads that; None as for the summary.
    """

    __slots__ = ("error", "summary", "way")

    def __init__(self, expected: Expectation, made: MessageTranscoder | None) -> None:
        message = expected.message
        self.way = text_way(message, *ERROR) or ()
        self.summary = summary_projection(made, message) if made is not None else None
        self.error = error_projection(made, message) if made is not None else None


class BlobReader:
    """Decodes blobs of one store with what is known of it and the schema asked for."""

    def __init__(
        self,
        facts: StoreFacts,
        schema: str,
        by_kind: Mapping[str, str] = MappingProxyType({}),
        around: Callable[[BlobReader], Neighbours] | None = None,
    ) -> None:
        """Keeps what decides how blobs are read.

        Args:
            facts: of the store.
            schema: ``auto`` or a schema's name.
            by_kind: the same for kinds read in another way, by :func:`normal_kind`.
            around: gives what the other rows of the store say.
        """
        self.documents = facts.form == Form.JSON
        self.schema = schema
        self.merged = asked(schema).merged
        self._facts = facts
        self._by_kind = by_kind
        self._around = around
        self._datings: dict[int, Dating] = {}
        self._plans: dict[str, _Plan] = {}
        self._display_names: dict[str, str] = {}
        self._message_plans: dict[str, _Plan] = {}
        self._plain: BlobReader | None = None
        self._published: BlobReader | None = None

    @property
    def asked_for(self) -> tuple[StoreFacts, str, Mapping[str, str]]:
        """What it was made with."""
        return self._facts, self.schema, self._by_kind

    def with_neighbours(self, around: Callable[[BlobReader], Neighbours]) -> BlobReader:
        """One that looks at other rows too, and shares what was worked out of kinds and times."""
        made = BlobReader(self._facts, self.schema, self._by_kind, around)
        made._datings, made._plans = self._datings, self._plans
        made._display_names = self._display_names
        made._message_plans, made._plain = self._message_plans, self._plain
        return made

    def schema_of(self, kind: str) -> str:
        """What a kind is asked to be read with: ``auto`` or a schema's name."""
        return self._by_kind.get(normal_kind(kind), self.schema)

    def _dating(self, merged: MergedSchema) -> Dating:
        """What the store says of when its rows were written."""
        found = self._datings.get(id(merged))
        if found is None:
            found = Dating(merged, self._facts.layout, self._facts.layouts)
            self._datings[id(merged)] = found
        return found

    def _display_name(self, kind: str) -> str:
        """What a kind is called, looked up once."""
        name = self._display_names.get(kind)
        if name is None:
            name = self._display_names[kind] = described(kind, self.schema_of(kind)).name
        return name

    def _plan(self, kind: str) -> _Plan:
        """How the blobs of a kind are read, worked out once."""
        plan = self._plans.get(kind)
        if plan is None:
            merged, number = asked(self.schema_of(kind))
            key = merged.root(kind)
            unknown = NO_SCHEMA if key is None else ""
            if number is not None and not merged.releases_of(kind) >> number & 1:
                unknown = f"{merged.names[number]} does not know this kind"
            own = () if merged.was_renamed(kind) else merged.clue(kind)
            plan = _Plan(
                merged, number, key or "", unknown, self._dating(merged), own, merged.rewriter(kind)
            )
            self._plans[kind] = plan
        return plan

    def _message_plan(self, full_name: str) -> _Plan:
        """How the blobs of a message are read that is no kind's."""
        plan = self._message_plans.get(full_name)
        if plan is None:
            merged, number = asked(self.schema)
            key = merged.keys.get(full_name, "")
            has = bool(key) and (number is None or merged.strict(number).has(key))
            unknown = "" if has else f"no schema has {full_name}"
            plan = _Plan(merged, number, key, unknown, self._dating(merged), (), None)
            self._message_plans[full_name] = plan
        return plan

    def read(self, data: bytes, kind: str, written: str | None) -> Reading:
        """The tree of a blob, and why it was read so.

        Args:
            data: the blob.
            kind: as the store spells it.
            written: the row's time, as text of the store; None where it is not known.
        """
        if self.documents:
            return Reading(_document(data), _DOCUMENTS)
        plan = self._plans.get(kind) or self._plan(kind)
        if plan.number is None and not plan.unknown:
            further = None if self._around is None else partial(self._clues_around, written)
            return read(data, plan.expected(written), further, plan.sound(data, written))
        again = methodcaller("read", data, kind, written)
        return self._read(data, plan, written, again)

    def plainly(self, data: bytes, kind: str, written: str | None) -> Reading:
        """The tree of a blob by the automatic choice, without a look at other rows.

        Whatever schema is asked for; arguments are those of :meth:`read`.
        """
        if self.schema_of(kind) == AUTO and not self.documents:
            plan = self._plan(kind)
            if not plan.unknown:
                return read(data, plan.expected(written), sound=plan.sound(data, written))
        if self._plain is None:
            self._plain = BlobReader(self._facts, AUTO)
        return self._plain.read(data, kind, written)

    def read_message(self, data: bytes, full_name: str, written: str | None) -> Reading:
        """The tree of a blob that is no record's, such as an event.

        Args:
            data: the blob.
            full_name: of its message.
            written: when, as the store has it.
        """
        return self._read(
            data,
            self._message_plan(full_name),
            written,
            lambda other: other.read_message(data, full_name, written),
        )

    def _read(
        self, data: bytes, plan: _Plan, written: str | None, again: Callable[[BlobReader], Reading]
    ) -> Reading:
        """The tree of a blob; ``again`` reads the same with another reader."""
        if plan.unknown:
            return unread(data, plan.unknown)
        if plan.number is None:
            sound = plan.sound(data, written)
            return read(data, plan.expected(written), self._further(written), sound)
        reading = read_as(data, plan.key, plan.merged, plan.number)
        if plan.merged is merged_schema():
            return reading
        # One's own is preferred where it fits; the releases may fit better.
        own = misfit(reading.tree)
        if own == NO_MISFIT:
            return reading
        other = again(self._without_own())
        return other if misfit(other.tree) < own else reading

    def _without_own(self) -> BlobReader:
        """What reads the same store with the releases alone."""
        if self._published is None:
            self._published = BlobReader(self._facts, AUTO, around=self._around)
        return self._published

    def _further(self, written: str | None) -> Callable[[], tuple[Clue, ...]] | None:
        return None if self._around is None else partial(self._clues_around, written)

    def _clues_around(self, written: str | None) -> tuple[Clue, ...]:
        around = self._around
        return () if around is None else around(self).clues(written)

    def message_texts(
        self,
        kind: str,
        page: BlobPage,
        *,
        between: bytes,
        indent: int | None,
        level: int = 0,
        reveal: bool = False,
    ) -> Iterator[MessageText | int]:
        """The messages of rows as canonical JSON, in their order.

        Args:
            kind: of the rows, as stored.
            page: the rows.
            between: what stands between two texts.
            indent: spaces a level, or None for one compact line.
            level: how many levels deep the texts will stand.
            reveal: whether secrets are written.

        Yields:
            The texts of usual rows, as many at a time as lie side by side, but those of very large
            ones each by itself; of any other one its place in the page: it has to be decoded.
        """
        blobs, times = page.blobs, page.times
        plan = self._plan(kind)
        ways = {when: None if self.documents else plan.compiled(when) for when in {*times}}
        at, total = 0, len(blobs)
        while at < total:
            way = ways[times[at]]
            data = blobs[at]
            if way is None or data is None:
                yield at
                at += 1
                continue
            made, expected = way
            if _is_long(data):
                long = made.long_json(data, expected, indent=indent, level=level, reveal=reveal)
                yield MessageText(kind, long, 1) if long is not None else at
                at += 1
                continue
            end = at + 1
            while end < total and ways[times[end]] == way and not _is_long(blobs[end]):
                end += 1
            while at < end:
                text, count, hidden = made.json_of_several(
                    *(blobs, at, end, expected),
                    between=between,
                    indent=indent,
                    level=level,
                    reveal=reveal,
                )
                if count:
                    yield MessageText(kind, Transcoded(text, hidden), count)
                    at += count
                    continue
                data = blobs[at]
                found = data and made.json(
                    data, expected, indent=indent, level=level, reveal=reveal
                )
                yield MessageText(kind, found, 1) if found else at
                at += 1

    def is_usual(self, row: Row, version: Version | None = None) -> bool:
        """Whether a record would have no problem, and a schema reads it, told without its tree.

        Where this is false, only :meth:`record` can tell.

        Args:
            row: of a live record, or an archived one.
            version: what is archived.
        """
        data = row.data
        if self.documents or data is None:
            return False
        way = self._plan(archived_as(row.kind, version, data)).compiled(row.updated_at)
        if way is None:
            return False
        made, expected = way
        if not made.is_usual(data, expected):
            return False
        own = _names_without_tree(data, expected.message, archived=version is not None)
        return own is not None and not _mismatches(own, row, version)

    def usual_of_page(self, kind: str, page: BlobPage) -> list[bool]:
        """Of each live row of a page :meth:`is_usual`, told of many at once.

        Args:
            kind: of the rows, as stored.
            page: the rows.
        """
        blobs, times = page.blobs, page.times
        total, at = len(blobs), 0
        found = [False] * total
        same = {"": True, kind: True}  #: what a message may say of its kind, as far as known
        plan = self._plan(kind)
        if self.documents or plan.compiled(None) is None:
            return found
        expected_of = {when: plan.expected(when) for when in {*times}}
        while at < total:
            expected = expected_of[times[at]]
            end = at + 1
            while end < total and expected_of[times[end]] is expected:
                end += 1
            made = transcoder(expected.message, plan.merged)
            names = names_projection(made, expected.message) if made is not None else None
            if made is None or names is None:
                at = end
                continue
            while at < end:
                done = at + made.usual_of_several(blobs, at, end, expected)
                for place in range(at, done):
                    own = names.values(cast(bytes, blobs[place]))
                    if own is None or own[0] not in ("", page.ids[place]):
                        continue
                    if own[1] not in same:
                        same[own[1]] = is_same(own[1], kind)
                    found[place] = same[own[1]]
                if done < end:
                    row = page.row(kind, done)
                    found[done] = row is not None and self.is_usual(row)
                at = done + 1
        return found

    def choice(self, row: Row) -> Choice | None:
        """What :meth:`plainly` chooses for a live row, told without its tree; None where it cannot.

        It says which releases can have written the row, and not why.
        """
        way = None
        if not self.documents and self.schema_of(row.kind) == AUTO and row.data is not None:
            way = self._plan(row.kind).compiled(row.updated_at)
        return way[0].choice(row.data or b"", way[1]) if way is not None else None

    def covered(self, reading: Reading, kind: str, written: str | None) -> frozenset[int]:
        """The covered nodes of a reading.

        What is a secret in any way to read the bytes is one in every way: what a rival reading, or
        the automatic choice, would cover is covered.
        """
        ranges = secret_ranges(reading)
        if reading.choice.merged is None or reading.choice.asked:
            if self.documents:
                return covered(reading.tree)
            own = self.plainly(reading.tree.data, kind, written)
            if own.choice.merged is not None:
                ranges += secret_spans(own.tree) + secret_ranges(own)
        return covered(reading.tree, ranges)

    def may_hold_secrets(self, kind: str) -> bool:
        """Whether a record of a kind can have something to cover; of an unknown one nothing is."""
        plan, known = self._plan(kind), merged_schema()
        # What the releases cover is covered, whatever schema is asked for.
        own = plan.key in plan.merged.secretive
        return self.documents or own or known.root(kind) in known.secretive

    def record(self, row: Row, version: Version | None = None, *, checked: bool = True) -> Record:
        """A row as a record.

        Args:
            row: of a live record, or an archived one.
            version: what is archived.
            checked: whether its problems are asked for; else there are those of one that cannot be
                written as JSON.
        """
        kind, written = archived_as(row.kind, version, row.data), row.updated_at
        reading = self.read(row.data, kind, written) if row.data is not None else None
        if version is not None and not version.whole:
            version = completed(version, self._own(reading, row.problem))
        return self._record(row, version, reading, checked=checked)

    def message(self, row: Row, full_name: str) -> Record:
        """A row that holds a message of its own, such as an event, in the form of a record."""
        data = row.data
        written = row.updated_at
        reading = self.read_message(data, full_name, written) if data is not None else None
        return self._record(row, None, reading)

    def archived(self, found: VersionRow) -> Record:
        """An archived row as a record of that time."""
        return self.record(*archived_row(found))

    def _record(
        self,
        row: Row,
        version: Version | None,
        reading: Reading | None,
        *,
        checked: bool = True,
    ) -> Record:
        known = self._display_name(row.kind)
        common = (row.kind, row.id, row.size, stored_time(row.updated_at), version)
        if reading is None:
            problem = Problem("error", "bad-page", "", None, row.problem or "It cannot be read.")
            return Record(
                *common, Choice(reason="it cannot be read"), None, frozenset(), (problem,),
                self.documents, known, same_id=row.same_id,
            )  # fmt: skip
        kind = archived_as(row.kind, version, row.data)
        hidden = self.covered(reading, kind, row.updated_at)
        ambiguous, doubted = _ambiguities(reading, hidden)
        problems: list[Problem] = []
        if checked or reading.tree.malformed or reading.choice.schema is None:
            problems = self._problems(reading, row, version, hidden, ambiguous)
        return Record(
            *common, reading.choice, reading.tree, hidden, tuple(problems),
            self.documents, known, doubted, row.same_id,
        )  # fmt: skip

    def _problems(
        self,
        reading: Reading,
        row: Row,
        version: Version | None,
        hidden: frozenset[int],
        ambiguous: Sequence[Problem],
    ) -> list[Problem]:
        """What is odd about a record: its schema, its places, its names against the row's."""
        found: list[Problem] = []
        places = _places(reading.tree, hidden)
        choice = reading.choice
        if choice.schema is None and not self.documents:
            message = f"The kind {named(row.kind)} is read without a schema: {choice.why}."
            found.append(Problem("warning", "unknown-kind", "", None, message))
            # Without a schema every field is unknown.
            places = [problem for problem in places if problem.severity == "error"]
        return [*found, *places, *ambiguous, *_mismatches(_names(reading.tree), row, version)]

    def head(self, row: Row, versions: int) -> RecordHead:
        """A row as a line of a list; of a large one no more is read than the line shows."""
        found, problem = NOTHING, row.problem
        if row.data is not None and len(row.data) > AT_ONCE:
            found, problem = self._large(row.data, row)
        elif row.data is not None and (at_once := self._summary(row.data, row)) is not None:
            found = at_once
        elif row.data is not None:
            reading = self.read(row.data, row.kind, row.updated_at)
            if reading.tree.malformed:
                places = _places(reading.tree, frozenset())
                problem = next(one.message for one in places if one.code in _UNDECODABLE)
            else:
                found = summary(reading.tree, row.kind)
        return RecordHead(
            row.kind, row.id, found.name, found.state, found.org, found.slug,
            stored_time(row.updated_at), row.size, versions, problem,
            self._replaced(found, row.data), self.error_line(row), row.data is None,
        )  # fmt: skip

    def error_line(self, row: Row) -> str | None:
        """The first line of what a record says went wrong; None where it says nothing.

        It is covered where it is a secret.
        """
        data = row.data
        if data is None or (self.documents and len(data) > _LARGEST_DOCUMENT):
            return None
        if self.documents:
            return _first_line(text(_document(data).root, *ERROR))
        message = self._message(row.kind, row.updated_at)
        way = text_way(message, *ERROR) if message is not None else None
        if not way:
            return None
        compiled = self.compiled(row.kind, row.updated_at)
        quick = error_projection(compiled[0], compiled[1].message) if compiled else None
        return _error_line(data, way, quick)

    def _replaced(self, found: RecordSummary, data: bytes | None) -> int:
        """How many texts of a line have U+FFFD for bytes that are not valid UTF-8."""
        texts = [text for text in (found.name, found.org) if text and _REPLACED in text]
        if not texts or data is None:
            return 0
        if self.documents:
            return replaced_texts(_document(data))
        # One that was written so stands so in the message.
        return sum(text.encode() not in data for text in texts)

    def _summary(self, data: bytes, row: Row) -> RecordSummary | None:
        """What a line says of a blob that decodes; None where it has to be decoded for that."""
        way = self.compiled(row.kind, row.updated_at)
        if way is None:
            return None
        made, expected = way
        reader = summary_projection(made, expected.message)
        if reader is None:
            return None
        # Where nothing else can be meant, what remains open changes nothing of what is shown.
        if reader.contested or (found := reader.summary(data, certain=True)) is None:
            return reader.summary(data) if made.is_usual(data, expected) else None
        return found if made.decodes(data) else None

    def _large(self, data: bytes, row: Row) -> tuple[RecordSummary, str | None]:
        """What the top of a large blob says, and what of a line is missing for its size."""
        if self.documents:
            if len(data) > _LARGEST_DOCUMENT:
                return NOTHING, _NOT_LOOKED_INTO.format(len(data))
            return summary(_document(data), row.kind), None
        message = self._message(row.kind, row.updated_at)
        if message is None:
            return NOTHING, None
        found, long, broken, group = top_of(data, message, AT_ONCE)
        if broken is not None:
            return found, f"Bytes {broken}\N{EN DASH}{len(data) - 1} are not valid protobuf."
        if long:
            return found, f"Its {' and '.join(long)} {_LONG.format(AT_ONCE >> 10)}."
        return found, None if group is None else _BEHIND_A_GROUP.format(group)

    def peek(self, data: bytes, kind: str, written: str | None) -> RecordSummary:
        """What a line of a list says of a blob, told from its top alone: for whole lists."""
        if self.documents:
            return summary(_document(data), kind)
        way = self.compiled(kind, written)
        reader = summary_projection(way[0], way[1].message) if way is not None else None
        found = reader.summary(data) if reader is not None else None
        if found is not None:
            return found
        message = self._message(kind, written)
        return peek(data, message) if message is not None else NOTHING

    def lines(
        self, kind: str, rows: Sequence[Row], looks: Sequence[bool] | None, *, erring: bool
    ) -> Iterator[tuple[RecordSummary, str | None]]:
        """What :meth:`peek` and :meth:`error_line` say of each of some rows.

        Args:
            kind: of the rows, as stored.
            rows: of one whose blob is not there nothing is said.
            looks: which of them to peek at, None for all.
            erring: whether the error is asked for.
        """
        ways = self.ways(kind, [row.updated_at for row in rows])
        readers = {when: _LineReaders(*way) for when, way in ways.items()}
        for at, row in enumerate(rows):
            data, own = row.data, readers.get(row.updated_at)
            found, error = NOTHING, None
            if data is not None and (looks is None or looks[at]):
                told = own.summary.summary(data) if own and own.summary else None
                found = told if told is not None else self.peek(data, kind, row.updated_at)
            if erring and own is None:
                error = self.error_line(row)
            elif erring and own is not None and own.way and data is not None:
                error = _error_line(data, own.way, own.error)
            yield found, error

    def _message(self, kind: str, written: str | None) -> MessageType | None:
        """What a blob is before it was looked at, None where no schema says so."""
        plan = self._plan(kind)
        if plan.unknown:
            return None
        if plan.number is not None:
            return plan.merged.strict(plan.number).message(plan.key)
        return plan.expected(written).message

    def ways(
        self, kind: str, times: Iterable[str | None]
    ) -> dict[str | None, tuple[Expectation, MessageTranscoder | None]]:
        """What is known of rows of a kind by their times, and the compiled way to read them.

        The message does then not depend on what is in a blob, but for contested numbers. Empty
        where a schema is asked for, and in a store of documents.
        """
        plan = None if self.documents else self._plan(kind)
        if plan is None or plan.unknown or plan.number is not None:
            return {}
        found: dict[str | None, tuple[Expectation, MessageTranscoder | None]] = {}
        for when in {*times}:
            compiled = plan.compiled(when)
            found[when] = plan.expected(when), compiled[0] if compiled is not None else None
        return found

    def compiled(
        self, kind: str, written: str | None
    ) -> tuple[MessageTranscoder, Expectation] | None:
        """The compiled way to read a row of a kind and a time; None where there is none."""
        return None if self.documents else self._plan(kind).compiled(written)

    def json_line(
        self, data: bytes, kind: str, written: str | None, *, reveal: bool = False
    ) -> Transcoded | LongText | None:
        """A usual blob as canonical JSON on one line; None where the decoder has to read it.

        Args:
            data: the blob.
            kind: as the store spells it.
            written: the row's time, as text of the store; None where it is not known.
            reveal: whether secrets are written.
        """
        way = self.compiled(kind, written)
        if way is None:
            return None
        read = way[0].long_json if _is_long(data) else way[0].json
        return read(data, way[1], indent=None, reveal=reveal)

    def long_text(
        self, row: Row, version: Version | None = None, *, indent: int | None, reveal: bool = False
    ) -> LongText | None:
        """The message of a long usual row as canonical JSON; None of any other row.

        Args:
            row: of a live record, or an archived one.
            version: what is archived.
            indent: spaces a level, or None for one compact line.
            reveal: whether secrets are written.
        """
        data = row.data
        if data is None or not _is_long(data):
            return None
        way = self.compiled(archived_as(row.kind, version, data), row.updated_at)
        return way[0].long_json(data, way[1], indent=indent, reveal=reveal) if way else None

    def messages(self, kind: str) -> list[MessageType | None]:
        """What a record of a kind can be, newest first, each once; a document is None."""
        if self.documents:
            return [None]
        plan = self._plan(kind)
        if plan.unknown:
            return []
        merged, key = plan.merged, plan.key
        found: dict[MessageType | None, None] = {}
        if plan.number is not None:
            found[merged.strict(plan.number).message(key)] = None
        found[plan.expected(None).message] = None
        for number in reversed(range(len(merged.names))):
            if merged.releases_of(kind) >> number & 1:
                found[merged.view(number).message(key)] = None
        return list(found)

    def asked_release(self, kind: str) -> int | None:
        """The one of our releases that a kind is to be read by; None where none is asked for."""
        plan = None if self.documents else self._plan(kind)
        return plan.number if plan is not None and plan.merged is merged_schema() else None

    def document_enums(self, kind: str) -> tuple[EnumType, ...]:
        """The enums whose values stand in documents of a kind."""
        merged = merged_schema()
        key = merged.root(kind)
        return enums_of(merged.view(newest(merged.latest)).message(key)) if key else ()

    def blob(
        self, data: bytes | None, kind: str, written: str | None, problem: str | None = None
    ) -> Blob:
        """What an archived blob says of itself; ``problem`` where it could not be read."""
        return self._own(self.read(data, kind, written) if data is not None else None, problem)

    def _own(self, reading: Reading | None, problem: str | None) -> Blob:
        if reading is None:
            return Blob(None, None, problem, unread=True)
        bad = "It does not decode." if reading.tree.malformed else None
        return Blob(*version_names(reading.tree), bad)


def _is_long(data: bytes | None) -> bool:
    return data is not None and len(data) > LONG


def _error_line(data: bytes, way: Sequence[Field], quick: Projection | None) -> str | None:
    found = quick.values(data) if quick is not None else None
    said = _first_line(found[0] if found is not None else text_of(data, way))
    return COVERED if said and any(field.secret for field in way) else said


def _first_line(said: str | None) -> str | None:
    """The first line of a text that has words, no longer than a list may show."""
    lines = said[:_LONGEST_LINE].strip().splitlines() if said else []
    return lines[0].strip() if lines else None


def archived_row(found: VersionRow) -> tuple[Row, Version]:
    """An archived row in the form of a live one, and what it is a version of."""
    head, version = found.head, version_of(found.head)
    row = Row(head.kind, head.id, found.data, head.size, version.archived_at, found.problem)
    return row, version


def secret_ranges(reading: Reading) -> list[tuple[int, int]]:
    """The bytes that another possible reading of a blob would cover."""
    choice = reading.choice
    ranges = [span for rival in choice.rivals for span in secret_spans(rival.tree)]
    if choice.merged is not None and not choice.asked:
        ranges += other_spans(reading.tree, choice.merged)
    return ranges


def _ambiguities(
    reading: Reading, hidden: frozenset[int]
) -> tuple[list[Problem], Mapping[int, str]]:
    """What other possible readings of a record would show, and by ``id()`` of the node."""
    found: list[Problem] = []
    by_node: dict[int, str] = {}
    choice = reading.choice
    if choice.merged is None or not choice.rivals:
        return found, by_node
    from inspector.decode.doubts import doubts  # noqa: PLC0415 - hardly ever asked

    for rival in choice.rivals:
        ranges = [*spans(nodes_of(reading.tree, hidden)), *secret_spans(reading.tree)]
        other = rival.tree
        theirs = covered(other, ranges)
        names = interval(rival.releases, choice.merged.names)
        for doubt in doubts(reading.tree, hidden, other, theirs):
            path = shown_path(doubt.place, hidden)
            message = doubt.sentence(names)
            offset = doubt.place.node.start
            found.append(Problem("warning", "schema-ambiguous", path, offset, message))
            by_node.setdefault(id(doubt.place.node), message)
    return found, by_node


def _document(data: bytes) -> Tree:
    from inspector.decode.document import read_document  # noqa: PLC0415 - for one form of store

    return read_document(data)


def _places(tree: Tree, hidden: frozenset[int]) -> list[Problem]:
    from inspector.decode.problems import findings  # noqa: PLC0415 - not for lines of lists

    found = []
    for code, place, message, times in findings(tree):
        severity = "error" if code in _ERRORS else "warning"
        offset = place.node.start if place.node.kind != NodeKind.STRUCT else None
        found.append(Problem(severity, code, shown_path(place, hidden), offset, message, times))
    return found


def _names(tree: Tree) -> _OwnNames:
    root = tree.root
    return _OwnNames(text(root, "metadata", "id"), text(root, "kind"), version_names(tree)[0])


def _names_without_tree(data: bytes, message: MessageType, *, archived: bool) -> _OwnNames | None:
    """The same of a usual blob; None where its message does not have them in a plain form.

    Only an archived row has a hash to compare.
    """
    id_ = text_way(message, "metadata", "id")
    kind = text_way(message, "kind")
    hash_ = text_way(message, "status", "version_hash") if archived else ()
    if id_ is None or kind is None or hash_ is None:
        return None
    return _OwnNames(text_on(data, id_), text_on(data, kind), text_on(data, hash_))


def _mismatches(own: _OwnNames, row: Row, version: Version | None) -> list[Problem]:
    found: list[Problem] = []

    def warn(code: str, path: str, message: str) -> None:
        found.append(Problem("warning", code, path, None, message))

    if own.id is not None and own.id != row.id:
        warn(
            "id-mismatch",
            "metadata.id",
            f"Row ID {named(row.id)} differs from message ID {own.id}.",
        )
    if own.kind is not None and not is_same(own.kind, row.kind):
        warn(
            "kind-mismatch",
            "kind",
            f"Row kind {named(row.kind)} differs from message kind {own.kind}.",
        )
    theirs = own.version_hash
    if version is not None and theirs and version.version_hash not in (None, theirs):
        message = f"Row hash {version.version_hash} differs from message hash {theirs}."
        warn("hash-mismatch", "status.version_hash", message)
    return found
