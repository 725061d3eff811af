"""What is remembered of one file between two starts, as it stands in the settings.

Settings may have been written by another version or by hand: every part is checked by itself, and
one that is not as it should be is left out and named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from inspector.errors import UsageError
from inspector.named_tuple import NamedTuple
from inspector.schema.catalog import AUTO, asked, is_own, release_name

if TYPE_CHECKING:
    from inspector.foreign.column_map import ColumnReading
    from inspector.store.rows import StoreFacts

T = TypeVar("T")

RECORDS: Final = 20  #: records of a file whose open fields are remembered
PATHS: Final = 200  #: open fields of a record that are
_KINDS: Final = 200  #: kinds of a file that anything is remembered of
_COLUMNS: Final = 200  #: columns of a file of which it is remembered how they are read
_PANES: Final = 8  #: sizes of panes that lie side by side
_LONGEST: Final = 4096  #: characters of a name


class OpenedFields(NamedTuple):
    """The open fields of a record and the one the cursor was on, by their paths."""

    kind: str
    id: str
    cursor: str
    paths: tuple[str, ...]


class FileMemory:
    """One file.

    Attributes:
        geometry: the window's, as base64.
        panes: widths of the three panes, empty where they were never dragged.
        reader: heights of tree and reader.
        entry: type of the entry that was chosen at the left.
        kind: the entry's kind.
        record_kind: kind of the record that was shown.
        record: its id.
        version: name of its version, empty for the live state.
        tab: the tab that was shown.
        tabs: the last tab of each kind.
        columns: widths of the columns that were dragged, by kind.
        opened: fields that were open, newest record last.
        schema: what the file is read with.
        schemas: what a kind is read with, where that is another.
        columns_read: how columns of a file that is no store are read.
        times: from when numbers of columns count that are shown as times: table, column, epoch.
        map: the map in use, by its path; empty for none.
        facets: what lists are filtered by, by the key of their entry: states, organisations, kinds,
            since when, and whether only what has an error.
        expressions: those that were used last, by kind.
        map_schemas: schemas that its messages are looked for in besides those that it names.
    """

    def __init__(self, **values: Any) -> None:
        """Nothing, but for some values by their names."""
        self.geometry = ""
        self.panes: list[int] = []
        self.reader: list[int] = []
        self.entry = ""
        self.kind = ""
        self.record_kind = ""
        self.record = ""
        self.version = ""
        self.tab = ""
        self.tabs: dict[str, str] = {}
        self.columns: dict[str, dict[str, int]] = {}
        self.opened: list[OpenedFields] = []
        self.schema = AUTO
        self.schemas: dict[str, str] = {}
        self.columns_read: list[ColumnReading] = []
        self.times: list[list[str]] = []
        self.map = ""
        self.map_schemas: list[str] = []
        self.facets: dict[str, list[Any]] = {}
        self.expressions: dict[str, list[str]] = {}
        if unknown := values.keys() - vars(self).keys():
            raise TypeError(f"there is no {', '.join(sorted(unknown))}")
        vars(self).update(values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FileMemory) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]  # its values change

    def stored(self) -> dict[str, Any]:
        """What differs from nothing remembered, for the settings; bounded."""
        own = vars(FileMemory())
        values = dict(vars(self))
        values["opened"] = [
            [one.kind, one.id, one.cursor, list(one.paths[:PATHS])]
            for one in self.opened[-RECORDS:]
        ]
        values["columns_read"] = [
            [one.table, one.column, one.read_as.value, one.message, one.schema, list(one.unpack)]
            for one in self.columns_read[:_COLUMNS]
        ]
        return {name: value for name, value in values.items() if value != own[name]}

    def has_own(self) -> bool:
        """Whether anything is read with a schema of one's own."""
        return any(map(is_own, (self.schema, *self.schemas.values())))

    @classmethod
    def of(cls, stored: object) -> tuple[FileMemory, list[str]]:
        """What was stored, and the names of the parts that were left out for being broken."""
        made, broken = cls(), list[str]()
        if not isinstance(stored, Mapping):
            return made, ["all"]
        for name in tuple(vars(made)):
            if name not in stored:
                continue
            try:
                setattr(made, name, _READ[name](stored[name]))
            except _BrokenError:
                broken.append(name)
        return made, broken


