"""Where an exception came from, without what may be data: no message, no line, no folder."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from pathlib import Path, PurePath
from types import TracebackType
from typing import Final

_PACKAGE: Final = "inspector"
_ROOT: Final = Path(__file__).resolve().parents[2]  #: where the package lies
_STANDARD: Final = Path(os.__file__).parent  #: where Python's own modules lie
_SITE: Final = "site-packages"
_ELSEWHERE: Final = "elsewhere"
_CHAIN: Final = 5  #: exceptions that led to one another
_ENDS: Final = 15  #: frames that are named at each end of a long trace


def type_name(error: BaseException) -> str:
    """What an exception is."""
    return type(error).__qualname__


def place(error: BaseException) -> str:
    """The file and line it was raised at, as ``inspector/gui/app.py:12``; empty where unknown."""
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
