"""Which SQLite reads the stores."""

from __future__ import annotations

import apsw


def sqlite_version() -> str:
    """The version of SQLite, and of the binding that brings it."""
    return f"{apsw.sqlite_lib_version()} (apsw {apsw.apsw_version()})"
