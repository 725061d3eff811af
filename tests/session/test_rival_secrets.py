"""What another possible reading of a blob would cover is covered in the one that is shown."""

from __future__ import annotations

from inspector.decode.choice import Choice, Reading, Rival
from inspector.decode.decoder import decode
from inspector.schema.catalog import merged_schema
from inspector.schema.types import Field, MessageType, ScalarType, SecretRule
from inspector.session.reading import secret_ranges
from inspector.session.session import Session
from tests.builders.demo import wire

NOTE = Field(1, "note", "note", ScalarType.STRING)
KEY = Field(1, "key", "key", ScalarType.STRING, secret=SecretRule.ALWAYS)
PLAIN = MessageType("test.Plain", {1: NOTE})
KEYED = MessageType("test.Keyed", {1: KEY}, has_secrets=True)


def test_a_secret_of_a_rival_reading_is_covered() -> None:
    """No field of the reading that is shown says that it may be one; only the rival knows."""
    data = wire.text(1, "a key to one, a note to the other")
    shown, rival = decode(data, PLAIN), decode(data, KEYED)
    choice = Choice(merged_schema(), rivals=(Rival(1, rival),))
    reading = Reading(shown, choice)
    [note] = shown.root.children
    assert secret_ranges(reading) == [(note.body, note.end)]
    reader = Session.demo().reader()
    assert reader.covered(reading, "agent", None) == {id(note)}
    without = Reading(shown, Choice(merged_schema()))
    assert reader.covered(without, "agent", None) == frozenset()
