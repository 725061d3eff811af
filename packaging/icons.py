"""Draws the application's icon in every size that a system asks for.

``python packaging/icons.py FOLDER`` writes ``FOLDER/hicolor/``, which belongs into ``share/icons``,
``FOLDER/stigmer-inspector.ico`` for Windows and ``FOLDER/stigmer-inspector.icns`` for macOS.
"""

from __future__ import annotations

import argparse
import shutil
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from inspector.gui.style.icons import app_svg  # noqa: E402

APP_ID: Final = "ai.stigmer.Inspector"
PROGRAM: Final = "stigmer-inspector"
HICOLOR: Final = (16, 22, 24, 32, 48, 64, 128, 256, 512)  #: pixels
ICO: Final = (16, 20, 24, 32, 40, 48, 64, 256)  #: pixels, those of Windows at 100 to 250 %
#: Apple's code of an entry that holds a PNG, and its edge; 2x entries repeat an edge.
ICNS: Final = (
    *((b"icp4", 16), (b"ic11", 32), (b"icp5", 32), (b"ic12", 64), (b"ic07", 128)),
    *((b"ic13", 256), (b"ic08", 256), (b"ic14", 512), (b"ic09", 512), (b"ic10", 1024)),
)


def main() -> int:
    """Writes the tree and the two files."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    words.add_argument("folder", type=Path)
    folder: Path = words.parse_args().folder
    write_hicolor(folder / "hicolor")
    (folder / f"{PROGRAM}.ico").write_bytes(ico())
    (folder / f"{PROGRAM}.icns").write_bytes(icns())
    return 0


def write_hicolor(theme: Path) -> None:
    """Write the icon as part of the icon theme that every desktop falls back to.

    Args:
        theme: the folder of the theme, ``share/icons/hicolor``; made where it is not there.
    """
    for edge in HICOLOR:
        target = theme / f"{edge}x{edge}" / "apps" / f"{APP_ID}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(png(edge))
    target = theme / "scalable" / "apps" / f"{APP_ID}.svg"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(app_svg(max(HICOLOR)), target)


def png(edge: int) -> bytes:
    """The icon as a PNG file; an edge in pixels."""
    canvas = QImage(QSize(edge, edge), QImage.Format.Format_ARGB32_Premultiplied)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    QSvgRenderer(str(app_svg(edge))).render(painter, QRectF(canvas.rect()))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    canvas.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs know names only
    return bytes(buffer.data().data())


def ico(edges: Iterable[int] = ICO) -> bytes:
    """The icon as an ICO file with a PNG for each edge, as Windows reads them since Vista."""
    images = [(edge, png(edge)) for edge in edges]
    entries, place = b"", 6 + 16 * len(images)
    for edge, image in images:
        side = edge % 256  # 0 stands for 256
        entries += struct.pack("<4B2H2I", side, side, 0, 0, 1, 32, len(image), place)
        place += len(image)
    return struct.pack("<3H", 0, 1, len(images)) + entries + b"".join(i for _, i in images)


def icns() -> bytes:
    """The icon as an ICNS file with a PNG for each entry, as macOS reads them since 10.7."""
    entries = b""
    for code, edge in ICNS:
        image = png(edge)
        entries += code + struct.pack(">I", 8 + len(image)) + image
    return b"icns" + struct.pack(">I", 8 + len(entries)) + entries


if __name__ == "__main__":
    sys.exit(main())
