"""A zip archive that nobody vouches for: its entries, and their text up to a limit."""

from __future__ import annotations

import codecs
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from inspector.named_tuple import NamedTuple

#: Bytes of an entry that are read at most.
MOST: Final = 1 << 20
_SAMPLE: Final = 4096
_SAMPLED: Final = 1000
_LARGEST_LIST: Final = 4 << 20
_TAIL: Final = 22 + 0xFFFF
_END: Final = b"PK\x05\x06"
_END64: Final = b"PK\x06\x07"
_ENCRYPTED: Final = 0x1
_BOMB_RATIO: Final = 100
_BOMB_SIZE: Final = 10 << 20
# Others unpack a block whole, whatever it holds.
_READ: Final = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OverflowError)


class ArchiveEntry(NamedTuple):
    """A line of an archive's list.

    Attributes:
        place: where it stands in the list, since a name may stand twice.
        size, packed: bytes unpacked and as stored, as the archive says.
        crc: checksum of the unpacked bytes, as the archive says.
        is_text: whether its beginning is UTF-8 text; None where that was not looked at.
        note: what is odd about it, empty where nothing is.
    """

    place: int
    name: str
    size: int
    packed: int
    crc: int
    is_directory: bool
    is_text: bool | None
    note: str


class EntryText(NamedTuple):
    """The text of an entry: ``cut`` at the limit, or a ``problem`` and no text."""

    text: str
    cut: bool = False
    problem: str = ""


def open_archive(file: BinaryIO) -> zipfile.ZipFile | str:
    """The archive in an open file, or a sentence about why it is not read as one."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 16:
        return "It is not a zip archive."
    listed = int.from_bytes(tail[at + 12 : at + 16], "little")
    if listed > _LARGEST_LIST or _END64 in tail:
        return "Its list of entries is too large."
    file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except (*_BROKEN, NotImplementedError) as error:
        return f"It is not a whole zip archive: {error}."


def entries(archive: zipfile.ZipFile) -> Iterator[ArchiveEntry]:
    """The archive's list, in its order."""
    for index, info in enumerate(archive.infolist()):
        note = _note(info)
        is_text: bool | None = None
        if index < _SAMPLED and not info.is_dir() and not _unread(info):
            try:
                is_text = _text(_unpack(archive, info, _SAMPLE), whole=False) is not None
            except (*_BROKEN, OSError, RuntimeError) as error:
                note = f"It cannot be unpacked: {error}."
        yield ArchiveEntry(
            index, info.filename, info.file_size, info.compress_size, info.CRC,
            info.is_dir(), is_text, note,
        )  # fmt: skip


def entry_text(path: Path, entry: ArchiveEntry, most: int = MOST) -> EntryText:
    """The text of an entry of the archive at a path, up to ``most`` bytes."""
    try:
        with path.open("rb") as file:
            archive = open_archive(file)
            if isinstance(archive, str):
                return EntryText("", problem=archive)
            with archive:
                return _entry_text(archive, entry, most)
    except OSError as error:
        return EntryText("", problem=f"It cannot be read: {error.strerror or error}.")


def _entry_text(archive: zipfile.ZipFile, entry: ArchiveEntry, most: int) -> EntryText:
    listed = archive.infolist()
    if entry.place >= len(listed) or listed[entry.place].filename != entry.name:
        return EntryText("", problem="The archive was replaced meanwhile.")
    info = listed[entry.place]
    why = "It is a folder." if info.is_dir() else _unread(info)
    if why:
        return EntryText("", problem=why)
    try:
        data = _unpack(archive, info, most + 1)
    except (*_BROKEN, OSError, RuntimeError) as error:
        return EntryText("", problem=f"It cannot be unpacked: {error}.")
    cut = len(data) > most
    text = _text(data[:most], whole=not cut)
    if text is None:
        return EntryText("", problem="It is not UTF-8 text.")
    return EntryText(text, cut)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    with archive.open(info) as packed:
        return packed.read(most)


def _text(data: bytes, *, whole: bool) -> str | None:
    """Bytes as UTF-8 text, or None; what was cut may end within a character."""
    if b"\0" in data:
        return None
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data, final=whole)
    except UnicodeDecodeError:
        return None


def _unread(info: zipfile.ZipInfo) -> str:
    """Why an entry is not unpacked; empty where it is."""
    if info.flag_bits & _ENCRYPTED:
        return "It is encrypted."
    if info.compress_type not in _READ:
        return "It uses a compression method that is not supported."
    return ""


def _note(info: zipfile.ZipInfo) -> str:
    if _unread(info):
        return _unread(info)
    name = info.filename.replace("\\", "/")
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        return "Its name leads out of the archive, so it is not unpacked."
    if info.file_size > max(_BOMB_SIZE, _BOMB_RATIO * info.compress_size):
        return f"It claims to unpack to {info.file_size:,} bytes; only its beginning is read."
    return ""
