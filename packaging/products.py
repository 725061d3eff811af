"""What is built, where it lies and what it is called."""

from __future__ import annotations

import re
from pathlib import Path

from bootstrap import ROOT, SetupError

NAME = "stigmer-inspector"
APP = "Stigmer Inspector.app"
WORK = ROOT / "build"
FROZEN = WORK / "frozen"
PRODUCTS = ROOT / "dist"


def version() -> str:
    """The program's version, which is written in one place.

    Raises:
        SetupError: it is not there.
    """
    text = (ROOT / "inspector" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if not found:
        raise SetupError("inspector/__init__.py names no version.")
    return found[1]


def linux_archive_path() -> Path:
    """The archive for Linux."""
    return PRODUCTS / f"{NAME}-{version()}-linux-x86_64.tar.xz"


def debian_package_path() -> Path:
    """The Debian package."""
    return PRODUCTS / f"{NAME}_{version()}_amd64.deb"
