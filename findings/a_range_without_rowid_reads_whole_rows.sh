#!/bin/sh
# apsw 3.54.1.0 (SQLite 3.54.1), Python 3.11, Linux, seen 2026-11-29.
#
# A table WITHOUT ROWID keeps its rows, blobs and all, in the tree of its primary key. Where a
# statement asks for a range with an end, be it one value of the key's first column, SQLite compares
# each row with that end, and for the comparison reads the row whole, the pages its blob runs on to
# included, though no blob is asked for. A range that only begins somewhere does not: written as one
# comparison of both columns it reads a fraction, and whoever reads can end it.
#
# Here keys alone are read from 400 rows of 16,000 bytes (some 6.5 MB).
#
# Output seen:
#   kind = ?: the blobs are read
#   (kind, id) >= (?, ?): the blobs are not read
#   the same keys both times
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet apsw==3.54.1.0
cat > "$folder/run.py" <<'PYTHON'
import sys

import apsw

ROWS, SIZE = 400, 16_000
path = sys.argv[1]
made = apsw.Connection(path)
made.execute("CREATE TABLE r(kind TEXT, id TEXT, data BLOB, PRIMARY KEY(kind, id)) WITHOUT ROWID")
with made:
    rows = [(f"{n:05}", SIZE) for n in range(ROWS)]
    made.executemany("INSERT INTO r VALUES('a', ?, zeroblob(?))", rows)
made.close()


class File(apsw.VFSFile):
    read = 0

    def xRead(self, amount, offset):
        File.read += amount
        return super().xRead(amount, offset)


class Layer(apsw.VFS):
    def xOpen(self, name, flags):
        return File("", name, flags)


layer = Layer("counts", "")


def keys(sql, values):
    """The keys that a statement gives, and how many bytes of the file it reads for them."""
    connection = apsw.Connection(path, apsw.SQLITE_OPEN_READONLY, vfs="counts")
    connection.execute("PRAGMA cache_size=10")
    list(connection.execute("SELECT count(*) FROM sqlite_schema"))
    File.read = 0
    found = [row[0] for row in connection.execute(sql, values)]
    connection.close()
    return found, File.read


ended, whole = keys("SELECT id FROM r WHERE kind = ? ORDER BY id", ("a",))
open_, part = keys("SELECT id FROM r WHERE (kind, id) >= (?, ?) ORDER BY kind, id", ("a", ""))
print("kind = ?: the blobs are", "read" if whole > ROWS * SIZE * 0.9 else "not read")
print("(kind, id) >= (?, ?): the blobs are", "read" if part > ROWS * SIZE * 0.9 else "not read")
print("the same keys both times" if ended == open_ and len(ended) == ROWS else "other keys")
print(whole, part, file=sys.stderr)
PYTHON
"$folder/venv/bin/python" "$folder/run.py" "$folder/file" > "$folder/seen"
cat "$folder/seen"
cat > "$folder/wanted" <<'TEXT'
kind = ?: the blobs are read
(kind, id) >= (?, ?): the blobs are not read
the same keys both times
TEXT
cmp "$folder/seen" "$folder/wanted"
