"""What this machine has seen pass: a note for each state of what the frozen program is made by."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from bootstrap import ROOT

SOURCES = ("packaging", "pyproject.toml", "tests/tools")
#: Generated, or of no part in the build.
LEFT_OUT = ("__pycache__", "pictures")


def passed() -> bool:
    """Whether the check has passed here in the state of today."""
    return _note().exists()


def note() -> None:
    """Remember that it has."""
    _note().parent.mkdir(parents=True, exist_ok=True)
    _note().touch()


def _note() -> Path:
    caches = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return caches / "stigmer-inspector-build" / state()


def state() -> str:
    """Hash of the names and bytes of the sources, and of the Python that is frozen."""
    told = hashlib.sha256(f"{sys.version} {sys.platform}".encode())
    for path in sorted(file for source in SOURCES for file in _files(ROOT / source)):
        told.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        told.update(hashlib.sha256(path.read_bytes()).digest())
    return told.hexdigest()


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    files = (path for path in source.rglob("*") if path.is_file())
    return [path for path in files if not set(path.parts) & set(LEFT_OUT)]
