"""Which bytes of a record stand out or are covered."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from threading import Event
from typing import Final

from inspector.decode.byte_map import Range, head, merged, ranges, unclaimed
from inspector.decode.field_runs import foremost, spans_of_many
from inspector.decode.nested_runs import are_read_again
from inspector.decode.node import Node, Tree
from inspector.errors import CancelledError
from inspector.gui.cells.value_cells import OPAQUE, wire_name
from inspector.gui.fields.field_items import FieldItem
from inspector.gui.style.text_format import count
from inspector.gui.text.text_search import find_all
from inspector.named_tuple import NamedTuple

_WIDE: Final = 1 << 18  #: bytes of a value whose parts are not sought while the window waits
_ROUND: Final = 20_000  #: nodes between two looks at the cancel flag
_NOTHING: Final[tuple[Range, ...]] = ()
_MANY: Final = -1  #: no node's: of unknown fields that are very many, none is revealed by itself

Known = dict[int, Sequence[Range]]  #: ranges by the ``id()`` of the node they are of


class Marks(NamedTuple):
    """The bytes of a value.

    Attributes:
        value: its payload.
        head: its tag and length.
        around: all bytes of the value that holds it; none where that is the whole record.
        first: where it begins to say something; None where it has no bytes.
        found: what was sought in it.
    """

    value: Sequence[Range] = _NOTHING
    head: Sequence[Range] = _NOTHING
    around: Sequence[Range] = _NOTHING
    first: int | None = None
    found: Sequence[Range] = _NOTHING


class Cover(NamedTuple):
    """Bytes that are covered unless the value with this ``id()`` is revealed."""

    start: int
    end: int
    key: int


class ByteFacts(NamedTuple):
    """What is known of the bytes of a record as a whole.

    Attributes:
        covers: what can be covered, whether it is or not.
        unclaimed: bytes that belong to no field.
    """

    covers: tuple[Cover, ...] = ()
    unclaimed: tuple[Range, ...] = ()


def marks_of(tree: Tree, item: FieldItem, known: Known | None = None) -> Marks:
    """The marks of a row of the field tree; a part of a list has the bytes of its elements.

    Args:
        tree: the record.
        item: the row.
        known: ranges of the row above that were found before; kept up to date here.
    """
    around = _around(tree, item, known if known is not None else {})
    root = item.graft_root()
    if root is not None:
        return _grafted(tree, item, root)
    if item.span is not None and item.parent is not None and item.parent.node is not None:
        first, last = item.span
        parts = item.parent.node.children[first : last + 1]
        value = merged(part for child in parts for part in ranges(tree, child))
        return Marks(value, _NOTHING, around, value[0][0] if value else None)
    node = item.node
    if node is None:
        return Marks(around=around)
    return own_marks(tree, node)._replace(around=around)


def is_wide(item: FieldItem) -> bool:
    """Whether finding the bytes of a row, or of what holds it, may take long."""
    above = item.value_parent()
    return any(
        one is not None and one.node is not None and one.node.end - one.node.start > _WIDE
        for one in (item, above if above is not None and above.parent is not None else None)
    )


def found_in(
    data: bytes, places: Sequence[Range], needle: str, *, case: bool, cancel: Event
) -> list[Range]:
    """Where a text stands in parts of a blob, as UTF-8.

    Args:
        data: the blob.
        places: the parts, in order.
        needle: what is sought.
        case: whether upper and lower case differ.
        cancel: ends it when set.

    Raises:
        CancelledError: it was cancelled.
    """
    found: list[Range] = []
    for start, end in places:
        text = data[start:end].decode("utf-8", "surrogateescape")
        hits, here, at = find_all(text, needle, case=case, cancel=cancel), 0, start
        for first, last in zip(hits.starts, hits.ends, strict=True):
            at += _bytes(text[here:first])
            size = _bytes(text[first:last])
            found.append((at, at + size))
            here, at = last, at + size
    return found


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


def _around(tree: Tree, item: FieldItem, known: Known) -> Sequence[Range]:
    """The bytes of the value above; it is mostly the same for one row after the other."""
    above = item.value_parent()
    if above is None or above.node is None or above.parent is None:
        return _NOTHING
    found = known.get(id(above.node))
    if found is None:
        known.clear()
        found = known[id(above.node)] = ranges(tree, above.node)
    return found


def own_marks(tree: Tree, node: Node) -> Marks:
    """The marks of a value alone."""
    own = head(tree, node)
    found = ranges(tree, node)
    value = _without(found, *own)
    first = value[0][0] if value else node.start
    return Marks(value, merged([own]), _NOTHING, first if found else None)


def _grafted(tree: Tree, item: FieldItem, root: FieldItem) -> Marks:
    """A value read out of the bytes of another: its own place where those are the text itself."""
    graft, host = root.graft, root.parent
    assert graft is not None and host is not None and host.node is not None
    base, node = graft.base, item.node
    if base < 0 or node is None:
        return own_marks(tree, host.node)
    around = ranges(tree, host.node)
    value = merged([(base + node.body, base + node.end)])
    head = merged([(base + node.start, base + node.body)])
    return Marks(value, head, around, base + node.body)


def _without(found: Sequence[Range], start: int, end: int) -> list[Range]:
    left = [(a, min(b, start)) for a, b in found] + [(max(a, end), b) for a, b in found]
    return merged(left)


def facts_of(tree: Tree, covered: Collection[int], cancel: Event) -> ByteFacts:
    """Looks at every node; for the worker.

    Raises:
        CancelledError: nobody wants it any more.
    """
    covers: list[Cover] = []
    looks = tree.odd or covered or tree.type is None
    stack: list[tuple[Iterator[Node], bool]] = [(iter((tree.root,)), False)] if looks else []
    seen = 0
    while stack:
        left, again = stack[-1]
        node = next(left, None)
        if node is None:
            stack.pop()
            continue
        seen += 1
        if seen % _ROUND == 0 and cancel.is_set():
            raise CancelledError("Cancelled.")
        opaque = node.kind in OPAQUE and not node.children
        if opaque or id(node) in covered:
            start = head(tree, node)[1]
            if start < node.end:
                # Of a node that is let go the ``id()`` may be another's soon.
                own = id(node) if not again or id(node) in covered else _MANY
                covers.append(Cover(start, node.end, own))
        if node.children:
            below = again or are_read_again(node.children)
            stack.append((iter(foremost(node.children)), below))
            covers += (Cover(*run, _MANY) for run in spans_of_many(node.children))
    return ByteFacts(tuple(covers), tuple(unclaimed(tree)))


def hidden(facts: ByteFacts, revealed: Collection[int], *, all_: bool) -> list[Range]:
    """The bytes that are covered now."""
    if all_:
        return []
    return merged((one.start, one.end) for one in facts.covers if one.key not in revealed)


def within(found: Sequence[Range], offset: int) -> bool:
    """Whether an offset lies in one of several ranges in order."""
    index = bisect_right(found, (offset, 1 << 62)) - 1
    return index >= 0 and found[index][0] <= offset < found[index][1]


def place_words(item: FieldItem, marks: Marks, digits: int) -> str:
    """Number, wire type and place of a value: ``field 1, length-delimited, value 4 bytes ...``."""
    node = item.node
    words = []
    if node is not None and node.tag and node.label is None:
        words.append(f"field {node.number}")
    if node is not None and node.tag and node.body > node.start:
        words.append(wire_name(node))
    size = sum(end - start for start, end in marks.value)
    if marks.first is None:
        return "not set"
    at = f"at {marks.value[0][0] if marks.value else marks.first:0{digits}x}"
    words.append(f"value {count(size, 'byte')} {at}")
    if len(marks.value) > 1:
        words.append(f"in {len(marks.value):,} parts")
    return ", ".join(words)


def footer_words(facts: ByteFacts, covered: Sequence[Range], size: int) -> str:
    """What the footer promises: how much is covered, and whether every byte belongs to a field."""
    words = ""
    if covered:
        total = sum(end - start for start, end in covered)
        words = f"{count(len(covered), 'hidden range')}, {count(total, 'byte')}. "
        if any(one.key == _MANY and within(covered, one.start) for one in facts.covers):
            words += "Very many unknown fields are shown only all at once (Show secrets). "
    if not size:
        return "The record has no bytes."
    if not facts.unclaimed:
        one = size == 1
        return words + ("The one byte is" if one else f"All {size:,} bytes are") + " accounted for."
    lost = sum(end - start for start, end in facts.unclaimed)
    first = facts.unclaimed[0][0]
    others = len(facts.unclaimed) - 1
    more = f" and {count(others, 'other place')}" if others else ""
    belong = "belongs" if lost == 1 else "belong"
    return f"{words}{count(lost, 'byte')} at {first:x}{more} {belong} to no field."
