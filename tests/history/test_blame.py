"""Since when values are what they are, against the plain way of looking at all versions at once."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.node import Node, Tree
from inspector.decode.paths import NodePlace, walk
from inspector.history.blame import Blame, Since
from inspector.history.trail import FieldTrail
from tests.builders.demo import wire
from tests.decode.types import EVERYTHING, MADE, type_of

LEAVES = st.integers(0, 2) | st.sampled_from(["a", "b"])
ITEMS = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 4), "v": LEAVES}), unique_by=lambda one: one["id"]
)
RECORDS = st.fixed_dictionaries(
    {
        "spec": st.dictionaries(st.sampled_from(["x", "y"]), LEAVES),
        "items": ITEMS.map(lambda items: [{"id": 9, "v": 0}, *items]),
    },
    optional={"top": LEAVES},
)
CHAINS = st.lists(RECORDS, min_size=1, max_size=6)


def tree(value: Any) -> Tree:
    return read_document(json.dumps(value).encode())


def flat(record: Any) -> dict[tuple[Any, ...], Any]:
    """Leaves by their way, elements of a list by their id."""
    found: dict[tuple[Any, ...], Any] = {}
    for key, value in record.items():
        if key == "items":
            found |= {(key, one["id"], name): one[name] for one in value for name in one}
        elif isinstance(value, dict):
            found |= {(key, name): one for name, one in value.items()}
        else:
            found[key,] = value
    return found


def way(place: NodePlace, record: Any) -> tuple[Any, ...]:
    labels: list[Any] = []
    at: NodePlace | None = place
    while at is not None and at.parent is not None:
        labels.insert(0, at.node.label)
        at = at.parent
    if labels[0] == "items":
        labels[1] = record["items"][labels[1]]["id"]
    return tuple(labels)


def leaves(root: Node) -> list[NodePlace]:
    return [place for place in walk(root) if not isinstance(place.node.children, list)]


@given(CHAINS)
@settings(deadline=None)
def test_since_is_as_long_as_the_value_stood(chain: list[Any]) -> None:
    newest = tree(chain[0])
    blame = Blame(newest)
    for record in chain[1:]:
        blame.older(tree(record))
    values = [flat(record) for record in chain]
    for place in leaves(newest.root):
        key = way(place, chain[0])
        stood = next(
            (at for at, one in enumerate(values) if one.get(key) != values[0][key]), len(chain)
        )
        first = stood == len(chain)
        assert blame.since(place) == Since(stood - 1, first, False)
    open_ = any(all(one.get(key) == value for one in values) for key, value in values[0].items())
    assert open_ <= blame.open


@given(CHAINS)
@settings(deadline=None)
def test_a_field_is_followed_through_all_versions(chain: list[Any]) -> None:
    newest = tree(chain[0])
    for place in leaves(newest.root):
        key = way(place, chain[0])
        trail, last = FieldTrail(newest, place), flat(chain[0])[key]
        for record in chain[1:]:
            older = tree(record)
            step = trail.older(older)
            expected = flat(record).get(key)
            assert (step.place.node.value if step.place else None) == expected
            assert step.changed == (expected != last)
            last = expected


def since(chain: list[Any], path: str) -> Since | None:
    trees = [None if one is None else tree(one) for one in chain]
    assert trees[0] is not None
    blame = Blame(trees[0])
    for one in trees[1:]:
        blame.older(one)
    (place,) = [one for one in walk(trees[0].root) if one.path == path]
    return blame.since(place)


def test_a_value_that_came_back_is_as_old_as_its_return() -> None:
    assert since([{"t": 1}, {"t": 1}, {"t": 2}, {"t": 1}], "t") == Since(1, False, False)


def test_versions_that_cannot_be_read_make_it_unsure() -> None:
    assert since([{"t": 1}, None, {"t": 1}, {"t": 2}], "t") == Since(2, False, False)
    assert since([{"t": 1}, None, None, {"t": 2}], "t") == Since(0, False, True)
    assert since([{"t": 1}, {"t": 1}, None], "t") == Since(1, True, True)


def test_a_container_whose_parts_differ_has_no_age_of_its_own() -> None:
    chain = [{"o": {"a": 1, "b": 1}}, {"o": {"a": 2, "b": 1}}]
    assert since(chain, "o") is None
    assert since([{"o": {"a": 1}}, {}], "o") == Since(0, False, False)
    assert since([{"o": {"a": 1}}, {}], "o.a") == Since(0, False, False)
    assert since(chain, "o.b") == Since(1, True, False)


def test_values_that_only_stand_elsewhere_in_the_bytes_are_the_same() -> None:
    """Each version is compared with the one after it, whose bytes it has to be asked of."""
    type_ = type_of(MADE, EVERYTHING)
    numbers = {field.name: field.number for field in type_.fields.values()}
    inner = wire.text(numbers["a_string"], "same") + wire.text(1000, "no name")
    chain = [
        decode(wire.text(numbers["a_string"], name) + wire.text(numbers["a_message"], inner), type_)
        for name in ("x" * 50, "longest" * 30, "", "y" * 7)
    ]
    blame = Blame(chain[0])
    for older in chain[1:]:
        blame.older(older)
    places = {place.path: place for place in walk(chain[0].root)}
    for path in ("a_message.a_string", "a_message.<1000>"):
        assert blame.since(places[path]) == Since(3, True, False)
    assert blame.since(places["a_string"]) == Since(0, False, False)
    trail = FieldTrail(chain[0], places["a_message.<1000>"])
    assert [trail.older(older).changed for older in chain[1:]] == [False] * 3


def test_an_element_is_found_again_by_what_it_was_last_known_by() -> None:
    newest = tree({"l": [{"id": "1", "name": "a", "v": 1}]})
    (place,) = [one for one in walk(newest.root) if one.path == "l[0].v"]
    trail = FieldTrail(newest, place)
    told = []
    for value in (
        {"l": [{"id": "1", "name": "b", "v": 1}]},
        {"l": [{"name": "b", "v": 2}]},
        {},
        {"l": [{"name": "c", "v": 4}, {"name": "b", "v": 3}]},
    ):
        step = trail.older(tree(value))
        told.append((step.place.node.value if step.place else None, step.changed))
    assert told == [(1, False), (2, True), (None, True), (3, True)]
