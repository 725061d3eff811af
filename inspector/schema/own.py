"""Reads a schema that a person brings, whatever its form; as data only, nothing in it is run."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from inspector.errors import SchemaError
from inspector.named_tuple import NamedTuple
from inspector.plurals import counted
from inspector.schema import bounds, folders, proto_source, wheel
from inspector.schema.bounds import Progress, read_bounded, shown
from inspector.schema.declared import Declared
from inspector.schema.descriptor_set import Descriptors
from inspector.schema.linking import link
from inspector.schema.own_kinds import kinds_of
from inspector.schema.own_types import OwnEnum, OwnField, OwnKind, OwnSchema, OwnTypes
from inspector.schema.redacted_fields import with_redacted
from inspector.schema.secrets_table import secret_table
from inspector.schema.types import ANY, EnumType, Field, MessageType, ScalarType, SecretRule
from inspector.store.rows import Cancel

__all__ = [
    "OwnEnum",
    "OwnField",
    "OwnKind",
    "OwnSchema",
    "OwnTypes",
    "message_types",
    "read_own",
]

_ARCHIVE: Final = (b"PK\x03\x04", b"PK\x05\x06")
_DATABASES: Final = (".sqlite", ".sqlite3", ".db", "-wal", "-shm", "-journal")
_BESIDE: Final = ("-wal", "-shm", "-journal")

_ABOVE: Final = 16  #: folders around the one that was chosen, from which imports may count


class _Brought(NamedTuple):
    """Files out of one form or the other, what they were read from, and what was not."""

    files: list[Declared]
    content: Sequence[tuple[str, bytes]]
    problems: list[str]


def read_own(
    path: str | Path,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
    stores: Iterable[str | Path] = (),
) -> OwnSchema:
    """Reads a schema.

    Args:
        path: a wheel, a serialized FileDescriptorSet, a ``.proto`` or ``*_pb2.py`` file, or a
            folder of either; of a folder that holds both the ``.proto`` files are read.
        cancel: ends it when set.
        progress: told how much is read of how much, again and again.
        stores: databases that are open, which are not opened besides.

    Raises:
        CancelledError: it was cancelled.
        SchemaError: it is no schema, or more than is read of one.
    """
    place = Path(path).absolute()
    name = shown(place.name or str(place))
    try:
        is_folder = place.is_dir()
        missing = not is_folder and not place.exists()
    except (OSError, ValueError):  # too long, a link to itself, a NUL
        is_folder, missing = False, True
    if missing:
        raise SchemaError(f"There is no file {name}.")
    if is_folder:
        brought = _folder(place, name, cancel, progress)
    else:
        _check_no_database(place, name, stores)
        brought = _file(place, name, cancel, progress)
    linked = link(brought.files, cancel)
    kinds, unclear = kinds_of(linked)
    if not linked.types.messages:
        raise SchemaError(f"{name} declares no message.")
    problems = [*brought.problems, *linked.problems, *unclear]
    more = len(problems) - bounds.PROBLEMS
    if more > 0:
        problems[bounds.PROBLEMS :] = [f"{counted(more, 'more is', 'more are')} not listed."]
    digest = _digest(brought.content, alone=not is_folder)
    types = with_redacted(linked)
    return OwnSchema(place.name, place, digest, types, kinds, tuple(problems))


def _check_no_database(place: Path, name: str, stores: Iterable[str | Path]) -> None:
    """Whoever opens and closes a database takes its locks from everyone in this process."""
    beside = any(place.with_name(place.name + ending).exists() for ending in _BESIDE)
    if beside or place.name.endswith(_DATABASES) or any(_is_same(place, one) for one in stores):
        raise SchemaError(f"{name} is a database, not a schema.")


def _is_same(place: Path, store: str | Path) -> bool:
    try:
        return place.samefile(store)
    except OSError:
        return False


def _file(place: Path, name: str, cancel: Cancel | None, progress: Progress | None) -> _Brought:
    data = read_bounded(place, bounds.WHOLE, name)
    content = [(place.name, data)]
    if place.name.endswith((proto_source.ENDING, wheel.ENDING)):
        is_source = place.name.endswith(proto_source.ENDING)
        most = bounds.FOLDER_TEXT if is_source else bounds.TEXT
        if len(data) > most:
            raise wheel.too_large(name, most)
        return _texts(content, place.parent, cancel, progress)
    if data.startswith(_ARCHIVE):
        generated = wheel.packed(data, name, cancel)
        if not generated:
            raise SchemaError(f"{name} holds no *{wheel.ENDING} file.")
        return _texts(generated, place, cancel, progress)._replace(content=content)
    files = Descriptors().file_set(data, name, cancel, progress)
    return _Brought([Declared(file) for file in files], content, [])


def _folder(place: Path, name: str, cancel: Cancel | None, progress: Progress | None) -> _Brought:
    found = folders.files(place, name, (proto_source.ENDING, wheel.ENDING), cancel)
    sources = [one for one in found.names if one.endswith(proto_source.ENDING)]
    names = sources or found.names
    if not names:
        raise SchemaError(
            f"The folder {name} holds no {proto_source.ENDING} and no *{wheel.ENDING} file."
        )
    most = (bounds.FOLDER_TEXT, bounds.FOLDER_TEXTS) if sources else (bounds.TEXT, bounds.TEXTS)
    content = folders.contents(place, name, names, most, cancel)
    brought = _texts(content, place, cancel, progress)
    generated = len(found.names) - len(names)
    if generated:
        brought.problems.append(
            f"{counted(generated, f'*{wheel.ENDING} file was', f'*{wheel.ENDING} files were')} not"
            f" read, since there are {proto_source.ENDING} files."
        )
    return brought._replace(problems=[*brought.problems, *found.problems])


def _texts(
    content: list[tuple[str, bytes]],
    folder: Path,
    cancel: Cancel | None,
    progress: Progress | None,
) -> _Brought:
    """Files of a folder that are all source, or all generated."""
    if content[0][0].endswith(proto_source.ENDING):
        above = "/".join(folder.parts[1:][-_ABOVE:])
        return _Brought(proto_source.read(content, above, cancel, progress), content, [])
    files, problems = wheel.descriptors(content, cancel, progress)
    if not files:
        raise SchemaError(f"No *{wheel.ENDING} file in it holds a descriptor.")
    return _Brought([Declared(file) for file in files], content, problems)


def _digest(content: Sequence[tuple[str, bytes]], alone: bool) -> str:
    """Of a file its bytes; of a folder the names and bytes of what was read in it."""
    made = hashlib.sha256()
    for name, data in content:
        if not alone:
            encoded = os.fsencode(name)
            made.update(b"%d %d " % (len(encoded), len(data)) + encoded)
        made.update(data)
    return made.hexdigest()


# A schema that a person brought as message types, by itself: no release is mixed into it.

#: Tells by a message's full name and a field's name whether the field is a secret.
IsSecret = Callable[[str, str], bool]

_PAYLOAD: Final = 2  #: of an Any: what it holds


def message_types(
    types: OwnTypes, is_secret: IsSecret = lambda _message, _field: False
) -> dict[str, MessageType]:
    """All messages of a schema but the entries of its maps, by full name.

    Args:
        types: what the schema declares.
        is_secret: names secrets besides those that the schema itself marks (``debug_redact``).
    """
    enums = {name: _enum(name, own) for name, own in types.enums.items()}
    made = {name: MessageType(name, key=name) for name in types.messages}
    for name in sorted(made, key=lambda one: one not in types.entries):
        if name in types.message_sets:  # in a wire format of its own; shown by number
            continue
        for own in types.messages[name]:
            field = _field(own, made, enums, own.type_name in types.entries)
            field.secret = _rule(name, own, is_secret)
            made[name].fields[own.number] = field
    _mark_holders(made.values())
    found = {name: one for name, one in made.items() if name not in types.entries}
    if ANY in found:
        found[ANY].packable = found
    return found


def _enum(name: str, own: OwnEnum) -> EnumType:
    names: dict[int, str] = {}
    for number, value in own.values:
        names.setdefault(number, value)
    return EnumType(name, names, own.closed)


def _field(
    own: OwnField, messages: dict[str, MessageType], enums: dict[str, EnumType], is_map: bool
) -> Field:
    message = messages.get(own.type_name)
    made = Field(
        own.number,
        f"[{own.extension}]" if own.extension is not None else own.name,
        own.json_name,
        ScalarType(own.type),
        repeated=own.repeated,
        presence=own.presence,
        oneof=own.oneof,
        message=message,
        enum=enums.get(own.type_name),
        required=own.required,
        utf8=own.utf8,
        extension=own.extension is not None,
    )
    if is_map and message is not None:
        made.is_map = True
        made.map_key, made.map_value = message.fields[1], message.fields[2]
    return made


def _rule(message: str, own: OwnField, is_secret: IsSecret) -> SecretRule | None:
    if own.redacted or is_secret(message, own.name):
        return SecretRule.ALWAYS
    if message == ANY and own.number == _PAYLOAD:
        # Bytes that no schema reads may hold what is a secret.
        return SecretRule.ALWAYS
    return secret_table().fields.get((message, own.name))


def _mark_holders(messages: Iterable[MessageType]) -> None:
    """Say of messages with a secret, and of all that can hold one, that they may have one."""
    holders: dict[str, list[MessageType]] = {}
    pending: list[MessageType] = []
    for one in messages:
        if any(field.secret is not None for field in one.fields.values()):
            pending.append(one)
        for field in one.fields.values():
            if field.message is not None:
                holders.setdefault(field.message.full_name, []).append(one)
    while pending:
        one = pending.pop()
        if not one.has_secrets:
            one.has_secrets = True
            pending += holders.get(one.full_name, ())
