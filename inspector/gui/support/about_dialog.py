"""What this is: its name, its version and those of its parts, its license."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.actions import NAME
from inspector.gui.dialogs.dialog_setup import take_icons_off
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.icons import app_icon
from inspector.gui.support.component_versions import LICENCE, own_version, parts
from inspector.gui.widgets.banner import plain_label

_PROMISE = "Reads a Stigmer store and changes nothing."


class AboutDialog(QDialog):
    """Never blocks; ``copy`` puts the diagnostic information on the clipboard."""

    def __init__(self, parent: QWidget, copy: Callable[[], object]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"About {NAME}")
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._name = plain_label(f"{NAME} {own_version()}")
        rows = QFormLayout()
        for name, version in (*parts(), ("License", LICENCE)):
            label = plain_label(version)
            label.setWordWrap(False)
            rows.addRow(f"{name}:", label)
        words = QVBoxLayout()
        words.addWidget(self._name)
        words.addWidget(plain_label(_PROMISE))
        words.addSpacing(8)
        words.addLayout(rows)
        words.addStretch()
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._icon)
        head.addLayout(words, 1)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = self.buttons.addButton(
            "Copy &diagnostic information", QDialogButtonBox.ButtonRole.ActionRole
        )
        self.copy.clicked.connect(lambda _=False: copy())
        self.licenses = self.buttons.addButton(
            "&Licenses\N{HORIZONTAL ELLIPSIS}", QDialogButtonBox.ButtonRole.ActionRole
        )
        self.licenses.clicked.connect(self._show_licenses)
        self.buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addLayout(head, 1)
        column.addSpacing(8)
        column.addWidget(self.buttons)
        take_icons_off(self)
        self._dress()
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setFocus()

    def _show_licenses(self) -> None:
        from inspector.gui.support.licenses_dialog import LicensesDialog  # noqa: PLC0415 - seldom asked for

        dialog = self.findChild(LicensesDialog) or LicensesDialog(self)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _dress(self) -> None:
        name = QFont(fonts_of(self.font()).bold)
        name.setPointSizeF(name.pointSizeF() * 1.3)
        self._name.setFont(name)
        edge = px(self, 64)
        self._icon.setPixmap(app_icon().pixmap(QSize(edge, edge), self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._dress()
