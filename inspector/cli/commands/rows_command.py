"""``rows``: the rows of a table of any SQLite file."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from inspector.cli.arguments import count, file_name, text
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
from inspector.cli.output import Output
from inspector.cli.readable_items import ReadableItems
from inspector.errors import StoreError, StoreErrorKind, UsageError
from inspector.export.json_object import value_text
from inspector.export.replaced_file import refuse_store, replacing
from inspector.invisible import named
from inspector.plurals import counted, covered_note
from inspector.session.foreign_rows import ForeignReading, ForeignRow
from inspector.session.row_export import RowForm, RowsWriter, cell_named, rows_in
from inspector.session.row_query import FoundRows, RowQuery, find_rows
from inspector.session.session import Session

_STDOUT = "-"
_SHOWN = 8  #: columns of a table for people


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the table and what of it."""
    parser.add_argument("table", metavar="TABLE", type=text, help="table whose rows to print")
    parser.add_argument("--limit", type=count, metavar="N", help="maximum number of rows")
    parser.add_argument("--after", type=text, metavar="KEY", help="start after the row of this key")
    parser.add_argument(
        "--filter",
        type=text,
        metavar="TEXT",
        help="rows that hold this text in any case, in a value or in what is decoded of it",
    )
    parser.add_argument("--sort", type=text, metavar="C", help="in the order of this column")
    parser.add_argument("--descending", action="store_true", help="with --sort, the largest first")
    parser.add_argument(
        "--column",
        type=text,
        metavar="C",
        action="append",
        default=[],
        help="this column alone; may be given several times",
    )
    parser.add_argument(
        "--format",
        choices=[one.value for one in RowForm],
        help=f"what rows are written as: {', '.join(RowForm)}; default: a table for people",
    )
    parser.add_argument(
        "-o",
        dest="output",
        type=file_name,
        metavar="OUT",
        default=_STDOUT,
        help="with --format, write to this file; default: standard output",
    )
    add_map(parser)


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The rows of a table, in the order they are stored or in that of a column."""
    form = RowForm.JSON if words.json and words.format is None else words.format
    if words.output != _STDOUT:
        if form is None:
            raise UsageError("-o needs --format.", "Say what the rows are written as.")
        refuse_store(Path(words.output), Path(session.store.real_path))
    if words.descending and not words.sort:
        raise UsageError("--descending needs --sort.", "Name the column that orders the rows.")
    shape = RowForm(form) if form is not None else RowForm.JSON
    reading = reading_of(session, words, output, level=shape.level, indent=shape.indent)
    note_absent(reading, words.table, output)
    rows = ReadableItems(_wanted(reading, words, output), "row", output)
    if words.format is not None or (words.json and words.column):
        return _export(rows, words, shape, output)
    covered = Covered()
    if words.json:
        empty = True
        for row in rows:
            take_notes(row, covered, each=True)
            output.text(f"{'[' if empty else ','}\n  {row_text(row, level=1)}")
            empty = False
        output.text("[]\n" if empty else "\n]\n")
    else:
        _table((_chosen(row, words.column) for row in rows), covered, output)
    covered.say(output)
    return rows.end()


def _wanted(
    reading: ForeignReading, words: argparse.Namespace, output: Output
) -> Iterator[ForeignRow]:
    """The rows that are asked for.

    Raises:
        UsageError: what is asked for does not go together.
    """
    query = RowQuery(words.filter or "", words.sort or "", words.descending)
    if query == RowQuery():
        return reading.rows(words.table, words.after, words.limit)
    if words.after is not None:
        raise UsageError("--after does not go with --filter or --sort.", "Leave it out.")

    def looked(done: int, found: int) -> None:
        output.progress(f"{counted(done, 'row')} searched, {found:,} found")

    found = find_rows(reading, words.table, query, progress=looked)
    if query.text and found.covered:
        output.note("what is covered was not searched; --reveal-secrets does")
    return _in_order(reading, words.table, found, words.limit)


def _in_order(
    reading: ForeignReading, table: str, found: FoundRows, limit: int | None
) -> Iterator[ForeignRow]:
    most = len(found) if limit is None else min(limit, len(found))
    yield from rows_in(reading, table, found, [range(most)])
    if found.problem:
        raise StoreError(StoreErrorKind.DAMAGED, found.problem)


def _export(
    rows: ReadableItems[ForeignRow], words: argparse.Namespace, form: RowForm, output: Output
) -> int:
    """Writes rows as they are taken along."""
    with ExitStack() as stack:
        write: Callable[[bytes], object] = output.write
        if words.output != _STDOUT:
            write = stack.enter_context(replacing(Path(words.output))).write
        writer = RowsWriter(write, form, words.column)
        for row in rows:
            writer.add(row)
        writer.close()
    for note, times in writer.notes.items():
        output.note(f"{note} ({times:,} times)" if times > 1 else note)
    output.note(covered_note(writer.secrets, writer.payloads))
    return rows.end()


def _chosen(row: ForeignRow, columns: Sequence[str]) -> ForeignRow:
    """A row with some of its columns.

    Raises:
        NotFoundError: it has no column of one of the names.
    """
    return row._replace(cells=tuple(cell_named(row, name) for name in columns)) if columns else row


def _table(rows: Iterable[ForeignRow], covered: Covered, output: Output) -> None:
    found = iter(rows)
    first = next(found, None)
    if first is None:
        output.note("No rows.")
        return
    names = [named(one.column) for one in first.cells[:_SHOWN]]

    def lines() -> Iterator[list[object]]:
        for row in (first, *found):
            shown = row._replace(cells=row.cells[:_SHOWN])
            take_notes(shown, covered, each=True)
            key = row.key if isinstance(row.key, int) else value_text(row.key, indent=None)
            yield [str(key), *(cell_text(cell, one_line=True) for cell in shown.cells)]

    output.table(["KEY", *names], lines())
    more = len(first.cells) - _SHOWN
    if more > 0:
        output.note(f"{counted(more, 'more column')}; --json gives all")


COMMAND = Command(run, add_arguments, any_sqlite=True, prepare=take_schema)
