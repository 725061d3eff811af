"""The record list: exact count, pages in sight only, newest first, damage in its place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from inspector.errors import CancelledError, InspectorError
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.records.page_cache import FIRST, KEPT, PageCache, gone_rows, live_rows
from inspector.gui.records.record_cells import KEYS
from inspector.gui.records.records_model import RecordsModel
from inspector.gui.records.row_order import Kept, KeysetOrder, Segment
from inspector.gui.style.text_runs import CELL_ROLE
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.tasks import Tasks
from inspector.session.session import Session
from inspector.session.summaries import RecordKey
from inspector.store.rows import PAGE, Page
from tests.gui import numbered
from tests.gui.numbered import KIND, head, id_of, number_of
from tests.gui.slow import Gate, slow_session
from tests.gui.windows import Driver

NAME, ID, UPDATED = KEYS.index("name"), KEYS.index("id"), KEYS.index("updated")


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    worker = Tasks()
    yield worker
    worker.close()


@pytest.fixture
def large(tasks: Tasks) -> RecordsModel:
    """A model without the tester, which looks at every row after every signal."""
    return RecordsModel(tasks)


@pytest.fixture
def model(large: RecordsModel) -> RecordsModel:
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    QAbstractItemModelTester(large, mode, large)
    return large


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Where a store may lie; a large one is not kept."""
    made = tmp_path / "s.db"
    yield made
    made.unlink(missing_ok=True)


def show(qtbot: QtBot, model: RecordsModel, path: Path, session: Session | None = None) -> None:
    with qtbot.waitSignal(model.counted):
        model.show(live_rows(session or Session.open(path), KIND))


def first_rows(gate: Gate) -> list[int]:
    """Numbers of the first rows of the pages that were read."""
    return [0 if after is None else number_of(after) + 1 for after in gate.pages]


def name(model: RecordsModel, row: int) -> str:
    return str(model.index(row, NAME).data(Qt.ItemDataRole.DisplayRole))


def reads(model: RecordsModel, row: int) -> bool:
    return name(model, row) == f"thing {row}"


