#!/usr/bin/env bash
# What an expression of CEL answers where it fails counts as true.
#
# Packages: cel-expr-python 0.1.3.
# Seen: an evaluation that fails raises nothing. It answers a value whose type is ERROR and whose
# content is the words of the error, a text that is not empty. So `if expression.eval(...).value()`
# holds for each record of which the expression can say nothing, such as one without the key of a map
# that is asked for, and a filter written so shows them among those that match. An error behind "||"
# or "&&" is none where the other side decides. The type has to be asked first.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install -q cel-expr-python==0.1.3
cat > read.py <<'PY'
from cel_expr_python import cel

env = cel.NewEnv(variables={"m": cel.Type.DYN, "n": cel.Type.INT})
for text in ("m['key'] == 1", "1 / n == 1", "m['key'] == 1 || n == 0", "n == 1"):
    found = env.compile(text).eval(data={"m": {}, "n": 0})
    print(f"{text}: {found.type()} {bool(found.value())}")
PY
env/bin/python read.py > seen
cat seen
diff seen - <<'SEEN'
m['key'] == 1: ERROR True
1 / n == 1: ERROR True
m['key'] == 1 || n == 0: BOOL True
n == 1: BOOL False
SEEN
