"""``commits``: what the write-ahead log still holds of the store's past."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Final

from inspector.cli.command import Command
from inspector.cli.output import Output
from inspector.exit_codes import Exit
from inspector.plurals import counted
from inspector.session.log_history import commits
from inspector.session.session import Session
from inspector.store.commit_history import CommitFacts
from inspector.store.commits import BEGUN_ANEW, NO_COMMITS, LogState
from inspector.store.touched_records import TouchedRecord, by_touch

_NAMED: Final = 3  #: records that a commit did the same to, in a table for people


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The commits of the log, oldest first."""
    log = session.log_state()

    def progress(done: int, total: int) -> None:
        output.progress(f"{done:,} of {counted(total, 'commit')}")

    found = commits(session, progress=progress, log=log)
    if not found:
        session.facts()  # where it is no database, none lacks a log
    if words.json:
        output.document(
            [
                {
                    "number": one.number,
                    "pages": one.pages,
                    "records": None
                    if one.records is None
                    else [
                        {"kind": record.kind, "id": record.id, "event": record.touch.value}
                        for record in one.records
                    ],
                }
                for one in found
            ]
        )
    else:
        rows = [(one.number, one.pages, _records(one)) for one in found]
        output.table(("COMMIT", "PAGES", "RECORDS"), rows, "rr")
    for note in _notes(log, found):
        output.note(note)
    return Exit.DONE


def _records(one: CommitFacts) -> str:
    if one.refusal is not None:
        return "? no longer readable"
    if one.records is None:
        return "? unknown"
    words = (f"{touch.value} {_named(some)}" for touch, some in by_touch(one.records))
    return "; ".join(words) or "none"


def _named(records: Sequence[TouchedRecord]) -> str:
    named = ", ".join(f"{record.kind}/{record.id}" for record in records[:_NAMED])
    more = len(records) - _NAMED
    return f"{named} and {more:,} more" if more > 0 else named


def _notes(log: LogState, found: Sequence[CommitFacts]) -> list[str]:
    """What is to be said of the commits that are not there, or not to be read."""
    if log.begun_anew:
        return [BEGUN_ANEW.format(";")]
    if not found:
        return [NO_COMMITS]
    notes = []
    for why in dict.fromkeys(one.refusal for one in found if one.refusal is not None):
        numbers = [one.number for one in found if one.refusal == why]
        noun = "commit" if len(numbers) == 1 else "commits"
        notes.append(f"{len(numbers):,} {noun} can no longer be read: {why}.")
    known = (one for one in found if not {one.number, one.number - 1} & log.refusals.keys())
    if any(one.records is None for one in known):
        notes.append("The file is damaged; what some commits touched is not known.")
    if log.log.older:
        notes.append("Frames of an older generation follow; what they held lies in the database.")
    return notes


COMMAND = Command(run, any_sqlite=True)
