"""JSON text beside json_format's, and our own rules on top of it."""

from __future__ import annotations

import json
import tracemalloc
from random import Random
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import given, settings

from inspector.decode.decoder import decode
from inspector.decode.json_writer import write, write_parts
from inspector.decode.node import Tree
from tests.builders.demo import wire
from tests.decode.blobs import BlobWriter, Case, blobs
from tests.decode.damage import real_blobs
from tests.decode.types import EVERYTHING, MADE, class_of, storable, type_of


def tree_of(data: bytes, name: str = MADE, full_name: str = EVERYTHING) -> Tree:
    return decode(data, type_of(name, full_name))


def text_of(data: bytes, name: str = MADE, full_name: str = EVERYTHING) -> str:
    return write(tree_of(data, name, full_name).root, indent=None)


def loads(text: str) -> Any:
    """The value of a JSON text. Minus zero is no integer to Python, so it is read as a float."""
    return json.loads(text, parse_int=lambda digits: -0.0 if digits == "-0" else int(digits))


def by_json_format(name: str, full_name: str, data: bytes) -> Any:
    message = class_of(name, full_name).FromString(data)
    pool: Any = message.DESCRIPTOR.file.pool
    text = json_format.MessageToJson(message, ensure_ascii=False, descriptor_pool=pool)
    return json.loads(text, object_hook=_without_empty_extensions)


def _without_empty_extensions(value: dict[str, Any]) -> dict[str, Any]:
    """Python writes a packed extension without elements, Go does not."""
    return {key: one for key, one in value.items() if key[:1] != "[" or one != []}


def check(case: Case) -> None:
    name, full_name, data = case
    assert json.loads(text_of(data, name, full_name)) == by_json_format(name, full_name, data)


