"""The schemas there are: every release, the merged history of all of them, and one's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

from inspector import assets
from inspector.named_tuple import NamedTuple
from inspector.schema.bounds import shown
from inspector.schema.merged import MergedSchema
from inspector.schema.releases import ALIASES
from inspector.schema.types import Release
from inspector.store.rows import Cancel

__all__ = [
    "AUTO",
    "Asked",
    "asked",
    "bring",
    "display",
    "is_own",
    "merged_schema",
    "nearest_releases",
    "own_problems",
    "own_schemas",
    "release",
    "release_name",
    "releases",
    "schema_name",
]

#: What is asked for where each record is to be read with the releases that fit.
AUTO: Final = "auto"


@cache
def merged_schema() -> MergedSchema:
    """The history of all known releases, read once.

    Raises:
        OSError: the installation is incomplete.
    """
    return MergedSchema(_tables())


class _Tables(dict[str, Any]):
    """What a file of all releases holds; its enums and messages are parsed when one is asked for.

    A tenth of it, which names releases and kinds, is all that lists of kinds need.
    """

    def __init__(self, content: bytes) -> None:
        head, enums, rest = content.partition(_REST)
        super().__init__(json.loads(head + b"}" if enums else head))
        self._rest = b"{" + enums[2:] + rest

    def __missing__(self, name: str) -> Any:
        rest: dict[str, Any] = json.loads(self._rest)
        self.update(rest)
        return rest[name]


#: Where the part begins that is parsed later.
_REST: Final = b',\n"enums":'


def _tables() -> dict[str, Any]:
    return _Tables(assets.path("schema.json").read_bytes())


class Asked(NamedTuple):
    """A schema that is asked for: the releases it is of, and the only one that counts, if any."""

    merged: MergedSchema
    release: int | None


def asked(schema: str) -> Asked:
    """What a schema's name asks for.

    Args:
        schema: ``auto``, the name of a release, or what :func:`bring` gave.

    Raises:
        KeyError: there is no such schema, or it was not brought.
    """
    if is_own(schema):
        own = _own[schema]
        return Asked(own.merged, len(own.merged.names) - 1)
    merged = merged_schema()
    if schema == AUTO:
        return Asked(merged, None)
    return Asked(merged, merged.number(ALIASES.get(schema, schema)))


class _Own(NamedTuple):
    """A schema of one's own as it was read last."""

    digest: str
    problems: tuple[str, ...]
    merged: MergedSchema


#: By what they are asked for with. Replaced whole, since other threads look into it.
_own: dict[str, _Own] = {}


def is_own(schema: str) -> bool:
    """Whether a schema is one's own, which is asked for with its absolute path."""
    return Path(schema).is_absolute()


def bring(
    path: str | Path,
    cancel: Cancel | None = None,
    progress: Callable[[int, int], None] | None = None,
    stores: Iterable[str | Path] = (),
) -> str:
    """Reads a schema of one's own, or reads it again; what did not change stays as it is.

    Args:
        path: a wheel, a descriptor set, or a folder, see :func:`inspector.schema.own.read_own`.
        cancel: ends it when set.
        progress: told how much is read of how much.
        stores: databases that are open, which nobody may open besides.

    Returns:
        What it is asked for with from now on: its absolute path.

    Raises:
        CancelledError: it was cancelled.
        SchemaError: it is no schema, or more than is read of one.
    """
    # It takes google.protobuf, which nobody else waits for.
    from inspector.schema.appended import append  # noqa: PLC0415
    from inspector.schema.own import read_own  # noqa: PLC0415

    own = read_own(path, cancel, progress, stores)
    asked_with = str(own.path)
    before = _own.get(asked_with)
    if before is None or before.digest != own.digest:
        tables = _tables()
        problems = append(tables, own, _free_name(own.name))
        made = _Own(own.digest, (*own.problems, *problems), MergedSchema(tables))
        _own[asked_with] = made
    return asked_with


def _free_name(name: str) -> str:
    """The name of a file as a schema's: one that is no release's."""
    taken = name == AUTO or name in releases() or name in ALIASES
    return shown(f"./{name}" if taken else name)


def own_schemas() -> tuple[str, ...]:
    """What the schemas that were brought are asked for with, in the order they were."""
    return tuple(_own)


def own_problems(schema: str) -> tuple[str, ...]:
    """A sentence for each thing of a schema that is not shown by name; none of a release."""
    own = _own.get(schema)
    return own.problems if own is not None else ()


def schema_name(schema: str) -> str:
    """What a schema is called: ``auto``, a release, or of one's own the name of its file."""
    if not is_own(schema):
        return schema
    own = _own.get(schema)
    return own.merged.names[-1] if own is not None else shown(Path(schema).name)


def releases() -> tuple[str, ...]:
    """The names of the known releases, oldest first."""
    return merged_schema().names


def nearest_releases(text: str) -> list[str]:
    """The names of releases that look most like a text."""
    from difflib import get_close_matches  # noqa: PLC0415 - only where something is wrong

    return get_close_matches(text, releases(), n=3, cutoff=0.0)


def release_name(text: str) -> str | None:
    """The name of a release that a person may have meant, None where there is none."""
    name = ALIASES.get(text, text)
    return name if name in releases() else None


@cache
def release(name: str) -> Release:
    """A release by name, as it is: nothing that it does not know.

    Raises:
        KeyError: no such release.
    """
    merged = merged_schema()
    return merged.strict(merged.number(ALIASES.get(name, name))).release()


def display(kind_text: str, schema: str = AUTO) -> tuple[str, str] | None:
    """Display name and group of a kind in the newest release that has it, None if none has.

    Args:
        kind_text: the kind, however it is spelled.
        schema: ``auto``, or the only release to ask, or what :func:`bring` gave.
    """
    merged, number = asked(schema)
    rows = merged.rows_of(kind_text)
    if number is not None:
        rows = [row for row in rows if row.releases >> number & 1]
    return (rows[-1].display_name, rows[-1].group) if rows else None
