"""What is said when a file cannot be read: one sentence and one hint for each kind of error."""

from __future__ import annotations

from typing import Final

from inspector.errors import StoreError, StoreErrorKind

#: How long a read tries again while others are at the file, in seconds.
PATIENCE: Final = 5.0
#: The largest database, with its journal, that is copied to be read, in bytes.
COPY_LIMIT: Final = 1 << 30

#: Why a row that is there has no content.
UNREADABLE_ROW: Final = "The file is damaged where this row lies."

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
        "It may be too long, or a link that leads back to itself.",
    ),
    StoreErrorKind.DIRECTORY: (
        "This is a directory, not a SQLite file.",
        "Choose the store's file in it.",
    ),
    StoreErrorKind.BADGER: (
        "This is a BadgerDB directory, not a SQLite file.",
        "A daemon of before 2026-01-25 wrote it; a newer daemon keeps its store in a file.",
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
        "The file took too long to answer.",
        "Try again, or ask for less.",
    ),
}


def store_error(kind: StoreErrorKind, message: str = "", hint: str = "") -> StoreError:
    """The error of this kind; ``message`` and ``hint`` replace the usual ones where given."""
    usual_message, usual_hint = _SENTENCES[kind]
    return StoreError(kind, message or usual_message, hint or usual_hint)


def kinds_missing() -> StoreError:
    """The error of a file whose kinds cannot all be read."""
    return store_error(StoreErrorKind.DAMAGED, "The file is damaged; kinds of it may be missing.")


def damaged_after(count: int, kind: str) -> StoreError:
    """The error of a file that cannot be read beyond ``count`` records of a kind."""
    noun = "record" if count == 1 else "records"
    return store_error(
        StoreErrorKind.DAMAGED, f"The file is damaged after {count} {noun} of {kind}."
    )
