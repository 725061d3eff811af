"""Files come in by hand, by the desktop, by drops and by the command line; a window for each."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QDir, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFileOpenEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from inspector.errors import StoreErrorKind
from inspector.gui.actions import WINDOWS
from inspector.gui.app.application import Application
from inspector.gui.app.main_window import MainWindow
from inspector.session.session import Session
from inspector.store.error_sentences import store_error
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Rec
from tests.places import REAL, shared

STORE = REAL / "v2-clean" / "stigmer.db"
#: From Qt 6.12 on it takes a QPointF instead, which 6.11 does not know.
takes_a_point = pytest.mark.filterwarnings("ignore:.*QDragEnterEvent:DeprecationWarning")
OLD = REAL / "v0" / "stigmer.db"
LONG = 20_000


def read(window: MainWindow, qtbot: QtBot) -> MainWindow:
    qtbot.waitUntil(lambda: window.facts is not None, timeout=LONG)
    return window


def shown(window: MainWindow, qtbot: QtBot) -> MainWindow:
    qtbot.waitUntil(
        lambda: window.facts is not None and window.record.record is not None, timeout=LONG
    )
    return window


def refused(window: MainWindow, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: window.is_free() and not window.is_start(), timeout=LONG)
    return window.open_error_page.accessibleName()


def menu(window: MainWindow, name: str) -> QMenu:
    found = window.actions_[name].menu()
    assert isinstance(found, QMenu)
    found.aboutToShow.emit()
    return found


# One file, one window


def test_the_same_file_twice_raises_its_window(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    link, hard = tmp_path / "link.db", tmp_path / "folder"
    link.symlink_to(STORE)
    hard.symlink_to(STORE.parent, target_is_directory=True)
    window = read(program.open_file(STORE), qtbot)
    assert program.open_file(link) is window
    assert program.open_file(hard / "stigmer.db") is window
    assert program.open_file(Path(os.path.relpath(STORE))) is window
    assert program.windows == [window]


def test_the_same_file_is_known_before_it_is_open(program: Application) -> None:
    assert program.open_file(STORE) is program.open_file(STORE)


def test_several_files_have_a_window_each(program: Application, qtbot: QtBot) -> None:
    program.open_files([STORE, OLD, STORE])
    first, second = program.windows
    read(first, qtbot), read(second, qtbot)
    assert second.pos() - first.pos() == QPoint(32, 32)


def test_a_window_without_a_store_takes_the_next_file(program: Application, qtbot: QtBot) -> None:
    window = program.show_start()
    assert program.open_file(STORE, origin=window) is window
    read(window, qtbot)
    assert program.open_file(OLD, origin=window) is not window


def test_another_window_shows_the_same_file(program: Application, qtbot: QtBot) -> None:
    first = shown(program.open_file(STORE), qtbot)
    first.actions_["new_window"].trigger()
    second = program.windows[1]
    shown(second, qtbot)
    assert second.facts == first.facts
    assert second.record.record is not None
    assert first.record.record is not None
    assert second.record.record.id == first.record.record.id
    second.kinds.choose_row(second.kinds.current_row() + 1)
    qtbot.waitUntil(
        lambda: (
            second.record.record is not None
            and first.record.record is not None
            and second.record.record.kind != first.record.record.kind
        ),
        timeout=LONG,
    )


def test_the_start_page_is_a_window_of_its_own(program: Application, qtbot: QtBot) -> None:
    first = read(program.open_file(STORE), qtbot)
    first.actions_["start"].trigger()
    assert [window.is_start() for window in program.windows] == [False, True]
    first.actions_["start"].trigger()
    assert len(program.windows) == 2


def test_ctrl_tab_and_the_window_menu_go_to_the_next_window(
    program: Application, qtbot: QtBot
) -> None:
    first = read(program.open_file(STORE), qtbot)
    windows = first.actions_.menus[WINDOWS]
    assert not windows.menuAction().isVisible()
    second = shown(program.open_file(OLD), qtbot)
    assert windows.menuAction().isVisible()
    assert first.actions_["next_window"].shortcut().toString() == "Ctrl+Tab"
    first.actions_["next_window"].trigger()
    qtbot.waitUntil(second.isActiveWindow)
    second.actions_["next_window"].trigger()
    qtbot.waitUntil(first.isActiveWindow)
    windows.aboutToShow.emit()
    entries = [action for action in windows.actions() if action.isCheckable()]
    assert [entry.isChecked() for entry in entries] == [True, False]
    assert "Stigmer Inspector" in entries[1].text()
    entries[1].trigger()
    qtbot.waitUntil(second.isActiveWindow)
    second.close()
    assert not windows.menuAction().isVisible()


# Ways in


def test_the_desktop_hands_over_a_file(program: Application, qtbot: QtBot) -> None:
    app = QCoreApplication.instance()
    assert app is not None
    QCoreApplication.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile(str(STORE))))
    (window,) = program.windows
    assert read(window, qtbot).facts is not None


@takes_a_point
def test_files_dropped_on_a_window_are_opened(program: Application, qtbot: QtBot) -> None:
    window = program.show_start()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(STORE)), QUrl.fromLocalFile(str(OLD))])
    args = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton)
    enter = QDragEnterEvent(QPoint(5, 5), *args, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(5, 5), *args, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(window, drop)
    assert len(program.windows) == 2
    for each in program.windows:
        read(each, qtbot)
    assert program.windows[0] is window


@takes_a_point
def test_what_is_no_file_is_not_taken(program: Application, qtbot: QtBot) -> None:
    window = program.show_start()
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/stigmer.db")])
    args = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton)
    enter = QDragEnterEvent(QPoint(5, 5), *args, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(window, enter)
    assert not enter.isAccepted()


def test_the_dialog_begins_where_stores_lie_and_takes_several(
    program: Application, qtbot: QtBot
) -> None:
    home = Path(os.environ["HOME"]) / ".stigmer"
    home.mkdir()
    copies = [home / "a.db", home / "b.db"]
    for copy in copies:
        shutil.copyfile(STORE, copy)
    window = program.show_start()
    window.actions_["open"].trigger()
    dialog = window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert Path(dialog.directory().absolutePath()) == home
    assert dialog.filter() & QDir.Filter.Hidden
    assert dialog.fileMode() == QFileDialog.FileMode.ExistingFiles
    dialog.filesSelected.emit([str(copy) for copy in copies])
    dialog.close()
    for each in program.windows:
        read(each, qtbot)
    assert len(program.windows) == 2
    assert program.settings.open_folder == str(home)


def test_a_file_that_was_opened_is_remembered_though_no_window_is_closed(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.json"
    program.open_file(STORE)
    qtbot.waitUntil(lambda: settings.exists() and STORE.name in settings.read_text(), timeout=LONG)


def test_recent_files_open_from_the_menu(program: Application, qtbot: QtBot) -> None:
    window = program.show_start()
    assert [action.text() for action in menu(window, "recent").actions()] == ["No recent files"]
    program.settings.add_recent(str(STORE), "2026-11-20T10:00:00Z")
    actions = menu(window, "recent").actions()
    assert actions[0].text().startswith("&1 ")
    actions[0].trigger()
    read(window, qtbot)
    menu(window, "recent").actions()[-1].trigger()
    assert program.settings.recent_files() == []


# Going to a record


def test_select_names_a_record_by_its_id(program: Application, qtbot: QtBot) -> None:
    first = shown(program.open_file(STORE, None), qtbot)
    record = first.record.record
    assert record is not None
    first.close()
    window = shown(program.open_file(STORE, f"{record.kind.upper()}/{record.id}"), qtbot)
    assert window.record.record is not None
    assert window.record.record.id == record.id
    assert window.banner.words == ""
    assert window.focusWidget() is window.record.tree


def test_select_of_nothing_says_so_and_shows_the_store(program: Application, qtbot: QtBot) -> None:
    window = shown(program.open_file(STORE, "agent/agt-nobody"), qtbot)
    assert "agt-nobody" in window.banner.words
    assert "in this store" in window.banner.words
    assert window.focusWidget() is window.kinds
    window = program.open_file(STORE, "nonsense")
    qtbot.waitUntil(lambda: "names no record" in window.banner.words, timeout=LONG)


# Titles


def test_the_title_says_record_kind_and_file(
    program: Application, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # The checkout itself may lie in the temporary directory, which makes a test database of it.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    window = shown(program.open_file(STORE), qtbot)
    record = window.record
    assert record.record is not None
    title = f"{record.name} - {record.record.display_kind} - stigmer.db - "
    assert window.windowTitle().startswith(title)
    folder, _, program_name = window.windowTitle().removeprefix(title).rpartition(" - ")
    assert os.fspath(STORE.parent).endswith(folder.lstrip("\N{HORIZONTAL ELLIPSIS}"))
    assert len(folder) == min(40, len(os.fspath(STORE.parent)))
    assert program_name == "Stigmer Inspector"


def test_the_title_says_whose_store_it_is(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    copy = tmp_path / "stigmer-e2e-1" / "s.db"
    copy.parent.mkdir()
    shutil.copyfile(STORE, copy)
    window = shown(program.open_file(copy), qtbot)
    assert " - s.db (test) - " in window.windowTitle()
    assert window.windowTitle().endswith("stigmer-e2e-1 - Stigmer Inspector")
    assert window.status.label.text() == "Test database"
    demo = shown(program.open_demo(), qtbot)
    assert " (demo) - " in demo.windowTitle()


def test_a_name_cannot_play_tricks_with_the_title(program: Application, qtbot: QtBot) -> None:
    window = program.show_start()
    window.tell_title("s.db", "a[*]b\n\u202ec", "Agent")
    assert window.windowTitle() == "a[*][*]b\u240a\\u202ec - Agent - s.db - Stigmer Inspector"


# What cannot be opened


@pytest.fixture
def made(tmp_path: Path) -> dict[str, Path]:
    """Files of every kind that are no store."""
    empty, text, folder, badger = (tmp_path / name for name in ("e.db", "t.db", "d", "b"))
    empty.touch()
    text.write_text("not a database " * 50)
    folder.mkdir()
    badger.mkdir()
    (badger / "MANIFEST").touch()
    os.mkfifo(tmp_path / "pipe")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    return {
        "missing": tmp_path / "none.db",
        "empty": empty,
        "not-a-database": text,
        "directory": folder,
        "badger": badger,
        "not-regular": tmp_path / "pipe",
        "bad-path": loop,
    }


@pytest.mark.parametrize(
    "name",
    ["missing", "empty", "not-a-database", "directory", "badger", "not-regular", "bad-path"],
)
def test_what_cannot_be_opened_has_a_page(
    program: Application, qtbot: QtBot, made: dict[str, Path], name: str
) -> None:
    window = program.open_file(made[name])
    said = refused(window, qtbot)
    error = store_error(StoreErrorKind(name))
    assert error.message in said
    assert error.hint in said
    assert window.open_error_page.path.text() == str(made[name])
    assert window.status.file.text() == ""
    window.open_error_page.copy.click()
    assert QGuiApplication.clipboard().text() == str(made[name])
    assert window.open_error_page.open.hasFocus()


def test_of_a_missing_file_the_whole_path_is_told(
    program: Application, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    window = program.open_file("there/gone.db")
    refused(window, qtbot)
    assert window.open_error_page.path.text() == str(tmp_path / "there" / "gone.db")
    window.open_error_page.copy.click()
    assert QGuiApplication.clipboard().text() == str(tmp_path / "there" / "gone.db")
    assert f"{tmp_path.name}/there" in window.windowTitle()


def test_a_path_out_of_a_missing_folder_is_told_as_it_was_given(
    program: Application, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file beside that folder is another one: no system finds it by that path."""
    shutil.copyfile(STORE, tmp_path / "store.db")
    monkeypatch.chdir(tmp_path)
    other = read(program.open_file("store.db"), qtbot)
    window = program.open_file("missing/../store.db")
    assert window is not other
    refused(window, qtbot)
    assert window.open_error_page.path.text() == str(tmp_path / "missing" / ".." / "store.db")
    # From where the program was started upwards there is nothing to be lost.
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert program.open_file("../store.db") is other
    above = program.open_file("../gone.db")
    refused(above, qtbot)
    assert above.open_error_page.path.text() == str(tmp_path / "gone.db")


