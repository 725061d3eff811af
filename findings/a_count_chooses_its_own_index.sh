#!/bin/sh
# apsw 3.54.1.0 (SQLite 3.54.1), Python 3.11, Linux, seen 2026-11-29.
#
# SELECT count(*) FROM t INDEXED BY i counts the entries of whatever index is smallest, not of i,
# though INDEXED BY is to fail rather than to use another. With a condition, even WHERE 1, it obeys.
# NOT INDEXED is the other way round where the table is WITHOUT ROWID: without a condition the table
# is counted, with one an index is, although it is told not to use any. Whoever compares an index
# with its table, to see whether the one contradicts the other, has to write the two counts
# differently, or compares an index with itself and finds all well.
#
# Output seen:
#   INDEXED BY large: small is counted
#   INDEXED BY large WHERE 1: large is counted
#   NOT INDEXED: the table is counted
#   NOT INDEXED WHERE 1: small is counted
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet apsw==3.54.1.0
cat > "$folder/run.py" <<'PYTHON'
import apsw

made = apsw.Connection(":memory:")
made.execute("CREATE TABLE t(a TEXT, b TEXT, c BLOB, PRIMARY KEY(a, b)) WITHOUT ROWID")
made.execute("CREATE INDEX small ON t(b)")
made.execute("CREATE INDEX large ON t(b, c)")
for words in ("INDEXED BY large", "INDEXED BY large WHERE 1", "NOT INDEXED", "NOT INDEXED WHERE 1"):
    ((*_, plan),) = made.execute(f"EXPLAIN QUERY PLAN SELECT count(*) FROM t {words}")
    _, by, index = plan.partition("INDEX ")
    print(f"{words}: {index if by else 'the table'} is counted")
PYTHON
"$folder/venv/bin/python" "$folder/run.py" > "$folder/seen"
cat "$folder/seen"
cat > "$folder/wanted" <<'TEXT'
INDEXED BY large: small is counted
INDEXED BY large WHERE 1: large is counted
NOT INDEXED: the table is counted
NOT INDEXED WHERE 1: small is counted
TEXT
cmp "$folder/seen" "$folder/wanted"
