#!/bin/sh
# PySide6-Essentials 6.11.3 (Qt 6.11.3), seen 2026-11-28, offscreen.
#
# A read-only QPlainTextEdit that shows "1<U+00A0>000" copies "1 000" with an ordinary space: what is
# put on the clipboard, dragged, or given by toPlainText is not what stands in it. The document has
# kept the no-break space: the text of a selection has it, and so has toRawText. So whoever selects
# a number with a no-break space in it and pastes it compares something else. A program that has to
# hand on what it shows must make the MIME data of a selection itself.
#
# Output seen:
#   shown     1\xa0000
#   selection 1\xa0000
#   plain     1 000
#   clipboard 1 000
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet PySide6-Essentials==6.11.3
cat > "$folder/run.py" <<'PYTHON'
from PySide6.QtWidgets import QApplication, QPlainTextEdit

app = QApplication([])
edit = QPlainTextEdit()
edit.setReadOnly(True)
edit.setPlainText("1\u00a0000")
edit.selectAll()
edit.copy()
print("shown    ", ascii(edit.document().toRawText())[1:-1])
print("selection", ascii(edit.textCursor().selectedText())[1:-1])
print("plain    ", ascii(edit.toPlainText())[1:-1])
print("clipboard", ascii(app.clipboard().text())[1:-1])
PYTHON
QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" "$folder/run.py" > "$folder/seen"
cat "$folder/seen"
cat > "$folder/wanted" <<'TEXT'
shown     1\xa0000
selection 1\xa0000
plain     1 000
clipboard 1 000
TEXT
cmp "$folder/seen" "$folder/wanted"
