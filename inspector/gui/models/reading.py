"""What the reader says of a value: its path, its facts, and all of it as text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, NamedTuple

from inspector.decode.node import Node, NodeKind
from inspector.gui.models.field_cells import Look, type_words
from inspector.gui.models.items import Item, is_flat, path_of
from inspector.gui.models.values import OPAQUE, length, number_text, parts, value_runs
from inspector.gui.times import TimeStyle, from_seconds, parse, tip
from inspector.gui.words import count, lines_of

HEX_BYTES: Final = 1 << 20  #: bytes that are shown in hex
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Reading(NamedTuple):
    """A value to be read.

    Attributes:
        path: where it is.
        facts: type, length, place in the blob.
        text: all of it, or what can be said of it.
        covered: whether it is covered now.
        fixed: whether the text belongs in the fixed font.
    """

    path: str
    facts: str
    text: str
    covered: bool = False
    fixed: bool = False


COVERED_WORDS: Final = "Covered. Show it here with Enter. Copies and exports stay covered."


def read(item: Item, look: Look) -> Reading:
    """What the reader says of a row."""
    path, node = path_of(item), item.node
    if item.span is not None:
        return Reading(path, f"items {item.span[0]:,} to {item.span[1]:,}", "")
    if node is None:
        return Reading(path, type_words(item), "Not set.")
    facts = _facts(item, node)
    if look.hides(node):
        return Reading(path, facts, COVERED_WORDS, covered=True)
    text, fixed = _text(node, look)
    return Reading(path, facts, text, fixed=fixed)


def _facts(item: Item, node: Node) -> str:
    facts = [type_words(item)]
    if node.field is not None and node.field.oneof and node.label is None:
        facts.append(f"in oneof {node.field.oneof}")
    if isinstance(node.value, str | bytes) or node.children or node.kind in OPAQUE:
        facts.append(length(node))
    if isinstance(node.value, str) and (lines := lines_of(node.value)) > 1:
        facts.append(count(lines, "line"))
    if node.problem:
        facts.append(node.problem.replace("-", " "))
    if node.end > node.start:
        facts.append(f"bytes {node.start:,} to {node.end - 1:,}")
    return ", ".join(fact for fact in facts if fact)


def _text(node: Node, look: Look) -> tuple[str, bool]:
    if node.kind in OPAQUE:
        return hex_text(look.data[node.body : node.end]), True
    if isinstance(node.value, bytes):
        return hex_text(node.value), True
    if isinstance(node.value, str):
        moment = parse(node.value) if len(node.value) < 40 else None
        return (f"{node.value}\n\n{tip(moment)}" if moment else node.value), False
    if is_flat(node):
        return _flat(node, look), False
    if node.kind == NodeKind.ENUM:
        return _enum(node), False
    if node.kind in (NodeKind.SCALAR, NodeKind.DYNAMIC):
        return _scalar(node), False
    return length(node), False


def _scalar(node: Node) -> str:
    if node.value is None:
        return "null"
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return number_text(node.value)


def _enum(node: Node) -> str:
    enum = node.field.enum if node.field is not None else None
    name = enum.names.get(node.value) if enum is not None else None
    return f"{name} ({node.value})" if name else f"{node.value}, a number without a name"


def _flat(node: Node, look: Look) -> str:
    seconds, nanos = parts(node)
    stored = f"seconds {seconds}, nanos {nanos}"
    moment = from_seconds(seconds, nanos) if node.message_type is not None else None
    if node.message_type is not None and node.message_type.name == "Timestamp" and moment:
        return f"{tip(moment)}\n\n{stored}"
    runs = value_runs(node, look.covered, look.data, TimeStyle.UTC, _NEVER)
    return "\n".join((" ".join(run.text for run in runs), "", stored))


def hex_text(data: bytes) -> str:
    """Bytes as hex and text, sixteen a line, up to :data:`HEX_BYTES`."""
    shown = data[:HEX_BYTES]
    lines = []
    for start in range(0, len(shown), 16):
        row = shown[start : start + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "\N{MIDDLE DOT}" for byte in row)
        lines.append(f"{start:06x}  {row[:8].hex(' '):<23}  {row[8:].hex(' '):<23}  {text}")
    if len(data) > len(shown):
        lines.append(f"{len(data) - len(shown):,} more bytes are not shown here.")
    return "\n".join(lines) or "No bytes."
