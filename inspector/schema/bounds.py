"""How much of a schema that nobody vouches for is read, and small things all its readers need.

The largest package that was ever published has 267 generated files of 1.9 MB, which hold 420 KB of
descriptors with 7,600 declarations; every bound lies several times above that. Those of folders
hold for the largest collection of ``.proto`` files that there is: Google's APIs, 33 MB in 7,300
files, declare 200,000 things with 2.5 million words, at most 15,000 in a file of 4 MB.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from inspector.errors import SchemaError

#: Told how many files are read and how many there are.
Progress = Callable[[int, int], None]

WHOLE: Final = 32 << 20  #: bytes of a wheel or of a descriptor set, as they lie there
FILES: Final = 2000  #: files of a wheel or of a descriptor set
TEXTS: Final = 8 << 20  #: bytes of all generated files of a wheel
TEXT: Final = 2 << 20  #: bytes of one of them
FOLDER_FILES: Final = 10_000  #: files of a folder that are read
FOLDER_TEXTS: Final = 64 << 20  #: bytes of all of them
FOLDER_TEXT: Final = 6 << 20  #: bytes of one of them
DESCRIPTORS: Final = 4 << 20  #: bytes of all serialized descriptors, without comments
DECLARED: Final = 50_000  #: messages, fields, enum values and the like, in all
SOURCE_DECLARED: Final = 25_000  #: the same of source files
SOURCE_TOKENS: Final = 300_000  #: words, numbers, strings and symbols of all source files
SKIMMED: Final = 1 << 16  #: larger source files, in bytes of all, are skimmed for errors first
#: What is long is refused soon, and what is many is not: for each file there may be so many more.
DECLARED_A_FILE: Final = 50
TOKENS_A_FILE: Final = 600
DEPTH: Final = 32  #: messages in messages; protoc refuses more
PARTS: Final = 20  #: parts of the name of a package
LONGEST: Final = 1024  #: characters of a full name
PROBLEMS: Final = 1000  #: sentences about what could not be read

_SHOWN: Final = 120
_UNSAFE: Final = r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"


def shown(text: str) -> str:
    """A text out of the schema as it may stand in a sentence: short, and nothing steers a line."""
    head = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return re.sub(_UNSAFE, "\N{REPLACEMENT CHARACTER}", head)


def read_bounded(path: Path, most: int, name: str) -> bytes:
    """The bytes of a regular file.

    Args:
        path: the file; a link to one will do.
        most: the largest size in bytes.
        name: what it is called in a sentence.

    Raises:
        SchemaError: it is none, is too large, or cannot be read.
    """
    # A pipe of that name must not be waited for.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - Path.open has no flags
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise SchemaError(f"{name} is not a regular file.")
            data = b"" if state.st_size > most else file.read(most + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise SchemaError(f"{name} cannot be read: {shown(why)}.") from None
    if state.st_size > most or len(data) > most:
        raise SchemaError(f"{name} is larger than the {most >> 20} MiB that are read of a schema.")
    return data
