"""``events``: what the daemon keeps of a record beside it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from inspector.cli.arguments import add_record
from inspector.cli.command import Command
from inspector.cli.commands.record_command import check_names, names_of
from inspector.cli.notes import Covered
from inspector.cli.output import Output
from inspector.errors import StoreError
from inspector.exit_codes import Exit
from inspector.export.event_text import event_text
from inspector.export.stream import Stream
from inspector.history.stored_events import StoredEvent
from inspector.session.event_pages import every_event, resolve_events
from inspector.session.session import Session


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The events of a record, oldest first."""
    of = resolve_events(session, *names_of(words.names))
    found = _Readable(every_event(session, of) if of is not None else iter(()), output)
    if words.json:
        _document(found, words, output)
    else:
        rows = ((e.name, e.stored_at, e.type, e.task, e.said, e.problem or "") for e in found)
        output.table(("NUMBER", "TIME", "TYPE", "TASK", "WHAT", "PROBLEM"), rows, "r")
    if found.damage is not None:
        output.note(str(found.damage))
        return Exit.NO
    return Exit.DONE


def _document(found: _Readable, words: argparse.Namespace, output: Output) -> None:
    covered = Covered()
    stream = Stream(output.write, array=True)
    for event in found:
        written = event_text(event, reveal=words.reveal_secrets, level=1)
        stream.put(written.text)
        covered.add(written, f"event {event.name}")
    stream.close()
    output.replaced += stream.replaced
    covered.say(output)


class _Readable:
    """Events as far as the file can be read, and what ended them early.

    Raises:
        StoreError: nothing of it can be read.
    """

    def __init__(self, events: Iterator[StoredEvent], output: Output) -> None:
        self._events = events
        self._output = output
        self.damage: StoreError | None = None

    def __iter__(self) -> Iterator[StoredEvent]:
        count = 0
        try:
            for count, event in enumerate(self._events, 1):
                self._output.progress(f"{count:,} events")
                yield event
        except StoreError as error:
            if not count:
                raise
            self.damage = error


COMMAND = Command(run, add_record, tells_damage=True, prepare=check_names)
