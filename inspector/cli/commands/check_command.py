"""``check``: every record, version and event decoded, and what is odd about each."""

from __future__ import annotations

import argparse

from inspector.cli.command import Command
from inspector.cli.output import Output
from inspector.exit_codes import Exit
from inspector.plurals import counted
from inspector.session.check import Checked, check_store
from inspector.session.session import Session


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """Says what is odd; exit 1 where there are errors."""

    def tell(done: int, problems: int) -> None:
        output.progress(f"{done:,} checked, {counted(problems, 'problem')}")

    output.note(session.known_facts().newer)
    found = check_store(session, progress=tell)
    if words.json:
        output.document(found.document())
    else:
        _table(found, output)
    return Exit.NO if found.errors else Exit.DONE


def _table(found: Checked, output: Output) -> None:
    if found.problems:
        rows = [one.words for one in found.problems]
        output.table(("", "CODE", "RECORD", "VERSION", "PATH", "WHAT"), rows)
    output.line(found.sentence)


COMMAND = Command(run, tells_damage=True)
