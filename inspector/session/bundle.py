"""Chosen records for a bug report: with what they refer to, their past, and no secret.

The file is a store of its own, of the same layout, so that it is read as the store is. Secrets are
replaced by other bytes of the same length: what is covered in a record, whatever has no name in
it, and wherever else the text of any secret of the whole store stands. All of the store is read
for that, in one state: what is written meanwhile is not in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inspector import __version__
from inspector.decode.redaction import filler, redacted, secrets_of
from inspector.decode.secret_matcher import LONGEST, SHORTEST, SecretMatcher
from inspector.errors import CancelledError, StoreError, StoreErrorKind
from inspector.history.record import Record, shown_path
from inspector.history.stored_events import StoredEvent
from inspector.invisible import named
from inspector.named_tuple import NamedTuple
from inspector.plurals import counted
from inspector.schema.catalog import merged_schema
from inspector.schema.secret_columns import secret_test
from inspector.session.consistent_snapshot import one_state
from inspector.session.event_pages import OWNERS, events_of, every_event
from inspector.session.file_output import save_file, stream_file
from inspector.session.record_links import links
from inspector.session.walking import rows_and_gone
from inspector.store.event_log import EventsOf
from inspector.store.rows import Cancel, Form, Row, RowKey, VersionRow
from inspector.store.sqlite_writer import TableFile, tables_in
from inspector.store.text import encode

if TYPE_CHECKING:
    from inspector.session.session import Session

#: Records that are referred to are taken so far and no further.
MOST: Final = 500
_NAMED: Final = 10  #: sentences on what was left out that are said
_BETWEEN_LOOKS: Final = 64
_RESOURCES: Final = (("kind", "TEXT"), ("id", "TEXT"), ("data", "BLOB"), ("updated_at", "TEXT"))
_JSON_RESOURCES: Final = (
    *(("id", "TEXT"), ("kind", "TEXT"), ("org_id", "TEXT"), ("project_id", "TEXT")),
    *(("data", "TEXT"), ("updated_at", "TEXT")),
)
_AUDIT: Final = (
    *(("id", "INTEGER"), ("kind", "TEXT"), ("resource_id", "TEXT"), ("data", "BLOB")),
    *(("archived_at", "TEXT"), ("version_hash", "TEXT"), ("tag", "TEXT")),
)
_RECORDS: Final = (
    *(("kind", "TEXT"), ("id", "TEXT"), ("why", "TEXT"), ("live", "INTEGER")),
    *(("versions", "INTEGER"), ("events", "INTEGER"), ("schema", "TEXT"), ("note", "TEXT")),
)
_SCHEMAS: Final = (("name", "TEXT"), ("descriptor_set", "BLOB"))

Key = tuple[str, str]
_CHOSEN: Final = "chosen"  #: why a record that was asked for is in a bundle


@dataclass
class BundleResult:
    """What a bundle holds.

    Attributes:
        records: how many records, with those that only have history.
        referred: how many of these were not asked for; others refer to them.
        versions: how many archived versions of them.
        events: how many of their events.
        secrets: how many different secrets the store has, of which none is in the file.
        left_out: sentences on what was left out, or could not be read.
        in_names: how many secrets are ordinary words that the file's own tables are made of.
    """

    records: int = 0
    referred: int = 0
    versions: int = 0
    events: int = 0
    secrets: int = 0
    left_out: list[str] = field(default_factory=list)
    in_names: int = 0

    @property
    def counts(self) -> str:
        """What was written: ``3 records (2 that others refer to), 3 versions, 0 events``."""
        parts = ((self.versions, "version"), (self.events, "event"))
        others = f" ({self.referred:,} that others refer to)" if self.referred else ""
        records = counted(self.records, "record") + others
        return ", ".join((records, *(counted(number, noun) for number, noun in parts)))

    @property
    def notes(self) -> list[str]:
        """What a person must know of it: the first sentences on what is not in it."""
        notes = self.left_out[:_NAMED]
        if len(self.left_out) > _NAMED:
            notes.append(f"{len(self.left_out) - _NAMED:,} more like these; the README has them")
        if self.in_names:
            secrets = counted(self.in_names, "secret is", "secrets are")
            notes.append(f"{secrets} an ordinary word that names in the file hold too")
        return notes


class _BundledRecord(NamedTuple):
    """A record of the bundle and why it is in it."""

    key: Key
    why: str


def _silent(_text: str) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class BundleRequest:
    """What to bundle.

    Attributes:
        keys: kinds and ids of the records.
        steps: how far what they refer to is followed: 1 is what they name themselves.
        cancel: ends it when set.
        progress: told in a few words what is being done.
    """

    keys: Sequence[Key]
    steps: int = 1
    cancel: Cancel | None = None
    progress: Callable[[str], None] = _silent


def save_bundle(session: Session, request: BundleRequest, path: Path) -> BundleResult:
    """Writes a bundle to a file, which is replaced whole or not at all.

    Raises:
        StoreError: the store cannot be read.
        UsageError: there cannot be such a file, or it is not to be replaced.
        UnwritableError: it cannot be written to the end.
        CancelledError: it was cancelled.
    """
    work = _BundleWriter(session, request)
    save_file(session.store.real_path, path, work.write)
    return work.result


def write_bundle(
    session: Session, request: BundleRequest, write: Callable[[bytes], object]
) -> BundleResult:
    """Writes a bundle in pieces, such as to standard output; the first when all is made."""
    work = _BundleWriter(session, request)
    stream_file(session.store.real_path, write, work.write)
    return work.result


def _secret_values(
    row: Sequence[object], tests: Iterable[tuple[int, Callable[[object], bool]]]
) -> Iterator[bytes]:
    for at, test in tests:
        value = row[at]
        if value is not None and test(value):
            yield value if isinstance(value, bytes) else encode(str(value))


class _SecretSet:
    """Which secrets there are, each once; of a long one a digest is kept."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._known)

    def each(self, secrets: Iterable[bytes]) -> Iterator[bytes]:
        """Those that were not there before."""
        for secret in secrets:
            before = len(self._known)
            self._known.add(_name(secret))
            if len(self._known) > before:
                yield secret

    def holds(self, secret: bytes) -> bool:
        """Whether it is there."""
        return _name(secret) in self._known


