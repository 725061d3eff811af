"""The commands, one function each: a session and the arguments in, an exit code out."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from importlib import import_module
from typing import Final

from inspector.cli.commands import info
from inspector.cli.output import Output
from inspector.errors import Exit, NotFoundError, StoreError, StoreErrorKind
from inspector.session.session import Session
from inspector.store.sentences import store_error
from inspector.store.types import Form

Command = Callable[[Session, argparse.Namespace, Output], int]

#: Where each command is; only the one that is asked for is loaded.
_PLACES: Final = {
    "info": "info",
    "kinds": "lists",
    "list": "lists",
    "show": "record",
    "history": "record",
    "export": "export",
    "dump": "dump",
    "check": "check",
    "diff": "diff",
    "events": "events",
}
#: What damage elsewhere in the file has nothing to do with, or which speaks of it itself.
_WHOLE: Final = frozenset(("info", "show", "check", "diff", "events"))


def run(words: argparse.Namespace, output: Output) -> int:
    """Opens what the arguments name and runs their command on it.

    Raises:
        InspectorError: it cannot be answered.
    """
    try:
        session = _open(words)
    except StoreError as error:
        if words.command == "info" and error.kind == StoreErrorKind.BADGER:
            return info.badger(words.db, error, words.json, output)
        raise of_file(words.db, error) if words.db else error from error
    with closing(session):
        try:
            code = _answer(session, words, output)
        except StoreError as error:
            raise of_file(session.store.path, error) from error
        for note in session.notes:
            output.note(note)
    return code


def of_file(path: str, error: StoreError) -> StoreError:
    """The error with the file it speaks of."""
    if path in error.message:
        return error
    return StoreError(error.kind, f"{path}: {error.message}", error.hint)


def _answer(session: Session, words: argparse.Namespace, output: Output) -> int:
    if words.command != "info" and session.facts().form is Form.FOREIGN:
        raise store_error(StoreErrorKind.FOREIGN, hint="The command info lists its tables.")
    module = import_module(f"{__name__}.{_PLACES[words.command]}")
    command: Command = getattr(module, words.command.replace("list", "list_records"))
    try:
        code = command(session, words, output)
    except NotFoundError as error:
        # What a damaged file does not show may be there all the same.
        raise session.store.damage or error from error
    damage = session.store.damage
    if code == Exit.DONE and damage is not None and words.command not in _WHOLE:
        if not output.begun:
            raise damage
        output.note(str(damage))
        return Exit.NO
    return code


def _open(words: argparse.Namespace) -> Session:
    if words.demo:
        return Session.demo(schema=words.schema)
    return Session.open(words.db, schema=words.schema)
