"""A difference as text and as JSON; secrets are covered whatever the window shows."""

from __future__ import annotations

from typing import Final

from inspector.decode.json_writer import write
from inspector.decode.node import NodeKind
from inspector.decode.paths import NodePlace
from inspector.export.difference_json import difference_text, unsaid, value_json
from inspector.export.record_text import loss_notes, plain_notes
from inspector.gui.diff.diff_model import DiffRow
from inspector.gui.diff.text_diff_rows import TextRows, text_rows
from inspector.history.difference import Change, Difference, difference
from inspector.history.record import Record
from inspector.session.history_queries import Compared

_SIGNS: Final = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~", Change.MOVED: ">"}
_NOTHING: Final[frozenset[int]] = frozenset()


def compare_texts(row: DiffRow, compared: Compared, *, everything: bool, reveal: bool) -> TextRows:
    """The two values of a row as texts beside each other; called in the worker."""
    before = side_text(row.before, compared.before, reveal=reveal)
    after = side_text(row.after, compared.after, reveal=reveal)
    return text_rows(before, after, everything=everything)


def as_json(compared: Compared) -> str:
    """A JSON array of all differences, as the command line writes it."""
    return difference_text(_covered(compared), compared.before, compared.after)


def losses(compared: Compared) -> list[str]:
    """Sentences about what that JSON leaves out or changes."""
    covered = compared.before.covered | compared.after.covered
    found = unsaid(_covered(compared).entries, covered).losses
    return plain_notes(loss_notes(found, covered))


def as_text(compared: Compared) -> str:
    """Every difference with its sign, its word and its path, and below it before and after."""
    found = _covered(compared)
    lines: list[str] = []
    for entry in found.entries:
        lines.append(f"{_SIGNS[entry.change]} {entry.change.value:8}{entry.path}")
        if entry.change is Change.MOVED and entry.before is not None:
            lines.append(f"      from {entry.before.path}")
            continue
        sides = (("-", entry.before, compared.before), ("+", entry.after, compared.after))
        for sign, place, record in sides:
            if place is not None and record.tree is not None:
                text = value_json(place, record.tree, record.covered, entry.hidden, indent=None)
                lines.append(f"      {sign} {text}")
    if not lines:
        same = (
            "The bytes are identical."
            if found.same_bytes
            else "The bytes differ, but the content is the same."
        )
        lines.append(f"No differences. {same}")
    return "\n".join(lines) + "\n"


def side_text(place: NodePlace | None, record: Record, *, reveal: bool) -> str:
    """A value that may be seen, as a text to be compared: a text as it is, the rest as JSON."""
    if place is None or record.tree is None:
        return ""
    if isinstance(place.node.value, str):
        return place.node.value
    covered = _NOTHING if reveal else record.covered
    if place.node.kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
        return value_json(place, record.tree, covered, hidden=False)
    return write(place.node, covered, indent=2)


def _covered(compared: Compared) -> Difference:
    before, after = compared.before, compared.after
    assert before.tree is not None and after.tree is not None
    return difference(before.tree, after.tree, before.covered | after.covered)
