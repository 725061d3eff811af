"""Which SQLite reads the stores, and how what is compiled reaches it."""

from __future__ import annotations

from contextlib import closing, suppress
from functools import cache
from typing import Final

import apsw

#: What SQLite calls in what it loads, with the table of its functions.
_ENTRY: Final = "blob_sieve_loaded"


def sqlite_version() -> str:
    """The version of SQLite, and of the binding that brings it."""
    return f"{apsw.sqlite_lib_version()} (apsw {apsw.apsw_version()})"


@cache
def reach_sqlite(path: str) -> None:
    """Hand SQLite's functions to a compiled part, which is asked afterwards whether it has them.

    They are those of the SQLite within apsw, which has no names for others; what it loads as an
    extension is given them. That is done by a connection without a file: those of stores load
    nothing.

    Args:
        path: of the part, which Python has loaded and keeps.
    """
    # A binding that was built without extensions: Python is called instead.
    with suppress(apsw.Error, AttributeError), closing(apsw.Connection(":memory:")) as connection:
        connection.enable_load_extension(True)
        connection.load_extension(path, _ENTRY)
