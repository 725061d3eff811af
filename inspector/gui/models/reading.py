"""What the reader says of a value: its path, its facts, and all of it as text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, NamedTuple

from inspector.decode.json_writer import write
from inspector.decode.node import Node, NodeKind, WireType
from inspector.decode.sealed import sealed
from inspector.gui.models.field_cells import Look, data_of, type_words
from inspector.gui.models.forms import Make, forms_of, may_be_message, unknown_forms
from inspector.gui.models.items import Item, is_flat, path_of
from inspector.gui.models.values import OPAQUE, length, moment_of, number_text, parts, value_runs
from inspector.gui.times import TimeStyle, ago, tip

JSON_GRAFT: Final = "JSON in this text"
MESSAGE_GRAFT: Final = "Message (guessed)"
LONG: Final = 50_000  #: characters or bytes of a value above which it is read in the worker


class Reading(NamedTuple):
    """A value to be read.

    Attributes:
        path: where it is.
        facts: type, length, place in the blob.
        text: all of it, or what can be said of it.
        covered: whether it is covered now.
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


COVERED_WORDS: Final = (
    "Hidden secret. Press Enter to show it here and to copy it; exports still write [covered]."
)
SEALED_WORDS: Final = (
    "Sealed: the daemon encrypted it before it was stored, and it is not opened here. Enter shows"
    " it as it is stored, and lets it be copied; exports stay covered."
)


def read(item: Item, look: Look, form: str = "") -> Reading:
    """What the reader says of a row.

    Args:
        item: the row.
        look: how the record is shown.
        form: the form to read bytes in, where they have it.
    """
    path, node = path_of(item), item.node
    if item.span is not None:
        return Reading(path, f"items {item.span[0]:,}\N{EN DASH}{item.span[1]:,}", "")
    if node is None:
        return Reading(path, type_words(item), "Not set.")
    facts = _facts(item, node)
    if look.hides(node):
        words = SEALED_WORDS if sealed(node.value) is not None else COVERED_WORDS
        return Reading(path, facts, words, covered=True)
    data = data_of(item, look)
    forms = _forms(node, data)
    if forms:
        chosen = form if form in forms else next(iter(forms))
        several = tuple(forms) if len(forms) > 1 else ()
        reading = Reading(path, facts, forms[chosen](), fixed=True, forms=several, form=chosen)
    else:
        reading = _plain(Reading(path, facts, ""), node, look)
    return reading._replace(graft=graft_label(item, look))


def is_long(item: Item) -> bool:
    """Whether reading a row takes longer than the window may wait."""
    node = item.node
    if node is None:
        return False
    size = len(node.value) if isinstance(node.value, str | bytes) else 0
    whole = node.kind in OPAQUE or bool(node.children)
    return size > LONG or (whole and node.end - node.body > LONG)


def graft_label(item: Item, look: Look) -> str:
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


def _facts(item: Item, node: Node) -> str:
    facts = [type_words(item)]
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


def _plain(reading: Reading, node: Node, look: Look) -> Reading:
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
    return reading._replace(text=write(node, frozenset(look.hidden()), indent=2), fixed=True)


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


def _flat(reading: Reading, node: Node, look: Look) -> Reading:
    seconds, nanos = parts(node)
    stored = f"seconds {seconds}, nanos {nanos}"
    moment = moment_of(node)
    if moment is not None:
        return reading._replace(text=moment_text(moment, stored), ticks=True)
    now = datetime.now(UTC)
    runs = value_runs(node, look.covered, look.data, TimeStyle.UTC, now)
    return reading._replace(text="\n".join((" ".join(run.text for run in runs), "", stored)))
