"""What a file declares, and whether it can mean only one thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    Edition,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)

from inspector.errors import SchemaError
from inspector.named_tuple import NamedTuple
from inspector.schema import bounds
from inspector.schema.bounds import shown
from inspector.store.rows import Cancel, check

#: The editions whose features are known, as :class:`FileDescriptorProto` numbers them.
EDITIONS: Final[Mapping[str, Edition.ValueType]] = {
    "2023": Edition.EDITION_2023,
    "2024": Edition.EDITION_2024,
}
#: What a file without an edition says in ``syntax``; proto2 need not say so.
SYNTAXES: Final = ("", "proto2", "proto3")

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PACKAGE: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*)?")
_TYPE_NAME: Final = re.compile(r"\.?[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_LAST_NUMBER: Final = (1 << 29) - 1
_LAST_EXTENSION: Final = (1 << 31) - 2  #: in a message set
_Type = FieldDescriptorProto
_REFERRING: Final = (_Type.TYPE_MESSAGE, _Type.TYPE_GROUP, _Type.TYPE_ENUM)
_NO_KEYS: Final = (_Type.TYPE_DOUBLE, _Type.TYPE_FLOAT, _Type.TYPE_BYTES, *_REFERRING)


class Declared(NamedTuple):
    """A file as it was declared.

    Attributes:
        file: names of types may still have to be resolved.
        places: where a full name is declared; empty where there is no text.
        line: the line of such a place, counted from 1.
    """

    file: FileDescriptorProto
    places: Mapping[str, int] = {}
    line: Callable[[int], int] = int

    def where(self, full_name: str = "") -> str:
        """The file, and the line a name is declared in where that is known."""
        place = self.places.get(full_name)
        name = shown(self.file.name)
        return name if place is None else f"{name}, line {self.line(place)}"


def messages_of(file: FileDescriptorProto) -> Iterator[tuple[str, DescriptorProto]]:
    """All messages of a file with their full names, the outer before the inner ones."""
    prefix = f"{file.package}." if file.package else ""
    pending = [(prefix + message.name, message) for message in reversed(file.message_type)]
    while pending:
        full_name, message = pending.pop()
        yield full_name, message
        nested = reversed(message.nested_type)
        pending += ((f"{full_name}.{inner.name}", inner) for inner in nested)


def enums_of(file: FileDescriptorProto) -> Iterator[tuple[str, EnumDescriptorProto]]:
    """All enums of a file with their full names."""
    prefix = f"{file.package}." if file.package else ""
    for enum in file.enum_type:
        yield prefix + enum.name, enum
    for full_name, message in messages_of(file):
        for enum in message.enum_type:
            yield f"{full_name}.{enum.name}", enum


class Declarations:
    """Checks files one by one; what two of them declare is an error too."""

    def __init__(self) -> None:
        self._at: dict[str, str] = {}

    def add(self, declared: Declared, cancel: Cancel | None = None) -> None:
        """Checks a file.

        Raises:
            CancelledError: it was cancelled.
            SchemaError: it is not what any compiler writes, or can mean two things.
        """
        file = declared.file
        self._check_head(declared)
        self._check_names(declared)
        prefix = f"{file.package}." if file.package else ""
        self._fields(declared, file.package, file.extension, "")
        for enum in file.enum_type:
            self._enum(declared, prefix, enum)
        for full_name, message in messages_of(file):
            check(cancel)
            self._message(declared, full_name, message)
            for enum in message.enum_type:
                self._enum(declared, f"{full_name}.", enum)

    def _check_head(self, declared: Declared) -> None:
        file = declared.file
        # Bytes that are no UTF-8 come as bytes.
        texts = (file.name, file.package, file.syntax, *file.dependency, *file.option_dependency)
        if not all(isinstance(text, str) for text in texts) or not file.name:
            raise SchemaError("A file of the schema has a name that is not text.")
        long = len(file.package) > bounds.LONGEST or file.package.count(".") >= bounds.PARTS
        if long or not _PACKAGE.fullmatch(file.package):
            raise _error(declared, "", f"the package {shown(file.package)!r} is not a valid name")
        if file.syntax == "editions":
            if file.edition not in EDITIONS.values():
                known = " and ".join(EDITIONS)
                raise _error(declared, "", f"it is of an edition other than {known}")
        elif file.syntax not in SYNTAXES:
            raise _error(declared, "", f"the syntax {shown(file.syntax)!r} is unknown")
        last = len(file.dependency)
        if any(not 0 <= index < last for index in file.public_dependency):
            raise _error(declared, "", "it makes an import public that it does not have")

    def _check_names(self, declared: Declared) -> None:
        """Full names are made of these, so they come first."""
        enums = list(declared.file.enum_type)
        pending = list(declared.file.message_type)
        while pending:
            message = pending.pop()
            pending += message.nested_type
            enums += message.enum_type
            self._check_name(declared, message.name)
        for enum in enums:
            self._check_name(declared, enum.name)

    def _check_name(self, declared: Declared, name: object) -> None:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise _error(declared, "", f"{shown(str(name))!r} is not a valid name")

    def _declare(self, declared: Declared, full_name: str, last: str) -> None:
        self._check_name(declared, last)
        if len(full_name) > bounds.LONGEST:
            raise _error(declared, full_name, f"the name {shown(full_name)} is too long")
        if full_name in self._at:
            other = self._at[full_name]
            again = "twice" if other == declared.file.name else f"in {shown(other)} too"
            raise _error(declared, full_name, f"{shown(full_name)} is declared {again}")
        self._at[full_name] = declared.file.name

    def _message(self, declared: Declared, full_name: str, message: DescriptorProto) -> None:
        self._declare(declared, full_name, message.name)
        for oneof in message.oneof_decl:
            self._declare(declared, f"{full_name}.{oneof.name}", oneof.name)
        self._fields(declared, full_name, message.field, full_name)
        self._fields(declared, full_name, message.extension, "")
        numbers: set[int] = set()
        for field in message.field:
            number = field.number
            if number in numbers:
                twice = f"the number {number} is used twice in {shown(full_name)}"
                raise _error(declared, f"{full_name}.{field.name}", twice)
            numbers.add(number)
            if field.HasField("oneof_index"):
                self._check_oneof(declared, full_name, message, field)
        if message.options.map_entry:
            self._check_entry(declared, full_name, message)

    def _fields(
        self, declared: Declared, scope: str, fields: Iterable[FieldDescriptorProto], of: str
    ) -> None:
        """Checks the fields of a message, or without ``of`` the extensions within a scope."""
        prefix = f"{scope}." if scope else ""
        last = _LAST_NUMBER if of else _LAST_EXTENSION
        for field in fields:
            name, number = field.name, field.number
            full_name = f"{prefix}{name}"
            self._declare(declared, full_name, name)
            if not 1 <= number <= last:
                wrong = f"{shown(full_name)} has the impossible number {number}"
            elif not isinstance(field.json_name, str):
                wrong = f"{shown(full_name)} has a JSON name that is not text"
            elif field.type in _REFERRING or not field.HasField("type"):
                wrong = _wrong_name(full_name, field.type_name)
            elif field.type_name:
                wrong = f"{shown(full_name)} has two types"
            else:
                wrong = ""
            if not wrong and bool(of) == field.HasField("extendee"):
                wrong = f"{shown(full_name)} extends nothing, or is an extension out of place"
            if not wrong and not of:
                wrong = _wrong_name(full_name, field.extendee)
            if wrong:
                raise _error(declared, full_name, wrong)

    def _check_oneof(
        self,
        declared: Declared,
        full_name: str,
        message: DescriptorProto,
        field: FieldDescriptorProto,
    ) -> None:
        place = f"{full_name}.{field.name}"
        if not 0 <= field.oneof_index < len(message.oneof_decl):
            raise _error(declared, place, f"{shown(place)} is in a oneof that is not there")
        if field.label == _Type.LABEL_REPEATED:
            raise _error(declared, place, f"{shown(place)} is repeated and in a oneof")

    def _check_entry(self, declared: Declared, full_name: str, message: DescriptorProto) -> None:
        """Whoever reads a map looks for a key in field 1 and a value in field 2."""
        names = [(field.number, field.name) for field in message.field]
        single = all(field.label != _Type.LABEL_REPEATED for field in message.field)
        if sorted(names) != [(1, "key"), (2, "value")] or not single or message.oneof_decl:
            raise _error(declared, full_name, f"{shown(full_name)} is not a map entry")
        key = next(field for field in message.field if field.number == 1)
        if key.type in _NO_KEYS or not key.HasField("type"):
            raise _error(declared, full_name, f"{shown(full_name)} has a key of an impossible type")

    def _enum(self, declared: Declared, prefix: str, enum: EnumDescriptorProto) -> None:
        full_name = prefix + enum.name
        self._declare(declared, full_name, enum.name)
        if not enum.value:
            raise _error(declared, full_name, f"the enum {shown(full_name)} has no value")
        numbers: set[int] = set()
        for value in enum.value:
            # Values are declared beside their enum, not in it.
            place = prefix + value.name if isinstance(value.name, str) else ""
            self._declare(declared, place, value.name)
            if value.number in numbers and not enum.options.allow_alias:
                twice = f"the number {value.number} is used twice in {shown(full_name)}"
                raise _error(declared, place, f"{twice}, which does not allow aliases")
            numbers.add(value.number)


def _wrong_name(full_name: str, type_name: str) -> str:
    """Why a reference to a type is none; empty where it is one."""
    if not isinstance(type_name, str) or len(type_name) > bounds.LONGEST:
        return f"{shown(full_name)} refers to a type with an impossible name"
    if not _TYPE_NAME.fullmatch(type_name):
        return f"{shown(full_name)} has no type"
    return ""


def _error(declared: Declared, full_name: str, what: str) -> SchemaError:
    return SchemaError(f"{declared.where(full_name)}: {what}.")
