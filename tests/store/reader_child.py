"""A reader in a process of its own, under another user's identity, driven over its pipes.

For each path it reads the whole store and follows it for a while: it stops in the midst of a read
("inside"), then with the store open but idle ("idle", and what it found), then with the store
closed ("closed"). Then it runs every command on it ("commands", and what each ended with; "as of",
the ids in it as of the first commit of its log, or what that ended with), and opens it in a window
("window", and the number of records in its list, after it has followed the store for some looks; it
is closed by then).
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.cli.main import main as command
from inspector.cli.names import COMMANDS
from inspector.errors import InspectorError
from inspector.store.reader import Snapshot, StoreReader
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec

if TYPE_CHECKING:
    from inspector.gui.app.application import Application, DesktopApplication

#: Without secrets revealed nothing of a store's tables is decoded.
_MAPPED = ("--map", str(Path(__file__).parent / "states.inspect.toml"), "--reveal-secrets")
#: What a command is called with where its name and the store are not enough.
ARGUMENTS = {
    "list": ("agent",),
    "show": ("agent", "agt-000"),
    "history": ("agent", "agt-000"),
    "events": ("agent", "agt-000"),
    "watch": ("--for", "0"),
    "diff": ("agent", "agt-000", "--with", "agt-001"),
    "bundle": ("agent/agt-000", "-o", "-"),
    "search": ("nowhere",),
    "find": ("size > 0", "--kind", "agent"),
    "rows": ("resources", *_MAPPED),
    "row": ("resources", '["agent","agt-000"]', *_MAPPED),
    "fit": ("resources.data", "--schema", "3.41.0"),
}

_LOOKS = 5  #: while it is followed


def _become(user: int) -> None:
    if user != os.getuid():
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


def _say(word: str, **facts: object) -> None:
    print(json.dumps({"at": word, **facts}), flush=True)
    sys.stdin.readline()


def _stop_inside(snapshot: Snapshot) -> int:
    found = snapshot.one("SELECT count(*) FROM resources")
    _say("inside")
    return found[0] if found else 0


def _read(path: str) -> None:
    store = Store(path)
    reader = StoreReader(store.real_path)
    inside = reader.read(_stop_inside)
    reader.close()
    facts = store.facts()
    kinds = store.kinds()
    rows = [row.id for kind in kinds for row in store.rows(kind.kind).rows]
    versions = [one.audit_id for id_ in rows for one in store.history.versions(kinds[0].kind, id_)]
    raw = [row.id for row in store.raw_rows() if row.problem is None]
    following = store.following()
    for _ in range(_LOOKS):
        assert following.look().rows == ()
    assert following.count == len(raw)
    _say(
        "idle",
        inside=inside,
        rows=rows,
        raw=raw,
        versions=len(versions),
        journal=facts.journal,
        daemon=facts.daemon_pid,
    )
    store.close()
    _say("closed")


def _run(path: str) -> dict[str, int]:
    """What every command ends with; its answer is thrown away."""
    # The file itself on both sides: two sessions of one store in one process.
    more = ARGUMENTS | {"compare": (path,)}
    commands = [name for name in COMMANDS if name != "decode"]  # which reads no store
    return {name: _call(name, *more.get(name, ()), "--db", path)[0] for name in commands}


def _call(*arguments: str) -> tuple[int, bytes]:
    """What a command ends with, and its answer."""
    kept = sys.stdout, sys.stderr
    answer = io.BytesIO()
    sys.stdout, sys.stderr = io.TextIOWrapper(answer), io.TextIOWrapper(io.BytesIO())
    try:
        code = command(arguments)
        sys.stdout.flush()
        return int(code), answer.getvalue()
    finally:
        sys.stdout, sys.stderr = kept


def _as_of(path: str) -> list[str] | int:
    """The ids in the store as of the first commit of its log, or what the command ends with."""
    code, answer = _call("list", "agent", "--json", "--commit", "1", "--db", path)
    return [one["id"] for one in json.loads(answer)] if code == 0 else code


@cache
def _program() -> tuple[DesktopApplication, Application]:
    from inspector.gui.app.application import Application, DesktopApplication

    app = DesktopApplication(["inspector"])
    return app, Application(app, Path(os.environ["HOME"]) / "settings.json")


def _show(path: str) -> int:
    """Open a window, wait for its records, follow the store, count them, and close it."""
    app, program = _program()
    app.setQuitOnLastWindowClosed(False)
    window = program.open_file(path)
    while window.record is None or window.record.record is None or window.tasks.is_busy("tables"):
        app.processEvents()
    parts = window.parts_now()
    parts.record.tabs.choose("history")
    while not (parts.follow.is_following and window.tasks.is_idle()):
        app.processEvents()
    looks: list[object] = []
    parts.follow.looked.connect(looks.append)
    for number in range(_LOOKS):
        while len(looks) <= number:
            # By itself it looks seldom where nobody writes.
            parts.follow.look()
            app.processEvents()
    while not window.tasks.is_idle():
        app.processEvents()
    rows = window.records.records.rowCount()
    window.close()
    app.processEvents()
    return rows


def _load() -> None:
    """Import what commands and windows do: another user may not reach where Python lies."""
    with tempfile.TemporaryDirectory() as folder:
        records = [Rec("agent", one) for one in ("agt-000", "agt-001")]
        path = str(layouts.v2(Path(folder) / "s.db", records, [Arc("agent", "agt-000")]))
        _run(path)
        _as_of(path)
        _show(path)


def _main() -> None:
    _load()
    _become(int(sys.argv[1]))
    for line in sys.stdin:
        path = json.loads(line)
        try:
            _read(path)
        except InspectorError as error:
            _say("failed", error=str(error))
            continue
        _say("commands", codes=_run(path), as_of=_as_of(path))
        _say("window", rows=_show(path))


if __name__ == "__main__":
    _main()
