"""Questions for files."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QDir, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from inspector.gui.dialogs.dialog_setup import take_icons_off

_MAPS = ["Maps (*.inspect.toml *.toml)", "All files (*)"]


def ask_export(
    parent: QWidget, proposed: Path, write: Callable[[Path], None], *, secrets: bool
) -> QFileDialog:
    """Ask where a record is written to; ``write`` is called with the answer, if there is one."""
    title = "Export including secrets" if secrets else "Export"
    dialog = QFileDialog(parent, title, os.fspath(proposed.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(["JSON (*.json)", "All files (*)"])
    dialog.setDefaultSuffix("json")
    dialog.selectFile(proposed.name)
    return _opened(dialog, write)


def ask_export_rows(
    parent: QWidget, title: str, proposed: Path, write: Callable[[Path], None]
) -> QFileDialog:
    """Ask where several records are written to, a line each or as one array."""
    dialog = QFileDialog(parent, title, os.fspath(proposed.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(["A record a line (*.ndjson)", "JSON array (*.json)", "All files (*)"])
    dialog.setDefaultSuffix("ndjson")
    dialog.selectFile(proposed.name)
    return _opened(dialog, write)


def ask_new_store(
    parent: QWidget, title: str, proposed: Path, write: Callable[[Path], None]
) -> QFileDialog:
    """Ask where a store is written to, such as a copy of the whole one."""
    dialog = QFileDialog(parent, title, os.fspath(proposed.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(["Stores (*.sqlite *.db *.sqlite3)", "All files (*)"])
    dialog.setDefaultSuffix("sqlite")
    dialog.selectFile(proposed.name)
    return _opened(dialog, write)


def ask_save_map(parent: QWidget, proposed: Path, write: Callable[[Path], None]) -> QFileDialog:
    """Ask where a map of a file is written to."""
    dialog = QFileDialog(parent, "Save map", os.fspath(proposed.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(_MAPS)
    dialog.setDefaultSuffix("inspect.toml")
    dialog.selectFile(proposed.name)
    return _opened(dialog, write)


def ask_map(parent: QWidget, begin: Path, take: Callable[[Path], None]) -> QFileDialog:
    """Ask for a map of a file."""
    dialog = QFileDialog(parent, "Use a map", os.fspath(begin))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(_MAPS)
    return _opened(dialog, take)


def ask_open(parent: QWidget, folder: str, take: Callable[[Sequence[Path]], None]) -> QFileDialog:
    """Ask for stores, several at once; hidden folders are shown, since stores lie in one.

    Args:
        parent: the window that asks.
        folder: where to begin; the usual place of stores where it is empty or gone.
        take: called with what was chosen, if anything was.
    """
    home = Path.home()
    places = [Path(folder)] if folder else []
    places += [home / ".stigmer", home]
    begin = next((place for place in places if place.is_dir()), home)
    dialog = QFileDialog(parent, "Open a store", os.fspath(begin))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters(["Stores (*.sqlite *.db *.sqlite3)", "All files (*)"])
    dialog.setFilter(QDir.Filter.AllEntries | QDir.Filter.Hidden | QDir.Filter.NoDotAndDotDot)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    take_icons_off(dialog)
    dialog.filesSelected.connect(lambda names: take([Path(name) for name in names]))
    dialog.open()
    return dialog


def ask_other_store(parent: QWidget, folder: str, take: Callable[[Path], None]) -> QFileDialog:
    """Ask for a store to compare with; hidden folders are shown, since stores lie in one."""
    dialog = QFileDialog(parent, "Compare with a store", folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(["Stores (*.sqlite *.db *.sqlite3)", "All files (*)"])
    dialog.setFilter(QDir.Filter.AllEntries | QDir.Filter.Hidden | QDir.Filter.NoDotAndDotDot)
    return _opened(dialog, take)


def ask_schema(
    parent: QWidget, begin: Path, take: Callable[[Path], None], *, folder: bool
) -> QFileDialog:
    """Ask for a schema of one's own, a file or a folder; ``take`` is called with the answer."""
    title = "Read with the schema in a folder" if folder else "Read with a schema"
    dialog = QFileDialog(parent, title, os.fspath(begin))
    if folder:
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    else:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        kinds = "*.whl *.binpb *.pb *.desc *.protoset *.bin *.proto *_pb2.py"
        dialog.setNameFilters([f"Schemas ({kinds})", "All files (*)"])
    return _opened(dialog, take)


def _opened(dialog: QFileDialog, take: Callable[[Path], None]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    take_icons_off(dialog)
    dialog.fileSelected.connect(lambda name: take(Path(name)))
    dialog.open()
    return dialog
