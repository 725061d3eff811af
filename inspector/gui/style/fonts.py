"""Fonts: the system's, with figures of equal width; the fixed one a point smaller.

Views take their font from the application, so text size is one call, and every other size is
derived from the font a widget has.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget

from inspector.named_tuple import NamedTuple

ZOOMS: Final = (50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200)
_SMALLER: Final = 0.75  #: points
_REFERENCE_HEIGHT: Final = 16  #: line height of the 13 px font the sizes were drawn with


class Fonts(NamedTuple):
    """The five fonts of the window, all derived from the first."""

    body: QFont
    small: QFont
    bold: QFont
    fixed: QFont
    small_bold: QFont

    def named(self, name: str) -> QFont:
        """The font called ``body``, ``small``, ``bold``, ``fixed`` or ``small_bold``."""
        font: QFont = getattr(self, name)
        return font


_cache: dict[str, Fonts] = {}
#: What was given last, and of which font: a view asks for its own again in every cell.
_last: list[tuple[QFont, Fonts]] = []
_last_unit: list[tuple[QFont, float]] = []


def fonts_of(body: QFont) -> Fonts:
    """The fonts that go with a body font; the size of each follows it."""
    if _last and _last[0][0] == body:
        return _last[0][1]
    key = body.toString()
    fonts = _cache.get(key)
    if fonts is None:
        fonts = _cache[key] = _derive(QFont(body))
    _last[:] = [(QFont(body), fonts)]
    return fonts


def _derive(body: QFont) -> Fonts:
    points = body.pointSizeF() if body.pointSizeF() > 0 else QFontInfo(body).pointSizeF()
    small = _sized(body, points - _SMALLER)
    bold, small_bold = QFont(body), QFont(small)
    for font in (bold, small_bold):
        font.setWeight(QFont.Weight.DemiBold)
    fixed = _sized(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont), points - 1)
    fixed.setStyleHint(QFont.StyleHint.Monospace)
    return Fonts(body, small, bold, fixed, small_bold)


def _sized(font: QFont, points: float) -> QFont:
    sized = QFont(font)
    sized.setPointSizeF(max(4.0, points))
    return sized


def system_body() -> QFont:
    """The system's font with tabular figures, so that columns of numbers stand still."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def set_zoom(app: QApplication, percent: int) -> None:
    """Set the text size of every window, in per cent of the system's."""
    font = system_body()
    points = font.pointSizeF() if font.pointSizeF() > 0 else QFontInfo(font).pointSizeF()
    app.setFont(_sized(font, points * percent / 100))


def next_zoom(percent: int, step: int) -> int:
    """The text size ``step`` stops away from ``percent``, within the stops there are."""
    nearest = min(range(len(ZOOMS)), key=lambda i: abs(ZOOMS[i] - percent))
    return ZOOMS[max(0, min(len(ZOOMS) - 1, nearest + step))]


def px(widget: QWidget, size: float) -> int:
    """A size drawn for a 13 px font, in device-independent pixels for the widget's font.

    A smaller font keeps the sizes: targets stay large enough, and its letters may be wider.
    """
    return round(size * unit(widget.font()))


def unit(font: QFont) -> float:
    """How much larger a font is than the one the sizes were drawn with, at least 1."""
    if not _last_unit or _last_unit[0][0] != font:
        _last_unit[:] = [(QFont(font), max(1.0, QFontMetrics(font).height() / _REFERENCE_HEIGHT))]
    return _last_unit[0][1]


def row_height(widget: QWidget) -> int:
    """Height of a one-line row: never below 24, so that it stays a target to be hit."""
    return row_height_of(QFontMetrics(widget.font()))


def row_height_of(metrics: QFontMetrics) -> int:
    """Height of a one-line row by the metrics of its font: never below 24 pixels."""
    return max(24, metrics.height() + 8)
