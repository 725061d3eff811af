"""A blob by number: every field with what its payload may mean, each reading named as a guess."""

from __future__ import annotations

from typing import Final, NamedTuple

from inspector.decode import guesses
from inspector.decode.decoder import decode
from inspector.decode.guesses import Guess
from inspector.decode.node import WireType

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


def by_number(data: bytes) -> list[NumberedField] | None:
    """The fields of a blob, depth first, at most :data:`MOST`; None where it is no protobuf.

    What stands under a field that may be a message is there if it is one.
    """
    tree = decode(data, None)
    if tree.malformed:
        return None
    found: list[NumberedField] = []
    # The bytes that a node is of begin at an offset within the blob.
    stack = [("", 0, node, data, 0) for node in reversed(tree.root.children)]
    while stack and len(found) < MOST:
        prefix, level, node, own, base = stack.pop()
        path = f"{prefix}<{node.number}>"
        read = guesses.numbers(own, node)
        payload = own[node.body : node.end]
        inner = [(one, own, base) for one in node.children]
        if node.wire_type == WireType.LEN and len(payload) <= _EASY:
            held = decode(payload, None) if payload and level < _DEEPEST else None
            if held is not None and not held.malformed:
                inner = [(one, payload, base + node.body) for one in held.root.children]
                read.append(Guess(_MESSAGE, f"{len(inner)} field{'s' * (len(inner) != 1)}"))
            text = guesses.text(payload)
            if text is not None:
                read.append(Guess("text", text))
            read += guesses.packed(payload)
            read.append(Guess("bytes", payload.hex()))
        place = node.number, node.wire_type, base + node.start, node.end - node.start
        found.append(NumberedField(path, *place, len(payload), tuple(read)))
        stack += [(f"{path}.", level + 1, *one) for one in reversed(inner)]
    return found
