"""``dump``: all rows in the shape of the removed debug endpoint."""

from __future__ import annotations

import argparse
import json

from inspector.cli.arguments import text
from inspector.cli.command import Command
from inspector.cli.notes import Covered
from inspector.cli.output import Output
from inspector.decode.transcoding import LongText, Transcoded
from inspector.errors import StoreError
from inspector.exit_codes import Exit
from inspector.export.json_object import PartsWriter, Put, write_object
from inspector.export.record_text import unwritable, write_message
from inspector.history.record import Record
from inspector.plurals import counted
from inspector.schema.catalog import display
from inspector.session.session import Session
from inspector.session.walking import stored
from inspector.store.rows import Row
from inspector.store.temporary_places import Spool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the filter."""
    parser.add_argument("--filter", type=text, metavar="F", help="print this kind only")


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """Writes ``{"count", "records"}`` on one line."""
    covered = Covered()
    damage: StoreError | None = None
    count = unreadable = 0
    # The count comes first and is known last: the records wait aside.
    with Spool(session.store.real_path) as spool:
        try:
            for row, found in stored(session, words.filter, reveal=words.reveal_secrets):
                together = PartsWriter(lambda text: spool.write(output.encoded(text)))
                together.put("," if count else "")
                if isinstance(found, Record):
                    _entry(row, found, words.reveal_secrets, covered, together.put)
                    unreadable += found.tree is None
                else:
                    _usual_entry(row, found, together, spool)
                    covered.add_secrets(found.covered)
                together.flush()
                count += 1
                output.progress(counted(count, "row"))
        except StoreError as error:
            damage = error
        damage = damage or session.store.damage
        if damage is not None and count == unreadable:
            raise damage
        output.text(f'{{"count":{json.dumps(count)},"records":[')
        spool.hand_on(output.write)
        output.text("]}\n")
    covered.say(output)
    if unreadable:
        output.note(f"{unreadable:,} of the rows cannot be read; their errors say why")
    output.note(str(damage or ""))
    return Exit.NO if damage is not None or unreadable else Exit.DONE


def _usual_entry(
    row: Row, found: Transcoded | LongText, together: PartsWriter, spool: Spool
) -> None:
    """An entry whose message is JSON in UTF-8 already: it is not made a text first."""

    def message(_put: Put) -> None:
        together.flush()
        found.write(spool.write)

    members = (("key", f"{row.kind}/{row.id}"), ("size", row.size), ("value", message))
    write_object(members, together.put, indent=None)


def _entry(row: Row, record: Record, reveal: bool, covered: Covered, put: Put) -> None:
    key = f"{row.kind}/{row.id}"
    members: list[tuple[str, object]] = [("key", key), ("size", row.size)]
    why = unwritable(record)
    if not why:

        def message(out: Put) -> None:
            covered.add(write_message(record, out, reveal=reveal, indent=None), key)

        members.append(("value", message))
    elif record.tree is not None and display(record.kind) is None:
        members.append(("error", f"unknown key prefix: {key}"))
    else:
        members.append(("error", why))
    write_object(members, put, indent=None)


COMMAND = Command(run, add_arguments)
