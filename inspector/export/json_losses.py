"""What the JSON of a record leaves out or changes, in sentences beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from inspector.decode.field_runs import unmade
from inspector.decode.node import Tree
from inspector.decode.paths import NodePlace
from inspector.decode.problems import (
    inexpressible_first,
    is_expressible,
)
from inspector.history.record import shown_path

_NAMED: Final = 10
#: What the command line says of unknown fields, behind which ones there are.
_KEPT: Final = "; --envelope keeps them"


def plain_notes(notes: Iterable[str]) -> list[str]:
    """Notes as sentences without options of the command line; of empty ones nothing."""
    plain = (note.removesuffix(_KEPT) for note in notes)
    return [f"{note[:1].upper()}{note[1:]}." for note in plain if note]


def losses(tree: Tree, covered: frozenset[int], plain: bool) -> list[str]:
    """The notes about what the JSON of a tree changes; ``plain`` as its writer found it."""
    if is_expressible(tree, plain):
        return []
    found = inexpressible_first(NodePlace(tree.root, None))
    return loss_notes(found, covered, unmade(tree.root) if tree.odd else 0)


def loss_notes(
    found: Iterable[tuple[str, NodePlace]], covered: frozenset[int], unknown: int = 0
) -> list[str]:
    """The notes about what JSON leaves out or changes, as ``inexpressible`` finds it.

    Args:
        found: what and where.
        covered: ``id()`` of the nodes whose names are not told.
        unknown: unknown fields beside those found.
    """
    count: Counter[str] = Counter(unknown=unknown)
    named: dict[str, list[NodePlace]] = {}
    for what, place in found:
        count[what] += 1
        if len(named.setdefault(what, [])) < _NAMED:
            named[what].append(place)
    notes = []
    for what, (one, many, rest) in _SENTENCES.items():
        if total := count[what]:
            places = ", ".join(shown_path(place, covered) for place in named[what])
            more = f" and {total - _NAMED} more" if total > _NAMED else ""
            notes.append(rest.format(f"{total} {one if total == 1 else many} ({places}{more})"))
    return notes


_SENTENCES: Final = {
    "unknown": ("unknown field", "unknown fields", f"left out: {{}}{_KEPT}"),
    "replaced": ("value", "values", "left out, since the same key stands again behind: {}"),
    "invalid-utf8": ("text", "texts", "not valid UTF-8, written with U+FFFD: {}"),
    "out-of-range": ("time", "times", "out of range, written as seconds and nanos: {}"),
    "no-value": ("value", "values", "without any content, written as null: {}"),
    "no-number": ("number", "numbers", "no JSON number, written as text: {}"),
    "packed": ("Any", "Any", "content not known, written as type URL and bytes: {}"),
    "mask": ("field mask", "field masks", "no JSON form, written as a list of paths: {}"),
}
