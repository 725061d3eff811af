"""Opens windows: the arguments that are no command."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from inspector.cli.arguments import COMMANDS, Parser
from inspector.cli.output import say
from inspector.errors import Exit, InspectorError


def main(arguments: Sequence[str]) -> int:
    """Opens a window for each file, and runs until the last is closed.

    Returns:
        The exit code.
    """
    made = Parser(
        prog="stigmer-inspector",
        description="Opens a Stigmer store in a window, read-only.",
        epilog=f"Commands that answer without a window: {', '.join(COMMANDS)};"
        " each has its own --help.",
        allow_abbrev=False,
    )
    made.add_argument("files", metavar="FILE", nargs="*", help="a store to open")
    made.add_argument("--demo", action="store_true", help="open the built-in demo store")
    made.add_argument("--select", metavar="KIND/ID[@VERSION]", help="the record to go to")
    made.add_argument("--version", action="store_true", help="name and version, alone")
    try:
        words = made.parse_args(list(arguments))
        _need_display()
        # Only here, and after the question for a display: Qt would abort without one.
        from inspector.gui.app import run  # noqa: PLC0415

        return run(words.files, demo=words.demo, select=words.select)
    except InspectorError as error:
        say(str(error))
        return error.exit_code


def _need_display() -> None:
    asked = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if not sys.platform.startswith("linux") or asked in _WITHOUT_DISPLAY:
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise NoDisplayError(
            "There is no display to open a window on.",
            "The commands answer without one: stigmer-inspector kinds --demo.",
        )


_WITHOUT_DISPLAY = frozenset(("offscreen", "minimal", "vnc", "linuxfb", "eglfs"))


class NoDisplayError(InspectorError):
    """There is no screen to open a window on."""

    exit_code = Exit.UNREADABLE
