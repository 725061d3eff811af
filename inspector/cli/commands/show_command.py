"""``show``: one record."""

from __future__ import annotations

import argparse

from inspector.cli.arguments import VERSION, add_record, text
from inspector.cli.command import Command
from inspector.cli.commands.record_command import (
    check_names,
    read_record,
    resolve_in_log,
    write_record,
)
from inspector.cli.commands.tree_text import write_tree
from inspector.cli.notes import Covered
from inspector.cli.output import Output
from inspector.errors import UsageError
from inspector.exit_codes import Exit
from inspector.history.record import Record
from inspector.history.selector import LIVE
from inspector.session.record_lookup import find_version
from inspector.session.session import Session


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the record, its version and the form."""
    add_record(parser)
    parser.add_argument(
        "--version",
        type=text,
        metavar="V",
        default=LIVE,
        help=f"print this version: {VERSION}; default: %(default)s",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--envelope", action="store_true", help="include all that JSON leaves out")
    form.add_argument(
        "--tree", action="store_true", help="print fields with types, numbers and bytes"
    )


def prepare(words: argparse.Namespace) -> None:
    """Refuses arguments that do not go together.

    Raises:
        UsageError: they do not.
    """
    check_names(words)
    if words.tree and words.json:
        raise UsageError("--tree cannot go with --json.", "Use --envelope for JSON.")


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """One record."""
    kind, id_ = resolve_in_log(session, words.names, words.version)
    version = find_version(session, kind, id_, words.version)
    record = (
        session.record(kind, id_, version)
        if words.tree
        else read_record(session, kind, id_, version, words)
    )
    if version is not None and version.logged is not None:
        output.note(f"{version.name} is {version.logged.words}")
    covered = Covered()
    if words.tree:
        assert isinstance(record, Record)
        write_tree(record, output, covered, reveal=words.reveal_secrets)
    else:
        covered.add(write_record(record, words, output))
    covered.say(output)
    return Exit.DONE


COMMAND = Command(run, add_arguments, tells_damage=True, prepare=prepare)
