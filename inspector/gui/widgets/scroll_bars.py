"""Scroll bars without arrows, as desktops have them; only where Fusion draws them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionSlider,
    QWidget,
)

from inspector.gui.style.fusion_style import is_fusion
from inspector.gui.style.theme import fill, tokens_of

_WIDTH: Final = 13
_LEAST: Final = 24  #: length of the handle
_MARGIN: Final = 3
_Part = QStyle.SubControl
_Control = QStyle.ComplexControl
_Metric = QStyle.PixelMetric


class SlimBars(QProxyStyle):
    """Draws a handle on the bars' ground, and nothing else."""

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """How wide a bar is, and how long its handle at least."""
        if metric == _Metric.PM_ScrollBarExtent:
            return _WIDTH
        return (
            _LEAST
            if metric == _Metric.PM_ScrollBarSliderMin
            else super().pixelMetric(metric, option, widget)
        )

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Where a part of a bar is; there are no arrows."""
        if control != _Control.CC_ScrollBar or not isinstance(option, QStyleOptionSlider):
            return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]
        whole, (start, length) = option.rect, _handle(option)
        upright = option.orientation == Qt.Orientation.Vertical
        end = (whole.height() if upright else whole.width()) - start - length
        spans = {
            _Part.SC_ScrollBarGroove: (0, start + length + end),
            _Part.SC_ScrollBarSlider: (start, length),
            _Part.SC_ScrollBarSubPage: (0, start),
            _Part.SC_ScrollBarAddPage: (start + length, end),
        }
        first, size = spans.get(part, (0, 0))
        if upright:
            return QRect(whole.left(), whole.top() + first, whole.width(), size)
        place = QRect(whole.left() + first, whole.top(), size, whole.height())
        return QStyle.visualRect(option.direction, whole, place)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw a bar."""
        if control != _Control.CC_ScrollBar or not isinstance(option, QStyleOptionSlider):
            super().drawComplexControl(control, option, painter, widget)
            return
        tokens = tokens_of(option.palette)
        fill(painter, option.rect, tokens.color("bars"))
        slider = _Part.SC_ScrollBarSlider
        area = QRectF(self.subControlRect(control, option, slider, widget))
        area.adjust(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        color = tokens.color("dim")
        lit = bool(option.activeSubControls & slider)
        color.setAlphaF(1.0 if lit else 0.6)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(area, _MARGIN, _MARGIN)
        painter.restore()


def _handle(option: QStyleOptionSlider) -> tuple[int, int]:
    """Where the handle of a bar begins, and how long it is."""
    upright = option.orientation == Qt.Orientation.Vertical
    room = option.rect.height() if upright else option.rect.width()
    beyond = option.maximum - option.minimum
    if beyond <= 0:
        return 0, room
    length = min(room, max(_LEAST, room * option.pageStep // max(1, beyond + option.pageStep)))
    start = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, room - length, option.upsideDown
    )
    return start, length


def slim(area: QAbstractScrollArea) -> None:
    """Take the arrows off the scroll bars of a view."""
    app = QApplication.instance()
    if app is None or not is_fusion(area):
        return
    style = app.findChild(SlimBars)
    if style is None:
        style = SlimBars("fusion")
        style.setParent(app)  # a style must not outlive it
    for bar in (area.verticalScrollBar(), area.horizontalScrollBar()):
        bar.setStyle(style)
