"""Events are paged by key, counted and bounded; what cannot be read is told row by row."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from inspector.store import event_log
from inspector.store.blob_finder import blob_finder
from inspector.store.event_log import EXECUTION_EVENTS, SESSION_EVENTS, EventRow, EventsOf
from inspector.store.store import Store
from tests.builders import events, layouts
from tests.builders.events import OfExecution, OfSession
from tests.builders.layouts import Rec

SCRIPTS = {
    "key": events.EXECUTION_EVENTS,
    "bare": events.EXECUTION_EVENTS_BARE,
    "without rowid": events.EXECUTION_EVENTS_KEYED,
}
ONE = EventsOf(EXECUTION_EVENTS, "wex-1")
PAGE = 1024


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return layouts.v2(tmp_path / "s.db", [Rec("workflow_execution", "wex-1")])


def paged(store: Store, of: EventsOf, limit: int) -> list[EventRow]:
    found: list[EventRow] = []
    after = None
    while True:
        page = store.events.page(of, after, limit=limit)
        assert page.damage is None
        found += page.rows
        if not page.more:
            return found
        assert page.rows
        after = page.rows[-1].key


def numbers(rows: list[EventRow]) -> list[int | None]:
    return [row.number for row in rows]


def test_a_store_without_such_tables_has_none(path: Path) -> None:
    store = Store(path)
    assert store.events.tables() == ()
    assert store.events.count(ONE) == 0
    assert store.events.page(ONE).rows == ()
    assert list(store.events.owners(EXECUTION_EVENTS)) == []


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 256])
def test_pages_give_every_event_once_by_number(path: Path, script: str, limit: int) -> None:
    rows = [OfExecution("wex-1", number, data=b"%d" % number) for number in (5, 1, 900, 2, -3, 7)]
    events.add(path, script, [*rows, OfExecution("wex-0", 1), OfExecution("wex-10", 4)])
    store = Store(path)
    found = paged(store, ONE, limit)
    assert numbers(found) == [-3, 1, 2, 5, 7, 900]
    assert [row.data for row in found] == [b"-3", b"1", b"2", b"5", b"7", b"900"]
    assert {row.owner for row in found} == {"wex-1"}
    assert [store.events.row(ONE, row.key) for row in found] == found
    assert store.events.count(ONE) == 6
    assert list(store.events.owners(EXECUTION_EVENTS)) == ["wex-0", "wex-1", "wex-10"]


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_a_page_is_entered_by_an_offset(path: Path, script: str) -> None:
    events.add(path, script, [OfExecution("wex-1", number) for number in range(1, 11)])
    store = Store(path)
    page = store.events.page(ONE, None, 4, 3)
    assert (numbers(list(page.rows)), page.more) == ([5, 6, 7], True)
    later = store.events.page(ONE, page.rows[-1].key, 1, 9)
    assert (numbers(list(later.rows)), later.more) == ([9, 10], False)
    assert store.events.page(ONE, None, 10, 3).rows == ()


def test_columns_come_in_the_order_of_the_table_with_their_values(path: Path) -> None:
    script = events.EXECUTION_EVENTS.replace("created_at TEXT NOT NULL", "made_by, created_at TEXT")
    events.add(path, script)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO workflow_execution_events"
            " VALUES ('wex-1', 1, CAST(x'ff61' AS TEXT), 't', x'0102', x'aa', NULL)"
        )
    (row,) = Store(path).events.page(ONE).rows
    assert row.columns == (
        ("execution_id", "wex-1"),
        ("sequence_number", 1),
        ("event_type", "\udcffa"),
        ("task_name", "t"),
        ("made_by", b"\xaa"),
        ("created_at", None),
    )
    assert (row.data, row.size, row.problem) == (b"\x01\x02", 2, None)


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE workflow_execution_events (execution_id TEXT, sequence_number INTEGER);",
        "CREATE TABLE workflow_execution_events (id TEXT, sequence_number INTEGER, data BLOB);",
        "CREATE TABLE workflow_execution_events (execution_id TEXT, sequence_number INTEGER,"
        " data BLOB, id TEXT PRIMARY KEY) WITHOUT ROWID;",
        "CREATE VIRTUAL TABLE workflow_execution_events"
        " USING fts5(execution_id, sequence_number, data);",
        "CREATE VIEW workflow_execution_events AS SELECT id AS execution_id, 1 AS sequence_number,"
        " data FROM resources;",
    ],
)
def test_a_table_of_that_name_with_other_columns_is_none_of_events(path: Path, script: str) -> None:
    events.add(path, script)
    store = Store(path)
    assert store.events.tables() == ()
    assert store.events.page(ONE).rows == ()


@pytest.mark.parametrize("limit", [1, 2, 256])
@pytest.mark.parametrize("script", ["bare", "without rowid"])
def test_numbers_that_are_none_come_last_each_once(path: Path, script: str, limit: int) -> None:
    odd: list[object] = ["b", 2.5, "a"]
    if script == "bare":
        odd += [None, None]
    rows = [OfExecution("wex-1", one, data=repr(one).encode()) for one in (3, *odd, 1)]
    events.add(path, SCRIPTS[script], rows)
    store = Store(path)
    found = paged(store, ONE, limit)
    assert numbers(found) == [1, 3] + [None] * len(odd)
    assert [store.events.row(ONE, row.key) for row in found] == found
    none = [b"None"] * odd.count(None)
    assert [row.data for row in found[2:]] == [*none, b"2.5", b"'a'", b"'b'"]
    assert numbers(list(store.events.page(ONE, None, 3, 256).rows)) == [None] * (len(odd) - 1)
    assert store.events.count(ONE) == len(rows)


def test_ids_that_are_no_text_are_found_by_their_bytes(path: Path) -> None:
    events.add(path, events.EXECUTION_EVENTS_BARE)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO workflow_execution_events VALUES (x'7765782d31', 1, '', '', x'', '')"
        )
        connection.execute(
            "INSERT INTO workflow_execution_events VALUES (NULL, 1, '', '', x'', '')"
        )
    store = Store(path)
    assert list(store.events.owners(EXECUTION_EVENTS)) == ["", "wex-1"]
    assert numbers(paged(store, ONE, 1)) == [1]


def test_events_of_a_run_are_those_of_all_sessions_that_name_it(path: Path) -> None:
    rows = [
        OfSession("ses-1", 1, run_id="run-1"),
        OfSession("ses-1", 2, run_id="run-2"),
        OfSession("ses-1", 3, run_id="run-1"),
        OfSession("ses-2", 1),
        OfSession("ses-3", 1, run_id="run-1"),
    ]
    events.add(path, events.SESSION_EVENTS, rows)
    store = Store(path)
    run = EventsOf(SESSION_EVENTS, "run-1", via=True)
    for limit in (1, 2, 256):
        found = paged(store, run, limit)
        assert [(row.owner, row.number) for row in found] == [
            ("ses-1", 1),
            ("ses-1", 3),
            ("ses-3", 1),
        ]
    assert store.events.count(run) == 3
    assert numbers(list(store.events.page(run, None, 2, 5).rows)) == [1]
    assert store.events.count(EventsOf(SESSION_EVENTS, "ses-1")) == 3
    # One more is found at once, though where they are was found out before.
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        events.put(connection, [OfSession("ses-2", 2, run_id="run-1")])
    assert store.events.count(run) == 4


def test_an_event_that_is_written_meanwhile_moves_no_other(path: Path) -> None:
    events.add(path, events.EXECUTION_EVENTS, [OfExecution("wex-1", n) for n in (1, 2, 5, 6)])
    store = Store(path)
    first = store.events.page(ONE, limit=2)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        events.put(connection, [OfExecution("wex-1", 0), OfExecution("wex-1", 3)])
    later = store.events.page(ONE, first.rows[-1].key, limit=256)
    assert numbers(list(first.rows)) + numbers(list(later.rows)) == [1, 2, 3, 5, 6]


def test_a_page_ends_early_when_it_grows_large(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "PAGE_BYTES", 250)
    rows = [OfExecution("wex-1", number, data=b"x" * 100) for number in range(8)]
    events.add(path, events.EXECUTION_EVENTS, rows)
    store = Store(path)
    page = store.events.page(ONE)
    assert (numbers(list(page.rows)), page.more) == ([0, 1, 2], True)
    assert numbers(paged(store, ONE, 256)) == list(range(8))


def _spoiled(path: Path, marker: bytes, leaf: int) -> None:
    """Overwrite the head of the pages of a kind that hold a text."""
    content = bytearray(path.read_bytes())
    for start in range(0, len(content), PAGE):
        if content[start] == leaf and marker in content[start : start + PAGE]:
            content[start : start + 12] = b"\xee" * 12
    path.write_bytes(content)


@pytest.fixture
def small_pages(tmp_path: Path) -> Path:
    made = layouts.create(
        tmp_path / "p.db", layouts.RESOURCES, layouts.SCHEMA_VERSION, version=5, page_size=PAGE
    )
    rows = [OfExecution("wex-1", n, task=f"task{n:03}", data=b"d" * 90) for n in range(100)]
    return events.add(made, events.EXECUTION_EVENTS, rows)


def test_a_damaged_page_costs_only_its_own_events(small_pages: Path) -> None:
    _spoiled(small_pages, b"task050", 0x0D)
    found = paged(Store(small_pages), ONE, 256)
    assert numbers(found) == list(range(100))
    lost = [row for row in found if row.problem]
    assert 0 < len(lost) < 10
    assert 50 in numbers(lost)
    for row in lost:
        assert dict(row.columns) == {
            **dict.fromkeys(("event_type", "task_name", "created_at")),
            "execution_id": "wex-1",
            "sequence_number": row.number,
        }
        assert (row.data, row.problem) == (None, "The file is damaged where this row lies.")


def test_what_lies_before_a_blob_that_is_damaged_is_given(tmp_path: Path) -> None:
    path = layouts.create(tmp_path / "p.db", layouts.RESOURCES, page_size=PAGE)
    rows = [OfExecution("wex-1", n, task=f"task{n}", data=b"%d" % n * 5000) for n in (1, 2)]
    events.add(path, events.EXECUTION_EVENTS, rows)
    content = bytearray(path.read_bytes())
    at = next(
        start
        for start in range(0, len(content), PAGE)
        if content[start + 4 : start + 12] == b"1" * 8
    )
    content[at : at + 4] = b"\xee" * 4
    path.write_bytes(content)
    lost, whole = paged(Store(path), ONE, 256)
    assert (lost.number, lost.data, dict(lost.columns)["task_name"]) == (1, None, "task1")
    assert lost.problem == "The file is damaged where this row lies."
    assert (whole.data, whole.problem) == (b"2" * 5000, None)


def test_where_the_index_is_damaged_the_table_itself_is_read(small_pages: Path) -> None:
    _spoiled(small_pages, b"wex-1", 0x0A)
    assert numbers(paged(Store(small_pages), ONE, 256)) == list(range(100))


def test_where_both_are_damaged_it_is_said(small_pages: Path) -> None:
    _spoiled(small_pages, b"wex-1", 0x0A)
    _spoiled(small_pages, b"task050", 0x0D)
    page = Store(small_pages).events.page(ONE)
    assert 0 < len(page.rows) < 100
    assert page.damage is not None
    assert page.damage.message == "The file is damaged; events of wex-1 may be missing."


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
@pytest.mark.parametrize("capitals", [False, True])
def test_other_encodings_and_capitals_are_as_good(
    encoding: str, capitals: bool, tmp_path: Path
) -> None:
    path = tmp_path / "s.db"
    scripts = (layouts.RESOURCES, events.EXECUTION_EVENTS, events.SESSION_EVENTS, events.NAMES)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA encoding='{encoding}'")
        for script in scripts:
            connection.executescript(script.upper() if capitals else script)
        connection.executescript(
            "INSERT INTO workflow_execution_events VALUES ('wex-ü', 1, 't', '', x'01', 'now'),"
            " ('wex-ü', 2, 'é', '', x'02', ''), ('wex-a', 1, 't', '', x'03', '');"
            "INSERT INTO session_events VALUES ('s', 1, 'e', 'rün', '', 't', '', '', x'04');"
            "INSERT INTO resource_names VALUES ('agent', 'o', 'tidü', 'agt-1', '', '', '')"
        )
    store = Store(path)
    one = EventsOf(EXECUTION_EVENTS, "wex-ü")
    assert store.events.count(one) == 2
    found = store.events.page(one).rows
    assert [(row.owner, row.data) for row in found] == [("wex-ü", b"\x01"), ("wex-ü", b"\x02")]
    assert found[1].columns[2][1] == "é"
    assert [
        row.data for row in store.events.page(EventsOf(SESSION_EVENTS, "rün", via=True)).rows
    ] == [b"\x04"]
    assert list(store.events.owners(EXECUTION_EVENTS)) == ["wex-a", "wex-ü"]
    assert [row.id for row in store.rows_with_name("tidü")] == ["agt-1"]


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("room", [1 << 11, 8 << 20])
def test_whose_events_can_hold_a_text_is_told_by_their_bytes(
    path: Path, script: str, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(room)
    blobs = (b"", bytes(40), bytes(5000), b"needle", b"a needle" + bytes(900))
    odd: tuple[object, ...] = ("x", 1.5) if script == SCRIPTS["bare"] else ("x",)
    rows = []
    for owner in range(40):
        # Few of them have anything but zeros.
        some = blobs if owner % 4 == 0 else blobs[:3]
        for number in random.sample(range(-5, 99), random.choice((1, 5, 30))):
            rows.append(OfExecution(f"wex-{owner:02}", number, data=random.choice(some)))
        if owner % 10 == 1:
            rows.append(OfExecution(f"wex-{owner:02}", random.choice(odd), data=bytes(9)))
    random.shuffle(rows)
    events.add(path, script, rows)
    monkeypatch.setattr(event_log, "PAGE_BYTES", room)
    store = Store(path)
    sifted = list(store.events.sifted(EXECUTION_EVENTS, blob_finder(b"needle")))
    assert [one.id for one in sifted] == list(store.events.owners(EXECUTION_EVENTS))
    if script == SCRIPTS["bare"]:
        assert {one.passed for one in sifted} == {None}
        return
    for one in sifted:
        own = paged(store, EventsOf(EXECUTION_EVENTS, one.id), 100)
        sure = all(row.number is not None and b"needle" not in (row.data or b"") for row in own)
        assert one.passed == (len(own) if sure else None), one
    assert sum(one.passed is not None for one in sifted) > 20


def test_of_events_that_cannot_be_read_nothing_is_told_by_their_bytes(path: Path) -> None:
    rows = [OfExecution(f"wex-{owner}", at, data=bytes(300)) for owner in "123" for at in range(9)]
    events.add(path, events.EXECUTION_EVENTS_BARE, rows)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE INDEX own ON workflow_execution_events(execution_id, sequence_number);"
            "UPDATE workflow_execution_events SET data = NULL"
            " WHERE execution_id = 'wex-2' AND sequence_number = 4;"
        )
        connection.commit()
    sifted = Store(path).events.sifted(EXECUTION_EVENTS, blob_finder(b"needle"))
    assert list(sifted) == [("wex-1", 9), ("wex-2", None), ("wex-3", 9)]
