"""Where the store is when nobody says which file to open."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inspector.errors import StoreErrorKind
from inspector.named_tuple import NamedTuple
from inspector.store.error_sentences import store_error
from inspector.store.files import is_badger

#: The daemon's own override.
VARIABLE: Final = "DB_PATH"
#: Set, the daemon keeps its records in Postgres. Its value is never told: it may hold a password.
_POSTGRES: Final = "DATABASE_URL"
_ELSEWHERE: Final = f"${_POSTGRES} is set: with it the daemon writes Postgres and no file"
NAMES: Final = ("stigmer.sqlite", "stigmer.db")
_BADGER: Final = "data"


class LocatedStore(NamedTuple):
    """The store to open, and sentences about what else was seen."""

    path: Path
    notes: tuple[str, ...] = ()


def candidates(home: Path | None = None) -> tuple[Path, ...]:
    """The usual places of a store, the agreed one first; none of them need exist."""
    folder = (home or Path.home()) / ".stigmer"
    return tuple(folder / name for name in (*NAMES, _BADGER))


def elsewhere(environment: Mapping[str, str] | None = None) -> str:
    """A sentence where a daemon of this environment writes no file; empty where it does.

    Args:
        environment: the process's own where None.
    """
    chosen = os.environ if environment is None else environment
    return f"{_ELSEWHERE}." if chosen.get(_POSTGRES, "").strip() else ""


def locate(environment: Mapping[str, str] | None = None, home: Path | None = None) -> LocatedStore:
    """The store that the daemon uses by default.

    Args:
        environment: the process's own where None.
        home: the user's home directory where None.

    Raises:
        StoreError: ``$DB_PATH`` names nothing, or there is no store at any usual place.
    """
    named = (os.environ if environment is None else environment).get(VARIABLE, "")
    postgres = elsewhere(environment)
    found = _named(Path(named), postgres) if named else _usual(home, postgres)
    if postgres:
        note = f"{_ELSEWHERE}; {found.path} may be an older store."
        found = found._replace(notes=(note, *found.notes))
    return found


def _usual(home: Path | None, postgres: str) -> LocatedStore:
    agreed, shipped, badger = candidates(home)
    if os.path.lexists(agreed):
        return LocatedStore(agreed, _notes(agreed, shipped, badger))
    if os.path.lexists(shipped):
        return LocatedStore(shipped, _notes(shipped, badger))
    if is_badger(badger):
        return LocatedStore(badger)
    raise store_error(
        StoreErrorKind.MISSING,
        f"There is no store at {agreed} or {shipped}.",
        f"{postgres} Name a file to open one."
        if postgres
        else "Name a file, or start the daemon once to create the store.",
    )


def _named(path: Path, postgres: str) -> LocatedStore:
    if not os.path.lexists(path):
        raise store_error(
            StoreErrorKind.MISSING,
            f"${VARIABLE} names {path}, which does not exist.",
            f"Correct ${VARIABLE} or unset it. {postgres}".rstrip(),
        )
    return LocatedStore(path)


def _notes(opened: Path, *others: Path) -> tuple[str, ...]:
    notes = []
    for other in others:
        if is_badger(other):
            notes.append(f"{other} is a BadgerDB directory of an older daemon; it is not read.")
        elif other.is_file():
            notes.append(_compared(opened, other))
    return tuple(notes)


def _compared(opened: Path, other: Path) -> str:
    if _written(other) > _written(opened):
        return f"Opened {opened}; {other} is there too and is newer."
    return f"Opened {opened}; {other} is there too and is older."


def _written(path: Path) -> int:
    """When a store was last written, in nanoseconds; its WAL counts."""
    times = [0]
    for name in (path, path.with_name(path.name + "-wal")):
        try:
            times.append(name.stat().st_mtime_ns)
        except OSError:
            continue
    return max(times)
