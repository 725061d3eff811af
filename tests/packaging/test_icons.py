"""The application's icon: every size of it, readable at the smallest, in the systems' formats."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage, QImageReader

import icons
from inspector.gui.style.theme import ratio

RING, MARK = "#ffffff", "#f7c04a"


def drawn(edge: int) -> QImage:
    return QImage.fromData(icons.png(edge))


def test_the_tree_is_that_of_an_icon_theme(tmp_path: Path) -> None:
    icons.write_hicolor(tmp_path)
    edges = {}
    for file in tmp_path.rglob("*.png"):
        size, group = file.parent.relative_to(tmp_path).parts
        assert (group, file.stem) == ("apps", icons.APP_ID)
        edges[size] = QImageReader(str(file)).size().toTuple()
    assert edges == {f"{edge}x{edge}": (edge, edge) for edge in icons.HICOLOR}
    scalable = tmp_path / "scalable" / "apps" / f"{icons.APP_ID}.svg"
    assert scalable.read_bytes() == (icons.ROOT / "resources" / "icon.svg").read_bytes()


@pytest.mark.parametrize(("kind", "edges"), [("ico", icons.ICO), ("icns", icons.ICNS)])
def test_what_windows_and_macos_take_reads_back(
    tmp_path: Path, kind: str, edges: tuple[object, ...]
) -> None:
    file = tmp_path / f"icon.{kind}"
    file.write_bytes(icons.ico() if kind == "ico" else icons.icns())
    reader = QImageReader(str(file))
    read = []
    for number in range(reader.imageCount()):
        assert reader.jumpToImage(number)
        image = reader.read()
        assert image == drawn(image.width()).convertToFormat(image.format())
        read.append(image.width())
    assert read == [edge[1] if isinstance(edge, tuple) else edge for edge in edges]


def test_the_length_in_an_icns_file_is_its_own() -> None:
    data = icons.icns()
    assert data[:8] == b"icns" + struct.pack(">I", len(data))


def test_at_16_pixels_ring_and_mark_are_more_than_a_blur() -> None:
    image = drawn(16)
    mark = {image.pixelColor(x, y).name() for x in (9, 10) for y in (5, 6)}
    assert mark == {MARK}
    across = [image.pixelColor(x, 6) for x in range(16)]
    for side in (across[5:9], across[11:15]):
        lightest = max(ratio(color.name(), plate(image)) for color in side)
        assert lightest > 6


@pytest.mark.parametrize("edge", icons.HICOLOR)
@pytest.mark.parametrize("ground", ["#ffffff", "#1a1b1d"])
def test_it_is_seen_on_light_and_dark_panels(edge: int, ground: str) -> None:
    image = drawn(edge)
    assert QColor(image.pixelColor(0, 0)).alpha() < 128  # the corner is round
    seen = (plate(image), RING, MARK)
    assert max(ratio(color, ground) for color in seen) > 4.5
    assert ratio(RING, plate(image)) > 4.5
    assert ratio(MARK, plate(image)) > 4


def plate(image: QImage) -> str:
    """The ground's colour, taken from the corner where nothing is drawn on it."""
    place = round(image.width() * 0.85)
    return image.pixelColor(place, place).name()
