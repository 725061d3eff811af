"""What the program is, and the licenses of what it is made of."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.actions import NAME
from inspector.gui.dialogs.message_boxes import give_size, take_icons_off
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.icons import app_icon
from inspector.gui.support.diagnostics import LICENCE, own_version, parts
from inspector.gui.widgets.banner import plain_label
from inspector.named_tuple import NamedTuple

NOTICE: Final = "NOTICE.txt"
#: What it runs on where it was installed with Python's tools.
_DISTRIBUTIONS: Final = ("PySide6_Essentials", "shiboken6", "apsw", "protobuf", "rapidfuzz")
_TEXTS: Final = ("LICENSE", "COPYING", "NOTICE")
_LARGEST: Final = 1 << 20  #: bytes of a text that are read


class LicenseText(NamedTuple):
    """A text and what it is of."""

    title: str
    text: str


def license_texts() -> list[LicenseText]:
    """The notice, and after it the texts of the licenses that it names."""
    folder = packed_folder()
    return _packed(folder) if folder is not None else list(_installed())


def packed_folder() -> Path | None:
    """Where the frozen program has its licenses, and its bill of materials; None elsewhere."""
    bundle = getattr(sys, "_MEIPASS", None)
    folder = Path(bundle, "licenses") if bundle else None
    return folder if folder is not None and (folder / NOTICE).is_file() else None


def _packed(folder: Path) -> list[LicenseText]:
    others = sorted(path for path in folder.glob("*.txt") if path.name != NOTICE)
    return [
        LicenseText("Notice", _read(folder / NOTICE)),
        *(LicenseText(path.stem, _read(path)) for path in others),
    ]


def _installed() -> Iterator[LicenseText]:
    """What the packages say that Python's tools have installed, each beside the program."""
    lines = [f"Stigmer Inspector {own_version()}: {LICENCE}"]
    texts = []
    for name in _DISTRIBUTIONS:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        about = found.metadata
        said = [about[name] for name in ("License-Expression", "License") if name in about]
        lines.append(f"{about['Name']} {found.version}: {said[0] if said else 'see its package'}")
        for file in found.files or ():
            if file.name.startswith(_TEXTS) and ".dist-info" in str(file):
                texts.append(LicenseText(about["Name"], _read(Path(str(file.locate())))))
    lines.append("Python: Python Software Foundation License")
    lines.append("Qt, which is in PySide6_Essentials: LGPL-3.0-only")
    lines.append("SQLite, which is in apsw: public domain")
    yield LicenseText("Notice", "\n".join(lines) + "\n")
    yield from texts


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return "This text cannot be read."


class LicensesDialog(QDialog):
    """Shows one text at a time; never blocks."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Licenses")
        self._texts = license_texts()
        self.choice = QComboBox()
        self.choice.addItems([text.title for text in self._texts])
        label = QLabel("&Text:")
        label.setBuddy(self.choice)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("License")
        self.text.setFont(fonts_of(self.font()).fixed)
        self.text.setTabChangesFocus(True)
        self.choice.currentIndexChanged.connect(self._show)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        head = QHBoxLayout()
        head.addWidget(label)
        head.addWidget(self.choice, 1)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        folder = packed_folder()
        if folder is not None:
            column.addWidget(plain_label(f"These texts and a bill of materials lie in {folder}."))
        column.addWidget(buttons)
        take_icons_off(self)
        give_size(self, 760, 560)
        self._show(0)
        self.choice.setFocus()

    def _show(self, index: int) -> None:
        self.text.setPlainText(self._texts[index].text)


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
