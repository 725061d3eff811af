"""What the commands on rows of tables share: the map, its schema, and a row as JSON."""

from __future__ import annotations

import argparse

from inspector.cli.arguments import file_name
from inspector.cli.notes import Covered
from inspector.cli.output import Output
from inspector.decode.secrets import COVERED
from inspector.export.json_object import Raw, object_text
from inspector.invisible import named
from inspector.plurals import counted
from inspector.schema.catalog import AUTO
from inspector.session.browse import NULL, not_null
from inspector.session.foreign_rows import (
    ForeignCell,
    ForeignReading,
    ForeignRow,
    foreign_reading,
)
from inspector.session.session import Session


def add_map(parser: argparse.ArgumentParser) -> None:
    """Adds ``--map``."""
    parser.add_argument(
        "--map",
        metavar="FILE",
        type=file_name,
        help="read columns as this map of the file says; see README",
    )


def take_schema(words: argparse.Namespace) -> None:
    """Keep the schema for cells: the store, if it is one, is not read with it."""
    words.cell_schema = None if words.schema == AUTO else words.schema
    words.schema = AUTO


def reading_of(
    session: Session,
    words: argparse.Namespace,
    output: Output,
    level: int,
    indent: int | None = 2,
) -> ForeignReading:
    """How the file is read as the arguments ask for; says what of it is not."""
    reading = foreign_reading(
        *(session, words.map, words.cell_schema),
        reveal=words.reveal_secrets,
        level=level,
        indent=indent,
    )
    if words.map is not None and not reading.decodes:
        output.note(
            "This is a store of Stigmer's, in which only the records say what is a secret:"
            " nothing of its tables is decoded without --reveal-secrets"
        )
    return reading


def note_absent(reading: ForeignReading, table: str, output: Output) -> None:
    """Says which columns the map names that the table has not."""
    for name in reading.absent(table):
        output.note(f"the map names {named(table)}.{named(name)}, which is not in this file")


def take_notes(row: ForeignRow, covered: Covered, *, each: bool) -> None:
    """Gathers what the values of a row do not say.

    Args:
        row: whose values are written.
        covered: takes it in.
        each: of several rows, so that a note names the row.
    """
    for cell in row.cells:
        if cell.written is not None:
            covered.add(
                cell.written, f"{named(cell.column)} of {row.key}" if each else named(cell.column)
            )
        elif cell.computed:
            covered.add_note(f"left out: the column {named(cell.column)}, which is not computed")
        elif cell.value == COVERED:
            covered.add_secrets(1)


def row_text(row: ForeignRow, *, level: int) -> str:
    """A row as JSON."""
    values = Raw(object_text([(one.column, one.value) for one in row.cells], level=level + 1))
    return object_text([("key", row.key), ("values", values)], level=level)


def cell_text(cell: ForeignCell, *, one_line: bool) -> str:
    """A value for people, as it is copied from the window.

    Args:
        cell: it.
        one_line: white space is a blank each, and why a blob is not decoded is left out.
    """
    value = cell.value
    if cell.computed:
        return "not computed"
    if value is None:
        return NULL
    if isinstance(value, dict):
        problem = f", {value['problem']}" if "problem" in value and not one_line else ""
        return f"{counted(value['blob'], 'byte')}{problem}"
    return not_null(" ".join(str(value).split()) if one_line else str(value))