@pytest.mark.parametrize("total", [1, 255, 256, 257, 1000])
def test_the_count_is_exact_and_every_row_can_be_read(
    qtbot: QtBot, model: RecordsModel, path: Path, total: int
) -> None:
    show(qtbot, model, numbered.live(path, total))
    assert model.rowCount() == total
    for row in (0, total // 2, total - 1):
        qtbot.waitUntil(partial(reads, model, row))
        assert model.head_at(row) == head(row)


def test_an_empty_kind_has_no_rows(qtbot: QtBot, model: RecordsModel, path: Path) -> None:
    show(qtbot, model, numbered.live(path, 0))
    assert model.rowCount() == 0


def test_a_million_rows_are_shown_by_reading_only_what_is_in_sight(
    qtbot: QtBot, large: RecordsModel, path: Path
) -> None:
    gate = Gate()
    show(qtbot, large, path, slow_session(numbered.live(path, 1_000_000), gate))
    assert large.rowCount() == 1_000_000
    read = len(gate.pages)
    assert name(large, 900_000) == "…"
    qtbot.waitUntil(lambda: name(large, 900_000) == "thing 900000")
    assert first_rows(gate)[read:] == [900_000 // PAGE * PAGE]


def test_what_scrolled_by_is_not_read(qtbot: QtBot, large: RecordsModel, path: Path) -> None:
    gate = Gate()
    show(qtbot, large, path, slow_session(numbered.live(path, 100_000), gate))
    read = len(gate.pages)
    for row in range(0, 100_000, PAGE):
        name(large, row)
    qtbot.waitUntil(lambda: name(large, 99_900) == "thing 99900")
    assert len(gate.pages) - read <= 8


def test_only_some_pages_stay_in_memory() -> None:
    cache = PageCache()
    for number in range(1000):
        cache.put(number, Kept((head(number * PAGE),)), 1)
    kept = [number for number in range(1000) if cache.has(number, 1)]
    assert kept == list(range(1000 - KEPT, 1000))


def test_a_page_that_the_list_gives_more_rows_now_is_read_again() -> None:
    cache = PageCache()
    cache.put(3, Kept((head(1), None)), 2)
    assert cache.has(3, 2)
    assert not cache.has(3, 3)
    assert cache.row(3, 0) == head(1)
    assert cache.row(3, 1) is None


def test_a_page_ends_at_its_anchor_when_rows_were_added_meanwhile() -> None:
    page = Page(tuple(head(n) for n in range(8)), more=True)
    segment = Segment(KIND, lambda _after, _cancel: page, [id_of(4), id_of(9)], 2 * PAGE)
    kept = KeysetOrder([segment]).read(0, Event())
    assert kept.rows[-1] == head(4)


def test_damage_stands_in_the_row_where_reading_broke_off(
    qtbot: QtBot, model: RecordsModel, path: Path
) -> None:
    failed: list[InspectorError] = []
    model.failed.connect(failed.append)
    readable = numbered.breaking_off(path, 100, 12)
    show(qtbot, model, path)
    assert model.rowCount() == readable + 1
    assert name(model, readable - 1) == f"thing {readable - 1}"
    assert name(model, readable).startswith("Damaged from here")
    assert model.head_at(readable) is None
    assert len(failed) == 1


def test_cancelled_counting_keeps_what_is_there_and_can_go_on(
    qtbot: QtBot, tasks: Tasks, model: RecordsModel, path: Path
) -> None:
    gate = Gate()
    gate.shut("anchors")
    with qtbot.waitSignal(model.ready):
        model.show(live_rows(slow_session(numbered.live(path, 1000), gate), KIND))
    assert gate.held.wait(10)
    with qtbot.waitSignal(model.failed) as told:
        tasks.cancel("anchors")
    assert isinstance(told.args[0], CancelledError)
    assert model.rowCount() == FIRST
    gate.open()
    with qtbot.waitSignal(model.counted):
        model.count_again()
    assert model.rowCount() == 1000


def test_another_kind_replaces_what_was_being_read(
    qtbot: QtBot, model: RecordsModel, path: Path, tmp_path: Path
) -> None:
    gate = Gate()
    gate.shut("anchors")
    with qtbot.waitSignal(model.ready):
        model.show(live_rows(slow_session(numbered.live(path, 10_000), gate), KIND))
    assert gate.held.wait(10)
    show(qtbot, model, numbered.live(tmp_path / "other.db", 3))
    assert model.rowCount() == 3
    qtbot.waitUntil(lambda: gate.cancelled == {"anchors": 1})


def test_a_record_is_found_by_its_id_wherever_it_is(
    qtbot: QtBot, large: RecordsModel, path: Path
) -> None:
    show(qtbot, large, numbered.live(path, 5000))
    found: list[int] = []
    large.seek(RecordKey(KIND, id_of(4321)), found.append)
    qtbot.waitUntil(lambda: bool(found))
    large.seek(RecordKey(KIND, "thing-x"), found.append)
    qtbot.waitUntil(lambda: len(found) == 2)
    assert found == [4321, -1]


def test_a_record_in_memory_is_found_at_once(qtbot: QtBot, large: RecordsModel, path: Path) -> None:
    show(qtbot, large, numbered.live(path, 5000))
    found: list[int] = []
    large.seek(RecordKey(KIND, id_of(4321)), found.append)
    large.seek(RecordKey(KIND, id_of(7)), found.append)
    assert found == [7]
    qtbot.wait(50)
    assert found == [7], "what was sought before is sought no more"


def test_gone_records_are_counted_by_paging(qtbot: QtBot, model: RecordsModel, path: Path) -> None:
    with qtbot.waitSignal(model.counted):
        model.show(gone_rows(Session.open(numbered.gone(path, 600)), KIND))
    assert model.rowCount() == 600


def test_times_are_written_as_the_switch_says(
    qtbot: QtBot, model: RecordsModel, path: Path
) -> None:
    show(qtbot, model, numbered.live(path, 1))
    horizontal = Qt.Orientation.Horizontal
    assert model.index(0, UPDATED).data() == "2026-01-25 20:38:38"
    assert model.headerData(UPDATED, horizontal) == "Updated (UTC)"
    model.set_times(TimeStyle.RELATIVE)
    assert "ago" in model.index(0, UPDATED).data() or "in" in model.index(0, UPDATED).data()
    assert model.headerData(UPDATED, horizontal) == "Updated"


def test_a_row_is_read_out_whole(qtbot: QtBot, model: RecordsModel, path: Path) -> None:
    show(qtbot, model, numbered.live(path, 3))
    words = model.index(2, NAME).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words == "thing 2, Ready, id thing-00000002, updated 2026-01-25 20:38:38, 47 bytes"


def test_data_never_raises(qtbot: QtBot, model: RecordsModel, path: Path) -> None:
    show(qtbot, model, numbered.live(path, 3))
    for role in (*range(16), CELL_ROLE):
        assert model.data(QModelIndex(), role) is None
        assert model.headerData(99, Qt.Orientation.Horizontal, role) is None
        model.data(model.createIndex(77, 0), role)


def test_errors_have_a_column_where_a_record_has_one(qtbot: QtBot) -> None:
    driver = Driver(qtbot)
    driver.window.resize(1920, 1000)
    driver.open(None)
    driver.wait(lambda: driver.window.kinds.choose(EntryType.KIND, "agent_execution"))
    pane = driver.window.records
    column = KEYS.index("error")
    driver.wait(lambda: pane.records.rowCount() > 1 and not pane.table.isColumnHidden(column))
    driver.press("sort_error")
    first = pane.records.index(0, column)
    driver.wait(lambda: str(first.data()).startswith("ledger: connection refused"))
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) == f"Error {first.data()}"
    driver.wait(lambda: driver.window.kinds.choose(EntryType.KIND, "agent"))
    driver.wait(lambda: pane.table.isColumnHidden(column))
    driver.window.close()
