"""Messages with a JSON form of their own, wherever they stand, and what it cannot say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf import json_format

from inspector.decode.byte_map import at
from inspector.decode.decoder import decode
from inspector.decode.json_places import keys_at, keys_of, span, way_of
from inspector.decode.json_writer import write
from inspector.decode.node import NodeKind, Tree
from inspector.decode.problems import findings, inexpressible, unknown_fields
from inspector.decode.secrets import COVERED
from tests.builders.demo import wire
from tests.decode.compiled import COMPILED, KNOWN, pool
from tests.decode.spans import check_spans
from tests.decode.test_owner import check as check_owners
from tests.decode.types import class_of, type_of

ANY, VALUE, LIST = "google.protobuf.Any", "google.protobuf.Value", "google.protobuf.ListValue"
STRUCT, MASK = "google.protobuf.Struct", "google.protobuf.FieldMask"
NAN, INFINITE = float("nan"), float("inf")


def tree_of(data: bytes, full_name: str = KNOWN) -> Tree:
    tree = decode(data, type_of(COMPILED, full_name))
    check_spans(tree)
    check_owners(tree)
    return tree


def text_of(data: bytes, full_name: str = KNOWN) -> str:
    return write(tree_of(data, full_name).root, indent=None)


def by_python(data: bytes, full_name: str = KNOWN) -> Any:
    message = class_of(COMPILED, full_name).FromString(data)
    return json.loads(json_format.MessageToJson(message, descriptor_pool=pool()))


def lost(data: bytes, full_name: str = KNOWN) -> list[tuple[str, str]]:
    return [(what, place.path) for what, place in inexpressible(tree_of(data, full_name))]


def packed(name: str, inside: bytes, prefix: str = "type.googleapis.com/") -> bytes:
    """The payload of an Any."""
    return wire.text(1, prefix + name) + (wire.text(2, inside) if inside else b"")


def everywhere(number: int, payload: bytes) -> list[tuple[bytes, str]]:
    """A message alone, in a list, as a map's value, in itself, and the JSON around it."""
    field = {field.number: field for field in type_of(COMPILED, KNOWN).fields.values()}
    places = [(wire.text(number, payload), f'{{"{field[number].json_name}":%}}')]
    if number + 100 in field:
        listed = wire.text(number + 100, payload)
        places.append((listed, f'{{"{field[number + 100].json_name}":[%]}}'))
    if number + 200 in field:
        entry = wire.text(number + 200, wire.text(1, "k") + wire.text(2, payload))
        places.append((entry, f'{{"{field[number + 200].json_name}":{{"k":%}}}}'))
    return [*places, (wire.text(401, places[0][0]), '{"base":' + places[0][1] + "}")]


