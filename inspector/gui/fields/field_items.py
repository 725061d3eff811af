"""The rows of the field tree: nodes with their parents, made when they are first looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.paths import label_step
from inspector.decode.well_known import is_flat
from inspector.named_tuple import NamedTuple
from inspector.schema.releases import Mask
from inspector.schema.types import Field, MessageType

CHUNK: Final = 1000  #: values below one row


class Graft(NamedTuple):
    """A tree read out of one value, shown below it: JSON in a text, a message in unknown bytes.

    Attributes:
        label: what it is called.
        tree: what was read.
        base: offset in the record of the tree's first byte; -1 where the record has it otherwise.
    """

    label: str
    tree: Tree
    base: int


class FieldItem:
    """A row of the tree.

    Attributes:
        node: the value; None for an unset field and for a part of a long list.
        field: the field of an unset row, else the node's.
        parent: the row above, None for the root.
        depth: how many rows are above it.
        row: its position below the parent.
        index: of a value, its place among the children of the value that holds it; else -1.
        graft: of the root of a tree read out of the row above, that tree; else None.
        repeat: of unknown fields, how many of the same number come before it.
        span: of a part of a long list, its first and its last element; else None.
    """

    __slots__ = (
        *("_children", "_grafts", "depth", "field", "graft", "index", "node", "parent"),
        *("repeat", "row", "span"),
    )

    def __init__(
        self,
        node: Node | None,
        parent: FieldItem | None,
        row: int,
        *,
        field: Field | None = None,
        index: int = -1,
        repeat: int = 0,
        span: tuple[int, int] | None = None,
        graft: Graft | None = None,
    ) -> None:
        self.node = node
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.row = row
        self.field = field if node is None else node.field
        self.index = index
        self.repeat = repeat
        self.span = span
        self.graft = graft
        self._children: list[FieldItem] | None = None
        self._grafts: tuple[Graft, ...] = ()

    def made(self) -> list[FieldItem] | None:
        """The rows below it, None while nobody has looked at them."""
        return self._children

    def has_children(self) -> bool:
        """Whether there are rows below it, without making them."""
        if self.span is not None or self._grafts:
            return True
        return self.node is not None and bool(shown_children(self.node))

    def children(self, unset: MessageType | None = None, release: Mask = 0) -> list[FieldItem]:
        """The rows below it.

        Args:
            unset: the message type whose absent fields are added, or None to add none.
            release: the release that absent fields must be of, as a set; 0 for any.
        """
        if self._children is None:
            self._children = list(self._make(unset, release))
            for graft in self._grafts:
                self._children.append(self._grafted(graft))
        return self._children

    def forget(self) -> None:
        """Make the rows below it anew the next time."""
        self._children = None

    def add_graft(self, graft: Graft) -> None:
        """Show a tree below the other rows."""
        self._grafts += (graft,)
        if self._children is not None:
            self._children.append(self._grafted(graft))

    def grafts(self) -> tuple[Graft, ...]:
        """The trees that were read out of this value."""
        return self._grafts

    def _grafted(self, graft: Graft) -> FieldItem:
        assert self._children is not None
        return FieldItem(graft.tree.root, self, len(self._children), graft=graft)

    def graft_root(self) -> FieldItem | None:
        """The row above, or this one, that begins a tree read out of a value."""
        here: FieldItem | None = self
        while here is not None and here.graft is None:
            here = here.parent
        return here

    def value_parent(self) -> FieldItem | None:
        """The row of the value that holds it; parts of lists are no values."""
        parent = self.parent
        while parent is not None and parent.node is None:
            parent = parent.parent
        return parent

    def _make(self, unset: MessageType | None, release: Mask) -> Iterator[FieldItem]:
        if self.span is not None and self.parent is not None and self.parent.node is not None:
            first, last = self.span
            yield from _rows(self, self.parent.node.children[first : last + 1], first)
            return
        if self.node is None:
            return
        nodes = shown_children(self.node)
        if len(nodes) > CHUNK:
            for row, first in enumerate(range(0, len(nodes), CHUNK)):
                last = min(first + CHUNK, len(nodes)) - 1
                yield FieldItem(None, self, row, span=(first, last))
            return
        items = list(_rows(self, nodes))
        yield from _with_unset(self, items, unset, release) if unset is not None else items


def _rows(parent: FieldItem, nodes: Sequence[Node], first: int = 0) -> Iterator[FieldItem]:
    seen: dict[int, int] = {}
    if first and parent.parent is not None and parent.parent.node is not None:
        before = islice(parent.parent.node.children, first)
        seen.update(Counter(one.number for one in before if one.kind == NodeKind.UNKNOWN))
    for row, node in enumerate(nodes):
        repeat = 0
        if node.kind == NodeKind.UNKNOWN:
            repeat = seen.get(node.number, 0)
            seen[node.number] = repeat + 1
        yield FieldItem(node, parent, row, index=first + row, repeat=repeat)


def _with_unset(
    parent: FieldItem, items: list[FieldItem], message: MessageType, release: Mask
) -> Iterator[FieldItem]:
    """Rows of set and unset fields by number; what the schema does not name stays last."""
    named = {item.field.number: item for item in items if item.field and _is_field(item)}
    others = [item for item in items if not _is_field(item)]
    rows: list[FieldItem] = []
    for field in message.fields.values():
        item = named.pop(field.number, None)
        if item is None and release and field.releases and not field.releases & release:
            continue
        rows.append(item or FieldItem(None, parent, 0, field=field))
    for row, item in enumerate([*rows, *named.values(), *others]):
        item.row = row
        yield item


def _is_field(item: FieldItem) -> bool:
    node = item.node
    odd = (NodeKind.UNKNOWN, NodeKind.SHADOWED, NodeKind.MALFORMED)
    return node is not None and node.field is not None and node.kind not in odd


def shown_children(node: Node) -> Sequence[Node]:
    """The nodes that have a row below a node."""
    return () if is_flat(node) else node.children


def way_of(item: FieldItem) -> list[int]:
    """The way to a row's value in the tree of the record; of a grafted row, to where it grew."""
    root = item.graft_root()
    here: FieldItem | None = item if root is None else root.parent
    way: list[int] = []
    while here is not None and here.parent is not None:
        if here.index >= 0:
            way.append(here.index)
        here = here.parent
    return way[::-1]


def steps_of(item: FieldItem) -> list[str]:
    """The steps of a row's path, by which it is found again in another version."""
    steps: list[str] = []
    here: FieldItem | None = item
    while here is not None and here.parent is not None:
        steps.append(step_of(here))
        here = here.value_parent()
    return steps[::-1]


def path_of(item: FieldItem) -> str:
    """The path of a row by schema names, as the command line writes it."""
    return "".join(steps_of(item)).removeprefix(".")


def step_of(item: FieldItem) -> str:
    """What a row adds to the path of the row above it."""
    node = item.node
    if item.graft is not None:
        return f" ({item.graft.label})"
    if node is None:
        return f".{item.field.name}" if item.field is not None else ""
    if node.kind == NodeKind.UNKNOWN:
        return f".<{node.number}>" + (f"[{item.repeat}]" if item.repeat else "")
    if node.label is not None:
        return label_step(node)
    return f".{node.field.name}" if node.field is not None else ""
