"""Runs a command: arguments in, data on stdout, one sentence on stderr where it fails."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Final

from inspector.cli.command import Command
from inspector.cli.guard import guarded
from inspector.cli.output import Output
from inspector.cli.parser import load, parse_command
from inspector.errors import NotFoundError, StoreError, StoreErrorKind
from inspector.exit_codes import Exit
from inspector.session.session import Session
from inspector.store.error_sentences import store_error
from inspector.store.rows import Form

_NAMED: Final = 5  #: things of a schema of one's own that are named


def main(arguments: Sequence[str]) -> int:
    """Answers one command.

    Returns:
        The exit code.
    """
    return guarded(lambda: _answer(arguments))


def _answer(arguments: Sequence[str]) -> int:
    words = parse_command(arguments)
    output = Output()
    try:
        code = _run(load(words.command), words, output)
    except KeyboardInterrupt:
        # Which is how watch ends.
        output.note_replaced()
        raise
    output.note_replaced()
    output.flush()
    return code


def _run(command: Command, words: argparse.Namespace, output: Output) -> int:
    """Opens what the arguments name and runs their command on it.

    Raises:
        InspectorError: it cannot be answered.
    """
    command.prepare(words)
    if command.alone is not None:
        return command.alone(words, output)
    try:
        session = _open(words, output)
    except StoreError as error:
        if command.unopened is None:
            raise error.named(words.db) from error
        try:
            return command.unopened(words, error, output)
        except StoreError as still:
            raise still.named(words.db) from still
    with closing(session):
        try:
            code = _run_opened(command, session, words, output)
        except StoreError as error:
            raise error.named(session.store.path) from error
        for note in (*session.notes, *_few(session.schema_notes)):
            output.note(note)
    return code


def _few(notes: Sequence[str]) -> Iterator[str]:
    """Notes that may be many, as far as they are read."""
    yield from notes[:_NAMED]
    if len(notes) > _NAMED:
        yield f"{len(notes) - _NAMED:,} more like these"


def _run_opened(
    command: Command, session: Session, words: argparse.Namespace, output: Output
) -> int:
    if not command.any_sqlite and session.facts().form is Form.FOREIGN:
        # A table of the store's may be there that is not understood.
        raise session.store.damage or store_error(
            StoreErrorKind.FOREIGN, hint="Use the command tables to list its tables."
        )
    try:
        code = command.run(session, words, output)
    except NotFoundError as error:
        # What a damaged file does not show may be there all the same.
        raise session.store.damage or error from error
    damage = session.store.damage
    if code == Exit.DONE and damage is not None and not command.tells_damage:
        if not output.begun:
            raise damage
        output.note(str(damage))
        return Exit.NO
    return code


def _open(words: argparse.Namespace, output: Output) -> Session:
    def progress(done: int, total: int) -> None:
        output.progress(f"reading the schema: {100 * done // max(total, 1)} %")

    if words.demo:
        session = Session.demo(schema=words.schema, progress=progress)
    else:
        session = Session.open(words.db, schema=words.schema, progress=progress)
    return session if words.commit is None else session.at(words.commit)
