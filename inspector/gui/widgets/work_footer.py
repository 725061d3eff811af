"""How far work is that somebody waits for: a bar, and the footer of a list around it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from inspector.errors import CancelledError, InspectorError
from inspector.gui.style.fonts import px
from inspector.gui.style.text_format import visible
from inspector.gui.style.theme import fill, tokens_of
from inspector.gui.widgets.labels import ElidedLabel

PATIENCE: Final = 150  #: milliseconds before work is shown


class WorkBar(QWidget):
    """A line of three pixels that fills from the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(3)
        self._share = 0.0

    def set_share(self, share: float) -> None:
        """How much is done, 0 to 1."""
        self._share = share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is done in the link colour, the rest as a line."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        fill(painter, self.rect(), tokens.color("line"))
        done = QRect(0, 0, round(self.width() * self._share), 3)
        fill(painter, done, tokens.color("link"))
        painter.end()


class _FarLabel(ElidedLabel):
    """How far work is, which changes with each frame: the window is not laid out anew for it."""

    def __init__(self) -> None:
        super().__init__(Qt.TextElideMode.ElideRight)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        """Show another text in the same room."""
        self._text = visible(text)
        self.setAccessibleName(self._text)
        self.update()


class WorkFooter(QWidget):
    """What is being done, how far it is, and Cancel; shown only when it takes a while.

    ``cancelled`` is emitted by Cancel, ``continued`` by Continue after it.

    Attributes:
        button: Cancel, or Continue.
    """

    cancelled = Signal()
    continued = Signal()

    def __init__(self, bar: WorkBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = bar
        self._stopped = False
        self._doing = ""
        self._label = _FarLabel()
        self.button = QPushButton()
        self.button.clicked.connect(self._press)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self._label, 1)
        row.addWidget(self.button)
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE)
        self._timer.timeout.connect(self._show)
        self.finish()

    def start(self, doing: str) -> None:
        """Work has begun; it is shown when it is still going on after a moment."""
        self._doing, self._stopped = doing, False
        self._label.setText(doing)
        self.button.setText("Cancel")
        self._bar.set_share(0.0)
        self._timer.start()

    def progress(self, done: int, total: int) -> None:
        """Say how far it is."""
        far = f"{done:,} of {total:,}" if total else f"{done:,}"
        self._label.setText(f"{self._doing}, {far}")
        self._bar.set_share(done / total if total else 0.0)

    def stopped(self, sentence: str) -> None:
        """It was cancelled: say how far it got and offer to go on."""
        self._stopped = True
        self._timer.stop()
        self._label.setText(sentence)
        self.button.setText("Continue")
        self._bar.hide()
        self.show()

    def failed(self, error: InspectorError, stopped: str) -> str:
        """It ended early: where it was cancelled, say how far it got and offer to go on.

        Args:
            error: what ended it.
            stopped: the sentence for that.

        Returns:
            What went wrong; empty where it was cancelled.
        """
        if isinstance(error, CancelledError):
            self.stopped(stopped)
            return ""
        self.finish()
        return str(error)

    def is_stopped(self) -> bool:
        """Whether it says that something was cancelled."""
        return self._stopped and self.isVisible()

    def finish(self) -> None:
        """It is done, or nobody waits for it any more."""
        self._timer.stop()
        self._bar.hide()
        self.hide()

    def _show(self) -> None:
        self._bar.show()
        self.show()
        self.setMinimumHeight(px(self, 36))

    def _press(self) -> None:
        (self.continued if self._stopped else self.cancelled).emit()
