"""Any bytes give a tree that has all of them, and what protobuf refuses is said to be broken."""

from __future__ import annotations

import os
import re
import tracemalloc
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
from tests.decode.go_wire import RECURSION_LIMIT, refusal
from tests.decode.reference import of_message, of_root
from tests.decode.spans import check_spans
from tests.decode.types import EVERYTHING, FAR, MADE, class_of, storable, type_of

#: Set STIGMER_INSPECTOR_FUZZ=full for the long run.
MUTATIONS = 1_000_000 if os.environ.get("STIGMER_INSPECTOR_FUZZ") == "full" else 20_000
PARTS = 8
#: What Go reads and google.protobuf for Python does not: six bytes for a tag or a length, or, in
#: an unknown group, a number of more than 29 bits.
LONG_TAG = re.compile(rb"[\x80-\xff]{5}|[\x80-\xff]{4}[\x10-\x7f]")


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
    """Broken for the daemon is broken for us, and nothing else; else all read the same."""
    type_ = type_of(name, full_name)
    tree = read(name, full_name, data)
    codes = {found.code for found in findings(tree)}
    assert ("undecodable" in codes) == tree.malformed
    assert ("invalid-utf8" in codes) == tree.bad_text
    refused = refusal(data, type_)
    assert (tree.malformed or tree.bad_text) == (refused is not None), refused
    if refused is not None:
        return
    try:
        message = class_of(name, full_name).FromString(data)
    except DecodeError:
        assert LONG_TAG.search(data)
        return
    if not _unknown_in_entry(tree):
        assert of_root(tree.root, type_, data) == of_message(message)


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


def varint_of(size: int, last: int, first: int = 0x80) -> bytes:
    """A varint of ``size`` bytes."""
    return bytes([first]) + b"\x80" * (size - 2) + bytes([last])


#: Bytes that Go reads, though others may not.
READ = {
    "a tag of six bytes": varint_of(6, 0, 0xA8) + b"\x05",
    "a tag of ten bytes": varint_of(10, 0, 0xA8) + b"\x05",
    "an unknown tag of six bytes": b"\xba\xbe\x80\x80\x80\x00\x01x",
    "a length of five bytes": wire.tag(9, 2) + varint_of(5, 0),
    "a length of six bytes": wire.tag(998, 2) + varint_of(6, 0),
    "a length of ten bytes": wire.tag(9, 2) + varint_of(10, 0, 0x81) + b"x",
    "a packed length of six bytes": wire.tag(105, 2) + varint_of(6, 0, 0x81) + b"\x07",
    "an entry with six bytes for each tag and length": wire.text(
        409, varint_of(6, 0, 0x8A) + varint_of(6, 0, 0x81) + b"k" + varint_of(6, 0, 0x92)
        + varint_of(6, 0, 0x81) + b"v",
    ),
    "a Struct with six bytes for each tag and length": wire.text(
        601, varint_of(6, 0, 0x8A) + varint_of(6, 0, 0x80)
    ),
    "a varint of 64 bits": wire.tag(5, 0) + b"\xff" * 9 + b"\x01",
    "the highest number": wire.integer(2**29 - 1, 1),
    "a reserved number": wire.integer(19000, 1) + wire.text(19999, "x"),
    "a group with numbers past the highest": wire.group(998, wire.integer(2**31 - 1, 1)),
    "groups in a group": wire.group(998, wire.group(1, wire.group(2, b"")) + wire.group(1, b"")),
    "a field as a group": wire.group(5, wire.integer(1, 1)),
    "a closing tag of six bytes": wire.tag(15, 3) + varint_of(6, 0, 0xFC),
    "tags of three bytes": wire.text(FAR, "x") + wire.text(FAR + 2048, "x"),
}  # fmt: skip

