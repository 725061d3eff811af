"""A blob that is no record, read with a message or by number, in the form of a record."""

from __future__ import annotations

from typing import Final

from inspector.decode.choice import Choice
from inspector.decode.decoder import decode
from inspector.decode.problems import findings
from inspector.decode.secrets import covered
from inspector.history.record import Problem, Record, shown_path
from inspector.schema.types import MessageType

_ERRORS: Final = frozenset(("undecodable", "invalid-utf8"))
_BY_NUMBER: Final = Choice(reason="no message was chosen for it")


def blob_record(
    data: bytes, message: MessageType | None, *, table: str, key: str, schema: str
) -> Record:
    """A blob in the form of a record.

    Args:
        data: the blob, unwrapped.
        message: what it is; None to read it by number.
        table: what it is of, in place of a kind.
        key: which one it is, in place of an id.
        schema: the name of the message's schema.
    """
    tree = decode(data, message)
    hidden = covered(tree) if message is not None else frozenset[int]()
    choice = Choice(named=schema, reason="asked for") if message is not None else _BY_NUMBER
    problems = []
    for code, place, text, times in findings(tree):
        severity = "error" if code in _ERRORS else "warning"
        if message is None and severity != "error":
            continue  # without a schema every field is unknown
        path, offset = shown_path(place, hidden), place.node.start
        problems.append(Problem(severity, code, path, offset, text, times))
    name = message.full_name if message is not None else table
    return Record(
        *(table, key, len(data), None, None, choice, tree, hidden, tuple(problems)),
        display_kind=name,
    )
