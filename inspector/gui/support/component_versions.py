"""What this program is made of, for the about box and for whoever helps."""

from __future__ import annotations

import platform
import sys
from typing import Final, NamedTuple

import PySide6
from PySide6.QtCore import QSysInfo, qVersion

from inspector import __version__
from inspector.schema.protobuf_library import protobuf_version
from inspector.store.sqlite_library import sqlite_version

LICENCE: Final = "Apache License 2.0"


class Component(NamedTuple):
    """A part of the program and its version."""

    name: str
    version: str


def parts() -> list[Component]:
    """All parts, the platform last."""
    return [
        Component("Python", f"{platform.python_version()}{_packed()}"),
        Component("Qt", qVersion()),
        Component("PySide6", PySide6.__version__),
        Component("SQLite", sqlite_version()),
        Component("protobuf", protobuf_version()),
        Component("Platform", f"{QSysInfo.prettyProductName()}, {platform.machine()}"),
    ]


def own_version() -> str:
    """The version of the program."""
    return __version__


def _packed() -> str:
    return ", packed" if getattr(sys, "frozen", False) else ""
