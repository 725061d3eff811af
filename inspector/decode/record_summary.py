"""Looking up single values of a tree by name, for lists and lookups."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.decode.field_runs import known
from inspector.decode.node import Node, NodeKind, Tree
from inspector.named_tuple import NamedTuple
from inspector.schema.catalog import merged_schema
from inspector.schema.releases import oldest
from inspector.schema.state_field import state_field
from inspector.schema.types import MessageType

_NOT_TEXT = frozenset(("invalid-utf8", "not-utf8"))
_VALUES = frozenset((NodeKind.SCALAR, NodeKind.ENUM, NodeKind.DYNAMIC))


class RecordSummary(NamedTuple):
    """What a list shows of a record, None where it has none; ``state`` is the enum's name."""

    name: str | None
    state: str | None
    org: str | None
    slug: str | None


NOTHING = RecordSummary(None, None, None, None)


def child(node: Node, name: str) -> Node | None:
    """A child by the field's name, or by its key or JSON name in a document."""
    for one in known(node.children):
        if one.kind >= NodeKind.UNKNOWN:
            continue
        if one.field is not None and one.label is None:
            if one.field.name == name:
                return one
        elif one.label == name:
            return one
    return None


def find(root: Node, names: Sequence[str]) -> Node | None:
    """The node at a way of names below a node."""
    node: Node | None = root
    for name in names:
        node = child(node, name) if node is not None else None
    return node


def text(root: Node, *names: str) -> str | None:
    """The non-empty text at a way of names."""
    node = find(root, names)
    if node is None or node.kind not in _VALUES or not isinstance(node.value, str):
        return None
    return node.value or None


def record_name(tree: Tree | None) -> str | None:
    """What a record is called; None where it has no name, or does not decode."""
    return text(tree.root, "metadata", "name") if tree is not None else None


def summary(tree: Tree, kind: str) -> RecordSummary:
    """Name, state, organisation and slug of a record."""
    root = tree.root
    return RecordSummary(
        record_name(tree),
        _state(tree, kind),
        text(root, "metadata", "org"),
        text(root, "metadata", "slug"),
    )


def replaced_texts(tree: Tree) -> int:
    """How many of the texts that a list shows are not valid UTF-8, and hold U+FFFD for it."""
    if not tree.odd:
        return 0
    found = (find(tree.root, ("metadata", name)) for name in ("name", "org"))
    return sum(node is not None and node.problem in _NOT_TEXT for node in found)


def version_names(tree: Tree) -> tuple[str | None, str | None]:
    """A versioned record's own hash and tag."""
    name = "version_hash" if tree.type is not None else "versionHash"
    return text(tree.root, "status", name), text(tree.root, "spec", "tag")


def _state(tree: Tree, kind: str) -> str | None:
    message = tree.type or _message_of(kind)
    path = state_field(message) if message is not None else None
    if path is None:
        return None
    names = [field.name if tree.type is not None else field.json_name for field in path]
    node = find(tree.root, names)
    if node is None:
        return None
    if node.field is not None and node.field.enum is not None:
        return node.field.enum.names.get(node.value, str(node.value)) if node.value else None
    return node.value if isinstance(node.value, str) else None


def _message_of(kind: str) -> MessageType | None:
    """The message a JSON document of a kind was made of, as the oldest release has it."""
    merged = merged_schema()
    rows = merged.rows_of(kind)
    if not rows or rows[0].message is None:
        return None
    return merged.view(oldest(rows[0].releases)).message(rows[0].message)
