"""The files that a Linux desktop knows a program by, as they lie in ``share``."""

from __future__ import annotations

import shutil
from pathlib import Path

from bootstrap import ROOT

LINUX = ROOT / "packaging" / "linux"
ID = "ai.stigmer.Inspector"
#: Belongs into the system's folder only; see what it says itself.
OPEN_WITH = "zz-stigmer-inspector.desktop"
PLACES = {
    f"{ID}.desktop": f"applications/{ID}.desktop",
    OPEN_WITH: f"applications/{OPEN_WITH}",
    f"{ID}.metainfo.xml": f"metainfo/{ID}.metainfo.xml",
    f"{ID}.mime.xml": f"mime/packages/{ID}.xml",
    "copyright": "doc/stigmer-inspector/copyright",
}


def stage(share: Path, icons: Path, shell: Path) -> Path:
    """Lay the files out anew and return their folder.

    Args:
        share: the folder to make, which becomes ``/usr/share``.
        icons: what packaging/icons.py has drawn.
        shell: what packaging/shell_files.py has written.
    """
    shutil.rmtree(share, ignore_errors=True)
    for name, place in PLACES.items():
        target = share / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(LINUX / name, target)
    shutil.copytree(icons / "hicolor", share / "icons" / "hicolor")
    shutil.copytree(shell, share, dirs_exist_ok=True)
    for path in (share, *share.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return share
