"""A store as a whole: what it holds and the schemas it is read with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from inspector.decode.choice import static_choice
from inspector.errors import StoreError, StoreErrorKind
from inspector.session.types import Info, Problem, SchemaUse
from inspector.store.types import Cancel, Form, KindCount

if TYPE_CHECKING:
    from inspector.session.session import Session


def info(
    session: Session, cancel: Cancel | None, progress: Callable[[str], None] | None = None
) -> Info:
    """The file, what is in it, the schemas in use, and what stands in the way of reading it."""
    facts = session.facts(cancel)
    kinds = session.store.kinds(cancel) if facts.form is not Form.FOREIGN else []
    uses = _Uses()
    if facts.form is Form.SQLITE:
        for kind in kinds:
            if progress is not None:
                progress(f"looking at the schemas of {kind.records:,} records of {kind.kind}")
            _count(session, kind, uses, cancel)
    tables = tuple(session.tables(cancel))
    problems = [Problem("warning", "other-store", "", None, note) for note in session.notes]
    for damage in filter(None, (session.store.damage, uses.damage)):
        problems.append(Problem("error", "bad-page", "", None, str(damage)))
    return Info(
        facts,
        uses.sorted(),
        len(kinds),
        sum(kind.records for kind in kinds),
        sum(kind.versions for kind in kinds),
        tables,
        tuple(dict.fromkeys(problems)),
    )


class _Uses:
    """Schemas, each with why its first record is read with it, and by how many it is used."""

    def __init__(self) -> None:
        self._uses: dict[str, SchemaUse] = {}
        self.damage: StoreError | None = None

    def add(self, name: str | None, why: str, records: int) -> None:
        """What is read without a schema, ``name`` None, is not counted."""
        if name is not None and records:
            before = self._uses.get(name, SchemaUse(name, why, 0))
            self._uses[name] = before._replace(records=before.records + records)

    def sorted(self) -> tuple[SchemaUse, ...]:
        return tuple(self._uses[name] for name in sorted(self._uses))


def _count(session: Session, kind: KindCount, uses: _Uses, cancel: Cancel | None) -> None:
    reader = session.reader(cancel)
    fixed = static_choice(kind.kind, reader.layout, reader.schema_of(kind.kind))
    if fixed is not None:
        uses.add(*fixed, kind.records)
        return
    try:
        for row in session.rows(kind.kind, cancel):
            if row.data is not None:
                reading = reader.read(row.data, kind.kind)
                uses.add(reading.generation, reading.why, 1)
    except StoreError as error:
        if error.kind is not StoreErrorKind.DAMAGED:
            raise
        uses.damage = uses.damage or error
