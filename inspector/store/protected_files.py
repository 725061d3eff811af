"""Files that belong to SQLite, whosever they are: an export must not take the place of one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from inspector.store.files import SIDES
from inspector.store.reader import exclusive

_MAGIC: Final = b"SQLite format 3\0"
#: Files beside a database that hold what is not in it yet.
_UNFINISHED: Final = ("-wal", "-journal")


def why_kept(path: str | Path) -> str | None:
    """Why a path is not to be written to, in words that go on after its name; None where it may.

    A database is known by its first bytes, or by what lies beside it.
    """
    real = os.path.realpath(path)
    if _is_database(real):
        return "is a SQLite database"
    for suffix in _UNFINISHED:
        if os.path.lexists(real + suffix):
            return f"may be a SQLite database: its {suffix} is beside it"
    for suffix in SIDES:
        database = real.removesuffix(suffix)
        if database != real and _is_database(database):
            return f"belongs to the SQLite database {Path(database).name}"
    return None


def _is_database(path: str) -> bool:
    if not os.path.isfile(path):  # noqa: PTH113 - a path may be any text
        return False
    # To close it would drop the locks that SQLite has on it in this process.
    with exclusive():
        try:
            with open(path, "rb") as file:  # noqa: PTH123
                return file.read(len(_MAGIC)) == _MAGIC
        except OSError:
            return False
