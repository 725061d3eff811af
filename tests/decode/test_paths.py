"""Walking a tree, and what its places are called."""

from __future__ import annotations

from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.node import Tree
from inspector.decode.paths import walk
from inspector.decode.problems import unknown_fields
from tests.builders.demo import wire
from tests.decode.types import EVERYTHING, MADE, type_of


def tree_of(data: bytes) -> Tree:
    return decode(data, type_of(MADE, EVERYTHING))


def paths(data: bytes) -> list[str]:
    return [place.path for place in walk(tree_of(data).root)]


def test_fields_and_elements() -> None:
    data = wire.text(17, wire.integer(5, 1)) + wire.integer(105, 1) + wire.integer(105, 2)
    assert paths(data) == [
        "", "a_message", "a_message.a_int32", "some_int32", "some_int32[0]", "some_int32[1]",
    ]  # fmt: skip


def test_map_keys_stand_in_brackets() -> None:
    """Text JSON-quoted, integers and booleans bare."""
    data = (
        wire.text(409, wire.text(1, 'a "b"\n\u00e9') + wire.text(2, "x"))
        + wire.text(503, wire.integer(1, -5))
        + wire.text(506, wire.integer(1, 1))
    )
    assert paths(data)[1:] == [
        "map409", 'map409["a \\"b\\"\\n\u00e9"]', "map503", "map503[-5]", "map506", "map506[true]",
    ]  # fmt: skip


def test_within_a_struct() -> None:
    listed = wire.text(6, wire.text(1, wire.text(3, "x")))
    inner = wire.text(5, wire.struct_entry("c.d", listed))
    data = wire.text(601, wire.struct_entry("a", inner))
    assert paths(data)[-1] == 'known601["a"]["c.d"][0]'


def test_unknown_fields_and_their_repeats() -> None:
    """A repeat counts those of its number before it; what is within a group has a path too."""
    unknown = wire.integer(990, 1) + wire.integer(991, 1) + wire.text(990, "x")
    group = wire.group(992, wire.integer(1, 1) + wire.integer(1, 2))
    data = wire.text(17, unknown + group) + unknown
    found = [field.path for field in unknown_fields(tree_of(data))]
    assert found == [
        "a_message.<990>", "a_message.<991>", "a_message.<990>[1]", "a_message.<992>",
        "<990>", "<991>", "<990>[1]",
    ]  # fmt: skip
    assert "a_message.<992>.<1>[1]" in paths(data)


def test_paths_are_the_same_in_whatever_order_they_are_asked_for() -> None:
    data = wire.text(17, wire.text(17, wire.integer(5, 1) + wire.integer(990, 1)))
    data += wire.text(401, wire.text(1, "k")) + wire.text(117, wire.text(17, b""))
    forward = [place.path for place in walk(tree_of(data).root)]
    backward = [place.path for place in reversed(list(walk(tree_of(data).root)))]
    assert backward == forward[::-1]
    assert len(set(forward)) == len(forward)


def test_a_walk_is_depth_first_in_order() -> None:
    data = wire.integer(105, 1) + wire.text(17, wire.integer(5, 1)) + wire.integer(305, 1)
    places = list(walk(tree_of(data).root))
    starts = [place.node.field.number for place in places if place.node.field is not None]
    assert starts == [17, 5, 105, 105, 305]
    assert places[0].parent is None
    assert all(place.parent is not None for place in places[1:])


def test_members_of_a_document_are_called_by_their_own_names() -> None:
    document = read_document(b'{"spec": {"a.b": [{"_x1": 1}], "": 2, "iconUrl": null, "9": 3}}')
    assert [place.path for place in walk(document.root)] == [
        "",
        "spec",
        'spec[""]',
        'spec["9"]',
        'spec["a.b"]',
        'spec["a.b"][0]',
        'spec["a.b"][0]._x1',
        "spec.iconUrl",
    ]
