"""Map entries, and google.protobuf.Struct, ListValue and Value, as one node each.

A level of a Struct is three levels of messages on the wire (Struct, entry, Value); in the tree it
is one. The usual bytes of an entry and of a Value are recognised at a glance, since records of
agents are full of them; anything else is read like any message.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from struct import Struct as BinaryStruct
from typing import Any, Final

from inspector.decode.decoding_state import Decoding, More, Occurrences, Payloads, Segments
from inspector.decode.field_runs import MessageChildren
from inspector.decode.field_table import CLOSED, FieldTable, is_closed, plan
from inspector.decode.node import Node, NodeKind
from inspector.decode.unknown_runs import Remains
from inspector.decode.well_known import STRUCT, VALUE
from inspector.decode.wire import default
from inspector.schema.types import Field, ScalarType

Label = str | int | bool | None
Span = tuple[int, int, int, int]

_new: Final = tuple.__new__
_label: Final = attrgetter("label")
_start: Final = attrgetter("start")
_MESSAGE, _SCALAR, _ENUM = int(NodeKind.MESSAGE), int(NodeKind.SCALAR), int(NodeKind.ENUM)
_DYNAMIC, _STRUCT, _ARRAY = int(NodeKind.DYNAMIC), int(NodeKind.STRUCT), int(NodeKind.ARRAY)
_SHADOWED, _UNKNOWN = int(NodeKind.SHADOWED), int(NodeKind.UNKNOWN)
_DOUBLE: Final = BinaryStruct("<d")

# The tags of a map entry and of the members of Value.
_KEY, _VALUE = 0x0A, 0x12  # also the tags of Struct.fields and ListValue.values
_NULL, _NUMBER, _TEXT, _BOOL, _FIELDS, _VALUES = 0x08, 0x11, 0x1A, 0x20, 0x2A, 0x32
_WITH_LENGTH: Final = frozenset((_TEXT, _FIELDS, _VALUES))
_NONE: Final[tuple[Node, ...]] = ()
#: A Struct or ListValue of more bytes may have a million members.
LONG: Final = 1 << 18


def entry(
    decoder: Decoding, field: Field, start: int, body: int, end: int, tag: int
) -> tuple[Node, Any]:
    """A map entry as the node of its value, labelled with its key.

    Returns:
        The node, and what tells its key from others: its bytes where they are no UTF-8, since two
        of those may look the same.
    """
    data = decoder.data
    key_field, value_field = field.map_key, field.map_value
    assert key_field is not None and value_field is not None
    middle = body + 2 + data[body + 1]
    plain = data[body] == _KEY and data[body + 1] < 0x80 and middle < end
    plain = plain and key_field.type == ScalarType.STRING
    if plain and data[middle] == _VALUE and value_field.type in _LENGTH_DELIMITED:
        inner, length = middle + 2, data[middle + 1]
        if length >= 0x80:
            length = (length & 0x7F) | data[inner] << 7
            plain = data[inner] < 0x80
            inner += 1
        if plain and inner + length == end:
            try:
                key = data[body + 2 : middle].decode()
                return value(decoder, value_field, key, start, inner, end, tag), key
            except UnicodeDecodeError:
                pass
    return _odd_entry(decoder, field, start, body, end, tag)


def value(
    decoder: Decoding, field: Field, label: Label, start: int, body: int, end: int, tag: int
) -> Node:
    """The value of a map entry whose payload is ``body`` to ``end``.

    Raises:
        UnicodeDecodeError: text that is no UTF-8.
    """
    made: Node
    message = field.message
    if message is None:
        payload = decoder.data[body:end]
        found = payload.decode() if field.type == ScalarType.STRING else payload
        made = _new(Node, (_SCALAR, field, label, found, (), start, body, end, tag, None))
        return made
    if plan(message).folded:
        return folded(decoder, field, label, [(start, body, end, tag)], start, end)
    children: list[Node] | MessageChildren = [] if end - body < decoder.large else MessageChildren()
    decoder.work.append((children, plan(message), body, end, None))
    made = _new(Node, (_MESSAGE, field, label, None, children, start, body, end, tag, None))
    return made


def folded(
    decoder: Decoding, field: Field, label: Label, found: Sequence[Span], start: int, end: int
) -> Node:
    """A Struct, ListValue or Value from all its occurrences (several are merged)."""
    message = field.message
    assert message is not None
    if message.full_name == VALUE:
        if len(found) == 1:
            _, body, stop, tag = found[0]
            node = _plain_value(decoder, field, label, start, body, stop)
            if node is not None:
                return node._replace(tag=tag, end=end)
        return _any_value(decoder, field, label, found, start, end)
    body, tag = (found[0][1], found[0][3]) if found else (end, 0)
    children: list[Node] | MessageChildren = (
        [] if end - start < decoder.large else MessageChildren()
    )
    decoder.later(children, message, _payloads(found))
    kind = _STRUCT if message.full_name == STRUCT else _ARRAY
    return Node(kind, field, label, None, children, start, body, end, tag, None)


def _payloads(found: Sequence[Span]) -> Segments:
    """Where the payloads of occurrences lie."""
    return Payloads(found) if isinstance(found, Occurrences) else [one[1:3] for one in found]


def spliced(decoder: Decoding, children: list[Node], own: FieldTable, start: int, end: int) -> bool:
    """Reads a Struct or ListValue in its usual form; False where it is not in that form."""
    assert own.message is not None
    if end - start >= LONG:
        return False  # there may be a million: they are read one by one
    if own.message.full_name != STRUCT:
        values = _plain_values(decoder, own, start, end)
        children.extend(values or ())
        return values is not None
    entries = _plain_entries(decoder, own, start, end)
    if entries is None:
        return False
    children += sorted(entries.values(), key=_label) if len(entries) > 1 else entries.values()
    return True


def _plain_entries(
    decoder: Decoding, own: FieldTable, pos: int, end: int
) -> dict[str, Node] | None:
    """The entries of a Struct by key, if each is in its usual form and no key there twice."""
    data = decoder.data
    field = own.fields[1].field.map_value
    found: dict[str, Node] = {}
    count = 0
    while pos < end:
        start = pos
        pos += 2
        length = data[pos - 1]
        if length >= 0x80:
            length = (length & 0x7F) | data[pos] << 7
            pos += 1
        body = pos + 2
        pos += length
        inner = body + data[body - 1]
        # The second byte of a length, and the key's, must be the last: below 0x80.
        if (
            data[start] != _KEY
            or data[body - 3] >= 0x80
            or data[body - 2] != _KEY
            or data[body - 1] >= 0x80
            or inner + 1 >= pos
            or pos > end
            or data[inner] != _VALUE
        ):
            return None
        try:
            key = data[body:inner].decode()
        except UnicodeDecodeError:
            return None
        inner += 2
        length = data[inner - 1]
        if length >= 0x80:
            length = (length & 0x7F) | data[inner] << 7
            inner += 1
        if data[inner - 1] >= 0x80 or inner + length != pos:
            return None
        node = _plain_value(decoder, field, key, start, inner, pos)
        if node is None:
            return None
        found[key] = node
        count += 1
    return found if len(found) == count else None


def _plain_values(decoder: Decoding, own: FieldTable, pos: int, end: int) -> list[Node] | None:
    """The elements of a ListValue whose every field is an element in its usual form, else None."""
    data = decoder.data
    field = own.fields[1].field
    found: list[Node] = []
    while pos < end:
        start = pos
        pos += 2
        length = data[pos - 1]
        if length >= 0x80:
            length = (length & 0x7F) | data[pos] << 7
            pos += 1
        body = pos
        pos += length
        if data[start] != _KEY or data[body - 1] >= 0x80 or pos > end:
            return None
        node = _plain_value(decoder, field, len(found), start, body, pos)
        if node is None:
            return None
        found.append(node)
    return found


def _plain_value(
    decoder: Decoding, field: Field | None, label: Label, start: int, body: int, end: int
) -> Node | None:
    """A Value that holds exactly one member in its usual form, else None."""
    data = decoder.data
    member = data[body]
    inner = body + 1
    read: Any = None
    kind = _DYNAMIC
    children: Sequence[Node] = _NONE
    if member in _WITH_LENGTH:
        length = data[inner]
        inner += 1
        if length >= 0x80:
            if data[inner] >= 0x80:
                return None
            length = (length & 0x7F) | data[inner] << 7
            inner += 1
        if inner + length != end:
            return None
        if member == _TEXT:
            try:
                read = data[inner:end].decode()
            except UnicodeDecodeError:
                return None
        else:
            kind = _STRUCT if member == _FIELDS else _ARRAY
            children = [] if end - inner < decoder.large else MessageChildren()
            inside = plan(field.message).fields[member >> 3].inner  # type: ignore[union-attr]
            decoder.work.append((children, inside, inner, end, None))
    elif member == _NUMBER and inner + 8 == end:
        read = _DOUBLE.unpack_from(data, inner)[0]
    elif member in (_BOOL, _NULL) and inner + 1 == end and data[inner] < 0x80:
        read = data[inner] != 0 if member == _BOOL else None
    else:
        return None
    made: Node = _new(Node, (kind, field, label, read, children, start, inner, end, _KEY, None))
    return made


def _any_value(
    decoder: Decoding, field: Field, label: Label, found: Sequence[Span], start: int, end: int
) -> Node:
    """A Value in any form: empty, overlong, with several members or unknown fields."""
    begun = len(decoder.work)
    rest: list[Node] = []
    tag = found[0][3] if found else 0
    children: list[Node] = []
    own = plan(field.message)
    remains = decoder.remains(own, rest, end - start)
    decoder.finish(children, own, decoder.scan(own, _payloads(found), rest, remains))
    if rest:
        decoder.odd = True
    if not children:
        below = _with_tail(decoder, begun, (), rest, remains)
        return Node(_DYNAMIC, field, label, None, below, start, end, end, tag, None)
    inner = children[0]
    read = None if inner.kind == _ENUM else inner.value
    kind = _DYNAMIC if inner.kind in (_SCALAR, _ENUM) else inner.kind
    below = inner.children
    if rest:
        below = _with_tail(decoder, begun, below, rest, remains)
    return Node(kind, field, label, read, below, start, inner.body, end, tag, inner.problem)


def _odd_entry(
    decoder: Decoding, field: Field, start: int, body: int, end: int, tag: int
) -> tuple[Node, Any]:
    """A map entry in any form: key or value absent, twice, or in unusual order."""
    key_field, value_field = field.map_key, field.map_value
    assert key_field is not None and value_field is not None
    begun = len(decoder.work)
    rest: list[Node] = []
    remains = decoder.remains(plan(field.message), rest, end - body)
    slots = decoder.scan(plan(field.message), [(body, end)], rest, remains).slots
    others = rest if remains is None or not is_closed(field) else chain(rest, remains.runs)
    if any(node.problem == CLOSED for node in others):
        return _unnamed(start, body, end, tag), None
    key_node, found = slots.get(1), slots.get(2)
    assert key_node is None or isinstance(key_node, Node)
    label: Any = default(key_field.type) if key_node is None else key_node.value
    problem = None if key_node is None else key_node.problem
    if isinstance(found, Node):
        node = found._replace(label=label, start=start, end=end, field=value_field, tag=tag)
    elif plan(value_field.message).folded:
        spans = found.found if found is not None else ()
        node = folded(decoder, value_field, label, spans, start, end)
    else:
        kind = _MESSAGE if value_field.message else _ENUM if value_field.enum else _SCALAR
        absent = None if value_field.message else default(value_field.type)
        node = Node(kind, value_field, label, absent, (), start, end, end, tag, None)
    if problem or rest:
        decoder.odd = True
        below = _with_tail(decoder, begun, node.children, rest, remains)
        node = node._replace(problem=node.problem or problem, children=below)
    exact = decoder.data[key_node.body : key_node.end] if problem and key_node else label
    return node, exact


def without_names(field: Field, found: Sequence[Any]) -> tuple[list[Any], list[Node]]:
    """Elements of a closed enum, or entries with such a value; and those that are none.

    Args:
        field: a repeated field or a map of them.
        found: nodes of elements, or nodes of entries with their keys.
    """
    if field.is_map:
        unnamed = [node for node, _ in found if node.kind == _UNKNOWN]
        return [one for one in found if one[0].kind != _UNKNOWN], unnamed
    assert field.enum is not None
    names = field.enum.names
    bad = [one for one in found if one.kind == _ENUM and one.value not in names]
    if not bad:
        return list(found), bad
    good = [one for one in found if one.kind != _ENUM or one.value in names]
    # Elements are counted without those that are none.
    good = [one._replace(label=index) for index, one in enumerate(good)]
    return good, [_unnamed(one.start, one.body, one.end, one.tag) for one in bad]


def _unnamed(start: int, body: int, end: int, tag: int) -> Node:
    """A number that a closed enum has no name for, or a map entry with such a value."""
    return Node(_UNKNOWN, None, None, None, (), start, body, end, tag, CLOSED)


def _with_tail(
    decoder: Decoding,
    begun: int,
    children: Sequence[Node],
    rest: list[Node],
    remains: Remains | None,
) -> Sequence[Node]:
    """Children followed by what else lies around them.

    They may still have to be read, by one of the jobs put on the work list since ``begun``.
    """
    runs = remains.runs if remains is not None else ()
    for index in range(begun, len(decoder.work)):
        below, own, start, end, more = decoder.work[index]
        if below is children:
            segments, around = more or ([(start, end)], [])
            tail = [*around, *rest, *runs]
            decoder.work[index] = (below, own, start, end, More(segments, tail))
            return below
    if remains is not None and runs:
        many = MessageChildren()
        many.fields = list(children)
        remains.hand_over(many)
        return many
    return [*children, *sorted(rest, key=_start)]


def unique(entries: Sequence[tuple[Node, Any]]) -> tuple[list[Node], list[Node]]:
    """Entries in key order, the last one of each key; and the bytes of those it replaces."""
    last = {key: node for node, key in entries}
    lost: list[Node] = []
    if len(last) < len(entries):
        kept = set(map(id, last.values()))
        lost = [
            node._replace(kind=_SHADOWED, value=None, children=())
            for node, _ in entries
            if id(node) not in kept
        ]
    return sorted(last.values(), key=_label) if len(last) > 1 else list(last.values()), lost


_LENGTH_DELIMITED: Final = frozenset((ScalarType.STRING, ScalarType.BYTES, ScalarType.MESSAGE))
