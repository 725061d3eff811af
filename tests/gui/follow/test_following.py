"""The window follows its store: what is committed is on screen, and nothing moves under hands."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from inspector.gui.follow.follow_controller import FollowController
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.records.record_cells import KEYS
from inspector.gui.style.text_runs import CELL_ROLE, Cell
from inspector.gui.style.theme import Theme
from inspector.session.follower import Follower, Look
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.builders.writer import Writer
from tests.gui.followed import agent, learn, look, save, settle
from tests.gui.windows import Driver

posix = pytest.mark.skipif(os.name != "posix", reason="open files cannot be replaced there")


def names(driver: Driver) -> list[str]:
    rows = driver.window.records.records
    return [str(rows.index(row, KEYS.index("name")).data()) for row in range(rows.rowCount())]


def mark(driver: Driver, row: int) -> tuple[str, str]:
    """The word beside a name, and the ground of the row."""
    rows = driver.window.records.records
    cell = rows.index(row, KEYS.index("name")).data(CELL_ROLE)
    assert isinstance(cell, Cell)
    return (cell.runs[-1].text if len(cell.runs) > 1 else "", cell.tint)


def count(driver: Driver) -> int | None:
    kinds = driver.window.kinds.kinds
    entry = kinds.entry(kinds.find(EntryType.KIND, "agent"))
    return entry.count if entry is not None else None


def test_what_is_written_is_shown_in_its_place(driver: Driver, writer: Writer) -> None:
    table = driver.window.records.table
    table.go_to_row(20)
    driver.reach("agent", "agt-020")
    table.verticalScrollBar().setValue(0)
    writer.sql(save("agt-0101", "new one"), save("agt-003", "renamed"))
    look(driver)
    assert names(driver)[:12] == [
        *("agt-000", "agt-001", "agt-002", "renamed", "agt-004", "agt-005"),
        *("agt-006", "agt-007", "agt-008", "agt-009", "agt-010", "new one"),
    ]
    assert mark(driver, 3) == ("Changed", "tint_changed")
    assert mark(driver, 11) == ("New", "tint_added")
    assert mark(driver, 4) == ("", "")
    assert count(driver) == 31
    assert driver.window.status.counts.text() == "31 records, 0 versions"
    # The record and its row are where they were.
    assert driver.at() == ("agent", "agt-020", "live")
    assert table.current_row() == 21
    assert table.rowAt(0) == 0
    spoken = driver.window.records.records.index(11, KEYS.index("name"))
    assert "new" in str(spoken.data(Qt.ItemDataRole.AccessibleTextRole)).split(", ")


def test_the_open_record_changes_in_its_place(driver: Driver, writer: Writer) -> None:
    driver.window.records.table.go_to_row(5)
    driver.reach("agent", "agt-005")
    item = driver.choose("spec.instructions")
    assert item.node is not None and item.node.value == "Sort."
    writer.sql(save("agt-005", "agt-005", "Sort and count."))
    look(driver)
    driver.wait(lambda: driver.item("spec.instructions").node.value == "Sort and count.")  # type: ignore[union-attr]
    tree = driver.window.record.tree
    current = tree.current()
    assert current is not None and current.node is not None
    assert current.node.value == "Sort and count."
    assert driver.window.record.reader.path() == "spec.instructions"


def test_a_record_that_is_deleted_stays_on_screen(driver: Driver, writer: Writer) -> None:
    driver.window.records.table.go_to_row(5)
    driver.reach("agent", "agt-005")
    writer.sql("DELETE FROM resources WHERE id = 'agt-005'")
    look(driver)
    assert "agt-005" not in names(driver)
    assert count(driver) == 29
    assert driver.at() == ("agent", "agt-005", "live")
    words = driver.window.record.banner.words
    assert words.startswith("This record was deleted, seen at ")
    assert words.endswith(". What is shown is its last state.")
    writer.sql(save("agt-005", "agt-005", "It is back."))
    look(driver)
    driver.wait(lambda: not driver.window.record.banner.isVisible())
    assert driver.at() == ("agent", "agt-005", "live")


def test_tables_are_counted_again_when_records_come(driver: Driver, writer: Writer) -> None:
    kinds = driver.window.kinds.kinds

    def rows() -> int | None:
        entry = kinds.entry(kinds.find(EntryType.TABLE, "resources"))
        return entry.count if entry is not None else None

    driver.wait(lambda: rows() == 30)
    writer.sql(save("agt-0101", "new one"))
    look(driver)
    driver.wait(lambda: rows() == 31)


def buttons(driver: Driver) -> dict[str, QPushButton]:
    found = driver.window.record.empty.findChildren(QPushButton)
    return {button.text(): button for button in found if button.isVisible()}


def test_a_record_deleted_after_the_list_was_read_is_said_to_be(
    driver: Driver, writer: Writer
) -> None:
    driver.press("pause")
    writer.sql("DELETE FROM resources WHERE id = 'agt-005'")
    driver.window.records.table.go_to_row(5)
    empty = driver.window.record.empty
    driver.wait(empty.isVisible)
    assert empty.sentence.text() == "This record is no longer in the store."
    assert empty.reason.text() == "agt-005 was deleted after the list was read."
    assert list(buttons(driver)) == ["Refresh"]
    buttons(driver)["Refresh"].click()
    driver.wait(lambda: "agt-005" not in names(driver))


def test_the_newest_version_of_a_record_deleted_meanwhile_is_one_click_away(
    driver: Driver, writer: Writer
) -> None:
    old = agent("agt-005", "as it was").hex()
    writer.sql(
        "INSERT INTO resource_audit (kind, resource_id, data, archived_at, version_hash, tag)"
        f" VALUES ('agent', 'agt-005', x'{old}', '2026-11-28 19:00:00', '', '')"
    )
    look(driver)
    driver.press("pause")
    writer.sql("DELETE FROM resources WHERE id = 'agt-005'")
    driver.window.records.table.go_to_row(5)
    driver.wait(driver.window.record.empty.isVisible)
    assert driver.window.record.empty.reason.text().endswith(" 1 version of it is kept.")
    buttons(driver)["Show newest version"].click()
    driver.wait(lambda: driver.at()[:2] == ("agent", "agt-005"))
    driver.wait(
        lambda: "of a deleted record" in driver.window.record.version_banner.accessibleName()
    )


def test_a_filter_is_kept_and_takes_what_is_new(driver: Driver, writer: Writer) -> None:
    driver.window.records.filter.setText("agt-02")
    driver.wait(lambda: len(names(driver)) == 10)
    writer.sql(save("agt-0205", "fits"), save("agt-0105", "does not"))
    look(driver)
    assert len(names(driver)) == 11
    assert "fits" in names(driver)
    assert driver.window.records.filter.text() == "agt-02"


def test_the_first_record_of_a_kind_that_was_empty(driver: Driver, writer: Writer) -> None:
    writer.sql("DELETE FROM resources")
    look(driver)
    assert names(driver) == []
    writer.sql(save("agt-900", "first"))
    look(driver)
    driver.wait(lambda: names(driver) == ["first"])


def test_a_kind_that_is_new_is_listed(driver: Driver, writer: Writer) -> None:
    writer.sql(save("agt-1", "x").replace("'agent'", "'skill'", 1))
    look(driver)
    kinds = driver.window.kinds.kinds
    driver.wait(lambda: kinds.find(EntryType.KIND, "skill") >= 0)
    entry = kinds.entry(kinds.find(EntryType.KIND, "skill"))
    assert entry is not None and entry.count == 1


def test_paused_it_holds_back_and_says_how_much(driver: Driver, writer: Writer) -> None:
    driver.press("pause")
    assert driver.window.status.mode.text() == "Paused"
    writer.sql(save("agt-0001", "one"), save("agt-0002", "two"))
    look(driver)
    assert len(names(driver)) == 30
    assert driver.window.status.mode.text() == "Paused, 2 changes waiting"
    assert "2 changes are waiting." in driver.window.banner.words
    QTest.mouseClick(driver.window.status.mode, Qt.MouseButton.LeftButton)
    driver.wait(lambda: len(names(driver)) == 32)
    settle(driver)
    assert driver.window.status.mode.text() == "Live"
    assert not driver.window.banner.isVisible()


def test_until_each_row_was_read_once_it_is_said_how_many_were(
    driver: Driver, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mode = driver.window.status.mode
    driver.wait(lambda: mode.text() == "Live")
    with monkeypatch.context() as patch:
        whole = Follower.look

        def part(follower: Follower, cancel: Event | None = None) -> Look:
            return whole(follower, cancel)._replace(begun=False, known=12_345)

        patch.setattr(Follower, "look", part)
        writer.sql(save("agt-0001", "one"))
        look(driver)
        assert mode.text() == "Live, 12,345 rows read"
        assert "one" in names(driver)
    look(driver)
    assert mode.text() == "Live"


@posix
def test_the_daemon_is_killed_and_starts_again(driver: Driver, path: Path, writer: Writer) -> None:
    status = driver.window.status
    driver.wait(lambda: status.daemon.text().startswith("Daemon running"))
    writer.sql(save("agt-777", "before the end"))
    writer.kill()
    look(driver)
    driver.wait(lambda: status.daemon.text() == "Daemon was killed; WAL included")
    assert "before the end" in names(driver)
    with Writer(path) as other:
        other.sql(save("agt-778", "after the start"))
        look(driver)
        driver.wait(lambda: status.daemon.text() == f"Daemon running, pid {other.pid}")
        driver.wait(lambda: "after the start" in names(driver))


@posix
def test_a_file_that_is_replaced_is_followed(
    driver: Driver, path: Path, tmp_path: Path, writer: Writer
) -> None:
    writer.stop()
    other = layouts.v2(tmp_path / "other.db", [Rec("agent", "agt-x", agent("agt-x", "other"))])
    other.replace(path)
    look(driver)
    driver.wait(lambda: names(driver) == ["other"])
    assert "The file was replaced at" in driver.window.banner.words
    assert driver.window.status.mode.text() == "Live"


@posix
def test_a_file_that_is_gone_leaves_what_was_read_and_comes_back(
    driver: Driver, path: Path, tmp_path: Path, writer: Writer
) -> None:
    writer.stop()
    kept = tmp_path / "kept.db"
    shutil.copyfile(path, kept)
    path.unlink()
    look(driver)
    assert driver.window.status.mode.text() == "Not readable"
    assert "The data shown was read before." in driver.window.banner.words
    assert len(names(driver)) == 30
    kept.replace(path)
    look(driver)
    driver.wait(lambda: driver.window.status.mode.text() == "Live")
    driver.wait(
        lambda: not driver.window.banner.isVisible() or "replaced" in driver.window.banner.words
    )


def test_the_demo_and_the_next_store_begin_anew(driver: Driver, writer: Writer) -> None:
    writer.sql(save("agt-003", "renamed"))
    look(driver)
    driver.open(None)
    driver.wait(lambda: driver.window.status.mode.text() == "Snapshot")
    assert not driver.window.actions_["pause"].isEnabled()
    assert not driver.window.status.mode.isEnabled()


def test_a_list_of_a_kind_with_versions_is_not_shown_anew(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    """Its rows are kept: only what was written is read."""
    skill = agent("skl-1", "one")
    path = layouts.v2(
        tmp_path / "stigmer.db",
        [Rec("skill", f"skl-{at}", skill) for at in range(5)],
        [Arc("skill", "skl-1", skill)],
    )
    with Writer(path) as writer:
        driver = Driver(qtbot)
        driver.open(path)
        driver.wait(lambda: driver.window.status.mode.text() == "Live")
        driver.wait(driver.window.tasks.is_idle)
        learn(driver)
        driver.wait(driver.window.tasks.is_idle)
        reset: list[bool] = []
        driver.window.records.records.modelReset.connect(lambda: reset.append(True))
        writer.sql("UPDATE resources SET updated_at = '2026-11-28 21:00:00' WHERE id = 'skl-2'")
        look(driver)
        assert mark(driver, 2) == ("Changed", "tint_changed")
        assert reset == []
        writer.sql(save("skl-9", "new").replace("'agent'", "'skill'", 1))
        look(driver)
        assert len(names(driver)) == 6
        assert reset == [True]
        driver.window.close()


def news(driver: Driver, kind: str = "agent") -> str:
    """What stands between a kind's name and its number."""
    kinds = driver.window.kinds.kinds
    cell = kinds.index(kinds.find(EntryType.KIND, kind), 0).data(CELL_ROLE)
    assert isinstance(cell, Cell)
    return " ".join(run.text for run in cell.runs[1:-1])


