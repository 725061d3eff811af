"""What a version changed, in one line: ``spec.tag stable → v2; spec.skill_md +12 -3 lines``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from inspector.decode.json_writer import write
from inspector.decode.node import Node, NodeKind
from inspector.decode.paths import NodePlace
from inspector.history.difference import Change, Difference, Entry, EntryRun, entry_parts
from inspector.history.text_difference import counted, text_difference
from inspector.named_tuple import NamedTuple

#: Values up to so many characters stand in the line.
_SHORT: Final = 24
_UNSET: Final = "none"
_VERSION: Final = "metadata.version"  #: its own id and what was said of it
_ARROW: Final = " → "
_LISTS: Final = frozenset((NodeKind.LIST, NodeKind.ARRAY))
_LEAVES: Final = frozenset((NodeKind.SCALAR, NodeKind.ENUM, NodeKind.DYNAMIC))
#: What every push changes: hashes, and who saved it when. JSON names are those of the JSON store.
_BOOKKEEPING: Final = frozenset(
    (
        ("status", "version_hash"),
        ("status", "versionHash"),
        ("status", "artifact_storage_key"),
        ("status", "artifactStorageKey"),
        ("status", "audit"),
        ("metadata", "etag"),
    )
)


class ChangedPart(NamedTuple):
    """What became of one value, or of the elements of one list.

    ``words`` say it; of lines and elements also how many were ``added`` and ``removed``, so that
    they can be shown in their colours.
    """

    path: str
    words: str
    added: int = 0
    removed: int = 0

    @property
    def readable(self) -> bool:
        """Whether both values are in it."""
        return _ARROW in self.words

    @property
    def text(self) -> str:
        """As it stands in the line."""
        return f"{self.path} {self.words}".strip()


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """A timeline row's line.

    Attributes:
        parts: what changed, by field; at most as many as were asked for.
        more: how many parts are left out.
        bookkeeping: how many differences are of hashes and audit times, which no part tells.
    """

    parts: tuple[ChangedPart, ...]
    more: int
    bookkeeping: int

    @property
    def in_all(self) -> str:
        """How many parts there are. Not how many more: those named may be cut where it is shown."""
        return f"{len(self.parts) + self.more} in all"

    @property
    def text(self) -> str:
        """The line."""
        line = "; ".join(part.text for part in self.parts)
        if self.more:
            return f"{line}; {self.in_all}"
        if line:
            return line
        if self.bookkeeping:
            return "only hashes and audit times"
        return "no field changed"


def summarise(found: Difference, most: int = 3) -> ChangeSummary:
    """The line of a difference.

    Secrets, and bytes that may be one, are only said to have changed: the difference says which
    values are ``hidden``.
    """
    every = entry_parts(found.entries)
    told = [part for part in every if not is_bookkeeping(first_of(part))]
    # What can be read at a glance comes first; that a version has another id goes without saying.
    parts = sorted(_parts(told), key=lambda part: (_is_of_version(part), not part.readable))
    bookkeeping = len(found.entries) - sum(map(_size, told))
    return ChangeSummary(tuple(parts[:most]), max(0, len(parts) - most), bookkeeping)


def first_of(part: Entry | EntryRun) -> Entry:
    """A difference, or the first of very many side by side, which are of one list."""
    return part if isinstance(part, Entry) else part.entry(part.places[0])


def _size(part: Entry | EntryRun) -> int:
    return 1 if isinstance(part, Entry) else len(part.places)


def _is_of_version(part: ChangedPart) -> bool:
    return part.path.startswith(_VERSION)


def is_bookkeeping(entry: Entry) -> bool:
    """Whether a difference is one that every push makes."""
    place = entry.after if entry.after is not None else entry.before
    steps: list[str] = []
    while place is not None and place.parent is not None:
        steps.append(_name(place.node))
        place = place.parent
    return tuple(steps[:-3:-1]) in _BOOKKEEPING


def _name(node: Node) -> str:
    if node.label is not None:
        return str(node.label)
    return node.field.name if node.field is not None else ""


def _parts(parts: Sequence[Entry | EntryRun]) -> Iterator[ChangedPart]:
    """Elements that came, went or moved are one part of their list, where the first is."""
    lists: dict[str, Counter[Change]] = {}
    for part in parts:
        if (path := _list_path(first_of(part))) is not None:
            lists.setdefault(path, Counter())[part.change] += _size(part)
    for part in parts:
        entry = first_of(part)
        path = _list_path(entry)
        if path is None:
            yield _part(entry)
        elif path in lists:
            yield _list_part(path, lists.pop(path))


def _list_path(entry: Entry) -> str | None:
    """The path of the list that an element was added to, removed from or moved in."""
    place = entry.after if entry.after is not None else entry.before
    if entry.change == Change.CHANGED or place is None or place.parent is None:
        return None
    return place.parent.path if place.parent.node.kind in _LISTS else None


def _list_part(path: str, changes: Mapping[Change, int]) -> ChangedPart:
    added, removed, moved = (changes[one] for one in (Change.ADDED, Change.REMOVED, Change.MOVED))
    words = [counted(added, removed, "item")] if added or removed else []
    words += [f"{moved} moved"] if moved else []
    return ChangedPart(path, ", ".join(words), added, removed)


def _part(entry: Entry) -> ChangedPart:
    before, after = _node(entry.before), _node(entry.after)
    if entry.hidden:
        return ChangedPart(entry.path, entry.change.value)
    if _is_text(before) and _is_text(after) and (_long(before) or _long(after)):
        lines = text_difference(_text(before), _text(after))
        if lines.only_newline:
            return ChangedPart(entry.path, lines.words)
        return ChangedPart(entry.path, lines.words, lines.added, lines.removed)
    old, new = _short(before), _short(after)
    if old is None or new is None:
        return ChangedPart(entry.path, entry.change.value)
    return ChangedPart(entry.path, f"{old}{_ARROW}{new}")


def _node(place: NodePlace | None) -> Node | None:
    return place.node if place is not None else None


def _is_text(node: Node | None) -> bool:
    return node is None or (node.kind in _LEAVES and isinstance(node.value, str))


def _text(node: Node | None) -> str:
    return str(node.value) if node is not None else ""


def _long(node: Node | None) -> bool:
    return "\n" in _text(node)


def _short(node: Node | None) -> str | None:
    """A value that fits into the line, None where it does not."""
    if node is None:
        return _UNSET
    if node.kind not in _LEAVES or isinstance(node.value, bytes):
        return None
    text = node.value if isinstance(node.value, str) else write(node, indent=None).strip('"')
    return text if 0 < len(text) <= _SHORT else None
