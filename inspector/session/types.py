"""What a session answers with: immutable facts ready to be shown or written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from inspector.decode.node import Tree
from inspector.store.types import StoreFacts, TableInfo


class SchemaUse(NamedTuple):
    """A schema in use in a store: its name, why it was chosen, by how many live records."""

    name: str
    why: str
    records: int


class Problem(NamedTuple):
    """Something a record, or a place in it, is not as it should be.

    ``severity`` is ``error`` or ``warning``; ``code`` as in the command line's ``check``;
    ``path`` names the value, empty for the whole; ``offset`` is a byte offset or None.
    """

    severity: str
    code: str
    path: str
    offset: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Info:
    """The store as a whole."""

    facts: StoreFacts
    schemas: tuple[SchemaUse, ...]
    kinds: int
    records: int
    versions: int
    tables: tuple[TableInfo, ...]
    problems: tuple[Problem, ...]


class KindSummary(NamedTuple):
    """A kind with a record or a version. An unknown kind has its own name and group ``""``."""

    kind: str
    display_name: str
    group: str
    records: int
    versions: int
    known: bool


class RecordHead(NamedTuple):
    """A line of a record list.

    ``name``, ``state``, ``org`` and ``slug`` are None where there is none or the blob cannot be
    read, which ``problem`` then says. ``updated_at`` is as the command line gives times. ``size``
    is the blob's bytes, ``versions`` the number of archived versions.
    """

    kind: str
    id: str
    name: str | None
    state: str | None
    org: str | None
    slug: str | None
    updated_at: str | None
    size: int
    versions: int
    problem: str | None = None


class Version(NamedTuple):
    """A line of a history, newest first.

    ``stored_kind`` is where the row lies. ``own_hash``/``own_tag`` of the row, or else of its blob,
    are already merged into ``version_hash`` and ``tag``.
    """

    kind: str
    id: str
    audit_id: int | None
    legacy_key: str | None
    stored_kind: str
    archived_at: str | None
    version_hash: str | None
    tag: str | None
    size: int
    live: bool
    problem: str | None = None


class Choice(NamedTuple):
    """Which generation a record is read with, and why.

    ``generation`` is None when it is read without a schema (unknown kind). ``also`` are the
    generations that fit as well; ``ambiguous`` says that one of them would show something else.
    """

    generation: str | None
    why: str
    also: tuple[str, ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A record, or one archived version of it, decoded.

    Attributes:
        version: None for the live record.
        tree: None where the row itself could not be read; ``problems`` then says why.
        covered: ``id()`` of every node of the tree that holds a secret (the whole value).
        json_store: the tree is a JSON document, not a protobuf message.
    """

    kind: str
    id: str
    size: int
    updated_at: str | None
    version: Version | None
    choice: Choice
    tree: Tree | None
    covered: frozenset[int] = frozenset()
    problems: tuple[Problem, ...] = ()
    json_store: bool = False
    display_kind: str = ""
    known_kind: bool = True
