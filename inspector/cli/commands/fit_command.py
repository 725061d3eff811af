"""``fit``: which messages of a schema a column of blobs may be of."""

from __future__ import annotations

import argparse

from inspector.cli.arguments import count, text
from inspector.cli.command import Command
from inspector.cli.commands.mapped_rows import add_map, reading_of, take_schema
from inspector.cli.output import Output
from inspector.errors import Exit, NotFoundError, UsageError
from inspector.foreign.message_fit import ranked, sample
from inspector.session.session import Session

_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the column."""
    parser.add_argument(
        "column", metavar="TABLE.COLUMN", type=text, help="column whose blobs are looked at"
    )
    parser.add_argument(
        "--limit", type=count, metavar="N", default=_SHOWN, help="messages; default: %(default)s"
    )
    add_map(parser)


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The messages that fit a column, best first."""
    table, dot, column = words.column.rpartition(".")
    if not dot or not table or not column:
        raise UsageError(f"{words.column} names no column.", "Write it as TABLE.COLUMN.")
    reading = reading_of(session, words, output, level=0)
    messages = {name: one for each in reading.sets for name, one in each.messages.items()}
    if not messages:
        raise UsageError("fit needs a schema.", "Give one with --schema or --map.")
    blobs = sample(reading.blobs(table, column))
    if not blobs:
        raise NotFoundError(f"{words.column} holds no blob that can be looked at.")
    found = ranked(messages, blobs)[: words.limit]
    if words.json:
        output.document(
            [
                {"message": one.message, "fits": one.fits, "rows": one.rows,
                 "misplaced": one.misplaced, "unnamed": one.unnamed, "unused": one.unused}
                for one in found
            ]
        )  # fmt: skip
    elif found:
        lines = [(o.message, o.words, o.misplaced, o.unnamed, o.unused) for o in found]
        output.table(("MESSAGE", "FIT", "MISPLACED", "UNNAMED", "UNUSED FIELDS"), lines, "llrrr")
    if not found:
        output.note("No message fits any of the rows.")
    return Exit.DONE if found else Exit.NO


COMMAND = Command(run, add_arguments, any_sqlite=True, prepare=take_schema)
