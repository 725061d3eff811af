"""``show`` and ``history``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from inspector.cli.commands.tree_text import tree_lines
from inspector.cli.output import Output
from inspector.errors import Exit, UsageError
from inspector.export.record_text import Written, covered_note, envelope_text, message_text
from inspector.history.record import Record
from inspector.session.changes import summaries
from inspector.session.session import Session


def resolve(session: Session, names: Sequence[str]) -> tuple[str, str]:
    """Kind and id that ``[KIND] ID`` name.

    Raises:
        UsageError, NotFoundError: they name none, or several.
    """
    if len(names) > 2:
        raise UsageError(f"There are too many names: {' '.join(names)}.", "Give a kind and an id.")
    return session.resolve(names[0] if len(names) == 2 else None, names[-1])


def show(session: Session, words: argparse.Namespace, output: Output) -> int:
    """One record."""
    kind, id_ = resolve(session, words.names)
    record = session.record(kind, id_, session.select(kind, id_, words.version))
    if words.tree:
        for line in tree_lines(record, reveal=words.reveal_secrets):
            output.line(line)
        return Exit.DONE
    say_notes(write_record(record, words, output), output)
    return Exit.DONE


def write_record(record: Record, words: argparse.Namespace, output: Output) -> Written:
    """Writes a record in the form the arguments ask for.

    Raises:
        UnwritableError: it has no such form.
    """
    make = envelope_text if words.envelope else message_text
    written = make(record, reveal=words.reveal_secrets)
    output.text(written.text + "\n")
    return written


def say_notes(written: Written, output: Output) -> None:
    """Says what the text does not."""
    for note in written.notes:
        output.note(note)
    output.note(covered_note(written.covered))


def history(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The versions of a record."""
    kind, id_ = resolve(session, words.names)
    found = session.history(kind, id_)
    changes = summaries(session, found) if words.summary else []
    if words.json:
        output.document(
            [
                {
                    "auditId": version.audit_id,
                    "legacyKey": version.legacy_key,
                    "archivedAt": version.archived_at,
                    "versionHash": version.version_hash,
                    "tag": version.tag,
                    "size": version.size,
                    "live": version.live,
                    **({"changes": changes[index]} if words.summary else {}),
                }
                for index, version in enumerate(found)
            ]
        )
        return Exit.DONE
    rows = [
        (v.name, v.archived_at, (v.version_hash or "-")[:12], v.tag, v.size, "live" * v.live)
        + ((", ".join(changes[index] or ()),) if words.summary else ())
        for index, v in enumerate(found)
    ]
    head = ("VERSION", "ARCHIVED", "HASH", "TAG", "BYTES", "", "CHANGES")
    output.table(head if words.summary else head[:-1], rows, "llllr")
    return Exit.DONE
