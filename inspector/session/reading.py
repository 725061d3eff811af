"""Rows to decoded records and list lines."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from inspector.decode.choice import AUTO, Reading, read_blob, static_choice
from inspector.decode.fields import NOTHING, Summary, summary, text, version_names
from inspector.decode.node import NodeKind, Tree
from inspector.decode.peek import peek
from inspector.decode.secrets import covered, secret_spans
from inspector.history.record import shown_path
from inspector.history.versions import Blob, Version, completed, version_of
from inspector.schema.catalog import kind_info
from inspector.schema.kinds import normal_kind
from inspector.session.described import described
from inspector.session.types import Choice, Problem, Record, RecordHead
from inspector.store.types import Form, Row, VersionRow
from inspector.times import stored_time

_UNDECODABLE = frozenset(("undecodable", "not-json"))
_ERRORS = frozenset(("undecodable", "invalid-utf8", "bad-page"))


class Reader:
    """Decodes blobs of one store with its layout and the schema asked for."""

    def __init__(
        self,
        form: Form,
        layout: int | None,
        schema: str,
        by_kind: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Keeps what decides how blobs are read.

        Args:
            form: of the store.
            layout: of the store.
            schema: ``auto`` or a generation.
            by_kind: the same for kinds read in another way, by :func:`normal_kind`.
        """
        self.documents = form == Form.JSON
        self.layout = layout
        self.schema = schema
        self._by_kind = by_kind

    def schema_of(self, kind: str) -> str:
        """What a kind is asked to be read with: ``auto`` or a generation."""
        return self._by_kind.get(normal_kind(kind), self.schema)

    def read(self, data: bytes, kind: str) -> Reading:
        """The tree of a blob, and why it was read so."""
        if self.documents:
            return Reading(_document(data), None, "the store holds JSON documents")
        return read_blob(data, kind, self.layout, self.schema_of(kind))

    def covered(self, reading: Reading, kind: str) -> frozenset[int]:
        """The covered nodes of a reading.

        What is a secret when read as it was chosen stays one when it is read otherwise: the bytes
        a rival reading, or the automatic choice, would cover are covered.
        """
        ranges: list[tuple[int, int]] = []
        if reading.rival is not None:
            ranges += secret_spans(reading.rival)
        if self.schema_of(kind) != AUTO and not self.documents:
            own = read_blob(reading.tree.data, kind, self.layout)
            if own.generation != reading.generation:
                ranges += secret_spans(own.tree)
            if own.rival is not None:
                ranges += secret_spans(own.rival)
        return covered(reading.tree, ranges)

    def record(self, row: Row, version: Version | None = None) -> Record:
        """A row as a record."""
        reading = self.read(row.data, row.kind) if row.data is not None else None
        if version is not None and not version.whole:
            version = completed(version, self._own(reading, row.problem))
        return self._record(row, version, reading)

    def archived(self, found: VersionRow) -> Record:
        """An archived row as a record of that time."""
        head, version = found.head, version_of(found.head)
        row = Row(head.kind, head.id, found.data, head.size, version.archived_at, found.problem)
        return self.record(row, version)

    def _record(self, row: Row, version: Version | None, reading: Reading | None) -> Record:
        known = described(row.kind, self.schema_of(row.kind))
        common = (row.kind, row.id, row.size, stored_time(row.updated_at), version)
        if reading is None:
            problem = Problem("error", "bad-page", "", None, row.problem or "It cannot be read.")
            return Record(
                *common, Choice(None, "it cannot be read"), None, frozenset(), (problem,),
                self.documents, known.name, known.known,
            )  # fmt: skip
        choice = Choice(reading.generation, reading.why, reading.also, reading.rival is not None)
        hidden = self.covered(reading, row.kind)
        problems = tuple(self.problems(reading, row, version, hidden))
        return Record(
            *common, choice, reading.tree, hidden, problems,
            self.documents, known.name, known.known,
        )  # fmt: skip

    def problems(
        self, reading: Reading, row: Row, version: Version | None, hidden: frozenset[int]
    ) -> list[Problem]:
        """What is odd about a record: its schema, its places, its names against the row's."""
        found: list[Problem] = []
        places = _places(reading.tree, hidden)
        if reading.generation is None and not self.documents:
            message = f"The kind {row.kind} is read without a schema: {reading.why}."
            found.append(Problem("warning", "unknown-kind", "", None, message))
            # Without a schema every field is unknown.
            places = [problem for problem in places if problem.severity == "error"]
        found += places
        if reading.rival is not None:
            message = f"It is read with {reading.generation}; {reading.why}."
            found.append(Problem("warning", "schema-ambiguous", "", None, message))
        return found + _mismatches(reading.tree, row, version)

    def head(self, row: Row, versions: int) -> RecordHead:
        """A row as a line of a list."""
        found, problem = NOTHING, row.problem
        if row.data is not None:
            reading = self.read(row.data, row.kind)
            if reading.tree.malformed:
                places = _places(reading.tree, frozenset())
                problem = next(one.message for one in places if one.code in _UNDECODABLE)
            else:
                found = summary(reading.tree, row.kind)
        return RecordHead(
            row.kind, row.id, found.name, found.state, found.org, found.slug,
            stored_time(row.updated_at), row.size, versions, problem,
        )  # fmt: skip

    def peek(self, data: bytes, kind: str) -> Summary:
        """The same from the top of a blob alone, where the kind allows it: for whole lists."""
        if self.documents:
            return summary(_document(data), kind)
        fixed = static_choice(kind, self.layout, self.schema_of(kind))
        if fixed is None:
            return summary(self.read(data, kind).tree, kind)
        info = kind_info(fixed[0], kind) if fixed[0] is not None else None
        return peek(data, info.message) if info is not None and info.message else NOTHING

    def blob(self, data: bytes | None, kind: str, problem: str | None = None) -> Blob:
        """What an archived blob says of itself; ``problem`` where it could not be read."""
        return self._own(self.read(data, kind) if data is not None else None, problem)

    def _own(self, reading: Reading | None, problem: str | None) -> Blob:
        if reading is None:
            return Blob(None, None, problem)
        bad = "It does not decode." if reading.tree.malformed else None
        return Blob(*version_names(reading.tree), bad)


