"""What the world did wrong, as opposed to our own bugs.

Every expected failure is an :class:`InspectorError`: one plain sentence, what to do about it
where there is something, and the exit code of the command line. Anything else that is raised is
a bug of ours and may surface as one.
"""

from __future__ import annotations

from enum import StrEnum

from inspector.exit_codes import Exit


class InspectorError(Exception):
    """Base of all expected failures.

    Attributes:
        message: one sentence that says what is wrong.
        hint: one sentence that says what can be done, or an empty string.
        exit_code: what the command line ends with.
    """

    exit_code = Exit.UNREADABLE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class StoreErrorKind(StrEnum):
    """Why a file could not be opened or read."""

    MISSING = "missing"
    NO_PERMISSION = "no-permission"
    BAD_PATH = "bad-path"
    DIRECTORY = "directory"
    BADGER = "badger"
    NOT_REGULAR = "not-regular"
    EMPTY = "empty"
    NOT_A_DATABASE = "not-a-database"
    DAMAGED = "damaged"
    BUSY = "busy"
    TOO_LARGE_TO_COPY = "too-large-to-copy"
    FOREIGN = "foreign"
    REPLACED = "replaced"
    TIMEOUT = "timeout"
    UNSUPPORTED = "unsupported"
    NO_MEMORY = "no-memory"
    NO_ROOM = "no-room"


class StoreError(InspectorError):
    """A database file that cannot be opened or read."""

    def __init__(self, kind: StoreErrorKind, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.kind = kind
        self._is_named = False

    def named(self, path: str | None) -> StoreError:
        """This error with the file it speaks of, which is said once; None adds nothing."""
        if not path or self._is_named:
            return self
        made = StoreError(self.kind, f"{path}: {self.message}", self.hint)
        made._is_named = True
        return made


class SchemaError(InspectorError):
    """A schema that a person brought and that cannot be read."""


class UsageError(InspectorError):
    """A call that is wrong or ambiguous."""

    exit_code = Exit.USAGE


class NotFoundError(InspectorError):
    """No such kind, record or version."""

    exit_code = Exit.NOT_FOUND


class StateGoneError(NotFoundError):
    """An earlier state of a store that its write-ahead log no longer holds, or not exactly."""


class UnwritableError(InspectorError):
    """A record that cannot be written in the form asked for."""

    exit_code = Exit.UNWRITABLE


class CancelledError(InspectorError):
    """The person, or a newer request, no longer wants the answer."""

    exit_code = Exit.INTERRUPTED


class NoDisplayError(InspectorError):
    """There is no screen to open a window on."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message, "The commands answer without one: stigmer-inspector kinds --demo."
        )
