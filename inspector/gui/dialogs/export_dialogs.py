"""Asks where something is exported to, beginning in the folder of the export before."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QWidget

from inspector.errors import InspectorError
from inspector.gui.dialogs import file_dialogs, message_boxes


class ExportFolder(Protocol):
    """What remembers the folder of the last export; empty where there was none."""

    export_folder: str


class ExportDialogs:
    """Asks in a window for files, none of which may be the store's own.

    Args:
        parent: the window.
        memory: the settings.
        store: gives the real path of the store that is open.
    """

    def __init__(
        self, parent: QWidget, memory: ExportFolder, store: Callable[[], Path | None]
    ) -> None:
        self._parent, self._memory, self.store = parent, memory, store

    def ask(self, name: str, write: Callable[[Path], None], *, secrets: bool = False) -> None:
        """Ask for a file of JSON; ``write`` is called with the answer, if there is one."""
        proposed = self._folder() / name
        file_dialogs.ask_export(self._parent, proposed, self._keeping(write), secrets=secrets)

    def ask_rows(self, title: str, name: str, write: Callable[[Path], None]) -> None:
        """Ask for a file of several records."""
        proposed = self._folder() / name
        file_dialogs.ask_export_rows(self._parent, title, proposed, self._keeping(write))

    def ask_new_store(self, title: str, name: str, write: Callable[[Path], None]) -> None:
        """Ask for a file for a store, whole or in part."""
        proposed = self._folder() / name
        file_dialogs.ask_new_store(self._parent, title, proposed, self._keeping(write))

    def ask_map(self, name: str, write: Callable[[Path], None]) -> None:
        """Ask for a file of a map, beginning where exports go and not beside the store."""
        proposed = self._folder() / name
        file_dialogs.ask_save_map(self._parent, proposed, self._keeping(write))

    def fail(self, error: InspectorError) -> None:
        """Say why nothing was written."""
        message_boxes.failed(self._parent, error)

    def _folder(self) -> Path:
        place = QStandardPaths.StandardLocation.DocumentsLocation
        return Path(self._memory.export_folder or QStandardPaths.writableLocation(place))

    def _keeping(self, write: Callable[[Path], None]) -> Callable[[Path], None]:
        def kept(path: Path) -> None:
            self._memory.export_folder = os.fspath(path.parent)
            write(path)

        return kept
