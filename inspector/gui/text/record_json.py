"""A record as JSON: what the JSON pane shows and what an export writes are the same text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from inspector.decode.secrets import count_covered
from inspector.errors import CancelledError
from inspector.export.event_text import event_text
from inspector.export.json_losses import plain_notes
from inspector.export.json_object import PartsWriter, encode, replaced, replaced_note, whole
from inspector.export.record_text import (
    Written,
    envelope_text,
    message_text,
    unwritable,
    write_envelope,
    write_message,
)
from inspector.export.replaced_file import refuse_store, replacing
from inspector.gui.style.text_format import count
from inspector.history.stored_events import StoredEvent
from inspector.named_tuple import NamedTuple
from inspector.session.summaries import Record
from inspector.store.rows import Cancel


class JsonText(NamedTuple):
    """JSON of a record or an event, or what is made of it.

    Attributes:
        text: without a final newline.
        covered: how many secrets are covered in it.
        why: why it is the envelope, with the blob's facts, instead of the message; else empty.
        lost: sentences about what it leaves out or changes; empty where it says all.
        cut: whether only the first part of it was asked for and is there.
    """

    text: str
    covered: int
    why: str
    lost: str
    cut: bool = False


#: Pieces of JSON, such as a name with its value or a bracket, that are shown at most.
MOST: Final = 500_000


class _EnoughError(Exception):
    """The first part is there."""


#: What is made of a record, such as its JSON.
Make = Callable[[Record], JsonText]


def json_of(record: Record, *, reveal: bool) -> JsonText:
    """The message of a record as JSON, or its envelope where there is no message."""
    why = unwritable(record)
    make = envelope_text if why else message_text
    written = make(record, reveal=reveal)
    return _json(written, why)


def first_json_of(record: Record, *, reveal: bool, cancel: Cancel | None = None) -> JsonText:
    """What :func:`json_of` gives, to be looked at: of very many pieces the first :data:`MOST`.

    Raises:
        CancelledError: ``cancel`` was set.
    """
    why = unwritable(record)
    write = write_envelope if why else write_message
    # Half a million texts of some letters take ten times as much as one of all, and one character
    # beyond the first 65,536 makes four bytes of each in its part.
    text = bytearray()
    together = PartsWriter(lambda part: text.extend(part.encode("utf-8", "surrogatepass")))
    pieces = 0

    def put(part: str) -> None:
        nonlocal pieces
        if pieces >= MOST:
            raise _EnoughError
        if cancel is not None and cancel.is_set():
            raise CancelledError("Cancelled.")
        pieces += 1
        together.put(part)

    try:
        written = write(record, put, reveal=reveal)
    except _EnoughError:
        together.flush()
        shown = whole(text.decode("utf-8", "surrogatepass"))
        hidden = frozenset[int]() if reveal or record.tree is None else record.covered
        secrets = count_covered(record.tree.root, hidden) if record.tree is not None else 0
        return JsonText(shown, secrets, why, "", cut=True)
    together.flush()
    return _json(written._replace(text=text.decode("utf-8", "surrogatepass")), why)


def event_json(event: StoredEvent, *, reveal: bool) -> JsonText:
    """An event as the command line writes it."""
    return _json(event_text(event, reveal=reveal), "")


def _json(written: Written, why: str) -> JsonText:
    # As it is exported: a clipboard takes no halves of characters either.
    halves = replaced(written.text)
    notes = [*plain_notes(written.notes), *plain_notes([replaced_note(halves)])]
    return JsonText(whole(written.text), written.covered, why, " ".join(notes))


def export(record: Record, path: Path, store: Path, *, reveal: bool) -> str:
    """Write a record to a file that is replaced whole or not at all.

    Returns:
        A sentence about what was written.

    Raises:
        UsageError: the file cannot be written, or belongs to the store.
    """
    refuse_store(path, store)
    written = json_of(record, reveal=reveal)
    with replacing(path) as file:
        file.write(encode(written.text + "\n"))
    what = "Envelope" if written.why else "Record"
    lost = f" {written.lost}" if written.lost else ""
    return f"{what} exported to {path}.{exported_as_covered(written.covered)}{lost}"


def exported_as_covered(secrets: int) -> str:
    """What is said of the secrets of an export, after a blank; nothing where none is covered."""
    return f" {count(secrets, 'secret')} exported as [covered]." if secrets else ""


def said_of_losses(records: int) -> str:
    """What is said of records that JSON cannot say all of, after a blank; nothing for none."""
    if not records:
        return ""
    return f" JSON leaves out or changes something of {count(records, 'record')}."
