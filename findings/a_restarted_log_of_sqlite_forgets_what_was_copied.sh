#!/usr/bin/env bash
# Opening a store after a kill makes SQLite forget how far its write-ahead log was copied back.
#
# Packages: apsw 3.51.0.0 (with SQLite 3.51.0), which brings its own SQLite.
# Seen: after a passive checkpoint the shared memory (-shm) says that all 8 frames are in the
# database: nBackfill 8, at offset 96. The writer is killed and the store is opened again: now
# nBackfill is 0, as if nothing had been copied, while the database file has not changed. What is
# left is nBackfillAttempted (offset 128), which then is the number of all frames whether or not a
# checkpoint ever ran: the same 8 for a log of which nothing was copied. So "nBackfill is 0, and
# therefore the frames up to a commit over the database file are the store as of that commit" is
# wrong after any restart; the memory alone cannot tell, the pages must be compared.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install -q apsw==3.51.0.0
cat > write.py <<'PY'
import os, sys, apsw

connection = apsw.Connection(sys.argv[1])
for statement in sys.argv[2:]:
    connection.execute(statement).fetchall()
os._exit(0)  # killed: nothing is closed
PY
cat > tell.py <<'PY'
import struct, sys

memory = open(f"{sys.argv[1]}-shm", "rb").read()
frames, copied, attempted = (struct.unpack_from("=I", memory, at)[0] for at in (16, 96, 128))
print(*sys.argv[2:], f"frames {frames}, nBackfill {copied}, nBackfillAttempted {attempted}")
PY
setup=("PRAGMA journal_mode=WAL" "PRAGMA wal_autocheckpoint=0" "CREATE TABLE t (a)")
for number in 1 2 3 4 5 6; do setup+=("INSERT INTO t VALUES ($number)"); done
{
    for store in copied untouched; do
        extra=()
        if [ "$store" = copied ]; then extra=("PRAGMA wal_checkpoint(PASSIVE)"); fi
        env/bin/python write.py "$store.db" "${setup[@]}" "${extra[@]}"
        env/bin/python tell.py "$store.db" "$store, killed:"
        before=$(cksum < "$store.db")
        env/bin/python write.py "$store.db" "SELECT count(*) FROM t"
        env/bin/python tell.py "$store.db" "$store, opened again:"
        [ "$before" = "$(cksum < "$store.db")" ] && echo "the database is as it was"
    done
} | tee seen
diff - seen <<'SEEN'
copied, killed: frames 8, nBackfill 8, nBackfillAttempted 8
copied, opened again: frames 8, nBackfill 0, nBackfillAttempted 8
the database is as it was
untouched, killed: frames 8, nBackfill 0, nBackfillAttempted 0
untouched, opened again: frames 8, nBackfill 0, nBackfillAttempted 8
the database is as it was
SEEN
