#!/bin/sh
# PySide6-Essentials 6.11.3, seen 2026-11-30, without a display.
#
# What a signal of type dict carries is made into a QVariantMap and back, also within one thread and
# where only Python listens. A dictionary of which one key is no text arrives empty: there is a line
# on standard error, but no exception, and the slot is called. One whose keys are texts arrives as
# another object, in the order of its keys. A class of its own made of dict arrives as a plain one.
# A signal of type list carries a copy as well; tuple, set, collections.abc.Mapping and object carry
# the object itself. To declare the signal as Mapping instead of dict is enough.
#
# Output seen:
#   dict    {1: 'one', 'k': 2} -> {}
#   dict    {'b': 2, 'a': 1} -> {'a': 1, 'b': 2}
#   dict    Own({'a': 1}) -> {'a': 1}
#   Mapping {1: 'one', 'k': 2} -> itself
#   Mapping {'b': 2, 'a': 1} -> itself
#   Mapping Own({'a': 1}) -> itself
#   list    [1, 'a'] -> [1, 'a']
#   tuple   (1, 'a') -> itself
#   set     {1} -> itself
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet PySide6-Essentials==6.11.3
cat > "$folder/run.py" <<'PYTHON'
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QObject, Signal


class Own(dict):
    def __repr__(self):
        return f"Own({super().__repr__()})"


class Sender(QObject):
    dict = Signal(dict)
    Mapping = Signal(Mapping)
    list = Signal(list)
    tuple = Signal(tuple)
    set = Signal(set)


application = QCoreApplication([])
sender = Sender()
maps = ({1: "one", "k": 2}, {"b": 2, "a": 1}, Own(a=1))
sent = {"dict": maps, "Mapping": maps, "list": ([1, "a"],), "tuple": ((1, "a"),), "set": ({1},)}
for name, values in sent.items():
    signal = getattr(sender, name)
    for value in values:
        arrived = []
        signal.connect(arrived.append)
        signal.emit(value)
        signal.disconnect()
        word = "itself" if arrived[0] is value else repr(arrived[0])
        print(f"{name:7} {value!r} -> {word}")
PYTHON
"$folder/venv/bin/python" "$folder/run.py" 2> "$folder/said" > "$folder/seen"
cat "$folder/seen"
grep -q "Cannot copy-convert" "$folder/said"
cat > "$folder/wanted" <<'TEXT'
dict    {1: 'one', 'k': 2} -> {}
dict    {'b': 2, 'a': 1} -> {'a': 1, 'b': 2}
dict    Own({'a': 1}) -> {'a': 1}
Mapping {1: 'one', 'k': 2} -> itself
Mapping {'b': 2, 'a': 1} -> itself
Mapping Own({'a': 1}) -> itself
list    [1, 'a'] -> [1, 'a']
tuple   (1, 'a') -> itself
set     {1} -> itself
TEXT
cmp "$folder/seen" "$folder/wanted"
