"""The messages that cells can be read with: of a person's own schema, or of a release."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from inspector.errors import NotFoundError, UsageError
from inspector.invisible import typed
from inspector.named_tuple import NamedTuple
from inspector.schema.bounds import Progress, shown
from inspector.schema.catalog import nearest_releases, release, release_name
from inspector.schema.types import MessageType
from inspector.store.rows import Cancel

_NEAREST = 3


class MessageSet(NamedTuple):
    """Messages by full name.

    Attributes:
        name: what their schema is called.
        messages: by full name.
        problems: a sentence for each thing that is not shown by name.
        schema: what it was asked for with, a path or a release.
    """

    name: str
    messages: Mapping[str, MessageType]
    problems: tuple[str, ...] = ()
    schema: str = ""

    def find(self, name: str) -> MessageType:
        """A message by its full name, or by the last part of it where only one has that.

        Raises:
            NotFoundError: there is none.
            UsageError: there are several.
        """
        if name in self.messages:
            return self.messages[name]
        alike = sorted(one for one in self.messages if one.endswith(f".{name}"))
        if len(alike) == 1:
            return self.messages[alike[0]]
        if alike:
            raise UsageError(
                f"{shown(name)} may be any of {len(alike)} messages.",
                f"Name one whole: {', '.join(alike[:_NEAREST])}.",
            )
        near = difflib.get_close_matches(name, self.messages, _NEAREST, 0.5)
        hint = f"Nearest are {', '.join(near)}." if near else ""
        raise NotFoundError(f"{self.name} has no message {shown(name)}.", hint)


def message_set(
    schema: str,
    secrets: Iterable[str] = (),
    *,
    stores: Iterable[str | Path] = (),
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> MessageSet:
    """The messages of a schema.

    Args:
        schema: a release, or the path of a wheel, a descriptor set or a folder.
        secrets: fields that are secrets besides those that the schema marks: a field's name, or
            its full name with its message.
        stores: databases that are open, which are not opened besides.
        cancel: ends it when set.
        progress: told how much is read of how much.

    Raises:
        SchemaError: it cannot be read.
        UsageError: there is no such release and no such file.
    """
    named = release_name(schema)
    if named is not None:
        return MessageSet(named, release(named).messages, schema=schema)
    if not Path(schema).exists():
        near = ", ".join(nearest_releases(schema))
        raise UsageError(
            f"There is no schema {typed(schema)}.",
            f"Give a file, a folder or a release, such as {near}.",
        )
    # They take google.protobuf, which nobody else waits for.
    from inspector.schema.own import message_types, read_own  # noqa: PLC0415

    own = read_own(schema, cancel, progress, stores)
    names = frozenset(secrets)
    types = message_types(
        own.types, lambda message, field: field in names or f"{message}.{field}" in names
    )
    return MessageSet(own.name, types, own.problems, schema)


def find_message(
    sets: Iterable[MessageSet], name: str, schema: str = ""
) -> tuple[str, MessageType]:
    """The name of the first schema that has a message of a name, and the message.

    Args:
        sets: where to look.
        name: the message's, see :meth:`MessageSet.find`.
        schema: look nowhere but in this one; empty for all of them.

    Raises:
        NotFoundError: none of them has it.
        UsageError: there is no schema to look in, or it has several of that name.
    """
    missing: NotFoundError | None = None
    for one in sets:
        if schema and one.schema != schema:
            continue
        try:
            return one.name, one.find(name)
        except NotFoundError as error:
            missing = missing or error
    raise missing or UsageError(f"No schema says what {shown(name)} is.", "Give one with --schema.")
