"""The archive for Linux that is unpacked anywhere and needs no root."""

from __future__ import annotations

import tarfile
from pathlib import Path

from bootstrap import ROOT, say
from linux_files import LINUX, OPEN_WITH

MENU = "add-to-menu.sh"


def linux_archive(folder: Path, share: Path, target: Path) -> Path:
    """Write a tar archive of one folder, which is named like the archive.

    Args:
        folder: the frozen program.
        share: the desktop's files, see :mod:`linux_files`.
        target: the archive.
    """
    say(f"Packing {target.name}.")
    top = target.name.removesuffix(".tar.xz")
    with tarfile.open(target, "w:xz", preset=6) as archive:
        archive.add(folder, top, filter=_plain)
        archive.add(share, f"{top}/share", filter=_without_open_with)
        archive.add(LINUX / MENU, f"{top}/{MENU}", filter=_plain)
        archive.add(ROOT / "LICENSE", f"{top}/LICENSE", filter=_plain)
        for notice in folder.glob("*/licenses/NOTICE.txt"):
            archive.add(notice, f"{top}/{notice.name}", filter=_plain)
    return target


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack such an archive and return the one folder in it."""
    with tarfile.open(archive) as opened:
        # Set, not given: Python 3.11.2 knows no argument of that name.
        opened.extraction_filter = lambda entry, _: entry
        opened.extractall(folder)
    return folder / archive.name.removesuffix(".tar.xz")


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """As whoever unpacks it owns it."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _without_open_with(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if entry.name.endswith(OPEN_WITH) else _plain(entry)
