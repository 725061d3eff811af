"""A JSON document (the store of 2026-01-18) to the same tree a message becomes, with byte spans.

Reads any depth and any size of number, which ``json`` does not; the offsets are of bytes, which
``json`` does not give. Keys come in code point order, as everywhere in canonical JSON.
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from inspector.decode.json_text import WrittenNumber
from inspector.decode.node import Node, NodeKind, Tree
from inspector.named_tuple import NamedTuple

_SPACE: Final = re.compile(rb"[ \t\n\r]*")
# The last alternative never fits, which takes a group back that fails half way: Python before
# 3.11.5 leaves it there.
_STRING: Final = re.compile(rb'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}|(?!))*+"')
_NUMBER: Final = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_ZERO: Final = re.compile(r"-?[0.]+(?![0-9.])")  #: whatever its exponent
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_WORDS: Final[dict[bytes, Any]] = {b"true": True, b"false": False, b"null": None}
_MAX_INT_DIGITS: Final = 4000
_CLOSE: Final = {NodeKind.STRUCT: b"}", NodeKind.ARRAY: b"]"}


class _OpenContainer(NamedTuple):
    """An object or array that is being read; ``start`` is where its key begins."""

    kind: NodeKind
    label: str | int | None
    start: int
    body: int
    children: list[Node]
    problem: str | None


class _NotJsonError(Exception):
    """The text at this offset is no JSON."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def read_document(data: bytes) -> Tree:
    """Reads a JSON text; what is no JSON becomes one MALFORMED node from where it breaks."""
    reader = _DocumentReader(data)
    try:
        root = reader.document()
    except _NotJsonError as error:
        kind = int(NodeKind.MALFORMED)
        start = error.offset
        bad = Node(kind, None, None, None, (), start, start, len(data), 0, "not-json")
        struct = int(NodeKind.STRUCT)
        root = Node(struct, None, None, None, [bad], 0, 0, len(data), 0, "not-json")
        return Tree(data, root, None, malformed=True, odd=True)
    return Tree(data, root, None, malformed=False, odd=reader.odd)


class _DocumentReader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.pos = 0
        self.odd = False

    def skip(self) -> None:
        found = _SPACE.match(self.data, self.pos)
        assert found is not None
        self.pos = found.end()

    def document(self) -> Node:
        """The whole text, one value and nothing behind it."""
        self.skip()
        stack: list[_OpenContainer] = []
        node = self.value(None, self.pos, None, stack)
        while stack:
            if node is not None:
                stack[-1].children.append(node)
            node = self.next(stack, first=node is None)
        self.skip()
        if self.pos != len(self.data) or node is None:
            raise _NotJsonError(self.pos)
        return node

    def next(self, stack: list[_OpenContainer], *, first: bool) -> Node | None:
        """The next child of the innermost container, or that container where it ends.

        Returns:
            A finished node; None where a container was opened.
        """
        inner = stack[-1]
        self.skip()
        if self.data.startswith(_CLOSE[inner.kind], self.pos):
            self.pos += 1
            stack.pop()
            return self.close(inner)
        if not first:
            self.expect(b",")
            self.skip()
        start = self.pos
        label: str | int = len(inner.children)
        problem = None
        if inner.kind == NodeKind.STRUCT:
            label, problem = self.string()
            self.skip()
            self.expect(b":")
            self.skip()
        return self.value(label, start, problem, stack)

    def expect(self, mark: bytes) -> None:
        if not self.data.startswith(mark, self.pos):
            raise _NotJsonError(self.pos)
        self.pos += 1

    def value(
        self, label: str | int | None, start: int, problem: str | None, stack: list[_OpenContainer]
    ) -> Node | None:
        """A scalar's node; None where it is a container, which is put on the stack."""
        body = self.pos
        mark = self.data[body : body + 1]
        if mark in (b"{", b"["):
            kind = NodeKind.STRUCT if mark == b"{" else NodeKind.ARRAY
            stack.append(_OpenContainer(kind, label, start, body, [], problem))
            self.pos += 1
            return None
        read: Any
        if mark == b'"':
            read, own = self.string()
            problem = problem or own
        elif (word := next((w for w in _WORDS if self.data.startswith(w, body)), None)) is not None:
            read = _WORDS[word]
            self.pos += len(word)
        else:
            read = self.number()
        kind = NodeKind.DYNAMIC
        return Node(int(kind), None, label, read, (), start, body, self.pos, 0, problem)

    def string(self) -> tuple[str, str | None]:
        found = _STRING.match(self.data, self.pos)
        if found is None:
            raise _NotJsonError(self.pos)
        raw = found[0]
        self.pos = found.end()
        problem = None
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text, problem, self.odd = raw.decode(errors="replace"), "invalid-utf8", True
        if "\\" not in text:
            return text[1:-1], problem
        plain, halves = _SURROGATE.subn("\N{REPLACEMENT CHARACTER}", json.loads(text))
        if halves:
            problem, self.odd = "invalid-utf8", True
        return plain, problem

    def number(self) -> int | float | Decimal | WrittenNumber:
        found = _NUMBER.match(self.data, self.pos)
        if found is None:
            raise _NotJsonError(self.pos)
        self.pos = found.end()
        text = found[0].decode()
        if text.lstrip("-").isdigit() and text != "-0":  # a zero with a sign is no int
            return int(text) if len(text) < _MAX_INT_DIGITS else Decimal(text)
        read = float(text)
        if math.isfinite(read) and (read or _ZERO.match(text)):
            return read
        try:
            return Decimal(text)  # too large or too small for a double, it stays as it is written
        except InvalidOperation:
            return WrittenNumber(text)

    def close(self, done: _OpenContainer) -> Node:
        children = done.children
        if done.kind == NodeKind.STRUCT:
            children = self.by_key(children)
        return Node(
            int(done.kind), None, done.label, None, children,
            done.start, done.body, self.pos, 0, done.problem,
        )  # fmt: skip

    def by_key(self, children: list[Node]) -> list[Node]:
        """Members in key order; of a key that stands twice the last one wins."""
        last: dict[Any, Node] = {}
        lost: list[Node] = []
        for node in children:
            if node.label in last:
                self.odd = True
                old = last[node.label]
                shadowed = int(NodeKind.SHADOWED)
                lost.append(old._replace(kind=shadowed, value=None, children=()))
            last[node.label] = node
        return [last[key] for key in sorted(last)] + lost
