"""JSON objects with parts that are JSON text already, laid out as ``json`` would."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from inspector.plurals import counted

_LONE: Final = re.compile("[\ud800-\udfff]")


def encode(text: str) -> bytes:
    """UTF-8; halves of characters, as of broken ids, become U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _LONE.sub("\N{REPLACEMENT CHARACTER}", text).encode()


def replaced(text: str) -> int:
    """How many halves of characters, each a byte that is not valid UTF-8, ``encode`` replaces."""
    return 0 if text.isascii() else len(_LONE.findall(text))


def replaced_note(count: int) -> str:
    """The note about replaced bytes beside a message, empty for none."""
    return f"not valid UTF-8, written with U+FFFD: {counted(count, 'byte')}" if count else ""


class Raw(str):
    """A text that is JSON, laid out for the level it will stand at."""

    __slots__ = ()


def object_text(
    members: Sequence[tuple[str, object]], *, indent: int | None = 2, level: int = 0
) -> str:
    """JSON text of an object whose members stand in the order given.

    Args:
        members: names and values; a :class:`Raw` value is put in as it is, which is how a message
            of any depth gets in.
        indent: spaces a level, or None for one compact line.
        level: how many levels deep the object stands; its first line is not indented.
    """
    inner = "" if indent is None else "\n" + " " * indent * (level + 1)
    outer = "" if indent is None else "\n" + " " * indent * level
    colon = ":" if indent is None else ": "
    parts = [
        f"{inner}{json.dumps(name, ensure_ascii=False)}{colon}"
        + value_text(value, indent=indent, level=level + 1)
        for name, value in members
    ]
    return "{" + ",".join(parts) + outer + "}" if parts else "{}"


def value_text(value: object, *, indent: int | None = 2, level: int = 0) -> str:
    """JSON text of a plain value, not ASCII-escaped."""
    if isinstance(value, Raw):
        return value
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    return text.replace("\n", "\n" + " " * (indent or 0) * level) if indent is not None else text
