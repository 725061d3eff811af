"""Which nodes of a tree hold a secret (``resources/secrets.tsv``, joined to the fields)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final

from inspector.decode.decoder import Decoder, decode
from inspector.decode.field_runs import kept_node, known, replaced_secrets, within
from inspector.decode.nested_runs import NestedRuns, is_tiny, let_go
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.wire import WireSpans, members
from inspector.schema.merged import MergedSchema
from inspector.schema.secrets_table import secret_table
from inspector.schema.types import Field, MessageType, SecretRule

#: Of a list or map whose elements are no nodes, with more secrets, the whole is one.
MOST_IN_A_LIST: Final = 4096
#: What stands in place of a secret wherever it would be written.
COVERED: Final = "[covered]"

_HEAD: Final = 3  #: bytes of a tag and a length, as most have them
_KEY: Final = 1  #: the key's number in every map entry
_FLAGS: Final = frozenset(("is_secret", "isSecret"))
_KEYED: Final = frozenset((NodeKind.MAP, NodeKind.STRUCT))
_LISTED: Final = frozenset((NodeKind.LIST, NodeKind.MAP))
_OPAQUE: Final = frozenset((NodeKind.SHADOWED, NodeKind.UNKNOWN, NodeKind.MALFORMED))


#: What is left of a node's children, the node, its siblings, and what was found before it.
_Level = tuple[Iterator[Node], Node, Sequence[Node], int]


def secret_nodes(tree: Tree) -> list[Node]:
    """Nodes whose whole value is a secret and not empty."""
    if tree.type is None or not tree.type.has_secrets:
        return []
    found: list[Node] = []
    # What is found is told by its ``id()``: it is kept, and so is all that it stands in.
    stack: list[_Level] = [(iter(known(tree.root.children)), tree.root, (), 0)]
    while stack:
        below, node, siblings, before = stack[-1]
        for child in below:
            field = child.field
            if field is not None and field.secret is not None:
                ones = _under_rule(field.secret, child, node.children, tree)
            elif child.kind == NodeKind.SHADOWED and _may_hold(child, field):
                ones = [] if is_empty(child) else [child]
            elif child.children and _may_hold(child, field):
                stack.append((iter(known(child.children)), child, node.children, len(found)))
                break
            else:
                continue
            if ones:
                kept_node(node.children, child)
                found += ones
        else:
            stack.pop()
            if len(found) > before:
                kept_node(siblings, node)
                _cover_whole(stack, found, tree)
    return found


def _cover_whole(stack: list[_Level], found: list[Node], tree: Tree) -> None:
    """Takes a list or map for the secret where very many of its elements hold one.

    A node of each would take far more than the bytes.
    """
    _, node, siblings, before = stack[-1] if stack else (None, None, (), 0)
    if node is None or len(found) - before <= MOST_IN_A_LIST or node.kind not in _LISTED:
        return
    if _are_too_many(node, tree) and let_go(node.children):
        stack.pop()
        del found[before:]
        found.append(kept_node(siblings, node))


def document_secrets(tree: Tree) -> list[Node]:
    """The secrets of a JSON document, told by JSON name: no schema says what its parts are."""
    rules = secret_table().documents
    found: dict[int, Node] = {}
    stack: list[Node] = [tree.root]
    while stack:
        node = stack.pop()
        for child in node.children:
            rule = rules.get(child.label) if isinstance(child.label, str) else None
            if rule is not None:
                found.update(
                    (id(one), one) for one in _under_rule(rule, child, node.children, tree)
                )
            if child.children and id(child) not in found:
                stack.append(child)
    return list(found.values())


def overlapping(tree: Tree, spans: Sequence[tuple[int, int]]) -> list[Node]:
    """The innermost value nodes whose bytes lie on one of the byte ranges, times as wholes.

    A secret found under one schema stays one under every other: its bytes are what is covered.
    Where they are read as a map's key, the whole map is, since keys cannot be covered.
    """
    ranges = WireSpans(spans)
    found: list[Node] = []
    stack: list[Node] = [tree.root] if spans else []
    while stack:
        node = stack.pop()
        hit = [
            kept_node(node.children, child)
            for child in node.children
            if ranges.touch(child.start, child.end)
        ]
        if node.kind in _KEYED and any(_key_touched(one, tree.data, ranges) for one in hit):
            found.append(node)
            continue
        for child in hit:
            if child.children and not child.is_time:
                stack.append(child)
            else:
                found.append(child)
    return sorted(found, key=lambda node: node.start)


def _key_touched(entry: Node, data: bytes, ranges: WireSpans) -> bool:
    """Whether a map entry's key lies on the ranges, before its value or behind it."""
    return ranges.touch(entry.start, entry.body) or any(
        tag >> 3 == _KEY and ranges.touch(start, end)
        for start, _, end, tag in members(data, entry.start, entry.end)
    )


def covered(tree: Tree, spans: Sequence[tuple[int, int]] = ()) -> frozenset[int]:
    """``id()`` of every covered node of a tree (valid as long as the tree is)."""
    own = secret_nodes(tree) if tree.type is not None else document_secrets(tree)
    return frozenset(map(id, [*own, *overlapping(tree, spans)]))


