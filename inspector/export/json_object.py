"""JSON objects with parts that are JSON text already, laid out as ``json`` would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from inspector.plurals import counted

#: Takes the next part of a text.
Put = Callable[[str], object]

_TOGETHER: Final = 4096  #: parts of a text that are handed on as one
_ALONE: Final = 4096  #: characters of a part with which all are handed on
_LONE: Final = "[\ud800-\udfff]"


def encode(text: str) -> bytes:
    """UTF-8; halves of characters, as of broken ids, become U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return re.sub(_LONE, "\N{REPLACEMENT CHARACTER}", text).encode()


def whole(text: str) -> str:
    """The text as :func:`encode` writes it; it is not copied where it is that already."""
    return re.sub(_LONE, "\N{REPLACEMENT CHARACTER}", text) if replaced(text) else text


def replaced(text: str) -> int:
    """How many halves of characters, each a byte that is not valid UTF-8, ``encode`` replaces."""
    return 0 if text.isascii() else len(re.findall(_LONE, text))


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
    parts: list[str] = []
    write_object(members, parts.append, indent=indent, level=level)
    return "".join(parts)


def write_object(
    members: Iterable[tuple[str, object]],
    put: Put,
    *,
    indent: int | None = 2,
    level: int = 0,
) -> None:
    """What :func:`object_text` gives, handed out in parts to ``put``.

    A value that can be called is given ``put`` and hands out its own text.
    """
    import json  # noqa: PLC0415 - messages need none

    inner = "" if indent is None else "\n" + " " * indent * (level + 1)
    outer = "" if indent is None else "\n" + " " * indent * level
    colon = ":" if indent is None else ": "
    lead = "{"
    for name, value in members:
        put(f"{lead}{inner}{json.dumps(name, ensure_ascii=False)}{colon}")
        if callable(value):
            value(put)
        else:
            put(value_text(value, indent=indent, level=level + 1))
        lead = ","
    put("{}" if lead == "{" else outer + "}")


def write_array(
    values: Iterable[object], put: Put, *, indent: int | None = 2, level: int = 0
) -> None:
    """JSON text of an array, handed out in parts as its elements come."""
    inner = "" if indent is None else "\n" + " " * indent * (level + 1)
    outer = "" if indent is None else "\n" + " " * indent * level
    lead = "["
    for value in values:
        put(f"{lead}{inner}{value_text(value, indent=indent, level=level + 1)}")
        lead = ","
    put("[]" if lead == "[" else outer + "]")


class PartsWriter:
    """Gathers parts of a text, and hands them on when they are many or long."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._parts: list[str] = []

    def put(self, text: str) -> None:
        """Takes the next part."""
        self._parts.append(text)
        if len(self._parts) >= _TOGETHER or len(text) >= _ALONE:
            self.flush()

    def flush(self) -> None:
        """Hands on what is left."""
        self._put("".join(self._parts))
        self._parts.clear()


def value_text(value: object, *, indent: int | None = 2, level: int = 0) -> str:
    """JSON text of a plain value, not ASCII-escaped."""
    if isinstance(value, Raw):
        return value
    import json  # noqa: PLC0415 - as above

    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    return text.replace("\n", "\n" + " " * (indent or 0) * level) if indent is not None else text
