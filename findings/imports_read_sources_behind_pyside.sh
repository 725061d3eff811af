#!/bin/sh
# PySide6-Essentials 6.11.3, seen 2026-11-29, offscreen.
#
# Once PySide6.QtCore is imported, the source of every module that any import statement brings in is
# read whole, though Python has it compiled: Qt for Python looks for the word "PySide6" in it. This is
# so for modules that have nothing to do with Qt, the standard library's too, and the lines stay in
# linecache for as long as the process lives. What is imported before PySide6 is spared: a program of
# some 150 modules starts 3 % sooner for importing the half that knows no Qt first.
#
# Output seen:
#   imported before PySide6: 0 lines kept of the module, 0 of argparse
#   imported behind PySide6: 50001 lines kept of the module, all of argparse
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet PySide6-Essentials==6.11.3
{
    echo "VALUE = 0"
    yes "# a line that Python never reads again" | head -n 50000
} > "$folder/plain.py"
cat > "$folder/run.py" <<'PYTHON'
import linecache
import sys

import plain  # so that it is compiled, and what is read of it below is read once more

del sys.modules["plain"]
linecache.clearcache()
if sys.argv[1] == "before":
    import argparse
    import plain
    import PySide6.QtCore
else:
    import PySide6.QtCore

    sys.modules.pop("argparse", None)
    import argparse
    import plain


def kept(module):
    return len(linecache.cache[module.__file__][2]) if module.__file__ in linecache.cache else 0


with open(argparse.__file__, encoding="utf-8") as file:
    whole = kept(argparse) == len(file.readlines())
word = "all" if whole else kept(argparse)
print(f"imported {sys.argv[1]} PySide6: {kept(plain)} lines kept of the module, {word} of argparse")
PYTHON
for order in before behind; do
    QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" "$folder/run.py" "$order"
done > "$folder/seen"
cat "$folder/seen"
cat > "$folder/wanted" <<'TEXT'
imported before PySide6: 0 lines kept of the module, 0 of argparse
imported behind PySide6: 50001 lines kept of the module, all of argparse
TEXT
cmp "$folder/seen" "$folder/wanted"
