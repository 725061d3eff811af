"""Exporting the chosen rows of a list, and a bundle of them: written, refused, cancelled."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton

from inspector.errors import CancelledError, NotFoundError, UsageError
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.records import rows_export
from inspector.gui.records.list_columns_dialog import ListColumnsDialog
from inspector.gui.records.rows_export import export_rows
from inspector.session.bundle import BundleRequest, BundleResult, save_bundle
from inspector.session.session import Session
from inspector.session.summaries import RecordHead
from tests.gui.windows import Driver
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"


def _save_as(driver: Driver, target: Path) -> None:
    driver.press("export_rows")
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog)]
    dialogs[-1].fileSelected.emit(str(target))
    driver.wait(target.exists)
    dialogs[-1].reject()


@pytest.mark.parametrize("ending", ["ndjson", "json"])
def test_the_chosen_rows_are_written_with_secrets_covered(
    driver: Driver, tmp_path: Path, ending: str
) -> None:
    session = Session.open(STORE)
    heads = session.records("environment").rows
    driver.wait(lambda: driver.window.records.table.model().rowCount() == len(heads))
    driver.window.records.table.selectAll()
    target = tmp_path / f"all.{ending}"
    _save_as(driver, target)
    text = target.read_text(encoding="utf-8")
    found = json.loads(text) if ending == "json" else [*map(json.loads, text.splitlines())]
    assert [one["metadata"]["id"] for one in found] == [head.id for head in heads]
    assert "[covered]" in text
    assert "sek-" not in text
    driver.wait(lambda: "covered" in driver.window.status.note.text())


def _columns_dialog(driver: Driver, target: Path) -> ListColumnsDialog:
    driver.press("export_rows")
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog)]
    dialogs[-1].fileSelected.emit(str(target))
    dialogs[-1].reject()
    (asked,) = driver.window.findChildren(ListColumnsDialog)
    driver.wait(asked.isVisible)
    return asked


def test_the_chosen_rows_of_the_list_are_written_as_csv(driver: Driver, tmp_path: Path) -> None:
    heads = Session.open(STORE).records("environment").rows
    driver.wait(lambda: driver.window.records.table.model().rowCount() == len(heads))
    driver.window.records.table.selectAll()
    target = tmp_path / "list.csv"
    QTest.keyClick(_columns_dialog(driver, target), Qt.Key.Key_Return)
    driver.wait(target.exists)
    with target.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [one["id"] for one in found] == [head.id for head in heads]
    assert [one["name"] for one in found] == [head.name for head in heads]
    assert [int(one["bytes"]) for one in found] == [head.size for head in heads]
    driver.wait(lambda: driver.window.status.note.text().startswith("The list of "))


def test_the_columns_of_a_list_are_chosen(driver: Driver, tmp_path: Path) -> None:
    driver.window.records.table.selectAll()
    target = tmp_path / "list.csv"
    asked = _columns_dialog(driver, target)
    QTest.mouseClick(asked.choice.none_button, Qt.MouseButton.LeftButton)
    assert not asked.export_button.isEnabled()
    columns = asked.choice.list
    for row in (1, 2):
        columns.setCurrentRow(row)
        QTest.keyClick(columns, Qt.Key.Key_Space)
    QTest.mouseClick(asked.export_button, Qt.MouseButton.LeftButton)
    driver.wait(target.exists)
    heads = Session.open(STORE).records("environment").rows
    with target.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["id", "name"], *([one.id, one.name] for one in heads)]


def test_no_list_is_written_where_no_columns_are_asked_for(driver: Driver, tmp_path: Path) -> None:
    driver.window.records.table.selectAll()
    target = tmp_path / "list.csv"
    QTest.keyClick(_columns_dialog(driver, target), Qt.Key.Key_Escape)
    driver.wait(lambda: not driver.window.findChildren(ListColumnsDialog))
    assert not target.exists()


def test_the_form_that_is_chosen_gives_the_file_its_ending(driver: Driver, tmp_path: Path) -> None:
    driver.press("export_rows")
    (dialog,) = driver.window.findChildren(QFileDialog)
    offered = [name for name in dialog.nameFilters() if name != "All files (*)"]
    assert dialog.selectedNameFilter() == offered[0]
    for form in (*offered, offered[0]):
        dialog.filterSelected.emit(form)
        (chosen,) = dialog.selectedFiles()
        ending = f".{dialog.defaultSuffix()}"
        assert form.endswith(f"(*{ending})")
        assert Path(chosen).suffix == ending
    dialog.filterSelected.emit("All files (*)")
    assert Path(dialog.selectedFiles()[0]).suffix == ".ndjson"
    dialog.reject()


def test_a_stopped_export_keeps_the_file_that_was_there(tmp_path: Path) -> None:
    session, target = Session.open(STORE), tmp_path / "kept.ndjson"
    target.write_text("before", encoding="utf-8")
    stop = Event()
    stop.set()
    with pytest.raises(CancelledError):
        export_rows(session, session.records("agent").rows, target, STORE, stop)
    assert target.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("whole", [False, True])
def test_an_export_says_how_far_it_is_and_is_cancelled_in_the_banner(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    """Nothing in the window could end one, however many records it was of."""

    def endless(
        _session: Session, heads: Iterable[RecordHead], _path: Path, _store: Path, cancel: Event
    ) -> str:
        next(iter(heads))
        while not cancel.is_set():
            pass
        raise CancelledError("Cancelled.")

    monkeypatch.setattr(rows_export, "export_rows", endless)
    target = tmp_path / "kept.ndjson"
    target.write_text("before", encoding="utf-8")
    driver.press("export_kind" if whole else "export_rows")
    (dialog,) = driver.window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(target))
    dialog.close()
    banner = driver.window.banner
    total = Session.open(STORE).kinds()
    most = next(one.records for one in total if one.kind == "environment") if whole else 1
    driver.wait(lambda: f"Exporting: 0 of {most} written." in banner.words)
    cancel = next(one for one in banner.findChildren(QPushButton) if one.text() == "Cancel")
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    said = "Export cancelled; the file was not changed."
    driver.wait(lambda: driver.window.status.note.text() == said)
    assert not banner.isVisible()
    assert target.read_text(encoding="utf-8") == "before"


def test_the_store_is_never_the_target() -> None:
    session = Session.open(STORE)
    with pytest.raises(UsageError):
        export_rows(session, session.records("agent").rows, STORE, STORE, Event())


def _save_bundle_as(driver: Driver, target: Path) -> QFileDialog:
    driver.press("bundle")
    (dialog,) = driver.window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(target))
    dialog.close()
    return dialog


def test_the_chosen_records_are_written_as_the_command_writes_them(
    driver: Driver, tmp_path: Path
) -> None:
    session = Session.open(STORE)
    heads = session.records("environment").rows
    driver.wait(lambda: driver.window.records.table.model().rowCount() == len(heads))
    driver.window.records.table.selectAll()
    target, other = tmp_path / "window.sqlite", tmp_path / "command.sqlite"
    dialog = _save_bundle_as(driver, target)
    assert dialog.windowTitle() == f"Save a bundle of {len(heads)} records"
    driver.wait(lambda: driver.window.status.note.text().startswith("Bundle of "))
    keys = [(head.kind, head.id) for head in heads]
    found = save_bundle(session, BundleRequest(keys), other)
    said = driver.window.status.note.text()
    assert found.counts in said
    assert "all secrets are replaced" in said
    assert b"sek-" not in target.read_bytes()
    read, expected = Session.open(target), Session.open(other)
    kinds = [kind.kind for kind in expected.kinds()]
    assert [kind.kind for kind in read.kinds()] == kinds
    for kind in kinds:
        rows = [(row.id, row.data) for row in expected.rows(kind)]
        assert [(row.id, row.data) for row in read.rows(kind)] == rows
    assert not driver.window.banner.isVisible()


def test_it_never_takes_the_place_of_a_store(driver: Driver, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(STORE.read_bytes())
    _save_bundle_as(driver, other)
    driver.wait(lambda: bool(driver.window.findChildren(QMessageBox)))
    (box,) = driver.window.findChildren(QMessageBox)
    box.close()
    assert other.read_bytes() == STORE.read_bytes()
    assert not driver.window.banner.isVisible()


def test_it_says_what_it_does_and_can_be_cancelled(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_session: Session, request: BundleRequest, _path: Path) -> BundleResult:
        assert request.cancel is not None
        request.progress("5,000 records read for their secrets")
        while not request.cancel.is_set():
            pass
        raise CancelledError("Cancelled.")

    monkeypatch.setattr(rows_export, "save_bundle", endless)
    _save_bundle_as(driver, tmp_path / "b.sqlite")
    driver.wait(lambda: "5,000 records read for their secrets." in driver.window.banner.words)
    driver.window.tasks.cancel(rows_export.BUNDLE_CHANNEL)
    driver.wait(lambda: driver.window.status.note.text().startswith("Bundle cancelled"))
    assert not driver.window.banner.isVisible()


def test_no_file_is_written_of_records_that_are_all_gone(tmp_path: Path) -> None:
    session = Session.open(STORE)
    head = session.records("environment").rows[0]._replace(id="env-of-nobody")
    target = tmp_path / "gone.ndjson"
    with pytest.raises(NotFoundError, match="None of these records"):
        export_rows(session, [head], target, STORE, Event())
    assert not target.exists()
    there = session.records("environment").rows[0]
    said = export_rows(session, [head, there], target, STORE, Event())
    assert said.startswith(f"1 record exported to {target}. 1 record is no longer in the store.")


@pytest.mark.parametrize("name", ["export_rows", "bundle"])
def test_selected_rows_are_taken_along_only_while_they_are_listed(
    driver: Driver, name: str
) -> None:
    action, table = driver.window.actions_[name], driver.window.records.table
    driver.wait(action.isEnabled)
    table.clearSelection()
    assert not action.isEnabled()
    table.selectRow(0)
    assert action.isEnabled()
    driver.wait(lambda: driver.window.kinds.choose(EntryType.TABLE, "resources"))
    driver.wait(lambda: not action.isEnabled())
    driver.window.kinds.choose(EntryType.KIND, "environment")
    driver.wait(action.isEnabled)
