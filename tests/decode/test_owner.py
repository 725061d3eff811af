"""Bytes to values and back: for any blob each byte has one owner, and a value its bytes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given

from inspector.decode.byte_map import at, merged, owner, ranges, unclaimed
from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.node import Node, NodeKind, Tree
from inspector.session.session import Session
from tests.builders.demo import wire
from tests.decode.blobs import Case, blobs
from tests.decode.types import type_of
from tests.places import REAL

Way = list[int]


def ways(tree: Tree) -> Iterator[tuple[Way, Node]]:
    stack: list[tuple[Way, Node]] = [([], tree.root)]
    while stack:
        way, node = stack.pop()
        yield way, node
        stack.extend(([*way, index], child) for index, child in enumerate(node.children))


def check(tree: Tree) -> None:
    """That a value's bytes lie within its span, and are its own or of what is within it."""
    owners = [owner(tree, offset) for offset in range(len(tree.data))]
    for way, node in ways(tree):
        for start, end in ranges(tree, node):
            assert node.start <= start < end <= node.end
            for offset in range(start, end):
                assert owners[offset][: len(way)] == way, (offset, way, owners[offset])
    for offset, way in enumerate(owners):
        node = at(tree, way)
        assert node.start <= offset < node.end
        assert way or not tree.root.children, f"byte {offset} belongs to the record alone"


@given(blobs())
def test_every_byte_has_an_owner_and_every_value_its_bytes(case: Case) -> None:
    name, full_name, data = case
    check(decode(data, type_of(name, full_name)))


@given(blobs())
def test_a_blob_without_a_schema_too(case: Case) -> None:
    tree = decode(case[2], None)
    check(tree)
    assert unclaimed(tree) == []


def test_records_of_the_real_stores() -> None:
    session = Session.open(REAL / "v2-clean" / "stigmer.db")
    checked = 0
    for kind in session.kinds():
        head = min(session.records(kind.kind).rows, key=lambda row: row.size)
        tree = session.record(kind.kind, head.id).tree
        assert tree is not None
        check(tree)
        checked += len(tree.data)
    assert checked > 1000


def test_a_value_between_two_parts_of_another_is_its_own() -> None:
    tree = decode(
        wire.integer(2, 1) + wire.integer(1, 7) + wire.integer(2, 2),
        type_of("2026-01-26", "google.protobuf.Timestamp"),
    )
    check(tree)
    assert [at(tree, owner(tree, offset)).kind for offset in range(6)] == [
        *(NodeKind.SHADOWED, NodeKind.SHADOWED),
        *(NodeKind.SCALAR, NodeKind.SCALAR),
        *(NodeKind.SCALAR, NodeKind.SCALAR),
    ]


def test_bytes_that_are_no_wire_format_belong_to_no_field() -> None:
    tree = decode(wire.integer(1, 7) + b"\x0f\xff\xff", None)
    assert unclaimed(tree) == [(2, 5)]


def test_a_document_has_its_own_punctuation() -> None:
    text = b'{"a": [1, 22], "b": "x"}'
    tree = read_document(text)
    assert [at(tree, owner(tree, text.index(part))).label for part in (b"22", b'"b"', b'"x"')] == [
        *(1, "b", "b")
    ]
    assert at(tree, owner(tree, text.index(b", 22"))).label == "a"
    assert owner(tree, text.index(b', "b"')) == []
    assert unclaimed(tree) == []


def test_ten_thousand_levels() -> None:
    tree = read_document(b'{"a":' * 10_000 + b"1" + b"}" * 10_000)
    way = owner(tree, 50_000)
    assert len(way) == 10_000
    assert at(tree, way).value == 1


@pytest.mark.parametrize(
    ("found", "result"),
    [
        ([(3, 5), (0, 3)], [(0, 5)]),
        ([(0, 9), (2, 3)], [(0, 9)]),
        ([(4, 4), (1, 2)], [(1, 2)]),
    ],
)
def test_ranges_that_touch_are_one(
    found: list[tuple[int, int]], result: list[tuple[int, int]]
) -> None:
    assert merged(found) == result