def test_a_file_beside_where_a_link_leads_is_remembered_as_it_was_found(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "far" / "folder").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "far" / "folder", target_is_directory=True)
    shutil.copyfile(STORE, tmp_path / "far" / "store.db")
    path = tmp_path / "link" / ".." / "store.db"
    window = read(program.open_file(path), qtbot)
    [(recent, _)] = program.settings.recent_files()
    assert Path(recent).samefile(tmp_path / "far" / "store.db")
    assert program.open_file(recent) is window
    assert program.open_file(tmp_path / "far" / "store.db") is window


def test_of_several_rows_with_one_id_it_is_said_that_the_last_is_shown(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    records = [Rec("agent", "a", wire.text(1, text)) for text in ("x", "y", "z")]
    bare = layouts.create(
        *(tmp_path / "bare.db", layouts.RESOURCES_BARE),
        records=[*records, Rec("agent", "b", b"")],
        journal_mode="DELETE",
    )
    window = shown(program.open_file(bare, select="agent/a"), qtbot)
    assert window.record.heading.facts.text().endswith("the last of 3 rows with this ID")
    assert window.record.record is not None
    assert window.record.record.tree is not None
    assert window.record.record.tree.data == wire.text(1, "z")
    program.open_file(bare, select="agent/b")
    qtbot.waitUntil(lambda: window.record.heading.id.text() == "b", timeout=LONG)
    assert "rows" not in window.record.heading.facts.text()


def test_a_folder_lists_the_stores_in_it(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "stigmer.sqlite"
    shutil.copyfile(STORE, path)
    window = program.open_file(tmp_path)
    refused(window, qtbot)
    page = window.open_error_page
    qtbot.waitUntil(page.within.isVisible, timeout=LONG)
    assert [place.path for place in page.within.places.places()] == [str(path)]
    assert page.within.hasFocus()
    QTest.keyClick(page.within, Qt.Key.Key_Return)
    shown(window, qtbot)
    assert program.windows == [window]


def test_a_folder_without_a_store_lists_nothing(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "stigmer.db").write_text("not a database")
    window = program.open_file(tmp_path)
    refused(window, qtbot)
    qtbot.waitUntil(lambda: not window.tasks.is_busy("folder"), timeout=LONG)
    assert not window.open_error_page.within.isVisible()
    assert window.open_error_page.open.hasFocus()


@pytest.mark.parametrize("kind", StoreErrorKind)
def test_every_reason_has_its_sentence_and_what_can_be_done(
    program: Application, qtbot: QtBot, kind: StoreErrorKind
) -> None:
    error = store_error(kind)
    answers: list[Session] = []

    def make() -> Session:
        if not answers:
            answers.append(Session.open(STORE))
            raise error
        return answers[0]

    window = program.show_start()
    window.asked_for = "/s.db"
    window.open(make, "/s.db", remembered_by="/s.db")
    assert refused(window, qtbot) == f"{error.message} /s.db {error.hint}"
    assert error.hint
    window.open_error_page.retry.click()
    shown(window, qtbot)
    assert window.banner.words == ""


def test_try_again_opens_what_is_there_by_then(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "later.db"
    window = program.open_file(path)
    refused(window, qtbot)
    shutil.copyfile(STORE, path)
    window.open_error_page.retry.click()
    shown(window, qtbot)
    assert not window.is_free()
    assert program.open_file(path) is window


def test_a_refused_file_asked_for_again_is_tried_again(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "later.db"
    window = program.open_file(path)
    refused(window, qtbot)
    shutil.copyfile(STORE, path)
    assert program.open_file(path) is window
    shown(window, qtbot)


@pytest.mark.parametrize("action", ["next_pane", "last_pane"])
def test_there_is_no_next_pane_where_none_is_shown(
    action: str, program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = Path(shutil.copyfile(STORE, tmp_path / "s.db"))
    window = shown(program.open_file(path), qtbot)
    path.write_text("not a database " * 50)
    window.reopen()
    refused(window, qtbot)
    focused = window.focusWidget()
    window.actions_[action].trigger()
    assert window.focusWidget() is focused


# What can be opened and is not as usual


def test_a_foreign_file_is_said_to_be_one(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "foreign.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE things (a)")
    window = read(program.open_file(path), qtbot)
    assert window.banner.words.startswith("This is not a Stigmer store. Its tables")
    assert window.status.layout_.text() == "SQLite database (not Stigmer)"


def test_a_newer_layout_opens_with_a_word(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "agt-1", b"")])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE of_later (a)")
        connection.execute("INSERT INTO schema_version (version) VALUES (28)")
        connection.commit()
    window = shown(program.open_file(path), qtbot)
    assert window.banner.words.startswith("This store has layout 28; this program knows 27.")
    assert window.status.layout_.text() == "Layout 28"


def test_a_json_store_opens(program: Application, qtbot: QtBot) -> None:
    window = shown(program.open_file(shared("stigmer", "made", "json", "stigmer.db")), qtbot)
    assert window.status.layout_.text() == "JSON store"
    assert window.banner.words == ""


def test_a_store_without_records_opens(program: Application, qtbot: QtBot, tmp_path: Path) -> None:
    window = read(program.open_file(layouts.v2(tmp_path / "s.db")), qtbot)
    assert window.status.counts.text() == "0 records, 0 versions"
    assert not window.is_free()
