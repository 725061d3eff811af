"""A store as a whole: what it holds and the schemas it is read with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from inspector.decode.choice import Choice
from inspector.errors import StoreError, StoreErrorKind
from inspector.invisible import named
from inspector.plurals import counted
from inspector.schema.releases import Mask, newest, oldest
from inspector.session.summaries import Info, Problem, SchemaUse
from inspector.store.rows import Cancel, Form, KindCount, TableInfo

if TYPE_CHECKING:
    from inspector.session.session import Session


def info(
    session: Session,
    cancel: Cancel | None = None,
    progress: Callable[[str], None] | None = None,
) -> Info:
    """The file, what is in it, the schemas in use, and what stands in the way of reading it."""
    facts = session.facts(cancel)
    kinds = session.store.kinds(cancel) if facts.form is not Form.FOREIGN else []
    uses = _Uses()
    if facts.form is Form.SQLITE:
        for kind in kinds:
            if progress is not None:
                records = counted(kind.records, "record")
                progress(f"looking at the schemas of {records} of {named(kind.kind)}")
            _count(session, kind, uses, cancel)

    tables: list[TableInfo] = []
    for table in session.store.counted_tables(cancel):
        tables.append(table)
        if progress is not None:
            progress(f"counting rows of tables: {named(table.name)}")
    problems = [Problem("warning", "other-store", "", None, note) for note in session.notes]
    for damage in filter(None, (session.store.damage, uses.damage)):
        problems.append(Problem("error", "bad-page", "", None, str(damage)))
    return Info(
        facts,
        uses.sorted(),
        uses.unread,
        len(kinds),
        sum(kind.records for kind in kinds),
        sum(kind.versions for kind in kinds),
        tuple(tables),
        tuple(dict.fromkeys(problems)),
    )


class _Uses:
    """Intervals of releases, each with why its first record is of it, and how many are."""

    def __init__(self) -> None:
        # Schemas of one's own that different kinds are read with are all behind the releases.
        self._uses: dict[tuple[Mask, str], SchemaUse] = {}
        self.damage: StoreError | None = None
        self.unread = 0  #: how many are read without a schema

    def add(self, choice: Choice) -> None:
        """Count the record of a choice."""
        if choice.schema is None:
            self.unread += 1
            return
        key = choice.releases, choice.schema
        before = self._uses.get(key)
        if before is None:
            before = SchemaUse(choice.schema, choice.why, 0)
        self._uses[key] = before._replace(records=before.records + 1)

    def sorted(self) -> tuple[SchemaUse, ...]:
        """By the oldest release, then by the newest, oldest first."""
        found: dict[str, SchemaUse] = {}
        for key in sorted(self._uses, key=lambda key: (oldest(key[0]), newest(key[0]), key[1])):
            use = self._uses[key]
            before = found.get(use.name)
            records = use.records + (before.records if before is not None else 0)
            found[use.name] = (before or use)._replace(records=records)
        return tuple(found.values())


def _count(session: Session, kind: KindCount, uses: _Uses, cancel: Cancel | None) -> None:
    reader = session.reader(cancel)
    try:
        for row in session.rows(kind.kind, cancel):
            if row.data is not None:
                choice = reader.read(row.data, kind.kind, row.updated_at).choice
                uses.add(choice)
    except StoreError as error:
        if error.kind is not StoreErrorKind.DAMAGED:
            raise
        uses.damage = uses.damage or error
