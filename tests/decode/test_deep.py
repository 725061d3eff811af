"""Ten thousand levels, which the daemon may write: no recursion, no time that grows squared."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.json_writer import MOST_INDENTED, write
from inspector.decode.node import NodeKind, Tree
from inspector.decode.paths import walk
from inspector.decode.problems import findings, inexpressible, unknown_fields
from inspector.decode.schema_fit import misfit
from inspector.decode.secrets import covered, overlapping
from tests.builders.demo import wire
from tests.builders.demo.reading import any_depth
from tests.decode.compiled import COMPILED, KNOWN
from tests.decode.types import EVERYTHING, MADE, class_of, type_of

GENERATION, STRUCT = "2026-10", "google.protobuf.Struct"
ANY, LEVELS = "google.protobuf.Any", 10_000


def deep_struct(levels: int, beside: bytes = b"", lists: bool = False) -> bytes:
    """A Struct ``levels`` deep, every other level a list if asked, ``beside`` in every Value."""
    value = wire.text(3, "the bottom")
    for level in range(1, levels):
        if lists and level % 2:
            value = wire.text(6, wire.text(1, value)) + beside
        else:
            value = wire.text(5, wire.struct_entry("k", value)) + beside
    return wire.struct_entry("k", value)


def read(data: bytes) -> Tree:
    return decode(data, type_of(GENERATION, STRUCT))


@pytest.mark.parametrize("lists", [False, True])
@pytest.mark.parametrize("beside", [b"", wire.integer(9, 1)], ids=["plain", "odd"])
def test_a_deep_struct(lists: bool, beside: bytes) -> None:
    tree = read(deep_struct(LEVELS, beside, lists))
    assert not tree.malformed
    text = write(tree.root, covered(tree), indent=None)
    assert text.count("{") + text.count("[") == LEVELS
    assert text.strip('{[]}"k:') == "the bottom"
    kinds = [place.node.kind for place in walk(tree.root)]
    levels = sum(kind in (NodeKind.STRUCT, NodeKind.ARRAY) for kind in kinds)
    assert levels == LEVELS - 1
    assert kinds.count(NodeKind.UNKNOWN) == (LEVELS - 1 if beside else 0)


def test_a_deep_struct_is_what_protobuf_reads() -> None:
    levels = 300
    data = deep_struct(levels, lists=True)
    with any_depth():
        inside = class_of(GENERATION, STRUCT).FromString(data)
    value = json.loads(write(read(data).root))
    for _ in range(levels - 1):
        fields = inside.fields if hasattr(inside, "fields") else inside.values  # type: ignore[attr-defined]
        key = "k" if hasattr(inside, "fields") else 0
        value, inside = value[key], fields[key]
        inside = getattr(inside, inside.WhichOneof("kind"))
    assert value in ({"k": "the bottom"}, ["the bottom"])


def test_problems_at_every_level() -> None:
    """Their paths are long, so together they are megabytes; each is built from the one before."""
    levels = 3000
    tree = read(deep_struct(levels, wire.integer(9, 1)))
    fields = unknown_fields(tree)
    assert {len(field.path) for field in fields} == {5 * n + 4 for n in range(1, levels)}
    assert all(field.path == '["k"]' * (len(field.path) // 5) + ".<9>" for field in fields[::500])
    assert sum(one.times for one in findings(tree)) == levels - 1
    assert len(inexpressible(tree)) == levels - 1
    assert misfit(tree).misplaced == levels - 1


def test_the_bottom_can_be_covered_by_its_bytes() -> None:
    data = deep_struct(LEVELS)
    tree = read(data)
    place = data.index(b"the bottom")
    [bottom] = overlapping(tree, [(place, place + 3)])
    assert bottom.value == "the bottom"
    assert "the bottom" not in write(tree.root, covered(tree, [(place, place + 3)]), indent=None)


@pytest.mark.parametrize("marks", ["[]", "{}"])
def test_a_deep_document(marks: str) -> None:
    levels = 100_000
    opening, closing = ('{"k":', "}") if marks == "{}" else ("[", "]")
    text = opening * levels + "1" + closing * levels
    tree = read_document(text.encode())
    assert not tree.malformed
    assert write(tree.root, covered(tree), indent=None) == text
    assert read_document(text[:-1].encode()).malformed


def test_a_deep_indented_text() -> None:
    levels = MOST_INDENTED
    text = write(read(deep_struct(levels)).root)
    lines = text.splitlines()
    assert len(lines) == 2 * levels + 1
    assert lines[levels] == "  " * levels + '"k": "the bottom"'


@pytest.mark.parametrize("levels", [MOST_INDENTED + 1, MOST_INDENTED + 2, LEVELS])
def test_what_lies_deeper_stands_on_one_line(levels: int) -> None:
    root = read(deep_struct(levels)).root
    text, compact = write(root), write(root, indent=None)
    lines = text.splitlines()
    assert len(lines) == 2 * MOST_INDENTED + 1
    deeper = levels - MOST_INDENTED
    inner = '{"k":' * deeper + '"the bottom"' + "}" * deeper
    assert lines[MOST_INDENTED] == f'{"  " * MOST_INDENTED}"k": {inner}'
    assert "".join(line.strip().replace('"k": ', '"k":') for line in lines) == compact
    assert len(text) < 2 * len(compact) + 4 * MOST_INDENTED**2


def test_what_stands_behind_a_deep_value_has_lines_again() -> None:
    deep = '{"a":[' * MOST_INDENTED + "{}" + "]}" * MOST_INDENTED
    root = read_document(f'{{"k":[{deep},1],"m":{{"n":2}}}}'.encode()).root
    text = write(root)
    assert text.endswith('\n    1\n  ],\n  "m": {\n    "n": 2\n  }\n}')
    # Too deep for Python's parser.
    assert "".join(text.split()) == write(root, indent=None)


def chain(number: int, levels: int, bottom: bytes = b"") -> bytes:
    """A message within a message, ``levels`` deep."""
    data = bottom
    for _ in range(levels):
        data = wire.text(number, data)
    return data


def deep_map(levels: int) -> bytes:
    """A map in the value of a map."""
    data = b""
    for _ in range(levels):
        data = wire.text(417, wire.text(1, "k") + wire.text(2, data))
    return data


ENTRY = wire.text(405, wire.text(1, "k"))
GROUPS = "edition.Inner"


@pytest.mark.parametrize(
    ("full_name", "make", "most"),
    [
        (EVERYTHING, lambda n: chain(17, n), 9999),
        (EVERYTHING, lambda n: chain(17, n, ENTRY), 9998),
        (EVERYTHING, lambda n: chain(17, n, wire.text(602, b"")), 9998),
        (EVERYTHING, deep_map, 4999),
        (STRUCT, deep_struct, 3333),
        (EVERYTHING, lambda n: wire.text(601, deep_struct(n)), 3333),
        (GROUPS, lambda n: wire.tag(3, 3) * n + wire.tag(3, 4) * n, 9999),
        (ANY, lambda n: wire.text(1, KNOWN) + wire.text(2, chain(401, n)), 9999),
        (KNOWN, lambda n: chain(401, n, wire.text(11, wire.text(1, KNOWN))), 9998),
    ],
)
def test_what_nests_too_deep_for_the_daemon_is_said(
    full_name: str, make: Callable[[int], bytes], most: int
) -> None:
    """The bounds are those that Go showed; all is read and written here all the same."""
    type_ = type_of({STRUCT: GENERATION, EVERYTHING: MADE}.get(full_name, COMPILED), full_name)
    tree = decode(make(most), type_)
    assert [one for one in findings(tree) if one.code == "undecodable"] == []
    deeper = decode(make(most + 1), type_)
    codes = [one for one in findings(deeper) if one.code == "undecodable"]
    if full_name == ANY:
        # What an Any holds is read by itself, or not at all.
        assert not codes
        assert [len(inexpressible(one)) for one in (tree, deeper)] == [0, 1]
        return
    [found] = codes
    assert "10,000" in found.message
    assert found.place.path == ""
    assert not deeper.malformed
    assert len(write(deeper.root, indent=None)) > 2 * most