def count_covered(root: Node, covered: frozenset[int]) -> int:
    """How many values of a node stand covered in its JSON.

    What lies within a covered value is part of it, and what a later value replaced is not written.
    """
    count = 0
    stack: list[Iterator[Node]] = [iter((root,))] if covered else []
    while stack:
        for node in stack[-1]:
            if id(node) in covered:
                count += node.kind not in _OPAQUE
            elif node.children and node.kind not in _OPAQUE:
                stack.append(iter(known(node.children)))
                break
        else:
            stack.pop()
    return count


def secret_spans(tree: Tree) -> list[tuple[int, int]]:
    """The byte ranges that no other reading of a blob may show.

    They are its secrets, and what cannot be read where a secret may be.
    """
    if tree.type is None or not tree.type.has_secrets:
        return []
    opaque: list[Node] = []
    replaced = _joined(replaced_secrets(tree.root.children))
    for child in within(tree.root, lambda one: _may_hold(one, one.field)):
        if child.kind == NodeKind.MALFORMED:
            opaque.append(child)
        elif tree.odd and child.children:
            replaced += _joined(replaced_secrets(child.children))
    return spans([*secret_nodes(tree), *opaque]) + replaced


def _joined(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges in order, those with nothing but a tag and a length between them made one."""
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start - joined[-1][1] <= _HEAD:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def nodes_of(tree: Tree, ids: frozenset[int]) -> list[Node]:
    """The nodes of a tree with an ``id()`` among these, outermost."""
    found: list[Node] = []
    for child in within(tree.root, lambda one: id(one) not in ids, iter) if ids else ():
        if id(child) in ids:
            found.append(child)
    return found


def other_spans(tree: Tree, merged: MergedSchema) -> list[tuple[int, int]]:
    """The secrets that contested fields of a tree would hold if they were what else they can be."""
    contested = {one.contested for one in tree.seen if isinstance(one, Field) and one.contested}
    places = {place for place in contested if merged.secret_fields(place)}
    found: list[tuple[int, int]] = []
    for child in within(tree.root) if places else ():
        place = child.field.contested if child.field is not None else None
        if place in places and place is not None:
            elements = child.children if child.kind in _LISTED else (child,)
            for other in merged.secret_fields(place):
                if other.name != (child.field.name if child.field else ""):
                    found += _as_other(tree, elements, other)
    return found


def _as_other(tree: Tree, elements: Iterable[Node], other: Field) -> Iterator[tuple[int, int]]:
    """The secret spans of a field's occurrences read as another field, where that fits."""
    type_ = MessageType("", {other.number: other}, has_secrets=True)
    for element in elements:
        inner = decode(tree.data[element.start : element.end], type_)
        if not inner.odd:
            for start, end in secret_spans(inner):
                yield start + element.start, end + element.start


def spans(nodes: Iterable[Node]) -> list[tuple[int, int]]:
    """The payload ranges of nodes."""
    return [(node.body, node.end) for node in nodes]


def is_empty(node: Node) -> bool:
    """Whether there is nothing to cover."""
    if node.kind in _OPAQUE:
        return node.body >= node.end
    if node.children:
        return False
    return node.value is None or node.value in ("", b"")


def _may_hold(child: Node, field: Field | None) -> bool:
    if child.kind in (NodeKind.STRUCT, NodeKind.ARRAY, NodeKind.UNKNOWN):
        return False
    if field is None:
        return True
    message = field.map_value.message if field.is_map and field.map_value else field.message
    return message is not None and message.has_secrets


def _are_too_many(node: Node, tree: Tree) -> bool:
    """Whether nodes of all that a list or map holds would take far more than the record does."""
    if len(tree.data) >= Decoder.from_size:
        return True
    return is_tiny(node.end - node.start, len(node.children))


def _under_rule(rule: SecretRule, child: Node, siblings: Sequence[Node], tree: Tree) -> list[Node]:
    if child.kind == NodeKind.SHADOWED:
        # What a lost value was a secret by may be lost with it.
        return [] if is_empty(child) else [child]
    if rule == SecretRule.IF_FLAGGED and not _flagged(siblings):
        return []
    if rule == SecretRule.HEADER_KEYS:
        entries = (
            entry
            for entry in child.children
            if (entry.kind == NodeKind.SHADOWED or secret_table().is_secret_header(entry.label))
            and not is_empty(entry)
        )
        ones = list(islice(entries, MOST_IN_A_LIST + 1))
        many = len(ones) > MOST_IN_A_LIST and isinstance(child.children, NestedRuns)
        if many and _are_too_many(child, tree):
            return [child]
        return [kept_node(child.children, entry) for entry in chain(ones, entries)]
    return [] if is_empty(child) else [child]


def _flagged(siblings: Sequence[Node]) -> bool:
    """Whether ``is_secret`` is true, or its bytes may be among those that cannot be read."""
    flag = False
    for node in known(siblings):
        if node.kind == NodeKind.MALFORMED:
            return True
        name = node.field.name if node.field is not None else node.label
        if name in _FLAGS and node.value is True:
            flag = True
    return flag
