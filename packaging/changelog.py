"""Writes the releases of CHANGELOG.md into the desktop's metainfo: python packaging/changelog.py.

A release is a heading ``## VERSION - YYYY-MM-DD`` and a list below it; what comes before the first
of them is not released yet.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

ROOT: Final = Path(__file__).resolve().parent.parent
CHANGELOG: Final = ROOT / "CHANGELOG.md"
METAINFO: Final = ROOT / "packaging" / "linux" / "ai.stigmer.Inspector.metainfo.xml"
_RELEASE: Final = re.compile(r"^## (\d+(?:\.\d+)*) - (\d{4}-\d\d-\d\d)$")
_ITEM: Final = re.compile(r"^- (.+)$")
_RELEASES: Final = re.compile(r"^  <releases>\n.*^  </releases>\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Release:
    """A version that was given out.

    Attributes:
        version: of the program.
        date: ``YYYY-MM-DD``.
        changes: what is new in it, a line of plain text each.
    """

    version: str
    date: str
    changes: tuple[str, ...]


def main() -> int:
    """Write the metainfo anew."""
    METAINFO.write_text(with_releases(METAINFO.read_text("utf-8"), releases()), encoding="utf-8")
    return 0


def releases(text: str | None = None) -> list[Release]:
    """The releases, newest first.

    Args:
        text: of the changelog; that of the project where None.

    Raises:
        ValueError: there is none, or one says nothing, has no such day or is newer than the one
            above it.
    """
    found: list[tuple[str, str, list[str]]] = []
    for line in (CHANGELOG.read_text("utf-8") if text is None else text).splitlines():
        if heading := _RELEASE.match(line):
            date.fromisoformat(heading[2])
            found.append((heading[1], heading[2], []))
        elif line.startswith("## ") and found:
            raise ValueError(f"CHANGELOG.md: this is no release: {line}")
        elif found and (item := _ITEM.match(line)):
            found[-1][2].append(item[1].replace("`", ""))
    if not found or not all(changes for _, _, changes in found):
        raise ValueError("CHANGELOG.md: a release has a list of what is new.")
    if [day for _, day, _ in found] != sorted((day for _, day, _ in found), reverse=True):
        raise ValueError("CHANGELOG.md: the newest release is on top.")
    return [Release(version, day, tuple(changes)) for version, day, changes in found]


def with_releases(metainfo: str, made: list[Release]) -> str:
    """The metainfo with these releases.

    Raises:
        ValueError: it has no place for them.
    """
    lines = ["  <releases>\n"]
    for release in made:
        lines.append(f'    <release version="{release.version}" date="{release.date}">\n')
        lines.append("      <description>\n        <ul>\n")
        lines += (f"          <li>{escape(change)}</li>\n" for change in release.changes)
        lines.append("        </ul>\n      </description>\n    </release>\n")
    lines.append("  </releases>\n")
    text, count = _RELEASES.subn(lambda _: "".join(lines), metainfo)
    if count != 1:
        raise ValueError("The metainfo has no list of releases.")
    return text


if __name__ == "__main__":
    sys.exit(main())
