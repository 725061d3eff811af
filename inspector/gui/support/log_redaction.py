"""Takes the names of the user, of the computer and of the home folder out of a text."""

from __future__ import annotations

import getpass
import os
import platform
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_VARIABLES: Final = ("USER", "LOGNAME", "USERNAME", "SUDO_USER")
_SHORTEST: Final = 2
#: A home folder, whoever it belongs to.
_ANY_HOME: Final = re.compile(r"(/home|/Users|\b[A-Za-z]:[/\\]Users)[/\\]+[^/\\\s\"']+")
_FULL_NAME: Final = 4  #: place of the full name in a line of the password file


class Redaction:
    """Called with a text, gives it without them. What they are is asked once."""

    def __init__(self) -> None:
        homes = sorted({home for home in _homes() if len(home) > 1}, key=len, reverse=True)
        self._homes = [(home, "~") for home in homes]
        names = [(name, "user") for name in _users()]
        names += [(part, "computer") for part in _computers()]
        self._names = [
            (re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", re.IGNORECASE), word)
            for name, word in sorted(set(names), key=lambda pair: len(pair[0]), reverse=True)
            if len(name) >= _SHORTEST
        ]

    def __call__(self, text: str) -> str:
        """The text with ``~``, ``user`` and ``computer`` in their places."""
        for home, word in self._homes:
            text = text.replace(home, word)
        text = _ANY_HOME.sub("~", text)
        for pattern, word in self._names:
            text = pattern.sub(word, text)
        return text


def _homes() -> Iterator[str]:
    home = os.path.expanduser("~")  # noqa: PTH111 - never raises
    yield home
    yield os.path.realpath(home)
    yield Path(home).as_posix()


def _users() -> Iterator[str]:
    yield from (os.environ.get(name, "") for name in _VARIABLES)
    yield Path(os.path.expanduser("~")).name  # noqa: PTH111 - never raises
    try:
        yield getpass.getuser()
        import pwd  # noqa: PLC0415 - not on Windows

        full = pwd.getpwuid(os.getuid())[_FULL_NAME].partition(",")[0]
        yield from (full, *full.split())
    except (ImportError, KeyError, OSError):
        return


def _computers() -> Iterator[str]:
    node = platform.node()
    yield from (node, node.partition(".")[0])
