"""What a session answers with: immutable facts ready to be shown or written."""

from __future__ import annotations

from inspector.history.record import Problem, Record
from inspector.history.versions import Version
from inspector.named_tuple import NamedTuple
from inspector.schema.catalog import display
from inspector.store.rows import StoreFacts, TableInfo

__all__ = [
    "Description",
    "Info",
    "KindSummary",
    "Problem",
    "Record",
    "RecordHead",
    "RecordKey",
    "SchemaUse",
    "Version",
    "described",
]


class SchemaUse(NamedTuple):
    """A schema in use in a store: its name, why it was chosen, by how many live records."""

    name: str
    why: str
    records: int


class Info(NamedTuple):
    """The store as a whole; ``unread`` live records are read without a schema, by number."""

    facts: StoreFacts
    schemas: tuple[SchemaUse, ...]
    unread: int
    kinds: int
    records: int
    versions: int
    tables: tuple[TableInfo, ...]
    problems: tuple[Problem, ...]


class KindSummary(NamedTuple):
    """A kind with a record or a version. An unknown kind has its own name and group ``""``.

    Where it is not ``counted``, 1 record or version stands for some.
    """

    kind: str
    display_name: str
    group: str
    records: int
    versions: int
    known: bool
    counted: bool = True


class RecordKey(NamedTuple):
    """Which record."""

    kind: str
    id: str


class RecordHead(NamedTuple):
    """A line of a record list.

    ``name``, ``state``, ``org`` and ``slug`` are None where there is none or the blob cannot be
    read, which ``problem`` then says. ``updated_at`` is as the command line gives times. ``size``
    is the blob's bytes, ``versions`` the number of archived versions. Of its texts, ``replaced``
    are not valid UTF-8 and hold U+FFFD instead. ``error`` is the first line of what a live record
    says went wrong. ``unread`` is True where the row itself could not be read.
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
    replaced: int = 0
    error: str | None = None
    unread: bool = False


# What a kind is called under the schema asked for.


class Description(NamedTuple):
    """Display name and group; an unknown kind has its own name and the group ``""``."""

    name: str
    group: str
    known: bool


def described(kind: str, schema: str) -> Description:
    """A kind's name, in the newest release that has it or in the one asked for.

    Args:
        kind: as the store spells it.
        schema: ``auto`` or a schema's name; one that does not know the kind makes it unknown.
    """
    found = display(kind, schema)
    return Description(*found, known=True) if found else Description(kind, "", known=False)
