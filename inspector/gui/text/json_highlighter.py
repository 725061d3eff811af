"""Colours of JSON: keys in the link colour, numbers and words as literals, covered values dim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inspector.decode.secrets import COVERED
from inspector.named_tuple import NamedTuple

_LOOK: Final = 500  #: characters of a line that are looked at
_LINE: Final = re.compile(
    r'(?P<lead>\s*)(?P<key>"(?:[^"\\]|\\.)*"(?=:))?(?P<colon>:?\s*)'
    r'(?:(?P<covered>"'
    + re.escape(COVERED)
    + r'")|(?P<literal>-?[0-9][0-9.eE+-]*|true|false|null))?'
)
_TOKENS: Final = (("key", "link"), ("covered", "dim"), ("literal", "literal"))


class ColourSpan(NamedTuple):
    """Characters of a line that have a colour: from, to, and the token."""

    first: int
    last: int
    token: str


def json_spans(line: str) -> Iterator[ColourSpan]:
    """The coloured parts of a line of indented JSON; the rest is plain.

    Each line of it holds at most a key and a scalar, so its beginning tells everything.
    """
    found = _LINE.match(line[:_LOOK])
    if found is None:
        return
    for group, token in _TOKENS:
        first, last = found.span(group)
        if first >= 0:
            yield ColourSpan(first, last, token)


def plain_spans(_line: str) -> Iterator[ColourSpan]:
    """No colours."""
    return iter(())
