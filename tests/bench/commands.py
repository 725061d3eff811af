"""The command line as a process beside the start of the ``sqlite3`` shell on the same store."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.paired import Line, paired
from tests.places import REAL, ROOT

_STORE = REAL / "v2-clean" / "stigmer.db"
_COUNT = "SELECT kind, count(*) FROM resources GROUP BY kind"
_FIRST = "SELECT hex(data) FROM resources WHERE kind = 'agent' ORDER BY id LIMIT 1"
_ID = "SELECT id FROM resources WHERE kind = 'agent' ORDER BY id LIMIT 1"


def shell() -> str | None:
    """Where the ``sqlite3`` shell is, None if it is not installed."""
    return shutil.which("sqlite3")


def lines(rounds: int) -> Iterator[Line]:
    """``kinds`` and ``show``; nothing where there is no ``sqlite3`` shell."""
    sqlite = shell()
    if sqlite is None:
        return
    uri = f"{_STORE.as_uri()}?immutable=1"
    id_ = _run([sqlite, uri, _ID]).strip()
    commands = {"kinds": (["kinds", "--json"], _COUNT), "show": (["show", "agent", id_], _FIRST)}
    for name, (arguments, sql) in commands.items():
        own = [sys.executable, "-m", "inspector", *arguments, "--db", str(_STORE)]
        yield paired(
            f"v2-clean: the command {name}",
            lambda own=own: _run(own),  # type: ignore[misc]
            "the sqlite3 shell's start and answer",
            lambda sql=sql: _run([sqlite, uri, sql]),  # type: ignore[misc]
            rounds=rounds,
        )
    yield paired(
        "an empty Python program",
        lambda: _run([sys.executable, "-c", ""]),
        "the sqlite3 shell's start and answer",
        lambda: _run([sqlite, uri, _COUNT]),
        rounds=rounds,
        note="what of the two lines above is the interpreter's own start",
    )


def _run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    return done.stdout
