"""How the columns of a file are read, as a map of it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from inspector.foreign.wrappers import Wrapper
from inspector.named_tuple import NamedTuple

#: A value that a map compares with: TOML's, as a cell has it.
Plain = str | int | float | bool


class ReadAs(StrEnum):
    """What a column's values are read as."""

    RAW = "raw"
    TEXT = "text"
    JSON = "json"
    MESSAGE = "message"


#: What a column is read as that is no message, in words.
WORDS: Final = {ReadAs.RAW: "bytes", ReadAs.TEXT: "text", ReadAs.JSON: "JSON"}


class MessageBy(NamedTuple):
    """The message is named by another column: its name in the schema by that column's text."""

    column: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """How a column is read.

    Attributes:
        table: the table's name.
        column: the column's name.
        read_as: what its values are read as.
        message: the message's name, where it is one for all rows.
        by: how else it is named.
        unpack: what the values are wrapped in, the outermost first.
        when: what other columns of the row must hold; else the value is left as it is.
        schema: where the message is declared, a path or a release; empty where any of the schemas
            at hand may declare it.
    """

    table: str
    column: str
    read_as: ReadAs = ReadAs.MESSAGE
    message: str = ""
    by: MessageBy | None = None
    unpack: tuple[Wrapper, ...] = ()
    when: Mapping[str, Plain] = field(default_factory=dict)
    schema: str = ""

    def applies(self, row: Mapping[str, object]) -> bool:
        """Whether a row is one that it speaks of."""
        return all(row.get(column) == value for column, value in self.when.items())

    def message_of(self, row: Mapping[str, object]) -> str:
        """The message's name for a row; empty where the map names none."""
        if self.by is None:
            return self.message
        value = row.get(self.by.column)
        if value is None:
            return ""
        named = self.by.values.get(str(value), "")
        if not named and isinstance(value, float) and value.is_integer():
            # Drivers for JavaScript store a whole number so where the column has no type.
            named = self.by.values.get(f"{value:.0f}", "")
        return named

    @property
    def words(self) -> str:
        """What its values are read as, in a word or by the message's full name."""
        if self.read_as is not ReadAs.MESSAGE:
            return WORDS[self.read_as]
        return self.message or f"messages by {self.by.column if self.by is not None else '?'}"


class HistoryOf(NamedTuple):
    """Where former states of a table's rows are: which column names the row, which orders them."""

    table: str
    key: str
    order: str


class RecordsOf(NamedTuple):
    """Which columns of a table are a record's key, name and time; names are empty where none is."""

    table: str
    key: str
    name: str = ""
    time: str = ""
    history: HistoryOf | None = None


@dataclass(frozen=True, slots=True)
class FileMap:
    """A map of a file.

    Attributes:
        name: of the file that holds it.
        schemas: absolute paths of descriptor sets and folders of ``.proto`` files.
        tables: the tables that must be there.
        columns: how columns are read; of several for one column the first that applies.
        records: what of the tables are records.
        secrets: fields that stay covered, by their name or their full name.
    """

    name: str
    schemas: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    columns: tuple[ColumnReading, ...] = ()
    records: tuple[RecordsOf, ...] = ()
    secrets: tuple[str, ...] = ()