def test_a_kind_says_how_many_of_its_records_changed_since_they_were_looked_at(
    driver: Driver, writer: Writer
) -> None:
    assert news(driver) == ""
    writer.sql(save("agt-0101", "new one"), save("agt-003", "a"), save("agt-004", "b"))
    writer.sql("DELETE FROM resources WHERE id = 'agt-005'")
    look(driver)
    assert news(driver) == "+1 ~2 \N{MINUS SIGN}1"
    kinds = driver.window.kinds.kinds
    spoken = kinds.index(kinds.find(EntryType.KIND, "agent"), 0).data(
        Qt.ItemDataRole.AccessibleTextRole
    )
    assert spoken == "Agent, 30 records, 1 new, 2 changed, 1 deleted"
    # A record that changes again is one that changed.
    writer.sql(save("agt-003", "c"))
    look(driver)
    assert news(driver) == "+1 ~2 \N{MINUS SIGN}1"
    # Opened, it was looked at.
    driver.window.records.table.go_to_row(3)
    driver.reach("agent", "agt-003")
    assert mark(driver, 3) == ("", "")
    assert mark(driver, 4) == ("Changed", "tint_changed")
    assert news(driver) == "+1 ~1 \N{MINUS SIGN}1"
    driver.press("again")
    settle(driver)
    assert news(driver) == ""
    assert mark(driver, 4) == ("", "")


