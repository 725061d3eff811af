#!/bin/sh
# PySide6-Essentials 6.11.3, seen 2026-11-28, offscreen.
#
# QWidget.nextInFocusChain only answers which widget Tab leads to. Qt for Python also takes that
# widget for a child of the one that was asked. Whoever walks round the chain of a window makes a
# button the parent of what comes next, and in the end of the window itself: when the button is
# deleted, the Python objects of menus that are still in the window are invalid, and every use of one
# raises RuntimeError. Without the walk nothing happens to them. setTabOrder does not do it.
#
# Output seen:
#   not walked: menu valid True, in the window ['File']
#   walked: menu valid False, in the window ['File']
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet PySide6-Essentials==6.11.3
cat > "$folder/run.py" <<'PYTHON'
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QPushButton, QWidget
from shiboken6 import isValid

app = QApplication([])
for walked in (False, True):
    window = QMainWindow()
    menu = window.menuBar().addMenu("File")
    middle = QWidget()
    window.setCentralWidget(middle)
    first, second = QPushButton("first", middle), QPushButton("second", middle)
    if walked:
        here = first.nextInFocusChain()
        while here is not first:
            here = here.nextInFocusChain()
    first.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    titles = [one.title() for one in window.menuBar().findChildren(QMenu)]
    word = "walked" if walked else "not walked"
    print(f"{word}: menu valid {isValid(menu)}, in the window {titles}")
PYTHON
QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" "$folder/run.py" > "$folder/seen"
cat "$folder/seen"
cat > "$folder/wanted" <<'TEXT'
not walked: menu valid True, in the window ['File']
walked: menu valid False, in the window ['File']
TEXT
cmp "$folder/seen" "$folder/wanted"
