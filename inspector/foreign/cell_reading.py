"""A value of a table read as a map, or a person, says that its column is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from inspector.decode.choice import Choice
from inspector.decode.document import read_document
from inspector.decode.node import Node, Tree
from inspector.errors import UsageError
from inspector.foreign.blob_reading import blob_record
from inspector.foreign.column_map import WORDS, ColumnReading, ReadAs
from inspector.foreign.message_set import MessageSet, find_message
from inspector.foreign.wrappers import unwrapped
from inspector.history.record import Record
from inspector.named_tuple import NamedTuple

_DOCUMENT: Final = Choice(reason="its column is read as JSON")


class CellReading(NamedTuple):
    """What a value is read as.

    Attributes:
        data: its bytes, unwrapped.
        record: it in the form of a record: a message, a JSON document, or bytes by number.
        text: it as text, where that is what it is read as.
        name: what it is read as: a message's full name, or a word.
        schema: the name of the schema that has the message; empty for what is none.
    """

    data: bytes
    record: Record | None
    text: str | None
    name: str
    schema: str = ""


def stored_bytes(value: bytes | str) -> bytes:
    """The bytes of a value; a text's are its UTF-8, or what it was in place of it."""
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value


def read_cell(
    data: bytes,
    reading: ColumnReading,
    row: Mapping[str, object],
    sets: Sequence[MessageSet],
    *,
    key: str,
    secrets: Collection[str] = (),
) -> CellReading:
    """A value as its column is read.

    Args:
        data: as it is stored.
        reading: what it is read as.
        row: all values of its row by column.
        sets: the messages there are.
        key: which row it is of.
        secrets: names that stay covered in a JSON document; of a message its fields know.

    Raises:
        InspectorError: it is not of that form, or nothing says what the message is.
    """
    data = unwrapped(data, reading.unpack)
    table = reading.table
    if reading.read_as is ReadAs.RAW:
        record = blob_record(data, None, table=table, key=key, schema="")
        return CellReading(data, record, None, WORDS[ReadAs.RAW])
    if reading.read_as is ReadAs.TEXT:
        try:
            return CellReading(data, None, data.decode(), WORDS[ReadAs.TEXT])
        except UnicodeDecodeError:
            raise UsageError("It is not UTF-8.") from None
    if reading.read_as is ReadAs.JSON:
        tree = read_document(data)
        if tree.malformed:
            raise UsageError("It is not JSON.")
        hidden = _named(tree, secrets)
        record = Record(
            *(table, key, len(data), None, None, _DOCUMENT, tree, hidden),
            json_store=True,
            display_kind=WORDS[ReadAs.JSON],
        )
        return CellReading(data, record, None, WORDS[ReadAs.JSON])
    name = reading.message_of(row)
    if not name:
        raise UsageError("The map names no message for this row.")
    schema, message = find_message(sets, name, reading.schema)
    record = blob_record(data, message, table=table, key=key, schema=schema)
    return CellReading(data, record, None, message.full_name, schema)


def _named(tree: Tree, names: Collection[str]) -> frozenset[int]:
    """``id()`` of the values of a document that stand under one of some names."""
    found: set[int] = set()
    stack: list[Node] = [tree.root] if names else []
    while stack:
        for child in stack.pop().children:
            if isinstance(child.label, str) and child.label in names:
                found.add(id(child))
            elif child.children:
                stack.append(child)
    return frozenset(found)
