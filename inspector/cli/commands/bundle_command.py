"""``bundle``: records for a bug report, with what they refer to and without secrets."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from inspector.cli.arguments import count, file_name, text
from inspector.cli.command import Command
from inspector.cli.output import Output
from inspector.errors import UsageError
from inspector.exit_codes import Exit
from inspector.session.bundle import BundleRequest, save_bundle, write_bundle
from inspector.session.record_lookup import resolve
from inspector.session.session import Session

_STDOUT: Final = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds which records, how far and where to."""
    parser.add_argument(
        "names", metavar="KIND/ID", nargs="+", type=text, help="a record; its slug will do as ID"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        type=file_name,
        required=True,
        help="write to this file, or - for a pipe",
    )
    parser.add_argument(
        "--steps",
        metavar="N",
        type=count,
        default=1,
        help="follow references so far; default: %(default)s, what the records name themselves",
    )


def prepare(words: argparse.Namespace) -> None:
    """Refuses to show what a bundle never holds.

    Raises:
        UsageError: it is asked for.
    """
    if words.reveal_secrets:
        raise UsageError("A bundle never holds secrets.", "Leave out --reveal-secrets.")


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """Writes the bundle; exit 1 where something could not be read."""
    if words.output == _STDOUT:
        output.refuse_terminal()
    keys = [_resolved(session, name) for name in words.names]
    request = BundleRequest(list(dict.fromkeys(keys)), words.steps, progress=output.progress)
    if words.output == _STDOUT:
        found = write_bundle(session, request, output.write)
    else:
        found = save_bundle(session, request, Path(words.output))
    for note in found.notes:
        output.note(note)
    where = "" if words.output == _STDOUT else f" to {words.output}"
    output.note(f"{found.counts} written{where}; all secrets are replaced.")
    return Exit.NO if session.store.damage is not None else Exit.DONE


def _resolved(session: Session, name: str) -> tuple[str, str]:
    kind, slash, id_ = name.partition("/")
    return resolve(session, kind, id_) if slash else resolve(session, None, name)


COMMAND = Command(run, add_arguments, tells_damage=True, prepare=prepare)
