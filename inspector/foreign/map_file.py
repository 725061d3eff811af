"""Reads a map: TOML, version 1. What it does not know is an error, with the line it stands in."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from inspector.errors import StoreError, StoreErrorKind, UsageError
from inspector.foreign.column_map import (
    ColumnReading,
    FileMap,
    HistoryOf,
    MessageBy,
    Plain,
    ReadAs,
    RecordsOf,
)
from inspector.foreign.wrappers import DEEPEST, Wrapper
from inspector.schema.bounds import read_bounded, shown
from inspector.schema.catalog import nearest_releases, release_name

VERSION: Final = 1
ENDING: Final = ".inspect.toml"
_LARGEST: Final = 1 << 20  #: bytes
_MOST: Final = 1000  #: entries of any list
_TOP: Final = ("version", "schema", "match", "column", "records", "secrets")
_SCHEMA: Final = ("descriptor_sets", "proto_paths", "releases")
_COLUMN: Final = ("at", "table", "column", "message", "message_by", "as", "unpack", "when")
_RECORDS: Final = ("table", "key", "name", "time", "history")
_HEAD: Final = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")


def read_map(path: str | Path) -> FileMap:
    """Reads a map.

    Raises:
        SchemaError: the file cannot be read.
        UsageError: it is no map of this version.
    """
    place = Path(path).absolute()
    name = shown(place.name)
    data = read_bounded(place, _LARGEST, name)
    try:
        text = data.decode()
        parsed = tomllib.loads(text)
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not a map: it is not UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{name} is not a map: {shown(str(error))}.") from None
    return _MapReader(name, place.parent, text).read(parsed)


def check_match(found: FileMap, tables: Collection[str]) -> None:
    """Refuse a file that a map is not of.

    Raises:
        StoreError: tables that it names are not in it.
    """
    missing = [one for one in found.tables if one not in tables]
    if missing:
        raise StoreError(
            StoreErrorKind.FOREIGN,
            f"The map {found.name} is not of this file: it has no table"
            f" {', '.join(map(shown, missing[:5]))}.",
        )


class _MapReader:
    def __init__(self, name: str, folder: Path, text: str) -> None:
        self._name, self._folder = name, folder
        self._lines = text.splitlines()

    def read(self, parsed: Mapping[str, Any]) -> FileMap:
        version = parsed.get("version")
        if version != VERSION or isinstance(version, bool):
            said = "has no version" if version is None else f"is of version {shown(str(version))}"
            raise self._error(f"it {said}; version {VERSION} is read", "", 0, "version")
        self._known(parsed, _TOP, "", 0)
        schema = self._table(parsed, "schema", _SCHEMA)
        match = self._table(parsed, "match", ("tables",))
        secrets = self._table(parsed, "secrets", ("fields",))
        columns = [self._column(one, at) for at, one in self._entries(parsed, "column")]
        records = [self._records(one, at) for at, one in self._entries(parsed, "records")]
        paths = [one for key in _SCHEMA[:-1] for one in self._texts(schema, key, "schema")]
        releases = map(self._release, self._texts(schema, _SCHEMA[-1], "schema"))
        return FileMap(
            self._name,
            (*map(self._place, paths), *releases),
            tuple(self._texts(match, "tables", "match")),
            tuple(columns),
            tuple(records),
            tuple(self._texts(secrets, "fields", "secrets")),
        )

    def _place(self, text: str) -> str:
        """A path of the map's, which counts from the map's own folder."""
        if Path(text).is_absolute() or "\0" in text or re.match(r"[A-Za-z]:|\\\\", text):
            raise self._error(f"the path {shown(text)} is not relative to the map", "schema", 0)
        return os.path.normpath(self._folder / text)

    def _release(self, text: str) -> str:
        """A release of Stigmer's that the map names."""
        name = release_name(text)
        if name is None:
            hint = f"; nearest are {', '.join(nearest_releases(text))}"
            raise self._error(f"there is no release {shown(text)}{hint}", "schema", 0, "releases")
        return name

    def _at(self, entry: Mapping[str, Any], at: int) -> tuple[str, str]:
        """The table and the column, which are named apart where a dot is in a column's name."""
        if "at" not in entry and ("table" in entry or "column" in entry):
            table = self._text(entry, "table", "column", at, needed=True)
            return table, self._text(entry, "column", "column", at, needed=True)
        table, dot, column = self._text(entry, "at", "column", at, needed=True).rpartition(".")
        if "table" in entry or "column" in entry:
            raise self._error('a column needs "at", or table and column', "column", at, "at")
        if not dot or not table or not column:
            raise self._error('"at" is not of the form "table.column"', "column", at, "at")
        return table, column

    def _column(self, entry: Mapping[str, Any], at: int) -> ColumnReading:
        self._known(entry, _COLUMN, "column", at)
        table, column = self._at(entry, at)
        message = self._text(entry, "message", "column", at)
        by = self._by(entry, at)
        read_as = self._read_as(entry, at)
        if read_as is ReadAs.MESSAGE and bool(message) == (by is not None):
            raise self._error("a column has one of message and message_by", "column", at, "at")
        if read_as is not ReadAs.MESSAGE and (message or by is not None):
            raise self._error("a column is read as one thing, or as a message", "column", at, "as")
        unpack = []
        for one in self._texts(entry, "unpack", "column", at):
            if one not in list(Wrapper):
                hint = _nearest(one, list(Wrapper))
                raise self._error(
                    f"nothing is wrapped in {shown(one)}{hint}", "column", at, "unpack"
                )
            unpack.append(Wrapper(one))
        if len(unpack) > DEEPEST:
            most = f"at most {DEEPEST} wrappers can be removed"
            raise self._error(most, "column", at, "unpack")
        when = entry.get("when", {})
        if not isinstance(when, dict) or not all(isinstance(v, Plain) for v in when.values()):
            wrong = "when takes columns and their values, such as { encoding = 'Proto3' }"
            raise self._error(wrong, "column", at, "when")
        return ColumnReading(table, column, read_as, message, by, tuple(unpack), when)

    def _read_as(self, entry: Mapping[str, Any], at: int) -> ReadAs:
        said = self._text(entry, "as", "column", at) or ReadAs.MESSAGE
        if said not in list(ReadAs):
            hint = _nearest(said, list(ReadAs))
            raise self._error(f"nothing is read as {shown(said)}{hint}", "column", at, "as")
        return ReadAs(said)

    def _by(self, entry: Mapping[str, Any], at: int) -> MessageBy | None:
        if "message_by" not in entry:
            return None
        found = entry["message_by"]
        if not isinstance(found, dict):
            raise self._error("message_by is a table", "column", at, "message_by")
        self._known(found, ("column", "values"), "column", at)
        values = found.get("values")
        if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
            wrong = "values of message_by are messages by what the column holds"
            raise self._error(wrong, "column", at, "message_by")
        return MessageBy(self._text(found, "column", "column", at, needed=True), values)

    def _records(self, entry: Mapping[str, Any], at: int) -> RecordsOf:
        self._known(entry, _RECORDS, "records", at)
        table = self._text(entry, "table", "records", at, needed=True)
        key = self._text(entry, "key", "records", at, needed=True)
        name, time = (self._text(entry, one, "records", at) for one in ("name", "time"))
        history = entry.get("history")
        if history is None:
            return RecordsOf(table, key, name, time)
        if not isinstance(history, dict):
            raise self._error("history is a table", "records", at, "history")
        self._known(history, HistoryOf._fields, "records", at)
        own = [self._text(history, one, "records", at, needed=True) for one in HistoryOf._fields]
        return RecordsOf(table, key, name, time, HistoryOf(*own))

    def _table(
        self, parsed: Mapping[str, Any], name: str, known: Collection[str]
    ) -> Mapping[str, Any]:
        found = parsed.get(name, {})
        if not isinstance(found, dict):
            raise self._error(f"{name} is not a table", "", 0, name)
        self._known(found, known, name, 0)
        return found

    def _entries(
        self, parsed: Mapping[str, Any], name: str
    ) -> Iterator[tuple[int, Mapping[str, Any]]]:
        found = parsed.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self._error(f"{name} is written [[{name}]]", "", 0, name)
        if len(found) > _MOST:
            raise self._error(f"there are more than {_MOST:,} [[{name}]]", name, _MOST)
        yield from enumerate(found)

    def _texts(self, table: Mapping[str, Any], key: str, head: str, at: int = 0) -> list[str]:
        found = table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self._error(f"{key} must be a list of strings", head, at, key)
        if len(found) > _MOST:
            raise self._error(f"{key} has more than {_MOST:,} entries", head, at, key)
        return found

    def _text(
        self, table: Mapping[str, Any], key: str, head: str, at: int, *, needed: bool = False
    ) -> str:
        found = table.get(key, "")
        if not isinstance(found, str):
            raise self._error(f"{key} is not a string", head, at, key)
        if needed and not found:
            raise self._error(f"{key} is missing", head, at)
        return found

    def _known(self, table: Mapping[str, Any], known: Collection[str], head: str, at: int) -> None:
        for key in table:
            if key not in known:
                where = f" in [{head}]" if head else ""
                hint = _nearest(key, known)
                raise self._error(f"there is no key {shown(key)}{where}{hint}", head, at, key)

    def _error(self, what: str, head: str, at: int, key: str = "") -> UsageError:
        end = "" if what.endswith("?") else "."
        return UsageError(f"{self._name}, line {self._line(head, at, key)}: {what}{end}")

    def _line(self, head: str, at: int, key: str) -> int:
        """The line of a key under a head, the ``at``-th of its name; else that of the head."""
        here, seen, found = "", -1, 1
        word = re.compile(rf"""(?:^|[{{,\s\[."'])({re.escape(key)})["']?\s*[=.\]]""")
        for number, line in enumerate(self._lines, 1):
            opened = _HEAD.match(line)
            if opened is not None:
                here = opened[2].partition(".")[0].strip("\"' ")
                seen += here == head
                if here == head and seen == at:
                    found = number
            mine = here == head and (not head or max(seen, 0) == at)
            if key and (mine or (not head and opened is not None)) and word.search(line):
                return number
        return found


def _nearest(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, known, 1, 0.5)
    return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(known)}"
