"""The cells of a row of the field tree, since when it has its value, and what is copied of it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from inspector.decode.encrypted_values import sealed
from inspector.decode.json_writer import write
from inspector.decode.node import Node, NodeKind
from inspector.decode.paths import NodePlace, key_text
from inspector.decode.secrets import COVERED
from inspector.gui.cells.value_cells import (
    OPAQUE,
    covered_runs,
    length,
    moment_of,
    value_runs,
    wire_name,
)
from inspector.gui.cells.version_cells import name_of
from inspector.gui.fields.field_items import FieldItem, shown_children
from inspector.gui.fields.field_marks import FieldMarks
from inspector.gui.style.text_format import count, visible
from inspector.gui.style.text_runs import (
    BOLD,
    DIM,
    EMPTY,
    FIXED,
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
from inspector.gui.style.time_format import TimeStyle, parse, show, tip
from inspector.schema.types import Field
from inspector.session.history_queries import Blamed, FieldState, SinceVersion
from inspector.session.record_links import Link
from inspector.session.summaries import Version


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
        marks: what has changed since the record was looked at; None for nothing.
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
    marks: FieldMarks | None = None

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

    def shows(self, node: Node) -> bool:
        """Whether a value is a secret that is shown, or was uncovered by itself."""
        secret = id(node) in self.covered or id(node) in self.revealed
        return secret and self.can_hide(node) and not self.hides(node)

    def hidden(self) -> frozenset[int] | set[int]:
        """``id()`` of all nodes that are covered now."""
        return frozenset() if self.all_revealed else self.covered - self.revealed


def name_cell(item: FieldItem, look: FieldLook) -> Cell:
    """The name column: a field's name, an index, a key, or the number of an unknown field."""
    cell = _name_cell(item, look)
    if look.marks is None:
        return cell
    return Cell((*cell.runs, *look.marks.runs(item)), cell.right, cell.tint)


def _name_cell(item: FieldItem, look: FieldLook) -> Cell:
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
    if look.marks is not None and (words := look.marks.words(item)):
        parts.append(words)
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
    runs = value_runs(item.node, look.hidden(), data, look.times, now)
    return Cell((Run("", DIM, icon="eye"), *runs) if look.shows(item.node) else runs)


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


_LONGEST: Final = 100  #: characters of a value in a list of versions
_WIDEST: Final = 24  #: characters of a column in it; what is longer moves only its own line
_LEAVES: Final = frozenset((NodeKind.SCALAR, NodeKind.ENUM, NodeKind.DYNAMIC))


def place_of(item: FieldItem | None) -> NodePlace | None:
    """The place of a row's value in the record; None for rows that are no value of it."""
    way: list[tuple[Node, int]] = []
    here = item
    while here is not None:
        if here.graft is not None or (here is item and here.node is None):
            return None
        if here.node is not None:
            way.append((here.node, here.repeat))
        here = here.parent
    place: NodePlace | None = None
    for node, repeat in reversed(way):
        place = NodePlace(node, place, repeat)
    return place


def since_cell(item: FieldItem, blamed: Blamed | None) -> Cell:
    """The since column; empty where it is not known and for what holds parts of several ages."""
    found = _found(item, blamed)
    if blamed is None or found is None:
        return EMPTY
    if found.first:
        return text("first version", DIM)
    if found.version is None:
        return Cell((Run("current", BOLD), Run("in no version", DIM, optional=True)))
    runs = [Run(name_of(found.version), FIXED, Elide.ElideMiddle)]
    if found.version.tag:
        runs.append(Run(visible(found.version.tag), elide=Elide.ElideRight))
    runs.append(Run(_ago(found, blamed), DIM, optional=True))
    return Cell(tuple(runs))


def since_tip(item: FieldItem, blamed: Blamed | None) -> str:
    """The time of the version, and whether it may be so for longer."""
    found = _found(item, blamed)
    if found is None:
        return ""
    words = [_time(found.version)]
    if found.unsure:
        words.append("It may be older: earlier versions do not decode.")
    return "\n".join(word for word in words if word)


