"""``show`` and ``history``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from inspector.cli.commands.tree_text import TreeText
from inspector.cli.output import Output
from inspector.cli.talk import Covered
from inspector.errors import Exit, UsageError
from inspector.export.record_text import Written, envelope_text, message_text
from inspector.history.record import Record
from inspector.history.rewritten import rewritten_words
from inspector.history.versions import Version
from inspector.session.rewriting import rewrites_of
from inspector.session.session import Session


def names_of(names: Sequence[str]) -> tuple[str | None, str]:
    """The kind, None where none is given, and the id of ``[KIND] ID``.

    Raises:
        UsageError: there are more names.
    """
    if len(names) > 2:
        raise UsageError(f"There are too many names: {' '.join(names)}.", "Give a kind and an id.")
    return names[0] if len(names) == 2 else None, names[-1]


def resolve(session: Session, names: Sequence[str]) -> tuple[str, str]:
    """Kind and id that ``[KIND] ID`` name.

    Raises:
        UsageError, NotFoundError: they name none, or several.
    """
    return session.resolve(*names_of(names))


def show(session: Session, words: argparse.Namespace, output: Output) -> int:
    """One record."""
    if words.tree and words.json:
        raise UsageError("--tree is a text for people.", "--envelope gives the same as JSON.")
    kind, id_ = resolve(session, words.names)
    record = session.record(kind, id_, session.select(kind, id_, words.version))
    covered = Covered()
    if words.tree:
        tree = TreeText(record, reveal=words.reveal_secrets)
        for line in tree.lines():
            output.line(line)
        covered.add(tree.written)
    else:
        written = record_text(record, words)
        output.text(written.text + "\n")
        covered.add(written)
    covered.say(output)
    return Exit.DONE


def record_text(record: Record, words: argparse.Namespace) -> Written:
    """A record in the form the arguments ask for.

    Raises:
        UnwritableError: it has no such form.
    """
    make = envelope_text if words.envelope else message_text
    return make(record, reveal=words.reveal_secrets)


def history(session: Session, words: argparse.Namespace, output: Output) -> int:
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
