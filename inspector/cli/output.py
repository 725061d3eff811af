"""Standard output and standard error: UTF-8 and bare newlines whatever the locale."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import BinaryIO, Final

from inspector.errors import UnwritableError, UsageError
from inspector.export.json_object import encode, replaced, replaced_note
from inspector.invisible import columns, visible

__all__ = ["Output", "encode", "say", "visible"]

_CELL: Final = 60
_ROWS: Final = 256
_BETWEEN_PROGRESS: Final = 0.1
_CLEAR: Final = "\r\x1b[K"


class Output:
    """Where answers go. Data and talk never mix.

    Attributes:
        begun: some of the answer has been handed on, so that the call can no longer fail.
        replaced: bytes that are not valid UTF-8, for which U+FFFD was written.
    """

    def __init__(self, data: BinaryIO | None = None) -> None:
        """Writes to standard output, or to ``data``.

        Raises:
            UnwritableError: standard output is closed.
        """
        if data is None and sys.stdout is None:
            raise UnwritableError("Standard output is closed.", "Redirect it to a file or a pipe.")
        self.data: BinaryIO = sys.stdout.buffer if data is None else data
        self.begun = False
        self.replaced = 0
        self._progressed = time.monotonic()

    def write(self, data: bytes) -> None:
        """Data as it is."""
        if not self.begun:
            clear()
        self.begun = True
        left = memoryview(data)
        while left:
            # Without a buffer (PYTHONUNBUFFERED) a part may be all that is taken at once.
            left = left[self.data.write(left) :]

    def text(self, text: str) -> None:
        """Data that is text."""
        self.write(self.encoded(text))

    def encoded(self, text: str) -> bytes:
        """Data that is text, for who writes it later; what is replaced in it is counted."""
        self.replaced += replaced(text)
        return encode(text)

    def document(self, value: object) -> None:
        """One JSON document."""
        import json  # noqa: PLC0415 - not for messages

        self.text(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def line(self, text: str) -> None:
        """A line for people."""
        self.text(visible(text) + "\n")

    def items(self, values: Iterable[object]) -> None:
        """One JSON array, written as its elements come."""
        import json  # noqa: PLC0415 - not for messages

        empty = True
        for value in values:
            text = json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")
            self.text(f"{'[' if empty else ','}\n  {text}")
            empty = False
        self.text("[]\n" if empty else "\n]\n")

    def table(self, head: Sequence[str], rows: Iterable[Sequence[object]], right: str = "") -> None:
        """A table for people; columns whose letter in ``right`` is ``r`` are right-aligned.

        A long one is written as its rows come, each part as wide as it needs.
        """
        part: list[Sequence[str]] = [head]
        widths = [0] * len(head)
        for row in rows:
            part.append([_cell(cell) for cell in row])
            if len(part) == _ROWS:
                self._lines(part, widths, right)
                part = []
        self._lines(part, widths, right)

    def _lines(self, part: Sequence[Sequence[str]], widths: list[int], right: str) -> None:
        for line in part:
            widths[:] = map(max, widths, (sum(columns(cell)) for cell in line))
        for line in part:
            cells = [
                _padded(cell, width, right[index : index + 1] == "r")
                for index, (cell, width) in enumerate(zip(line, widths, strict=True))
            ]
            self.text("  ".join(cells).rstrip() + "\n")

    def flush(self) -> None:
        """Hands the data on."""
        self.data.flush()

    def refuse_terminal(self) -> None:
        """Keeps a database off a terminal.

        Raises:
            UsageError: standard output is one.
        """
        if _is_terminal(sys.stdout):
            raise UsageError(
                "A SQLite file cannot be written to a terminal.", "Name a file with -o."
            )

    def note_replaced(self) -> None:
        """Says how many bytes were no text, and what stands for them."""
        self.note(replaced_note(self.replaced))
        self.replaced = 0

    def note(self, text: str) -> None:
        """A sentence on standard error."""
        if text:
            say(f"note: {text}")

    def progress(self, text: str) -> None:
        """How far it got, on one line of a terminal that shows nothing else; a few times a second.

        ``text`` is what stands there until the next line is said.
        """
        now = time.monotonic()
        if now - self._progressed < _BETWEEN_PROGRESS:
            return
        self._progressed = now
        if _is_terminal(sys.stderr) and not (self.begun and _is_terminal(sys.stdout)):
            _Line.shown = True
            _talk(f"{_CLEAR}{visible(text)}")


class _Line:
    """The last line of the terminal: whether progress stands on it."""

    shown = False


def say(text: str) -> None:
    """A line on standard error; nothing where that is closed."""
    clear()
    _talk(f"{visible(text)}\n")


def clear() -> None:
    """Takes away what progress has left on the terminal."""
    if _Line.shown:
        _Line.shown = False
        _talk(_CLEAR)


def abandon() -> None:
    """Forgets what could not be written to standard output, so that it is not tried again."""
    with suppress(AttributeError, OSError, ValueError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _talk(text: str) -> None:
    # Where nobody listens, the answer and the exit code still stand.
    with suppress(AttributeError, OSError, ValueError):
        sys.stderr.flush()
        sys.stderr.buffer.write(encode(text))
        sys.stderr.buffer.flush()


def _is_terminal(stream: object) -> bool:
    try:
        return bool(stream.isatty())  # type: ignore[attr-defined]
    except (AttributeError, ValueError):
        return False


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    text = visible(str(value))
    return text if len(text) <= _CELL else f"{text[: _CELL - 1]}…"


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - sum(columns(text)))
    return space + text if right else text + space
