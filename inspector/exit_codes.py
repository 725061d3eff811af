"""The exit codes of the program: a contract with whoever calls it."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command line."""

    DONE = 0
    NO = 1
    USAGE = 2
    UNREADABLE = 3
    NOT_FOUND = 4
    UNWRITABLE = 5
    INTERRUPTED = 130
