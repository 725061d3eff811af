"""Standard output and standard error: UTF-8 and bare newlines whatever the locale."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Final

_LONE: Final = re.compile("[\ud800-\udfff]")
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_CELL: Final = 60


def encode(text: str) -> bytes:
    """UTF-8; halves of characters, as of broken ids, become U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _LONE.sub("\N{REPLACEMENT CHARACTER}", text).encode()


def visible(text: str) -> str:
    """Text for a terminal: what would steer it is shown as an escape."""
    return _UNSAFE.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


class Output:
    """Where answers go. Data and talk never mix."""

    def __init__(self, data: BinaryIO | None = None, *, quiet: bool = False) -> None:
        self.data: BinaryIO = data if data is not None else sys.stdout.buffer
        self.quiet = quiet

    def text(self, text: str) -> None:
        """Data as it is."""
        self.data.write(encode(text))

    def document(self, value: object) -> None:
        """One JSON document."""
        self.text(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def line(self, text: str) -> None:
        """A line for people."""
        self.text(visible(text) + "\n")

    def items(self, values: Iterable[object]) -> None:
        """One JSON array, written as its elements come."""
        empty = True
        for value in values:
            text = json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")
            self.text(f"{'[' if empty else ','}\n  {text}")
            empty = False
        self.text("[]\n" if empty else "\n]\n")

    def table(self, head: Sequence[str], rows: Iterable[Sequence[object]], right: str = "") -> None:
        """A table for people; columns whose letter in ``right`` is ``r`` are right-aligned."""
        shown = [[_cell(cell) for cell in row] for row in rows]
        widths = [max(map(_width, column)) for column in zip(head, *shown, strict=True)]
        for line in (head, *shown):
            cells = [
                _padded(cell, width, right[index : index + 1] == "r")
                for index, (cell, width) in enumerate(zip(line, widths, strict=True))
            ]
            self.text("  ".join(cells).rstrip() + "\n")

    def flush(self) -> None:
        """Hands the data on."""
        self.data.flush()

    def note(self, text: str) -> None:
        """A sentence on standard error."""
        if text and not self.quiet:
            say(f"note: {text}")

    def progress(self, text: str) -> None:
        """How far it got, on one line of a terminal; nothing elsewhere."""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{visible(text)}")
            sys.stderr.flush()


def say(text: str) -> None:
    """A line on standard error."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()
    sys.stderr.buffer.write(encode(visible(text) + "\n"))
    sys.stderr.buffer.flush()


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    text = visible(str(value))
    return text if len(text) <= _CELL else f"{text[: _CELL - 1]}…"


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
