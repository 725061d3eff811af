"""What is done with the store's file as a file: its path, and where it lies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from inspector.gui.app.store_controller import OpenedStore
from inspector.gui.style.text_format import copied
from inspector.store.rows import Label

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow

_ACTIONS = ("reveal_file", "copy_file_path")


def reveal(path: Path) -> bool:
    """Show a file in the desktop's file manager, selected where that can be asked for.

    Returns:
        False where no file manager could be started.
    """
    if sys.platform == "darwin":
        return QProcess.startDetached("open", ["-R", os.fspath(path)])[0]
    if sys.platform == "win32":
        return QProcess.startDetached("explorer", [f"/select,{path}"])[0]
    return QDesktopServices.openUrl(QUrl.fromLocalFile(os.fspath(path.parent)))


class FileActions(QObject):
    """Connects those actions of a window; of the store that is built in there is nothing to do."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        actions = window.actions_
        actions["reveal_file"].triggered.connect(lambda _=False: self.reveal())
        actions["copy_file_path"].triggered.connect(lambda _=False: self.copy_path())
        actions.enable(_ACTIONS, on=False)
        window.settled.connect(self._opened)

    def _opened(self, answer: OpenedStore) -> None:
        self._window.actions_.enable(_ACTIONS, on=answer.facts.label is not Label.DEMO)

    def _path(self) -> Path | None:
        facts = self._window.facts
        return Path(facts.path).absolute() if facts is not None else None

    def reveal(self) -> None:
        """Show the file where it lies."""
        path = self._path()
        if path is not None and not reveal(path):
            self._window.status.tell("No file manager could be started.")

    def copy_path(self) -> None:
        """Copy the path of the file."""
        path = os.fspath(self._path() or "")
        QGuiApplication.clipboard().setText(path)
        self._window.status.tell(copied("file path", path))
