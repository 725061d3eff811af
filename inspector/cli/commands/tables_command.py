"""``tables``: the tables and views of the file, whether it is a store or not."""

from __future__ import annotations

import argparse

from inspector.cli.command import Command
from inspector.cli.output import Output
from inspector.exit_codes import Exit
from inspector.invisible import named
from inspector.session.session import Session
from inspector.store.rows import TableInfo, TableType

_NOT_RUN = "not run"


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The tables and views of the file, with the number of rows where they can be counted."""
    found: list[TableInfo] = []
    for table in session.store.counted_tables():
        found.append(table)
        output.progress(f"counting rows of tables: {named(table.name)}")
    if not found and session.store.damage is not None:
        raise session.store.damage
    if words.json:
        output.document(
            [{"name": one.name, "type": one.type.value, "rows": one.rows} for one in found]
        )
        return Exit.DONE
    rows = [
        (named(one.name), one.type.value, _NOT_RUN if one.type is TableType.VIEW else one.rows)
        for one in found
    ]
    output.table(("NAME", "TYPE", "ROWS"), rows, "llr")
    return Exit.DONE


COMMAND = Command(run, any_sqlite=True)