@pytest.mark.parametrize(
    ("number", "payload", "text"),
    [
        (1, wire.double(1, 0.1), "0.1"),
        (1, b"", "0"),
        (1, wire.double(1, NAN), '"NaN"'),
        (2, wire.fixed32(1, 0x3DCCCCCD), "0.1"),
        (3, wire.integer(1, -5), '"-5"'),
        (3, b"", '"0"'),
        (4, wire.integer(1, 2**64 - 1), '"18446744073709551615"'),
        (5, wire.integer(1, -5), "-5"),
        (6, wire.integer(1, 5), "5"),
        (7, wire.integer(1, 1), "true"),
        (7, b"", "false"),
        (8, wire.text(1, '{"'), '"{\\""'),
        (8, b"", '""'),
        (9, wire.text(1, b"\xff"), '"/w=="'),
        (9, b"", '""'),
        (10, wire.text(1, "some_path.to_it") + wire.text(1, "a"), '"somePath.toIt,a"'),
        (10, wire.text(1, "_lead.x1_y2._z"), '"Lead.x1Y2.Z"'),
        (10, b"", '""'),
        (12, b"", "{}"),
        (12, wire.integer(9, 1), "{}"),
        (14, wire.struct_entry("k", wire.double(2, 1e16)), '{"k":10000000000000000}'),
        (15, wire.text(6, wire.text(1, wire.integer(1, 0))), "[null]"),
        (15, wire.integer(1, 7), "null"),
        (16, wire.text(1, wire.text(5, b"")) + wire.text(1, wire.text(6, b"")), "[{},[]]"),
        (17, wire.integer(1, 1769632348), '"2026-01-28T20:32:28Z"'),
        (18, wire.integer(2, -500_000_000), '"-0.500s"'),
        (11, b"", "{}"),
        (11, packed("known.Base", wire.text(402, "x")),
         '{"@type":"type.googleapis.com/known.Base","text":"x"}'),
        (11, packed("google.protobuf.Empty", b""),
         '{"@type":"type.googleapis.com/google.protobuf.Empty"}'),
        (11, packed("google.protobuf.Int64Value", wire.integer(1, 5), ""),
         '{"@type":"google.protobuf.Int64Value","value":"5"}'),
        (11, packed("google.protobuf.Int64Value", b"", "x/y/"),
         '{"@type":"x/y/google.protobuf.Int64Value","value":"0"}'),
        (11, packed("google.protobuf.Timestamp", wire.integer(1, 1769632348)),
         '{"@type":"type.googleapis.com/google.protobuf.Timestamp","value":"2026-01-28T20:32:28Z"}'),
        (11, packed(STRUCT, wire.struct_entry("k", wire.text(3, "v"))),
         '{"@type":"type.googleapis.com/google.protobuf.Struct","value":{"k":"v"}}'),
        (11, packed(VALUE, wire.text(3, "v")),
         '{"@type":"type.googleapis.com/google.protobuf.Value","value":"v"}'),
        (11, packed(LIST, wire.text(1, wire.text(3, "v"))),
         '{"@type":"type.googleapis.com/google.protobuf.ListValue","value":["v"]}'),
        (11, packed(MASK, wire.text(1, "a_b")),
         '{"@type":"type.googleapis.com/google.protobuf.FieldMask","value":"aB"}'),
        (11, packed(ANY, packed("known.Base", wire.text(402, "x"))),
         '{"@type":"type.googleapis.com/google.protobuf.Any",'
         '"value":{"@type":"type.googleapis.com/known.Base","text":"x"}}'),
    ],
)  # fmt: skip
def test_they_are_written_alike_wherever_they_stand(number: int, payload: bytes, text: str) -> None:
    for data, around in everywhere(number, payload):
        assert text_of(data) == around.replace("%", text)
        assert json.loads(text_of(data)) == by_python(data)
        assert {what for what, _ in lost(data)} <= {"unknown"}
    name = type_of(COMPILED, KNOWN).fields[number].message
    assert name is not None
    assert text_of(payload, name.full_name) == text


@pytest.mark.parametrize("number", [13, 113, 213, 301])
@pytest.mark.parametrize("value", [0, 5, -1])
def test_null_is_null_whatever_its_number(number: int, value: int) -> None:
    data = wire.integer(number, value)
    if number == 213:
        data = wire.text(number, wire.text(1, "k") + wire.integer(2, value))
    texts = {
        13: '{"null":null}', 113: '{"nulls":[null]}', 213: '{"nullMap":{"k":null}}',
        301: '{"oneNull":null}',
    }  # fmt: skip
    assert text_of(data) == ("{}" if number == 13 and not value else texts[number])
    assert lost(data) == []


EMPTY_IN_STRUCT = wire.text(1, wire.text(1, "k"))


