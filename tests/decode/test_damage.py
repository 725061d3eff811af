"""Any bytes give a tree that has all of them, and what protobuf refuses is said to be broken."""

from __future__ import annotations

import os
from random import Random

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.decoder import decode
from inspector.decode.json_writer import write
from inspector.decode.node import NodeKind, Tree
from inspector.decode.paths import walk
from inspector.decode.problems import findings, inexpressible, unknown_fields
from inspector.decode.secrets import covered
from tests.builders.demo import wire
from tests.decode.damage import Blob, demo_blobs, mutated, real_blobs
from tests.decode.reference import of_message, of_root
from tests.decode.spans import check_spans
from tests.decode.types import EVERYTHING, FAR, MADE, class_of, storable, type_of

#: Set STIGMER_INSPECTOR_FUZZ=full for the long run.
MUTATIONS = 1_000_000 if os.environ.get("STIGMER_INSPECTOR_FUZZ") == "full" else 20_000
PARTS = 8


def read(name: str, full_name: str, data: bytes) -> Tree:
    """The tree of any bytes, everything asked of it that a window or a command line asks."""
    tree = decode(data, type_of(name, full_name))
    check_spans(tree)
    assert not (tree.malformed and not tree.odd)
    unknown_fields(tree)
    inexpressible(tree)
    write(tree.root, covered(tree))
    return tree


def check_beside_protobuf(name: str, full_name: str, data: bytes) -> None:
    """Broken for protobuf is broken for us; else both read the same."""
    tree = read(name, full_name, data)
    codes = {found.code for found in findings(tree)}
    assert ("undecodable" in codes) == tree.malformed
    try:
        message = class_of(name, full_name).FromString(data)
    except DecodeError:
        assert tree.malformed or "invalid-utf8" in codes or _lost_message(tree)
        return
    assert not tree.malformed
    assert "invalid-utf8" not in codes
    if not _unknown_in_entry(tree):
        assert of_root(tree.root, type_of(name, full_name), data) == of_message(message)


def _lost_message(tree: Tree) -> bool:
    """Whether a message was replaced, in which text may be that is no UTF-8."""
    nodes = (place.node for place in walk(tree.root))
    return any(node.kind == NodeKind.SHADOWED and node.field is not None for node in nodes)


def _unknown_in_entry(tree: Tree) -> bool:
    """Whether a map entry has unknown fields: upb then takes the whole entry for unknown.

    The daemon's own protobuf (Go) keeps such an entry and drops the unknown fields.
    """
    for place in walk(tree.root):
        if place.node.kind in (NodeKind.MAP, NodeKind.STRUCT):
            for entry in place.node.children:
                if any(child.kind == NodeKind.UNKNOWN for child in entry.children):
                    return True
    return False


@given(st.sampled_from(storable()), st.binary(max_size=64))
def test_any_bytes_have_a_tree(case: tuple[str, str], data: bytes) -> None:
    check_beside_protobuf(*case, data)


@given(st.binary(max_size=64))
def test_any_bytes_have_a_tree_without_a_schema(data: bytes) -> None:
    tree = decode(data, None)
    check_spans(tree)
    assert all(child.kind >= NodeKind.UNKNOWN for child in tree.root.children)


@pytest.mark.parametrize("part", range(PARTS))
def test_mutated_blobs(part: int) -> None:
    pool = [*real_blobs("v0"), *real_blobs("v2-clean"), *demo_blobs()]
    random = Random(part)
    for _ in range(MUTATIONS // PARTS):
        blob, other = random.choice(pool), random.choice(pool)
        data = mutated(blob.data[:8000], random, other.data)
        check_beside_protobuf(blob.release, blob.full_name, data)


def test_every_prefix_of_a_record() -> None:
    for store in ("v0", "v2-clean"):
        for blob in _one_of_each_kind(store):
            for size in range(min(len(blob.data), 700)):
                check_beside_protobuf(blob.release, blob.full_name, blob.data[:size])


def _one_of_each_kind(store: str) -> list[Blob]:
    return list({blob.kind: blob for blob in real_blobs(store)}.values())


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x80\x80\x80\x80\x80\x01\x00", id="a tag of six bytes"),
        pytest.param(b"\x88\x80\x80\x80\x10\x05", id="a tag past 32 bits"),
        pytest.param(b"\x00\x00", id="number zero"),
        pytest.param(b"\x0e", id="wire type 6"),
        pytest.param(b"\x0f", id="wire type 7"),
        pytest.param(b"\x0c", id="a group that ends before it begins"),
        pytest.param(b"\x9b\x3e", id="a group without an end"),
        pytest.param(b"\x9b\x3e\xa4\x3e", id="a group that ends as another"),
        pytest.param(b"\x9b\x3e\x00\x9c\x3e", id="a group that holds number zero"),
        pytest.param(wire.tag(5, 0) + b"\x80" * 10 + b"\0", id="a varint of eleven bytes"),
        pytest.param(wire.tag(5, 0) + b"\xff" * 9 + b"\x7f", id="a varint of more than 64 bits"),
        pytest.param(wire.tag(998, 2) + b"\x80" * 5 + b"\0", id="a length of six bytes"),
        pytest.param(wire.tag(9, 2) + b"\x80" * 4 + b"\0", id="a length of five bytes"),
        pytest.param(wire.tag(9, 2) + b"\xff\xff\xff\xff\x0f", id="a length of 4 GiB"),
        pytest.param(wire.text(FAR, "x") + wire.text(FAR + 2048, "x"), id="tags of three bytes"),
        pytest.param(wire.tag(101, 2) + b"\x09" + b"\0" * 9, id="a packed double and a byte"),
        pytest.param(wire.tag(103, 2) + b"\x02\x01\x80", id="a packed varint cut off"),
        pytest.param(wire.tag(401, 2) + b"\x02\x0a\x05", id="an entry cut off"),
        pytest.param(wire.tag(601, 2) + b"\x03\x0a\x05\x0a", id="a Struct cut off"),
        pytest.param(wire.tag(602, 2) + b"\x02\x11\x00", id="a Value cut off"),
        pytest.param(wire.tag(998, 1) + b"\0" * 7, id="an unknown double cut off"),
        pytest.param(wire.tag(1, 1) + b"\0" * 7, id="a double cut off"),
    ],
)
def test_edges_of_the_wire_format(data: bytes) -> None:
    check_beside_protobuf(MADE, EVERYTHING, data)
    check_beside_protobuf(MADE, EVERYTHING, wire.text(15, data))
    check_beside_protobuf(MADE, EVERYTHING, wire.text(115, data) + wire.text(15, b""))


def test_groups_of_any_depth() -> None:
    levels = 100_000
    whole = wire.tag(998, 3) * levels + wire.tag(998, 4) * levels
    tree = decode(whole, type_of(MADE, EVERYTHING))
    assert not tree.malformed
    assert sum(1 for _ in walk(tree.root)) == levels + 1
    check_spans(tree)
    cut = decode(whole[:-2], type_of(MADE, EVERYTHING))
    assert cut.malformed
    check_spans(cut)
