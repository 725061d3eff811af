"""``history``: the versions of a record."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from inspector.cli.arguments import add_record
from inspector.cli.command import Command
from inspector.cli.commands.record_command import check_names, names_of, resolve_in_log
from inspector.cli.output import Output
from inspector.exit_codes import Exit
from inspector.history.migrations import rewritten_words
from inspector.history.versions import Version
from inspector.plurals import counted
from inspector.session.log_history import logged_history, refused_words
from inspector.session.record_lookup import resolve
from inspector.session.session import Session
from inspector.session.version_outline import rewrites_of, versions_of, whole


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the record."""
    add_record(parser)
    parser.add_argument(
        "--wal",
        action="store_true",
        help="list the states that the write-ahead log holds instead of the archived versions",
    )
    parser.add_argument(
        "--summary", action="store_true", help="list the fields that each version changed"
    )


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The versions of a record."""
    if words.wal:
        return _logged(session, words, output)
    kind, id_ = resolve(session, *names_of(words.names))
    found = whole(session, versions_of(session, kind, id_))
    _write(session, found, words, output)
    if not words.json and (sentence := rewritten_words(rewrites_of(session, kind, id_))):
        output.line(sentence)
    unread = [version for version in found if version.unread]
    if unread:
        output.note(f"{counted(len(unread), 'version')} cannot be read: {unread[0].problem}")
    return Exit.NO if unread else Exit.DONE


def _logged(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The states of a record that the write-ahead log holds."""
    found = logged_history(session, *resolve_in_log(session, words.names))
    _write(session, found.versions, words, output)
    if not found.commits:
        output.note("There is no write-ahead log with commits beside this file.")
    elif found.refused:
        output.note(refused_words(found.refused, found.commits))
    if found.deleted:
        output.note(f"deleted in commit {', '.join(map(str, found.deleted))}")
    return Exit.DONE


def _write(
    session: Session, found: Sequence[Version], words: argparse.Namespace, output: Output
) -> None:
    changes = _changes(session, found) if words.summary else []
    if words.json:
        output.document(
            [
                {
                    "auditId": version.audit_id,
                    "legacyKey": version.legacy_key,
                    "archivedAt": None if version.logged else version.archived_at,
                    "versionHash": version.version_hash,
                    "tag": version.tag,
                    "size": version.size,
                    "live": version.live,
                    **_of_log(version),
                    **({"changes": changes[index]} if words.summary else {}),
                }
                for index, version in enumerate(found)
            ]
        )
        return
    rows = [
        (v.name, v.archived_at, (v.version_hash or "-")[:12], v.tag, v.size, "live" * v.live)
        + ((", ".join(changes[index] or ()),) if words.summary else ())
        for index, v in enumerate(found)
    ]
    head = ("VERSION", "SAVED" if words.wal else "ARCHIVED", "HASH", "TAG", "BYTES", "", "CHANGES")
    output.table(head if words.summary else head[:-1], rows, "llllr")


def _of_log(version: Version) -> dict[str, object]:
    """What is said of a state out of the log alone."""
    if version.logged is None:
        return {}
    return {"commit": version.logged.commit, "updatedAt": version.archived_at}


def _changes(session: Session, found: Sequence[Version]) -> Sequence[Sequence[str] | None]:
    # Only here: comparing is much to load for a list.
    from inspector.session.version_changes import summaries  # noqa: PLC0415

    return summaries(session, found)


COMMAND = Command(run, add_arguments, prepare=check_names)