#: Bytes that Go refuses, though others may not.
REFUSED = {
    "a varint of more than 64 bits": wire.tag(5, 0) + b"\xff" * 9 + b"\x7f",
    "an unknown one": wire.tag(900, 0) + varint_of(10, 2),
    "one where a text is declared": wire.tag(9, 0) + varint_of(10, 2),
    "one in a list": wire.tag(105, 0) + varint_of(10, 2),
    "one in a packed field": wire.text(105, b"\x01" + varint_of(10, 2) + b"\x01"),
    "one for an enum": wire.tag(12, 0) + varint_of(10, 2),
    "one for a bool": wire.tag(8, 0) + varint_of(10, 2),
    "one in an entry": wire.text(403, wire.text(1, "k") + wire.tag(2, 0) + varint_of(10, 2)),
    "one in a Value": wire.text(602, wire.tag(4, 0) + varint_of(10, 2)),
    "one in a time": wire.text(604, wire.tag(1, 0) + varint_of(10, 2)),
    "one in an unknown group": wire.group(998, wire.tag(1, 0) + varint_of(10, 2)),
    "a tag of more than 64 bits": varint_of(10, 2, 0xA8) + b"\x05",
    "a length of more than 64 bits": wire.tag(9, 2) + varint_of(10, 2),
    "a varint of eleven bytes": wire.tag(5, 0) + varint_of(11, 0),
    "a tag of eleven bytes": varint_of(11, 0, 0xA8) + b"\x05",
    "a tag past 32 bits": b"\x88\x80\x80\x80\x10\x05",
    "a tag past 34 bits in a group": wire.group(998, varint_of(6, 1) + b"\x05"),
    "number zero": b"\x00\x00",
    "number zero in six bytes": varint_of(6, 0) + b"\x00",
    "wire type 6": b"\x0e",
    "wire type 7": b"\x0f",
    "wire type 7 where a number is declared": b"\x2f\x01",
    "a group that ends before it begins": b"\x0c",
    "a group without an end": b"\x9b\x3e",
    "a group that ends as another": b"\x9b\x3e\xa4\x3e",
    "groups that end in each other": b"\x9b\x3e\xa3\x3e\x9c\x3e\xa4\x3e",
    "a group that holds number zero": b"\x9b\x3e\x00\x9c\x3e",
    "a group that holds wire type 7": b"\x9b\x3e\x0f\x9c\x3e",
    "a group across the end of a message": wire.text(17, b"\x9b\x3e") + b"\x9c\x3e",
    "a length of 4 GiB": wire.tag(9, 2) + b"\xff\xff\xff\xff\x0f",
    "a packed double and a byte": wire.tag(101, 2) + b"\x09" + b"\0" * 9,
    "a packed varint cut off": wire.tag(103, 2) + b"\x02\x01\x80",
    "an entry cut off": wire.tag(401, 2) + b"\x02\x0a\x05",
    "a Struct cut off": wire.tag(601, 2) + b"\x03\x0a\x05\x0a",
    "a Value cut off": wire.tag(602, 2) + b"\x02\x11\x00",
    "an unknown double cut off": wire.tag(998, 1) + b"\0" * 7,
    "a double cut off": wire.tag(1, 1) + b"\0" * 7,
    "text that is no UTF-8": wire.text(9, b"\xff"),
    "half a surrogate pair": wire.text(9, b"\xed\xa0\x80"),
    "a key that is no UTF-8": wire.text(409, wire.text(1, b"\xff")),
    "such text that is replaced": wire.text(9, b"\xff") + wire.text(9, "x"),
    "such text in a message that is replaced": wire.text(217, wire.text(9, b"\xff"))
    + wire.integer(205, 1),
    "such text in a Value whose member is replaced": wire.text(
        602, wire.text(6, wire.text(1, wire.text(3, b"\xff"))) + wire.integer(4, 1)
    ),
    "a replaced member that is cut off": wire.text(602, wire.text(5, b"\x0a") + wire.integer(4, 1)),
}

EDGES = [pytest.param(data, is_read, id=name)
         for edges, is_read in ((READ, True), (REFUSED, False))
         for name, data in edges.items()]  # fmt: skip


@pytest.mark.parametrize(("data", "is_read"), EDGES)
def test_edges_of_the_wire_format(data: bytes, is_read: bool) -> None:
    """What the daemon's own protobuf says of each has been looked up, running it."""
    for one in (data, wire.text(17, data), wire.text(117, data) + wire.text(17, b"")):
        assert (refusal(one, type_of(MADE, EVERYTHING)) is None) == is_read
        check_beside_protobuf(MADE, EVERYTHING, one)


