"""ICU's data without what Qt has of its own or never asks for: two thirds of a large library.

Qt sorts with it, and asks it for the names of time zones. Names of languages, currencies, units and
countries come from Qt's own tables, text is divided by Qt, and all text here is UTF-8.
"""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

#: Folders and suffixes of the data that is left out.
FOLDERS = ("brkitr", "curr", "lang", "rbnf", "region", "translit", "unit")
SUFFIXES = (".cnv", ".spp", ".cfu")
FILES = ("unames.icu",)
ALIGNMENT = 16
_MAGIC = b"CmnD"
_ENTRY = struct.Struct("<II")


def smaller_library(library: Path, folder: Path) -> Path:
    """A library with less data in it, and of the same name, in ``folder``.

    Raises:
        ValueError: it holds no data as ICU writes it.
        subprocess.CalledProcessError: one of binutils' programs failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data, part, made = folder / "icu.dat", folder / "icu.o", folder / library.name
    _run("objcopy", "-O", "binary", "--only-section=.rodata", library, data)
    kept, name = smaller(data.read_bytes())
    data.write_bytes(kept)
    _run("ld", "-r", "-b", "binary", "-z", "noexecstack", "-o", part.name, data.name, at=folder)
    section = ".rodata,alloc,load,readonly,data,contents"
    renaming = ["--rename-section", f".data={section}"]
    aligning = ["--set-section-alignment", f".data={ALIGNMENT}"]
    _run("objcopy", *aligning, *renaming, f"--redefine-sym=_binary_icu_dat_start={name}", part)
    _run("ld", "-shared", "-z", "noexecstack", f"-soname={library.name}", "-o", made, part)
    return made


def smaller(data: bytes) -> tuple[bytes, str]:
    """The data that is kept, and the name of the symbol it is found by.

    Raises:
        ValueError: this is no data as ICU writes it.
    """
    if data[12:16] != _MAGIC:
        raise ValueError("no common data of ICU")
    (start,) = struct.unpack_from("<H", data)
    entries = list(_entries(data, start))
    version = entries[0][0].partition("/")[0].removesuffix("l")
    kept = [(name, item) for name, item in entries if _is_kept(name)]
    names = b"".join(name.encode("ascii") + b"\0" for name, _ in kept)
    table = 4 + _ENTRY.size * len(kept)
    # Items begin where they may be read as numbers.
    place = table + len(names) + -(start + table + len(names)) % ALIGNMENT
    head, items, named = bytearray(struct.pack("<I", len(kept))), bytearray(), table
    for name, item in kept:
        head += _ENTRY.pack(named, place + len(items))
        items += item + bytes(-len(item) % ALIGNMENT)
        named += len(name) + 1
    head += names
    return data[:start] + head.ljust(place, b"\0") + items, f"{version}_dat"


def _entries(data: bytes, start: int) -> Iterator[tuple[str, bytes]]:
    """Names and items, in order; offsets count from the table's start."""
    (count,) = struct.unpack_from("<I", data, start)
    places = [_ENTRY.unpack_from(data, start + 4 + _ENTRY.size * at) for at in range(count)]
    ends = [place for _, place in places[1:]] + [len(data) - start]
    for (name, place), end in zip(places, ends, strict=True):
        text = data[start + name : data.index(b"\0", start + name)]
        yield text.decode("ascii"), data[start + place : start + end]


def _is_kept(name: str) -> bool:
    _, *folders, file = name.split("/")
    return not (set(folders) & set(FOLDERS) or file.endswith(SUFFIXES) or file in FILES)


def _run(*command: str | Path, at: Path | None = None) -> None:
    subprocess.run([str(word) for word in command], cwd=at, check=True)
