"""What takes the room in the frozen program, largest first."""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePosixPath

#: What a part is called, and how the paths of its files begin; the first that fits counts.
PARTS = (
    ("ICU, Qt's Unicode data", ("PySide6/Qt/lib/libicu", "PySide6/icu")),
    ("Qt's plugins", ("PySide6/Qt/plugins/", "PySide6/plugins/")),
    ("Qt", ("PySide6/Qt/lib/", "PySide6/Qt6")),
    ("Qt for Python", ("PySide6/", "shiboken6/")),
    ("SQLite and apsw", ("apsw",)),
    ("protobuf", ("google/",)),
    ("RapidFuzz", ("rapidfuzz/",)),
    ("our data files", ("resources/",)),
    ("licenses", ("licenses/",)),
    ("Python", ("libpython", "python3", "base_library.zip")),
    ("libraries of the system", ("lib",)),
)
PROGRAM = "the program, with Python's modules and its start"


def parts(folder: Path) -> Counter[str]:
    """Bytes by part of the program; a symbolic link has none."""
    found: Counter[str] = Counter()
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            name = file.relative_to(folder).as_posix().removeprefix("_internal/")
            found[_part(name)] += file.stat().st_size
    return found


def _part(name: str) -> str:
    fitting = (part for part, starts in PARTS if name.startswith(starts))
    return next(fitting, PROGRAM if "/" not in name else PurePosixPath(name).parts[0])


def report(folder: Path, products: list[Path]) -> str:
    """The parts, their sum, and what is handed out, as lines with megabytes of 10^6 bytes."""
    found = parts(folder)
    lines = [f"{_megabytes(size)}  {part}" for part, size in found.most_common()]
    lines.append(f"{_megabytes(found.total())}  installed")
    lines += [f"{_megabytes(file.stat().st_size)}  {file.name}" for file in products]
    return "\n".join(lines)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:8.1f} MB"
