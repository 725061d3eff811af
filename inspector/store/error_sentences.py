"""What is said when a file cannot be read: one sentence and one hint for each kind of error."""

from __future__ import annotations

import re
from typing import Final

import apsw

from inspector.errors import StoreError, StoreErrorKind
from inspector.invisible import named
from inspector.named_tuple import NamedTuple
from inspector.plurals import counted

#: How long a read tries again while others are at the file, in seconds.
PATIENCE: Final = 5.0
#: The largest database, with its journal, that is copied to be read, in bytes.
COPY_LIMIT: Final = 1 << 30

#: Why a row that is there has no content.
UNREADABLE_ROW: Final = "The file is damaged where this row lies."
_NO_MEMORY: Final = "There is not enough memory for this row."
_TOO_BIG: Final = "This row is larger than SQLite reads here."
_DISK: Final = "The disk reports an error where this row lies."

#: What SQLite says of a definition that is whole, but not for it: its bytes are as they were
#: written, by a program with other limits, other functions, or a newer SQLite.
_LIMITS: Final = r"too (many|large|big|long|deep)|stack overflow|[Rr]ecursion|maximum|exceeds"
_BROKEN_ENTRY: Final = r"malformed database schema \((?P<name>.*?)\)( - (?P<why>.*))?"
_DAMAGED_ENTRY: Final = frozenset(("invalid rootpage", "orphan index"))

_SENTENCES: Final[dict[StoreErrorKind, tuple[str, str]]] = {
    StoreErrorKind.MISSING: (
        "This file does not exist.",
        "Check the path, or start the daemon once to create the store.",
    ),
    StoreErrorKind.NO_PERMISSION: (
        "No permission to read this file.",
        "Ask its owner, or open it as the user the daemon runs as.",
    ),
    StoreErrorKind.BAD_PATH: (
        "This path leads to no file.",
        "Check its spelling, and where the links in it lead.",
    ),
    StoreErrorKind.DIRECTORY: (
        "This is a directory, not a SQLite file.",
        "Choose the store's file in it.",
    ),
    StoreErrorKind.BADGER: (
        "This is a BadgerDB directory, not a SQLite file.",
        "A daemon from before 2026-01-25 wrote it; newer daemons keep the store in a file.",
    ),
    StoreErrorKind.NOT_REGULAR: (
        "This is not a regular file.",
        "Pipes, sockets and devices cannot be opened; choose the store's file.",
    ),
    StoreErrorKind.EMPTY: (
        "This file is empty.",
        "The daemon may not have written to it yet.",
    ),
    StoreErrorKind.NOT_A_DATABASE: (
        "This file is encrypted or not a database.",
        "Check that it is the store's file and was copied whole.",
    ),
    StoreErrorKind.DAMAGED: (
        "The file is damaged.",
        "A backup of the file may hold the rest.",
    ),
    StoreErrorKind.BUSY: (
        f"The daemon kept the file busy for {PATIENCE:.0f} seconds.",
        "Try again.",
    ),
    StoreErrorKind.TOO_LARGE_TO_COPY: (
        f"This file has an unfinished journal and is larger than {COPY_LIMIT >> 30} GiB.",
        "Start and stop the daemon once, so that it finishes the journal.",
    ),
    StoreErrorKind.FOREIGN: (
        "This is a SQLite file, but not a Stigmer store.",
        "Its tables can be browsed.",
    ),
    StoreErrorKind.REPLACED: (
        "The file was replaced by another one.",
        "Open it again to see the new one.",
    ),
    StoreErrorKind.TIMEOUT: (
        "Reading the file took too long.",
        "Try again, or narrow the request.",
    ),
    StoreErrorKind.UNSUPPORTED: (
        "This program's version of SQLite cannot read this.",
        "A newer version of this program may be able to.",
    ),
    StoreErrorKind.NO_MEMORY: (
        "There is not enough memory to read this.",
        "Close other programs, or narrow the request.",
    ),
    StoreErrorKind.NO_ROOM: (
        "The file has an unfinished journal and could not be copied to be read.",
        "Make room in the temporary directory, or start and stop the daemon once.",
    ),
}


def store_error(kind: StoreErrorKind, message: str = "", hint: str = "") -> StoreError:
    """The error of this kind; ``message`` and ``hint`` replace the usual ones where given."""
    usual_message, usual_hint = _SENTENCES[kind]
    return StoreError(kind, message or usual_message, hint or usual_hint)


def kinds_missing() -> StoreError:
    """The error of a file whose kinds cannot all be read."""
    return store_error(StoreErrorKind.DAMAGED, "The file is damaged; kinds of it may be missing.")


def damaged_after(number: int, noun: str, of: str = "") -> StoreError:
    """The error of a file that cannot be read beyond some of its rows.

    Args:
        number: how many can be read.
        noun: what one of them is.
        of: the kind or the page they are of; empty where it goes without saying.
    """
    where = f"after {counted(number, noun)}" if number else f"before the first {noun}"
    end = f" of {of}." if of else "."
    return store_error(StoreErrorKind.DAMAGED, f"The file is damaged {where}{end}")


def uncounted(table: str) -> StoreError:
    """The error of a file in which damage lies between the rows of a table."""
    return store_error(
        StoreErrorKind.DAMAGED, f"The file is damaged; rows of {named(table)} cannot be counted."
    )


class Definition(NamedTuple):
    """An entry of the schema that SQLite does not take: its name, and what it says of it."""

    name: str
    why: str

    @property
    def is_limit(self) -> bool:
        """Whether it is for its size alone: nothing of it can be broken."""
        return re.search(_LIMITS, self.why) is not None


def not_understood(message: str) -> Definition | None:
    """The definition that SQLite's message says it does not understand.

    Returns:
        None where the message speaks of damage, or of something else.
    """
    found = re.fullmatch(_BROKEN_ENTRY, message, re.DOTALL)
    why = found["why"] if found else None
    if found is None or not why or why in _DAMAGED_ENTRY:
        return None
    return Definition(found["name"], why)


def undefined(name: str, puzzle: Definition) -> StoreError:
    """The error of a table that cannot be asked for, since definitions are not understood.

    Args:
        name: of the table.
        puzzle: the first definition that is not understood, perhaps that of the table itself.
    """
    said = f": {puzzle.why}" if puzzle.name == name else ""
    hint = "SQLite allows less here than where it was made; the rest of the file can be read."
    if not (said and puzzle.is_limit):
        hint = "A newer SQLite may have made it, or it is damaged; the rest can be read."
    return store_error(
        StoreErrorKind.UNSUPPORTED,
        f"The definition of {named(name)} is not understood{said}.",
        hint,
    )


def row_problem(error: apsw.Error) -> str:
    """Why a row cannot be read, of one of the errors that leave other rows readable."""
    if isinstance(error, apsw.NoMemError):
        return _NO_MEMORY
    if isinstance(error, apsw.TooBigError):
        return _TOO_BIG
    if is_disk_error(error):
        return _DISK
    return UNREADABLE_ROW


def is_disk_error(error: apsw.Error) -> bool:
    """Whether the system could not read; what lies on the disk may be whole."""
    return getattr(error, "extendedresult", 0) == apsw.SQLITE_IOERR_READ
