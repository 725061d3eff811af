#!/bin/sh
# apsw 3.54.1.0 (SQLite 3.54.1), Python 3.11, Linux, seen 2026-11-29.
#
# A file is read once, from end to end, and stays in the system's own cache. SQLite's page cache is
# of no use to that, and one that has room for the file makes it slower than one of 256 KB: each page
# is then put into memory that no page was in before, instead of into that of a page which is let go.
# What is asked for below are blobs that hold some bytes, in 200 MB of blobs that do not; the time is
# the processor's, the middle of nine turns, each on a connection of its own.
#
# Output seen (1.4 to 1.8 times as long):
#   room for all pages takes more than 1.15 times what 256 KB take
#   the default of 2 MB takes less than 1.15 times
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet apsw==3.54.1.0
cat > "$folder/run.py" <<'PYTHON'
import os
import statistics
import sys
import time

import apsw

path = sys.argv[1]
made = apsw.Connection(path)
made.execute("CREATE TABLE r(n INTEGER PRIMARY KEY, data BLOB)")
with made:
    made.executemany("INSERT INTO r VALUES(?, ?)", ((n, os.urandom(3300)) for n in range(60_000)))
made.close()


def scan(kilobytes):
    """Seconds of the processor that a search of all blobs takes."""
    connection = apsw.Connection(path, apsw.SQLITE_OPEN_READONLY)
    connection.execute(f"PRAGMA cache_size=-{kilobytes}")
    began = time.process_time()
    list(connection.execute("SELECT count(*) FROM r WHERE instr(data, x'00112233445566')"))
    took = time.process_time() - began
    connection.close()
    return took


sizes = (256, 2_000, 400_000)
turns = [[scan(one) for one in sizes] for _ in range(9)]
small, default, all_pages = (statistics.median(column) for column in zip(*turns))
word = "more" if all_pages > 1.15 * small else "less"
print(f"room for all pages takes {word} than 1.15 times what 256 KB take")
word = "more" if default > 1.15 * small else "less"
print(f"the default of 2 MB takes {word} than 1.15 times")
print(round(all_pages / small, 2), round(default / small, 2), file=sys.stderr)
PYTHON
"$folder/venv/bin/python" "$folder/run.py" "$folder/file" > "$folder/seen"
cat "$folder/seen"
cat > "$folder/wanted" <<'TEXT'
room for all pages takes more than 1.15 times what 256 KB take
the default of 2 MB takes less than 1.15 times
TEXT
cmp "$folder/seen" "$folder/wanted"
