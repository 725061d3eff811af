"""Single texts of a usual blob, found without a tree."""

from __future__ import annotations

import tracemalloc

import pytest

from inspector.decode.choice import Expectation, read
from inspector.decode.partial_decode import text_on, text_way, top_of
from inspector.decode.record_summary import text
from inspector.schema.catalog import merged_schema
from inspector.schema.types import MessageType
from tests.decode.damage import demo_blobs, real_blobs

NAMES = (("metadata", "id"), ("kind",), ("status", "version_hash"), ("metadata", "slug"))


def expectation(kind: str) -> Expectation:
    merged = merged_schema()
    key = merged.root(kind)
    assert key is not None
    return Expectation(merged, key, merged.clue(kind))


def agent() -> MessageType:
    return expectation("agent").message


@pytest.mark.parametrize("names", NAMES, ids=".".join)
def test_a_text_is_the_one_of_the_tree(names: tuple[str, ...]) -> None:
    found = 0
    for one in (*real_blobs("v2-clean"), *demo_blobs()):
        expected = expectation(one.kind)
        reading = read(one.data, expected)
        way = text_way(expected.message, *names)
        assert way is not None
        # Only of such a blob may it be asked, and only where nothing else was chosen.
        if reading.tree.odd or reading.tree.type is not expected.message:
            continue
        own = text_on(one.data, way)
        assert own == text(reading.tree.root, *names)
        found += own is not None
    assert found > 20


def test_what_the_message_does_not_have_is_no_text() -> None:
    assert text_way(agent(), "metadata", "nothing") == ()
    assert text_way(agent(), "nothing", "id") == ()
    assert text_on(b"\x0a\x01x", ()) is None


def test_what_is_not_plain_has_no_way() -> None:
    assert text_way(agent(), "metadata") is None, "a message"
    assert text_way(agent(), "kind", "id") is None, "within a text"
    assert text_way(agent(), "metadata", "labels") is None, "a map"
    assert text_way(agent(), "metadata", "visibility") is None, "an enum"


@pytest.mark.parametrize("piece", [b"\x1a\x00", b"\x1a\x02\x0a\x00"], ids=["empty", "with a text"])
def test_a_top_in_many_pieces_takes_little_memory(piece: bytes) -> None:
    message = agent()
    data = piece * 100_000 + b"\x1a\x05\x0a\x03end" + piece * 10
    tracemalloc.start()
    try:
        found = top_of(data, message, 1 << 16)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.broken is None
    assert found.summary.name == ("end" if len(piece) == 2 else None)
    assert peak < 8 * len(data)
