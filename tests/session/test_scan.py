"""Looking at every record: orders that agree with the lines, stopping and going on, damage."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.errors import CancelledError, StoreError, StoreErrorKind
from inspector.session import scan as module
from inspector.session.lines import COLUMNS, RecordKey
from inspector.session.listing import heads, matching
from inspector.session.scan import Scan
from inspector.session.session import Session
from inspector.store.rows import Page, Row


class AfterPages:
    """Is set after it was asked a few times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.fixture
def session() -> Session:
    return Session.demo()


def _kinds(session: Session) -> list[str]:
    return [kind.kind for kind in session.kinds() if kind.records]


def test_a_scan_that_was_stopped_goes_on_where_it_was(session: Session) -> None:
    kinds = _kinds(session)
    whole = Scan(session, kinds, text="a", column="name").run()
    scan = Scan(session, kinds, text="a", column="name")
    stops, looked = 0, [0]
    while True:
        try:
            # A read asks more than once; each try gets a little further.
            keys = scan.run(AfterPages(10 + 5 * stops))
            break
        except CancelledError:
            stops += 1
            assert scan.looked >= looked[-1]
            looked.append(scan.looked)
    assert keys == whole
    assert len({*looked, scan.looked}) > 2
    assert scan.looked == sum(kind.records for kind in session.kinds())


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("descending", [False, True])
def test_merged_runs_are_one_order(
    session: Session, column: str, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = _kinds(session)
    at_once = Scan(session, kinds, column=column, descending=descending).run()
    monkeypatch.setattr(module, "_RUN", 3)
    monkeypatch.setattr(module, "_CHECK", 2)
    assert Scan(session, kinds, column=column, descending=descending).run() == at_once


def test_what_is_found_so_far_is_a_part_of_the_whole(session: Session) -> None:
    scan = Scan(session, _kinds(session), text="e")
    seen: list[list[RecordKey]] = []
    whole = scan.run(progress=lambda _: seen.append(list(scan.found)))
    assert len(seen) > 3
    assert all(part == whole[: len(part)] for part in seen)


def test_a_list_of_several_kinds_is_filtered_by_kind_too(session: Session) -> None:
    kinds = _kinds(session)
    keys = Scan(session, kinds, text="skill/").run()
    assert {key.kind for key in keys} == {"skill"}
    assert Scan(session, ["skill"], text="skill/").run() == []


def test_gone_records_are_filtered_and_sorted_by_their_newest_version(session: Session) -> None:
    kind = next(k.kind for k in session.kinds() if list(session.gone_ids(k.kind)))
    ids = list(session.gone_ids(kind))
    assert Scan(session, [kind], gone=True).run() == [RecordKey(kind, id_) for id_ in ids]
    by_size = Scan(session, [kind], gone=True, column="size", descending=True).run()
    found = heads(session, by_size, gone=True)
    sizes = [head.size for head in found if head is not None]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == len(ids)


def test_a_damaged_kind_gives_what_can_be_read_and_the_others_whole(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = _kinds(session)
    whole = Scan(session, kinds, column="name").run()
    rows = session.store.rows
    damage = StoreError(StoreErrorKind.DAMAGED, "The file is damaged.")

    def broken(kind: str, *args: Any, **options: Any) -> Page[Row]:
        page = rows(kind, *args, **options)
        return Page(page.rows[:1], more=False, damage=damage) if kind == kinds[1] else page

    monkeypatch.setattr(session.store, "rows", broken)
    scan = Scan(session, kinds, column="name")
    keys = scan.run()
    assert scan.damage is damage
    lost = [key for key in whole if key not in keys]
    assert {key.kind for key in lost} == {kinds[1]}
    assert sum(key.kind == kinds[1] for key in keys) == 1
    with pytest.raises(StoreError):
        matching(session, kinds, "e")
