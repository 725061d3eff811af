"""What is odd within a tree: one walk, each oddity with its path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from inspector.decode.field_runs import behind_first, known
from inspector.decode.field_table import CLOSED
from inspector.decode.nesting import DEEPEST, nesting
from inspector.decode.node import Node, NodeKind, Tree, WireType
from inspector.decode.paths import NodePlace, walk_first, walk_known
from inspector.decode.well_known import unsaid
from inspector.decode.wire import Group
from inspector.named_tuple import NamedTuple
from inspector.plurals import counted
from inspector.schema.types import MessageType

_NAMES: Final = {
    WireType.VARINT: "varint",
    WireType.I64: "64-bit",
    WireType.LEN: "length-delimited",
    WireType.SGROUP: "group",
    WireType.I32: "32-bit",
}
_ENUM: Final = int(NodeKind.ENUM)
#: Text that is no UTF-8, where it has to be and where it need not.
_BAD_TEXT: Final = frozenset(("invalid-utf8", "not-utf8"))
_REASONS: Final = {
    None: "is not in the schema",
    CLOSED: "is a number that its closed enum has no name for",
}


#: Findings of a code that are told one by one; the others of a tree are told as one.
MOST: Final = 100


class Finding(NamedTuple):
    """Something odd at a place of a tree; ``code`` as the command line's ``check`` has it.

    ``times`` above 1 stands for as many of them, of which the place is the first.
    """

    code: str
    place: NodePlace
    message: str
    times: int = 1


class UnknownField(NamedTuple):
    """A field without a name. Offset and length are of the whole field, ``data`` its payload."""

    path: str
    number: int
    wire_type: int
    offset: int
    length: int
    data: bytes


def findings(tree: Tree) -> Iterator[Finding]:
    """Everything odd in a tree, in field order; nothing below an unknown field.

    Of a tree that the daemon would refuse for its wire format, its text or its depth one at least
    says so. What is odd in the same way more than :data:`MOST` times is told as one at the end.
    """
    told: Counter[str] = Counter()
    one_by_one: Counter[str] = Counter()
    rest: dict[str, NodePlace] = {}
    whole = NodePlace(tree.root, None)
    for place in () if _is_sound(tree) else walk_first(whole):
        node = place.node
        behind = behind_first(node.children)
        if behind is not None:
            # The first of them come next, and are more than are told one by one.
            told["unknown-field"] += behind.unknown
        found = _finding(node)
        if found is not None:
            told[found[0]] += 1
            one_by_one[found[0]] += 1
            if one_by_one[found[0]] <= MOST:
                yield Finding(found[0], place, found[1])
            else:
                rest.setdefault(found[0], place)
        type_ = tree.type if place is whole else node.message_type
        if type_ is not None and node.kind == NodeKind.MESSAGE:
            for name in _missing(node, type_):
                yield Finding("missing-required", place, f"The required field {name} is missing.")
    if tree.malformed and not told.keys() & {"undecodable", "not-json"}:
        message = "Within bytes that a later value replaces, there are some that do not decode."
        yield Finding("undecodable", whole, message)
    if tree.bad_text and "invalid-utf8" not in told:
        message = "Within bytes that a later value replaces, there is text that is not valid UTF-8."
        yield Finding("invalid-utf8", whole, message)
    levels = 0 if tree.sound else nesting(tree.root, tree.type)
    if levels > DEEPEST:
        message = f"It nests {levels:,} levels deep; the daemon reads no more than {DEEPEST:,}."
        yield Finding("undecodable", whole, message)
    for code, place in rest.items():
        more = told[code] - MOST
        yield Finding(code, place, f"{more:,} more like those before, from here on.", more)


def _is_sound(tree: Tree) -> bool:
    """Whether a quick look, which makes no places, finds nothing odd: so it is in nearly all."""
    if tree.sound:
        return True
    if tree.odd or tree.type is None or _can_lack(tree.type):
        return False
    stack: list[Iterable[Node]] = [tree.root.children]
    while stack:
        left = stack.pop()
        many = type(left) is not list
        if many:
            left = iter(known(left))  # type: ignore[arg-type]  # or what is left of one
        for child in left:
            if child.kind == _ENUM:
                field = child.field
                if field and field.enum and child.value not in field.enum.names:
                    return False
            elif child.children:
                if many:  # of a million one is looked into at a time
                    stack += (left, child.children)
                    break
                stack.append(child.children)
    return True


@cache
def _can_lack(type_: MessageType) -> bool:
    """Whether a message, or one that it can hold, has a required field, as none of Stigmer's."""
    seen, pending = {type_}, [type_]
    while pending:
        one = pending.pop()
        if one.packable is not None or _required(one):
            return True
        for field in one.fields.values():
            held = (field.map_value or field).message
            if held is not None and held not in seen:
                seen.add(held)
                pending.append(held)
    return False


def _missing(node: Node, type_: MessageType) -> list[str]:
    """The names of the required fields that a message does not have."""
    required = _required(type_)
    if not required:
        return []
    named = (one for one in known(node.children) if one.kind < NodeKind.UNKNOWN)
    there = {one.field.number for one in named if one.field}
    return [name for number, name in required if number not in there]