@pytest.mark.parametrize(
    ("number", "payload", "text", "what", "below"),
    [
        (15, b"", "null", "no-value", ""),
        (15, wire.integer(9, 1), "null", "no-value", ""),
        (14, wire.struct_entry("k", b""), '{"k":null}', "no-value", '["k"]'),
        (14, EMPTY_IN_STRUCT, '{"k":null}', "no-value", '["k"]'),
        (16, wire.text(1, b""), "[null]", "no-value", "[0]"),
        (15, wire.text(6, wire.text(1, b"")), "[null]", "no-value", "[0]"),
        (15, wire.double(2, NAN), '"NaN"', "no-number", ""),
        (14, wire.struct_entry("k", wire.double(2, INFINITE)), '{"k":"Infinity"}', "no-number",
         '["k"]'),
        (16, wire.text(1, wire.double(2, -INFINITE)), '["-Infinity"]', "no-number", "[0]"),
        (17, wire.integer(2, -1), '{"seconds":"0","nanos":-1}', "out-of-range", ""),
        (10, wire.text(1, "notSnake"), '{"paths":["notSnake"]}', "mask", ""),
        (10, wire.text(1, "a") + wire.text(1, "b_"), '{"paths":["a","b_"]}', "mask", ""),
        (10, wire.text(1, "a_1"), '{"paths":["a_1"]}', "mask", ""),
        (10, wire.text(1, "a..b"), '{"paths":["a..b"]}', "mask", ""),
        (10, wire.text(1, ""), '{"paths":[""]}', "mask", ""),
        (10, wire.text(1, "a,b"), '{"paths":["a,b"]}', "mask", ""),
        (11, packed("no.Such", b"x"), '{"typeUrl":"type.googleapis.com/no.Such","value":"eA=="}',
         "packed", ""),
        (11, packed("no.Such", b""), '{"typeUrl":"type.googleapis.com/no.Such"}', "packed", ""),
        (11, wire.text(2, "x"), '{"value":"eA=="}', "packed", ""),
        (11, packed("known.Base", b"\x0f"),
         '{"typeUrl":"type.googleapis.com/known.Base","value":"Dw=="}', "packed", ""),
        (11, packed("known.Base", wire.text(402, b"\xff")),
         '{"typeUrl":"type.googleapis.com/known.Base","value":"khkB/w=="}', "packed", ""),
        (11, packed("known.Base", wire.tag(900, 0) + b"\x80" * 9 + b"\x02"),
         '{"typeUrl":"type.googleapis.com/known.Base","value":"oDiAgICAgICAgIAC"}', "packed", ""),
    ],
)  # fmt: skip
def test_what_their_form_cannot_say_is_noted(
    number: int, payload: bytes, text: str, what: str, below: str
) -> None:
    """In Go's protojson each of these is an error."""
    message = type_of(COMPILED, KNOWN).fields[number].message
    assert message is not None
    cases = [(data, around, KNOWN) for data, around in everywhere(number, payload)]
    for data, around, name in [*cases, (payload, "%", message.full_name)]:
        assert text_of(data, name) == around.replace("%", text)
        [found] = [(code, path) for code, path in lost(data, name) if code != "unknown"]
        assert found[0] == what
        assert found[1].endswith(below)
        assert {one.code for one in findings(tree_of(data, name))} <= {"unknown-field"}


def test_numbers_outside_a_struct_may_be_none() -> None:
    assert lost(wire.text(1, wire.double(1, NAN))) == []


