"""What a file is before it is opened in a window: layout, records, daemon, what is odd."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inspector.errors import InspectorError, StoreError, StoreErrorKind
from inspector.store.default_store import NAMES, VARIABLE, candidates, elsewhere
from inspector.store.files import is_badger
from inspector.store.rows import Cancel, Form, Journal, Label, StoreFacts
from inspector.store.store import Store

__all__ = ["StoreProbe", "elsewhere", "probe", "probes_within", "usual_places"]

_SIDES = ("", "-wal", "-journal")
#: How a database in a folder is known without opening it; the daemon's names are among them.
_SUFFIXES: Final = frozenset((".sqlite", ".sqlite3", ".db"))
_MOST: Final = 5  #: databases of a folder that are looked at


@dataclass(frozen=True, slots=True)
class StoreProbe:
    """A file as it is now.

    Attributes:
        path: as it was asked for.
        facts: None where the file cannot be opened.
        records: number of live records; None in a foreign file and where it cannot be counted.
        modified: when it or its journal was last written, in nanoseconds since 1970; None where
            there is no such file.
        problem: why it cannot be opened, or that it is damaged; None where all is well.
    """

    path: str
    facts: StoreFacts | None = None
    records: int | None = None
    modified: int | None = None
    problem: InspectorError | None = None

    @property
    def missing(self) -> bool:
        """Whether there is no such file."""
        return isinstance(self.problem, StoreError) and self.problem.kind is StoreErrorKind.MISSING

    @property
    def running(self) -> bool:
        """Whether a daemon has it open."""
        return self.facts is not None and self.facts.journal is Journal.LIVE


def probe(path: str | Path, cancel: Cancel | None = None, label: Label | None = None) -> StoreProbe:
    """Looks at a file; whatever is wrong with it is part of the answer.

    Args:
        path: the file.
        cancel: ends the look when set.
        label: whose store it is; told by the path where None.

    Raises:
        CancelledError: ``cancel`` was set.
    """
    shown = os.fspath(path)
    modified = _written(shown)
    try:
        store = Store(path, label=label)
    except StoreError as error:
        return StoreProbe(shown, modified=modified, problem=error)
    try:
        facts = store.facts(cancel)
        if facts.form is Form.FOREIGN:
            return StoreProbe(shown, facts, None, modified, store.damage)
        records = sum(kind.records for kind in store.kinds(cancel))
        return StoreProbe(shown, facts, records, modified, store.damage)
    except StoreError as error:
        return StoreProbe(shown, modified=modified, problem=error)
    finally:
        store.close()


def probes_within(folder: str | Path, cancel: Cancel | None = None) -> tuple[StoreProbe, ...]:
    """Looks at the databases that lie in a folder or in its ``.stigmer``, as files are named.

    Args:
        folder: where somebody looked for a store.
        cancel: ends the look when set.

    Returns:
        What can be opened, stores before other databases and each by name; at most five.

    Raises:
        CancelledError: ``cancel`` was set.
    """
    named = sorted(_databases(Path(folder)), key=lambda path: (path.name not in NAMES, path))
    seen = [probe(path, cancel) for path in named[:_MOST]]
    found = (one for one in seen if one.facts is not None)
    return tuple(sorted(found, key=lambda one: one.records is None))


def _databases(folder: Path) -> list[Path]:
    found = []
    for place in (folder, folder / ".stigmer"):
        try:
            found += [path for path in place.iterdir() if path.suffix.lower() in _SUFFIXES]
        except OSError:
            continue
    return found


def usual_places(
    environment: Mapping[str, str] | None = None, home: Path | None = None
) -> tuple[Path, ...]:
    """Where a store of this machine is, the one that a command would open first.

    ``$DB_PATH`` is named even where nothing is there, the others only where something is; a
    directory only where it holds a BadgerDB.

    Args:
        environment: the process's own where None.
        home: the user's home directory where None.
    """
    named = (os.environ if environment is None else environment).get(VARIABLE, "")
    agreed, shipped, badger = candidates(home)
    found = [place for place in (agreed, shipped) if os.path.lexists(place)]
    found += [badger] if is_badger(badger) else []
    return tuple(dict.fromkeys(([Path(named)] if named else []) + found))


def _written(path: str) -> int | None:
    times = []
    for side in _SIDES:
        try:
            times.append(os.stat(path + side).st_mtime_ns)  # noqa: PTH116 - a path may be any text
        except (OSError, ValueError):
            continue
    return max(times, default=None)
