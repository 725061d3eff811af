"""Sentences in a box of their own; none of them blocks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from inspector import __version__
from inspector.errors import InspectorError
from inspector.gui.icons import app_icon


def failed(parent: QWidget, error: InspectorError) -> QMessageBox:
    """Say what did not work and what can be done."""
    return _box(parent, QMessageBox.Icon.Warning, error.message, error.hint)


def about(parent: QWidget) -> QMessageBox:
    """Say what this is."""
    words = "Reads a Stigmer store and changes nothing."
    box = _box(parent, QMessageBox.Icon.NoIcon, f"Stigmer Inspector {__version__}", words)
    box.setIconPixmap(app_icon().pixmap(64, 64))
    return box


def _box(parent: QWidget, icon: QMessageBox.Icon, text: str, more: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Stigmer Inspector")
    box.setIcon(icon)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(more)
    box.open()
    return box
