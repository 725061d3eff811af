"""Files that name each other -> one set of types, with what google.protobuf says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableSequence, Sequence
from typing import Final

from google.protobuf import (
    any_pb2,
    api_pb2,
    descriptor_pb2,
    duration_pb2,
    empty_pb2,
    field_mask_pb2,
    source_context_pb2,
    struct_pb2,
    timestamp_pb2,
    type_pb2,
    wrappers_pb2,
)
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FeatureSet,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool

from inspector.errors import SchemaError
from inspector.named_tuple import NamedTuple
from inspector.schema.bounds import shown
from inspector.schema.declared import Declarations, Declared, enums_of, messages_of
from inspector.schema.own_types import OwnEnum, OwnField, OwnTypes
from inspector.schema.scopes import Meaning, Scopes, Symbol
from inspector.schema.secrets_table import json_name
from inspector.store.rows import Cancel, check

#: The well-known types, which every schema may use without bringing them.
SUPPLIED: Final[Mapping[str, bytes]] = {
    module.DESCRIPTOR.name: module.DESCRIPTOR.serialized_pb
    for module in (
        *(any_pb2, api_pb2, descriptor_pb2, duration_pb2, empty_pb2, field_mask_pb2),
        *(source_context_pb2, struct_pb2, timestamp_pb2, type_pb2, wrappers_pb2),
    )
}
_Type = FieldDescriptorProto
#: What google.protobuf raises at descriptors it refuses; which one depends on how it is built.
_REFUSALS: Final = (TypeError, KeyError, ValueError, AttributeError)

_Fields = MutableSequence[FieldDescriptorProto]
_Wanted = Callable[[FieldDescriptorProto, str], bool]


class Linked(NamedTuple):
    """Types that are whole.

    Attributes:
        types: what the files declare, without what could not be resolved.
        problems: a sentence for each thing that could not be.
        files: the files by name, well-known ones that are used among them.
        scopes: their declarations.
        pool: they, as google.protobuf knows them.
    """

    types: OwnTypes
    problems: list[str]
    files: Mapping[str, FileDescriptorProto]
    scopes: Scopes
    pool: DescriptorPool


def link(brought: Iterable[Declared], cancel: Cancel | None = None) -> Linked:
    """Resolves all names.

    Args:
        brought: the files; they are changed. Well-known ones among them are passed over, since
            they are supplied.
        cancel: ends it when set.

    Raises:
        CancelledError: it was cancelled.
        SchemaError: a file is not what any compiler writes, or they do not fit together.
    """
    own = _by_name(brought)
    declarations = Declarations()
    for one in own.values():
        declarations.add(one, cancel)
    supplied = {name: FileDescriptorProto.FromString(data) for name, data in SUPPLIED.items()}
    files = {name: one.file for name, one in own.items()} | supplied
    imports = {name: _imported(file) & files.keys() for name, file in files.items()}
    _in_order(imports, own, "import each other")
    scopes = Scopes(files)
    problems: list[str] = []
    resolver = _Resolver(scopes, files)
    needs: dict[str, set[str]] = {}
    for name, file in files.items():
        check(cancel)
        needs[name], broken = resolver.resolve(own.get(name) or Declared(file))
        problems += broken
    if resolver.misses:
        problems = [*_missing_imports(own, files), *problems]
    pool = DescriptorPool()
    for name in _in_order(needs, own, "need each other"):
        check(cancel)
        _add(pool, files[name], needs[name])
    tables = _PoolTables(pool, files)
    for name in own:
        check(cancel)
        tables.add(name)
    return Linked(tables.types(), problems, files, scopes, pool)


def _by_name(brought: Iterable[Declared]) -> dict[str, Declared]:
    found: dict[str, Declared] = {}
    for one in brought:
        name = one.file.name
        other = found.setdefault(name, one)
        if other is not one and other.file != one.file:
            raise SchemaError(f"There are two different files {shown(str(name))}.")
        if name in SUPPLIED:
            del found[name]
    return found


def _imported(file: FileDescriptorProto) -> set[str]:
    return {*file.dependency, *file.option_dependency}


def _missing_imports(
    own: Mapping[str, Declared], files: Mapping[str, FileDescriptorProto]
) -> list[str]:
    users: dict[str, list[str]] = {}
    for name, one in own.items():
        for missing in _imported(one.file) - files.keys():
            users.setdefault(missing, []).append(name)
    return [_missing_import(missing, names) for missing, names in sorted(users.items())]


def _missing_import(missing: str, names: Sequence[str]) -> str:
    others = f" and {len(names) - 1} more import" if len(names) > 1 else " imports"
    return f"{shown(missing)} is not here, though {shown(min(names))}{others} it."


def _in_order(edges: Mapping[str, Iterable[str]], roots: Iterable[str], how: str) -> list[str]:
    """The files that can be reached, each behind those it needs.

    Raises:
        SchemaError: some need each other.
    """
    done: dict[str, None] = {}
    for root in roots:
        path: dict[str, Iterator[str]] = {}
        here: str | None = root if root not in done else None
        while here is not None:
            following = path.setdefault(here, iter(sorted(edges[here])))
            step = next((one for one in following if one not in done), None)
            if step is None:
                done[here] = None
                del path[here]
                here = next(reversed(path), None)
            elif step in path:
                cycle = list(path)[list(path).index(step) :]
                raise SchemaError(f"These files {how}: {_listed(cycle)}.")
            else:
                here = step
    return list(done)


def _listed(names: Sequence[str]) -> str:
    most = 4
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(shown, names[:most])) + more


class _Resolver:
    """Gives the fields of one file after the other full names of types, or takes them out.

    Attributes:
        misses: a type was not found. What is imported for options alone is missed by nobody.
    """

    def __init__(self, scopes: Scopes, files: Mapping[str, FileDescriptorProto]) -> None:
        self._scopes = scopes
        self._entries = {
            full_name
            for file in files.values()
            for full_name, message in messages_of(file)
            if message.options.map_entry
        }
        self._mapped: set[str] = set()
        self._broken: dict[str, tuple[Meaning, str]] = {}
        self._declared = Declared(FileDescriptorProto())
        self._needs: set[str] = set()
        self._problems: list[str] = []
        self.misses = False

    def resolve(self, declared: Declared) -> tuple[set[str], list[str]]:
        """Resolves the names in a file.

        Returns:
            The other files that it needs, and a sentence for each field that was taken out.

        Raises:
            SchemaError: a type is none of the kind it is said to be.
        """
        self._declared, self._needs, self._problems = declared, set(), []
        file = declared.file
        del file.service[:]
        file.ClearField("source_code_info")
        self._keep(file.extension, file.package, self._extension)
        messages = list(messages_of(file))
        # Entries come first, since a map is what its entry is.
        self._broken = {}
        for full_name, message in messages:
            if full_name in self._entries:
                self._keep(message.field, full_name, self._field)
        for full_name, message in messages:
            if full_name not in self._entries:
                self._message(full_name, message)
        # The innermost first: what is kept of a message's own is a copy.
        for full_name, message in reversed(messages):
            self._drop_broken_entries(full_name, message)
        return self._needs, self._problems

    def _message(self, full_name: str, message: DescriptorProto) -> None:
        self._keep(message.field, full_name, self._field)
        self._keep(message.extension, full_name, self._extension)
        self._tell_apart(full_name, message)
        _tidy_oneofs(message)

    def _drop_broken_entries(self, full_name: str, message: DescriptorProto) -> None:
        nested = message.nested_type
        kept = [one for one in nested if f"{full_name}.{one.name}" not in self._broken]
        if len(kept) < len(nested):
            del nested[:]
            nested.extend(kept)

    def _tell_apart(self, full_name: str, message: DescriptorProto) -> None:
        """Gives fields that would have the same name in JSON their own names, and says so."""
        names = [field.json_name or json_name(field.name) for field in message.field]
        counts = Counter(names)
        for field, name in zip(message.field, names, strict=True):
            if counts[name] > 1:
                field.json_name = field.name
                place = f"{full_name}.{field.name}"
                self._problems.append(
                    f"{self._declared.where(place)}: {shown(place)} is not the only field that is"
                    f" {shown(name)} in JSON; it is called {shown(field.name)} there."
                )

    def _keep(self, fields: _Fields, scope: str, wanted: _Wanted) -> None:
        kept = [field for field in fields if wanted(field, scope)]
        if len(kept) < len(fields):
            del fields[:]
            fields.extend(kept)

    def _extension(self, field: FieldDescriptorProto, scope: str) -> bool:
        meaning = self._scopes.resolve(field.extendee, scope, self._file, (Symbol.MESSAGE,))
        if not self._found(meaning, field.extendee, field, scope):
            return False
        if meaning.full_name in self._entries:
            place = _joined(scope, field.name)
            raise self._error(place, f"{shown(place)} extends the entry of a map")
        field.extendee = f".{meaning.full_name}"
        return self._field(field, scope)

    def _field(self, field: FieldDescriptorProto, scope: str) -> bool:
        """Whether the field can be kept."""
        field.ClearField("default_value")
        if not field.type_name:
            return True
        meaning = self._scopes.resolve(field.type_name, scope, self._file)
        if not self._found(meaning, field.type_name, field, scope):
            return False
        is_enum = meaning.symbol is Symbol.ENUM
        if not field.HasField("type"):
            field.type = _Type.TYPE_ENUM if is_enum else _Type.TYPE_MESSAGE
        place = _joined(scope, field.name)
        if is_enum != (field.type == _Type.TYPE_ENUM):
            raise self._error(place, f"{shown(place)} has a type that is of another kind")
        if meaning.full_name in self._entries:
            if (
                field.label != _Type.LABEL_REPEATED
                or field.HasField("extendee")
                or meaning.full_name.rpartition(".")[0] != scope
                or meaning.full_name in self._mapped
            ):
                no_map = f"{shown(place)} is not a map, though its type is a map entry"
                raise self._error(place, no_map)
            self._mapped.add(meaning.full_name)
            if meaning.full_name in self._broken:
                return self._found(*self._broken[meaning.full_name], field, scope)
        field.type_name = f".{meaning.full_name}"
        return True

    @property
    def _file(self) -> str:
        return self._declared.file.name

    def _found(self, meaning: Meaning, name: str, field: FieldDescriptorProto, scope: str) -> bool:
        """Whether the name that a field refers to was resolved; says so where it was not."""
        if meaning.symbol is not None and meaning.certain:
            place = self._scopes.place(meaning.full_name)
            if place is not None and place.file != self._file:
                self._needs.add(place.file)
            return True
        self.misses = True
        if scope in self._entries:
            self._broken[scope] = meaning, name
            return False
        full_name = _joined(scope, field.name)
        where = self._declared.where(full_name)
        why = "is not here" if meaning.symbol is None else "may be in a file that is not here"
        self._problems.append(
            f"{where}: {shown(full_name)} ({field.number}) cannot be read by name, since its type"
            f" {shown(name.removeprefix('.'))} {why}."
        )
        return False

    def _error(self, full_name: str, what: str) -> SchemaError:
        return SchemaError(f"{self._declared.where(full_name)}: {what}.")


def _joined(scope: str, name: str) -> str:
    return f"{scope}.{name}" if scope else name


def _tidy_oneofs(message: DescriptorProto) -> None:
    """Takes out the oneofs that no field is left of."""
    used = sorted({field.oneof_index for field in message.field if field.HasField("oneof_index")})
    if len(used) == len(message.oneof_decl):
        return
    kept = [message.oneof_decl[index] for index in used]
    del message.oneof_decl[:]
    message.oneof_decl.extend(kept)
    for field in message.field:
        if field.HasField("oneof_index"):
            field.oneof_index = used.index(field.oneof_index)


def _add(pool: DescriptorPool, file: FileDescriptorProto, needs: Iterable[str]) -> None:
    given = FileDescriptorProto()
    given.CopyFrom(file)
    for name in ("dependency", "public_dependency", "weak_dependency", "option_dependency"):
        given.ClearField(name)
    given.dependency.extend(sorted(needs))
    try:
        pool.AddSerializedFile(given.SerializeToString())
        # Written in Python, the pool builds a file when it is asked for.
        pool.FindFileByName(file.name)
    except _REFUSALS as error:
        raise _refused(file.name, error) from None


def _refused(name: str, error: Exception) -> SchemaError:
    """What google.protobuf says against a file that nothing before it had a reason to refuse."""
    why = str(error.args[0] if error.args else error).rpartition("descriptor pool: ")[2]
    return SchemaError(f"{shown(name)} does not hold together: {shown(why.rstrip()).rstrip('.')}.")


class _PoolTables:
    """Types out of a pool, as plain tables."""

    def __init__(self, pool: DescriptorPool, files: Mapping[str, FileDescriptorProto]) -> None:
        self._pool, self._files = pool, files
        self._protos = {
            full_name: message
            for file in files.values()
            for full_name, message in messages_of(file)
        }
        self._messages: dict[str, tuple[OwnField, ...]] = {}
        self._enums: dict[str, OwnEnum] = {}

    def add(self, name: str) -> None:
        """Adds what a file declares, and what that refers to.

        Raises:
            SchemaError: google.protobuf refuses it after all.
        """
        file = self._files[name]
        try:
            for full_name, _ in enums_of(file):
                self._enum(self._pool.FindEnumTypeByName(full_name))
            for full_name, _ in messages_of(file):
                self._message(self._pool.FindMessageTypeByName(full_name))
        except _REFUSALS as error:
            raise _refused(name, error) from None

    def types(self) -> OwnTypes:
        """All that was added."""
        options = {name: self._protos[name].options for name in self._messages}
        return OwnTypes(
            self._messages,
            self._enums,
            frozenset(name for name, one in options.items() if one.map_entry),
            frozenset(name for name, one in options.items() if one.message_set_wire_format),
        )

    def _message(self, descriptor: Descriptor) -> None:
        pending = [descriptor]
        while pending:
            message = pending.pop()
            if message.full_name in self._messages:
                continue
            proto = self._protos[message.full_name]
            optional = {field.number for field in proto.field if field.proto3_optional}
            fields = [*message.fields, *self._pool.FindAllExtensions(message)]
            fields.sort(key=lambda field: field.number)
            self._messages[message.full_name] = tuple(
                _field(field, field.number in optional) for field in fields
            )
            for field in fields:
                if field.message_type is not None:
                    pending.append(field.message_type)
                elif field.enum_type is not None:
                    self._enum(field.enum_type)

    def _enum(self, descriptor: EnumDescriptor) -> None:
        values = tuple((value.number, value.name) for value in descriptor.values)
        self._enums[descriptor.full_name] = OwnEnum(values, descriptor.is_closed)


def _field(field: FieldDescriptor, optional: bool) -> OwnField:
    oneof = field.containing_oneof
    named = field.message_type or field.enum_type
    # Features have no public door; nothing else tells of this one.
    features = field._GetFeatures()  # type: ignore[attr-defined]
    return OwnField(
        number=field.number,
        name=field.name,
        json_name=f"[{field.full_name}]" if field.is_extension else field.json_name,
        type=field.type,
        repeated=field.is_repeated,
        presence=field.has_presence,
        required=field.is_required,
        packed=field.is_packed,
        utf8=field.type == _Type.TYPE_STRING and features.utf8_validation == FeatureSet.VERIFY,
        oneof=oneof.name if oneof is not None and not optional else None,
        type_name=named.full_name if named is not None else "",
        extension=field.full_name if field.is_extension else None,
        redacted=field.has_options and field.GetOptions().debug_redact,
    )
