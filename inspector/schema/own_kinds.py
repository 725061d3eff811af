"""Which messages of a schema are kinds, and what its own list of kinds says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.text_format import ParseError

from inspector.named_tuple import NamedTuple
from inspector.schema.bounds import shown
from inspector.schema.declared import enums_of
from inspector.schema.kind_names import normal_kind
from inspector.schema.linking import Linked
from inspector.schema.own_types import OwnKind
from inspector.schema.proto_source import interpret
from inspector.schema.scopes import Symbol

#: Numbers and names of the fields that every kind begins with.
_FIRST: Final = ((1, "api_version"), (2, "kind"), (3, "metadata"))
_SPEC: Final = (4, "spec")
_LIST: Final = "ApiResourceKind"
_OPTION: Final = "kind_meta"
_OPTIONS: Final = "google.protobuf.EnumValueOptions"
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class _Told(NamedTuple):
    """A line of the schema's own list of kinds."""

    kind: str
    number: int
    meta: Message | None

    def text(self, name: str) -> str | None:
        """A field that is a text or an enum value, by its name; None where nothing is said."""
        field = self._field(name)
        if field is None or field.is_repeated:
            return None
        value = getattr(self.meta, name)
        if field.enum_type is not None:
            named = field.enum_type.values_by_number.get(value)
            return named.name if named is not None and value else None
        return value if isinstance(value, str) and value else None

    def flag(self, name: str) -> bool | None:
        """A field that is a boolean, by its name."""
        field = self._field(name)
        if field is None or field.type != FieldDescriptor.TYPE_BOOL or field.is_repeated:
            return None
        return bool(getattr(self.meta, name))

    def _field(self, name: str) -> Any:
        return None if self.meta is None else self.meta.DESCRIPTOR.fields_by_name.get(name)


def snake_case(name: str) -> str:
    """The name of a message as kinds are written: ``McpServer`` is ``mcp_server``."""
    return _WORDS.sub("_", name).lower()


def kinds_of(linked: Linked) -> tuple[dict[str, OwnKind], list[str]]:
    """The kinds of a schema, and a sentence for each thing that could not be made out.

    A message is a kind when its first three fields are ``api_version``, ``kind`` and ``metadata``;
    the third is taken out where its type is in a file that is not here.
    """
    problems: list[str] = []
    told: dict[str, list[_Told]] = {}
    for line in _list_of(linked, problems):
        # Without an option that says so, the message is the one that is called like the kind.
        name = line.text("name") or line.kind
        told.setdefault(normal_kind(name), []).append(line)
    kinds: dict[str, OwnKind] = {}
    taken: dict[str, list[str]] = {}
    for message, fields in linked.types.messages.items():
        if not _is_kind([(field.number, field.name) for field in fields]):
            continue
        last = message.rpartition(".")[2]
        lines = told.get(normal_kind(last), [])
        kind = _kind(message, last, lines[0] if len(lines) == 1 else None)
        taken.setdefault(kind.kind, []).append(message)
        kinds[kind.kind] = kind
    for kind_text, messages in taken.items():
        if len(messages) > 1:
            del kinds[kind_text]
            several = " and ".join(shown(one) for one in sorted(messages)[:2])
            problems.append(f"The kind {shown(kind_text)} could be {several}, so it is neither.")
    return kinds, problems


def _is_kind(fields: list[tuple[int, str]]) -> bool:
    if fields[:2] == [*_FIRST[:2]] and _SPEC in fields and all(number != 3 for number, _ in fields):
        return True
    return fields[:3] == [*_FIRST]


def _kind(message: str, last: str, told: _Told | None) -> OwnKind:
    if told is None:
        return OwnKind(snake_case(last), message)
    return OwnKind(
        told.kind,
        message,
        told.number,
        told.text("display_name"),
        told.text("id_prefix"),
        told.text("group"),
        told.flag("is_versioned"),
    )


def _list_of(linked: Linked, problems: list[str]) -> Iterator[_Told]:
    """The lines of the schema's own list of kinds; of several lists none is believed."""
    found = [
        (name, full_name, enum)
        for name, file in linked.files.items()
        for full_name, enum in enums_of(file)
        if enum.name == _LIST
    ]
    if len(found) != 1:
        if found:
            problems.append(f"There are {len(found)} enums {_LIST}, so none is asked about kinds.")
        return
    name, full_name, enum = found[0]
    scope = full_name.rpartition(".")[0]
    extension = _option(linked, name, scope)
    if extension is None:
        problems.append(f"{shown(full_name)} has no option {_OPTION}, so it tells numbers alone.")
        yield from (_Told(value.name, value.number, None) for value in enum.value)
        return
    options = GetMessageClass(linked.pool.FindMessageTypeByName(_OPTIONS))
    for value in enum.value:
        try:
            made: Any = options.FromString(value.options.SerializeToString())
            for one in value.options.uninterpreted_option:
                first = one.name[0]
                named = linked.scopes.resolve(first.name_part, scope, name, (Symbol.EXTENSION,))
                if first.is_extension and named.full_name == extension.full_name:
                    interpret(one, one.name[1:], made.Extensions[extension], linked.pool)
        except (DecodeError, ParseError, ValueError):
            problems.append(f"The option of {shown(value.name)} in {shown(full_name)} is damaged.")
            continue
        meta = made.Extensions[extension] if made.HasExtension(extension) else None
        yield _Told(value.name, value.number, meta)


def _option(linked: Linked, file: str, scope: str) -> FieldDescriptor | None:
    """The extension that says what a kind is; None where there is none, or more than one."""
    try:
        options = linked.pool.FindMessageTypeByName(_OPTIONS)
    except KeyError:  # no file extends any options
        return None
    found = [one for one in linked.pool.FindAllExtensions(options) if one.name == _OPTION]
    if len(found) > 1:
        named = linked.scopes.resolve(_OPTION, scope, file, (Symbol.EXTENSION,)).full_name
        found = [one for one in found if one.full_name == named]
    if len(found) != 1 or found[0].message_type is None or found[0].is_repeated:
        return None
    return found[0]
