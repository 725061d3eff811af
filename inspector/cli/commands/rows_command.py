"""``rows``: the rows of a table of any SQLite file."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from inspector.cli.arguments import count, text
from inspector.cli.command import Command
from inspector.cli.commands.mapped_rows import (
    add_map,
    reading_of,
    row_text,
    take_notes,
    take_schema,
)
from inspector.cli.notes import Covered
from inspector.cli.output import Output
from inspector.errors import Exit, StoreError
from inspector.export.json_object import value_text
from inspector.session.foreign_rows import ForeignCell, ForeignRow
from inspector.session.session import Session

_SHOWN = 8  #: columns of a table for people


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the table and what of it."""
    parser.add_argument("table", metavar="TABLE", type=text, help="table whose rows to print")
    parser.add_argument("--limit", type=count, metavar="N", help="maximum number of rows")
    parser.add_argument("--after", type=text, metavar="KEY", help="start after the row of this key")
    add_map(parser)


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The rows of a table, in the order they are stored."""
    reading = reading_of(session, words, output, level=3)
    rows = _Readable(reading.rows(words.table, words.after, words.limit), output)
    covered = Covered()
    if words.json:
        empty = True
        for row in rows:
            take_notes(row, covered, each=True)
            output.text(f"{'[' if empty else ','}\n  {row_text(row, level=1)}")
            empty = False
        output.text("[]\n" if empty else "\n]\n")
    else:
        _table(rows, covered, output)
    covered.say(output)
    if rows.damage is not None:
        output.note(str(rows.damage))
        return Exit.NO
    return Exit.DONE


def _table(rows: Iterable[ForeignRow], covered: Covered, output: Output) -> None:
    found = iter(rows)
    first = next(found, None)
    if first is None:
        output.note("No rows.")
        return
    names = [one.column for one in first.cells[:_SHOWN]]

    def lines() -> Iterator[list[object]]:
        for row in (first, *found):
            shown = row._replace(cells=row.cells[:_SHOWN])
            take_notes(shown, covered, each=True)
            key = row.key if isinstance(row.key, int) else value_text(row.key, indent=None)
            yield [str(key), *map(_word, shown.cells)]

    output.table(["KEY", *names], lines())
    more = len(first.cells) - _SHOWN
    if more > 0:
        output.note(f"{more:,} more columns; --json gives all")


def _word(cell: ForeignCell) -> str:
    value = cell.value
    if cell.computed:
        return "not computed"
    if value is None:
        return "NULL"
    if isinstance(value, dict):
        return f"{value['blob']:,} bytes"
    return " ".join(str(value).split())


class _Readable:
    """Rows as far as they can be read, and what ended them early.

    Raises:
        StoreError: nothing of them can be read.
    """

    def __init__(self, rows: Iterator[ForeignRow], output: Output) -> None:
        self._rows = rows
        self._output = output
        self.damage: StoreError | None = None

    def __iter__(self) -> Iterator[ForeignRow]:
        seen = 0
        try:
            for row in self._rows:
                seen += 1
                self._output.progress(f"{seen:,} rows")
                yield row
        except StoreError as error:
            if not seen:
                raise
            self.damage = error


COMMAND = Command(run, add_arguments, any_sqlite=True, prepare=take_schema)
