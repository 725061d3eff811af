"""Releases that tests are run for: the first and last of every form that the messages took.

And what a single release knows, where the program asks all of them at once.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from inspector.schema.catalog import merged_schema
from inspector.schema.pools import pool
from inspector.schema.releases import ALIASES
from inspector.schema.types import KindInfo

JANUARY_25: Final = "2026-01-25"
JANUARY_26: Final = "2026-01-26"
NEWEST: Final = "apis-0.1.0.dev0"
SOME: Final = (*(JANUARY_25, JANUARY_26, "0.0.36", "0.0.49", "1.0.4", "3.6.0", "3.41.0", NEWEST),)


@cache
def message_class(name: str, full_name: str) -> type[Message]:
    """The class of a message in a release.

    Raises:
        KeyError: no such release, or no such message in it.
    """
    return GetMessageClass(pool(name).FindMessageTypeByName(full_name))


def kind_info(name: str, kind_text: str) -> KindInfo | None:
    """What a release knows of a kind, however the kind is spelled; None if it has no such kind.

    Raises:
        KeyError: no such release.
    """
    merged = merged_schema()
    number = merged.number(ALIASES.get(name, name))
    rows = [row for row in merged.rows_of(kind_text) if row.releases >> number & 1]
    return merged.strict(number).kind(rows[-1]) if rows else None
