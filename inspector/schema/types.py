"""The vocabulary of a schema: messages, fields and enums as plain immutable objects.

They carry no protobuf object, so that decoding is fast and nothing that shows a record needs
``google.protobuf``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Final

from inspector.named_tuple import NamedTuple
from inspector.schema.releases import Mask

#: The message that holds another of any type, and says which.
ANY: Final = "google.protobuf.Any"
#: A field by the key of its message and its number, or an enum value by its enum and number.
Place = tuple[str, int]


class ScalarType(IntEnum):
    """``google.protobuf.FieldDescriptorProto.Type``, same numbers."""

    DOUBLE = 1
    FLOAT = 2
    INT64 = 3
    UINT64 = 4
    INT32 = 5
    FIXED64 = 6
    FIXED32 = 7
    BOOL = 8
    STRING = 9
    GROUP = 10
    MESSAGE = 11
    BYTES = 12
    UINT32 = 13
    ENUM = 14
    SFIXED32 = 15
    SFIXED64 = 16
    SINT32 = 17
    SINT64 = 18


class SecretRule(StrEnum):
    """When the value of a field is a secret (``resources/secrets.tsv``)."""

    ALWAYS = "always"
    IF_FLAGGED = "when is_secret is true"
    HEADER_KEYS = "map keys"


_EMPTY: Final[Mapping[int, Mask]] = {}


class EnumType:
    """An enum: ``names`` by number (the first name given to a number wins), as declared.

    ``releases`` are those that have each number, where that tells releases apart; ``contested``
    are the numbers that ever had another name.
    ``closed`` is what enums of proto2 are, and of editions where they say so: a number without a
    name is no value of theirs, but an unknown field. Their default is the first that is declared.
    """

    __slots__ = ("closed", "contested", "full_name", "names", "releases")

    def __init__(
        self,
        full_name: str,
        names: Mapping[int, str],
        closed: bool = False,
        releases: Mapping[int, Mask] = _EMPTY,
        contested: frozenset[int] = frozenset(),
    ) -> None:
        self.full_name = full_name
        self.names = names
        self.closed = closed
        self.releases = releases
        self.contested = contested


class Field:
    """A field of a message. Treated as immutable once its schema is built.

    ``type`` is ``GROUP`` for whatever is written as a group: of proto2, and of editions where the
    encoding is delimited. ``message`` and ``enum`` are the referred types; a map field has
    ``is_map`` and its entry type's two fields as ``map_key`` and ``map_value`` (``message`` is then
    the entry type).
    ``presence`` is explicit presence: message fields, proto3 optional, members of a oneof, what is
    singular in proto2.
    ``oneof`` is the name of a real (not synthetic) oneof, else None.
    ``secret`` is the union of the rules of all releases.
    ``owner`` is the full name of its message, where releases are told apart by it.
    ``releases`` are those that have the field with this meaning, 0 where nothing is known of it;
    ``known`` those that have its number with any meaning, all where that tells nothing;
    ``last`` is the last release that has it, where the newest one knows its message without it;
    ``dated`` says that the field, or a value of its enum, tells releases apart; ``contested`` is
    the field's place in the merged schema where its number ever meant something else.
    ``required`` says that a message without it is not whole; ``utf8`` that its text has to be
    UTF-8 (not so in proto2); ``extension`` that another file may add it to the message: its name
    and its JSON name are then its full name in brackets, as in ``[pkg.name]``.
    """

    __slots__ = (
        "contested",
        "dated",
        "enum",
        "extension",
        "is_map",
        "json_name",
        "known",
        "last",
        "map_key",
        "map_value",
        "message",
        "name",
        "number",
        "oneof",
        "owner",
        "presence",
        "releases",
        "repeated",
        "required",
        "secret",
        "type",
        "utf8",
    )

    def __init__(
        self,
        number: int,
        name: str,
        json_name: str,
        type: ScalarType,
        *,
        repeated: bool = False,
        presence: bool = False,
        oneof: str | None = None,
        message: MessageType | None = None,
        enum: EnumType | None = None,
        is_map: bool = False,
        map_key: Field | None = None,
        map_value: Field | None = None,
        secret: SecretRule | None = None,
        owner: str = "",
        releases: Mask = 0,
        known: Mask = -1,
        last: str = "",
        dated: bool = False,
        contested: Place | None = None,
        required: bool = False,
        utf8: bool = True,
        extension: bool = False,
    ) -> None:
        self.number = number
        self.name = name
        self.json_name = json_name
        self.type = type
        self.repeated = repeated
        self.presence = presence
        self.oneof = oneof
        self.message = message
        self.enum = enum
        self.is_map = is_map
        self.map_key = map_key
        self.map_value = map_value
        self.secret = secret
        self.owner = owner
        self.releases = releases
        self.known = known
        self.last = last
        self.dated = dated
        self.contested = contested
        self.required = required
        self.utf8 = utf8
        self.extension = extension

    @property
    def type_name(self) -> str:
        """Type as a person reads it: ``string``, ``repeated ToolCall``, ``map<string, string>``."""
        if self.is_map and self.map_key is not None and self.map_value is not None:
            return f"map<{self.map_key.type_name}, {self.map_value.type_name}>"
        named = self.message or self.enum
        base = named.full_name.rpartition(".")[2] if named else self.type.name.lower()
        return f"repeated {base}" if self.repeated else base


class MessageType:
    """A message type, its ``fields`` by number in ascending order.

    ``has_secrets`` says whether it, or any message it can hold, has a field with a secret rule.
    ``releases`` are those that have the message; ``key`` is the name it has in the merged schema,
    where a message that was renamed has its first name.
    ``packable`` is set on ``google.protobuf.Any`` alone: the types that one can be found to hold,
    by full name.
    """

    __slots__ = ("fields", "full_name", "has_secrets", "key", "packable", "releases")

    def __init__(
        self,
        full_name: str,
        fields: dict[int, Field] | None = None,
        has_secrets: bool = False,
        releases: Mask = 0,
        key: str = "",
        packable: Mapping[str, MessageType] | None = None,
    ) -> None:
        self.full_name = full_name
        self.fields = {} if fields is None else fields
        self.has_secrets = has_secrets
        self.releases = releases
        self.key = key
        self.packable = packable

    @property
    def name(self) -> str:
        """The last part of the full name."""
        return self.full_name.rpartition(".")[2]


class KindInfo(NamedTuple):
    """What a release knows of a kind."""

    kind: str
    number: int
    display_name: str
    group: str
    id_prefix: str
    versioned: bool
    message: MessageType | None


class Release(NamedTuple):
    """The messages of one release, and nothing else.

    Attributes:
        name: such as ``3.41.0`` or ``2026-01-25``.
        messages: message types by full name.
        kinds: what it knows of kinds, by :func:`inspector.schema.kind_names.normal_kind`.
    """

    name: str
    messages: Mapping[str, MessageType]
    kinds: Mapping[str, KindInfo]
