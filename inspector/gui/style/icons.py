"""Line icons: SVG drawn in the colour of the text beside them, crisp at every size and ratio."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer

from inspector import assets

APP_EDGES: Final = (16, 22, 24, 32, 48, 64, 128, 256)  #: pixels
_SMALL: Final = 24  #: pixels; up to here the lens would be a blur


@cache
def source(name: str) -> str:
    """The SVG text of an icon.

    Raises:
        FileNotFoundError: there is no icon of that name.
    """
    return assets.path("icons", f"{name}.svg").read_text("utf-8")


def _drawn(name: str, rgba: int, size: QSize, ratio: float) -> QPixmap:
    """The icon out of Qt's cache (which dies with the application), or drawn into it."""
    key = f"line-icon {name} {rgba:08x} {size.width()}x{size.height()}@{ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    canvas = _canvas(QSize(round(size.width() * ratio), round(size.height() * ratio)))
    color = QColor.fromRgba(rgba).name()
    svg = QSvgRenderer(QByteArray(source(name).replace("currentColor", color).encode()))
    _render(svg, canvas)
    canvas.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, canvas)
    return canvas


def _canvas(size: QSize) -> QPixmap:
    canvas = QPixmap(size)
    canvas.fill(Qt.GlobalColor.transparent)
    return canvas


def _render(svg: QSvgRenderer, canvas: QPixmap) -> None:
    painter = QPainter(canvas)
    svg.render(painter, QRectF(canvas.rect()))
    painter.end()


def pixmap(name: str, color: QColor, size: int, ratio: float) -> QPixmap:
    """An icon as a pixmap.

    Args:
        name: the file's name without ``.svg``.
        color: replaces ``currentColor``.
        size: edge in device-independent pixels.
        ratio: physical pixels of the screen per device-independent one.
    """
    return _drawn(name, color.rgba(), QSize(size, size), ratio)


class _Engine(QIconEngine):
    """Draws an icon in the palette's colour of the moment, or in one of its own."""

    def __init__(self, name: str, color: QColor | None) -> None:
        super().__init__()
        self._name = name
        self._color = color

    def clone(self) -> QIconEngine:
        """A copy for another ``QIcon``."""
        return _Engine(self._name, self._color)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """The icon at a size in device-independent pixels and a ratio."""
        return _drawn(self._name, self._tint(mode).rgba(), size, scale)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The icon for a screen of ratio 1."""
        return self.scaledPixmap(size, mode, state, 1.0)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the icon into a rectangle, centred and square."""
        edge = min(rect.width(), rect.height())
        ratio = painter.device().devicePixelRatio()
        drawn = self.scaledPixmap(QSize(edge, edge), mode, state, ratio)
        corner = rect.center() - QPoint((edge - 1) // 2, (edge - 1) // 2)
        painter.drawPixmap(corner, drawn)

    def _tint(self, mode: QIcon.Mode) -> QColor:
        palette = QGuiApplication.palette()
        if mode == QIcon.Mode.Disabled:
            return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
        if self._color is not None:
            return self._color
        role = QPalette.ColorRole
        selected = mode == QIcon.Mode.Selected
        return palette.color(role.HighlightedText if selected else role.ButtonText)


def icon(name: str, color: QColor | None = None) -> QIcon:
    """A line icon that follows the palette, or keeps ``color`` where one is given."""
    return QIcon(_Engine(name, color))


def app_svg(edge: int) -> Path:
    """The drawing of the application's icon for an edge in pixels: small ones have their own."""
    return assets.path("icon-small.svg" if edge <= _SMALL else "icon.svg")


def app_icon() -> QIcon:
    """The application's icon at the sizes desktops ask for."""
    result = QIcon()
    drawings = {path: QSvgRenderer(str(path)) for path in {app_svg(edge) for edge in APP_EDGES}}
    for edge in APP_EDGES:
        canvas = _canvas(QSize(edge, edge))
        _render(drawings[app_svg(edge)], canvas)
        result.addPixmap(canvas)
    return result
