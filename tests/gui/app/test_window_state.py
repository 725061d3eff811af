"""After a restart a window is where it was in its file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector import assets
from inspector.errors import NotFoundError
from inspector.gui.app import window_layout
from inspector.gui.app.application import Application
from inspector.gui.app.main_window import MainWindow
from inspector.gui.app.window_layout import WindowLayout
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.records.record_cells import KEYS
from inspector.session.session import Session
from inspector.session.version_outline import versions_of
from inspector.store.rows import Row
from tests.gui.windows import Driver
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
LONG = 20_000


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "stigmer.db"
    shutil.copyfile(STORE, path)
    return path


def opened(program: Application, path: Path, qtbot: QtBot) -> Driver:
    driver = Driver.__new__(Driver)
    driver.bot, driver.window = qtbot, program.open_file(path)
    shown(driver.window, qtbot)
    return driver


def shown(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: window.facts is not None and window.record.record is not None, timeout=LONG
    )


def restarted(program: Application, tmp_path: Path) -> Application:
    """Another start of the program with the same settings file."""
    for window in list(program.windows):
        window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return Application(app, tmp_path / "settings.json")


def go(driver: Driver, kind: str, row: int = 0) -> tuple[str, str, str]:
    kinds = driver.window.kinds
    kinds.choose_row(kinds.kinds.find(EntryType.KIND, kind))
    records = driver.window.records
    driver.wait(lambda: driver.at()[0] == kind and records.records.rowCount() > row)
    records.table.selectRow(row)
    head = records.current()
    assert head is not None
    driver.reach(kind, head.id)
    return driver.at()


def test_kind_record_and_open_fields_come_back(
    program: Application, copy: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    driver = opened(program, copy, qtbot)
    at = go(driver, "agent_execution", 2)
    driver.choose("metadata.name")
    paths = driver.window.record.tree.opened()
    assert "metadata" in paths
    later = restarted(program, tmp_path)
    driver = opened(later, copy, qtbot)
    driver.reach(*at)
    entry = driver.window.kinds.kinds.entry(driver.window.kinds.current_row())
    assert entry is not None
    assert entry.kind == "agent_execution"
    driver.wait(lambda: driver.window.records.table.current_row() == 2)
    assert driver.window.record.tree.opened() == paths
    assert driver.window.record.reader.path() == "metadata.name"
    end(later)


def test_the_cursor_is_on_the_record_when_the_rows_are_there(
    program: Application, copy: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    at = go(opened(program, copy, qtbot), "agent_execution", 9)
    later = restarted(program, tmp_path)
    records = later.open_file(copy).records
    listed: list[tuple[str, str] | None] = []

    def look() -> None:
        head = records.current()
        listed.append(None if head is None else (head.kind, head.id))

    records.listed.connect(look)
    qtbot.waitUntil(lambda: bool(listed), timeout=LONG)
    assert listed[0] == at[:2]
    end(later)


def end(program: Application) -> None:
    for window in list(program.windows):
        window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    program.preferences.theme.deleteLater()
    program.deleteLater()


def test_the_list_of_all_records_comes_back(
    program: Application, copy: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    driver = opened(program, copy, qtbot)
    kinds = driver.window.kinds
    kinds.choose_row(kinds.kinds.find(EntryType.ALL, ""))
    records = driver.window.records
    driver.wait(lambda: records.records.rowCount() == 93)
    records.table.selectRow(20)
    head = records.current()
    assert head is not None
    driver.reach(head.kind, head.id)
    later = restarted(program, tmp_path)
    driver = opened(later, copy, qtbot)
    driver.reach(head.kind, head.id)
    entry = driver.window.kinds.kinds.entry(driver.window.kinds.current_row())
    assert entry is not None
    assert entry.type is EntryType.ALL
    driver.wait(lambda: driver.window.records.table.current_row() == 20)
    end(later)


def test_a_record_that_is_gone_comes_back_in_its_list(
    program: Application, copy: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    shutil.copyfile(assets.path("demo", "stigmer.sqlite"), copy)
    driver = opened(program, copy, qtbot)
    kinds = driver.window.kinds
    driver.wait(lambda: kinds.kinds.find(EntryType.GONE, "skill") >= 0)
    kinds.choose_row(kinds.kinds.find(EntryType.GONE, "skill"))
    driver.wait(lambda: driver.at()[0] == "skill" and driver.at()[2] != "live")
    at = driver.at()
    later = restarted(program, tmp_path)
    driver = opened(later, copy, qtbot)
    driver.reach(*at)
    kinds = driver.window.kinds
    driver.wait(lambda: kinds.current_row() == kinds.kinds.find(EntryType.GONE, "skill"))
    driver.wait(lambda: driver.window.records.current() is not None)
    driver.reach(*at)
    end(later)


def test_a_version_comes_back(
    program: Application, copy: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    driver = opened(program, copy, qtbot)
    kind, id_, _ = go(driver, "skill")
    with_versions = Session.open(copy)
    newest = versions_of(with_versions, kind, id_)[-1]
    with_versions.close()
    driver.window.record.version_wanted.emit(newest)
    driver.reach(kind, id_, newest.name)
    later = restarted(program, tmp_path)
    driver = opened(later, copy, qtbot)
    driver.reach(kind, id_, newest.name)
    end(later)


def test_the_tab_comes_back_and_each_kind_keeps_its_own(
    program: Application, copy: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    driver = opened(program, copy, qtbot)
    go(driver, "agent")
    go(driver, "workflow")
    driver.window.record.tabs.choose("json")
    go(driver, "agent")
    assert driver.window.record.tabs.current() == "fields"
    go(driver, "workflow")
    assert driver.window.record.tabs.current() == "json"
    later = restarted(program, tmp_path)
    driver = opened(later, copy, qtbot)
    driver.wait(lambda: driver.at()[0] == "workflow")
    assert driver.window.record.tabs.current() == "json"
    go(driver, "agent")
    assert driver.window.record.tabs.current() == "fields"
    end(later)


def test_dragged_columns_come_back_for_their_kind(
    program: Application, copy: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    driver = opened(program, copy, qtbot)
    go(driver, "agent")
    window = driver.window
    window.resize(1400, 800)
    header, section = window.records.table.horizontalHeader(), KEYS.index("updated")
    own = header.sectionSize(section)
    header.resizeSection(section, own + 37)
    go(driver, "workflow")
    assert header.sectionSize(section) == own
    go(driver, "agent")
    assert header.sectionSize(section) == own + 37
    later = restarted(program, tmp_path)
    driver = opened(later, copy, qtbot)
    driver.wait(lambda: driver.at()[0] == "agent")
    driver.window.resize(1400, 800)
    header = driver.window.records.table.horizontalHeader()
    driver.wait(lambda: not header.isSectionHidden(section))
    assert header.sectionSize(section) == own + 37
    end(later)


def test_size_and_splitters_come_back_per_file(
    program: Application,
    copy: Path,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Qt would fit the window to the screen of the tests, in which the panes have no room to differ.
    monkeypatch.setattr(window_layout, "_LEAST", (900, 560))
    monkeypatch.setattr(WindowLayout, "_room", staticmethod(lambda: (1440, 900)))
    other = tmp_path / "other.db"
    shutil.copyfile(STORE, other)
    driver = opened(program, copy, qtbot)
    # As wide as the smallest window, which the screen of the tests is narrower than.
    driver.window.resize(900, 678)
    driver.window.set_panes([160, 300, 438])
    driver.window.record.split.setSizes([300, 200])
    sizes = driver.window.panes.sizes()
    reader = driver.window.record.split.sizes()
    second = opened(program, other, qtbot)
    second.window.resize(900, 600)
    later = restarted(program, tmp_path)
    driver = opened(later, copy, qtbot)
    assert driver.window.height() == 678
    assert driver.window.panes.sizes() == sizes
    assert driver.window.record.split.sizes() == reader
    second = opened(later, other, qtbot)
    assert second.window.height() == 600
    end(later)


def test_a_record_that_is_gone_by_then_gives_way_to_its_kind(
    program: Application,
    copy: Path,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    driver = opened(program, copy, qtbot)
    kind, id_, _ = go(driver, "workflow", 1)
    later = restarted(program, tmp_path)
    real = Session.row

    def row(self: Session, kind: str, one: str, *rest: object) -> Row:
        if one == id_:
            raise NotFoundError("There is none.")
        return real(self, kind, one, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "row", row)
    driver = opened(later, copy, qtbot)
    driver.wait(lambda: driver.at()[0] == kind)
    assert driver.at()[1] != id_
    assert driver.window.banner.words == ""
    end(later)


def test_what_is_asked_for_comes_before_what_is_remembered(
    program: Application, copy: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    driver = opened(program, copy, qtbot)
    _, agent, _ = go(driver, "agent", 1)
    go(driver, "workflow")
    later = restarted(program, tmp_path)
    window = later.open_file(copy, f"agent/{agent}")
    driver.window = window
    driver.reach("agent", agent)
    end(later)


def test_broken_settings_of_a_file_are_left_out_with_a_word(
    program: Application, copy: Path, qtbot: QtBot
) -> None:
    real = str(copy.resolve())
    program.settings.files[real] = {"entry": "kind", "kind": "workflow", "panes": "wide"}
    driver = opened(program, copy, qtbot)
    driver.wait(lambda: driver.at()[0] == "workflow")
    assert driver.window.notice.words == (
        f"Some settings could not be used. Left out: panes of {real}."
    )
