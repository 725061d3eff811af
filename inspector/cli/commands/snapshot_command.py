"""``snapshot``: one consistent copy of a live or killed store as a single SQLite file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from inspector.cli.arguments import file_name
from inspector.cli.command import Command
from inspector.cli.output import Output
from inspector.exit_codes import Exit
from inspector.plurals import counted
from inspector.session.session import Session
from inspector.session.store_copy import save_copy, write_copy

_STDOUT: Final = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds where to."""
    parser.add_argument(
        "-o",
        "--output",
        type=file_name,
        metavar="OUT",
        default=_STDOUT,
        help="write to this file; default: %(default)s, standard output, if it is not a terminal",
    )


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """Writes the copy; on standard output nothing comes before all of it is there."""

    def progress(done: int, of: int) -> None:
        output.progress(f"{done:,} of {counted(of, 'page')} copied")

    if words.output != _STDOUT:
        save_copy(session, Path(words.output), progress=progress)
    else:
        output.refuse_terminal()
        write_copy(session, output.write, progress=progress)
    damage = session.store.damage
    output.note(str(damage or ""))
    where = "" if words.output == _STDOUT else f" to {words.output}"
    what = "the whole store" if damage is None else "the file, damaged as it is,"
    output.note(f"A copy of {what} is written{where}; its secrets are in it.")
    return Exit.NO if damage is not None else Exit.DONE


COMMAND = Command(run, add_arguments, any_sqlite=True, tells_damage=True)
