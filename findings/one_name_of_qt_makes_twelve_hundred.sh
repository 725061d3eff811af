#!/bin/sh
# PySide6-Essentials 6.11.3, Python 3.11, Linux, seen 2026-12-01.
#
# Whoever writes Qt.AlignLeft has 93 enums with 1,195 members made, one by one and in Python: the
# classes of PySide6 are filled when they are first touched, and the namespace Qt with all of its
# enums at once. 17 ms of processor time were seen for it, as much as the import of QtWidgets. QStyle
# has 566 more, and the import of three modules alone makes 1,002, most of them names of languages,
# scripts and countries. A small window so spends a sixth of its start in enum.py.
#
# Output seen:
#   QtCore, QtGui and QtWidgets imported: 33 enums with 1002 members
#   QTableView: 16 enums with 90 members
#   QStyle: 11 enums with 566 members
#   Qt: 93 enums with 1195 members
#   Qt once more: 0 enums with 0 members
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet PySide6-Essentials==6.11.3
cat > "$folder/run.py" <<'PYTHON'
from enum import EnumType

members = []
before = vars(EnumType)["_create_"]


def counted(base, class_name, names, **more):
    members.append(len(names))
    return before(base, class_name, names, **more)


def tell(what):
    print(f"{what}: {len(members)} enums with {sum(members)} members")
    members.clear()


EnumType._create_ = counted
from PySide6 import QtCore, QtGui, QtWidgets

tell("QtCore, QtGui and QtWidgets imported")
QtWidgets.QTableView
tell("QTableView")
QtWidgets.QStyle
tell("QStyle")
QtCore.Qt
tell("Qt")
QtCore.Qt.AlignLeft
tell("Qt once more")
PYTHON
"$folder/venv/bin/python" "$folder/run.py" > "$folder/seen"
cat "$folder/seen"
cat > "$folder/wanted" <<'TEXT'
QtCore, QtGui and QtWidgets imported: 33 enums with 1002 members
QTableView: 16 enums with 90 members
QStyle: 11 enums with 566 members
Qt: 93 enums with 1195 members
Qt once more: 0 enums with 0 members
TEXT
cmp "$folder/seen" "$folder/wanted"