class TestAny:
    def test_what_it_holds_is_a_message_in_the_tree(self) -> None:
        inside = wire.text(402, "x") + wire.integer(999, 1) + wire.text(15, b"")
        data = wire.text(11, packed("known.Base", inside))
        tree = tree_of(data)
        assert lost(data) == [("no-value", "any.value.value"), ("unknown", "any.value.<999>")]
        [field] = unknown_fields(tree)
        assert data[field.offset : field.offset + field.length] == wire.integer(999, 1)
        held = at(tree, [0, 1])
        assert (held.kind, held.message_type) == (NodeKind.MESSAGE, type_of(COMPILED, KNOWN))
        assert data[held.body : held.end] == inside

    def test_what_is_wrong_in_it_is_wrong_with_nothing_else(self) -> None:
        """To the daemon it is bytes, which it loads."""
        bad = wire.text(111, packed("known.Base", b"\x0f"))
        good = wire.text(111, packed("known.Base", wire.text(11, packed("known.Base", b"\x0f"))))
        tree = tree_of(bad + good)
        assert not tree.malformed
        assert not tree.bad_text
        assert list(findings(tree)) == []
        assert [path for _, path in lost(bad + good)] == ["anys[0]", "anys[1].value.any"]

    def test_an_any_in_what_does_not_decode_is_not_opened(self) -> None:
        inner = wire.text(11, packed("known.Base", wire.text(402, "x")))
        data = wire.text(11, packed("known.Base", inner + b"\x0f"))
        tree = tree_of(data)
        assert [node.kind for node in tree.root.children[0].children] == [NodeKind.SCALAR] * 2

    def test_the_last_of_several_says_what_it_is(self) -> None:
        data = wire.text(11, packed("no.Such", b"y")) + wire.text(
            11, packed("known.Base", wire.text(402, "x"))
        )
        assert json.loads(text_of(data)) == by_python(data)
        assert json.loads(text_of(data))["any"]["text"] == "x"

    def test_ten_thousand_in_each_other(self) -> None:
        inside = wire.text(402, "the bottom")
        for _ in range(2000):
            inside = packed("known.Base", wire.text(11, inside))
        text = write(decode(wire.text(11, inside), type_of(COMPILED, KNOWN)).root, indent=None)
        assert text.count('"@type":"type.googleapis.com/known.Base"') == 2000

    def test_places_in_its_text(self) -> None:
        data = wire.text(11, packed("known.Base", wire.text(404, "x") + wire.text(404, "y")))
        tree = tree_of(data)
        text = write(tree.root)
        places: list[tuple[list[int], list[str | int]]] = [
            ([0, 0], ['"any"', '"@type"']),
            ([0, 1, 0], ['"any"', '"texts"']),
            ([0, 1, 0, 1], ['"any"', '"texts"', 1]),
        ]
        for way, keys in places:
            assert keys_of(tree, way) == keys
            assert way_of(tree, keys) == way
            found = span(text, keys)
            assert found is not None
            assert keys_at(text, found[0]) == keys
        assert keys_of(tree, [0, 1]) == keys_of(tree, [0]) == ['"any"']

    @pytest.mark.parametrize("indent", [None, 2])
    def test_its_layout_is_that_of_json(self, indent: int | None) -> None:
        data = wire.text(111, packed("known.Base", wire.text(402, "x"))) + wire.text(
            111, packed("google.protobuf.Duration", b"")
        )
        text = write(tree_of(data).root, indent=indent)
        separators = (",", ":") if indent is None else None
        assert text == json.dumps(json.loads(text), indent=indent, separators=separators)

    def test_covered_parts_stay_covered(self) -> None:
        data = wire.text(11, packed("known.Base", wire.text(402, "x")))
        tree = tree_of(data)
        url, held = at(tree, [0, 0]), at(tree, [0, 1])
        hidden = write(tree.root, frozenset((id(held),)), indent=None)
        assert json.loads(hidden)["any"]["value"] == COVERED
        assert "x" not in json.loads(hidden)["any"].values()
        unnamed = write(tree.root, frozenset((id(url),)), indent=None)
        assert json.loads(unnamed)["any"] == {"@type": COVERED, "text": "x"}


@pytest.mark.parametrize(
    ("data", "way"),
    [
        (wire.text(8, wire.text(1, "secret")), [0, 0]),
        (wire.text(17, wire.integer(1, 1769632348)), [0, 0]),
        (wire.text(18, wire.integer(2, 1)), [0, 0]),
        (wire.text(10, wire.text(1, "secret")), [0, 0]),
        (wire.text(10, wire.text(1, "secret")), [0, 0, 0]),
    ],
)
def test_a_text_made_of_a_covered_part_is_covered(data: bytes, way: list[int]) -> None:
    tree = tree_of(data)
    text = write(tree.root, frozenset((id(at(tree, way)),)), indent=None)
    assert list(json.loads(text).values()) == [COVERED]


@pytest.mark.parametrize(
    ("full_name", "data", "text"),
    [
        (LIST, wire.text(1, wire.text(3, "a")) + wire.text(1, wire.integer(4, 1)), '["a",true]'),
        (LIST, b"", "[]"),
        (STRUCT, wire.struct_entry("k", wire.integer(1, 0)), '{"k":null}'),
        (VALUE, wire.text(6, wire.text(1, wire.text(3, "a"))), '["a"]'),
        (VALUE, wire.text(5, wire.struct_entry("k", wire.double(2, 1))), '{"k":1}'),
    ],
)
def test_places_in_a_whole_blob_of_one(full_name: str, data: bytes, text: str) -> None:
    tree = tree_of(data, full_name)
    assert text_of(data, full_name) == text
    laid_out = write(tree.root)
    assert json.loads(laid_out) == by_python(data, full_name)
    for offset in range(len(laid_out)):
        keys = keys_at(laid_out, offset)
        assert keys_of(tree, way_of(tree, keys)) == keys
