"""``dump``: all rows in the shape of the removed debug endpoint."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from typing import Final

from inspector.cli.arguments import text
from inspector.cli.command import Command
from inspector.cli.output import Output, encode
from inspector.cli.talk import Covered
from inspector.errors import Exit, StoreError
from inspector.export.json_object import Raw, object_text
from inspector.export.record_text import message_text, unwritable
from inspector.history.record import Record
from inspector.schema.catalog import display
from inspector.session.session import Session
from inspector.session.walking import stored
from inspector.store.types import Row

_IN_MEMORY: Final = 64 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the filter."""
    parser.add_argument("--filter", type=text, metavar="F", help="print this kind only")


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """Writes ``{"count", "records"}`` on one line."""
    covered = Covered()
    damage: StoreError | None = None
    count = 0
    # The count comes first and is known last: the records wait in a file of their own.
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        try:
            for row, record in stored(session, words.filter):
                entry = _entry(row, record, words.reveal_secrets, covered)
                spool.write(encode(("," if count else "") + entry))
                count += 1
                output.progress(f"{count:,} rows")
        except StoreError as error:
            damage = error
        damage = damage or session.store.damage
        if damage is not None and not count:
            raise damage
        spool.seek(0)
        output.text(f'{{"count":{json.dumps(count)},"records":[')
        shutil.copyfileobj(spool, output)
        output.text("]}\n")
    covered.say(output)
    output.note(str(damage or ""))
    return Exit.NO if damage else Exit.DONE


def _entry(row: Row, record: Record, reveal: bool, covered: Covered) -> str:
    key = f"{row.kind}/{row.id}"
    members: list[tuple[str, object]] = [("key", key), ("size", row.size)]
    why = unwritable(record)
    if not why:
        written = message_text(record, reveal=reveal, indent=None)
        covered.add(written, key)
        members.append(("value", Raw(written.text)))
    elif record.tree is not None and display(record.kind) is None:
        members.append(("error", f"unknown key prefix: {key}"))
    else:
        members.append(("error", why))
    return object_text(members, indent=None)


COMMAND = Command(run, add_arguments)
