"""Where a value of a tree stands in its JSON text, and which value stands at a place of it."""

from __future__ import annotations

from bisect import bisect_right

from inspector.decode.document import read_document
from inspector.decode.json_text import map_key
from inspector.decode.node import Node, NodeKind
from inspector.decode.paths import Place, children

Key = str | int


class JsonPlaces:
    """The JSON text of a tree, read back; offsets are UTF-16 code units, as Qt counts them."""

    def __init__(self, text: str) -> None:
        data = text.encode()
        self._root = read_document(data).root
        self._units = _Units(data)

    def span(self, place: Place) -> tuple[int, int] | None:
        """Start and end of a place's value; None where the text does not hold it.

        A value within a covered or well-known one (a time) has the span of that one.
        """
        node = self._root
        for key in _keys(place):
            below = _below(node, key)
            if below is None:
                return self._at(node) if node.kind == NodeKind.DYNAMIC else None
            node = below
        return self._at(node)

    def place_at(self, offset: int, root: Node) -> Place:
        """The innermost place of the tree ``root`` whose member stands at an offset."""
        byte = self._units.byte(offset)
        place, node = Place(root, None), self._root
        while True:
            inner = next((one for one in node.children if one.start <= byte < one.end), None)
            if inner is None:
                return place
            found = next((one for one in children(place) if _key(one) == inner.label), None)
            if found is None:
                return place
            place, node = found, inner

    def _at(self, node: Node) -> tuple[int, int]:
        return self._units.unit(node.body), self._units.unit(node.end)


def _keys(place: Place) -> list[Key]:
    keys: list[Key] = []
    at: Place | None = place
    while at is not None and at.parent is not None:
        keys.append(_key(at))
        at = at.parent
    return keys[::-1]


def _key(place: Place) -> Key:
    label = place.node.label
    if label is None:
        return place.node.field.json_name if place.node.field is not None else f"<{place.repeat}>"
    parent = place.parent
    if parent is not None and parent.node.kind in (NodeKind.LIST, NodeKind.ARRAY):
        return label if isinstance(label, int) else str(label)
    return label if isinstance(label, str) else map_key(label).strip('"')


def _below(node: Node, key: Key) -> Node | None:
    if isinstance(key, int):
        return node.children[key] if key < len(node.children) else None
    return next((one for one in node.children if one.label == key), None)


class _Units:
    """Byte offsets of a UTF-8 text as UTF-16 offsets, by way of marks every few thousand bytes."""

    _STEP = 4096

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._plain = data.isascii()
        self._bytes = [0]
        self._counts = [0]
        while not self._plain and self._bytes[-1] < len(data):
            start = self._bytes[-1]
            end = min(start + self._STEP, len(data))
            while end < len(data) and data[end] & 0xC0 == 0x80:
                end += 1
            self._bytes.append(end)
            self._counts.append(self._counts[-1] + _utf16(data[start:end]))

    def unit(self, byte: int) -> int:
        if self._plain:
            return byte
        mark = bisect_right(self._bytes, byte) - 1
        return self._counts[mark] + _utf16(self._data[self._bytes[mark] : byte])

    def byte(self, unit: int) -> int:
        if self._plain:
            return unit
        mark = bisect_right(self._counts, unit) - 1
        at, left = self._bytes[mark], unit - self._counts[mark]
        text = self._data[at : at + 4 * (left + 1)].decode(errors="ignore")
        for character in text:
            left -= 2 if ord(character) > 0xFFFF else 1
            if left < 0:
                break
            at += len(character.encode())
        return at


def _utf16(data: bytes) -> int:
    text = data.decode(errors="ignore")
    return len(text) + sum(character > "\uffff" for character in text)
