"""How much of a damaged file can be read, kind by kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from inspector.errors import CancelledError, StoreError, StoreErrorKind
from inspector.named_tuple import NamedTuple
from inspector.session.summaries import described
from inspector.store.rows import Cancel

if TYPE_CHECKING:
    from inspector.session.session import Session


class KindState(NamedTuple):
    """A kind of a damaged file.

    Attributes:
        kind: as the store spells it.
        display_name: what people call it.
        read: number of records that can be read.
        spoiled: number of records whose row is there but cannot be read.
        damage: what ended the reading early, None where the end was reached.
    """

    kind: str
    display_name: str
    read: int
    spoiled: int
    damage: str | None

    @property
    def complete(self) -> bool:
        """Whether every record of the kind can be read."""
        return self.damage is None and not self.spoiled


def survey(
    session: Session,
    cancel: Cancel | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[KindState]:
    """Reads every live record with its blob, a page at a time, without decoding it.

    Args:
        session: the store.
        cancel: ends the reading when set.
        progress: told how many records were read so far.

    Raises:
        CancelledError: ``cancel`` was set.
        StoreError: the file cannot be read at all any more.
    """
    found: list[KindState] = []
    for kind in session.store.kinds(cancel):
        before = sum(each.read for each in found)
        found.append(_kind(session, kind.kind, cancel, progress, before))
    return found


def _kind(
    session: Session,
    kind: str,
    cancel: Cancel | None,
    progress: Callable[[int], None] | None,
    before: int,
) -> KindState:
    read = spoiled = 0
    damage: str | None = None
    after: str | None = None
    while True:
        if cancel is not None and cancel.is_set():
            raise CancelledError("Cancelled.")
        try:
            page = session.store.rows(kind, after, cancel=cancel)
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            damage = error.message
            break
        bad = sum(row.problem is not None for row in page.rows)
        spoiled += bad
        read += len(page.rows) - bad
        if progress is not None:
            progress(before + read)
        damage = page.damage.message if page.damage is not None else None
        if not page.more or not page.rows:
            break
        after = page.rows[-1].id
    return KindState(kind, described(kind, session.schema).name, read, spoiled, damage)
