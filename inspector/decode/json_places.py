"""Where a value of a tree stands in its JSON text, and which value stands at a place of it.

The text is the writer's own with two spaces a level, so each line begins with at most one key, and
no line break stands within a value. Looking for line beginnings is therefore enough; nothing is
parsed, nothing is kept beside the text, and 50 MB take some hundredths of a second. What lies so
deep that it stands on one line has the place of that line's value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from json import JSONDecoder
from typing import Final

from inspector.decode.json_text import map_key
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.well_known import in_place_of, packed, type_url

Key = str | int  #: a key as JSON writes it, quotes included, or an index
Span = tuple[int, int]  #: offsets of the first character and of the one behind the last

_WINDOW: Final = 4096
_CLOSE: Final = {"{": "}", "[": "]"}
_DECODER: Final = JSONDecoder()


def keys_of(tree: Tree, way: Sequence[int]) -> list[Key] | None:
    """The keys and indexes that lead to a value; None for one that JSON does not have."""
    keys: list[Key] = []
    node = tree.root
    for index in way:
        parent, node = node, node.children[index]
        if node.kind >= NodeKind.UNKNOWN:
            return None
        if not in_place_of(parent, node):
            keys.append(_key(parent, node))
    return keys


def way_of(tree: Tree, keys: Sequence[Key]) -> list[int]:
    """The way to the value at keys, as far as the tree goes: within a time it ends at the time."""
    way: list[int] = []
    node = tree.root
    for key in keys:
        found = _below(node, key)
        if not found:
            break
        way += found
        for index in found:
            node = node.children[index]
    return way


def span(text: str, keys: Sequence[Key]) -> Span | None:
    """Where the value at keys stands; None where the text does not hold it.

    A value within a covered one, within a time or within one that stands on one line has the place
    of that one.
    """
    start = 0
    for level, key in enumerate(keys, 1):
        mark = text[start : start + 1]
        if mark not in _CLOSE:
            return start, _end(text, start, level - 1)
        if text.startswith(_CLOSE[mark], start + 1):  # it is empty
            return None
        if text[start + 1] != "\n":
            return start, _end(text, start, level - 1)
        inner = (
            _member(text, start, level, key) if mark == "{" else _element(text, start, level, key)
        )
        if inner is None:
            return None
        start = inner
    return start, _end(text, start, len(keys))


def keys_at(text: str, offset: int) -> list[Key]:
    """The keys that lead to the value on whose line an offset lies."""
    start = text.rfind("\n", 0, offset) + 1
    level = _level(text, start)
    keys: list[Key] = []
    if text[start + 2 * level : start + 2 * level + 1] in ("}", "]") and start:
        start = _above(text, start, level)
    while level:
        parent = _above(text, start, level - 1)
        if text[text.find("\n", parent) - 1] == "{":
            first = start + 2 * level
            keys.append(text[first : _DECODER.raw_decode(text, first)[1]])
        else:
            keys.append(sum(1 for _ in _elements(level).finditer(text, parent, start)))
        start, level = parent, level - 1
    return keys[::-1]


def _key(parent: Node, node: Node) -> Key:
    label = node.label
    if parent.kind not in (NodeKind.MAP, NodeKind.STRUCT) and isinstance(label, int):
        return label
    if label is not None:
        return map_key(label)
    if packed(parent) is not None and node is type_url(parent):
        return '"@type"'
    return f'"{node.field.json_name}"' if node.field is not None else ""


def _below(parent: Node, key: Key) -> list[int]:
    """The way from a node to what stands at a key of its text; empty where nothing does."""
    way: list[int] = []
    while True:
        children = parent.children
        if isinstance(key, int) and key < len(children) and _is(parent, children[key], key):
            return [*way, key]
        index = next((i for i, one in enumerate(children) if _is(parent, one, key)), None)
        if index is not None:
            return [*way, index]
        inner = next((i for i, one in enumerate(children) if in_place_of(parent, one)), None)
        if inner is None:
            return []
        way.append(inner)
        parent = children[inner]


def _is(parent: Node, node: Node, key: Key) -> bool:
    if node.kind >= NodeKind.UNKNOWN or in_place_of(parent, node):
        return False
    return _key(parent, node) == key


def _indent(level: int) -> str:
    return "\n" + "  " * level


def _elements(level: int) -> re.Pattern[str]:
    """Where a line of a level begins that does not close anything."""
    return re.compile(rf"\n {{{2 * level}}}(?=[^ \]}}])")


def _member(text: str, start: int, level: int, key: Key) -> int | None:
    needle = f"{_indent(level)}{key}: "
    found = text.find(needle, start)
    if found < 0 or text.find(_indent(level - 1) + "}", start, found) >= 0:
        return None
    return found + len(needle)


def _element(text: str, start: int, level: int, key: Key) -> int | None:
    lines = re.compile(rf"\n(?: {{{2 * level}}}(?=[^ \]}}])| {{{2 * level - 2}}}\])")
    for index, found in enumerate(lines.finditer(text, start)):
        if found[0].endswith("]"):
            break
        if index == key:
            return found.end()
    return None


def _end(text: str, start: int, level: int) -> int:
    """Behind the value that begins at an offset on a line of a level."""
    line = text.find("\n", start)
    line = len(text) if line < 0 else line
    mark = text[start : start + 1]
    if mark in _CLOSE and line == start + 1:
        return text.find(_indent(level) + _CLOSE[mark], start) + 2 * level + 2
    return line - (text[line - 1] == "," and line - start > 1)


def _level(text: str, start: int) -> int:
    first = start
    while text[first : first + 1] == " ":
        first += 1
    return (first - start) // 2


def _above(text: str, start: int, level: int) -> int:
    """The beginning of the nearest line before one that opens something at a level."""
    if level == 0:
        return 0
    window = _WINDOW
    while True:
        first = max(0, start - window)
        found = max(text.rfind(_indent(level) + mark, first, start) for mark in '"{[')
        if found >= 0:
            return found + 1
        if first == 0:
            return 0
        window *= 8
