"""A daemon that is not spared: it commits, checkpoints, vacuums and is killed; Python's SQLite.

Each commit sets every row of the store to the same number, and is acknowledged by it on a pipe; the
same in JavaScript, beside Node's own SQLite, is ``torture_writer.mjs``.
"""

from __future__ import annotations

import random
import sqlite3
import sys

_UPDATE = (
    "UPDATE resources SET data = CAST(printf('%010d', ?) || substr(CAST(data AS TEXT), 11) AS BLOB)"
)


def _main(path: str, first: int, seed: int) -> None:
    chance = random.Random(seed)
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(f"PRAGMA wal_autocheckpoint={chance.choice((0, 20, 1000))}")
    number = first
    for line in sys.stdin:
        if line.strip() == "stop":
            connection.close()
            print("stopped", flush=True)
            return
        for _ in range(int(line)):
            number += 1
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_UPDATE, (number,))
            connection.execute("COMMIT")
            print(number, flush=True)
            match chance.randrange(30):
                case 0 | 1 | 2 as which:
                    how = ("PASSIVE", "RESTART", "TRUNCATE")[which]
                    connection.execute(f"PRAGMA wal_checkpoint({how})").fetchall()
                case 3:
                    connection.execute("VACUUM")
        print("done", flush=True)


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
