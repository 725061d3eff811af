"""What bytes without a schema may mean: guesses, each under the name of what it guesses."""

from __future__ import annotations

import struct
from typing import Final

from inspector.decode.decoder import decode
from inspector.decode.json_text import number, single
from inspector.decode.node import Node, WireType
from inspector.decode.wire import int64, read_varint, zigzag64
from inspector.named_tuple import NamedTuple

MOST: Final = 10_000  #: numbers of a packed field that are listed
_LINE: Final = 16  #: numbers a line


class Guess(NamedTuple):
    """A reading of a payload: what it would be, and what it would say."""

    name: str
    text: str


def numbers(data: bytes, node: Node) -> list[Guess]:
    """The readings of a varint, 64-bit or 32-bit payload; none for any other wire type."""
    payload = data[node.body : node.end]
    if node.wire_type == WireType.VARINT:
        raw = read_varint(payload, 0, len(payload))[0]
        found = [
            Guess("unsigned", str(raw)),
            Guess("signed", str(int64(raw))),
            Guess("zigzag", str(zigzag64(raw))),
        ]
        return found + ([Guess("bool", "true" if raw else "false")] if raw < 2 else [])
    if node.wire_type == WireType.I64 and len(payload) == 8:
        return _fixed(payload, "<d", "<Q", "<q")
    if node.wire_type == WireType.I32 and len(payload) == 4:
        return _fixed(payload, "<f", "<I", "<i")
    return []


def _fixed(payload: bytes, real: str, unsigned: str, signed: str) -> list[Guess]:
    value = struct.unpack(real, payload)[0]
    return [
        Guess("double", _real(value, 8)) if real == "<d" else Guess("float", _real(value, 4)),
        Guess("unsigned", str(struct.unpack(unsigned, payload)[0])),
        Guess("signed", str(struct.unpack(signed, payload)[0])),
    ]


def _real(value: float, width: int) -> str:
    return (number if width == 8 else single)(value).strip('"')


def text(payload: bytes) -> str | None:
    """The payload as text, None where it is no UTF-8 or holds control characters."""
    try:
        read = payload.decode()
    except UnicodeDecodeError:
        return None
    plain = read.translate(_BREAKS)
    return read if plain and plain.isprintable() else None


def is_message(payload: bytes) -> bool:
    """Whether the payload could be a message: fields from its first byte to its last."""
    return bool(payload) and not decode(payload, None).malformed


def packed(payload: bytes) -> list[Guess]:
    """The payload as packed numbers, in every width that fits its length."""
    found: list[Guess] = []
    varints = _varints(payload)
    if varints:
        found.append(Guess("packed varints", _listed(list(map(str, varints)))))
    for width, real, whole in ((8, "d", "Q"), (4, "f", "I")):
        count = len(payload) // width
        if count and len(payload) == count * width:
            shown = min(count, MOST)
            parts = payload[: shown * width]
            reals = struct.unpack(f"<{shown}{real}", parts)
            wholes = struct.unpack(f"<{shown}{whole}", parts)
            words = [_real(value, width) for value in reals]
            found.append(Guess(f"packed {8 * width}-bit floats", _listed(words)))
            found.append(Guess(f"packed {8 * width}-bit integers", _listed(list(map(str, wholes)))))
    return found


def _varints(payload: bytes) -> list[int]:
    """The varints a payload is made of, at most :data:`MOST`; none where it is not."""
    found: list[int] = []
    pos, end = 0, len(payload)
    while pos < end and len(found) < MOST:
        raw, pos = read_varint(payload, pos, end)
        if pos < 0:
            return []
        found.append(raw)
    return found


def _listed(words: list[str]) -> str:
    lines = [", ".join(words[first : first + _LINE]) for first in range(0, len(words), _LINE)]
    return ",\n".join(lines) + (f",\nand more behind the first {MOST:,}" * (len(words) >= MOST))


_BREAKS: Final = {ord(mark): " " for mark in "\n\r\t"}
