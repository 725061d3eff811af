"""What a row of a timeline says: its cells, its words for a screen reader, its mark on the rail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Final

from inspector.gui.cells.columns import Column
from inspector.gui.style.text_format import visible
from inspector.gui.style.text_runs import (
    ADDED,
    BOLD,
    DIM,
    EMPTY,
    FIXED,
    REMOVED,
    TAG,
    TEXT,
    Cell,
    Elide,
    Run,
    Style,
    number,
    text,
)
from inspector.gui.style.time_format import TimeStyle, ago, parse, show, tip
from inspector.history.summary import ChangedPart, ChangeSummary
from inspector.plurals import counted
from inspector.session.history_queries import TimelineChange
from inspector.session.summaries import Version

SHORT: Final = 8  #: digits of a hash that are shown
KEYS: Final = ("rail", "version", "tag", "change", "bytes", "time", "age")
_WAITING: Final = "\N{HORIZONTAL ELLIPSIS}"
_MINUS: Final = "\N{MINUS SIGN}"
_SIGNS: Final = {"+": ADDED, _MINUS: REMOVED}
_SPEC: Final = "spec."  #: what people change lies there: it goes without saying


class RailMark(Enum):
    """How a version stands on the rail."""

    LIVE = "current"
    VERSION = "version"
    BASE = "base"
    LIVE_BASE = "current base"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A row of a timeline.

    Attributes:
        version: None is the live state, where no version equals it.
        holds: whether the row's tag points here now; None while a newer version may have it.
        grown: by how many bytes it is larger than the version before it; None where that is not
            known, and for the first.
        first: whether no version is before it.
        base: whether others are compared with it.
        change: what it changed; None while that is not known.
        twin: whether the version above or below is of the same second.
    """

    version: Version | None
    holds: bool | None
    grown: int | None
    first: bool
    base: bool
    change: TimelineChange | None
    twin: bool = False

    @property
    def live(self) -> bool:
        """Whether it is the live state."""
        return self.version is None or self.version.live

    @property
    def problem(self) -> str:
        """Why its values cannot be read; empty where they can."""
        own = self.version.problem if self.version is not None else None
        return own or (self.change.problem if self.change is not None else "")

    @property
    def mark(self) -> RailMark:
        """Its mark on the rail."""
        if self.problem:
            return RailMark.BROKEN
        if self.base:
            return RailMark.LIVE_BASE if self.live else RailMark.BASE
        return RailMark.LIVE if self.live else RailMark.VERSION


def version_columns(style: TimeStyle) -> tuple[Column, ...]:
    """The columns; of time and age the one the switch does not ask for gives way first.

    Then the bytes, then the tag, then the other time: what changed keeps its width the longest.
    """
    age, time = (4, 1) if style is TimeStyle.RELATIVE else (1, 4)
    return (
        Column("rail", "", 30, spoken="Timeline"),
        Column("version", "Version", 104, sample="8dcf6793m current"),
        Column("tag", "Tag", 84, drop=3),
        Column("change", "What changed", 212, stretch=True),
        Column("bytes", "Bytes", 60, right=True, drop=2, sample="+99,999,999"),
        Column("time", "Time", 160, drop=time, sample="2026-11-21 05:32:48.000"),
        Column("age", "Age", 64, drop=age, sample="999 min"),
    )


def name_of(version: Version) -> str:
    """What a version is called: its hash, else where it lies; how it is known where it was seen."""
    if version.seen is not None:
        # Many such states have one hash.
        return version.seen.words
    if version.version_hash:
        return visible(version.version_hash[:SHORT])
    if version.logged is not None:
        return f"commit {version.logged.commit}"
    if version.audit_id is not None:
        return f"audit {version.audit_id}"
    return visible((version.legacy_key or "").rpartition("/")[2]) or "no hash"


def cell_of(row: VersionLine, key: str, style: TimeStyle) -> Cell:
    """A cell of a row; the rail is painted from the mark."""
    if key == "version":
        return _name(row)
    if key == "tag":
        return _tag(row)
    if key == "change":
        return _change(row)
    if key == "bytes":
        return _bytes(row)
    return _time(row, key, style)


def _name(row: VersionLine) -> Cell:
    live = (Run("current", BOLD),) if row.live else ()
    if row.version is None:
        return Cell(live)
    runs = (Run(name_of(row.version), FIXED, Elide.ElideMiddle), *live)
    if row.version.logged is not None and row.version.version_hash:
        runs += (Run(row.version.name, DIM, optional=True),)
    return Cell(runs)


