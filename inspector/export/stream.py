"""Several records, one after another: a JSON array, or a line each."""

from __future__ import annotations

from collections.abc import Callable

from inspector.export.json_object import PartsWriter, encode, replaced
from inspector.export.record_text import Written, unwritable, write_envelope, write_message
from inspector.history.record import Record


class Stream:
    """Writes records as they come.

    Attributes:
        replaced: bytes that are not valid UTF-8, for which U+FFFD was written.
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
        self.replaced = 0

    @property
    def indent(self) -> int | None:
        """Spaces a level of what is written, None for lines."""
        return 2 if self._array else None

    @property
    def level(self) -> int:
        """How many levels deep records stand."""
        return int(self._array)

    def add(self, record: Record) -> Written:
        """Writes a record; one that does not decode as its envelope.

        Returns:
            What was written, and what it does not say.
        """
        write = write_envelope if self._envelopes or unwritable(record) else write_message
        together = PartsWriter(self._put)
        together.put(self._lead())
        written = write(
            record, together.put, reveal=self._reveal, indent=self.indent, level=self.level
        )
        together.put("" if self._array else "\n")
        together.flush()
        return written

    def _lead(self) -> str:
        """What stands before the next record."""
        lead = ("[" if self._empty else ",") + "\n  " if self._array else ""
        self._empty = False
        return lead

    def put(self, text: str) -> None:
        """Writes JSON text that is laid out for where it stands: in an array one level deep."""
        if self._array:
            text = f"{'[' if self._empty else ','}\n  {text}"
        else:
            text += "\n"
        self._empty = False
        self._put(text)

    def _put(self, text: str) -> None:
        self.replaced += replaced(text)
        self._write(encode(text))

    def put_bytes(self, text: bytes) -> None:
        """The same of text in UTF-8."""
        if self._array:
            text = b"%s\n  %s" % (b"[" if self._empty else b",", text)
        else:
            text += b"\n"
        self._empty = False
        self._write(text)

    def close(self) -> None:
        """Ends the array."""
        if self._array:
            self._write(b"[]\n" if self._empty else b"\n]\n")
