"""What the commands on one record share: which one is meant, and its text."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from inspector.cli.output import Output
from inspector.decode.transcoding import LongText
from inspector.errors import UsageError
from inspector.export.json_object import PartsWriter
from inspector.export.record_text import Written, write_envelope, write_message
from inspector.history.record import Record
from inspector.history.selector import logged_number
from inspector.history.versions import Version
from inspector.session.record_lookup import resolve, resolve_logged
from inspector.session.session import Session


def names_of(names: Sequence[str]) -> tuple[str | None, str]:
    """The kind, None where none is given, and the id of ``[KIND] ID``.

    Raises:
        UsageError: there are more names.
    """
    if len(names) > 2:
        raise UsageError(f"Too many arguments: {' '.join(names)}.", "Give a kind and an ID.")
    return names[0] if len(names) == 2 else None, names[-1]


def check_names(words: argparse.Namespace) -> None:
    """Refuses more names than ``[KIND] ID``, before a store is opened that they may say.

    Raises:
        UsageError: there are more.
    """
    names_of(words.names)


def resolve_in_log(
    session: Session, names: Sequence[str], selector: str | None = None
) -> tuple[str, str]:
    """Kind and id that ``[KIND] ID`` name, or named as of the commit of a version's name.

    Raises:
        UsageError, NotFoundError: they name none, or several.
    """
    if selector is not None and logged_number(selector) is None:
        return resolve(session, *names_of(names))
    return resolve_logged(session, *names_of(names), selector)


def read_record(
    session: Session, kind: str, id_: str, version: Version | None, words: argparse.Namespace
) -> Record | LongText:
    """A record, or one version of it, as far as it has to be read for the form asked for.

    Raises:
        NotFoundError: there is no such record.
    """
    if words.envelope:
        return session.record(kind, id_, version)
    return session.record_or_text(kind, id_, version, reveal=words.reveal_secrets)


def write_record(record: Record | LongText, words: argparse.Namespace, output: Output) -> Written:
    """Writes a record in the form the arguments ask for.

    Args:
        record: the record, or the text of its message.
        words: the arguments.
        output: where it is written, a part at a time.

    Returns:
        What the text does not say.

    Raises:
        UnwritableError: it has no such form.
    """
    if not isinstance(record, Record):
        record.write(output.write)
        output.text("\n")
        return Written("", (), record.covered)
    write = write_envelope if words.envelope else write_message
    together = PartsWriter(output.text)
    written = write(record, together.put, reveal=words.reveal_secrets)
    together.put("\n")
    together.flush()
    return written
