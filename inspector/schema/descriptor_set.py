"""Serialized descriptors that nobody vouches for -> FileDescriptorProtos.

Before google.protobuf sees them they are walked through once, so that what would become millions
of objects is refused, and their comments, which may be most of it, are left out.
"""

from __future__ import annotations

from typing import Final

from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.message import DecodeError

from inspector.errors import SchemaError
from inspector.schema import bounds
from inspector.schema.bounds import Progress
from inspector.store.rows import Cancel, check

_FILE, _MESSAGE, _ENUM = "file", "message", "enum"
#: What is declared within each, by field number; all else in it is counted and not looked into.
_WITHIN: Final = {
    _FILE: {4: _MESSAGE, 5: _ENUM},
    _MESSAGE: {3: _MESSAGE, 4: _ENUM},
    _ENUM: dict[int, str](),
}
_SOURCE_CODE_INFO: Final = 9
_FIXED: Final = {1: 8, 5: 4}
_TOOLING: Final = 536_000_000  #: what tools may add to a set, by descriptor.proto


class Descriptors:
    """Reads serialized descriptors within bounds that hold for all of them together."""

    def __init__(self) -> None:
        self._declared = self._bytes = 0

    def file_set(
        self, data: bytes, name: str, cancel: Cancel | None = None, progress: Progress | None = None
    ) -> list[FileDescriptorProto]:
        """The files of a serialized FileDescriptorSet, such as a buf image.

        Args:
            data: the set.
            name: what it is called in a sentence.
            cancel: ends it when set.
            progress: told how many bytes are read and how many there are.

        Raises:
            CancelledError: it was cancelled.
            SchemaError: it is none.
        """
        found: list[FileDescriptorProto] = []
        place = 0
        try:
            while place < len(data):
                check(cancel)
                number, wire, start, end = _record(data, place, len(data))
                if (number, wire) == (1, 2):
                    if len(found) == bounds.FILES:
                        raise SchemaError(
                            f"{name} holds more than the {bounds.FILES:,} files that are read."
                        )
                    found.append(self._file(data, start, end, name))
                elif number == _TOOLING:
                    self._count(name)
                else:
                    raise _MalformedError
                place = end
                if progress is not None:
                    progress(place, len(data))
        except _MalformedError:
            raise SchemaError(
                f"{name} is neither a wheel nor a descriptor set.", _HINT if not found else ""
            ) from None
        if not found:
            raise SchemaError(f"{name} is empty.", _HINT)
        return found

    def file(self, data: bytes, name: str) -> FileDescriptorProto:
        """A serialized FileDescriptorProto.

        Raises:
            SchemaError: it is none.
        """
        try:
            return self._file(data, 0, len(data), name)
        except _MalformedError:
            raise SchemaError(f"The descriptor in {name} is damaged.") from None

    def _file(self, data: bytes, start: int, end: int, name: str) -> FileDescriptorProto:
        kept = self._walk(data, start, end, name)
        self._bytes += len(kept)
        if self._bytes > bounds.DESCRIPTORS:
            most = bounds.DESCRIPTORS >> 20
            raise SchemaError(
                f"{name} holds more than the {most} MiB of descriptors that are read."
            )
        try:
            return FileDescriptorProto.FromString(kept)
        except (DecodeError, ValueError):  # of bytes that are no UTF-8, where Python itself decodes
            raise _MalformedError from None

    def _count(self, name: str) -> None:
        self._declared += 1
        if self._declared > bounds.DECLARED:
            raise _too_many(name)

    def _walk(self, data: bytes, start: int, end: int, name: str) -> bytes:
        """The bytes of a file without comments; counts what it declares."""
        parts: list[bytes] = []
        kept = start
        open_: list[tuple[str, int, int]] = [(_FILE, start, end)]
        while open_:
            level, place, stop = open_.pop()
            within = _WITHIN[level]
            while place < stop:
                number, wire, inner, after = _record(data, place, stop)
                self._count(name)
                if wire == 2 and number in within:
                    # The rest of this level is for later; levels are what is bounded here.
                    open_ += (level, after, stop), (within[number], inner, after)
                    if len(open_) > bounds.DEPTH + 2:
                        raise _too_deep(name)
                    break
                if level is _FILE and number == _SOURCE_CODE_INFO:
                    parts.append(data[kept:place])
                    kept = after
                place = after
        parts.append(data[kept:end])
        return b"".join(parts)


_HINT: Final = (
    "A schema is a wheel, a descriptor set, or a folder of .proto files or of *_pb2.py files."
)


class _MalformedError(ValueError):
    """These bytes are not what they should be."""


def _too_many(name: str) -> SchemaError:
    return SchemaError(f"{name} declares more than the {bounds.DECLARED:,} things that are read.")


def _too_deep(name: str) -> SchemaError:
    return SchemaError(f"{name} has messages more than {bounds.DEPTH} levels deep.")


def _record(data: bytes, place: int, stop: int) -> tuple[int, int, int, int]:
    """Number and wire type of the field at a place, and where its payload starts and ends."""
    tag, place = _varint(data, place, stop)
    number, wire = tag >> 3, tag & 7
    if wire == 2:
        length, place = _varint(data, place, stop)
        end = place + length
    elif wire == 0:
        end = _varint(data, place, stop)[1]
    elif wire in _FIXED:
        end = place + _FIXED[wire]
    else:
        raise _MalformedError
    if end > stop or not number:
        raise _MalformedError
    return number, wire, place, end


def _varint(data: bytes, place: int, stop: int) -> tuple[int, int]:
    value = shift = 0
    while place < stop and shift < 70:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
    raise _MalformedError
