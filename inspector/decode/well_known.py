"""The messages that JSON writes in a form of their own, and what that form cannot say.

They are google.protobuf's own: times, wrappers, masks, dynamic values and messages packed in Any.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Final

from inspector.decode import json_text
from inspector.decode.field_runs import known
from inspector.decode.json_text import TEXT_OF, quote
from inspector.decode.node import Node, NodeKind
from inspector.decode.wire import default
from inspector.schema.types import ANY, Field

STRUCT: Final = "google.protobuf.Struct"
VALUE: Final = "google.protobuf.Value"
LIST_VALUE: Final = "google.protobuf.ListValue"
FOLDED: Final = frozenset((STRUCT, VALUE, LIST_VALUE))
#: The enum whose every number is written as null.
NULL: Final = "google.protobuf.NullValue"

_FLAT: Final = frozenset(("google.protobuf.Timestamp", "google.protobuf.Duration"))
_MASK: Final = "google.protobuf.FieldMask"
_WRAPPERS: Final = tuple(
    f"google.protobuf.{name}Value"
    for name in ("Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes")
)
#: A path of a mask that reads back the same after its names were written in lowerCamelCase.
_MASK_PATH: Final = r"_?[a-z](?:[a-z0-9]|_[a-z])*(?:\._?[a-z](?:[a-z0-9]|_[a-z])*)*"
_SECONDS, _NANOS = 1, 2
_MESSAGE, _SCALAR, _ENUM = int(NodeKind.MESSAGE), int(NodeKind.SCALAR), int(NodeKind.ENUM)
_DYNAMIC, _UNKNOWN = int(NodeKind.DYNAMIC), int(NodeKind.UNKNOWN)


def own_form(field: Field | None) -> Callable[[Node], str] | None:
    """How a message of a type with a form of its own is written.

    The text is empty where the message has to be written field by field all the same.
    """
    if field is None or field.message is None:
        return None
    return _FORMS.get(field.message.full_name)


def member(node: Node, number: int, absent: int = 0) -> int:
    """The value of a message's integer field, ``absent`` where it is unset."""
    for child in known(node.children):
        if child.field is not None and child.field.number == number and child.kind == _SCALAR:
            return int(child.value)
    return absent


def packed(node: Node) -> Node | None:
    """The message in an Any; None where it is none, or not known what it holds."""
    field = node.field
    if field is None or field.message is None or field.message.full_name != ANY:
        return None
    held = _child(node, 2)
    return held if held is not None and held.kind != _SCALAR else None


def beside_type(held: Node) -> bool:
    """Whether the fields of what an Any holds stand beside its type, not it as one value."""
    return held.kind == _MESSAGE and own_form(held.field) is None


def in_place_of(parent: Node, node: Node) -> bool:
    """Whether JSON writes a node where its parent stands, without a key of its own."""
    if parent.kind != _MESSAGE or parent.field is None or parent.field.message is None:
        return False
    if node.kind >= _UNKNOWN:
        return False
    name = parent.field.message.full_name
    return name == VALUE or (name == ANY and node is packed(parent) and beside_type(node))


def type_url(node: Node) -> Node | None:
    """What says the type of the message in an Any."""
    return _child(node, 1)


def standing(root: Node) -> Node:
    """What a whole blob stands for where it is a Struct, a ListValue or a Value by itself."""
    if root.kind != _MESSAGE or root.field is None or root.field.message is None:
        return root
    name = root.field.message.full_name
    if name == VALUE:
        held = next((child for child in known(root.children) if child.kind < _UNKNOWN), None)
        return held or root._replace(kind=_DYNAMIC, value=None, children=(), body=root.end)
    kind = _SPLICED.get(name)
    return root if kind is None else root._replace(kind=kind)


def unsaid(node: Node) -> str | None:
    """The code of what JSON cannot say of a value itself, as ``inexpressible`` has it."""
    if node.kind == _DYNAMIC:
        return _unsaid_value(node)
    if node.kind != _MESSAGE or node.field is None or node.field.message is None:
        return None
    name = node.field.message.full_name
    if name == VALUE:  # a whole blob
        held = standing(node)
        return _unsaid_value(held) if held.kind in (_SCALAR, _DYNAMIC) else None
    if name == ANY:
        plain = packed(node) is None and any(child.value for child in known(node.children))
        return "packed" if plain else None
    form = _FORMS.get(name)
    text = form(node) if form is not None else "ok"
    if not text:
        return "mask"
    return "out-of-range" if text[0] == "{" else None


def _unsaid_value(node: Node) -> str | None:
    value = node.value
    if isinstance(value, float):
        return None if math.isfinite(value) else "no-number"
    return "no-value" if value is None and node.body >= node.end else None


def _child(node: Node, number: int) -> Node | None:
    for child in known(node.children):
        field = child.field
        if field is not None and field.number == number and child.kind < _UNKNOWN:
            return child
    return None


def _seconds_and_nanos(node: Node) -> tuple[int, int]:
    """What :func:`member` gives of the two fields of a time or a span."""
    seconds = nanos = 0
    for child in known(node.children):
        if child.kind == _SCALAR and child.field is not None:
            if child.field.number == _SECONDS:
                seconds = child.value
            elif child.field.number == _NANOS:
                nanos = child.value
    return seconds, nanos


def _moment(node: Node) -> str:
    seconds, nanos = _seconds_and_nanos(node)
    text = json_text.timestamp(seconds, nanos)
    return _odd_time(seconds, nanos) if text is None else f'"{text}"'


def _span(node: Node) -> str:
    seconds, nanos = _seconds_and_nanos(node)
    text = json_text.duration(seconds, nanos)
    return _odd_time(seconds, nanos) if text is None else f'"{text}"'


def _odd_time(seconds: int, nanos: int) -> str:
    return f'{{"seconds":"{seconds}","nanos":{nanos}}}'


def _wrapped(node: Node) -> str:
    """The value in a wrapper, which is there even where its field is not."""
    assert node.field is not None and node.field.message is not None
    [field] = node.field.message.fields.values()
    found = _child(node, field.number)
    return TEXT_OF[field.type](default(field.type) if found is None else found.value)


def _mask(node: Node) -> str:
    """The paths of a FieldMask; empty where one would not read back the same."""
    listed = _child(node, 1)
    paths = [one.value for one in listed.children if one.kind == _SCALAR] if listed else []
    if not all(re.fullmatch(_MASK_PATH, path) for path in paths):
        return ""
    return quote(",".join(re.sub("_([a-z])", lambda found: found[1].upper(), p) for p in paths))


def _field_by_field(_: Node) -> str:
    return ""


_FORMS: Final[dict[str, Callable[[Node], str]]] = {
    "google.protobuf.Timestamp": _moment,
    "google.protobuf.Duration": _span,
    _MASK: _mask,
    ANY: _field_by_field,
    **dict.fromkeys(_WRAPPERS, _wrapped),
}
_SPLICED: Final = {STRUCT: int(NodeKind.STRUCT), LIST_VALUE: int(NodeKind.ARRAY)}
#: Full names of all of them.
OWN_FORM: Final = FOLDED | _FORMS.keys()


def is_flat(node: Node) -> bool:
    """Whether a message is shown as one value: a time or a span with nothing odd in it."""
    message = node.message_type if node.kind == NodeKind.MESSAGE else None
    return (
        message is not None
        and message.full_name in _FLAT
        and all(child.kind == NodeKind.SCALAR for child in known(node.children))
    )
