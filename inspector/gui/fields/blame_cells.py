"""Since which version a field has its value, and what it was in every version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from inspector.decode.node import Node, NodeKind
from inspector.decode.paths import NodePlace
from inspector.gui.cells.value_cells import length, value_runs
from inspector.gui.cells.version_cells import name_of
from inspector.gui.fields.field_items import FieldItem
from inspector.gui.style.text_format import count, visible
from inspector.gui.style.text_runs import BOLD, DIM, EMPTY, FIXED, Cell, Elide, Run, text
from inspector.gui.style.time_format import TimeStyle, parse, show
from inspector.session.history_queries import Blamed, FieldState, SinceVersion
from inspector.session.summaries import Version

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
