"""The report of what takes the room."""

from __future__ import annotations

from pathlib import Path

from build import PROGRAM, report


def test_parts_are_added_up_largest_first(tmp_path: Path) -> None:
    sizes = {
        "inspector/stigmer-inspector": 1,
        "inspector/_internal/PySide6/Qt/lib/libQt6Core.so.6": 5,
        "inspector/_internal/PySide6/Qt/lib/libQt6Gui.so.6": 4,
        "inspector/_internal/new/part.bin": 2,
        "made.deb": 3,
    }
    for name, size in sizes.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size * 1_000_000))
    folder = tmp_path / "inspector"
    (folder / "_internal" / "libQt6Core.so.6").symlink_to("PySide6/Qt/lib/libQt6Core.so.6")
    assert report(folder, [tmp_path / "made.deb"]).splitlines() == [
        "     9.0 MB  Qt",
        "     2.0 MB  new",
        f"     1.0 MB  {PROGRAM}",
        "    12.0 MB  installed",
        "     3.0 MB  made.deb",
    ]
