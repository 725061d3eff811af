"""The two lines over a record: what it is called, and what is known of it as a whole."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.gui.actions import Actions
from inspector.gui.style.fonts import fonts_of
from inspector.gui.style.text_format import count
from inspector.gui.style.time_format import TimeStyle, parse, show
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import IconButton
from inspector.gui.widgets.labels import ElidedLabel, PartsLabel
from inspector.session.summaries import Record

_BUTTONS = ("uncover", "compare_record", "copy_json", "export")


class RecordHeader(QWidget):
    """Name, kind and buttons; id, size and time."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        right, middle = Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle
        self.name = ElidedLabel(right, keep=160)
        self.kind = ElidedLabel(right, dim=True)
        self.id = ElidedLabel(middle, keep=260)
        self.facts = PartsLabel(right, dim=True)
        self._head = head = Bar(40, left=12)
        head.row.setSpacing(8)
        for name in ("back", "forward"):
            head.row.addWidget(IconButton(actions[name], head))
        head.row.addWidget(self.name, 4)
        head.row.addWidget(self.kind, 1)
        head.row.addStretch()
        for name in _BUTTONS:
            head.row.addWidget(IconButton(actions[name], head))
        facts = Bar(24, left=12)
        facts.row.setSpacing(14)
        facts.row.addWidget(self.id, 2)
        facts.row.addWidget(self.facts, 3)
        facts.row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(facts)
        self._dress()

    def tell(self, record: Record, name: str, versions: int, style: TimeStyle) -> None:
        """Say what a record is.

        Args:
            record: the record.
            name: what it is called.
            versions: how many versions it has, as far as is known.
            style: how times are written.
        """
        self.name.setText(name)
        self.kind.setText(record.display_kind or record.kind)
        self.id.setText(record.id)
        unread = record.tree is None and not record.size
        facts = [] if unread else [count(record.size, "byte")]
        moment = parse(record.updated_at)
        if moment is not None:
            verb = "archived" if record.version is not None else "updated"
            facts.append(f"{verb} {show(moment, style, datetime.now(UTC), fine=True)}")
        if versions and record.version is None:
            facts.append(count(versions, "version"))
        self.facts.setText(", ".join(facts))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """The name comes first: the kind stands beside it only where both are whole."""
        row, others = self._head.row, 0
        for item in map(row.itemAt, range(row.count())):
            widget = item.widget() if item is not None else None
            if widget is not None and widget not in (self.name, self.kind):
                others += widget.sizeHint().width() + row.spacing()
        margins = row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - others - 2 * row.spacing()
        both = self.name.sizeHint().width() + self.kind.sizeHint().width()
        self.kind.setVisible(bool(self.kind.text()) and both <= room)

    def clear(self) -> None:
        """Say nothing."""
        for label in (self.name, self.kind, self.id, self.facts):
            label.setText("")

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._dress()
            self._arrange()

    def _dress(self) -> None:
        fonts = fonts_of(self.font())
        self.name.setFont(fonts.bold)
        self.id.setFont(fonts.fixed)
