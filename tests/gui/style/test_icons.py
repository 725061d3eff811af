"""Icons are drawn in the colour asked for, sharp at every ratio, and survive their Python side."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from inspector import assets
from inspector.gui.style.icons import app_icon, icon, pixmap, source
from inspector.gui.style.theme import DARK, LIGHT, Theme

NAMES = sorted(path.stem for path in assets.path("icons").glob("*.svg"))


def inked(image: QImage) -> list[QColor]:
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return [pixel for pixel in pixels if pixel.alpha() == 255]


def test_there_is_the_whole_set() -> None:
    assert len(NAMES) == 48


@pytest.mark.parametrize("name", NAMES)
def test_each_icon_is_ink_of_one_colour(qapp: QApplication, name: str) -> None:
    image = pixmap(name, QColor("#B42318"), 16, 2.0).toImage()
    assert image.size() == QSize(32, 32)
    assert {color.name() for color in inked(image)} == {"#b42318"}


def test_no_icon_brings_a_colour_of_its_own() -> None:
    for name in NAMES:
        assert "#" not in source(name), name


def test_an_icon_follows_the_palette(theme: Theme) -> None:
    shown = icon("close")
    for scheme, tokens in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
        theme.prefer(scheme)
        colors = {c.name().upper() for c in inked(shown.pixmap(QSize(64, 64), 1.0).toImage())}
        assert colors == {tokens.text}


def test_a_selected_icon_is_as_light_as_selected_text(theme: Theme) -> None:
    theme.prefer(Qt.ColorScheme.Light)
    image = icon("close").pixmap(QSize(64, 64), 1.0, QIcon.Mode.Selected).toImage()
    assert {c.name().upper() for c in inked(image)} == {LIGHT.selected_text}


def test_copies_outlive_the_icon_they_were_made_from(qapp: QApplication) -> None:
    copies = [QIcon(icon("ok")) for _ in range(50)]
    gc.collect()
    assert all(not copy.pixmap(QSize(16, 16), 1.0).isNull() for copy in copies)


def test_an_unknown_icon_is_an_error_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        source("no-such-icon")


def test_the_app_icon_has_every_size(qapp: QApplication) -> None:
    sizes = {size.width() for size in app_icon().availableSizes()}
    assert sizes == {16, 22, 24, 32, 48, 64, 128, 256}
