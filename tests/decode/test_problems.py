"""What is odd within a tree, and what its JSON leaves out."""

from __future__ import annotations

import pytest

from inspector.decode.decoder import decode
from inspector.decode.node import Tree
from inspector.decode.problems import (
    MOST,
    findings,
    inexpressible,
    payload,
    unknown_fields,
    wire_name,
)
from tests.builders.demo import wire
from tests.decode.damage import real_blobs
from tests.decode.types import EVERYTHING, MADE, type_of


def tree_of(data: bytes) -> Tree:
    return decode(data, type_of(MADE, EVERYTHING))


def found(data: bytes) -> list[tuple[str, str]]:
    return [(one.code, one.place.path) for one in findings(tree_of(data))]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (wire.integer(990, 1), [("unknown-field", "<990>")]),
        (wire.text(5, "x"), [("unknown-field", "<5>")]),
        (wire.text(17, wire.integer(990, 1)), [("unknown-field", "a_message.<990>")]),
        (wire.group(990, wire.integer(1, 1)), [("unknown-field", "<990>")]),
        (wire.text(9, b"\xff"), [("invalid-utf8", "a_string")]),
        (wire.text(109, b"\xff"), [("invalid-utf8", "some_string[0]")]),
        (wire.text(9, b"\xff") + wire.text(9, "x"), [("invalid-utf8", "a_string")]),
        (wire.text(409, wire.text(1, b"\xff")), [("invalid-utf8", 'map409["\ufffd"]')]),
        (wire.text(601, wire.struct_entry("k", wire.text(3, b"\xff"))),
         [("invalid-utf8", 'known601["k"]')]),
        (wire.integer(12, 77), [("unknown-enum", "a_enum")]),
        (wire.integer(112, -1), [("unknown-enum", "some_enum[0]")]),
        (wire.integer(12, 2), []),
        (b"\x0f", [("undecodable", "")]),
        (wire.text(17, b"\x0f"), [("undecodable", "a_message")]),
        (wire.text(105, b"\x80"), [("undecodable", "some_int32")]),
        (wire.text(409, b"\x0f"), [("undecodable", 'map409[""]')]),
        (wire.text(217, b"\x0f") + wire.integer(205, 1), [("undecodable", "")]),
        (wire.integer(5, 0) + wire.integer(5, 1), []),
    ],
)  # fmt: skip
def test_findings(data: bytes, expected: list[tuple[str, str]]) -> None:
    assert found(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (wire.integer(990, 1), [("unknown", "<990>")]),
        (wire.text(9, b"\xff"), [("invalid-utf8", "a_string")]),
        (wire.text(9, b"\xff") + wire.text(9, "x"), []),
        (wire.text(604, wire.integer(1, 1 << 60)), [("out-of-range", "known604")]),
        (wire.text(605, wire.integer(2, 1 << 31)), [("out-of-range", "known605")]),
        (wire.text(604, wire.integer(1, 1)), []),
        (wire.integer(12, 77), []),
    ],
)
def test_what_json_does_not_say(data: bytes, expected: list[tuple[str, str]]) -> None:
    assert [(what, place.path) for what, place in inexpressible(tree_of(data))] == expected


def test_unknown_fields_with_their_bytes() -> None:
    parts = [
        wire.integer(990, 300),
        wire.double(991, 0.5),
        wire.text(992, "some text"),
        wire.group(993, wire.integer(1, 5)),
        wire.fixed32(994, 7),
        wire.text(5, "of another type than declared"),
        wire.group(995, b""),
    ]
    data = b"".join(parts)
    fields = unknown_fields(tree_of(data))
    assert [data[one.offset : one.offset + one.length] for one in fields] == parts
    assert [one.wire_type for one in fields] == [0, 1, 2, 3, 5, 2, 3]
    assert [one.number for one in fields] == [990, 991, 992, 993, 994, 5, 995]
    assert fields[0].data == wire.varint(300)
    assert fields[2].data == b"some text"
    assert fields[3].data == wire.integer(1, 5)
    assert fields[6].data == b""


def test_unknown_fields_of_a_map_entry_are_kept() -> None:
    """Protobuf's own readers drop them, or take the whole entry for unknown."""
    entry = wire.text(1, "k") + wire.text(2, "v") + wire.integer(9, 1)
    tree = tree_of(wire.text(409, entry))
    [field] = unknown_fields(tree)
    assert (field.path, field.number) == ('map409["k"].<9>', 9)
    [listed] = tree.root.children
    assert [(one.label, one.value) for one in listed.children] == [("k", "v")]


def test_payload_and_wire_type_in_words() -> None:
    data = wire.text(992, "some text") + wire.integer(990, 1) + wire.text(9, "x")
    tree = tree_of(data)
    text, first, second = tree.root.children
    assert [wire_name(node) for node in (text, first, second)] == [
        "length-delimited", "length-delimited", "varint",
    ]  # fmt: skip
    assert [payload(tree, node) for node in (text, first, second)] == [b"x", b"some text", b"\x01"]


def test_nothing_is_odd_about_what_a_daemon_wrote() -> None:
    for store in ("v0", "v2-clean"):
        for blob in real_blobs(store):
            tree = decode(blob.data, type_of(blob.release, blob.full_name))
            assert not tree.odd
            assert list(findings(tree)) == []
            assert unknown_fields(tree) == []
            assert inexpressible(tree) == []


def test_what_is_odd_in_the_same_way_too_often_is_told_as_one() -> None:
    data = wire.integer(990, 1) * (MOST + 7) + wire.integer(12, 77) + wire.text(9, b"\xff")
    told = list(findings(tree_of(data)))
    unknown = [one for one in told if one.code == "unknown-field"]
    assert len(unknown) == MOST + 1
    assert [one.times for one in unknown] == [1] * MOST + [7]
    assert unknown[-1].place.path == f"<990>[{MOST}]"
    assert unknown[-1].message == "7 more like those before, from here on."
    assert {one.code for one in told} == {"unknown-field", "unknown-enum", "invalid-utf8"}
    exact = list(findings(tree_of(wire.integer(990, 1) * MOST)))
    assert [one.times for one in exact] == [1] * MOST