def test_the_record_on_screen_is_marked_until_another_one_is(
    driver: Driver, writer: Writer
) -> None:
    driver.window.records.table.go_to_row(5)
    driver.reach("agent", "agt-005")
    writer.sql(save("agt-005", "agt-005", "Count."))
    look(driver)
    driver.wait(lambda: driver.item("spec.instructions").node.value == "Count.")  # type: ignore[union-attr]
    assert mark(driver, 5) == ("Changed", "tint_changed")
    assert news(driver) == "~1"
    driver.window.records.table.go_to_row(6)
    driver.reach("agent", "agt-006")
    assert mark(driver, 5) == ("", "")
    assert news(driver) == ""


def test_who_goes_on_to_another_kind_has_looked_at_the_one_before(
    driver: Driver, writer: Writer
) -> None:
    writer.sql(save("agt-1", "x").replace("'agent'", "'skill'", 1))
    look(driver)
    driver.wait(lambda: driver.window.kinds.kinds.find(EntryType.KIND, "skill") >= 0)
    assert news(driver, "skill") == "+1"
    writer.sql(save("agt-003", "a"))
    look(driver)
    assert news(driver) == "~1"
    driver.window.kinds.choose(EntryType.KIND, "skill")
    driver.reach("skill", "agt-1")
    assert news(driver) == ""
    # What is there alone was opened with its list.
    assert news(driver, "skill") == ""
    driver.window.kinds.choose(EntryType.KIND, "agent")
    driver.reach("agent", "agt-000")
    assert mark(driver, 3) == ("", "")


