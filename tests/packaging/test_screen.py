"""How the script that clicks finds our icon on the screen, and knows when to give up."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter

import icons
from tests.tools import screen
from tests.tools.double_click import PLATE


@pytest.fixture
def desk() -> QImage:
    """A screen with two of our icons on it."""
    image = QImage(QSize(400, 300), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    for edge, x, y in ((48, 300, 20), (16, 40, 200)):
        painter.drawImage(x, y, QImage.fromData(icons.png(edge)))
    painter.end()
    return image


def test_icons_are_found_at_their_middle(desk: QImage) -> None:
    large, small = screen.patches(desk, PLATE, desk.rect())
    for found, middle in ((large, QPoint(324, 44)), (small, QPoint(48, 208))):
        assert (found.center() - middle).manhattanLength() <= 3


def test_only_what_lies_within_is_found(desk: QImage) -> None:
    [found] = screen.patches(desk, PLATE, QRect(0, 150, 400, 150))
    assert QRect(40, 200, 16, 16).contains(found)
    assert screen.patches(desk, PLATE, QRect(0, 0, 200, 150)) == []


def test_what_does_not_come_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "PATIENCE", 0.0)
    with pytest.raises(screen.NotSeenError, match="Our icon did not come"):
        screen.until("Our icon", list)
