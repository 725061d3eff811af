"""Paths as a person reads them, and two paths that are one file."""

from __future__ import annotations

import os
from pathlib import Path

from inspector.gui.words import visible


def short_path(path: str) -> str:
    """A path with the home directory as ``~`` and control characters made visible."""
    try:
        return visible(str(Path("~") / Path(path).relative_to(Path.home())))
    except (ValueError, RuntimeError):
        return visible(path)


def real_path(path: str | Path) -> str:
    """The path without symbolic links; as it stands where they lead nowhere."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return os.fspath(path)