@cache
def _required(type_: MessageType) -> tuple[tuple[int, str], ...]:
    return tuple((one.number, one.name) for one in type_.fields.values() if one.required)


def unknown_fields(tree: Tree) -> list[UnknownField]:
    """The fields no schema names, in the order of the messages that hold them."""
    return [unknown_field(tree, place) for place in unknown_places(tree)]


def unknown_places(tree: Tree) -> Iterator[NodePlace]:
    """Where those are, found as they are asked for: there may be a million."""
    for place in walk_known(NodePlace(tree.root, None)) if tree.odd else ():
        if place.node.kind == NodeKind.UNKNOWN:
            yield place


def inexpressible(tree: Tree) -> list[tuple[str, NodePlace]]:
    """What the JSON text of a tree leaves out or changes, as (what, where)."""
    return list(inexpressible_in(NodePlace(tree.root, None)))


def inexpressible_in(top: NodePlace) -> Iterator[tuple[str, NodePlace]]:
    """What the JSON text of a value within a tree leaves out or changes, as (what, where).

    Each is found when it is asked for: there may be a million.
    """
    return _inexpressible(walk_known(top))


def inexpressible_first(top: NodePlace) -> Iterator[tuple[str, NodePlace]]:
    """What :func:`inexpressible_in` gives, of very many unknown fields of a message the first."""
    return _inexpressible(walk_first(top))


def is_expressible(tree: Tree, plain: bool) -> bool:
    """Whether it is known without another walk that JSON says all of a tree.

    Where it is not, :func:`inexpressible` may yet find nothing.

    Args:
        tree: what was written.
        plain: what :class:`~inspector.decode.json_writer.WrittenValues` says of its values.
    """
    if tree.odd:
        return False
    return tree.type is None or (tree.root.field is None and (tree.sound or plain))


def _inexpressible(places: Iterable[NodePlace]) -> Iterator[tuple[str, NodePlace]]:
    for place in places:
        node = place.node
        if node.kind == NodeKind.UNKNOWN:
            yield "unknown", place
        elif node.problem in _BAD_TEXT and node.kind != NodeKind.SHADOWED:
            yield "invalid-utf8", place
        elif _is_replaced_member(node):
            yield "replaced", place
        elif (what := unsaid(node)) is not None:
            yield what, place


def _is_replaced_member(node: Node) -> bool:
    """Whether a node is of a JSON document, where its key stands again behind it.

    In a blob that is how protobuf merges; of a document somebody wrote both.
    """
    return node.kind == NodeKind.SHADOWED and node.field is None and not node.tag


def payload(tree: Tree, node: Node) -> bytes:
    """The payload of a node: of a group what lies between its tags."""
    if isinstance(node.children, Group):
        return tree.data[node.body : node.children.end]
    if node.tag & 7 == WireType.SGROUP and node.kind == NodeKind.UNKNOWN:
        return tree.data[node.body : node.children[-1].end if node.children else node.body]
    return tree.data[node.body : node.end]


def wire_name(node: Node) -> str:
    """The wire type of a node in words."""
    return wire_word(node.wire_type)


def wire_word(wire_type: int) -> str:
    """A wire type in words."""
    return _NAMES.get(WireType(wire_type), str(wire_type))


def unknown_field(tree: Tree, place: NodePlace) -> UnknownField:
    """A field without a name, as one is told."""
    node = place.node
    return UnknownField(
        place.path,
        node.number,
        node.wire_type,
        node.start,
        node.end - node.start,
        payload(tree, node),
    )


def _finding(node: Node) -> tuple[str, str] | None:
    kind = node.kind
    if kind == NodeKind.MALFORMED:
        code = node.problem or "undecodable"
        if code == "not-json":
            return code, f"Not valid JSON from byte {node.start} on."
        if node.body > node.start or node.tag:
            long = f"The number at byte {node.body} has more than 64 bits"
            return code, f"{long}: the daemon cannot load such a record."
        return code, f"Bytes {node.start}\N{EN DASH}{node.end - 1} are not valid protobuf."
    if node.problem == "invalid-utf8":
        return "invalid-utf8", f"The text at byte {node.body} is not valid UTF-8."
    if kind == NodeKind.UNKNOWN:
        reason = _REASONS.get(node.problem, "has another wire type than declared")
        size = counted(node.end - node.body, "byte")
        return "unknown-field", f"Field {node.number}, {wire_name(node)}, {size}, {reason}."
    if _is_replaced_member(node):
        where = f"bytes {node.start}\N{EN DASH}{node.end - 1}"
        return (
            "duplicate-key",
            f"The key stands again behind this value ({where}), which is left out.",
        )
    enum = node.field.enum if kind == NodeKind.ENUM and node.field is not None else None
    if enum is not None and node.value not in enum.names:
        return "unknown-enum", f"{node.value} has no name in {enum.full_name}."
    return None