class _BrokenError(ValueError):
    """A stored value is not what it should be."""


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise _BrokenError
    return value


def _size(value: object) -> int:
    if type(value) is not int or not 0 <= value <= 100_000:
        raise _BrokenError
    return value


def _list(read: Callable[[object], T], most: int) -> Callable[[object], list[T]]:
    def all_of(value: object) -> list[T]:
        if not isinstance(value, list) or len(value) > most:
            raise _BrokenError
        return [read(each) for each in value]

    return all_of


def _by_kind(read: Callable[[object], Any]) -> Callable[[object], dict[str, Any]]:
    def all_of(value: object) -> dict[str, Any]:
        if not isinstance(value, dict) or len(value) > _KINDS:
            raise _BrokenError
        return {_text(kind): read(each) for kind, each in value.items()}

    return all_of


def _schema(value: object) -> str:
    if is_own(_text(value)):
        return str(value)
    try:
        asked(_text(value))
    except KeyError:
        raise _BrokenError from None
    return release_name(str(value)) or str(value)


def _fields(value: object) -> OpenedFields:
    if not isinstance(value, list) or len(value) != 4 or not isinstance(value[3], list):
        raise _BrokenError
    kind, id_, cursor, paths = value
    return OpenedFields(_text(kind), _text(id_), _text(cursor), tuple(map(_text, paths[:PATHS])))


_texts: Final = _list(_text, _KINDS)


def _facets(value: object) -> list[Any]:
    if not isinstance(value, list) or len(value) != 5 or not isinstance(value[4], bool):
        raise _BrokenError
    return [*map(_texts, value[:3]), _since(value[3]), value[4]]


def _since(value: object) -> str:
    from inspector.session.since import earliest  # noqa: PLC0415 - few files have any

    try:
        earliest(_text(value))
    except UsageError:
        raise _BrokenError from None
    return str(value)


def _time(value: object) -> list[str]:
    found = _texts(value)
    if len(found) != 3:
        raise _BrokenError
    return found


def _column_read(value: object) -> ColumnReading:
    # Few files have any, and the start waits for nothing else of it.
    from inspector.foreign.column_map import ColumnReading, ReadAs  # noqa: PLC0415
    from inspector.foreign.wrappers import DEEPEST, Wrapper  # noqa: PLC0415

    if not isinstance(value, list) or len(value) != 6 or not isinstance(value[5], list):
        raise _BrokenError
    table, column, read_as, message, schema = map(_text, value[:5])
    try:
        unpack = tuple(Wrapper(_text(one)) for one in value[5])
        found = ColumnReading(
            *(table, column, ReadAs(read_as), message), unpack=unpack, schema=schema
        )
    except ValueError:
        raise _BrokenError from None
    if len(unpack) > DEEPEST or bool(message) != (found.read_as is ReadAs.MESSAGE):
        raise _BrokenError
    return found


_READ: Final[dict[str, Callable[[object], Any]]] = {
    **dict.fromkeys(("geometry", "entry", "kind", "record_kind", "record"), _text),
    **dict.fromkeys(("version", "tab"), _text),
    **dict.fromkeys(("panes", "reader"), _list(_size, _PANES)),
    "tabs": _by_kind(_text),
    "columns": _by_kind(_by_kind(_size)),
    "opened": _list(_fields, RECORDS),
    "schema": _schema,
    "schemas": _by_kind(_schema),
    "columns_read": _list(_column_read, _COLUMNS),
    "times": _list(_time, _COLUMNS),
    "map": _text,
    "map_schemas": _texts,
    "facets": _by_kind(_facets),
    "expressions": _by_kind(_texts),
}


class FileSchemaState(NamedTuple):
    """What is chosen to read a file with.

    Attributes:
        facts: what the file is; None while none is open.
        memory: what is remembered of it, with the schemas that are chosen.
        file: what the settings know it by.
    """

    facts: StoreFacts | None
    memory: FileMemory
    file: str
