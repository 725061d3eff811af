"""A blob by number: every field with what its payload may mean, each reading named as a guess."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inspector.decode import unknown_field_guesses
from inspector.decode.decoder import decode
from inspector.decode.node import Node, WireType
from inspector.decode.unknown_field_guesses import Guess
from inspector.named_tuple import NamedTuple

MOST: Final = 10_000  #: fields that are listed
_DEEPEST: Final = 32  #: messages in messages that are guessed
_EASY: Final = 1 << 16  #: bytes of a payload that are tried for more than its length
_MESSAGE: Final = "message"


class NumberedField(NamedTuple):
    """A field by number.

    Attributes:
        path: where it is, as ``<7>.<1>``.
        number: its number.
        wire_type: its wire type.
        offset: of its first byte in the blob, tag included.
        length: of the whole field in bytes.
        size: of its payload in bytes.
        guesses: what its payload may mean.
    """

    path: str
    number: int
    wire_type: int
    offset: int
    length: int
    size: int
    guesses: tuple[Guess, ...]


class _Level(NamedTuple):
    """The fields of a message that are still to be read.

    Attributes:
        prefix: the path they stand under.
        level: how many messages they stand in.
        left: their nodes.
        data: the bytes that the nodes are of.
        base: where those begin within the blob.
    """

    prefix: str
    level: int
    left: Iterator[Node]
    data: bytes
    base: int


def by_number(data: bytes) -> list[NumberedField] | None:
    """The fields of a blob, depth first; None where it is no protobuf.

    Of more than :data:`MOST` there is one more, by which it can be told.

    What stands under a field that may be a message is there if it is one.
    """
    tree = decode(data, None)
    if tree.malformed:
        return None
    found: list[NumberedField] = []
    # The bytes that a node is of begin at an offset within the blob.
    stack = [_Level("", 0, iter(tree.root.children), data, 0)]
    while stack and len(found) <= MOST:
        prefix, level, left, own, base = stack[-1]
        node = next(left, None)
        if node is None:
            stack.pop()
            continue
        path = f"{prefix}<{node.number}>"
        read = unknown_field_guesses.numbers(own, node)
        payload = own[node.body : node.end]
        inner = _Level(f"{path}.", level + 1, iter(node.children), own, base)
        if node.wire_type == WireType.LEN and len(payload) <= _EASY:
            held = decode(payload, None) if payload and level < _DEEPEST else None
            if held is not None and not held.malformed:
                count = len(held.root.children)
                inner = _Level(
                    f"{path}.", level + 1, iter(held.root.children), payload, base + node.body
                )
                read.append(Guess(_MESSAGE, f"{count} field{'s' * (count != 1)}"))
            text = unknown_field_guesses.text(payload)
            if text is not None:
                read.append(Guess("text", text))
            read += unknown_field_guesses.packed(payload)
            read.append(Guess("bytes", payload.hex()))
        place = node.number, node.wire_type, base + node.start, node.end - node.start
        found.append(NumberedField(path, *place, len(payload), tuple(read)))
        stack.append(inner)
    return found