@settings(max_examples=400)
@given(blobs(plain=True))
def test_it_says_what_json_format_says(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("name", sorted({name for name, _ in storable()}))
def test_it_says_what_json_format_says_of_every_message_type(name: str) -> None:
    random = Random(11)
    for generation, full_name in storable():
        if generation == name:
            writer = BlobWriter(random, plain=True)
            check((name, full_name, writer.message(type_of(name, full_name))))


def test_every_real_record() -> None:
    for store in ("v0", "v2-clean", "v2-migrated"):
        for blob in real_blobs(store):
            check((blob.release, blob.full_name, blob.data))


@settings(max_examples=400)
@given(blobs())
def test_the_layout_is_that_of_json(case: Case) -> None:
    name, full_name, data = case
    root = tree_of(data, name, full_name).root
    value = loads(write(root))
    expected = json.dumps(value, ensure_ascii=False, indent=2).replace("-0.0", "-0")
    assert write(root).replace("-0.0", "-0") == expected
    assert loads(write(root, indent=None)) == value


@settings(max_examples=400)
@given(blobs())
def test_it_may_stand_within_another_text(case: Case) -> None:
    name, full_name, data = case
    root = tree_of(data, name, full_name).root
    text = '[\n  {\n    "m": ' + write(root, level=2) + "\n  }\n]"
    assert text == write(root).replace("\n", "\n    ").join(('[\n  {\n    "m": ', "\n  }\n]"))


def test_parts_make_the_whole() -> None:
    root = tree_of(real_blobs("v0")[0].data, "2026-01-25", real_blobs("v0")[0].full_name).root
    parts: list[str] = []
    write_parts(root, frozenset(), parts.append)
    assert len(parts) > 10
    assert "".join(parts) == write(root)


@pytest.mark.parametrize("length", [98_303, 98_304, 98_305, 300_000])
def test_long_texts_and_bytes_come_in_parts(length: int) -> None:
    text = ('\n"\N{GRINNING FACE}' * (length // 3 + 1))[:length]
    fields = wire.text(9, text) + wire.text(12, bytes(range(251)) * (length // 251) + b"abcd")
    data = fields + wire.text(609, wire.struct_entry("k", wire.text(3, text)))
    check((MADE, EVERYTHING, data))
    parts: list[str] = []
    write_parts(tree_of(data).root, frozenset(), parts.append, indent=None)
    assert max(map(len, parts)) < 3 * length
    assert "".join(parts) == text_of(data)


@settings(max_examples=400)
@given(blobs())
def test_equal_messages_are_equal_bytes(case: Case) -> None:
    """However they were written: here as they are, and as protobuf writes what it read."""
    name, full_name, data = case
    again = class_of(name, full_name).FromString(data).SerializePartialToString()
    assert text_of(again, name, full_name) == text_of(data, name, full_name)


@pytest.mark.parametrize("number", [401, 409, 501, 505])
def test_entries_and_fields_in_any_order_give_one_text(number: int) -> None:
    keys = [wire.integer(1, key) for key in (300, 2, 10)]
    if number < 500:
        keys = [wire.text(1, key) for key in ("b", "a\u00df", "\U0001f600")]
    entries = [wire.text(number, key) for key in keys]
    other = wire.integer(5, 7)
    assert text_of(b"".join(entries) + other) == text_of(other + b"".join(entries[::-1]))


def test_map_keys_are_sorted() -> None:
    """Text by code point (not by UTF-16), integers by value, false before true."""
    texts = b"".join(
        wire.text(409, wire.text(1, key)) for key in ("\U0001f600", "\uffee", "Z", "a")
    )
    assert list(json.loads(text_of(texts))["map409"]) == ["Z", "a", "\uffee", "\U0001f600"]
    integers = b"".join(wire.text(503, wire.integer(1, key)) for key in (10, 9, -1, 0))
    assert list(json.loads(text_of(integers))["map503"]) == ["-1", "0", "9", "10"]
    booleans = b"".join(wire.text(506, wire.integer(1, key)) for key in (1, 0))
    assert list(json.loads(text_of(booleans))["map506"]) == ["false", "true"]
    struct = b"".join(wire.struct_entry(key, b"") for key in ("\U0001f600", "\uffee", "Z", "a"))
    keys = list(json.loads(text_of(wire.text(601, struct)))["known601"])
    assert keys == ["Z", "a", "\uffee", "\U0001f600"]


def test_fields_come_by_number() -> None:
    data = wire.integer(305, 1) + wire.text(9, "x") + wire.integer(5, 2) + wire.integer(105, 3)
    assert list(json.loads(text_of(data))) == ["aInt32", "aString", "someInt32", "perhapsInt32"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (0.1, "0.1"),
        (-0.0, "-0"),
        (2.0**53 - 1, "9007199254740991"),
        (2.0**53, "9007199254740992"),
        (1e100, "1e+100"),
        (5e-324, "5e-324"),
        (float("nan"), '"NaN"'),
        (float("inf"), '"Infinity"'),
        (float("-inf"), '"-Infinity"'),
    ],
)
def test_doubles(value: float, text: str) -> None:
    """Alone, in a list, and in a Struct, where json_format gives up on those that are none."""
    assert text_of(wire.double(1, value)) == f'{{"aDouble":{text}}}'
    assert text_of(wire.double(101, value)) == f'{{"someDouble":[{text}]}}'
    inside = wire.text(602, wire.double(2, value))
    assert text_of(inside) == f'{{"known602":{text}}}'


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        (0x3DCCCCCD, "0.1"),
        (0x00000001, "1e-45"),
        (0x7F7FFFFF, "3.4028235e+38"),
        (0x4B800000, "16777216"),
        (0x80000000, "-0"),
        (0x7F800000, '"Infinity"'),
        (0x3EAAAAAB, "0.33333334"),
    ],
)
def test_floats_are_as_short_as_their_32_bits_allow(bits: int, text: str) -> None:
    assert text_of(wire.fixed32(2, bits)) == f'{{"aFloat":{text}}}'


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (wire.integer(1, 1769632348), '"2026-01-28T20:32:28Z"'),
        (wire.integer(1, 0) + wire.integer(2, 120_000_000), '"1970-01-01T00:00:00.120Z"'),
        (wire.integer(2, 1000), '"1970-01-01T00:00:00.000001Z"'),
        (wire.integer(2, 1), '"1970-01-01T00:00:00.000000001Z"'),
        (b"", '"1970-01-01T00:00:00Z"'),
        (wire.integer(1, -62135596800), '"0001-01-01T00:00:00Z"'),
        (wire.integer(1, 253402300799), '"9999-12-31T23:59:59Z"'),
        (wire.integer(1, 253402300800), '{"seconds":"253402300800","nanos":0}'),
        (wire.integer(1, -62135596801), '{"seconds":"-62135596801","nanos":0}'),
        (wire.integer(2, -1), '{"seconds":"0","nanos":-1}'),
        (wire.integer(2, 10**9), '{"seconds":"0","nanos":1000000000}'),
    ],
)
def test_timestamps(payload: bytes, text: str) -> None:
    assert text_of(wire.text(604, payload)) == f'{{"known604":{text}}}'
    assert text_of(wire.text(704, payload)) == f'{{"known704":[{text}]}}'
    entry = wire.text(804, wire.text(1, "k") + wire.text(2, payload))
    assert text_of(entry) == f'{{"map804":{{"k":{text}}}}}'


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (wire.integer(1, 90), '"90s"'),
        (wire.integer(2, -500_000_000), '"-0.500s"'),
        (wire.integer(1, -1) + wire.integer(2, -1), '"-1.000000001s"'),
        (wire.integer(1, 315576000001), '{"seconds":"315576000001","nanos":0}'),
        (wire.integer(1, 1) + wire.integer(2, -1), '{"seconds":"1","nanos":-1}'),
    ],
)
def test_durations(payload: bytes, text: str) -> None:
    assert text_of(wire.text(605, payload)) == f'{{"known605":{text}}}'