def test_held_back_changes_are_counted_when_they_are_shown(driver: Driver, writer: Writer) -> None:
    driver.press("pause")
    writer.sql(save("agt-003", "a"))
    look(driver)
    assert news(driver) == ""
    driver.press("pause")
    settle(driver)
    driver.wait(lambda: news(driver) == "~1")


def test_what_is_written_between_opening_and_following_is_on_screen(
    qtbot: QtBot, theme: Theme, path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = FollowController.begin

    def late(follow: FollowController, *arguments: Any) -> None:
        if follow.session is None:
            writer.sql(save("agt-003", "renamed"))
        begin(follow, *arguments)

    monkeypatch.setattr(FollowController, "begin", late)
    driver = Driver(qtbot)
    driver.open(path)
    learn(driver)
    driver.wait(lambda: "renamed" in names(driver))
    driver.window.close()


@posix
@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_a_daemon_that_is_held_in_mid_transaction_is_named_and_reads_go_on(
    qtbot: QtBot, theme: Theme, path: Path, journal: str
) -> None:
    with Writer(path, journal) as writer:
        writer.sql(save("agt-003", "committed"), "BEGIN IMMEDIATE", save("agt-004", "open"))
        os.kill(writer.pid, signal.SIGSTOP)
        driver = Driver(qtbot)
        driver.open(path)
        driver.wait(lambda: driver.window.status.daemon.text().endswith(f"pid {writer.pid}"))
        learn(driver)
        driver.window.records.table.go_to_row(3)
        driver.reach("agent", "agt-003")
        assert names(driver)[3:5] == ["committed", "agt-004"]
        assert not driver.window.banner.isVisible()
        os.kill(writer.pid, signal.SIGCONT)
        writer.sql("COMMIT")
        look(driver)
        driver.wait(lambda: names(driver)[3:5] == ["committed", "open"])
        driver.window.close()
        writer.stop()


def exported(driver: Driver, target: Path, meanwhile: Callable[[], None]) -> list[str]:
    """Export what is selected; the ids in the file. Something happens while the dialog is open."""
    driver.press("export_rows")
    (dialog,) = driver.window.findChildren(QFileDialog)
    meanwhile()
    dialog.fileSelected.emit(str(target))
    dialog.reject()
    driver.wait(target.exists)
    driver.wait(lambda: "exported to" in driver.window.status.note.text())
    lines = target.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["metadata"]["id"] for line in lines]


