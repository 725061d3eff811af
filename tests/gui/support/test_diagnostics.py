"""What is copied for whoever helps: versions and shapes, and nothing of anybody."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QStyle
from pytestqt.qtbot import QtBot

from inspector import __version__
from inspector.gui.app.application import Application
from inspector.gui.app.main_window import MainWindow
from inspector.gui.support import about_dialog
from inspector.gui.support.about_dialog import AboutDialog, LicensesDialog, license_texts
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
USER, HOST, SECRET, FOLDER = "zoe.quux", "quuxbox", "hunter2-secret", "merger-with-acme"
NEVER = (USER, "zoe", HOST, SECRET, FOLDER, "stigmer.db", ".sqlite")


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: Application) -> Path:
    """A home folder with a telling name, a store in a telling folder, secrets all around."""
    home = tmp_path / USER
    (home / FOLDER).mkdir(parents=True)
    shutil.copyfile(STORE, home / FOLDER / "stigmer.db")
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, USER)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", f"GNOME:{USER}")
    monkeypatch.setenv("QT_QPA_PLATFORMTHEME", f"{home}/{SECRET}")
    monkeypatch.setattr("platform.node", lambda: f"{HOST}.lan")
    monkeypatch.setattr("platform.release", lambda: f"6.1-{HOST}")
    settings = program.settings
    settings.zoom, settings.appearance, settings.panes = 125, "dark", [200, 600, 500]
    settings.export_folder = settings.open_folder = f"{home}/{SECRET}"
    settings.geometry = SECRET
    settings.add_recent(f"{home}/{FOLDER}/stigmer.db", "2026-11-21T05:00:00Z")
    settings.files[f"/home/alma/{SECRET}.db"] = {"record": SECRET, "opened": [[SECRET]]}
    settings.ignored.append(f"panes of {home}/{SECRET}")
    return home


def opened(program: Application, home: Path, qtbot: QtBot) -> MainWindow:
    window = program.open_file(home / FOLDER / "stigmer.db")
    qtbot.waitUntil(
        lambda: window.facts is not None and window.record.record is not None, timeout=20_000
    )
    return window


def crash(program: Application, home: Path) -> None:
    """A crash whose every part that may hold data does."""
    source = f"def {'f'}():\n    raise ValueError({f'{home} {SECRET}'!r})\n"
    code = compile(source, f"{home}/{FOLDER}/{SECRET}.py", "exec")
    names: dict[str, object] = {}
    exec(code, names)
    call = names["f"]
    assert callable(call)
    try:
        call()
    except ValueError as error:
        error.add_note(SECRET)
        program.crashes.report(error)


def names_of(path: Path) -> list[str]:
    """Ids, slugs and kinds of a store."""
    store = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        found = store.execute("select kind, id from resources").fetchall()
    finally:
        store.close()
    return sorted({name for row in found for name in row})


def copied(window: MainWindow) -> str:
    window.actions_["diagnostics"].trigger()
    return QGuiApplication.clipboard().text()


def test_nothing_of_anybody_is_in_it(program: Application, home: Path, qtbot: QtBot) -> None:
    window = opened(program, home, qtbot)
    record = window.record.record
    assert record is not None
    crash(program, home)
    text = copied(window)
    ids = names_of(home / FOLDER / "stigmer.db")
    assert len(ids) > 50
    told = [word for word in (*NEVER, *ids, str(home), window.record.name) if word in text]
    assert told == []


def test_what_helps_is_in_it(program: Application, home: Path, qtbot: QtBot) -> None:
    window = opened(program, home, qtbot)
    crash(program, home)
    crash(program, home)
    text = copied(window)
    for line in (
        f"Stigmer Inspector {__version__}",
        "  Platform plugin: offscreen",
        "  XDG_CURRENT_DESKTOP: GNOME:user",
        "  QT_QPA_PLATFORMTHEME: set",
        "  appearance: dark",
        "  zoom: 125",
        "  export_folder: set",
        "  recent: 1",
        "  Layout: 2",
        "  Store: sqlite, test",
        "  Holds: 93 records, 38 versions",
        "  Schema: automatic, chosen for 0 kinds",
    ):
        assert line in text.splitlines()
    assert "ValueError\n  " in text
    assert ", 2 times)" in text
    for part in ("Python: 3.", "Qt: 6.", "SQLite: 3.", "protobuf: ", "Screen: "):
        assert part in text


def test_without_a_store_it_says_so(program: Application, qtbot: QtBot) -> None:
    text = copied(program.show_start())
    assert "  No store is open." in text.splitlines()
    assert text.endswith("Crashes\nNone.\n")


def test_what_was_logged_last_is_told(program: Application, qtbot: QtBot) -> None:
    program.help_controller.recent = ["record: read with 2026-01-26, 12 bytes, 0 problems"]
    assert "  record: read with 2026-01-26, 12 bytes" in copied(program.show_start())


def test_the_about_box_names_the_parts_and_copies(program: Application, qtbot: QtBot) -> None:
    window = program.show_start()
    window.actions_["about"].trigger()
    window.actions_["about"].trigger()
    (dialog,) = window.findChildren(AboutDialog)
    assert not dialog.isModal()
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    for part in (__version__, "Python:", "Qt:", "PySide6:", "SQLite:", "protobuf:", "Apache"):
        assert part in words
    QGuiApplication.clipboard().clear()
    dialog.copy.click()
    assert QGuiApplication.clipboard().text().startswith("Stigmer Inspector ")
    assert window.status.note.text().startswith("Diagnostic information copied.")
    dialog.buttons.button(QDialogButtonBox.StandardButton.Close).click()
    assert not dialog.isVisible()


class Pictured(QDialogButtonBox):
    """Buttons with pictures, as some desktops have them."""

    def __init__(self, buttons: QDialogButtonBox.StandardButton) -> None:
        super().__init__(buttons)
        for button in self.buttons():
            button.setIcon(self.style().standardIcon(QStyle.StandardPixmap.SP_DialogCloseButton))


def licenses_of(program: Application) -> LicensesDialog:
    window = program.show_start()
    window.actions_["about"].trigger()
    (about,) = window.findChildren(AboutDialog)
    about.licenses.click()
    about.licenses.click()
    (dialog,) = about.findChildren(LicensesDialog)
    assert not dialog.isModal()
    return dialog


def titles(dialog: LicensesDialog) -> list[str]:
    return [dialog.choice.itemText(row) for row in range(dialog.choice.count())]


def test_about_shows_the_licenses_of_what_is_installed(program: Application, qtbot: QtBot) -> None:
    dialog = licenses_of(program)
    for line in ("PySide6_Essentials 6.", "LGPL-3.0-only", "apsw 3.", "protobuf ", "Apache"):
        assert line in dialog.text.toPlainText()
    assert titles(dialog) == ["Notice", "apsw", "protobuf", "RapidFuzz"]
    dialog.choice.setCurrentText("protobuf")
    assert "Redistribution and use" in dialog.text.toPlainText()


def test_no_button_of_the_licenses_has_a_picture(
    program: Application, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As on a desktop whose buttons have pictures.
    monkeypatch.setattr(about_dialog, "QDialogButtonBox", Pictured)
    (box,) = licenses_of(program).findChildren(QDialogButtonBox)
    assert box.buttons()
    assert all(button.icon().isNull() for button in box.buttons())


def test_about_shows_the_licenses_that_are_packed(
    program: Application, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "licenses"
    folder.mkdir()
    for name in ("NOTICE", "LGPL-3.0", "GPL-3.0"):
        (folder / f"{name}.txt").write_text(f"text of {name}")
    (folder / "sbom.cdx.json").write_text("{}")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    dialog = licenses_of(program)
    assert dialog.text.toPlainText() == "text of NOTICE"
    assert titles(dialog) == ["Notice", "GPL-3.0", "LGPL-3.0"]
    dialog.choice.setCurrentIndex(2)
    assert dialog.text.toPlainText() == "text of LGPL-3.0"
    assert any(str(folder) in label.text() for label in dialog.findChildren(QLabel))
    (folder / "GPL-3.0.txt").unlink()
    assert license_texts()[1].title == "LGPL-3.0"


def test_an_odd_account_is_no_trouble(
    program: Application, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def nobody() -> str:
        raise KeyError("no such user")

    monkeypatch.setattr("getpass.getuser", nobody)
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    assert "Crashes" in copied(program.show_start())
    assert isinstance(QApplication.instance(), QApplication)
    assert os.environ["HOME"] not in copied(program.show_start())