def test_an_odd_time_is_laid_out_like_any_object() -> None:
    root = tree_of(wire.text(704, wire.integer(1, 253402300800))).root
    value = {"known704": [{"seconds": "253402300800", "nanos": 0}]}
    assert write(root) == json.dumps(value, indent=2)


def test_enums_without_a_name_stay_numbers() -> None:
    data = b"".join(wire.integer(112, number) for number in (1, 77, -1))
    assert text_of(data) == '{"someEnum":["RED",77,-1]}'
    # Of a number past 32 bits protobuf keeps the low ones.
    assert text_of(wire.integer(12, 2**32 + 2)) == '{"aEnum":"GREEN"}'


def test_set_fields_are_kept_where_presence_is_known() -> None:
    assert text_of(wire.integer(5, 0)) == "{}"
    assert text_of(wire.integer(305, 0)) == '{"perhapsInt32":0}'
    assert text_of(wire.integer(205, 0)) == '{"oneInt32":0}'
    assert text_of(wire.text(17, b"")) == '{"aMessage":{}}'
    assert text_of(wire.text(403, b"")) == '{"map403":{"":"0"}}'
    assert text_of(wire.text(105, b"")) == "{}"


def test_covered_nodes_are_one_word_whatever_their_type() -> None:
    data = wire.integer(5, 7) + wire.text(9, "secret") + wire.text(601, wire.struct_entry("k", b""))
    root = tree_of(data).root
    text = write(root, frozenset(map(id, root.children)), indent=None)
    assert set(json.loads(text).values()) == {"[covered]"}


def test_text_that_is_no_utf8_is_written_with_replacement_characters() -> None:
    assert json.loads(text_of(wire.text(9, b"a\xffb"))) == {"aString": "a\ufffdb"}


def test_the_text_of_very_many_values_takes_no_more_than_a_few_times_its_size() -> None:
    """A part of the text on its own takes sixty bytes; lists of millions are written."""
    tree = tree_of(wire.text(103, bytes([1]) * 400_000))
    write(tree.root, indent=None)
    tracemalloc.start()
    text = write(tree.root, indent=None)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(json.loads(text)["someInt64"]) == 400_000
    assert most < 10 * len(text)
