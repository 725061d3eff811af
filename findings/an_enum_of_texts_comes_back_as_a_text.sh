#!/bin/sh
# PySide6-Essentials 6.11.3, seen 2026-11-30, offscreen.
#
# What is put into an item, an action, an entry of a combo box or a property is what comes out again:
# an Enum, and an IntEnum too, come back as the very object. A member of a StrEnum, or of a class that
# is both str and Enum, comes back as a plain text: `is` fails and so does an isinstance that chooses
# between enums, while == and QComboBox.findData go on working, which hides it. In a list, and as a
# value or a key of a dictionary, it is the same; in a tuple, and in a signal declared as object, the
# member stays what it is. So the place of a value decides its type, and a member of an enum is only
# safe where its class is asked for it again.
#
# Output seen:
#   Enum: combo kept, item kept, action kept, property kept, list kept, dict kept, tuple kept, signal kept
#   IntEnum: combo kept, item kept, action kept, property kept, list kept, dict kept, tuple kept, signal kept
#   StrEnum: combo str, item str, action str, property str, list str, dict str, tuple kept, signal kept
#   str and Enum: combo str, item str, action str, property str, list str, dict str, tuple kept, signal kept
#   StrEnum found by findData: 0
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet PySide6-Essentials==6.11.3
cat > "$folder/run.py" <<'PYTHON'
from enum import Enum, IntEnum, StrEnum

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QStandardItem
from PySide6.QtWidgets import QApplication, QComboBox


class Plain(Enum):
    ONE = "one"


class Number(IntEnum):
    ONE = 1


class Text(StrEnum):
    ONE = "one"


class Both(str, Enum):
    ONE = "one"


class Holder(QObject):
    told = Signal(object)


def held(value):
    holder = Holder()
    holder.setProperty("held", value)
    return holder.property("held")


def places(value):
    combo, item, action, holder = QComboBox(), QStandardItem(), QAction(), Holder()
    combo.addItem("one", value)
    item.setData(value)
    action.setData(value)
    got = []
    holder.told.connect(got.append)
    holder.told.emit(value)
    yield "combo", combo.currentData()
    yield "item", item.data()
    yield "action", action.data()
    yield "property", held(value)
    yield "list", held([value])[0]
    yield "dict", held({"key": value})["key"]
    yield "tuple", held((value,))[0]
    yield "signal", got[0]


app = QApplication([])
kinds = {"Enum": Plain, "IntEnum": Number, "StrEnum": Text, "str and Enum": Both}
for name, kind in kinds.items():
    value = kind.ONE
    seen = [(place, "kept" if it is value else type(it).__name__) for place, it in places(value)]
    print(f"{name}: {', '.join(' '.join(one) for one in seen)}")
combo = QComboBox()
combo.addItem("one", Text.ONE)
print(f"StrEnum found by findData: {combo.findData(Text.ONE)}")
PYTHON
QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" "$folder/run.py" > "$folder/seen"
cat "$folder/seen"
cat > "$folder/wanted" <<'TEXT'
Enum: combo kept, item kept, action kept, property kept, list kept, dict kept, tuple kept, signal kept
IntEnum: combo kept, item kept, action kept, property kept, list kept, dict kept, tuple kept, signal kept
StrEnum: combo str, item str, action str, property str, list str, dict str, tuple kept, signal kept
str and Enum: combo str, item str, action str, property str, list str, dict str, tuple kept, signal kept
StrEnum found by findData: 0
TEXT
cmp "$folder/seen" "$folder/wanted"