def test_what_was_selected_is_exported_and_no_other_record(
    driver: Driver, writer: Writer, tmp_path: Path
) -> None:
    """Rows are read by their places: after one that was deleted others stood there."""
    table = driver.window.records.table
    table.setFocus()
    table.go_to_row(10)
    for id_ in ("agt-011", "agt-012"):
        QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        driver.reach("agent", id_)
    writer.sql(
        "DELETE FROM resources WHERE id IN ('agt-005', 'agt-011')", save("agt-000a", "agt-000a")
    )
    # The list waits for as long as several rows are selected.
    driver.window.parts_now().follow.look()
    driver.wait(lambda: count(driver) == 29)
    assert "agt-005" in names(driver)
    QGuiApplication.clipboard().clear()
    driver.press("copy")
    driver.wait(lambda: QGuiApplication.clipboard().text() != "")
    copied = QGuiApplication.clipboard().text().splitlines()[1:]
    assert [line.split("\t")[1] for line in copied] == ["agt-010", "agt-011", "agt-012"]
    assert exported(driver, tmp_path / "a.ndjson", lambda: None) == ["agt-010", "agt-012"]
    assert "1 record is no longer in the store." in driver.window.status.note.text()
    QTest.keyClick(table, Qt.Key.Key_Down)
    settle(driver)
    assert "agt-005" not in names(driver)


def test_what_was_selected_is_exported_though_the_list_has_moved_on(
    driver: Driver, writer: Writer, tmp_path: Path
) -> None:
    driver.window.records.table.go_to_row(10)
    driver.reach("agent", "agt-010")

    def write() -> None:
        writer.sql(save("agt-000a", "agt-000a"))
        look(driver)
        driver.wait(lambda: "agt-000a" in names(driver))

    assert exported(driver, tmp_path / "a.ndjson", write) == ["agt-010"]
