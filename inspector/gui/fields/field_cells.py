"""The cells of a row of the field tree, links among them, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from inspector.decode.node import Node, NodeKind
from inspector.decode.paths import key_text
from inspector.decode.sealed import sealed
from inspector.gui.cells.value_cells import (
    OPAQUE,
    covered_runs,
    length,
    moment_of,
    value_runs,
    wire_name,
)
from inspector.gui.fields.field_items import FieldItem, shown_children
from inspector.gui.style.text_format import count, visible
from inspector.gui.style.text_runs import (
    DIM,
    EMPTY,
    FIXED_DIM,
    GUESS,
    LINK,
    TEXT,
    Cell,
    Elide,
    Run,
    Style,
    number,
    text,
)
from inspector.gui.style.time_format import TimeStyle, tip
from inspector.schema.types import Field
from inspector.session.history_queries import Blamed
from inspector.session.record_links import Link


def link_runs(link: Link) -> tuple[Run, ...]:
    """The runs of a link: the target's name as a link, or what is named and that it is not here."""
    reference, target = link.reference, link.target
    named = visible(reference.id or reference.slug or "")
    if target is None:
        return (
            Run(named, FIXED_DIM, Elide.ElideMiddle),
            Run("not in this store", DIM),
        )
    runs = [Run(visible(target.name or target.id), LINK, Elide.ElideMiddle)]
    if not target.live:
        runs.append(Run("deleted", DIM))
    return tuple(runs)


def link_tip(link: Link) -> str:
    """What a link leads to, in full."""
    target = link.target
    if target is None:
        return "No such record in this store."
    name = f"{visible(target.name)}, " if target.name else ""
    return f"{name}{target.kind}/{visible(target.id)}"


_SHORT: Final = 80  #: characters of a line that need no tooltip but where they are cut
_PREVIEW: Final = 16  #: bytes that a row shows
_TIP: Final = 1200  #: characters of a tooltip
_TIP_BYTES: Final = 256
_DYNAMIC: Final = {str: "string", bool: "bool", float: "number", int: "number", type(None): "null"}


@dataclass
class FieldLook:
    """How a record is shown.

    Attributes:
        data: its blob.
        covered: ``id()`` of the nodes that hold a secret.
        revealed: ``id()`` of nodes shown in spite of it.
        all_revealed: whether everything is shown.
        times: how times are written.
        document: whether it is a JSON document, whose keys are plain names.
        links: what a value names, by ``id()`` of its node; filled when it is known.
        doubts: what a value may mean as well, by ``id()`` of its node.
        blamed: since when values are what they are; None while nobody asked.
        found: what is sought in the record, and ``id()`` of the nodes it was found in.
    """

    data: bytes = b""
    covered: frozenset[int] = frozenset()
    revealed: set[int] = field(default_factory=set)
    all_revealed: bool = False
    times: TimeStyle = TimeStyle.UTC
    document: bool = False
    links: dict[int, Link] = field(default_factory=dict)
    doubts: Mapping[int, str] = field(default_factory=dict)
    blamed: Blamed | None = None
    found: tuple[re.Pattern[str], frozenset[int]] | None = None

    def mark(self, item: FieldItem, key: str) -> re.Pattern[str] | None:
        """What of a cell is to stand out, as it was sought and found there."""
        node = item.node
        if self.found is None or node is None or id(node) not in self.found[1]:
            return None
        says = key == "value" and not self.hides(node) and not shown_children(node)
        return self.found[0] if says or key == "name" else None

    def link(self, item: FieldItem) -> Link | None:
        """What the value of a row names, where it names a record and is not covered."""
        node = item.node
        if node is None or item.span is not None or self.hides(node):
            return None
        return self.links.get(id(node))

    def hides(self, node: Node) -> bool:
        """Whether a value is covered now: a secret, or bytes that may hold one."""
        if self.all_revealed or id(node) in self.revealed:
            return False
        return id(node) in self.covered or (node.kind in OPAQUE and node.end > node.body)

    def can_hide(self, node: Node) -> bool:
        """Whether a value is one of those that are covered by default."""
        return id(node) in self.covered or (node.kind in OPAQUE and node.end > node.body)

    def hidden(self) -> frozenset[int] | set[int]:
        """``id()`` of all nodes that are covered now."""
        return frozenset() if self.all_revealed else self.covered - self.revealed


def name_cell(item: FieldItem, look: FieldLook) -> Cell:
    """The name column: a field's name, an index, a key, or the number of an unknown field."""
    if item.span is not None:
        return text(f"[{item.span[0]:,} \N{HORIZONTAL ELLIPSIS} {item.span[1]:,}]", DIM)
    if item.graft is not None:
        return text(item.graft.label, GUESS)
    node = item.node
    if node is None:
        return text(item.field.name if item.field is not None else "", DIM)
    if node.kind == NodeKind.UNKNOWN:
        return Cell((Run(f"<{node.number}>", DIM, icon="unknown"), Run("unknown", DIM, gap=6)))
    if node.kind == NodeKind.MALFORMED:
        return Cell((Run("unreadable", DIM, icon="warning"),))
    words, style = _label(item, look)
    if node.kind == NodeKind.SHADOWED:
        return Cell((Run(words, DIM, Elide.ElideRight), Run("replaced", GUESS, optional=True)))
    runs: tuple[Run, ...] = (Run(words, style, Elide.ElideRight),)
    if node.field is not None and node.field.last and _is_whole_field(item):
        # The name comes first: where there is no room for the words, the icon stands for them.
        runs += (Run("", GUESS, icon="clock", gap=6), Run("old field", GUESS, optional=True, gap=3))
    if id(node) in look.doubts:
        runs += (
            Run("", GUESS, icon="warning", gap=6),
            Run("in doubt", GUESS, optional=True, gap=3),
        )
    return Cell(runs)


