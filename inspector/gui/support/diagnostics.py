"""What whoever helps needs to know, without what is nobody's business.

Only what is named here is told, and never a name, an id, a path of a store or a value of it. What
is left is scrubbed of user, computer and home folder all the same.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final

import PySide6
from PySide6.QtCore import QSysInfo, qVersion
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication

from inspector import __version__
from inspector.gui.settings.file_memory import FileMemory
from inspector.gui.settings.settings import PREFERENCES, Settings
from inspector.gui.style.text_format import short_path
from inspector.gui.style.theme import is_dark
from inspector.gui.support import log_file
from inspector.gui.support.crash_log import Crash
from inspector.gui.support.redacted_log import Redaction
from inspector.history.record import number_of
from inspector.named_tuple import NamedTuple
from inspector.plurals import counted
from inspector.schema.catalog import AUTO, is_own
from inspector.schema.protobuf_library import protobuf_version
from inspector.session.summaries import Record
from inspector.store.rows import StoreFacts
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


_OWN: Final = "one's own"  #: a schema whose name could say something
_CRASHES: Final = 20  #: the last that are told
#: Variables whose values are names of desktops and switches.
_VARIABLES: Final = (
    *("XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "QT_QPA_PLATFORM", "QT_QPA_PLATFORMTHEME"),
    *("QT_STYLE_OVERRIDE", "QT_SCALE_FACTOR", "QT_FONT_DPI"),
)
_PLAIN: Final = re.compile(r"[A-Za-z0-9:;,._+-]{1,60}")
Line = tuple[str, object]


class WindowReport(NamedTuple):
    """What is told of a window.

    Attributes:
        facts: what the file is that is open; None while none is.
        holds: how much is in it.
        memory: what is remembered of it.
        record: the record on screen.
    """

    facts: StoreFacts | None
    holds: str
    memory: FileMemory
    record: Record | None


def report(
    settings: Settings,
    windows: Sequence[WindowReport],
    crashes: Sequence[Crash] = (),
    recent: Iterable[str] = (),
) -> str:
    """The text, ending in a newline.

    Args:
        settings: of which those that differ from the defaults are told.
        windows: what is told of the store each shows.
        crashes: the first first.
        recent: what was logged, the last last.
    """
    sections: list[tuple[str, Iterable[Line]]] = [
        (f"Stigmer Inspector {own_version()}", [*parts(), ("System", _system())]),
        ("Display", _display()),
        ("Settings that differ", _settings(settings)),
        *((f"Window {number}", _store(each)) for number, each in enumerate(windows, 1)),
        ("Log", [("", _log()), *(("", line) for line in recent)]),
    ]
    text = "\n".join(_section(title, lines) for title, lines in sections)
    found = "\n\n".join(map(_crash, crashes[-_CRASHES:])) or "None."
    return Redaction()(f"{text}\nCrashes\n{found}\n")


def _section(title: str, lines: Iterable[Line]) -> str:
    told = [f"  {name}: {value}" if name else f"  {value}" for name, value in lines]
    return "\n".join([title, *(told or ["  None."]), ""])


def _system() -> str:
    return f"{platform.system()} {platform.release()}, {platform.libc_ver()[0] or 'own libc'}"


def _display() -> list[Line]:
    app = QApplication.instance()
    lines: list[Line] = [("Platform plugin", QGuiApplication.platformName())]
    if isinstance(app, QApplication):
        font = app.font()
        lines += [
            ("Style", f"{app.style().name()}, {'dark' if is_dark(app.palette()) else 'light'}"),
            ("Desktop", QGuiApplication.styleHints().colorScheme().name.lower()),
            ("Font", f"{font.family()}, {font.pointSizeF():g} points"),
        ]
    lines += [("Screen", _screen(screen)) for screen in QGuiApplication.screens()]
    for name in _VARIABLES:
        value = os.environ.get(name, "")
        if value:
            lines.append((name, value if _PLAIN.fullmatch(value) else "set"))
    return lines


def _screen(screen: QScreen) -> str:
    size, ratio = screen.size(), screen.devicePixelRatio()
    dots = round(screen.logicalDotsPerInch())
    return f"{size.width()} x {size.height()}, ratio {ratio:g}, {dots} dots per inch"


def _settings(settings: Settings) -> list[Line]:
    return [(name, _setting(name, value)) for name, value in settings.differences().items()]


def _setting(name: str, value: Any) -> object:
    """A setting's value where it can be nothing but a choice, else how much there is."""
    if name in PREFERENCES or isinstance(value, bool | int):
        return value
    return len(value) if isinstance(value, list | dict) else "set"


def _store(window: WindowReport) -> list[Line]:
    facts, now, record = window.facts, window.memory, window.record
    if facts is None:
        return [("", "No store is open.")]
    sizes = f"{counted(facts.size, 'byte')}, WAL {counted(facts.wal_size, 'byte')}"
    daemon = "running" if facts.daemon_pid is not None else "not seen"
    lines: list[Line] = [
        ("Store", f"{facts.form}, {facts.label}"),
        ("Layout", "none" if facts.layout is None else facts.layout),
        ("Holds", window.holds),
        ("Journal", f"{facts.journal}, daemon {daemon}"),
        ("File", sizes),
    ]
    chosen = "automatic" if now.schema == AUTO else _schema(now.schema)
    lines.append(("Schema", f"{chosen}, chosen for {counted(len(now.schemas), 'kind')}"))
    if record is not None:
        own = now.has_own()
        read = _OWN if own else record.choice.schema or "no schema"
        odd = counted(number_of(record.problems), "problem")
        lines.append(("Record", f"{read}, {counted(record.size, 'byte')}, {odd}"))
    return lines


def _schema(schema: str) -> str:
    """A schema without the name of a file."""
    return _OWN if is_own(schema) else schema


def _log() -> str:
    path = log_file.default_path()
    return f"{short_path(os.fspath(path))}, {'there' if path.exists() else 'not made'}"


def _crash(crash: Crash) -> str:
    times = f", {crash.count:,} times" if crash.count > 1 else ""
    return f"{crash.trace}\n  (at {crash.place or 'an unknown place'}{times})"
