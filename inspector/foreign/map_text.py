"""Writes a map as TOML, so that :mod:`inspector.foreign.map_file` reads the same."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from inspector.errors import UsageError
from inspector.foreign.column_map import ColumnReading, FileMap, Plain, ReadAs, RecordsOf
from inspector.foreign.map_file import VERSION
from inspector.schema.bounds import shown

_HEAD: Final = """# How the columns of a SQLite file are read, for stigmer-inspector.
# Paths are relative to this file.
"""


def map_text(found: FileMap, folder: Path) -> str:
    """A map as the text of a file.

    Args:
        found: what it says; of several readings of a column the first that applies.
        folder: where the file will lie, from which the paths of its schemas count.

    Raises:
        UsageError: some of it cannot be said in a map.
    """
    schemas = [*found.schemas, *(one.schema for one in found.columns if one.schema)]
    lines = [_HEAD, f"version = {VERSION}", "", *_schema(dict.fromkeys(schemas), folder)]
    if found.tables:
        lines += ["[match]", f"tables = {_list(found.tables)}", ""]
    for column in found.columns:
        lines += [*_column(column), ""]
    for records in found.records:
        lines += [*_records(records), ""]
    if found.secrets:
        lines += ["[secrets]", f"fields = {_list(found.secrets)}", ""]
    return "\n".join(lines)


def _schema(schemas: Iterable[str], folder: Path) -> list[str]:
    sets, folders, releases = list[str](), list[str](), list[str]()
    for schema in schemas:
        if not Path(schema).is_absolute():
            releases.append(schema)
            continue
        try:
            path = Path(os.path.relpath(schema, folder)).as_posix()
        except ValueError:  # another drive
            raise UsageError(
                f"{shown(schema)} is not on the drive of the map.", "Paths in a map are relative."
            ) from None
        (folders if Path(schema).is_dir() else sets).append(path)
    lines = ["[schema]"] if sets or folders or releases else []
    lines += [f"descriptor_sets = {_list(sets)}"] if sets else []
    lines += [f"proto_paths = {_list(folders)}"] if folders else []
    lines += [f"releases = {_list(releases)}"] if releases else []
    return [*lines, ""] if lines else []


def _column(one: ColumnReading) -> list[str]:
    lines = ["[[column]]", f"at = {_text(f'{one.table}.{one.column}')}"]
    if "." in one.column:
        lines[1:] = [f"table = {_text(one.table)}", f"column = {_text(one.column)}"]
    if one.read_as is not ReadAs.MESSAGE:
        lines.append(f"as = {_text(one.read_as.value)}")
    elif one.by is not None:
        values = _table(one.by.values)
        lines.append(f"message_by = {{ column = {_text(one.by.column)}, values = {values} }}")
    else:
        lines.append(f"message = {_text(one.message)}")
    if one.unpack:
        lines.append(f"unpack = {_list(step.value for step in one.unpack)}")
    if one.when:
        lines.append(f"when = {_table(one.when)}")
    return lines


def _records(one: RecordsOf) -> list[str]:
    lines = ["[[records]]", f"table = {_text(one.table)}", f"key = {_text(one.key)}"]
    lines += [f"name = {_text(one.name)}"] if one.name else []
    lines += [f"time = {_text(one.time)}"] if one.time else []
    if one.history is not None:
        lines.append(f"history = {_table(one.history._asdict())}")
    return lines


def _table(values: Mapping[str, Plain]) -> str:
    return f"{{ {', '.join(f'{_text(key)} = {_value(one)}' for key, one in values.items())} }}"


def _value(value: Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f"{value:f}"
    return _text(value) if isinstance(value, str) else str(value)


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    """A basic string of TOML, which is one of JSON but for DEL.

    Raises:
        UsageError: it is not Unicode, as the names of a file need not be.
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        raise UsageError(f"A map cannot say {shown(value)}: it is not UTF-8.") from None
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