def field_tip(item: FieldItem, look: FieldLook) -> str:
    """What a name's tooltip says: what the value may mean as well, and if its field is gone."""
    parts = []
    if item.node is not None and id(item.node) in look.doubts:
        parts.append(visible(look.doubts[id(item.node)]))
    if item.field is not None and item.field.last and _is_whole_field(item):
        parts.append(f"Not known to the newest release; last in {item.field.last}.")
    return "\n".join(parts)


def _label(item: FieldItem, look: FieldLook) -> tuple[str, Style]:
    node = item.node
    assert node is not None
    if node.label is None:
        return (node.field.name if node.field is not None else "value"), TEXT
    if isinstance(node.label, str) and (look.document or node.field is None):
        return visible(node.label), TEXT
    return f"[{visible(key_text(node.label))}]", DIM


def value_cell(item: FieldItem, look: FieldLook) -> Cell:
    """The value column."""
    if item.span is not None:
        return text(count(item.span[1] - item.span[0] + 1, "item"), DIM)
    if item.node is None:
        return text("not set", GUESS)
    if look.hides(item.node):
        return Cell(covered_runs(item.node))
    link = look.link(item)
    if link is not None:
        return Cell(link_runs(link))
    now = datetime.now(UTC)
    data = data_of(item, look)
    return Cell(value_runs(item.node, look.hidden(), data, look.times, now))


def data_of(item: FieldItem, look: FieldLook) -> bytes:
    """The bytes that a row's offsets are of: the record's, or those of the tree grown from it."""
    root = item.graft_root()
    return root.graft.tree.data if root is not None and root.graft is not None else look.data


def value_tip(item: FieldItem, look: FieldLook) -> str:
    """What the value's tooltip says beside what is seen; empty where that is all there is."""
    node = item.node
    if node is None or look.hides(node):
        return ""
    link = look.link(item)
    if link is not None:
        return link_tip(link)
    moment = moment_of(node)
    if moment is not None:
        return tip(moment)
    if isinstance(node.value, str) and (len(node.value) > _SHORT or "\n" in node.value):
        return shortened(node.value)
    if isinstance(node.value, bytes) and len(node.value) > _PREVIEW:
        more = "\N{HORIZONTAL ELLIPSIS}" if len(node.value) > _TIP_BYTES else ""
        return node.value[:_TIP_BYTES].hex(" ") + more
    return ""


def shortened(value: str) -> str:
    """A text for a tooltip, and how long it is where that is more than fits."""
    if len(value) <= _TIP:
        return value
    head = value[:_TIP].rstrip()
    return f"{head}\N{HORIZONTAL ELLIPSIS}\n({count(len(value), 'character')})"


def type_cell(item: FieldItem) -> Cell:
    """The type column: as the schema declares it, or what is seen on the wire."""
    words = type_words(item)
    style = GUESS if item.node is not None and item.node.kind in OPAQUE else DIM
    runs: tuple[Run, ...] = (Run(words, style, Elide.ElideRight),)
    if item.field is not None and item.field.oneof and _is_whole_field(item):
        runs += (Run(f"oneof {item.field.oneof}", GUESS, optional=True),)
    return Cell(runs)


def type_words(item: FieldItem) -> str:
    """The type in words."""
    node = item.node
    if node is None:
        return item.field.type_name if item.field is not None and item.span is None else ""
    if node.kind in OPAQUE:
        return wire_name(node)
    if item.graft is not None and node.kind == NodeKind.MESSAGE:
        return "message"
    if node.kind == NodeKind.DYNAMIC or item.field is None:
        return _dynamic(node)
    if _is_whole_field(item):
        return item.field.type_name
    return _element(node, item.field)


def _is_whole_field(item: FieldItem) -> bool:
    return item.node is None or item.node.label is None


def _element(node: Node, own: Field) -> str:
    if node.kind in (NodeKind.STRUCT, NodeKind.ARRAY):
        return _dynamic(node)
    named = own.message or own.enum
    return named.full_name.rpartition(".")[2] if named else own.type.name.lower()


def _dynamic(node: Node) -> str:
    if node.kind == NodeKind.STRUCT:
        return "object"
    if node.kind == NodeKind.ARRAY:
        return "list"
    return _DYNAMIC.get(type(node.value), "")


def number_cell(item: FieldItem) -> Cell:
    """The number column: of fields, not of their elements."""
    if item.node is None:
        return number(item.field.number, DIM) if item.field and item.span is None else EMPTY
    if item.node.label is not None or item.node.kind == NodeKind.MALFORMED:
        return EMPTY
    if item.field is not None:
        return number(item.field.number, DIM)
    return number(item.node.number, DIM) if item.node.tag else EMPTY


def speech_of(item: FieldItem, look: FieldLook) -> str:
    """A row read out: name, value, type, and where it stands among its siblings."""
    name = name_cell(item, look).text
    if item.node is not None and look.hides(item.node):
        seal = sealed(item.node.value)
        value = f"hidden, {seal.words if seal is not None else length(item.node)}"
    else:
        value = value_cell(item, look).text
    siblings = item.parent.made() if item.parent is not None else None
    place = f"{item.row + 1} of {len(siblings)}" if siblings else ""
    told = field_tip(item, look).replace("\n", " ")
    return ", ".join(part for part in (name, value, type_words(item), place, told) if part)
