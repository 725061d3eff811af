"""How the log is written: bounded, for its owner only, without names of users."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

from inspector.gui.support.log_redaction import Redaction

LIMIT: Final = 256 * 1024  #: bytes of the log, and of the one before it


def handler(path: Path) -> logging.Handler:
    """What writes to a file, which is made with the first record."""
    return _Bounded(path)


def record(text: str) -> logging.LogRecord:
    """A line of now."""
    return logging.LogRecord("inspector", logging.ERROR, "", 0, text, None, None)


class LogHandler(logging.Handler):
    """Hands each record on."""

    def __init__(self, take: Callable[[logging.LogRecord], object]) -> None:
        super().__init__()
        self._take = take

    def emit(self, record: logging.LogRecord) -> None:
        """Hand it on."""
        self._take(record)


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