def _name(secret: bytes) -> bytes:
    """What a secret is kept as: itself, or a digest where it is long."""
    if len(secret) <= LONGEST:
        return secret
    return b"%d:" % len(secret) + blake2b(secret).digest()


class _BundleWriter:
    """The making of one bundle."""

    def __init__(self, session: Session, request: BundleRequest) -> None:
        self._asked = self._session = session
        self._request = request
        self._reader = session.reader(request.cancel)
        self._matcher = SecretMatcher(())
        self._releases: set[str] = set()
        #: Rows that are in it: a session's events are those of its runs too.
        self._written: set[object] = set()
        self.result = BundleResult()

    def write(self, path: Path) -> None:
        """Writes the file, which is there and empty."""
        self.result = BundleResult()
        self._releases, self._written = set(), set()

        def copied(done: int, pages: int) -> None:
            self._request.progress(f"{done:,} of {counted(pages, 'page')} copied")

        with one_state(self._asked, self._request.cancel, copied) as state:
            self._session = state.session
            self._reader = state.session.reader(self._request.cancel)
            self._write(path, state.doubt)

    def _write(self, path: Path, doubt: Callable[[], str]) -> None:
        secrets = _SecretSet()
        self._matcher = SecretMatcher(secrets.each(self._secrets()))
        self.result.secrets = len(secrets)
        chosen = self._chosen()
        with tables_in(str(path)) as file:
            self._prepare(file)
            for number, one in enumerate(chosen, 1):
                self._check()
                self._request.progress(f"{number:,} of {counted(len(chosen), 'record')} bundled")
                self._add(file, one)
            self._add_schemas(file)
            if words := doubt():
                self.result.left_out.append(words)
            self._add_readme(file)
        content = path.read_bytes()
        standing = {content[start:end] for start, end in self._matcher.spans(content)}
        self.result.in_names = sum(
            one != filler(len(one)) for one in standing if secrets.holds(one)
        )

    def _check(self) -> None:
        if self._request.cancel is not None and self._request.cancel.is_set():
            raise CancelledError("Cancelled.")

    # What is a secret

    def _secrets(self) -> Iterator[bytes]:
        """All secrets of the whole store, as far as it can be read."""
        for part in (self._of_records, self._of_events, self._of_columns):
            try:
                yield from part()
            except StoreError as error:
                if error.kind is not StoreErrorKind.DAMAGED:
                    raise
                self.result.left_out.append(
                    f"{error} Secrets in what cannot be read are not known, and are replaced only"
                    " where they are covered."
                )

    def _of_records(self) -> Iterator[bytes]:
        done = 0
        for kind, _, versions in self._session.store.kinds(self._request.cancel):
            if not self._reader.may_hold_secrets(kind):
                continue
            for row, id_, last in rows_and_gone(self._session, kind, self._request.cancel):
                done += 1
                if done % _BETWEEN_LOOKS == 0:
                    self._check()
                    self._request.progress(f"{done:,} records read for their secrets")
                if row is not None:
                    yield from self._of_record(self._reader.record(row))
                if versions and last:
                    for found in self._session.store.history.rows_of(
                        kind, id_, self._request.cancel
                    ):
                        yield from self._of_record(self._reader.archived(found))

    def _of_record(self, record: Record) -> Iterator[bytes]:
        if record.tree is not None and record.covered:
            yield from secrets_of(record.tree, record.covered)

    def _of_events(self) -> Iterator[bytes]:
        for table in self._session.store.events.tables(self._request.cancel):
            for owner in self._session.store.events.owners(table, self._request.cancel):
                self._check()
                of = EventsOf(table, owner)
                for event in every_event(self._session, of, self._request.cancel):
                    yield from self._of_record(event.record)

    def _of_columns(self) -> Iterator[bytes]:
        """The secrets in tables beside the records, which the bundle does not have."""
        own = {"resources", "resource_audit", *OWNERS}
        for table in self._session.store.table_names(self._request.cancel):
            if table.name not in own:
                try:
                    yield from self._of_table(table.name)
                except StoreError as error:
                    # A view or a virtual table, which is not read.
                    if error.kind is StoreErrorKind.DAMAGED:
                        raise

    def _of_table(self, name: str) -> Iterator[bytes]:
        after: RowKey | None = None
        offset = 0
        unread: set[str] = set()
        while True:
            self._check()
            page = self._session.store.table_page(
                name, after=after, offset=offset, cancel=self._request.cancel
            )
            tests = [(at, secret_test(name, one.name)) for at, one in enumerate(page.columns)]
            tests = [(at, test) for at, test in tests if test("text")]
            if not tests:
                return
            for row in page.rows:
                yield from _secret_values(row, tests)
            if page.damage is not None:
                raise page.damage
            missing = page.not_computed | {column for _, column, _ in page.cut}
            unread |= {page.columns[at].name for at, _ in tests if at in missing}
            if not page.more or not page.rows:
                break
            after, offset = page.last, 0 if page.last is not None else offset + len(page.rows)
        self.result.left_out += (
            f"Values of {named(name)}.{named(column)} are not read,"
            " so secrets in them are not known."
            for column in sorted(unread)
        )

    # What is in it

    def _chosen(self) -> list[_BundledRecord]:
        """The records asked for and what they refer to, those nearest first."""
        known: dict[Key, str] = dict.fromkeys(self._request.keys, _CHOSEN)
        waiting = deque((key, 0) for key in known)
        left: set[Key] = set()
        while waiting:
            key, steps = waiting.popleft()
            self._check()
            if steps >= self._request.steps:
                continue
            record = self._newest(key)
            for reference, target in (
                links(self._session, record, self._request.cancel) if record is not None else ()
            ):
                if target is None or (target.kind, target.id) in known:
                    continue
                named = (target.kind, target.id)
                if len(known) >= MOST:
                    left.add(named)
                    continue
                assert record is not None
                path = shown_path(reference.place, record.covered)
                known[named] = f"{path} of {key[0]}/{key[1]} refers to it"
                waiting.append((named, steps + 1))
        if left:
            self.result.left_out.append(
                f"{counted(len(left), 'more record is', 'more records are')} referred to;"
                f" {MOST} are the most of a bundle."
            )
        return [_BundledRecord(*one) for one in known.items()]

    def _newest(self, key: Key) -> Record | None:
        """The live record, or its newest version where there is only history."""
        row = self._session.store.row(*key, self._request.cancel)
        if row is not None:
            return self._reader.record(row)
        heads = self._session.store.history.versions(*key, self._request.cancel)
        if not heads:
            return None
        return self._reader.archived(
            self._session.store.history.row(heads[0], self._request.cancel)
        )

    # How it is written

    def _prepare(self, file: TableFile) -> None:
        facts = self._session.facts(self._request.cancel)
        if facts.form is Form.JSON:
            file.table("resources", _JSON_RESOURCES, ("kind", "id"))
        else:
            file.table("resources", _RESOURCES, ("kind", "id"))
            if facts.layout != 0:
                # Without it a bundle of a store whose layout is lost would be of the first one.
                self._prepare_archive(file)
            if facts.layout:
                file.table("schema_version", (("version", "INTEGER"), ("applied_at", "TEXT")))
                for layout in facts.layouts or ((facts.layout, ""),):
                    file.add("schema_version", (layout[0], self._text(layout[1])))
        file.table("bundle_records", _RECORDS)
        file.table("bundle_schemas", _SCHEMAS)
        file.table("README", (("line", "INTEGER"), ("text", "TEXT")))

    def _prepare_archive(self, file: TableFile) -> None:
        file.table("resource_audit", _AUDIT, ("kind", "resource_id"))

    def _add(self, file: TableFile, one: _BundledRecord) -> None:
        kind, id_ = one.key
        problems: list[str] = []
        row = self._session.store.row(kind, id_, self._request.cancel)
        schema = None
        if row is not None:
            record = self._reader.record(row)
            schema = record.choice.schema
            self._add_row(file, row, record, problems)
        versions = 0
        for found in self._session.store.history.rows_of(kind, id_, self._request.cancel):
            record = self._reader.archived(found)
            schema = schema or record.choice.schema
            versions += self._add_version(file, found, record, problems)
        events = self._add_events(file, one.key, problems)
        values = (
            *(self._kind(kind), self._text(id_), self._text(one.why), int(row is not None)),
            *(versions, events),
            *(schema, self._text(" ".join(problems))),
        )
        file.add("bundle_records", values)
        self.result.records += 1
        self.result.referred += one.why != _CHOSEN
        self.result.left_out += (f"{kind}/{id_}: {problem}" for problem in problems)

    def _add_row(self, file: TableFile, row: Row, record: Record, problems: list[str]) -> None:
        data = self._blob(record, problems)
        if data is None:
            problems.append(row.problem or "Its row cannot be read.")
            return
        kind, id_, updated = self._kind(row.kind), self._text(row.id), self._text(row.updated_at)
        if record.json_store:
            text = data.decode("utf-8", "surrogateescape")
            file.add("resources", (id_, kind, "", "", text, updated))
        else:
            file.add("resources", (kind, id_, data, updated))

    def _add_version(
        self, file: TableFile, found: VersionRow, record: Record, problems: list[str]
    ) -> int:
        head = found.head
        data = self._blob(record, problems)
        if data is None:
            problems.append(found.problem or "A version of it cannot be read.")
            return 0
        if not self._is_new((head.stored_kind, head.audit_id, head.legacy_key)):
            return 1
        self.result.versions += 1
        kind = self._kind(head.stored_kind, record.kind)
        if head.audit_id is None:
            key = self._text(head.legacy_key)
            file.add("resources", (kind, key, data, ""))
            return 1
        self._prepare_archive(file)
        texts = (head.archived_at, head.version_hash, head.tag)
        values = (head.audit_id, kind, self._text(head.id), data)
        file.add("resource_audit", (*values, *map(self._text, texts)))
        return 1

    def _add_events(self, file: TableFile, key: Key, problems: list[str]) -> int:
        of = events_of(*key)
        count = 0
        if of is None:
            return count
        for event in every_event(self._session, of, self._request.cancel):
            self._check()
            count += self._add_event(file, event, problems)
        return count

    def _add_event(self, file: TableFile, event: StoredEvent, problems: list[str]) -> int:
        row = event.row
        data = self._blob(event.record, problems)
        if data is None:
            problems.append(f"An event of it cannot be read: {row.problem}")
            return 0
        if not self._is_new((row.table, row.key)):
            return 1
        self.result.events += 1
        columns = [name for name, _ in row.columns]
        file.table(row.table, (*((name, "") for name in columns), ("data", "BLOB")))
        values = [self._cell(row.table, name, value) for name, value in row.columns]
        file.add(row.table, (*values, data))
        return 1

    def _is_new(self, row: object) -> bool:
        before = len(self._written)
        self._written.add(row)
        return len(self._written) > before

    def _cell(
        self, table: str, column: str, value: bytes | str | float | None
    ) -> bytes | str | int | float | None:
        if isinstance(value, bytes):
            return filler(len(value))
        if value is not None and secret_test(table, column)(value):
            return filler(len(encode(str(value)))).decode()
        return self._text(value) if isinstance(value, str) else value

    def _blob(self, record: Record, problems: list[str]) -> bytes | None:
        """A record's bytes without secrets, None where they could not be read."""
        if record.tree is None:
            return None
        choice = record.choice
        if choice.merged is merged_schema():
            self._releases.add(choice.merged.names[choice.release])
        data = redacted(record.tree, record.covered)
        return self._matcher.without(data)

    def _kind(self, stored: str, kind: str | None = None) -> str | None:
        """A kind as it is stored; ``kind`` is what it is a version of. One that is known stays."""
        is_known = merged_schema().root(stored if kind is None else kind) is not None
        return stored if is_known else self._text(stored)

    def _text(self, text: str | None) -> str | None:
        if text is None:
            return None
        data = self._matcher.without(encode(text))
        return data.decode("utf-8", "surrogateescape")

    def _add_schemas(self, file: TableFile) -> None:
        """The releases that the records are read with, as protobuf has them."""
        from inspector.schema.pools import descriptor_set  # noqa: PLC0415 - it takes a while

        for name in sorted(self._releases):
            data: bytes | None = descriptor_set(name)
            if data is not None and self._matcher.without(data) != data:
                data = None
                self.result.left_out.append(
                    f"The messages of {named(name)} are not in it: a name there is a secret here."
                )
            file.add("bundle_schemas", (name, data))

    def _add_readme(self, file: TableFile) -> None:
        facts = self._session.facts(self._request.cancel)
        layout = f"layout {facts.layout}" if facts.layout is not None else "of no known layout"
        if facts.form is Form.JSON:
            layout = "the JSON store"
        result = self.result
        lines = (
            f"Records of a Stigmer store ({layout}), bundled by Stigmer Inspector {__version__}.",
            f"{result.counts}.",
            "Open it with: stigmer-inspector FILE, or with sqlite3.",
            "resources and resource_audit hold them as the store does; bundle_records says why each"
            " is here, and with which releases it is read; bundle_schemas holds the messages of"
            " those releases, as serialized google.protobuf.FileDescriptorSet.",
            f"Secrets are replaced. {counted(result.secrets, 'secret')} of the whole store"
            f" {'was' if result.secrets == 1 else 'were'} looked for, as they are and as JSON, a"
            " URL, hex, base64 or UTF-16 have them, and other bytes"
            " of the same length stand in their place: x*x*x*.",
            "What other tables hold in columns named for a secret counts as one. So does every"
            f" field that has no name in the schemas. Secrets of less than {SHORTEST} bytes are"
            " replaced where they are covered, and nowhere else. What was"
            " compressed or encrypted was not looked into.",
            *result.left_out,
        )
        for number, line in enumerate(lines, 1):
            file.add("README", (number, self._text(line)))
