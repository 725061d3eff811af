"""A record, or one archived version of it, decoded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from inspector.history.versions import Version
from inspector.named_tuple import NamedTuple

if TYPE_CHECKING:
    from inspector.decode.choice import Choice
    from inspector.decode.node import Tree
    from inspector.decode.paths import NodePlace


class Problem(NamedTuple):
    """Something a record, or a place in it, is not as it should be.

    ``severity`` is ``error`` or ``warning``; ``code`` as in the command line's ``check``;
    ``path`` names the value, empty for the whole; ``offset`` is a byte offset or None. ``times``
    above 1 stands for as many of them, of which the path is that of the first.
    """

    severity: str
    code: str
    path: str
    offset: int | None
    message: str
    times: int = 1


def number_of(problems: Iterable[Problem]) -> int:
    """How many there are, those that stand for several counted as many."""
    return sum(problem.times for problem in problems)


def shown_path(place: NodePlace, covered: frozenset[int]) -> str:
    """The path of a place as far as it may be shown: a covered value's keys may be a secret too."""
    shown = place
    above: NodePlace | None = place
    while above is not None:
        if id(above.node) in covered:
            shown = above
        above = above.parent
    return shown.path


_NO_DOUBTS: Final[Mapping[int, str]] = {}


class Record:
    """A record, or one archived version of it, decoded.

    Attributes:
        version: None for the live record.
        tree: None where the row itself could not be read; ``problems`` then says why.
        covered: ``id()`` of every node of the tree that holds a secret (the whole value).
        json_store: the tree is a JSON document, not a protobuf message.
        doubts: by ``id()`` of a node what it may mean as well, in a sentence.
        same_id: how many rows of the kind have its id; of several it is the last.
    """

    __slots__ = (
        "choice",
        "covered",
        "display_kind",
        "doubts",
        "id",
        "json_store",
        "kind",
        "problems",
        "same_id",
        "size",
        "tree",
        "updated_at",
        "version",
    )

    def __init__(
        self,
        kind: str,
        id: str,
        size: int,
        updated_at: str | None,
        version: Version | None,
        choice: Choice,
        tree: Tree | None,
        covered: frozenset[int] = frozenset(),
        problems: tuple[Problem, ...] = (),
        json_store: bool = False,
        display_kind: str = "",
        doubts: Mapping[int, str] = _NO_DOUBTS,
        same_id: int = 1,
    ) -> None:
        self.kind = kind
        self.id = id
        self.size = size
        self.updated_at = updated_at
        self.version = version
        self.choice = choice
        self.tree = tree
        self.covered = covered
        self.problems = problems
        self.json_store = json_store
        self.display_kind = display_kind
        self.doubts = doubts
        self.same_id = same_id
