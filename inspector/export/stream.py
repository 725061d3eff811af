"""Several records, one after another: a JSON array, or a line each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from inspector.export.json_object import PartsWriter, Put, encode, replaced
from inspector.export.record_text import Written, unwritable, write_envelope, write_message
from inspector.history.record import Record

_LARGE: Final = 1 << 16  #: bytes of a record whose text is not gathered as a whole


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

    @property
    def between(self) -> bytes:
        """What stands between two records."""
        return b",\n  " if self._array else b"\n"

    def add(self, record: Record) -> Written:
        """Writes a record; one that does not decode as its envelope.

        Returns:
            What was written, and what it does not say.
        """
        if record.size > _LARGE:
            together = PartsWriter(self._put)
            written = self._add(record, together.put)
            together.flush()
            return written
        parts: list[str] = []
        written = self._add(record, parts.append)
        self._put("".join(parts))
        return written

    def _add(self, record: Record, put: Put) -> Written:
        write = write_envelope if self._envelopes or unwritable(record) else write_message
        put(self._lead())
        written = write(record, put, reveal=self._reveal, indent=self.indent, level=self.level)
        put(self._end)
        return written

    def _lead(self) -> str:
        """What stands before the next record."""
        lead = ("[" if self._empty else ",") + "\n  " if self._array else ""
        self._empty = False
        return lead

    @property
    def _end(self) -> str:
        """What stands behind a record."""
        return "" if self._array else "\n"

    def put(self, text: str) -> None:
        """Writes JSON text that is laid out for where it stands: in an array one level deep."""
        self._put(f"{self._lead()}{text}{self._end}")

    def _put(self, text: str) -> None:
        try:
            data = text.encode()
        except UnicodeEncodeError:
            self.replaced += replaced(text)
            data = encode(text)
        self._write(data)

    def put_text(self, write: Callable[[Callable[[bytes], object]], None]) -> None:
        """Writes JSON text in UTF-8: a record, or several with :attr:`between` between them.

        Args:
            write: hands the text, or its parts, to whom it is given.
        """
        # One after another: of many records at a time a text of them all would be another copy.
        self._put(self._lead())
        write(self._write)
        self._put(self._end)

    def close(self) -> None:
        """Ends the array."""
        if self._array:
            self._write(b"[]\n" if self._empty else b"\n]\n")
