"""A display that is named but cannot be used, said in a sentence: Qt itself would abort."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

from inspector.errors import NoDisplayError

_NOT_FOUND: Final = "Could not find the Qt platform plugin"
_NO_ANSWER: Final = "could not connect to display"
#: Debian's name of a library that Qt names whenever it cannot use X11.
_CURSOR: Final = "libxcb-cursor0"
#: What Qt's X11 plugin loads beside what every program with a window needs.
_LIBRARIES: Final = (
    *("libX11-xcb.so.1", "libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-image.so.0"),
    *("libxcb-keysyms.so.1", "libxcb-randr.so.0", "libxcb-render-util.so.0", "libxcb-shape.so.0"),
    *("libxcb-sync.so.1", "libxcb-xkb.so.1", "libxkbcommon-x11.so.0"),
)
_Hears = Callable[[QtMsgType, QMessageLogContext, str], Any]


class DisplayCheck:
    """Listens while Qt connects to the display, and ends the program where that is fatal.

    What Qt says meanwhile is kept back: on success it goes where it would have gone, and else it is
    said in one sentence.
    """

    def __init__(self) -> None:
        self._said: list[str] = []
        self._before: _Hears | None = None

    def __enter__(self) -> None:
        self._before = qInstallMessageHandler(self._hear)

    def __exit__(self, *_raised: object) -> None:
        qInstallMessageHandler(self._before)
        # Without a frame buffer, say, Qt goes on and has no screen.
        if QGuiApplication.primaryScreen() is None:
            raise no_display(self._said)
        if sys.stderr is not None:
            sys.stderr.write("".join(f"{message}\n" for message in self._said))

    def _hear(self, kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        self._said.append(message)
        if kind == QtMsgType.QtFatalMsg:
            error = no_display(self._said)
            if sys.stderr is not None:
                sys.stderr.write(f"{error}\n")
                sys.stderr.flush()
            # Qt aborts when this returns.
            os._exit(error.exit_code)


def no_display(said: list[str]) -> NoDisplayError:
    """What is wrong, by what Qt said and what the environment asks for."""
    asked = os.environ.get("QT_QPA_PLATFORM", "")
    if asked and any(_NOT_FOUND in message for message in said):
        return NoDisplayError(f"Qt has no platform {asked!a}, which QT_QPA_PLATFORM asks for.")
    wayland, x11 = (os.environ.get(name) for name in ("WAYLAND_DISPLAY", "DISPLAY"))
    displays = [ascii(name) for name in (wayland, x11) if name]
    answered = x11 and not any(_NO_ANSWER in message for message in said)
    if displays and not asked and not answered:
        verb = "display {} does" if len(displays) == 1 else "displays {} do"
        who = verb.format(" and ".join(displays))
        return NoDisplayError(f"No window can be opened: the {who} not answer.")
    if answered and any(_CURSOR in message for message in said):
        needed = " ".join(_missing()) or _CURSOR
        return NoDisplayError(f"No window can be opened on {x11!a}: Qt needs {needed} for it.")
    return NoDisplayError(f"No window can be opened on the platform {asked or 'of Qt'!a}.")


def _missing() -> list[str]:
    """Debian's names of the libraries that cannot be loaded: Qt names one, whichever is missing."""
    import ctypes  # noqa: PLC0415 - not needed where there is a window

    found = []
    for library in _LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError:
            name, _, version = library.lower().partition(".so.")
            found.append(f"{name}{'-' * name[-1].isdigit()}{version}")
    return found
