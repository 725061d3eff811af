"""``dump``: all rows in the shape of the removed debug endpoint."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator

from inspector.cli.output import Output, encode
from inspector.errors import Exit
from inspector.export.json_object import Raw, object_text
from inspector.export.record_text import covered_note, message_text, unwritable
from inspector.schema.kinds import normal_kind
from inspector.session.session import Session
from inspector.store.types import Row

_IN_MEMORY = 64 << 20


def dump(session: Session, words: argparse.Namespace, output: Output) -> int:
    """Writes ``{"count", "records"}`` on one line."""
    reader = session.reader()
    notes: Counter[str] = Counter()
    covered = count = 0
    # The count comes first and is known last: the records wait in a file of their own.
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        for row in _rows(session, words.filter):
            record = reader.record(row)
            members: list[tuple[str, object]] = [
                ("key", f"{row.kind}/{row.id}"),
                ("size", row.size),
            ]
            why = unwritable(record)
            if why:
                members.append(("error", why if record.known_kind else _unknown(row)))
            else:
                written = message_text(record, reveal=words.reveal_secrets, indent=None)
                members.append(("value", Raw(written.text)))
                notes.update(written.notes)
                covered += written.covered
            spool.write(encode(("," if count else "") + object_text(members, indent=None)))
            count += 1
        spool.seek(0)
        output.text(f'{{"count":{json.dumps(count)},"records":[')
        shutil.copyfileobj(spool, output.data)
        output.text("]}\n")
    for note, times in notes.items():
        output.note(f"{note} ({times} records)" if times > 1 else note)
    output.note(covered_note(covered))
    return Exit.DONE


def _unknown(row: Row) -> str:
    return f"unknown key prefix: {row.kind}/{row.id}"


def _rows(session: Session, only: str | None) -> Iterator[Row]:
    if only is None:
        return session.store.raw_rows(None)
    wanted = normal_kind(only)
    rows = session.store.raw_rows(None)
    return (row for row in rows if row.kind == only or normal_kind(row.kind) == wanted)
