"""What is done with the store's file as a file: its path, and where it lies."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from inspector.gui.actions import Actions
from inspector.gui.style.text_format import copied
from inspector.store.rows import Label, StoreFacts

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


class FileActions:
    """What those actions do; of the store that is built in there is nothing to do.

    Args:
        actions: of the window.
        facts: gives what the file is that is open.
        tell: says a sentence in the status line.
    """

    def __init__(
        self,
        actions: Actions,
        facts: Callable[[], StoreFacts | None],
        tell: Callable[[str], None],
    ) -> None:
        self._actions, self._facts, self._tell = actions, facts, tell
        actions.enable(_ACTIONS, on=False)

    def enable(self) -> None:
        """A store is open."""
        facts = self._facts()
        on = facts is not None and facts.label is not Label.DEMO
        self._actions.enable(_ACTIONS, on=on)

    def _path(self) -> Path | None:
        facts = self._facts()
        return Path(facts.path).absolute() if facts is not None else None

    def reveal(self) -> None:
        """Show the file where it lies."""
        path = self._path()
        if path is not None and not reveal(path):
            self._tell("No file manager could be started.")

    def copy_path(self) -> None:
        """Copy the path of the file."""
        path = os.fspath(self._path() or "")
        QGuiApplication.clipboard().setText(path)
        self._tell(copied("file path", path))
