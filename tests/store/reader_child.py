"""A reader in a process of its own, under another user's identity, driven over its pipes.

For each path it reads the whole store: it stops in the midst of a read ("inside"), then with the
store open but idle ("idle", and what it found), then with the store closed ("closed").
"""

from __future__ import annotations

import json
import os
import sys

from inspector.errors import InspectorError
from inspector.store.reader import Reader, Snapshot
from inspector.store.store import Store


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
    reader = Reader(store.real_path)
    inside = reader.read(_stop_inside)
    reader.close()
    facts = store.facts()
    kinds = store.kinds()
    rows = [row.id for kind in kinds for row in store.rows(kind.kind).rows]
    versions = [one.audit_id for id_ in rows for one in store.versions(kinds[0].kind, id_)]
    raw = [row.id for row in store.raw_rows() if row.problem is None]
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


def _main() -> None:
    _become(int(sys.argv[1]))
    for line in sys.stdin:
        try:
            _read(json.loads(line))
        except InspectorError as error:
            _say("failed", error=str(error))


if __name__ == "__main__":
    _main()
