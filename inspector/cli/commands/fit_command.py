"""``fit``: which messages of a schema a column of blobs may be of."""

from __future__ import annotations

import argparse

from inspector.cli.arguments import count, text
from inspector.cli.command import Command
from inspector.cli.commands.mapped_rows import add_map, reading_of, take_schema
from inspector.cli.output import Output
from inspector.errors import NotFoundError, UsageError
from inspector.exit_codes import Exit
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
    table, column = _place(session, words.column)
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


def _place(session: Session, text: str) -> tuple[str, str]:
    """The table and the column of a text; a dot may stand in the names of both.

    Raises:
        UsageError: no dot is between two names.
    """
    places = [(text[:at], text[at + 1 :]) for at in range(1, len(text) - 1) if text[at] == "."]
    if not places:
        raise UsageError(f"{text} names no column.", "Write it as TABLE.COLUMN.")
    names = {one.name for one in session.store.table_names()} if len(places) > 1 else set[str]()
    for table, column in reversed(places):
        if table in names:
            columns = session.store.table_page(table, limit=1).columns
            if any(one.name == column for one in columns):
                return table, column
    return places[-1]


COMMAND = Command(run, add_arguments, any_sqlite=True, prepare=take_schema)
