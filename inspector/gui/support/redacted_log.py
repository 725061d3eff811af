"""How the log is written: bounded, for its owner only, without names of users."""

from __future__ import annotations

import getpass
import logging
import os
import platform
import re
import time
from collections.abc import Iterator
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

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


LIMIT: Final = 256 * 1024  #: bytes of the log, and of the one before it


def handler(path: Path) -> logging.Handler:
    """What writes to a file, which is made with the first record."""
    return _Bounded(path)


def record(text: str, when: float | None = None) -> logging.LogRecord:
    """A line of a time in seconds since 1970, or of now."""
    made = logging.LogRecord("inspector", logging.ERROR, "", 0, text, None, None)
    made.created = made.created if when is None else when
    return made


class _Bounded(RotatingFileHandler):
    """Keeps the log and the one before it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, maxBytes=LIMIT, backupCount=1, encoding="utf-8", delay=True,
            errors="backslashreplace",
        )  # fmt: skip
        self._scrub = Redaction()
        form = logging.Formatter("%(asctime)sZ %(message)s", "%Y-%m-%dT%H:%M:%S")
        form.converter = time.gmtime
        self.setFormatter(form)

    def format(self, record: logging.LogRecord) -> str:
        """A line without names of users and folders."""
        return self._scrub(super().format(record))

    def handleError(self, record: logging.LogRecord) -> None:
        """Where nothing can be written nothing is."""

    def _open(self) -> TextIOWrapper[Any]:
        path = Path(self.baseFilename)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return open(  # Path.open takes no opener
            path, "a", encoding=self.encoding, errors=self.errors, opener=_own
        )


def _own(path: str, flags: int) -> int:
    """Opens a file that only its owner may read."""
    return os.open(path, flags, 0o600)
