"""A screen nobody sees, with a window manager on it: pictures of it, its mouse, its windows.

Needs Xvfb, openbox, xdotool and xprop. Qt in this process is a client of that screen.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar, cast

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication, QImage

T = TypeVar("T")
TOOLS: Final = ("Xvfb", "openbox", "xdotool", "xprop")
PATIENCE: Final = 30.0  #: seconds until something that does not come is given up
_SET_CHILD_SUBREAPER: Final = 36  #: of Linux' prctl
_RUN: Final = 3  #: pixels of a colour side by side that count as part of a drawing
_APART: Final = 12  #: pixels between two drawings


class NotSeenError(Exception):
    """What should have come on the screen, or from a program, did not."""


def until(what: str, look: Callable[[], T]) -> T:
    """What ``look`` gives as soon as that is something.

    Raises:
        NotSeenError: it gave nothing for half a minute; ``what`` names it.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise NotSeenError(f"{what} did not come within {PATIENCE:.0f} seconds.")


@dataclass(frozen=True)
class Screen:
    """The screen.

    Attributes:
        variables: the environment of programs that are to be seen on it.
        app: Qt as its client.
    """

    variables: Mapping[str, str]
    app: QGuiApplication

    def picture(self) -> QImage:
        """What is to be seen now."""
        grabbed = self.app.primaryScreen().grabWindow(0).toImage()
        return grabbed.convertToFormat(QImage.Format.Format_RGB32)

    def drawings(self, color: int, within: QRect) -> list[QRect]:
        """Where a colour is seen now; see :func:`patches`."""
        return patches(self.picture(), color, within)

    def xdotool(self, *words: str) -> str:
        """Use the mouse and the keyboard, or ask for windows."""
        return self._ask("xdotool", *words)

    def click(self, place: QPoint, button: int = 1, times: int = 1) -> None:
        """Press a button of the mouse somewhere, and take the pointer away again."""
        self.xdotool("mousemove", str(place.x()), str(place.y()))
        self.xdotool("click", "--repeat", str(times), "--delay", "80", str(button))
        self.xdotool("mousemove", "2", "2")

    def windows(self, title: str) -> list[str]:
        """X ids of the visible windows in whose title a regular expression is found."""
        return self.xdotool("search", "--onlyvisible", "--name", title).split()

    def place(self, window: str) -> QRect:
        """Where a window lies on the screen."""
        lines = self.xdotool("getwindowgeometry", "--shell", window).splitlines()
        told = dict(line.split("=", 1) for line in lines if "=" in line)
        return QRect(*(int(told[name]) for name in ("X", "Y", "WIDTH", "HEIGHT")))

    def property(self, window: str, name: str) -> str:
        """A property of a window as xprop prints it."""
        return self._ask("xprop", "-id", window, "-len", "64", name)

    def copied(self) -> str:
        """The text in the clipboard."""
        self.app.processEvents()
        return self.app.clipboard().text()

    def _ask(self, *command: str) -> str:
        # Searches that find nothing end with 1.
        run = subprocess.run(
            command,
            env=dict(self.variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            check=False,
        )
        return run.stdout


def patches(image: QImage, color: int, within: QRect) -> list[QRect]:
    """Where drawings with a colour in them are, from top to bottom.

    Args:
        image: 32 bits for a pixel.
        color: ``0xRRGGBB``.
        within: the part of the image to look at.
    """
    needle = (color | 0xFF000000).to_bytes(4, sys.byteorder) * _RUN
    found: list[QRect] = []
    within = within.intersected(image.rect())
    for y in range(within.top(), within.bottom() + 1):
        line = bytes(cast(memoryview, image.constScanLine(y)))[: 4 * (within.right() + 1)]
        start = line.find(needle, 4 * within.left())
        while start >= 0:
            _join(found, QRect(start // 4, y, _RUN, 1))
            start = line.find(needle, start + 4)
    return found


def _join(found: list[QRect], piece: QRect) -> None:
    """Add a piece to the drawing it belongs to, or begin one with it."""
    for number, rect in enumerate(found):
        if rect.adjusted(-_APART, -_APART, _APART, _APART).intersects(piece):
            found[number] = rect.united(piece)
            return
    found.append(piece)


@contextmanager
def screen(variables: Mapping[str, str], size: str = "1440x900") -> Iterator[Screen]:
    """Start a screen with a window manager, and end both.

    Args:
        variables: the environment of the programs on it, without ``DISPLAY``.
        size: in pixels.
    """
    adopt()
    try:
        with _screen(variables, size) as seen:
            yield seen
    finally:
        # Helpers write into the home of their person for a moment after the screen has gone.
        until("The end of all programs", all_ended)


@contextmanager
def _screen(variables: Mapping[str, str], size: str) -> Iterator[Screen]:
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    with running([*command, "-dpi", "96"], variables, keep=(write,)):
        os.close(write)
        with os.fdopen(read, encoding="ascii") as numbers:
            display = f":{numbers.readline().strip()}"
        environ = {**variables, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        os.environ.update(environ)
        with running(["openbox"], environ):
            app = QGuiApplication([])
            try:
                yield Screen(environ, app)
            finally:
                app.shutdown()


@contextmanager
def running(
    command: Sequence[str | Path], variables: Mapping[str, str], keep: Sequence[int] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs as long as the block does; what it prints is dropped."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, env=dict(variables), stdin=quiet, stdout=quiet, stderr=quiet, pass_fds=keep
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def adopt() -> None:
    """Become the parent of the helpers that programs started here leave running."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1)


def all_ended() -> bool:
    """Whether nothing runs any more that was started here."""
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False
