"""What a kind is called, by the table ``resources/kinds.tsv``; needs no ``google.protobuf``."""

from __future__ import annotations

import csv
from functools import cache
from typing import NamedTuple

from inspector import assets


class KindRow(NamedTuple):
    """A line of the table as it stands; ``message`` is a full name, None where none is known."""

    generation: str
    kind: str
    number: int
    name: str
    display_name: str
    group: str
    id_prefix: str
    versioned: bool
    tier: str
    message: str | None

    def holds_for(self, generation: str) -> bool:
        """Whether the line speaks of a generation: ``2026-01`` stands for all of that month."""
        return f"{generation}-".startswith(f"{self.generation}-")


def normal_kind(text: str) -> str:
    """A kind however it is spelled: lower case, without ``-`` and ``_``."""
    return text.lower().replace("-", "").replace("_", "")


@cache
def kind_rows() -> tuple[KindRow, ...]:
    """The table's lines in its order.

    Raises:
        OSError: the installation is incomplete.
    """
    with assets.path("kinds.tsv").open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(_row(texts) for texts in table)


def _row(texts: dict[str, str]) -> KindRow:
    return KindRow(
        texts["generation"],
        texts["kind"],
        int(texts["number"]),
        texts["name"],
        texts["display_name"],
        texts["group"],
        texts["id_prefix"],
        texts["versioned"] == "true",
        texts["tier"],
        texts["message"] or None,
    )


@cache
def _displays() -> dict[str, tuple[str, str]]:
    oldest_first = sorted(kind_rows(), key=lambda row: row.generation)
    return {normal_kind(row.kind): (row.display_name, row.group) for row in oldest_first}


def display(kind_text: str) -> tuple[str, str] | None:
    """Display name and group of a kind in the newest generation that has it, None if none has."""
    return _displays().get(normal_kind(kind_text))
