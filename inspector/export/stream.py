"""Several records, one after another: a JSON array, or a line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from inspector.export.record_text import envelope_text, message_text, unwritable
from inspector.history.record import Record


class Stream:
    """Writes records as they come, and remembers what it could not say.

    Attributes:
        notes: sentences about what was left out, by how many records.
        covered: how many secrets were covered.
    """

    def __init__(
        self,
        write: Callable[[bytes], object],
        *,
        array: bool,
        reveal: bool = False,
        envelopes: bool = False,
    ) -> None:
        self._write = write
        self._array = array
        self._reveal = reveal
        self._envelopes = envelopes
        self._empty = True
        self.notes: Counter[str] = Counter()
        self.covered = 0

    def add(self, record: Record) -> None:
        """Writes a record; one that does not decode as its envelope."""
        indent = 2 if self._array else None
        if self._envelopes or unwritable(record):
            written = envelope_text(
                record, reveal=self._reveal, indent=indent, level=int(self._array)
            )
        else:
            written = message_text(
                record, reveal=self._reveal, indent=indent, level=int(self._array)
            )
        self.notes.update(written.notes)
        self.covered += written.covered
        text = written.text
        if self._array:
            text = f"{'[' if self._empty else ','}\n  {text}"
        else:
            text += "\n"
        self._empty = False
        self._write(text.encode("utf-8", "replace"))

    def close(self) -> None:
        """Ends the array."""
        if self._array:
            self._write(b"[]\n" if self._empty else b"\n]\n")
