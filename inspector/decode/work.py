"""What of a blob has still to be read."""

from __future__ import annotations

from typing import NamedTuple

from inspector.decode.field_table import FieldTable
from inspector.decode.node import Node

#: Start and end of each part of a message's payload.
Segments = list[tuple[int, int]]


class More(NamedTuple):
    """Of a message that stands in several parts, or among other bytes.

    Attributes:
        segments: its parts; the job's own start and end then say nothing.
        rest: nodes found around it that belong to it.
    """

    segments: Segments
    rest: list[Node]


#: Where the children go, what the message is, its payload's start and end.
Job = tuple[list[Node], FieldTable, int, int, More | None]
