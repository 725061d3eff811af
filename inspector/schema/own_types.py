"""A schema that a person brought, as plain tables; needs no ``google.protobuf``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of a message, with the meaning its file's syntax or features give it.

    Attributes:
        number: its number.
        name: its name; of an extension the last part of it.
        json_name: its name in JSON; of an extension the full name in brackets.
        type: ``google.protobuf.FieldDescriptorProto.Type``; a message that is written between
            group tags is a GROUP, whatever its file calls it.
        repeated: whether it is repeated, or a map.
        presence: whether a value that is the default is told from none.
        required: whether a message without it is not whole.
        packed: whether it is written packed; either form may be read.
        utf8: whether a string must be UTF-8, or a map's keys or values must.
        oneof: name of a real (not synthetic) oneof, else None.
        type_name: full name of the message or enum it refers to, else empty.
        extension: full name of the extension that it is, else None.
        redacted: whether it says of itself that its values are not to be shown (debug_redact).
    """

    number: int
    name: str
    json_name: str
    type: int
    repeated: bool = False
    presence: bool = False
    required: bool = False
    packed: bool = False
    utf8: bool = False
    oneof: str | None = None
    type_name: str = ""
    extension: str | None = None
    redacted: bool = False

    @property
    def delimited(self) -> bool:
        """Whether a message is written between group tags instead of behind its length."""
        return self.type == 10


@dataclass(frozen=True, slots=True)
class OwnEnum:
    """An enum: numbers and names in their order, aliases too.

    ``closed`` says whether a number without a name is none of its values: it is then kept as an
    unknown field.
    """

    values: tuple[tuple[int, str], ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class OwnTypes:
    """All messages and enums, and those of google.protobuf they refer to; nothing is missing.

    Attributes:
        messages: fields in ascending order of their numbers, by full name of the message.
        enums: by full name.
        entries: full names of the messages that are entries of maps; they have fields 1 and 2.
        message_sets: full names of the messages in the wire format of message sets.
    """

    messages: Mapping[str, tuple[OwnField, ...]]
    enums: Mapping[str, OwnEnum]
    entries: frozenset[str] = frozenset()
    message_sets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OwnKind:
    """A kind, and what the schema's own list of kinds says of it, None where it says nothing.

    ``kind`` is the list's name, else the message's in lower snake case. ``group`` is the name of
    an enum value.
    """

    kind: str
    message: str
    number: int | None = None
    display_name: str | None = None
    id_prefix: str | None = None
    group: str | None = None
    versioned: bool | None = None


@dataclass(frozen=True, slots=True)
class OwnSchema:
    """A schema that a person brought.

    Attributes:
        name: what it is called in outputs: the last part of its path.
        path: the file or folder, absolute.
        digest: SHA-256 of what was read, in lower case hexadecimal; another one is another schema.
        types: what it declares.
        kinds: by kind text.
        problems: a sentence for everything that is not in ``types`` and why.
    """

    name: str
    path: Path
    digest: str
    types: OwnTypes
    kinds: Mapping[str, OwnKind]
    problems: tuple[str, ...] = ()
