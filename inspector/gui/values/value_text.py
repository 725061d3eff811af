"""What is said of one value: its path, its facts, all of it as text, or a tree read out of it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from inspector.decode import unknown_field_guesses
from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.encrypted_values import sealed
from inspector.decode.json_writer import write_parts
from inspector.decode.node import Node, NodeKind, WireType
from inspector.decode.well_known import is_flat
from inspector.errors import InspectorError
from inspector.gui.cells.value_cells import (
    OPAQUE,
    length,
    moment_of,
    number_text,
    parts,
    value_runs,
)
from inspector.gui.fields.field_cells import FieldLook, data_of, type_words
from inspector.gui.fields.field_items import FieldItem, Graft, path_of
from inspector.gui.style.text_format import count
from inspector.gui.style.time_format import TimeStyle, ago, tip
from inspector.named_tuple import NamedTuple

MOST: Final = 1 << 20  #: bytes, and characters of JSON, that are shown in the reader
_CUT: Final = "These are the first {:,} characters. Copy takes all of the value."
HEX: Final = "Hex"
BASE64: Final = "Base64"
TEXT_GUESS: Final = "Text (guessed)"
NUMBERS_GUESS: Final = "Numbers (guessed)"
READINGS: Final = "Interpretations (guessed)"
_EASY: Final = 1 << 16  #: bytes that are tried for more than hex

Make = Callable[[], str]


def forms_of(payload: bytes) -> dict[str, Make]:
    """The forms of bytes whose meaning is not known, hex first."""
    forms: dict[str, Make] = {HEX: lambda: hex_text(payload), BASE64: lambda: base64(payload)}
    text = unknown_field_guesses.text(payload[:_EASY]) if len(payload) <= _EASY else None
    if text is not None:
        forms[TEXT_GUESS] = lambda: text
    return forms


def unknown_forms(data: bytes, node: Node) -> dict[str, Make]:
    """The forms of a field that its message type does not have."""
    payload = data[node.body : node.end]
    readings = unknown_field_guesses.numbers(data, node)
    if readings:
        return {READINGS: lambda: _table(readings), HEX: lambda: hex_text(payload)}
    forms = forms_of(payload)
    if 0 < len(payload) <= _EASY:
        packed = unknown_field_guesses.packed(payload)
        if packed:
            forms[NUMBERS_GUESS] = lambda: "\n\n".join(f"{g.name}:\n{g.text}" for g in packed)
    return forms


def may_be_message(payload: bytes) -> bool:
    """Whether bytes could be a message; long ones are not tried."""
    return len(payload) <= _EASY and unknown_field_guesses.is_message(payload)


def _table(readings: list[unknown_field_guesses.Guess]) -> str:
    width = max(len(one.name) for one in readings)
    return "\n".join(f"{one.name:<{width}}  {one.text}" for one in readings)


def base64(data: bytes) -> str:
    """Bytes as padded base64, up to :data:`MOST`."""
    return b64encode(data[:MOST]).decode() + _more(data)


def hex_text(data: bytes) -> str:
    """Bytes as hex and text, sixteen a line, up to :data:`MOST`."""
    shown = data[:MOST]
    lines = []
    for start in range(0, len(shown), 16):
        row = shown[start : start + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "\N{MIDDLE DOT}" for byte in row)
        lines.append(f"{start:06x}  {row[:8].hex(' '):<23}  {row[8:].hex(' '):<23}  {text}")
    return "\n".join(lines) + _more(data) or "No bytes."


def _more(data: bytes) -> str:
    more = len(data) - MOST
    return f"\n{count(more, 'more byte')} in the tab Bytes." if more > 0 else ""


JSON_GRAFT: Final = "JSON in this text"
MESSAGE_GRAFT: Final = "Message (guessed)"
LONG: Final = 50_000  #: characters or bytes of a value above which it is read in the worker


class ValueText(NamedTuple):
    """A value to be read.

    Attributes:
        path: where it is.
        facts: type, length, place in the blob.
        text: all of it, or what can be said of it.
        covered: whether it is covered now.
        shown: whether it is covered by default, and shown because it was asked for by itself.
        fixed: whether the text belongs in the fixed font.
        forms: the names of the forms it can be read in, none where there is but one.
        form: the one of them it is in.
        graft: what can be shown below the field as a tree of its own, or empty.
        ticks: whether the text tells how long ago something was.
    """

    path: str
    facts: str
    text: str
    covered: bool = False
    fixed: bool = False
    forms: tuple[str, ...] = ()
    form: str = ""
    graft: str = ""
    ticks: bool = False
    shown: bool = False


COVERED_WORDS: Final = (
    "Hidden secret. Press Enter to show it here and to copy it; exports still write [covered]."
)
_UNKNOWN_WORDS: Final = (
    "Covered, since no schema says what it is: it may be a secret. Press Enter to show it here and"
    " to copy it; exports still write [covered]."
)
SEALED_WORDS: Final = (
    "Sealed: the daemon encrypted it before it was stored, and it is not opened here. Enter shows"
    " it as it is stored, and lets it be copied; exports stay covered."
)


def read(item: FieldItem, look: FieldLook, form: str = "") -> ValueText:
    """What the reader says of a row.

    Args:
        item: the row.
        look: how the record is shown.
        form: the form to read bytes in, where they have it.
    """
    path, node = path_of(item), item.node
    if item.span is not None:
        return ValueText(path, f"items {item.span[0]:,}\N{EN DASH}{item.span[1]:,}", "")
    if node is None:
        return ValueText(path, type_words(item), "Not set.")
    facts = facts_of(item, look)
    if look.hides(node):
        return ValueText(path, facts, _covered_words(node), covered=True)
    data = data_of(item, look)
    forms = _forms(node, data)
    if forms:
        chosen = form if form in forms else next(iter(forms))
        several = tuple(forms) if len(forms) > 1 else ()
        reading = ValueText(path, facts, forms[chosen](), fixed=True, forms=several, form=chosen)
    else:
        reading = _plain(ValueText(path, facts, ""), node, look)
    shown = look.can_hide(node) and not look.all_revealed
    return reading._replace(graft=graft_label(item, look), shown=shown)


def _covered_words(node: Node) -> str:
    if sealed(node.value) is not None:
        return SEALED_WORDS
    return _UNKNOWN_WORDS if node.kind == NodeKind.UNKNOWN else COVERED_WORDS


def is_long(item: FieldItem) -> bool:
    """Whether reading a row takes longer than the window may wait."""
    node = item.node
    if node is None:
        return False
    size = len(node.value) if isinstance(node.value, str | bytes) else 0
    whole = node.kind in OPAQUE or bool(node.children)
    return size > LONG or (whole and node.end - node.body > LONG)


def graft_label(item: FieldItem, look: FieldLook) -> str:
    """What can be shown below a row as a tree of its own; empty where nothing can, or is."""
    node = item.node
    if node is None or item.grafts() or look.hides(node):
        return ""
    if isinstance(node.value, str) and node.kind in (NodeKind.SCALAR, NodeKind.DYNAMIC):
        return JSON_GRAFT if _looks_like_json(node.value) else ""
    if node.kind == NodeKind.UNKNOWN and node.wire_type == WireType.LEN and not node.children:
        payload = data_of(item, look)[node.body : node.end]
        return MESSAGE_GRAFT if may_be_message(payload) else ""
    return ""


def _looks_like_json(text: str) -> bool:
    first, last = text[:100].lstrip()[:1], text[-100:].rstrip()[-1:]
    return (first, last) in (("{", "}"), ("[", "]"))


def facts_of(item: FieldItem, look: FieldLook) -> str:
    """Type, length and place of a value, and what it was if it has just changed."""
    node = item.node
    facts = [type_words(item)]
    if node is None:
        return facts[0]
    if look.marks is not None:
        facts.append(look.marks.was(item))
    if node.field is not None and node.field.oneof and node.label is None:
        facts.append(f"in oneof {node.field.oneof}")
    if isinstance(node.value, str | bytes) or node.children or node.kind in OPAQUE:
        facts.append(length(node))
    if (seal := sealed(node.value)) is not None:
        facts.append(seal.words.lower())
    if node.problem:
        facts.append(node.problem.replace("-", " "))
    root = item.graft_root()
    base = root.graft.base if root is not None and root.graft is not None else 0
    if node.end > node.start and base >= 0:
        first, last = base + node.start, base + node.end - 1
        facts.append(f"offset {first:,}" + (f"\N{EN DASH}{last:,}" if last > first else ""))
    return " \N{MIDDLE DOT} ".join(fact for fact in facts if fact)


def _forms(node: Node, data: bytes) -> dict[str, Make]:
    if node.kind == NodeKind.UNKNOWN and not node.children:
        return unknown_forms(data, node)
    if node.kind in OPAQUE:
        return forms_of(data[node.body : node.end])
    return forms_of(node.value) if isinstance(node.value, bytes) else {}


def _plain(reading: ValueText, node: Node, look: FieldLook) -> ValueText:
    if isinstance(node.value, str):
        moment = moment_of(node)
        if moment is None:
            return reading._replace(text=node.value)
        return reading._replace(text=moment_text(moment, node.value), ticks=True)
    if is_flat(node):
        return _flat(reading, node, look)
    if node.kind == NodeKind.ENUM:
        return reading._replace(text=_enum(node))
    if node.kind in (NodeKind.SCALAR, NodeKind.DYNAMIC):
        return reading._replace(text=_scalar(node))
    if node.kind in OPAQUE:
        return reading._replace(text=length(node))
    return reading._replace(text=_first_json(node, frozenset(look.hidden())), fixed=True)


class _LongError(Exception):
    """The first part is there."""


def _first_json(node: Node, covered: frozenset[int]) -> str:
    """A value as JSON; of a long one the first part, and where the rest is."""
    parts: list[str] = []
    length = 0

    def put(part: str) -> None:
        nonlocal length
        parts.append(part)
        length += len(part)
        if length > MOST:
            raise _LongError

    try:
        write_parts(node, covered, put)
    except _LongError:
        return f"{''.join(parts)[:MOST]}\n\n{_CUT.format(MOST)}"
    return "".join(parts)


def _scalar(node: Node) -> str:
    value = node.value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) > 9:
        return f"{value}\n\nhexadecimal {value:#x}"
    return number_text(node)


def _enum(node: Node) -> str:
    enum = node.field.enum if node.field is not None else None
    name = enum.names.get(node.value) if enum is not None else None
    head = f"{name} ({node.value})" if name else f"{node.value}, a number without a name"
    if enum is None:
        return head
    values = "\n".join(f"{number}  {text}" for number, text in sorted(enum.names.items()))
    return f"{head}\n\nThe values of {enum.full_name.rpartition('.')[2]}:\n{values}"


def moment_text(moment: datetime, stored: str) -> str:
    """A time in full: as it is stored, in UTC, here, and how long ago."""
    now = datetime.now(UTC)
    return f"{tip(moment)}\n{ago(now - moment)}\n\nstored as {stored}"


def _flat(reading: ValueText, node: Node, look: FieldLook) -> ValueText:
    seconds, nanos = parts(node)
    stored = f"seconds {seconds}, nanos {nanos}"
    moment = moment_of(node)
    if moment is not None:
        return reading._replace(text=moment_text(moment, stored), ticks=True)
    now = datetime.now(UTC)
    runs = value_runs(node, look.covered, look.data, TimeStyle.UTC, now)
    return reading._replace(text="\n".join((" ".join(run.text for run in runs), "", stored)))


def graft_of(item: FieldItem, look: FieldLook) -> Graft:
    """The tree of a row's value; for the worker.

    Raises:
        InspectorError: the text is no JSON.
    """
    node = item.node
    assert node is not None
    root = item.graft_root()
    above = root.graft.base if root is not None and root.graft is not None else 0
    if not isinstance(node.value, str):
        payload = data_of(item, look)[node.body : node.end]
        return Graft(MESSAGE_GRAFT, decode(payload, None), above + node.body if above >= 0 else -1)
    text = node.value.encode(errors="replace")
    tree = read_document(text)
    if tree.malformed:
        broken = _first_break(tree.root)
        raise InspectorError(f"This text is not valid JSON from byte {broken:,} on.")
    exact = above >= 0 and data_of(item, look)[node.body : node.end] == text
    return Graft(JSON_GRAFT, tree, above + node.body if exact else -1)


def _first_break(root: Node) -> int:
    return next((one.start for one in root.children if one.kind == NodeKind.MALFORMED), 0)
