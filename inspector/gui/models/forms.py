"""Bytes in the forms a person may want to see; what no schema says is called a guess."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Final

from inspector.decode import guesses
from inspector.decode.node import Node
from inspector.gui.words import count

MOST: Final = 1 << 20  #: bytes that are shown in the reader
HEX: Final = "Hex"
BASE64: Final = "Base64"
TEXT_GUESS: Final = "Text (guessed)"
NUMBERS_GUESS: Final = "Numbers (guessed)"
READINGS: Final = "Interpretations (guessed)"
_EASY: Final = 1 << 16  #: bytes that are tried for more than hex

Make = Callable[[], str]


def forms_of(payload: bytes) -> dict[str, Make]:
    """The forms of bytes whose meaning is not known, hex first."""
    forms: dict[str, Make] = {HEX: lambda: hex_text(payload), BASE64: lambda: base64(payload)}
    text = guesses.text(payload[:_EASY]) if len(payload) <= _EASY else None
    if text is not None:
        forms[TEXT_GUESS] = lambda: text
    return forms


def unknown_forms(data: bytes, node: Node) -> dict[str, Make]:
    """The forms of a field that its message type does not have."""
    payload = data[node.body : node.end]
    readings = guesses.numbers(data, node)
    if readings:
        return {READINGS: lambda: _table(readings), HEX: lambda: hex_text(payload)}
    forms = forms_of(payload)
    if 0 < len(payload) <= _EASY:
        packed = guesses.packed(payload)
        if packed:
            forms[NUMBERS_GUESS] = lambda: "\n\n".join(f"{g.name}:\n{g.text}" for g in packed)
    return forms


def may_be_message(payload: bytes) -> bool:
    """Whether bytes could be a message; long ones are not tried."""
    return len(payload) <= _EASY and guesses.is_message(payload)


def _table(readings: list[guesses.Guess]) -> str:
    width = max(len(one.name) for one in readings)
    return "\n".join(f"{one.name:<{width}}  {one.text}" for one in readings)


def base64(data: bytes) -> str:
    """Bytes as padded base64, up to :data:`MOST`."""
    return b64encode(data[:MOST]).decode() + _more(data)


def hex_text(data: bytes) -> str:
    """Bytes as hex and text, sixteen a line, up to :data:`MOST`."""
    shown = data[:MOST]
    lines = []
    for start in range(0, len(shown), 16):
        row = shown[start : start + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "\N{MIDDLE DOT}" for byte in row)
        lines.append(f"{start:06x}  {row[:8].hex(' '):<23}  {row[8:].hex(' '):<23}  {text}")
    return "\n".join(lines) + _more(data) or "No bytes."


def _more(data: bytes) -> str:
    more = len(data) - MOST
    return f"\n{count(more, 'more byte')} in the tab Bytes." if more > 0 else ""
