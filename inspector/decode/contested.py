"""What of a tree other releases may take for something else: the rest is the same for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Final

from inspector.decode.field_runs import known
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.schema_fit import has_lines
from inspector.schema.types import Field, ScalarType

# Plain numbers: an attribute of an enum costs as much as the work it guards.
_SCALAR, _MESSAGE, _ENUM = int(NodeKind.SCALAR), int(NodeKind.MESSAGE), int(NodeKind.ENUM)
_STRING: Final = int(ScalarType.STRING)


def contested(tree: Tree, unsettled: Set[str]) -> list[Node]:
    """The outermost nodes of contested fields, and the values of enums that had another name.

    Args:
        tree: of a record that was read with the merged schema.
        unsettled: the keys of the messages that can hold such a field or value.
    """
    found: list[Node] = []
    stack = [iter(known(tree.root.children))]
    while stack:
        for child in stack[-1]:
            field = child.field
            if field is None:
                continue
            if field.contested is not None or _is_renamed(child, field):
                found.append(child)
            elif child.children and _can_hold(field, unsettled):
                stack.append(iter(known(child.children)))
                break
        else:
            stack.pop()
    return found


def _is_renamed(node: Node, field: Field) -> bool:
    enum = field.enum
    return node.kind == _ENUM and enum is not None and node.value in enum.contested


def _can_hold(field: Field, unsettled: Set[str]) -> bool:
    held = field.map_value or field
    if held.message is not None:
        return held.message.key in unsettled
    return held.enum is not None and bool(held.enum.contested)


def differ(one: Tree, own: Iterable[Node], other: Tree, theirs: Iterable[Node]) -> bool:
    """Whether two readings of the same bytes show something else.

    Args:
        one: a reading.
        own: its contested nodes.
        other: another one.
        theirs: the contested nodes of that.
    """
    if one.odd or other.odd:
        # What is read of one may be another field's in the other, or nobody's.
        own, theirs = [one.root], [other.root]
    mine, others = list(own), list(theirs)
    if list(map(_name, mine)) != list(map(_name, others)):
        return True
    from inspector.decode.json_writer import write  # noqa: PLC0415 - hardly ever asked

    return any(
        not _is_same(first, second) and write(first, indent=None) != write(second, indent=None)
        for first, second in zip(mine, others, strict=True)
    )


def _is_same(one: Node, other: Node) -> bool:
    """Whether two nodes are written alike for certain, told without writing them."""
    pending = [(one, other)]
    while pending:
        mine, theirs = pending.pop()
        if mine is theirs:
            continue
        # Kind, label and value; what stands elsewhere, or has a problem, is for who writes it.
        if mine[0] != theirs[0] or mine[2:4] != theirs[2:4] or mine[5:] != theirs[5:]:
            return False
        field, second = mine.field, theirs.field
        if field is not second and (
            field is None or second is None or _written_as(field) != _written_as(second)
        ):
            return False
        inner, others = mine.children, theirs.children
        if inner or others:
            if type(inner) is not list or type(others) is not list or len(inner) != len(others):
                return False
            pending += zip(inner, others, strict=True)
    return True


def _written_as(field: Field) -> tuple[object, ...]:
    """What decides how a field is written."""
    held = field.map_value or field
    name = held.message.full_name if held.message is not None else ""
    special = name if name.startswith("google.protobuf.") else ""
    return field.json_name, field.name, field.type, field.is_map, held.enum, special


def _name(node: Node) -> str:
    return node.field.name if node.field else ""


def is_unlikely(nodes: Iterable[Node]) -> bool:
    """Whether what may be a message is read as a text that no person would write."""
    return any(
        not node.value.isprintable() and not has_lines(node.value)
        for node, field in _within(nodes)
        if node.kind == _SCALAR and field.type == _STRING
    )


def messages(nodes: Iterable[Node]) -> int:
    """How often messages stand where others may have texts, which no text is by chance."""
    return sum(node.kind == _MESSAGE for node, _ in _within(nodes))


def _within(nodes: Iterable[Node]) -> Iterator[tuple[Node, Field]]:
    """Nodes and all that stands in them, as far as it has a field."""
    stack = [iter(nodes)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
            continue
        if node.field is not None:
            yield node, node.field
        if node.children:
            stack.append(iter(known(node.children)))