def _tag(row: VersionLine) -> Cell:
    tag = row.version.tag if row.version is not None else None
    if not tag:
        return EMPTY
    if row.holds is None:
        return text(visible(tag), DIM)
    if row.holds:
        return Cell((Run(visible(tag), TAG, Elide.ElideRight),))
    return text(f"was {visible(tag)}", DIM)


def called(row: VersionLine) -> str:
    """A version's name and its tag, which says "was" where the tag points elsewhere now."""
    if row.version is None:
        return ""
    return " ".join(part for part in (name_of(row.version), _tag(row).text) if part)


def tag_words(row: VersionLine) -> str:
    """A version's tag in words, empty where it has none."""
    return _tag(row).text


def _change(row: VersionLine) -> Cell:
    if row.problem:
        return Cell((Run(visible(row.problem), REMOVED, Elide.ElideRight, icon="error"),))
    if row.first:
        return text(first_words(row.version), DIM)
    if row.change is None or row.change.summary is None:
        return text(_WAITING, DIM)
    return Cell(tuple(summary_runs(row.change.summary)))


def summary_runs(summary: ChangeSummary) -> Iterator[Run]:
    """The summary's line, counts in their colours.

    Where it is too long parts go whole, the last first: a count says nothing without its field.
    """
    if not summary.parts:
        yield Run(summary.text, DIM, Elide.ElideRight)
        return
    for index, part in enumerate(summary.parts):
        if not index:
            yield from _part(part)
            continue
        group = f"part {index}"
        yield Run(",", optional=True, gap=0, group=group)
        for run in _part(part):
            # "lines" goes before the part it is of.
            yield run if run.optional else run._replace(optional=True, group=group)
    if summary.more:
        yield Run(",", gap=0)
        yield Run(summary.in_all, DIM, gap=4)


def _part(part: ChangedPart) -> Iterator[Run]:
    path = visible(part.path.removeprefix(_SPEC))
    words = visible(part.words)
    if not (part.added or part.removed):
        yield Run(f"{path} {words}".strip(), TEXT, Elide.ElideRight, gap=4)
        return
    yield Run(path, TEXT, Elide.ElideRight, gap=4)
    for word in words.split(" "):
        style: Style = _SIGNS.get(word[:1], DIM)
        yield Run(word, style, optional=style is DIM, gap=4)


def first_words(version: Version | None) -> str:
    """What the first row of a history is, None for the live state.

    Before a state that was seen, or is out of the write-ahead log, there may have been others.
    """
    archived = version is None or (version.logged is None and version.seen is None)
    return "first version" if archived else "earliest known state"


def _bytes(row: VersionLine) -> Cell:
    if row.grown is not None:
        return Cell((Run(signed(row.grown)),), right=True)
    return number(row.version.size if row.version is not None else None, DIM)


def signed(grown: int) -> str:
    """A change of size with its sign."""
    return f"{'+' if grown >= 0 else _MINUS}{abs(grown):,}"


def _time(row: VersionLine, key: str, style: TimeStyle) -> Cell:
    stamp = row.version.archived_at if row.version is not None else None
    moment = parse(stamp)
    if moment is None:
        return text(visible(stamp or "")) if key == "time" else EMPTY
    if key == "age":
        return text(ago(datetime.now(UTC) - moment).removesuffix(" ago"), DIM)
    style = TimeStyle.UTC if style is TimeStyle.RELATIVE else style
    return Cell((Run(show(moment, style, moment, fine=row.twin)),))


def spoken(row: VersionLine, style: TimeStyle) -> str:
    """All of a row in words; what signs and the rail show is said."""
    version = row.version
    size = counted(version.size, "byte") if version is not None else ""
    if row.grown is not None:
        size = f"{size}, {signed(row.grown)}".removeprefix(", ")
    words = [
        _name(row).text,
        "compared with" if row.base else "",
        _tag(row).text,
        _change(row).text,
        size,
        _time(row, "time", style).text,
        _time(row, "age", style).text,
    ]
    return ", ".join(word for word in words if word)


def tip_of(row: VersionLine, key: str) -> str | None:
    """What is said when a cell is pointed at."""
    version = row.version
    if key == "change" and row.problem:
        return visible(row.problem)
    if version is None:
        return None
    if key == "version":
        how = version.logged.words.capitalize() if version.logged else ""
        if version.seen is not None:
            how = "A state that was seen while this window is open; it may be kept nowhere else"
        told = (how, version.version_hash)
        return "\n".join(filter(None, told)) or None
    if key == "bytes":
        return counted(version.size, "byte")
    moment = parse(version.archived_at)
    return tip(moment) if moment and key in ("time", "age") else None
