#!/bin/sh
# apsw 3.54.1.0 (SQLite 3.54.1), Python 3.11, Linux, seen 2026-11-29.
#
# apsw lets other threads run while SQLite runs, but a file layer written in Python takes Python's
# lock back for each page, and keeps it while the file layer it inherits from waits for the disk:
# VFSFile.xRead reads under the lock. So with such a layer, be it one that only looks on, every
# page that a slow disk is asked for stops every thread of the program, its window too. A layer
# that reads with os.pread, which lets go of the lock, does not.
#
# Here one call reads 256 MiB while another thread counts how often it is let run.
#
# Output seen:
#   apsw.VFSFile.xRead: the other thread stands still
#   os.pread: the other thread goes on
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet apsw==3.54.1.0
cat > "$folder/run.py" <<'PYTHON'
import os
import sys
import threading

import apsw

SIZE = 256 << 20
path = sys.argv[1]
with open(path, "wb") as file:
    file.truncate(SIZE)
sys.setswitchinterval(0.0005)


def turns(read):
    """How often another thread was let run while something is read."""
    count, over, begun = 0, False, threading.Event()

    def run():
        nonlocal count
        begun.set()
        while not over:
            count += 1

    other = threading.Thread(target=run)
    other.start()
    begun.wait()
    before = count
    assert len(read()) == SIZE
    during = count - before
    over = True
    other.join()
    return during


flags = [apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_READONLY, 0]
layer = apsw.VFSFile("", path, flags)
descriptor = os.open(path, os.O_RDONLY)
# Some turns it has at the beginning and the end whatever happens, more on a busy machine.
locked = turns(lambda: layer.xRead(SIZE, 0))
free = turns(lambda: os.pread(descriptor, SIZE, 0))
print("apsw.VFSFile.xRead: the other thread", "stands still" if locked * 2 < free else "goes on")
print("os.pread: the other thread", "goes on" if locked * 2 < free else "stands still")
layer.xClose()
PYTHON
"$folder/venv/bin/python" "$folder/run.py" "$folder/file" > "$folder/seen"
cat "$folder/seen"
cat > "$folder/wanted" <<'TEXT'
apsw.VFSFile.xRead: the other thread stands still
os.pread: the other thread goes on
TEXT
cmp "$folder/seen" "$folder/wanted"
