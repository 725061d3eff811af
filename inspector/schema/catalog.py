"""The schemas there are: every release, and the merged history of all of them."""

from __future__ import annotations

import json
from difflib import get_close_matches
from functools import cache
from typing import Final, NamedTuple

from inspector import assets
from inspector.schema.kinds import KindRow
from inspector.schema.merged import MergedSchema
from inspector.schema.releases import ALIASES
from inspector.schema.types import KindInfo, Release

__all__ = [
    "AUTO",
    "Asked",
    "asked",
    "display",
    "kind_info",
    "kind_rows",
    "merged_schema",
    "nearest_releases",
    "release",
    "release_name",
    "releases",
]

#: What is asked for where each record is to be read with the releases that fit.
AUTO: Final = "auto"


@cache
def merged_schema() -> MergedSchema:
    """The history of all known releases, read once.

    Raises:
        OSError: the installation is incomplete.
    """
    return MergedSchema(json.loads(assets.path("schema.json").read_bytes()))


class Asked(NamedTuple):
    """A schema that is asked for: the releases it is of, and the only one that counts, if any."""

    merged: MergedSchema
    release: int | None


def asked(schema: str) -> Asked:
    """What a schema's name asks for.

    Args:
        schema: ``auto`` or the name of a release.

    Raises:
        KeyError: there is no such schema.
    """
    merged = merged_schema()
    if schema == AUTO:
        return Asked(merged, None)
    return Asked(merged, merged.number(ALIASES.get(schema, schema)))


def kind_rows() -> tuple[KindRow, ...]:
    """What all releases say of their kinds, oldest first."""
    return merged_schema().kinds


def releases() -> tuple[str, ...]:
    """The names of the known releases, oldest first."""
    return merged_schema().names


def nearest_releases(text: str) -> list[str]:
    """The names of releases that look most like a text."""
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


def kind_info(name: str, kind_text: str) -> KindInfo | None:
    """What a release knows of a kind, however the kind is spelled; None if it has no such kind.

    Raises:
        KeyError: no such release.
    """
    merged = merged_schema()
    number = merged.number(ALIASES.get(name, name))
    rows = [row for row in merged.rows_of(kind_text) if row.releases >> number & 1]
    return merged.strict(number).kind(rows[-1]) if rows else None


def display(kind_text: str, schema: str = AUTO) -> tuple[str, str] | None:
    """Display name and group of a kind in the newest release that has it, None if none has.

    Args:
        kind_text: the kind, however it is spelled.
        schema: ``auto``, or the only release to ask.
    """
    merged, number = asked(schema)
    rows = merged.rows_of(kind_text)
    if number is not None:
        rows = [row for row in rows if row.releases >> number & 1]
    return (rows[-1].display_name, rows[-1].group) if rows else None
