"""The history of resources: archived rows and legacy rows as one, newest first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from inspector.errors import StoreError, StoreErrorKind
from inspector.store import audit, kinds
from inspector.store.audit import Place
from inspector.store.files import Signature, look
from inspector.store.layout import Layout
from inspector.store.reader import START, After, Reader, Snapshot, after_or_end
from inspector.store.records import find
from inspector.store.sentences import store_error
from inspector.store.text import decode, encode
from inspector.store.types import Cancel, Page, VersionHead, VersionRow
from inspector.times import instant

#: Looking through a kind for legacy rows is repeated at once where it takes no longer than this.
_QUICK: Final = 0.01
#: Where it takes longer, it is repeated when it costs less than this part of the time.
_SHARE: Final = 0.05
_BEFORE_ALL: Final = -(1 << 63)
_DAMAGE: Final = "The file is damaged; this history may not be whole."


class _Prefixes(NamedTuple):
    """What legacy ids of a kind begin with, and what finding it out took."""

    found: frozenset[bytes]
    signature: Signature
    seconds: float
    when: float

    def hold(self, signature: Signature) -> bool:
        """Whether they may be used for the file as it is now."""
        if signature == self.signature:
            return True
        # A large store that is being written is not looked through again for each question.
        age = time.monotonic() - self.when
        return self.seconds > _QUICK and self.seconds > age * _SHARE


class History:
    """Questions about versions, asked of one file."""

    def __init__(
        self,
        path: str,
        reader: Reader,
        layout: Callable[[Snapshot], Layout],
        on_damage: Callable[[StoreError], None],
    ) -> None:
        self._path = path
        self._reader = reader
        self._layout = layout
        self._on_damage = on_damage
        self._prefixes: dict[str, _Prefixes] = {}

    def none_of(self, kinds_: Sequence[str], signature: Signature) -> None:
        """These kinds were looked through and have no legacy rows of their own."""
        none = _Prefixes(frozenset(), signature, 0, time.monotonic())
        self._prefixes.update(dict.fromkeys(kinds_, none))

    def versions(self, kind: str, key: str, cancel: Cancel | None) -> list[VersionHead]:
        """The versions of a resource, newest first."""
        heads: list[VersionHead] = []

        def from_audit(snapshot: Snapshot, after: int) -> tuple[audit.AuditHeads, int | None]:
            table = self._layout(snapshot).audit
            if table is None:
                return audit.AuditHeads([], complete=True), None
            return audit.audit_heads(snapshot, table, kind, key, after)

        for found in self._reader.sweep(from_audit, _BEFORE_ALL, cancel):
            heads += found.heads
            if not found.complete:
                self._on_damage(store_error(StoreErrorKind.DAMAGED, _DAMAGE))
        for place in self.places(kind, cancel):
            heads += self._legacy_heads(kind, key, place, cancel)
        return sorted(heads, key=_age, reverse=True)

    def row(self, head: VersionHead, cancel: Cancel | None) -> VersionRow:
        """One version with its blob."""
        return self._reader.read(
            lambda snapshot: audit.version_row(snapshot, self._layout(snapshot), head), cancel
        )

    def rows(self, heads: Sequence[VersionHead], cancel: Cancel | None) -> Iterator[VersionRow]:
        """Versions with their blobs, as many in one read as a short one holds."""

        def chunk(snapshot: Snapshot, at: int) -> tuple[VersionRow, int | None]:
            row = audit.version_row(snapshot, self._layout(snapshot), heads[at])
            return row, at + 1 if at + 1 < len(heads) else None

        return self._reader.sweep(chunk, 0, cancel) if heads else iter(())

    def first(
        self, heads: Sequence[VersionHead], holds: Callable[[bytes], bool], cancel: Cancel | None
    ) -> VersionHead | None:
        """The first of some versions whose blob is as wanted; those behind it are not read."""

        def chunk(snapshot: Snapshot, at: int) -> tuple[VersionHead | None, int | None]:
            row = audit.version_row(snapshot, self._layout(snapshot), heads[at])
            if row.data is not None and holds(row.data):
                return row.head, None
            return None, at + 1 if at + 1 < len(heads) else None

        read = self._reader.sweep(chunk, 0, cancel) if heads else iter(())
        return next((head for head in read if head is not None), None)

    def counts(self, kind: str, ids: Iterable[str], cancel: Cancel | None) -> dict[str, int]:
        """How many versions each resource has, 0 where none."""
        stored = {encode(one): one for one in ids}
        places = self.places(kind, cancel)

        def read(snapshot: Snapshot) -> list[dict[bytes, int]]:
            layout, found = self._layout(snapshot), []
            if layout.audit:
                found.append(audit.count_audit(snapshot, layout.audit, kind, stored))
            if layout.resources:
                table = layout.resources
                found += [audit.count_legacy(snapshot, table, place, stored) for place in places]
            return found

        totals = dict.fromkeys(stored.values(), 0)
        for found in self._reader.read(read, cancel):
            for one, count in found.items():
                totals[stored[one]] += count
        return totals

    def gone(self, kind: str, after: str | None, limit: int, cancel: Cancel | None) -> Page[str]:
        """Ids with history and no live row, by their bytes."""
        start = None if after is None else encode(after)
        try:
            found, reached = self._gone_from_audit(kind, start, limit, cancel)
            legacy = self._legacy_ids(kind, cancel)
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            return Page((), more=False, damage=error)
        within = {
            one
            for one in legacy
            if (start is None or one > start) and (reached is None or one <= reached)
        }
        found |= self._without_live(kind, within, cancel)
        ids = [decode(one) for one in sorted(found)]
        return Page(tuple(ids[:limit]), more=len(ids) > limit or reached is not None)

    def has(self, kind: str, key: str, cancel: Cancel | None) -> bool:
        """Whether a resource has a version."""
        return self.counts(kind, [key], cancel)[key] > 0

    def places(self, kind: str, cancel: Cancel | None) -> list[Place]:
        """Where legacy rows of a kind's resources lie."""

        def read(snapshot: Snapshot) -> tuple[bool, list[str]]:
            table = self._layout(snapshot).resources
            if table is None or not table.has_legacy:
                return False, []
            stored = kinds.stored_kinds(snapshot, table).kinds
            return kind in stored, kinds.holders(snapshot, table, stored, kind)

        own, holders = self._reader.read(read, cancel)
        found = self._prefixes_of(kind, cancel) if own else ()
        return [Place(kind, one) for one in found] + [Place(one, b"") for one in holders]

    def _legacy_heads(
        self, kind: str, key: str, place: Place, cancel: Cancel | None
    ) -> list[VersionHead]:
        def read(snapshot: Snapshot) -> list[VersionHead]:
            table = self._layout(snapshot).resources
            return audit.legacy_heads(snapshot, table, kind, key, place) if table else []

        try:
            return self._reader.read(read, cancel)
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            self._on_damage(store_error(StoreErrorKind.DAMAGED, _DAMAGE))
            return []

    def _prefixes_of(self, kind: str, cancel: Cancel | None) -> frozenset[bytes]:
        files = look(self._path)
        known = self._prefixes.get(kind)
        if known and known.hold(files.signature):
            return known.found

        def chunk(snapshot: Snapshot, place: After) -> tuple[set[bytes], After | None]:
            table = self._layout(snapshot).resources
            if table is None:
                return set(), None
            some, last = audit.prefixes(snapshot, table, kind, place.key)
            return some, after_or_end(last)

        started = time.monotonic()
        found: set[bytes] = set()
        try:
            for some in self._reader.sweep(chunk, START, cancel):
                found |= some
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            self._on_damage(error)
        now = time.monotonic()
        self._prefixes[kind] = _Prefixes(
            frozenset(found), files.signature if files.settled else (), now - started, now
        )
        return self._prefixes[kind].found

    def _legacy_ids(self, kind: str, cancel: Cancel | None) -> set[bytes]:
        found: set[bytes] = set()
        for place in self.places(kind, cancel):

            def chunk(
                snapshot: Snapshot, start: After, place: Place = place
            ) -> tuple[dict[bytes, int], After | None]:
                table = self._layout(snapshot).resources
                if table is None:
                    return {}, None
                some, last = audit.legacy_ids(snapshot, table, place, start.key)
                return some, after_or_end(last)

            for some in self._reader.sweep(chunk, START, cancel):
                found.update(some)
        return found

    def _gone_from_audit(
        self, kind: str, start: bytes | None, limit: int, cancel: Cancel | None
    ) -> tuple[set[bytes], bytes | None]:
        """More than ``limit`` ids, or all; and how far they were looked for, None to the end."""

        def chunk(
            snapshot: Snapshot, place: After
        ) -> tuple[tuple[set[bytes], bytes | None], After | None]:
            layout = self._layout(snapshot)
            if layout.audit is None:
                return (set(), None), None
            ids, last = audit.audit_ids(snapshot, layout.audit, kind, place.key)
            gone = set(ids)
            if layout.resources:
                gone -= find(snapshot, layout.resources, kind, ids).keys()
            return (gone, last), after_or_end(last)

        found: set[bytes] = set()
        for some, last in self._reader.sweep(chunk, After(start), cancel):
            found |= some
            if len(found) > limit:
                return found, last
        return found, None

    def _without_live(self, kind: str, ids: set[bytes], cancel: Cancel | None) -> set[bytes]:
        def read(snapshot: Snapshot) -> set[bytes]:
            table = self._layout(snapshot).resources
            return ids - find(snapshot, table, kind, ids).keys() if table else ids

        return self._reader.read(read, cancel)


def _age(head: VersionHead) -> tuple[int, int, int, str]:
    """What to order versions by, oldest first; what has no time counts as older than all."""
    when = instant(head.archived_at)
    digits = (head.archived_at or "").lstrip("0") if head.audit_id is None else ""
    return (
        _BEFORE_ALL if when is None else when,
        1 if head.audit_id is not None else 0,
        head.audit_id if head.audit_id is not None else len(digits),
        digits,
    )
