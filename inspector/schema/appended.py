"""The history of all releases with a schema of one's own behind it, as one release more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.schema.bounds import shown
from inspector.schema.kind_names import normal_kind
from inspector.schema.merged import MAP_LABEL, OPTIONAL, REPEATED, WELL_KNOWN
from inspector.schema.own_types import OwnField, OwnKind, OwnSchema, OwnTypes
from inspector.schema.secrets_table import json_name
from inspector.schema.types import ScalarType, SecretRule

_MESSAGE, _GROUP, _ENUM, _STRING = 11, 10, 14, 9
_MESSAGES = (_MESSAGE, _GROUP)


def append(tables: dict[str, Any], own: OwnSchema, name: str) -> list[str]:
    """Puts a schema behind the releases.

    A message that any release has, under whatever name, is the same message, so that what is a
    secret in it is one here too.

    Args:
        tables: the parsed ``resources/schema.json``; changed in place.
        own: the schema.
        name: what it is called among the releases.

    Returns:
        A sentence for each thing that is not shown by name, though the schema has one.
    """
    number = len(tables["releases"])
    tables["releases"].append([name, ""])
    writer = _AppendWriter(tables, own.types, number)
    for full_name in own.types.messages:
        writer.message(full_name)
    for full_name in own.types.enums:
        writer.enum(full_name)
    kinds = tables["kinds"]
    kinds += [_kind(kind, writer.keys[kind.message], kinds, number) for kind in own.kinds.values()]
    tables["redacted"] = [
        writer.keys[message]
        for message, fields in own.types.messages.items()
        if any(field.redacted for field in fields)
    ]
    tables["closed"] = [name for name, enum in own.types.enums.items() if enum.closed]
    return writer.problems


class _AppendWriter:
    def __init__(self, tables: Mapping[str, Any], types: OwnTypes, number: int) -> None:
        self.problems: list[str] = []
        self._messages, self._enums = tables["messages"], tables["enums"]
        self._types, self._number = types, number
        self.keys = self._found_keys()

    def _found_keys(self) -> dict[str, str]:
        """The keys of the schema's messages; of two that became one, the later keeps its name."""
        known = {name: key for key, (names, _) in self._messages.items() for name, *_ in names}
        found: dict[str, str] = {}
        taken: set[str] = set()
        # A message that is called like its key is that one, whatever it was called later.
        for name in sorted(self._types.messages, key=lambda name: known.get(name) != name):
            key = known.get(name, name)
            found[name] = name if key in taken else key
            taken.add(found[name])
        return found

    def message(self, name: str) -> None:
        """Adds a message and its fields."""
        if name in self._types.entries or _is_supplied(name):
            return
        names, lines = self._messages.setdefault(self.keys[name], [[], []])
        _add(names, [[name]], self._number)
        if name in self._types.message_sets:
            self.problems.append(f"{shown(name)} is a message set, which is shown by number.")
            return
        plain = []
        for field in self._types.messages[name]:
            why = self._unfit(field)
            if why:
                place = f"{shown(name)}.{shown(field.name)} ({field.number})"
                self.problems.append(f"{place} is {why}, which is shown by number.")
                continue
            line = self._field(field)
            facts = tuple(_facts(field))
            if facts:
                lines.append([*line, self._number, self._number, facts])
            else:
                plain.append(line)
        _add(lines, plain, self._number)
        lines.sort(key=lambda line: line[0])

    def _unfit(self, field: OwnField) -> str:
        """What a field is that the history has no form for; empty where it has one."""
        inner = self._types.messages.get(field.type_name, ())
        value = inner[1] if field.type_name in self._types.entries else field
        if value.type == _ENUM and value.type_name in self._messages:
            return "an enum that releases have as a message"
        return ""

    def _field(self, field: OwnField) -> list[Any]:
        """Number, name, label, type and oneof as the history has them."""
        label = 0
        value = field
        if field.type_name in self._types.entries:
            key, value = self._types.messages[field.type_name]
            label = MAP_LABEL + key.type
        elif field.repeated:
            label = REPEATED
        elif field.presence and field.oneof is None and field.type not in _MESSAGES:
            label = OPTIONAL
        type_: int | str = value.type
        if value.type in _MESSAGES:
            type_ = value.type_name if _is_supplied(value.type_name) else self.keys[value.type_name]
        elif value.type == _ENUM:
            type_ = value.type_name
        return [field.number, _name(field), label, type_, field.oneof or ""]

    def enum(self, name: str) -> None:
        """Adds an enum; the first name of a number is the one that is shown."""
        if name == "google.protobuf.NullValue":
            return
        lines = self._enums.setdefault(name, [])
        first: dict[int, str] = {}
        for number, value in self._types.enums[name].values:
            first.setdefault(number, value)
        _add(lines, [[number, value] for number, value in first.items()], self._number)


def _is_supplied(name: str) -> bool:
    """Whether a message is one of those that every release has."""
    return name in WELL_KNOWN or name.rpartition(".")[0] in WELL_KNOWN


def _name(field: OwnField) -> str:
    """A field's name; an extension's in brackets, since a field may have its last part."""
    return field.name if field.extension is None else f"[{field.extension}]"


def _facts(field: OwnField) -> Iterator[tuple[str, Any]]:
    """What the history does not say of a field."""
    if field.json_name != json_name(_name(field)):
        yield "json_name", field.json_name
    if field.type == _GROUP:
        yield "type", ScalarType.GROUP
    if field.required:
        yield "required", True
    if field.type == _STRING and not field.utf8:
        yield "utf8", False
    if field.extension is not None:
        yield "extension", True
    if field.redacted:
        yield "secret", SecretRule.ALWAYS


def _add(lines: list[list[Any]], own: list[list[Any]], number: int) -> None:
    """Says that a release has some lines too, whether they are there already or not."""
    length = len(own[0]) if own else 0
    known = {tuple(line[:length]): line for line in lines if not isinstance(line[-1], tuple)}
    for line in own:
        there = known.get(tuple(line))
        if there is None:
            lines.append([*line, number, number])
        else:
            there += [number, number]


def _kind(own: OwnKind, key: str, kinds: list[list[Any]], number: int) -> list[Any]:
    """A line about a kind; what the schema does not say is as the newest release has it."""
    same = [line for line in kinds if normal_kind(line[0]) == normal_kind(own.kind)]
    newest = same[-1] if same else [own.kind, 0, own.kind, "", "", "", False, ""]
    told = (own.number, own.display_name, own.group, own.id_prefix)
    facts = [known if said is None else said for said, known in zip(told, newest[1:5], strict=True)]
    versioned = newest[6] if own.versioned is None else own.versioned
    return [own.kind, *facts, newest[5], versioned, key, number, number]
