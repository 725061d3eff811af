#!/usr/bin/env bash
# A possessive group that fails half way leaves the match standing in the middle of it.
#
# Packages: none; the `re` of the Python that python3 is. Debian 12 has 3.11.2.
# Seen: possessive groups came with Python 3.11.0. In 3.11.2 `a(?:bc?d)?+` matches "ab" of "abc": the
# group has taken "b", fails at "d", counts as absent, and yet what follows begins behind the "b". So
# a tokenizer takes "1.5e+" for the number "1.5e", and a JSON reader the text "\u" for a whole one,
# with no error. 3.11.7 and 3.13.5 match "a". Possessive characters and classes, `b++`, are right
# everywhere. A last alternative that never fits, `a(?:bc?d|(?!))?+`, makes it right everywhere too.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > read.py <<'PY'
import re
import sys

group = re.match("a(?:bc?d)?+", "abc")[0]
number = re.match(r"\d++\.\d++(?:[eE][+-]?\d++)?+", "1.5e+")[0]
with_last = re.match("a(?:bc?d|(?!))?+", "abc")[0]
version = sys.version_info[:3]
print(version, group, number, with_last)
assert with_last == "a"
if version <= (3, 11, 2):
    assert (group, number) == ("ab", "1.5e")
if version >= (3, 11, 7):
    assert (group, number) == ("a", "1.5")
PY
python3 read.py
