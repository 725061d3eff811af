"""``history``: the versions of a record."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from inspector.cli.arguments import add_record
from inspector.cli.command import Command
from inspector.cli.commands.record import resolve
from inspector.cli.output import Output
from inspector.errors import Exit
from inspector.history.rewritten import rewritten_words
from inspector.history.versions import Version
from inspector.session.rewriting import rewrites_of
from inspector.session.session import Session


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the record."""
    add_record(parser)
    parser.add_argument(
        "--summary", action="store_true", help="list the fields that each version changed"
    )


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The versions of a record."""
    kind, id_ = resolve(session, words.names)
    found = session.whole(session.history(kind, id_))
    changes = _changes(session, found) if words.summary else []
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
    if sentence := rewritten_words(rewrites_of(session, kind, id_)):
        output.line(sentence)
    return Exit.DONE


def _changes(session: Session, found: Sequence[Version]) -> Sequence[Sequence[str] | None]:
    # Only here: comparing is much to load for a list.
    from inspector.session.changes import summaries  # noqa: PLC0415

    return summaries(session, found)


COMMAND = Command(run, add_arguments)
