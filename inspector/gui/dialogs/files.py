"""Questions for files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_export(
    parent: QWidget, proposed: Path, write: Callable[[Path], None], *, secrets: bool
) -> QFileDialog:
    """Ask where a record is written to; ``write`` is called with the answer, if there is one."""
    title = "Export with secrets" if secrets else "Export"
    dialog = QFileDialog(parent, title, os.fspath(proposed.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(["JSON (*.json)", "All files (*)"])
    dialog.setDefaultSuffix("json")
    dialog.selectFile(proposed.name)
    return _opened(dialog, write)


def ask_open(parent: QWidget, folder: str, take: Callable[[Path], None]) -> QFileDialog:
    """Ask for a store; hidden folders are shown, since the store lies in one."""
    dialog = QFileDialog(parent, "Open a store", folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(["Stores (*.sqlite *.db *.sqlite3)", "All files (*)"])
    dialog.setFilter(QDir.Filter.AllEntries | QDir.Filter.Hidden | QDir.Filter.NoDotAndDotDot)
    return _opened(dialog, take)


def _opened(dialog: QFileDialog, take: Callable[[Path], None]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: take(Path(name)))
    dialog.open()
    return dialog