@pytest.mark.parametrize("place", ["root", "inside"])
def test_a_number_of_more_than_64_bits_hides_nothing_else(place: str) -> None:
    """It is shown as what it is, and so is all that stands before it and behind it."""
    long = wire.tag(900, 0) + varint_of(10, 2)
    data = wire.text(9, "before") + long + wire.integer(305, 7)
    tree = read(MADE, EVERYTHING, wire.text(17, data) if place == "inside" else data)
    assert tree.malformed
    root = tree.root if place == "root" else tree.root.children[0]
    text, number, refused = root.children
    assert (text.value, number.value) == ("before", 7)
    assert (refused.kind, refused.number) == (NodeKind.MALFORMED, 900)
    assert tree.data[refused.start : refused.end] == long
    [found] = findings(tree)
    assert (found.code, found.place.node) == ("undecodable", refused)
    assert "more than 64 bits" in found.message


def test_of_packed_numbers_one_of_more_than_64_bits_is_left_out() -> None:
    tree = read(MADE, EVERYTHING, wire.text(105, b"\x01" + varint_of(10, 2) + b"\x02"))
    [listed] = tree.root.children
    kinds = [one.kind for one in listed.children]
    assert kinds == [NodeKind.SCALAR, NodeKind.MALFORMED, NodeKind.SCALAR]
    assert [one.value for one in listed.children] == [1, None, 2]


@pytest.mark.parametrize("inner", [b"", wire.integer(1, 5)], ids=["empty", "not empty"])
def test_groups_nest_as_deep_as_go_reads_them(inner: bytes) -> None:
    type_ = type_of(MADE, EVERYTHING)
    for levels in (1, 1000, RECURSION_LIMIT + 1):
        whole = wire.tag(998, 3) * levels + inner + wire.tag(998, 4) * levels
        assert refusal(whole, type_) is None
        tree = decode(whole, type_)
        assert not tree.malformed
        assert sum(1 for _ in walk(tree.root)) == levels + 1 + bool(inner)
        check_spans(tree)
        for bad in (whole[:-2], wire.tag(998, 3) + whole):
            cut = decode(bad, type_)
            assert cut.malformed
            check_spans(cut)
    deeper = wire.tag(998, 3) + whole + wire.tag(998, 4)
    assert refusal(deeper, type_) == "exceeded maximum recursion depth"
    before = wire.text(9, "before")
    tree = decode(before + deeper, type_)
    assert tree.malformed
    text, rest = tree.root.children
    assert text.value == "before"
    assert (rest.kind, rest.start, rest.end) == (NodeKind.MALFORMED, len(before), len(tree.data))


def test_what_stands_in_an_unknown_group_is_read_when_it_is_asked_for() -> None:
    """A group of two bytes is a node of hundreds, so millions of them are not made at once."""
    count = 50_000
    data = wire.group(998, wire.group(1, b"") * count)
    tracemalloc.start()
    try:
        tree = decode(data, type_of(MADE, EVERYTHING))
        [found] = unknown_fields(tree)
        assert found.length == len(data)
        assert found.data == wire.group(1, b"") * count
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10 * len(data)
    [group] = tree.root.children
    assert group.children
    assert len(group.children) == count
    assert group.children[-1].end == len(data) - 2
    assert list(group.children)[1] is group.children[1]
    assert group.children[:2] == list(group.children)[:2]
    assert not decode(wire.group(998, b""), None).root.children[0].children


@pytest.mark.parametrize("number", [5, 998, 17])
def test_megabytes_of_open_groups_cost_little_more_than_themselves(number: int) -> None:
    data = wire.tag(number, 3) * 500_000
    tracemalloc.start()
    try:
        tree = decode(data, type_of(MADE, EVERYTHING))
        codes = [one.code for one in findings(tree)]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert codes == ["undecodable"]
    assert peak < 8 * len(data)
