"""The changes that were seen: a list beside the kinds, and what each has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QToolButton

from inspector.gui.cells.cell_delegate import PADDING, TwoLineDelegate, TwoLines
from inspector.gui.cells.version_cells import name_of
from inspector.gui.changes import changes_pane
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.style.fonts import set_zoom
from inspector.gui.style.text_runs import CELL_ROLE
from tests.builders.writer import Writer
from tests.gui.followed import look, made_store, save
from tests.gui.windows import Driver


def enter(driver: Driver) -> None:
    assert driver.window.kinds.choose(EntryType.CHANGES, "")
    driver.wait(driver.window.tasks.is_idle)


def lines(driver: Driver) -> list[tuple[str, str]]:
    """Both lines of each row, without the time."""
    rows = driver.window.parts_now().changes.pane.changes
    found = []
    for row in range(rows.rowCount()):
        cell = rows.index(row, 0).data(CELL_ROLE)
        assert isinstance(cell, TwoLines)
        first, second = (" ".join(run.text for run in line) for line in (cell.runs, cell.second))
        found.append((first, second))
    return found


def number(driver: Driver) -> int | None:
    kinds = driver.window.kinds.kinds
    entry = kinds.entry(kinds.find(EntryType.CHANGES, ""))
    return entry.count if entry is not None else -1


def test_changes_are_counted_and_listed_newest_first(driver: Driver, writer: Writer) -> None:
    assert number(driver) == 0
    enter(driver)
    assert lines(driver) == []
    assert driver.window.parts_now().changes.pane.empty.isVisible()
    writer.sql(save("agt-003", "agt-003", "Sort and count."))
    look(driver)
    writer.sql("DELETE FROM resources WHERE id = 'agt-004'", save("agt-900", "newest"))
    look(driver)
    driver.wait(lambda: lines(driver)[0][0] == "newest Agent New")
    assert number(driver) == 3
    found = lines(driver)
    assert [first for first, _ in found] == [
        *("newest Agent New", "agt-004 Agent Deleted", "agt-003 Agent Changed")
    ]
    assert found[1][1].endswith("bytes, last state kept here")
    assert found[2][1].startswith("instructions")
    assert driver.window.windowTitle().startswith("Changes seen - ")


def test_a_chosen_change_shows_what_it_changed(driver: Driver, writer: Writer) -> None:
    writer.sql(save("agt-003", "agt-003", "Sort and count."))
    look(driver)
    enter(driver)
    change = driver.window.parts_now().changes.change
    driver.wait(lambda: change.isVisible() and bool(list(change.tree.rows.root.changes())))
    assert [row.name for row in change.tree.rows.root.changes()] == ["spec.instructions"]
    assert "seen" in change.facts.text()
    driver.wait(change.text.isVisible)
    # Back at the records the record is on screen again.
    driver.window.kinds.choose(EntryType.KIND, "agent")
    driver.wait(lambda: driver.at()[1] == "agt-000")
    assert not change.isVisible()


def test_a_record_that_is_written_again_as_it_was_is_not_said_to_differ(
    driver: Driver, writer: Writer
) -> None:
    writer.sql(save("agt-003", "agt-003", "Sort and count."))
    look(driver)
    writer.sql(
        "UPDATE resources SET updated_at = '2026-11-28 20:00:01' WHERE id = 'agt-003'",
    )
    look(driver)
    enter(driver)
    change = driver.window.parts_now().changes.change
    driver.wait(change.empty.isVisible)
    said = (change.empty.sentence.text(), change.empty.reason.text())
    assert said == ("No differences.", "The bytes are identical.")


def test_a_record_that_is_gone_is_kept_as_it_was(driver: Driver, writer: Writer) -> None:
    writer.sql("DELETE FROM resources WHERE id = 'agt-004'")
    look(driver)
    enter(driver)
    driver.reach("agent", "agt-004")
    words = driver.window.record.banner.words
    assert words.startswith("This record was deleted, seen at ")
    assert words.endswith(". What is shown is its last state.")
    assert driver.window.record.tree.isVisible()


def test_a_record_that_came_and_went_says_that_it_is_gone(driver: Driver, writer: Writer) -> None:
    writer.sql(save("agt-900", "short"))
    look(driver)
    enter(driver)
    driver.reach("agent", "agt-900")
    banner = driver.window.record.banner
    assert banner.words.startswith("As seen at ")
    assert banner.words.endswith(" It may have changed since.")
    writer.sql("DELETE FROM resources WHERE id = 'agt-900'")
    look(driver)
    table = driver.window.parts_now().changes.pane.table
    driver.wait(lambda: lines(driver)[0][0] == "short Agent Deleted")
    table.selectRow(0)
    driver.wait(lambda: banner.words.startswith("This record was deleted, seen at "))
    table.selectRow(1)
    driver.wait(lambda: banner.words.startswith("As seen at "))
    assert " It was deleted, seen at " in banner.words


def test_a_filter_keeps_what_fits(driver: Driver, writer: Writer) -> None:
    writer.sql(save("agt-901", "first"), save("agt-003", "agt-003", "Other."))
    look(driver)
    enter(driver)
    driver.wait(lambda: "first Agent New" in [first for first, _ in lines(driver)])
    pane = driver.window.parts_now().changes.pane
    driver.press("find")
    pane.filter.setText("instructions")
    assert [first for first, _ in lines(driver)] == ["agt-003 Agent Changed"]
    writer.sql(save("agt-902", "second"))
    look(driver)
    assert len(lines(driver)) == 1
    pane.filter.setText("nothing like it")
    assert pane.empty.isVisible()
    pane.filter.clear()
    driver.wait(lambda: len(lines(driver)) == 3)


def test_what_is_read_stays_in_its_place(driver: Driver, writer: Writer) -> None:
    for at in range(40):
        writer.sql(save(f"agt-{at:03}x", f"name {at}"))
        look(driver)
    enter(driver)
    pane = driver.window.parts_now().changes.pane
    pane.table.selectRow(20)
    pane.table.verticalScrollBar().setValue(15)
    current = pane.current()
    writer.sql(save("agt-990", "one more"))
    look(driver)
    assert pane.current() is current
    assert pane.table.rowAt(0) == 16


def test_the_oldest_go_where_there_are_too_many(
    driver: Driver, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes_pane, "MOST", 5)
    enter(driver)
    writer.sql(*(save(f"agt-9{at:02}", f"name {at}") for at in range(8)))
    look(driver)
    assert len(lines(driver)) == 5
    assert number(driver) == 8


def test_another_store_has_other_changes(driver: Driver, writer: Writer, tmp_path: Path) -> None:
    writer.sql(save("agt-003", "renamed"))
    look(driver)
    assert number(driver) == 1
    other = tmp_path / "other"
    other.mkdir()
    driver.open(made_store(other))
    driver.wait(lambda: number(driver) == 0)
    driver.open(None)
    driver.wait(lambda: number(driver) == -1)


def test_what_differs_from_a_mark_is_shown_record_by_record(driver: Driver, writer: Writer) -> None:
    writer.sql(save("agt-001", "agt-001", "Before the mark."))
    look(driver)
    driver.press("mark_now")
    enter(driver)
    pane = driver.window.parts_now().changes.pane
    driver.wait(pane.since.isVisible)
    assert pane.since.text().startswith("Since ")
    assert lines(driver) == []
    writer.sql(save("agt-003", "agt-003", "One."))
    look(driver)
    writer.sql(save("agt-003", "agt-003", "Two."), save("agt-950", "comes and goes"))
    look(driver)
    writer.sql("DELETE FROM resources WHERE id = 'agt-950'", save("agt-002", "renamed"))
    look(driver)
    driver.wait(lambda: len(lines(driver)) == 2)
    driver.wait(lambda: lines(driver)[1][1].startswith("instructions"))
    assert [first for first, _ in lines(driver)] == [
        *("renamed Agent Changed", "agt-003 Agent Changed")
    ]
    pane.table.selectRow(1)
    change = driver.window.parts_now().changes.change
    driver.wait(lambda: change.isVisible() and change.name.text() == "agt-003")
    driver.wait(driver.window.tasks.is_idle)
    compared = change.compared
    assert compared is not None
    sides = [one.tree.data for one in (compared.before, compared.after) if one.tree is not None]
    assert b"Sort." in sides[0] and b"Two." in sides[1]
    # It is told when it was seen, not when the mark was set.
    recording = driver.window.parts_now().follow.recording
    assert recording is not None
    chosen = pane.current()
    assert chosen is not None
    assert chosen.time == recording.of("agent", "agt-003")[-1].time
    # A row that is saved as it was says so.
    writer.sql("UPDATE resources SET updated_at = '2026-11-29 20:00:00' WHERE id = 'agt-007'")
    look(driver)
    driver.wait(lambda: lines(driver)[-1][1] == "no field changed")
    pane.since.setChecked(False)
    assert len(lines(driver)) == 7


def test_a_history_has_the_states_that_were_seen_besides(driver: Driver, writer: Writer) -> None:
    """The daemon keeps none of them, and its log was begun anew."""
    driver.window.store_controller.go("agent", "agt-003")
    driver.reach("agent", "agt-003")
    for text in ("One.", "Two.", "Three."):
        writer.sql(save("agt-003", "agt-003", text), "PRAGMA wal_checkpoint(TRUNCATE)")
        look(driver)
    driver.press("history")
    model = driver.window.record.history.versions
    driver.wait(lambda: model.rowCount() == 4)
    assert [one.name for one in model.versions] == ["seen:2", "seen:1", "seen:0"]
    words = [name_of(one) for one in model.versions]
    assert [one.split()[0] for one in words] == ["seen", "seen", "before"]

    # What each of them was can be read, and what it changed is told.
    driver.window.record.version_wanted.emit(model.versions[1])
    driver.reach("agent", "agt-003", "seen:1")
    tree = driver.window.record.record
    assert tree is not None and tree.tree is not None
    assert b"One." in tree.tree.data
    assert not driver.window.actions_["copy_command"].isEnabled()

    # What the log still holds is not there twice.
    writer.sql(save("agt-003", "agt-003", "Four."), save("agt-003", "agt-003", "Five."))
    look(driver)
    driver.wait(model.has_logged)
    driver.wait(driver.window.tasks.is_idle)
    assert sorted(one.name for one in model.versions) == [
        *("seen:0", "seen:1", "seen:2", "wal:0", "wal:1")
    ]


def test_large_text_in_a_small_window_leaves_both_lines_and_the_buttons_whole(
    driver: Driver, writer: Writer, qapp: QApplication
) -> None:
    """At 200 % in 1024 by 600 pixels the lines lay upon each other, and a row said ``...``."""
    writer.sql(save("agt-003", "agt-003", "Sort and count."))
    look(driver)
    enter(driver)
    pane = driver.window.parts_now().changes.pane
    height = pane.table.rowHeight(0)
    set_zoom(qapp, 200)
    driver.window.resize(1024, 600)
    driver.wait(lambda: pane.table.rowHeight(0) > 1.5 * height)
    driver.wait(lambda: pane.table.viewport().width() < 400)
    driver.press("mark_now")
    driver.wait(pane.since.isVisible)
    writer.sql(save("agt-900", "newest"))
    look(driver)
    driver.wait(lambda: lines(driver)[0][0].startswith("newest"))

    buttons = [one for one in pane.findChildren(QToolButton) if one.isVisible() and one.text()]
    assert [one.text() for one in buttons if one.width() < one.sizeHint().width()] == []
    assert {pane.since.text(), "Mark now"} <= {one.text() for one in buttons}
    delegate = pane.table.itemDelegate()
    assert isinstance(delegate, TwoLineDelegate)
    index = pane.changes.index(0, 0)
    measure = delegate.measure(pane.table)
    room = pane.table.visualRect(index).width() - measure.px(delegate.lead(index) + PADDING)
    drawn = delegate._placing(measure, index.data(CELL_ROLE), room).placed
    assert drawn[0].text == "newest"
