"""The start page: what lies on this computer, what was open last, and what the keys do there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from inspector.errors import StoreErrorKind
from inspector.gui.app.application import Application
from inspector.gui.app.changing_menus import RecentMenu
from inspector.gui.app.main_window import MainWindow
from inspector.gui.cells.cell_delegate import TwoLines
from inspector.gui.start.start_page import StoresList
from inspector.gui.start.stores_model import StoreFile, StoresModel, sentence
from inspector.gui.style.text_runs import CELL_ROLE
from inspector.session.store_probe import StoreProbe, probe
from inspector.store.error_sentences import store_error
from inspector.store.rows import Form, Journal, Label, StoreFacts
from tests.builders import layouts
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
SPEECH = Qt.ItemDataRole.AccessibleTextRole
Home = Callable[[str], Path]


@pytest.fixture
def home(program: Application) -> Home:
    """Puts a real store at a place in the home directory."""

    def put(name: str) -> Path:
        path = Path(os.environ["HOME"]) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(STORE, path)
        return path

    return put


def start(program: Application, qtbot: QtBot) -> MainWindow:
    """The start page once all that is listed was looked at."""
    window = program.show_start()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: settled(window), timeout=10_000)
    return window


def settled(window: MainWindow) -> bool:
    page = window.start
    places = (*page.here.places.places(), *page.recent.places.places())
    return not window.tasks.is_busy("places") and all(place.seen for place in places)


def words(view: StoresList) -> list[str]:
    model = view.places
    return [str(model.index(row, 0).data(SPEECH)) for row in range(model.rowCount())]


def opened(window: MainWindow) -> bool:
    return window.facts is not None and window.record.record is not None


def test_stores_of_this_computer_are_listed_with_what_they_are(
    program: Application, home: Home, qtbot: QtBot
) -> None:
    home(".stigmer/stigmer.sqlite")
    layouts.v2(home(".stigmer/x").parent / "stigmer.db")
    page = start(program, qtbot).start
    first, second = words(page.here)
    assert first.startswith("~/.stigmer/stigmer.sqlite, Test database, layout 2, 93 records")
    assert "0 records" in second
    assert page.here.current_row() == 0
    assert page.here.hasFocus()
    assert not page.none.isVisible()
    assert page.recent.isHidden() or not page.recent.isVisible()


def test_the_older_of_two_says_that_the_other_is_newer(
    program: Application, home: Home, qtbot: QtBot
) -> None:
    older, newer = home(".stigmer/stigmer.sqlite"), home(".stigmer/stigmer.db")
    os.utime(older, (1000, 1000))
    os.utime(newer, (2000, 2000))
    first, second = words(start(program, qtbot).start.here)
    assert "stigmer.db beside it is newer" in first
    assert "newer" not in second


def test_where_there_is_no_store_it_says_so_and_offers_the_rest(
    program: Application, qtbot: QtBot
) -> None:
    page = start(program, qtbot).start
    assert page.none.isVisible()
    assert page.none.text().startswith("None found in ~/.stigmer.")
    assert page.open.hasFocus()


def test_the_daemons_variable_is_named_even_where_nothing_is(
    program: Application, home: Home, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    home(".stigmer/stigmer.db")
    monkeypatch.setenv("DB_PATH", "/nowhere/stigmer.db")
    first, second = words(start(program, qtbot).start.here)
    assert first.startswith("/nowhere/stigmer.db, File not found")
    assert second.startswith("~/.stigmer/stigmer.db")


@pytest.mark.parametrize("there", [True, False])
def test_a_daemon_that_writes_postgres_is_named_and_not_where_it_does(
    program: Application, home: Home, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://stigmer:hunter2@db.example.org/stigmer")
    if there:
        home(".stigmer/stigmer.db")
    page = start(program, qtbot).start
    assert page.elsewhere.isVisible()
    said = "$DATABASE_URL is set: with it the daemon writes Postgres and no file."
    assert page.elsewhere.text() == said
    assert page.none.isVisible() is not there
    assert page.none.text() == "None found in ~/.stigmer."
    assert page.here.isVisible() is there
    monkeypatch.delenv("DATABASE_URL")
    page.refresh(())
    qtbot.waitUntil(lambda: not page.elsewhere.isVisible())


def test_enter_opens_the_selected_store_in_the_same_window(
    program: Application, home: Home, qtbot: QtBot
) -> None:
    path = home(".stigmer/stigmer.db")
    window = start(program, qtbot)
    QTest.keyClick(window.start.here, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened(window), timeout=10_000)
    assert program.windows == [window]
    assert window.facts is not None
    assert window.facts.real_path == str(path.resolve())
    assert not window.is_start()


def test_the_arrows_go_from_one_list_to_the_other(
    program: Application, home: Home, qtbot: QtBot
) -> None:
    home(".stigmer/stigmer.db")
    program.settings.add_recent(str(home("a.db")), "2026-11-20T10:00:00Z")
    program.settings.add_recent(str(home("b.db")), "2026-11-21T10:00:00Z")
    page = start(program, qtbot).start
    QTest.keyClick(page.here, Qt.Key.Key_Down)
    assert page.recent.hasFocus()
    assert page.recent.current_row() == 0
    assert not page.here.selectionModel().hasSelection()
    QTest.keyClick(page.recent, Qt.Key.Key_Down)
    assert page.recent.current_row() == 1
    QTest.keyClick(page.recent, Qt.Key.Key_Down)
    assert page.recent.hasFocus()
    for _ in range(2):
        QTest.keyClick(page.recent, Qt.Key.Key_Up)
    assert page.here.hasFocus()
    assert not page.recent.selectionModel().hasSelection()


def test_the_row_the_cursor_is_on_is_in_sight(
    program: Application, home: Home, qtbot: QtBot
) -> None:
    for number in range(10):
        program.settings.add_recent(str(home(f"{number}.db")), "2026-11-20T10:00:00Z")
    window = start(program, qtbot)
    window.resize(900, 560)
    view = window.start.recent
    assert view.hasFocus()
    bar = window.start.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    for _ in range(9):
        QTest.keyClick(view, Qt.Key.Key_Down)
    last = view.viewport().mapTo(
        window.start.viewport(), view.visualRect(view.currentIndex()).center()
    )
    assert view.current_row() == 9
    assert window.start.viewport().rect().contains(last)


def test_recent_files_say_when_they_were_open_and_grey_what_is_gone(
    program: Application, home: Home, qtbot: QtBot
) -> None:
    program.settings.add_recent("/media/usb/stigmer.sqlite", "2026-11-02T11:47:30Z")
    program.settings.add_recent(str(home("a.db")), "2026-11-20T10:00:00Z")
    page = start(program, qtbot).start
    here, gone = words(page.recent)
    assert here.startswith("~/a.db, Test database, layout 2, 93 records")
    assert here.endswith("opened 2026-11-20 10:00:00")
    assert gone == "/media/usb/stigmer.sqlite, File not found, opened 2026-11-02 11:47:30"
    cells = [page.recent.places.index(row, 0).data(CELL_ROLE) for row in (0, 1)]
    assert [cell.runs[0].style.color for cell in cells] == ["text", "dim"]


def test_a_file_is_listed_once(program: Application, home: Home, qtbot: QtBot) -> None:
    path = home(".stigmer/stigmer.db")
    program.settings.add_recent(str(path), "2026-11-20T10:00:00Z")
    page = start(program, qtbot).start
    assert page.here.places.rowCount() == 1
    assert page.recent.places.rowCount() == 0
    assert not page.recent.isVisible()


def test_a_recent_file_can_be_forgotten_and_its_path_copied(
    program: Application, home: Home, qtbot: QtBot
) -> None:
    path = home("a.db")
    program.settings.add_recent(str(path), "2026-11-20T10:00:00Z")
    window = start(program, qtbot)
    view = window.start.recent
    view.setFocus()
    copy, forget = view.actions()
    copy.trigger()
    assert QGuiApplication.clipboard().text() == str(path)
    assert forget.text() == "Remove from list"
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert program.settings.recent_files() == []
    assert view.places.rowCount() == 0


def test_a_store_of_this_computer_cannot_be_forgotten(
    program: Application, home: Home, qtbot: QtBot
) -> None:
    home(".stigmer/stigmer.db")
    view = start(program, qtbot).start.here
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert view.places.rowCount() == 1


def test_f5_looks_again_and_keeps_the_cursor(
    program: Application, home: Home, qtbot: QtBot
) -> None:
    home(".stigmer/stigmer.sqlite")
    window = start(program, qtbot)
    home(".stigmer/stigmer.db")
    window.actions_["again"].trigger()
    qtbot.waitUntil(lambda: len(words(window.start.here)) == 2 and settled(window))
    assert window.start.here.current_row() == 0
    assert window.start.here.selectionModel().hasSelection()


def test_the_demo_opens_and_is_no_recent_file(program: Application, qtbot: QtBot) -> None:
    window = start(program, qtbot)
    window.start.demo.click()
    qtbot.waitUntil(lambda: opened(window), timeout=10_000)
    assert "(demo)" in window.windowTitle()
    assert program.settings.recent_files() == []


def test_an_opened_file_is_the_newest_recent_one_and_is_saved_at_once(
    program: Application, home: Home, qtbot: QtBot, tmp_path: Path
) -> None:
    path = home("a.db")
    window = program.open_file(path)
    qtbot.waitUntil(lambda: opened(window), timeout=10_000)
    assert [name for name, _ in program.settings.recent_files()] == [str(path)]
    qtbot.waitUntil((tmp_path / "settings.json").exists)
    menu = window.actions_["recent"].menu()
    assert menu is not None
    menu.aboutToShow.emit()  # type: ignore[attr-defined]
    assert [a.text() for a in menu.actions()][:1] == ["&1 ~/a.db"]  # type: ignore[attr-defined]


def test_the_menu_greys_what_is_gone_and_says_so(
    program: Application, home: Home, qtbot: QtBot
) -> None:
    path = home("a.db")
    program.settings.add_recent("/media/usb/a&b.db", "2026-11-02T11:47:30Z")
    program.settings.add_recent(str(path), "2026-11-20T10:00:00Z")
    window = start(program, qtbot)
    menu = window.actions_["recent"].menu()
    assert isinstance(menu, RecentMenu)
    menu.aboutToShow.emit()
    there, gone = menu.actions()[:2]
    qtbot.waitUntil(lambda: not gone.isEnabled())
    assert gone.text() == "&2 /media/usb/a&&b.db (file not found)"
    assert there.isEnabled()
    path.unlink()
    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: not menu.actions()[0].isEnabled())
    assert menu.actions()[0].text() == "&1 ~/a.db (file not found)"


def test_a_list_of_ten_files_keeps_its_keys(program: Application, home: Home, qtbot: QtBot) -> None:
    for number in range(12):
        program.settings.add_recent(f"/gone/{number}.db", f"2026-11-02T11:47:{number:02}Z")
    window = start(program, qtbot)
    menu = window.actions_["recent"].menu()
    assert isinstance(menu, RecentMenu)
    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: not menu.actions()[0].isEnabled())
    words = [action.text() for action in menu.actions()]
    assert words[0] == "&1 /gone/11.db (file not found)"
    assert words[9] == "/gone/2.db (file not found)"
    assert words[-1] == "&Clear the list"


def test_the_page_says_that_nothing_is_changed(program: Application, qtbot: QtBot) -> None:
    window = start(program, qtbot)
    assert window.status.lock.text() == "Read-only: nothing this app opens is ever changed"
    assert window.windowTitle() == "Stigmer Inspector"
    named = (window.start.here, window.start.recent)
    assert [view.accessibleName() for view in named] == ["Stores on this computer", "Recent"]


def test_settings_that_cannot_be_used_are_named_on_the_start_page_once(
    program: Application, qtbot: QtBot
) -> None:
    program.settings.ignored += ["zoom", "panes"]
    window = start(program, qtbot)
    assert window.notice.words == ("Some settings could not be used. Left out: zoom, panes.")
    window.notices.drop("settings")
    program.show_start()
    assert window.notice.words == ""


def test_settings_that_cannot_be_read_are_said_to_be_as_in_a_first_start(
    program: Application, qtbot: QtBot
) -> None:
    program.settings.ignored.append("all")
    window = start(program, qtbot)
    assert window.notice.words.startswith("The settings could not be read.")


# The model and its words


def facts(**changes: object) -> StoreFacts:
    values: dict[str, object] = {
        "path": "/s.db",
        "real_path": "/s.db",
        "label": Label.PRODUCTION,
        "form": Form.SQLITE,
        "layout": 8,
        "journal": Journal.CLEAN,
        "size": 1,
        "wal_size": 0,
        "daemon_pid": None,
    }
    return StoreFacts(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (None, "\N{HORIZONTAL ELLIPSIS}"),
        (
            StoreProbe("/s.db", facts(journal=Journal.LIVE, daemon_pid=4127), 1204),
            "Stigmer store, layout 8, 1,204 records. Daemon running, pid 4127",
        ),
        (
            StoreProbe("/s.db", facts(journal=Journal.LEFT, layout=0), 88),
            "Stigmer store, layout 0, 88 records. Daemon was killed; WAL included",
        ),
        (StoreProbe("/s.db", facts(form=Form.JSON, layout=None), 1), "JSON store, 1 record"),
        (
            StoreProbe("/s.db", facts(form=Form.FOREIGN, layout=None)),
            "SQLite database (not Stigmer)",
        ),
        (
            StoreProbe("/s.db", facts(), 5, 1, store_error(StoreErrorKind.DAMAGED)),
            "Stigmer store, layout 8, 5 records. Damaged; what can be read is shown. Not in use",
        ),
        (
            StoreProbe("/d", problem=store_error(StoreErrorKind.BADGER)),
            "This is a BadgerDB directory, not a SQLite file",
        ),
        (StoreProbe("/d", problem=store_error(StoreErrorKind.MISSING)), "File not found"),
    ],
)
def test_a_file_is_said_in_a_sentence(seen: StoreProbe | None, said: str) -> None:
    assert sentence(StoreFile("/s.db", seen=seen)) == said


def test_the_model_is_a_model(qtbot: QtBot) -> None:
    model = StoresModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_places([StoreFile("/a.db"), StoreFile(str(STORE))])
    with qtbot.waitSignal(model.dataChanged):
        model.tell(probe(STORE))
    model.set_places([StoreFile(str(STORE))])
    assert model.places()[0].seen is not None
    cell = model.index(0, 0).data(CELL_ROLE)
    assert isinstance(cell, TwoLines)
    assert "93 records" in cell.text
    assert model.index(5, 0).data(CELL_ROLE) is None


def test_a_running_store_says_when_it_changed(qtbot: QtBot) -> None:
    model = StoresModel()
    live = facts(journal=Journal.LIVE)
    model.set_places([StoreFile("/s.db", seen=StoreProbe("/s.db", live, 1, 1_000_000_000))])
    assert "modified " in str(model.index(0, 0).data(SPEECH))
    assert str(model.index(0, 0).data(SPEECH)).endswith(" ago")
