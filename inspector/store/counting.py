"""How much of everything there is: records and versions by kind, and where pages begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from inspector.errors import StoreError, StoreErrorKind
from inspector.named_tuple import NamedTuple
from inspector.store import legacy, stored_kinds
from inspector.store.error_sentences import damaged_after, kinds_missing
from inspector.store.files import Files, Signature, look
from inspector.store.keys import quoted
from inspector.store.layout import Layout, Resources
from inspector.store.reader import DAMAGE, START, After, Snapshot, StoreReader, after_or_end
from inspector.store.rows import Cancel, KindCount
from inspector.store.stored_kinds import Counted, Hop, KindList
from inspector.store.text import decode, encode

_FIRST: Final = 1_000
_FEWEST: Final = 100
_MOST: Final = 10_000
_QUICK: Final = 0.005  #: seconds
_SLOW: Final = 0.02


class Pace:
    """Grows while steps are quick and shrinks while they are slow.

    Attributes:
        rows: of the next step.
    """

    def __init__(self) -> None:
        self.rows = _FIRST

    def took(self, seconds: float) -> None:
        """A step of :attr:`rows` rows is done."""
        if seconds < _QUICK:
            self.rows = min(self.rows * 2, _MOST)
        elif seconds > _SLOW:
            self.rows = max(self.rows // 2, _FEWEST)


#: A kind, by its place in a list of kinds, and a key in it to go on after.
_Place: TypeAlias = tuple[int, bytes | None]


_START: _Place = (0, None)
#: Files up to this size are counted in a few milliseconds, in bytes.
_AT_ONCE: Final = 16 << 20


class _Names(NamedTuple):
    resources: KindList
    audit: KindList


class _Stretch(NamedTuple):
    """What a stretch of a kind holds; a ``final`` one counts all that is readable of it."""

    counted: Counted
    final: bool = False


class UnlikeIndex(NamedTuple):
    """An index that has not as many entries as its table has rows.

    SQLite answers by the one or the other, as it finds quicker, and says nothing of it.
    """

    name: str
    entries: int
    table: str
    rows: int


class Counting:
    """Questions about numbers, asked of one file."""

    def __init__(
        self,
        path: str,
        reader: StoreReader,
        layout: Callable[[Snapshot], Layout],
        on_damage: Callable[[StoreError], None],
        none_of: Callable[[Sequence[str], Signature], None],
    ) -> None:
        """Takes the file; ``none_of`` is told kinds that turn out to have no legacy rows."""
        self._path = path
        self._reader = reader
        self._layout = layout
        self._on_damage = on_damage
        self._none_of = none_of
        self._known: tuple[Signature, list[KindCount]] | None = None

    def kinds(self, cancel: Cancel | None) -> list[KindCount]:
        """Kinds with a record or a version; asked of the file only when it was written to."""
        files = look(self._path)
        if self._known is None or self._known[0] != files.signature:
            found = self._count(cancel, files)
            self._known = (files.signature if files.settled else (), found)
        return list(self._known[1])

    def kinds_at_once(self, cancel: Cancel | None) -> tuple[list[KindCount], bool]:
        """The kinds, counted where that takes no time; else each with 1 for some.

        Returns:
            The kinds, and whether they are counted.
        """
        files = look(self._path)
        size = files.database.size + (files.wal.size if files.wal else 0)
        known = self._known is not None and self._known[0] == files.signature
        if known or size <= _AT_ONCE:
            return self.kinds(cancel), True
        return self._reader.read(self._present, cancel), False

    def _present(self, snapshot: Snapshot) -> list[KindCount]:
        table, names = self._layout(snapshot).resources, self._names(snapshot)
        if not (names.resources.complete and names.audit.complete):
            snapshot.afterwards(lambda: self._on_damage(kinds_missing()))
        live = {one for one in names.resources.kinds if table and _some(snapshot, table, one)}
        archived = set(names.audit.kinds)
        return [
            KindCount(one, int(one in live), int(one in archived))
            for one in sorted(live | archived, key=encode)
        ]

    def anchors(
        self,
        kind: str,
        step: int,
        cancel: Cancel | None,
        progress: Callable[[int], None] | None,
    ) -> tuple[list[str], int]:
        """The last id of each full page, and the number of live rows."""
        found: list[str] = []
        total = 0

        def chunk(snapshot: Snapshot, place: After) -> tuple[list[Hop], After | None]:
            table = self._layout(snapshot).resources
            if table is None:
                return [], None
            if not table.keyed:
                return stored_kinds.all_hops(snapshot, table, kind, step), None
            here = stored_kinds.hop(snapshot, table, kind, place.key, step)
            return [here], after_or_end(here.anchor)

        try:
            for hops in self._reader.sweep(chunk, START, cancel):
                found += [decode(one.anchor) for one in hops if one.anchor is not None]
                total += sum(one.rows for one in hops)
                if progress:
                    progress(total)
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            self._on_damage(damaged_after(total, "record", kind))
        return found, total

    def unlike_indexes(self, cancel: Cancel | None) -> list[UnlikeIndex]:
        """The indexes of the store's tables that contradict them; goes through all of each.

        Raises:
            StoreError: the file is damaged, or this took too long.
        """
        return self._reader.read(self._unlike_indexes, cancel)

    def _unlike_indexes(self, snapshot: Snapshot) -> list[UnlikeIndex]:
        layout = self._layout(snapshot)
        found: list[UnlikeIndex] = []
        for table, there in (("resources", layout.resources), ("resource_audit", layout.audit)):
            # One that has a condition holds some of the rows, and what SQLite made has no text.
            sql = (
                "SELECT name FROM sqlite_schema WHERE type = 'index'"
                " AND tbl_name = :table COLLATE NOCASE AND sql NOT LIKE '%WHERE%'"
            )
            # SQLite counts by an index of its own choice, unless there is a condition; and with one
            # it does so although it is told not to.
            names = [str(name) for (name,) in snapshot.rows(sql, table=table)] if there else []
            rows = _rows(snapshot, f"{table} NOT INDEXED") if names else 0
            for name in names:
                entries = _rows(snapshot, f"{table} INDEXED BY {quoted(name)} WHERE 1")
                if entries != rows:
                    found.append(UnlikeIndex(name, entries, table, rows))
        return found

    def _count(self, cancel: Cancel | None, files: Files) -> list[KindCount]:
        names = self._reader.read(self._names, cancel)
        if not (names.resources.complete and names.audit.complete):
            self._on_damage(kinds_missing())
        counted = self._resources(names.resources.kinds, cancel)
        if files.settled and look(self._path) == files:
            self._none_of([one.kind for one in counted if not one.in_id], files.signature)
        live = [one.kind for one in counted if one.live]
        versions: Counter[str] = Counter()
        for one in counted:
            versions[one.kind] += one.in_id
            if one.in_kind:
                versions[legacy.resource_kind(one.kind, live)] += one.in_kind
        for kind, count in self._audit(names.audit.kinds, cancel).items():
            versions[kind] += count
        records = {one.kind: one.live for one in counted}
        found = (
            KindCount(kind, records.get(kind, 0), versions[kind])
            for kind in sorted({*records, *versions}, key=encode)
        )
        return [one for one in found if one.records or one.versions]

    def _names(self, snapshot: Snapshot) -> _Names:
        layout = self._layout(snapshot)
        none = KindList([], complete=True)
        resources, archive = layout.resources, layout.audit
        return _Names(
            stored_kinds.stored_kinds(snapshot, resources) if resources else none,
            stored_kinds.audit_kinds(snapshot, archive) if archive else none,
        )

    def _resources(self, names: Sequence[str], cancel: Cancel | None) -> list[Counted]:
        pace = Pace()

        def chunk(snapshot: Snapshot, place: _Place) -> tuple[list[_Stretch], _Place | None]:
            table = self._layout(snapshot).resources
            if table is None:
                return [], None
            index, after = place
            kind = names[index]
            following = (index + 1, None) if index + 1 < len(names) else None
            started = snapshot.age
            try:
                if not table.keyed:
                    return [_Stretch(one) for one in stored_kinds.count_all(snapshot, table)], None
                counted, here = stored_kinds.count_chunk(snapshot, table, (kind, after), pace.rows)
            except DAMAGE:
                whole = stored_kinds.count_readable(snapshot, table, kind)
                return [_Stretch(whole, final=True)], following
            if here:
                pace.took(snapshot.age - started)
            return [_Stretch(counted)], (index, here[1]) if here else following

        totals: dict[str, Counted] = {}
        for stretches in self._reader.sweep(chunk, _START, cancel) if names else ():
            for counted, final in stretches:
                before = totals.get(counted.kind)
                if final:
                    self._on_damage(damaged_after(counted.live, "record", counted.kind))
                totals[counted.kind] = counted if final or before is None else _sum(before, counted)
        return list(totals.values())

    def _audit(self, names: Sequence[str], cancel: Cancel | None) -> Counter[str]:
        pace = Pace()

        def chunk(snapshot: Snapshot, at: _Place) -> tuple[tuple[str, int], _Place | None]:
            table = self._layout(snapshot).audit
            index, after = at
            if table is None:
                return (names[index], 0), None
            started = snapshot.age
            place = (names[index], after)
            count, here = stored_kinds.count_audit_chunk(snapshot, table, place, pace.rows)
            if here:
                pace.took(snapshot.age - started)
            following = (index + 1, None) if index + 1 < len(names) else None
            return (names[index], count), (index, here[1]) if here else following

        totals: Counter[str] = Counter()
        try:
            for kind, count in self._reader.sweep(chunk, _START, cancel) if names else ():
                totals[kind] += count
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            self._on_damage(damaged_after(totals.total(), "version"))
        return totals


def _some(snapshot: Snapshot, table: Resources, kind: str) -> bool:
    """Whether a kind has a live row; where that cannot be read, it is taken to have one."""
    try:
        return stored_kinds.has_live(snapshot, table, kind)
    except DAMAGE:
        return True


def _rows(snapshot: Snapshot, source: str) -> int:
    row = snapshot.one(f"SELECT count(*) FROM {source}")
    return int(row[0]) if row else 0


def _sum(first: Counted, second: Counted) -> Counted:
    return Counted(
        first.kind,
        first.live + second.live,
        first.in_id + second.in_id,
        first.in_kind + second.in_kind,
    )