def _found(item: FieldItem, blamed: Blamed | None) -> SinceVersion | None:
    if blamed is None or not blamed.has_versions:
        return None
    place = place_of(item)
    return blamed.since(place) if place is not None else None


def _ago(found: SinceVersion, blamed: Blamed) -> str:
    newest = blamed.versions[1] if len(blamed.versions) > 1 else None
    # The live state is the newest version where that equals it.
    same = blamed.record.version is None and newest is not None and newest.live
    ago = found.ago - same
    return f"{count(ago, 'version')} ago" if ago > 0 else "this version"


def _time(version: Version | None) -> str:
    moment = parse(version.archived_at) if version is not None else None
    return f"{show(moment, TimeStyle.UTC, moment)} UTC" if moment is not None else ""


def history_lines(states: Iterable[FieldState]) -> Iterator[str]:
    """A line for each value: the version that brought it, when that was, and the value.

    A line begins with ``~`` where the version before it has something else, and ends with how many
    versions after it have the same.
    """
    known = tuple(states)
    runs = list(_runs(known))
    heads = [_head(known[run.stop - 1]) for run in runs]
    widths = [min(_WIDEST, max(map(len, column))) for column in zip(*heads, strict=True)]
    for run, head in zip(runs, heads, strict=True):
        # That it differs is known of the older one of two.
        changed = run.stop < len(known) and known[run.stop].changed
        parts = (f"{part:{width}}" for part, width in zip(head, widths, strict=True) if width)
        said = _value(known[run.stop - 1]) + _newer(known[run.start : run.stop - 1])
        yield "  ".join((f"{'~' if changed else ' '} {next(parts)}", *parts, said))


def _runs(states: Sequence[FieldState]) -> Iterator[range]:
    """States next to each other that have the same value; one that cannot be read is alone."""
    start = 0
    for at in range(1, len(states) + 1):
        if at == len(states) or states[at].changed or states[at].problem or states[at - 1].problem:
            yield range(start, at)
            start = at


def _newer(states: Sequence[FieldState]) -> str:
    """Which newer states have the same value; empty for none."""
    versions = sum(state.version is not None for state in states)
    words = [count(versions, "newer version")] * bool(versions)
    words += ["current"] * (versions < len(states))
    return f"  (also {' and '.join(words)})" if words else ""


def _head(state: FieldState) -> tuple[str, str, str]:
    """What a version is called, its tag, and its time."""
    version = state.version
    if version is None:
        return "current", "", ""
    return name_of(version), visible(version.tag or ""), _time(version)


def _value(state: FieldState) -> str:
    if state.problem:
        return state.problem
    if state.place is None:
        return "not set"
    node = state.place.node
    if state.covered:
        return f"hidden, {length(node)}"
    if node.kind not in _LEAVES:
        return length(node)
    runs = value_runs(node, frozenset(), b"", TimeStyle.UTC, datetime.now(UTC))
    return " ".join(run.text for run in runs)[:_LONGEST]


def copied_value(item: FieldItem | None, look: FieldLook) -> str:
    """The value of a row: text as it is, everything else as its JSON."""
    node = item.node if item is not None else None
    if item is None or node is None:
        return ""
    if look.hides(node):
        return COVERED
    if node.kind in OPAQUE:
        return b64encode(data_of(item, look)[node.body : node.end]).decode()
    if node.kind == NodeKind.SCALAR and isinstance(node.value, str):
        return node.value
    text = write(node, frozenset(look.hidden()))
    plain = node.kind in (NodeKind.ENUM, NodeKind.SCALAR, NodeKind.MESSAGE)
    return text[1:-1] if plain and text.startswith('"') and "\\" not in text else text


def copied_subtree(item: FieldItem | None, look: FieldLook) -> str:
    """The JSON of a row and all below it; text and numbers as JSON has them too."""
    node = item.node if item is not None else None
    if item is None or node is None:
        return ""
    if look.hides(node) or node.kind in OPAQUE:
        return copied_value(item, look)
    return write(node, frozenset(look.hidden()))
