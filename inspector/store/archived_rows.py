"""The history of resources: archived rows and legacy rows as one, newest first.

A kind may have been renamed, and what was archived before may still lie under the earlier name; or
under the later one while the record kept the earlier. A row belongs to the record of its id that is
live under one of the names: under its own name before any other, the newest before older ones.
Where none is live, the newest name that has rows of the id is the one that has them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final

from inspector.errors import StoreError, StoreErrorKind
from inspector.named_tuple import NamedTuple
from inspector.store import audit, stored_kinds
from inspector.store.audit import LegacyPlace
from inspector.store.error_sentences import store_error
from inspector.store.files import Signature, look
from inspector.store.layout import Layout
from inspector.store.legacy import normalised
from inspector.store.reader import START, After, Snapshot, StoreReader, after_or_end
from inspector.store.records import find
from inspector.store.renamed import names_of
from inspector.store.rows import PAGE, Cancel, Page, VersionHead, VersionRow
from inspector.store.text import decode, encode
from inspector.times import instant

_BEFORE_ALL: Final = -(1 << 63)
_DAMAGE: Final = "The file is damaged; this history may not be whole."


class _Prefixes(NamedTuple):
    """What legacy ids of a kind begin with, in one state of the file and no other."""

    found: frozenset[bytes]
    signature: Signature


class History:
    """Questions about versions, asked of one file."""

    def __init__(
        self,
        path: str,
        reader: StoreReader,
        layout: Callable[[Snapshot], Layout],
        on_damage: Callable[[StoreError], None],
    ) -> None:
        self._path = path
        self._reader = reader
        self._layout = layout
        self._on_damage = on_damage
        self._prefixes: dict[str, _Prefixes] = {}
        self._places: dict[str, tuple[Signature, list[LegacyPlace]]] = {}
        self._stored: tuple[Signature, frozenset[str]] | None = None

    def none_of(self, kinds_: Sequence[str], signature: Signature) -> None:
        """These kinds were looked through and have no legacy rows of their own."""
        none = _Prefixes(frozenset(), signature)
        self._prefixes.update(dict.fromkeys(kinds_, none))

    def versions(self, kind: str, key: str, cancel: Cancel | None = None) -> list[VersionHead]:
        """The versions of a resource, newest first, those under other names of its kind too.

        They are in the order of their instants, then of audit ids or digits. In a damaged file they
        are those that can be read, and the store's ``damage`` is set.
        """
        heads: list[VersionHead] = []
        for name in self._holders(kind, key, cancel):
            heads += (head._replace(kind=kind) for head in self._versions_under(name, key, cancel))
        return sorted(heads, key=_age, reverse=True)

    def _versions_under(self, kind: str, key: str, cancel: Cancel | None) -> list[VersionHead]:
        """The versions of a resource that lie under one name of its kind."""
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
        return heads

    def lie_alone(self, kind: str, cancel: Cancel | None) -> bool:
        """Whether all versions of a kind are the archived rows of its name, found by an index."""

        def read(snapshot: Snapshot) -> bool:
            layout = self._layout(snapshot)
            return layout.audit is None or layout.audit.keyed

        keyed = self._reader.read(read, cancel)
        return keyed and len(self._names(kind, cancel)) == 1 and not self.places(kind, cancel)

    def row(self, head: VersionHead, cancel: Cancel | None = None) -> VersionRow:
        """One version with its blob."""
        return self._reader.read(
            lambda snapshot: audit.version_row(snapshot, self._layout(snapshot), head), cancel
        )

    def rows_of(self, kind: str, key: str, cancel: Cancel | None = None) -> Iterator[VersionRow]:
        """All versions of a resource with their blobs, newest first."""
        return self.rows(self.versions(kind, key, cancel), cancel)

    def rows(
        self, heads: Sequence[VersionHead], cancel: Cancel | None = None
    ) -> Iterator[VersionRow]:
        """Versions with their blobs, in the order asked, as many in one read as it holds."""

        def chunk(snapshot: Snapshot, at: int) -> tuple[VersionRow, int | None]:
            row = audit.version_row(snapshot, self._layout(snapshot), heads[at])
            return row, at + 1 if at + 1 < len(heads) else None

        return self._reader.sweep(chunk, 0, cancel) if heads else iter(())

    def first(
        self,
        heads: Sequence[VersionHead],
        holds: Callable[[bytes], bool],
        cancel: Cancel | None = None,
    ) -> VersionHead | None:
        """The first of some versions whose blob ``holds`` what is wanted, None where none does.

        Those behind it are not read. ``holds`` is called within a read: it must be quick, and
        change nothing.
        """

        def chunk(snapshot: Snapshot, at: int) -> tuple[VersionHead | None, int | None]:
            row = audit.version_row(snapshot, self._layout(snapshot), heads[at])
            if row.data is not None and holds(row.data):
                return row.head, None
            return None, at + 1 if at + 1 < len(heads) else None

        read = self._reader.sweep(chunk, 0, cancel) if heads else iter(())
        return next((head for head in read if head is not None), None)

    def counts(self, kind: str, ids: Iterable[str], cancel: Cancel | None = None) -> dict[str, int]:
        """How many versions each resource has, 0 where none."""
        stored = {encode(one): one for one in ids}
        totals = dict.fromkeys(stored.values(), 0)
        for found in self._owned(kind, stored, cancel).values():
            for one, count in found.items():
                totals[stored[one]] += count
        return totals

    def _owned(
        self, kind: str, ids: Collection[bytes], cancel: Cancel | None
    ) -> dict[str, dict[bytes, int]]:
        """How many rows of resources lie under each name of their kind and belong to ``kind``."""
        names = self._names(kind, cancel)
        found = {name: self._counts_under(name, ids, cancel) for name in names}
        if len(names) == 1:
            return found
        live = self._live_under(names, ids, cancel)

        def owner(name: str, one: bytes) -> str:
            if one in live[name]:
                return name
            holders = (each for each in names if found[each].get(one))
            return next((each for each in names if one in live[each]), next(holders))

        return {
            name: {one: count for one, count in counts.items() if owner(name, one) == kind}
            for name, counts in found.items()
        }

    def _counts_under(
        self, kind: str, ids: Collection[bytes], cancel: Cancel | None
    ) -> dict[bytes, int]:
        """How many rows of each resource lie under one name; those without are left out."""
        places = self.places(kind, cancel)

        def read(snapshot: Snapshot) -> Counter[bytes]:
            layout, found = self._layout(snapshot), Counter[bytes]()
            if layout.audit:
                found.update(audit.count_audit(snapshot, layout.audit, kind, ids))
            for place in places if layout.resources else ():
                assert layout.resources is not None
                found.update(audit.count_legacy(snapshot, layout.resources, place, ids))
            return found

        return self._reader.read(read, cancel)

    def _live_under(
        self, names: Sequence[str], ids: Collection[bytes], cancel: Cancel | None
    ) -> dict[str, Collection[bytes]]:
        """Those of the resources that are live, by the name of their kind."""

        def read(snapshot: Snapshot) -> dict[str, Collection[bytes]]:
            table = self._layout(snapshot).resources
            return {name: find(snapshot, table, name, ids) if table else () for name in names}

        return self._reader.read(read, cancel)

    def _holders(self, kind: str, key: str, cancel: Cancel | None) -> list[str]:
        """The names under which rows of a resource lie that belong to it."""
        if len(self._names(kind, cancel)) == 1:
            return [kind]
        try:
            owned = self._owned(kind, [encode(key)], cancel)
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            self._on_damage(store_error(StoreErrorKind.DAMAGED, _DAMAGE))
            return [kind]
        return [name for name, counts in owned.items() if counts]

    def _names(self, kind: str, cancel: Cancel | None) -> list[str]:
        """All names of a kind that this file has, and its own, the newest first."""
        order = names_of(kind)
        if len(order) == 1:
            return [kind]
        files = look(self._path)
        if self._stored is None or self._stored[0] != files.signature:
            stored = self._reader.read(self._stored_names, cancel)
            self._stored = (files.signature if files.settled else (), stored)
        found = {kind, *(name for name in self._stored[1] if normalised(name) in order)}
        return sorted(found, key=lambda name: (order.index(normalised(name)), encode(name)))

    def _stored_names(self, snapshot: Snapshot) -> frozenset[str]:
        layout = self._layout(snapshot)
        found: set[str] = set()
        if layout.audit:
            found.update(stored_kinds.audit_kinds(snapshot, layout.audit).kinds)
        if layout.resources:
            found.update(stored_kinds.record_kinds(snapshot, layout.resources))
        return frozenset(found)

    def gone(
        self,
        kind: str,
        after: str | None = None,
        limit: int = PAGE,
        *,
        cancel: Cancel | None = None,
    ) -> Page[str]:
        """Ids of a kind with history and no live row, by their bytes."""
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
        found |= self._gone_owned(kind, self._without_live(kind, within, cancel), cancel)
        ids = [decode(one) for one in sorted(found)]
        return Page(tuple(ids[:limit]), more=len(ids) > limit or reached is not None)

    def readable_ids(self, kind: str, cancel: Cancel | None = None) -> list[str]:
        """Ids with history as far as a damaged file gives them, live or not, by their bytes.

        Where they are not all, the store's ``damage`` is set. Nothing is asked of live rows.
        """

        def read(snapshot: Snapshot) -> set[bytes]:
            table = self._layout(snapshot).audit
            return audit.readable_ids(snapshot, table, kind) if table else set()

        found = self._reader.read(read, cancel)
        try:
            found |= self._legacy_ids(kind, cancel)
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            self._on_damage(store_error(StoreErrorKind.DAMAGED, _DAMAGE))
        return [decode(one) for one in sorted(found)]

    def places(self, kind: str, cancel: Cancel | None) -> list[LegacyPlace]:
        """Where legacy rows of a kind's resources lie; the same for all of them in one state."""
        files = look(self._path)
        known = self._places.get(kind)
        if known is None or known[0] != files.signature:
            found = self._legacy_places(kind, cancel)
            known = self._places[kind] = (files.signature if files.settled else (), found)
        return known[1]

    def _legacy_places(self, kind: str, cancel: Cancel | None) -> list[LegacyPlace]:
        def read(snapshot: Snapshot) -> tuple[bool, list[str]]:
            table = self._layout(snapshot).resources
            if table is None or not table.has_legacy:
                return False, []
            stored = stored_kinds.stored_kinds(snapshot, table).kinds
            return kind in stored, stored_kinds.holders(snapshot, table, stored, kind)

        own, holders = self._reader.read(read, cancel)
        found = self._prefixes_of(kind, cancel) if own else ()
        return [LegacyPlace(kind, one) for one in found] + [
            LegacyPlace(one, b"") for one in holders
        ]

    def _legacy_heads(
        self, kind: str, key: str, place: LegacyPlace, cancel: Cancel | None
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
        if known and known.signature == files.signature:
            return known.found

        def chunk(snapshot: Snapshot, place: After) -> tuple[set[bytes], After | None]:
            table = self._layout(snapshot).resources
            if table is None:
                return set(), None
            some, last = audit.prefixes(snapshot, table, kind, place.key)
            return some, after_or_end(last)

        found: set[bytes] = set()
        try:
            for some in self._reader.sweep(chunk, START, cancel):
                found |= some
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            self._on_damage(error)
        self._prefixes[kind] = _Prefixes(frozenset(found), files.signature if files.settled else ())
        return self._prefixes[kind].found

    def _legacy_ids(self, kind: str, cancel: Cancel | None) -> set[bytes]:
        found: set[bytes] = set()
        for place in self.places(kind, cancel):

            def chunk(
                snapshot: Snapshot, start: After, place: LegacyPlace = place
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
            found |= self._gone_owned(kind, some, cancel)
            if len(found) > limit:
                return found, last
        return found, None

    def _gone_owned(self, kind: str, ids: set[bytes], cancel: Cancel | None) -> set[bytes]:
        """Those that are live under no other name of the kind, and whose rows belong to it."""
        names = self._names(kind, cancel)
        if len(names) == 1 or not ids:
            return ids
        live = self._live_under(names, ids, cancel)
        owned = self._owned(kind, ids.difference(*live.values()), cancel)
        return {one for counts in owned.values() for one in counts}

    def _without_live(self, kind: str, ids: set[bytes], cancel: Cancel | None) -> set[bytes]:
        def read(snapshot: Snapshot) -> set[bytes]:
            table = self._layout(snapshot).resources
            return ids - find(snapshot, table, kind, ids).keys() if table else ids

        return self._reader.read(read, cancel) if ids else ids


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
