"""The commands, one function each: a session and the arguments in, an exit code out."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from typing import Final

from inspector.cli.commands import about, check, diff, dump, export, record
from inspector.cli.output import Output
from inspector.errors import StoreError, StoreErrorKind
from inspector.session.session import Session

Command = Callable[[Session, argparse.Namespace, Output], int]

_COMMANDS: Final[dict[str, Command]] = {
    "info": about.info,
    "kinds": about.kinds,
    "list": about.list_records,
    "show": record.show,
    "history": record.history,
    "export": export.export,
    "dump": dump.dump,
    "check": check.check,
    "diff": diff.diff,
}


def run(words: argparse.Namespace, output: Output) -> int:
    """Opens what the arguments name and runs their command on it.

    Raises:
        InspectorError: it cannot be answered.
    """
    try:
        session = _open(words)
    except StoreError as error:
        if words.command == "info" and error.kind == StoreErrorKind.BADGER:
            return about.badger(words.db, error, words.json, output)
        raise
    for note in session.notes:
        output.note(note)
    with closing(session):
        return _COMMANDS[words.command](session, words, output)


def _open(words: argparse.Namespace) -> Session:
    if words.demo:
        return Session.demo(schema=words.schema)
    return Session.open(words.db, schema=words.schema)
