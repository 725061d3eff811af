"""Where the program was when Python itself came to an end, as by a fault in a library.

:mod:`faulthandler` can only write to a file that is open already, and writes whole paths. So each
process has a file of its own for it, which is nearly always empty, and the next start moves what
one of them says into the log.
"""

from __future__ import annotations

import faulthandler
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

_NAME: Final = "fault-"
_LARGEST: Final = 32 * 1024  #: bytes of a report that are read
_PATH: Final = re.compile(r'(?<=File ")[^"]*(?=")')
_PACKAGE: Final = "inspector"
_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


class FaultLog:
    """The file of this process, and what others have left.

    Args:
        folder: where they are; made where it is not there.
        write: takes each report, as one text.
    """

    def __init__(self, folder: Path, write: Callable[[str], object]) -> None:
        self._folder = folder
        self._path = folder / f"{_NAME}{os.getpid()}"
        self._write = write
        self._file: IO[bytes] | None = None

    def start(self) -> None:
        """Pass on what is there, and have faults of this process written from now on."""
        if faulthandler.is_enabled():
            return  # somebody else wants to see them
        # Where nothing can be written nothing is.
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._pass_on()
            path = self._path
            self._file = os.fdopen(os.open(path, _FLAGS, 0o600), "wb")
            faulthandler.enable(self._file)

    def stop(self) -> None:
        """Leave nothing behind."""
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        with suppress(OSError):
            self._path.unlink()
            self._folder.rmdir()  # which is kept where there is a log
        self._file = None

    def _pass_on(self) -> None:
        for path in sorted(self._folder.glob(f"{_NAME}*")):
            with suppress(OSError):
                with path.open("rb") as file:
                    text = file.read(_LARGEST).decode("utf-8", "replace")
                if text:
                    path.unlink()
                    self._write(f"In an earlier run: {without_paths(text)}")
                elif not _runs(path.name.removeprefix(_NAME)):
                    path.unlink()


def without_paths(report: str) -> str:
    """A report of :mod:`faulthandler` with names of files, of ours the place in the package."""
    return _PATH.sub(_name, report).rstrip()


def _name(path: re.Match[str]) -> str:
    parts = re.split(r"[/\\]", path[0])
    starts = [number for number, part in enumerate(parts) if part == _PACKAGE]
    return "/".join(parts[starts[-1] if starts else -1 :])


def _runs(pid: str) -> bool:
    """Whether a process is there; where that cannot be asked it is taken to be."""
    if os.name != "posix" or not pid.isdigit():
        return pid.isdigit()
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
