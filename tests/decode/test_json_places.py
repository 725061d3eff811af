"""Places of values in JSON text: there and back, for any blob, however long or deep."""

from __future__ import annotations

import json

from hypothesis import given

from inspector.decode.byte_map import at
from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.json_places import Key, keys_at, keys_of, span, way_of
from inspector.decode.json_writer import MOST_INDENTED, write
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.secrets import COVERED
from inspector.decode.well_known import beside_type, own_form, packed
from tests.decode.blobs import Case, blobs
from tests.decode.test_owner import Way, ways
from tests.decode.types import type_of

NESTED = b'{"a": {"b": [1, {"c": "x", "\xc3\xa9": []}, [true]], "d": {}}, "e": "a\\"b\\nc: {"}'


def place(tree: Tree, text: str, way: Way) -> str | None:
    keys = keys_of(tree, way)
    found = span(text, keys) if keys is not None else None
    return None if found is None else text[slice(*found)]


@given(blobs(plain=True))
def test_the_place_of_a_value_holds_its_json(case: Case) -> None:
    name, full_name, data = case
    tree = decode(data, type_of(name, full_name))
    text = write(tree.root)
    for way, node in ways(tree):
        found = place(tree, text, way)
        if found is None or _within_one_text(tree, way):
            continue
        expected = json.loads(write(node))
        if way and node is packed(at(tree, way[:-1])) and beside_type(node):
            expected = {"@type": json.loads(found)["@type"], **expected}
        assert json.loads(found) == expected


@given(blobs(plain=True))
def test_every_line_leads_to_a_value_that_stands_on_it(case: Case) -> None:
    name, full_name, data = case
    tree = decode(data, type_of(name, full_name))
    text = write(tree.root)
    offset = 0
    for line in text.split("\n"):
        keys = keys_at(text, offset + len(line) // 2)
        found = span(text, keys)
        assert found is not None
        assert found[0] <= offset + len(line.rstrip()) and offset <= found[1]
        assert keys_of(tree, way_of(tree, keys)) == keys
        offset += len(line) + 1


def _within_one_text(tree: Tree, way: Way) -> bool:
    """Whether a value is a part of a time, a wrapper or a mask."""
    above: list[Node] = [at(tree, way[:size]) for size in range(len(way))]
    forms = ((one, own_form(one.field)) for one in above if one.kind == NodeKind.MESSAGE)
    return any(form is not None and form(one) for one, form in forms)


def test_keys_and_indexes_there_and_back() -> None:
    tree = read_document(NESTED)
    text = write(tree.root)
    for way, _ in ways(tree):
        keys = keys_of(tree, way)
        assert keys is not None
        found = span(text, keys)
        assert found is not None
        assert keys_at(text, found[0]) == keys_at(text, found[1] - 1) == keys
        assert way_of(tree, keys) == way


def test_a_member_of_a_later_object_is_not_taken_for_one_of_this() -> None:
    text = write(read_document(b'[{"a": 1}, {"b": 2}]').root)
    assert span(text, [0, '"b"']) is None
    assert span(text, [2]) is None
    assert span(text, [1, '"b"']) is not None


def test_what_lies_within_a_covered_value_has_its_place() -> None:
    tree = read_document(NESTED)
    secret = at(tree, [0])
    text = write(tree.root, frozenset((id(secret),)))
    assert place(tree, text, [0, 0, 1, 0]) == f'"{COVERED}"'
    assert way_of(tree, keys_at(text, text.index(COVERED))) == [0]


def test_a_long_list_and_a_deep_value() -> None:
    long = read_document(b"[" + b"0," * 100_000 + b'"x"]')
    text = write(long.root)
    assert span(text, [100_000]) == (len(text) - 5, len(text) - 2)
    assert keys_at(text, len(text) - 4) == [100_000]
    deep = read_document(b'{"a":[' * (MOST_INDENTED // 2) + b"1" + b"]}" * (MOST_INDENTED // 2))
    text = write(deep.root)
    keys: list[Key] = ['"a"', 0] * (MOST_INDENTED // 2)
    found = span(text, keys)
    assert found is not None
    assert text[slice(*found)] == "1"
    assert keys_at(text, found[0]) == keys


def test_what_lies_deeper_than_lines_go_has_the_place_of_its_line() -> None:
    pairs = MOST_INDENTED // 2
    inner = b'{"b":[{},{"c":1}]}'
    deep = read_document(b'{"a":[' * pairs + inner + b',"x"' + b"]}" * pairs)
    text = write(deep.root)
    keys: list[Key] = ['"a"', 0] * pairs
    for below in ([], ['"b"'], ['"b"', 1, '"c"']):
        found = span(text, [*keys, *below])
        assert found is not None
        assert text[slice(*found)] == inner.decode()
        assert keys_at(text, found[1] - 1) == keys
    after = span(text, [*keys[:-1], 1])
    assert after is not None
    assert text[slice(*after)] == '"x"'
    assert keys_at(text, after[0]) == [*keys[:-1], 1]
