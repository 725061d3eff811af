"""Differences as lines for people: a sign, a path, and the values before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from inspector.decode.paths import NodePlace
from inspector.export.difference_json import value_beginning
from inspector.history.difference import Change, Entry
from inspector.history.record import Record

SIGNS: Final = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~", Change.MOVED: ">"}
_LONGEST: Final = 100
_NOTHING: Final[frozenset[int]] = frozenset()


def difference_lines(
    entries: Iterable[Entry], before: Record, after: Record, *, reveal: bool
) -> Iterator[str]:
    """The lines of each difference, made with the same ``reveal``."""
    for entry in entries:
        yield f"{SIGNS[entry.change]} {entry.change.value:8}{entry.path}"
        if entry.change == Change.MOVED and entry.before is not None:
            yield f"      from {entry.before.path}"
            continue
        for mark, place, record in (("-", entry.before, before), ("+", entry.after, after)):
            if place is not None:
                yield f"      {mark} {_shown(place, record, entry, reveal)}"


def _shown(place: NodePlace, record: Record, entry: Entry, reveal: bool) -> str:
    assert record.tree is not None
    covered = _NOTHING if reveal else record.covered
    text, length = value_beginning(place, record.tree, covered, entry.hidden, _LONGEST)
    return text if length <= _LONGEST else f"{text}… {length} characters"
