#!/bin/sh
# apsw 3.54.1.0 with its SQLite 3.54.1, seen 2026-11-29.
#
# A statement that asks a key of two columns for one value and a range, in the order of the key, is
# compiled anew each time values are bound, though the prepared statement is taken from the cache:
# SQLite might find a better plan for other values, even in a file without statistics. An authorizer is
# asked everything again each time; where it is written in Python, that is most of the cost of a short
# question. SQLITE_DBCONFIG_ENABLE_QPSG, "query planner stability guarantee", which is off, keeps what
# was compiled.
#
# Output seen:
#   100 questions, as it is: asked 500 times
#   100 questions, with QPSG: asked 5 times
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet apsw==3.54.1.0
cat > "$folder/run.py" <<'PYTHON'
import apsw

for stable in (0, 1):
    connection = apsw.Connection(":memory:")
    connection.execute("CREATE TABLE rows (a TEXT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID")
    # Later it would come too late for what is compiled already.
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, stable)
    asked = []
    connection.authorizer = lambda *question: asked.append(question) or apsw.SQLITE_OK
    for number in range(100):
        sql = "SELECT b FROM rows WHERE a = :a AND b >= :b ORDER BY b"
        connection.execute(sql, {"a": "a", "b": str(number)}).fetchall()
    print(f"100 questions, {'with QPSG' if stable else 'as it is'}: asked {len(asked)} times")
PYTHON
"$folder/venv/bin/python" "$folder/run.py" > "$folder/seen"
cat "$folder/seen"
cat > "$folder/wanted" <<'TEXT'
100 questions, as it is: asked 500 times
100 questions, with QPSG: asked 5 times
TEXT
cmp "$folder/seen" "$folder/wanted"
