"""Exporting the chosen rows of a list."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from inspector.errors import CancelledError, UsageError
from inspector.gui.records.rows_export import export_rows
from inspector.session.session import Session
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


def test_a_stopped_export_keeps_the_file_that_was_there(tmp_path: Path) -> None:
    session, target = Session.open(STORE), tmp_path / "kept.ndjson"
    target.write_text("before", encoding="utf-8")
    stop = Event()
    stop.set()
    with pytest.raises(CancelledError):
        export_rows(session, session.records("agent").rows, target, STORE, stop)
    assert target.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_the_store_is_never_the_target() -> None:
    session = Session.open(STORE)
    with pytest.raises(UsageError):
        export_rows(session, session.records("agent").rows, STORE, STORE, Event())
