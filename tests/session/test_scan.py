"""Looking at every record: orders that agree with the lines, stopping and going on, damage."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.errors import CancelledError, StoreError, StoreErrorKind
from inspector.session import scan as module
from inspector.session.listing import heads, matching
from inspector.session.scan import COLUMNS, Scan, time_orders
from inspector.session.session import Session
from inspector.session.summaries import RecordKey
from inspector.store.rows import Page, Row
from inspector.times import instant
from tests.cancels import SetAfter


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
            keys = scan.run(SetAfter(10 + 5 * stops))
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
    monkeypatch.setattr(module, "_SAMPLES", 2)
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

    # Where a row is damaged there is no page of blobs.
    monkeypatch.setattr(session.store, "blobs", lambda *_: None)
    monkeypatch.setattr(session.store, "rows", broken)
    scan = Scan(session, kinds, column="name")
    keys = scan.run()
    assert scan.damage is damage
    lost = [key for key in whole if key not in keys]
    assert {key.kind for key in lost} == {kinds[1]}
    assert sum(key.kind == kinds[1] for key in keys) == 1
    with pytest.raises(StoreError):
        matching(session, kinds, "e")


TIMES = (
    "2026-01-25 20:38:38", "2026-01-25 20:38:38.000", "2026-01-25 20:38:38.5",
    "2026-01-25 20:38:38.499999999", "2026-01-25T20:38:39Z", "2026-01-25 21:38:38+01:00",
    "2026-01-25", "2026-02-31 10:00:00", "2026-01-25 24:00:00", "2026-01-25 10:00",
    "0000-01-01 00:00:00",
    "1700000000", "1700000000123456789", "12", "never", "0999-12-31 00:00:00",
    " 2026-01-25 20:38:37 ",
    "2026-01-25 20:38:38\n2026-01-25 20:38:37", "2026-W04-7 20:38:38", "9999-12-31 23:59:59",
)  # fmt: skip


def test_times_are_in_the_order_of_their_instants() -> None:
    def expected(text: str) -> tuple[int, str]:
        when = instant(text)
        return (-(1 << 80), text) if when is None else (when, "")

    for texts in (TIMES, TIMES[:4], TIMES[:1], ()):
        orders = time_orders(texts)
        for one, mine in zip(texts, orders, strict=True):
            for other, theirs in zip(texts, orders, strict=True):
                said = (mine < theirs, mine == theirs)
                assert said == (expected(one) < expected(other), expected(one) == expected(other))
    # One that is none does not change the others.
    assert time_orders(TIMES) == [time_orders([one])[0] for one in TIMES]


@pytest.mark.parametrize("column", ["size", "updated"])
@pytest.mark.parametrize("descending", [False, True])
def test_a_column_read_at_once_gives_the_order_of_the_rows(
    session: Session, column: str, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = _kinds(session)
    at_once = Scan(session, kinds, column=column, descending=descending)
    keys = at_once.run()
    monkeypatch.setattr(session.store, "column_values", lambda *_, **__: None)
    by_rows = Scan(session, kinds, column=column, descending=descending)
    assert by_rows.run() == keys
    assert (by_rows.looked, by_rows.found) == (at_once.looked, at_once.found)
