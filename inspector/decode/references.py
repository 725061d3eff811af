"""Which values of a record name other records.

A reference is an ``ApiResourceReference`` (kind and slug, in October sometimes an id), another
message of kind and id, or a text that is an id: one with a ULID and a prefix a kind has or had, or
one in a field named for a kind, such as ``session_id``. A kind that was renamed is named by each of
its names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inspector.decode.field_runs import kept_node
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.paths import NodePlace, walk
from inspector.decode.record_summary import child, text
from inspector.errors import CancelledError
from inspector.named_tuple import NamedTuple
from inspector.schema.ids import kind_named, kinds_of
from inspector.schema.kind_names import normal_kind
from inspector.store.renamed import names_of
from inspector.store.rows import Cancel

_REFERENCE: Final = "ApiResourceReference"
_REFERENCES: Final = frozenset((_REFERENCE, "ApiResourceRef"))
#: Fields whose references the daemon of January gave the number of another kind.
_ENVIRONMENTS: Final = frozenset(("environment_refs", "env_refs", "environmentRefs", "envRefs"))
#: Field names that say less than the kinds they name.
_NAMED_FOR: Final = {
    "execution": ("agent_execution", "workflow_execution"),
    "defaultinstance": ("agent_instance", "workflow_instance"),
}
#: Fields named for a kind that hold what another system calls so.
_FOREIGN: Final = frozenset((("SlackInstallStatus", "team_id"),))


class Reference(NamedTuple):
    """A value that names a record.

    Attributes:
        place: the node a person would click: the id's text, or the whole reference message.
        kinds: kinds it may be of, by all their names, as
            :func:`~inspector.schema.kind_names.normal_kind`; empty for any.
        id: the id, or None where it is named by slug.
        slug: the slug, or None.
        org: the organisation of the slug, or None.
    """

    place: NodePlace
    kinds: tuple[str, ...]
    id: str | None
    slug: str | None
    org: str | None


def references(tree: Tree, cancel: Cancel | None = None) -> Iterator[Reference]:
    """The references of a record, in field order; its own id is none.

    Raises:
        CancelledError: ``cancel`` was set.
    """
    own = text(tree.root, "metadata", "id")
    inside: Node | None = None
    for place in walk(tree.root):
        if cancel is not None and cancel.is_set():
            raise CancelledError("Cancelled.")
        node = place.node
        if place.parent is not None and place.parent.node is inside:
            continue
        found = _message(place) if node.children else _id(place, own)
        if found is not None:
            inside = node if node.children else None
            if place.parent is not None:
                kept_node(place.parent.node.children, node)
            yield found


def _message(place: NodePlace) -> Reference | None:
    node = place.node
    if node.kind == NodeKind.MESSAGE:
        if node.field is None or node.field.message is None:
            return None
        if node.field.message.name not in _REFERENCES:
            return None
    elif node.kind != NodeKind.STRUCT or not _looks_like_reference(node):
        return None
    id_, slug = text(node, "id"), text(node, "slug")
    if id_ is None and slug is None:
        return None
    kind = _kind_of(node)
    if _field_name(place) in _ENVIRONMENTS:
        kind = "environment"
    return Reference(place, names_of(kind) if kind else (), id_, slug, text(node, "org"))


def _looks_like_reference(node: Node) -> bool:
    """Whether an object of a document has what a reference has, and nothing else."""
    names = {str(one.label) for one in node.children}
    return {"kind", "slug"} <= names <= {"scope", "org", "kind", "slug", "version", "id"}


def _kind_of(node: Node) -> str:
    kind = child(node, "kind")
    if kind is None:
        return ""
    if kind.field is not None and kind.field.enum is not None:
        return normal_kind(kind.field.enum.names.get(kind.value, ""))
    return normal_kind(kind.value) if isinstance(kind.value, str) else ""


def _field_name(place: NodePlace) -> str:
    """The name of the field a value is in, of the list where it is an element."""
    at: NodePlace | None = place
    while at is not None:
        label = at.node.label
        if label is None and at.node.field is not None:
            return at.node.field.name
        if isinstance(label, str):
            return label
        at = at.parent
    return ""


def _id(place: NodePlace, own: str | None) -> Reference | None:
    value = place.node.value
    if not isinstance(value, str) or not value or value == own or len(value) > 200:
        return None
    kinds = kinds_of(value) or (() if value.isspace() else _named_kinds(place))
    return Reference(place, kinds, value, None, None) if kinds else None


def _named_kinds(place: NodePlace) -> tuple[str, ...]:
    """The kinds that a field such as ``session_id`` or ``agentInstanceId`` is named for."""
    field = _field_name(place)
    name = normal_kind(field)
    if not name.endswith(("id", "ids")) or (_message_name(place), field) in _FOREIGN:
        return ()
    stem = name.removesuffix("s").removesuffix("id")
    return tuple(one for kind in _NAMED_FOR.get(stem, (stem,)) for one in kind_named(kind))


def _message_name(place: NodePlace) -> str:
    """The name of the message a value is directly in."""
    message = place.parent.node.message_type if place.parent is not None else None
    return message.name if message is not None else ""
