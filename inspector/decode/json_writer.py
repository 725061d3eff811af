"""A tree to canonical protojson, whatever its depth.

The contract is in the README, "Where protobuf's parsers differ".
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from typing import Final

from inspector.decode import json_text
from inspector.decode.field_runs import known
from inspector.decode.json_text import TEXT_OF, map_key, quote
from inspector.decode.node import Node, NodeKind
from inspector.decode.secrets import COVERED, count_covered
from inspector.decode.well_known import NULL, beside_type, own_form, packed, standing, type_url
from inspector.named_tuple import NamedTuple
from inspector.schema.types import Field, ScalarType

#: Characters, or bytes, of a value that are written at once. A multiple of three, so that no part
#: of base64 but the last one is padded.
_LONG: Final = 3 << 15
#: Levels that have lines of their own. What lies deeper stands on one line: indenting ten thousand
#: levels would make 200 MB of a record of 60 kB.
MOST_INDENTED: Final = 1000
_OPEN: Final = '"'
_COVERED_TEXT: Final = quote(COVERED)
#: How the text of a message in a form of its own begins where that form cannot say it.
_UNSAID: Final = ("", "{")
_NOTHING: Final[frozenset[int]] = frozenset()
_MESSAGE, _LIST, _MAP = int(NodeKind.MESSAGE), int(NodeKind.LIST), int(NodeKind.MAP)
_SCALAR, _ENUM, _DYNAMIC = int(NodeKind.SCALAR), int(NodeKind.ENUM), int(NodeKind.DYNAMIC)
_UNKNOWN: Final = int(NodeKind.UNKNOWN)
_GATHERED: Final = (_LIST, _MAP)
_ARRAYS: Final = (_LIST, int(NodeKind.ARRAY))
_STRING: Final = int(ScalarType.STRING)
_OF_LENGTH: Final = (_STRING, int(ScalarType.BYTES))


class WrittenValues(NamedTuple):
    """What was seen of the values that were written.

    Attributes:
        covered: how many stand covered, as :func:`~inspector.decode.secrets.count_covered` counts.
        plain: whether JSON says all of each that is known; where it is false it may do so too.
    """

    covered: int
    plain: bool


def write(
    root: Node,
    covered: frozenset[int] = _NOTHING,
    *,
    indent: int | None = 2,
    level: int = 0,
) -> str:
    """JSON text of a node.

    Args:
        root: any node of a tree that stands for a value.
        covered: ``id()`` of the nodes that are written as ``[covered]``.
        indent: spaces a level, or None for one compact line.
        level: how many levels deep the text will stand; the first line is not indented.

    What lies more than :data:`MOST_INDENTED` levels deep is compact.
    """
    # Millions of parts on their own would take several times the text.
    made = StringIO()
    write_parts(root, covered, made.write, indent=indent, level=level)
    return made.getvalue()


def beginning(
    root: Node, most: int, covered: frozenset[int] = _NOTHING, *, indent: int | None = None
) -> tuple[str, int]:
    """The first characters of what :func:`write` gives, and how many there are in all.

    Args:
        root: as there.
        most: so many characters at most.
        covered: as there.
        indent: as there.
    """
    parts: list[str] = []
    length = 0

    def put(part: str) -> None:
        nonlocal length
        if length < most:
            parts.append(part)
        length += len(part)

    write_parts(root, covered, put, indent=indent)
    return "".join(parts)[:most], length


def write_parts(  # noqa: C901, PLR0912, PLR0915 - one pass over all nodes: no calls for the usual ones
    root: Node,
    covered: frozenset[int],
    put: Callable[[str], object],
    *,
    indent: int | None = 2,
    level: int = 0,
) -> WrittenValues:
    """Like :func:`write`, handing the text out in parts."""
    hidden, plain = 0, True
    colon = ": " if indent is not None else ":"
    step = " " * (indent or 0)
    outer = "\n" + step * level if indent is not None else ""
    # The root stands as the only element of a list whose brackets are not written.
    left, keyed, close = iter((root if id(root) in covered else standing(root),)), False, ""
    # What goes before the next element, and before all that follow it.
    lead = comma = ""
    stack: list[tuple[Iterator[Node], bool, str, str]] = []
    while True:
        for node in left:
            kind = node.kind
            if kind >= _UNKNOWN:
                continue
            text = ""
            if covered and id(node) in covered:
                text = _COVERED_TEXT
                hidden += 1
                plain = plain and kind == _SCALAR  # others may hold what JSON cannot say
            elif kind == _SCALAR:
                value, field = node.value, node.field
                if not value and keyed and node.label is None and _unset(field, value):
                    continue
                type_ = field.type  # type: ignore[union-attr]
                if type_ in _OF_LENGTH and len(value) > _LONG:
                    text = _OPEN
                else:
                    text = quote(value) if type_ == _STRING else TEXT_OF[type_](value)
            elif kind == _DYNAMIC:
                value = node.value
                if type(value) is str:
                    text = quote(value) if len(value) <= _LONG else _OPEN
                else:
                    text = json_text.dynamic(value)
                    if value is None:
                        plain = plain and node.body < node.end  # else it has no content at all
                    else:
                        plain = plain and text[0] != _OPEN  # else it is no number that JSON has
            elif kind == _ENUM:
                if not node.value and keyed and node.label is None and _unset(node.field, 0):
                    continue
                text = _enum_text(node.field, node.value)
            elif kind == _MESSAGE:
                form = own_form(node.field)
                if form is not None:
                    text = form(node)
                    plain = plain and text[:1] not in _UNSAID
                    if text and covered and _hides(node, covered):
                        text = _COVERED_TEXT
                        hidden += count_covered(node, covered)
                    elif text[:1] == "{":
                        shallow = len(stack) <= MOST_INDENTED
                        text = _laid_out(text, indent if shallow else None, level + len(stack))
            elif kind in _GATHERED and all(one.kind >= _UNKNOWN for one in node.children):
                continue  # an empty packed field, or nothing that could be read
            if not keyed:
                head = lead
            elif (label := node.label) is None:
                head = f'{lead}"{node.field.json_name}"{colon}'  # type: ignore[union-attr]
            else:
                head = f"{lead}{quote(label) if type(label) is str else map_key(label)}{colon}"
            lead = comma
            if text:
                put(head + text)
                if text is _OPEN:
                    _put_long(node.value, put)
                continue
            stack.append((left, keyed, close, comma))
            array = kind in _ARRAYS
            put(head + ("[" if array else "{"))
            below = node.children
            left = iter(below if type(below) is list else known(below))
            keyed, close = not array, "]" if array else "}"
            lead = ""
            if indent is not None and len(stack) <= MOST_INDENTED:
                lead = outer + step * len(stack)
            elif indent is not None:
                colon = ":"
            comma = "," + lead
            if kind == _MESSAGE and form is not None and (held := packed(node)) is not None:
                url = _url_text(node, covered)
                hidden += url is _COVERED_TEXT
                put(f'{lead}"@type"{colon}{url}')
                lead = comma
                left = iter(_beside_url(held, covered))
            break
        else:
            if not stack:
                return WrittenValues(hidden, plain)
            in_lines = indent is not None and len(stack) <= MOST_INDENTED
            wrote, ended = lead is comma, close
            left, keyed, close, comma = stack.pop()
            lead = comma
            put(outer + step * len(stack) + ended if wrote and in_lines else ended)
            if indent is not None and len(stack) == MOST_INDENTED:
                colon = ": "


def _put_long(value: str | bytes, put: Callable[[str], object]) -> None:
    """Text or bytes behind an opening quote, in parts: a text of a whole takes up to four times."""
    for first in range(0, len(value), _LONG):
        part = value[first : first + _LONG]
        put((quote(part) if isinstance(part, str) else json_text.base64(part))[1:-1])
    put('"')


def _unset(field: Field | None, value: object) -> bool:
    """Whether a field holds just what it would hold unset, and nothing tells the two apart."""
    if field is None or field.presence:
        return False
    return not (isinstance(value, float) and math.copysign(1.0, value) < 0)


def _enum_text(field: Field | None, value: int) -> str:
    """An enum by name, a number without a name as it is."""
    assert field is not None and field.enum is not None
    if field.enum.full_name == NULL:
        return "null"
    name = field.enum.names.get(value)
    return str(value) if name is None else f'"{name}"'


def _laid_out(text: str, indent: int | None, level: int) -> str:
    """The text of a small object in the layout of what it stands in."""
    if indent is None:
        return text
    return json.dumps(json.loads(text), indent=indent).replace("\n", "\n" + " " * indent * level)


def _hides(node: Node, covered: frozenset[int]) -> bool:
    """Whether a part of what is written as one text is covered."""
    return any(
        id(child) in covered or any(id(below) in covered for below in known(child.children))
        for child in known(node.children)
    )


def _url_text(node: Node, covered: frozenset[int]) -> str:
    """What the message in an Any is called."""
    url = type_url(node)
    return quote(url.value) if url is not None and id(url) not in covered else _COVERED_TEXT


def _beside_url(held: Node, covered: frozenset[int]) -> Iterable[Node]:
    """What stands beside the type in an Any: the fields of a message, else it as the one value."""
    return known(held.children) if beside_type(held) and id(held) not in covered else (held,)
