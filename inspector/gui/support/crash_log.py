"""What went wrong in the program: bugs of ours, told once, and faults that end Python itself.

A method that Qt calls for every cell can raise hundreds of times a second; neither the log nor the
window must drown in it, and the window must stay. What is told holds no data: no messages of
exceptions, which may quote what was read.

Where the program was at a fault, as in a library, :mod:`faulthandler` can only write to a file that
is open already, and writes whole paths. So each process has a file of its own for it, which is
nearly always empty, and the next start moves what one of them says into the log.
"""

from __future__ import annotations

import faulthandler
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path, PurePath
from types import TracebackType
from typing import IO, Any, Final

from PySide6.QtCore import QObject, Qt, Signal

_PACKAGE: Final = "inspector"
_ROOT: Final = Path(__file__).resolve().parents[3]  #: where the package lies
_STANDARD: Final = Path(os.__file__).parent  #: where Python's own modules lie
_SITE: Final = "site-packages"
_ELSEWHERE: Final = "elsewhere"
_CHAIN: Final = 5  #: exceptions that led to one another
_ENDS: Final = 15  #: frames that are named at each end of a long trace


def type_name(error: BaseException) -> str:
    """What an exception is."""
    return type(error).__qualname__


def place(error: BaseException) -> str:
    """The file and line it was raised at, as ``inspector/launch.py:12``; empty where unknown."""
    last = _frames(error.__traceback__)[-1:]
    return last[0].partition(" ")[0] if last else ""


def trace(error: BaseException) -> str:
    """An exception and those that led to it, the first on top, a frame a line."""
    parts = [_one(each) for each in reversed(list(_chain(error)))]
    return "\nwhich led to\n".join(parts)


def short_file(name: str) -> str:
    """A source file by its place in the package it belongs to, never by that on the disk."""
    path = PurePath(name)
    if name.startswith("<frozen ") and name.endswith(">"):
        return name
    for root, start in ((_ROOT / _PACKAGE, _ROOT), (_STANDARD, _STANDARD.parent)):
        if _SITE not in path.parts and path.is_relative_to(root):
            return path.relative_to(start).as_posix()
    if _SITE in path.parts:
        return PurePath(*path.parts[path.parts.index(_SITE) + 1 :]).as_posix()
    if path.parts[:1] == (_PACKAGE,):
        return path.as_posix()  # as a frozen program names it
    return _ELSEWHERE


def _one(error: BaseException) -> str:
    frames = _frames(error.__traceback__)
    if len(frames) > 2 * _ENDS:
        left_out = f"... {len(frames) - 2 * _ENDS} more"
        frames = [*frames[:_ENDS], left_out, *frames[-_ENDS:]]
    return "\n".join([type_name(error), *(f"  {frame}" for frame in frames)])


def _frames(start: TracebackType | None) -> list[str]:
    return [
        f"{short_file(frame.f_code.co_filename)}:{line} in {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(start)
    ]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_CHAIN):
        if error is None:
            return
        yield error
        hidden = error.__suppress_context__ and error.__cause__ is None
        error = error.__cause__ or (None if hidden else error.__context__)


_MOST: Final = 200  #: different crashes that are remembered
_TOLD_AGAIN: Final = frozenset(10**power for power in range(1, 10))


class Crash:
    """Exceptions of one type from one place.

    Attributes:
        kind: what they are.
        place: file and line they were raised at.
        trace: how the first of them came there.
        count: how many there were.
    """

    __slots__ = ("count", "kind", "place", "trace")

    def __init__(self, kind: str, place: str, trace: str, count: int = 1) -> None:
        self.kind = kind
        self.place = place
        self.trace = trace
        self.count = count


class CrashLog(QObject):
    """Takes exceptions nobody expected, from any thread.

    ``changed`` is emitted in the thread this lives in, at most once per turn of its event loop.
    """

    changed = Signal()
    _news = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._crashes: dict[str, Crash] = {}
        self.failures = 0  #: reports that went wrong themselves
        #: Called with what is worth a line of the log, in the thread it happened in.
        self.log: Callable[[str], object] | None = None
        self._lock = threading.RLock()
        self._local = threading.local()
        self._told = True
        self._before: tuple[Any, Any, Any] | None = None
        self._news.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def crashes(self) -> list[Crash]:
        """All kinds of crashes so far, the first first."""
        with self._lock:
            return list(self._crashes.values())

    def install(self) -> None:
        """Become Python's hook for exceptions of the event loop, of threads and of destructors."""
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._raised
        threading.excepthook = self._raised_in_thread
        sys.unraisablehook = self._unraisable

    def uninstall(self) -> None:
        """Give the hooks back."""
        if self._before is not None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
            self._before = None

    def report(self, error: BaseException) -> None:
        """Take an exception; one that comes up while this is done is left out."""
        if getattr(self._local, "busy", False):
            return
        self._local.busy = True
        try:
            self._take(error)
        except Exception:
            self.failures += 1  # whoever reports crashes has nobody to report to
        finally:
            self._local.busy = False

    def _take(self, error: BaseException) -> None:
        where = place(error)
        with self._lock:
            known = self._crashes.get(f"{type_name(error)} {where}")
            if known is None and len(self._crashes) >= _MOST:
                return
            if known is None:
                known = Crash(type_name(error), where, trace(error))
                self._crashes[f"{known.kind} {where}"] = known
            else:
                known.count += 1
            count, told = known.count, self._told
            self._told = False
        if count == 1:
            _print(error, known)
            self._write(known.trace)
        elif count in _TOLD_AGAIN:
            self._write(f"{known.kind} at {known.place}, {count:,} times")
        # At last: once the program ends, Qt's part of this is gone before what still goes wrong.
        if told:
            self._news.emit()

    def _write(self, line: str) -> None:
        if self.log is not None:
            self.log(line)

    def _tell(self) -> None:
        with self._lock:
            self._told = True
        self.changed.emit()

    # Hooks

    def _raised(
        self, kind: type[BaseException], error: BaseException, where: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, where)
            return
        self.report(error.with_traceback(where))

    def _raised_in_thread(self, found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None and not isinstance(found.exc_value, SystemExit):
            self.report(found.exc_value)

    def _unraisable(self, found: sys.UnraisableHookArgs) -> None:
        if found.exc_value is not None:
            self.report(found.exc_value)


def _print(error: BaseException, crash: Crash) -> None:
    """Write a crash to stderr, which on a desktop ends in a journal: whole only in dev mode."""
    if sys.stderr is None:
        return
    if sys.flags.dev_mode:
        traceback.print_exception(error)
    else:
        sys.stderr.write(f"{crash.trace}\n")


_NAME: Final = "fault-"
_LARGEST: Final = 32 * 1024  #: bytes of a report that are read
_PATH: Final = r'(?<=File ")[^"]*(?=")'

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
    return re.sub(_PATH, _name, report).rstrip()


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