def _document(data: bytes) -> Tree:
    from inspector.decode.document import read_document  # noqa: PLC0415 - for one form of store

    return read_document(data)


def _places(tree: Tree, hidden: frozenset[int]) -> list[Problem]:
    from inspector.decode.problems import findings  # noqa: PLC0415 - not for lines of lists

    found = []
    for code, place, message in findings(tree):
        severity = "error" if code in _ERRORS else "warning"
        offset = place.node.start if place.node.kind != NodeKind.STRUCT else None
        found.append(Problem(severity, code, shown_path(place, hidden), offset, message))
    return found


def _mismatches(tree: Tree, row: Row, version: Version | None) -> list[Problem]:
    found: list[Problem] = []

    def warn(code: str, path: str, message: str) -> None:
        found.append(Problem("warning", code, path, None, message))

    own_id = text(tree.root, "metadata", "id")
    if own_id is not None and own_id != row.id:
        warn("id-mismatch", "metadata.id", f"The row's id is {row.id}, the message says {own_id}.")
    own_kind = text(tree.root, "kind")
    if own_kind is not None and normal_kind(own_kind) != normal_kind(row.kind):
        warn("kind-mismatch", "kind", f"The row's kind is {row.kind}, the message says {own_kind}.")
    own_hash = version_names(tree)[0]
    if version is not None and own_hash and version.version_hash not in (None, own_hash):
        message = f"The row's hash is {version.version_hash}, the message says {own_hash}."
        warn("hash-mismatch", "status.version_hash", message)
    return found
