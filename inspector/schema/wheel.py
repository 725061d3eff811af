"""The descriptors in the ``*_pb2.py`` files of a Python package, packed or not.

Such a file carries its descriptor as one literal of bytes. It is found and read as a literal; the
file is never imported, compiled as a whole, or run.
"""

from __future__ import annotations

import ast
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from typing import Final

from google.protobuf.descriptor_pb2 import FileDescriptorProto

from inspector.errors import SchemaError
from inspector.schema import bounds
from inspector.schema.bounds import Progress, shown
from inspector.schema.descriptor_set import Descriptors
from inspector.schema.linking import SUPPLIED
from inspector.store.rows import Cancel, check

#: How the names of generated files end; those of services end in ``_pb2_grpc.py``.
ENDING: Final = "_pb2.py"

# As every protoc of the last years writes it, on one line; only escapes that are without warning.
_ESCAPE: Final = rb"""\\(?:[\\'"abfnrtv]|x[0-9A-Fa-f]{2}|[0-3][0-7]{2}|[0-7]{1,2}(?![0-7]))"""
# The last alternative never fits: see proto_tokens.
_LITERAL: Final = re.compile(
    rb"^[ \t]*DESCRIPTOR = _descriptor_pool\.Default\(\)\.AddSerializedFile\("
    rb"(b'(?:[ !\"#-&(-\[\]-~]|" + _ESCAPE + rb"|(?!))*+'"
    rb'|b"(?:[ !#-\[\]-~]|' + _ESCAPE + rb'|(?!))*+")\)',
    re.MULTILINE,
)
_ENTRY: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 0x1
# Others unpack a block whole, whatever it holds.
_READ: Final = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
_BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, EOFError, ValueError, OverflowError),
    *(NotImplementedError, RuntimeError, OSError),
)


def packed(data: bytes, name: str, cancel: Cancel | None = None) -> list[tuple[str, bytes]]:
    """The generated files in a wheel.

    Args:
        data: the wheel.
        name: what it is called in a sentence.
        cancel: ends it when set.

    Returns:
        Name and content of each, by name.

    Raises:
        CancelledError: it was cancelled.
        SchemaError: it is no wheel, or unpacks to more than is read.
    """
    # Each entry of the list begins so, however long the list says it is.
    if data.count(_ENTRY) > 2 * bounds.FILES:
        raise SchemaError(f"{name} holds more than the {2 * bounds.FILES:,} files that are read.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpacked(archive, name, cancel)
    except _BROKEN as error:
        raise SchemaError(f"{name} is not a whole wheel: {shown(str(error))}.") from None


def _unpacked(
    archive: zipfile.ZipFile, name: str, cancel: Cancel | None
) -> list[tuple[str, bytes]]:
    wanted: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        place = info.filename.replace("\\", "/")
        if place.startswith("/") or place[1:2] == ":" or ".." in place.split("/"):
            raise SchemaError(f"{name} has a file {shown(place)}, which leads out of it.")
        if place.endswith(ENDING) and wanted.setdefault(place, info) is not info:
            raise SchemaError(f"{name} has two files {shown(place)}.")
    for place, info in wanted.items():
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _READ:
            raise SchemaError(f"{name} is compressed or encrypted in a way that is not supported.")
        if info.file_size > bounds.TEXT:
            raise too_large(shown(place), bounds.TEXT)
    if sum(info.file_size for info in wanted.values()) > bounds.TEXTS:
        raise SchemaError(
            f"{name} unpacks to more than the {bounds.TEXTS >> 20} MiB that are read."
        )
    found = []
    for place, info in sorted(wanted.items()):
        check(cancel)
        with archive.open(info) as file:
            content = file.read(info.file_size + 1)
        if len(content) != info.file_size:
            raise SchemaError(f"{name} has a file {shown(place)} of another size than it says.")
        found.append((place, content))
    return found


def descriptors(
    files: Sequence[tuple[str, bytes]],
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> tuple[list[FileDescriptorProto], list[str]]:
    """The descriptors in generated files.

    Args:
        files: name and content of each.
        cancel: ends it when set.
        progress: told how many files are read and how many there are.

    Returns:
        The descriptors, without those of well-known types, and a sentence for each file that has
        none.

    Raises:
        CancelledError: it was cancelled.
        SchemaError: one is damaged, or they are larger than what is read.
    """
    reader = Descriptors()
    found, problems = [], []
    for done, (name, content) in enumerate(files, 1):
        check(cancel)
        if not _is_supplied(name):
            literals = [match[1] for match in _LITERAL.finditer(content)]
            if len(literals) > 1:
                raise SchemaError(f"{shown(name)} holds more than one descriptor.")
            if literals:
                serialized = ast.literal_eval(literals[0].decode("ascii"))
                found.append(reader.file(serialized, shown(name)))
            else:
                problems.append(f"{shown(name)} holds no descriptor, so it was not read.")
        if progress is not None:
            progress(done, len(files))
    return found, problems


def _is_supplied(name: str) -> bool:
    """Whether a generated file is of a well-known type, wherever it lies."""
    parts = name.removesuffix(ENDING).split("/")[-3:]
    return "/".join(parts) + ".proto" in SUPPLIED


def too_large(name: str, most: int) -> SchemaError:
    """The error of a single file that is not read; ``most`` bytes are."""
    return SchemaError(f"{name} is larger than the {most >> 20} MiB that are read of a file.")
