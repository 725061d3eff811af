"""``events``: what the daemon keeps of a record beside it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from inspector.cli.arguments import add_record
from inspector.cli.command import Command
from inspector.cli.commands.record_command import check_names, names_of
from inspector.cli.notes import Covered
from inspector.cli.output import Output
from inspector.cli.readable_items import ReadableItems
from inspector.export.event_text import event_text
from inspector.export.stream import Stream
from inspector.history.stored_events import StoredEvent
from inspector.session.event_pages import every_event, resolve_events
from inspector.session.session import Session


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The events of a record, oldest first."""
    of = resolve_events(session, *names_of(words.names))
    found = ReadableItems(every_event(session, of) if of is not None else iter(()), "event", output)
    if words.json:
        _document(found, words, output)
    else:
        rows = ((e.name, e.stored_at, e.type, e.task, e.said, e.problem or "") for e in found)
        output.table(("NUMBER", "TIME", "TYPE", "TASK", "WHAT", "PROBLEM"), rows, "r")
    return found.end()


def _document(found: Iterator[StoredEvent], words: argparse.Namespace, output: Output) -> None:
    covered = Covered()
    stream = Stream(output.write, array=True)
    for event in found:
        written = event_text(event, reveal=words.reveal_secrets, level=1)
        stream.put(written.text)
        covered.add(written, f"event {event.name}")
    stream.close()
    output.replaced += stream.replaced
    covered.say(output)


COMMAND = Command(run, add_record, tells_damage=True, prepare=check_names)
