"""``row``: one row of a table, or one of its values."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from inspector.cli.arguments import file_name, text
from inspector.cli.command import Command
from inspector.cli.commands.mapped_rows import (
    add_map,
    cell_text,
    note_absent,
    reading_of,
    row_text,
    take_notes,
    take_schema,
)
from inspector.cli.notes import Covered
from inspector.cli.output import Output, visible
from inspector.errors import UsageError
from inspector.exit_codes import Exit
from inspector.export.json_object import Raw, value_text
from inspector.export.replaced_file import refuse_store, replacing
from inspector.invisible import named
from inspector.session.foreign_rows import ForeignRow
from inspector.session.session import Session

_STDOUT = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the table, the row and the column."""
    parser.add_argument("table", metavar="TABLE", type=text, help="table of the row")
    parser.add_argument(
        "key", metavar="KEY", type=text, help="the row's key, as the command rows prints it"
    )
    parser.add_argument(
        "--column",
        metavar="C",
        type=text,
        help="print the value of this column alone; a blob, with --reveal-secrets, as its bytes",
    )
    parser.add_argument(
        "-o",
        dest="output",
        type=file_name,
        metavar="OUT",
        default=_STDOUT,
        help="with --column, write to this file; default: standard output",
    )
    add_map(parser)


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """One row."""
    if words.output != _STDOUT:
        if words.column is None:
            raise UsageError("-o needs --column.", "Name the column whose value is written.")
        refuse_store(Path(words.output), Path(session.store.real_path))
    reading = reading_of(session, words, output, level=0 if words.column is not None else 2)
    note_absent(reading, words.table, output)
    row = reading.row(words.table, words.key)
    covered = Covered()
    if words.column is None:
        take_notes(row, covered, each=False)
        if words.json:
            output.text(row_text(row, level=0) + "\n")
        else:
            for cell in row.cells:
                output.line(f"{named(cell.column)}: {cell_text(cell, one_line=False)}")
        covered.say(output)
        return Exit.DONE
    _one(row, words, output, covered)
    covered.say(output)
    return Exit.DONE


def _one(row: ForeignRow, words: argparse.Namespace, output: Output, covered: Covered) -> None:
    """Writes one value.

    Raises:
        UsageError: there is no such column, or its bytes cannot go where they would.
    """
    found = next((at for at, one in enumerate(row.cells) if one.column == words.column), None)
    if found is None:
        names = ", ".join(one.column for one in row.cells[:10])
        raise UsageError(f"There is no column {words.column}.", f"There are {names}.")
    cell, stored = row.cells[found], row.stored[found]
    take_notes(row._replace(cells=(cell,)), covered, each=False)
    shown = isinstance(cell.value, dict) and "data" in cell.value
    if shown and not words.json and isinstance(stored, bytes):
        if words.output == _STDOUT and sys.stdout.isatty():
            raise UsageError("A blob cannot be written to a terminal.", "Name a file with -o.")
        data = stored
    elif words.json or isinstance(cell.value, Raw) or not isinstance(cell.value, str):
        data = output.encoded(value_text(cell.value) + "\n")
    elif words.output == _STDOUT and sys.stdout.isatty():
        data = output.encoded(f"{visible(cell.value)}\n")
    else:
        # A text's own bytes, whether they are text or not.
        data = f"{cell.value}\n".encode("utf-8", "surrogateescape")
    if words.output == _STDOUT:
        output.write(data)
        return
    with replacing(Path(words.output)) as file:
        file.write(data)


COMMAND = Command(run, add_arguments, any_sqlite=True, prepare=take_schema)
