"""``compare``: which records of two stores, or of two states of one, differ, and in what."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import Final

from inspector.cli.arguments import file_name, text
from inspector.cli.command import Command
from inspector.cli.commands.difference_lines import SIGNS, difference_lines
from inspector.cli.output import Output
from inspector.errors import UsageError
from inspector.exit_codes import Exit
from inspector.export.difference_json import unsaid
from inspector.history.difference import Change
from inspector.invisible import named
from inspector.plurals import counted, covered_note
from inspector.session.session import Session
from inspector.session.store_comparison import RecordChange, StoreComparison
from inspector.session.store_moment import open_moment, parse_moment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the two stores and what of them."""
    parser.add_argument(
        "before",
        metavar="A",
        type=file_name,
        help="the earlier store, or FILE@wal:N: as of a commit of its log",
    )
    parser.add_argument(
        "after",
        metavar="B",
        nargs="?",
        type=file_name,
        help="the later one, likewise; default: the store to read",
    )
    parser.add_argument("--kind", metavar="K", type=text, help="compare records of this kind only")


def prepare(words: argparse.Namespace) -> None:
    """Makes B the store to read.

    Raises:
        UsageError: that is named twice.
        StoreError, NotFoundError: there is no such commit of it.
    """
    if words.after is None:
        return
    if words.db is not None or words.demo or words.commit is not None:
        raise UsageError("B is named twice.", "Give A alone beside --db, --demo or --commit.")
    moment = parse_moment(words.after)
    if moment.commit is not None:
        # Of two files it has to be said which one has no such commit.
        open_moment(moment, words.schema).close()
    words.db, words.commit = moment.path, moment.commit


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """Says what differs; exit 1 where something does."""
    with closing(open_moment(parse_moment(words.before), words.schema)) as before:
        return _compare(before, session, words, output)


def _compare(before: Session, after: Session, words: argparse.Namespace, output: Output) -> int:
    found = StoreComparison(before, after, reveal=words.reveal_secrets)
    secrets = payloads = 0

    def progress(kind: str, done: int) -> None:
        output.progress(f"{named(kind)}: {counted(done, 'record')} compared")

    for change in found.run(words.kind, progress=progress):
        if words.json:
            output.text(change.line)
            output.flush()
            continue
        _lines(change, output, reveal=words.reveal_secrets)
        if change.sides is not None and change.difference is not None:
            covered = change.sides[0].covered | change.sides[1].covered
            told = unsaid(change.difference.entries, change.sides, covered)
            secrets, payloads = secrets + told.secrets, payloads + told.payloads
    if found.damage and not found.compared:
        raise found.damage[0]
    if not words.reveal_secrets:
        output.note(covered_note(secrets, payloads))
    _notes(found, before, output)
    incomplete = bool(found.damage or found.unreadable)
    return Exit.NO if found.counts.total() or incomplete else Exit.DONE


def _lines(change: RecordChange, output: Output, *, reveal: bool) -> None:
    sign = SIGNS[change.change]
    output.line(f"{sign} {change.change.value:8}{change.kind}/{change.id}")
    if change.sides is None:
        return
    if change.difference is None:
        output.line("    its bytes; it does not decode in both")
        return
    for line in difference_lines(change.difference.entries, *change.sides, reveal=reveal):
        output.line(f"    {line}")


def _notes(found: StoreComparison, before: Session, output: Output) -> None:
    for sentence in found.named:
        output.note(sentence)
    if found.unreadable > len(found.named):
        more = found.unreadable - len(found.named)
        output.note(f"{counted(more, 'more is', 'more are')} not compared")
    for damage in found.damage:
        output.note(f"{damage} What lies behind is not compared.")
    for note in before.notes:
        output.note(f"A, {before.store.path}: {note}")
    for count, what in (
        (found.alike, "the same in other bytes, or in other names of fields and values"),
        (found.renamed, "the same under another name of the kind"),
    ):
        if count:
            output.note(f"{counted(count, 'record is', 'records are')} {what}")
    told = ", ".join(f"{found.counts[one]:,} {one.value}" for one in _COUNTED)
    output.note(
        f"{counted(found.compared, 'record')} compared: {told}; versions and events are not."
    )


_COUNTED: Final = (Change.ADDED, Change.REMOVED, Change.CHANGED)


COMMAND = Command(run, add_arguments, tells_damage=True, prepare=prepare)
