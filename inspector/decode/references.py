"""Which values of a record name other records.

A reference is an ``ApiResourceReference`` (kind and slug, in October sometimes an id), another
message of kind and id, or a text that is an id: one with a ULID and a prefix a kind has, or one in
a field named for a kind, such as ``session_id``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from inspector.decode.fields import child, text
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.paths import Place, walk
from inspector.schema import ulid
from inspector.schema.catalog import kind_rows
from inspector.schema.kinds import normal_kind

_REFERENCE: Final = "ApiResourceReference"
_REFERENCES: Final = frozenset((_REFERENCE, "ApiResourceRef"))
#: Fields whose references the daemon of January gave the number of another kind.
_ENVIRONMENTS: Final = frozenset(("environment_refs", "env_refs", "environmentRefs", "envRefs"))
#: Field names that say less than the kind they name.
_NAMED_FOR: Final = {"execution": ("agentexecution", "workflowexecution", "run")}
_DEFAULT: Final = "default_instance_id"


class Reference(NamedTuple):
    """A value that names a record.

    Attributes:
        place: the node a person would click: the id's text, or the whole reference message.
        kinds: kinds it may be of, as :func:`~inspector.schema.kinds.normal_kind`; empty for any.
        id: the id, or None where it is named by slug.
        slug: the slug, or None.
        org: the organisation of the slug, or None.
    """

    place: Place
    kinds: tuple[str, ...]
    id: str | None
    slug: str | None
    org: str | None


def references(tree: Tree) -> Iterator[Reference]:
    """The references of a record, in field order; its own id is none."""
    own = text(tree.root, "metadata", "id")
    inside: Node | None = None
    for place in walk(tree.root):
        node = place.node
        if place.parent is not None and place.parent.node is inside:
            continue
        found = _message(place) if node.children else _id(place, own)
        if found is not None:
            inside = node if node.children else None
            yield found


def _message(place: Place) -> Reference | None:
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
    return Reference(place, (kind,) if kind else (), id_, slug, text(node, "org"))


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


def _field_name(place: Place) -> str:
    """The name of the field a value is in, of the list where it is an element."""
    at: Place | None = place
    while at is not None:
        label = at.node.label
        if label is None and at.node.field is not None:
            return at.node.field.name
        if isinstance(label, str):
            return label
        at = at.parent
    return ""


def _id(place: Place, own: str | None) -> Reference | None:
    value = place.node.value
    if not isinstance(value, str) or not value or value == own or len(value) > 200:
        return None
    by_prefix = _prefixes().get(ulid.prefix(value) or "")
    if by_prefix:
        return Reference(place, by_prefix, value, None, None)
    named = _named_kinds(place)
    if named and not value.isspace():
        return Reference(place, named, value, None, None)
    return None


def _named_kinds(place: Place) -> tuple[str, ...]:
    """The kinds that a field such as ``session_id`` or ``agentInstanceId`` is named for."""
    name = normal_kind(_field_name(place))
    if not name.endswith("id"):
        return ()
    if name == normal_kind(_DEFAULT):
        return ("agentinstance", "workflowinstance")
    stem = name.removesuffix("id")
    if stem in _NAMED_FOR:
        return _NAMED_FOR[stem]
    return (stem,) if stem in _kinds() else ()


@cache
def _kinds() -> frozenset[str]:
    return frozenset(normal_kind(row.kind) for row in kind_rows())


@cache
def _prefixes() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for row in kind_rows():
        if row.id_prefix:
            found.setdefault(row.id_prefix, set()).add(normal_kind(row.kind))
    return {prefix: tuple(sorted(kinds)) for prefix, kinds in found.items()}
