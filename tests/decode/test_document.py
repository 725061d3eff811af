"""The JSON store's documents: what json reads, with the byte each value stands at."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.document import read_document
from inspector.decode.json_writer import write
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.problems import findings
from inspector.decode.secrets import COVERED, covered

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)


def value_of(node: Node) -> Any:
    if node.kind == NodeKind.STRUCT:
        return {one.label: value_of(one) for one in node.children if one.kind < NodeKind.UNKNOWN}
    if node.kind == NodeKind.ARRAY:
        return [value_of(one) for one in node.children]
    return node.value


def check_spans(tree: Tree) -> None:
    """The bytes from ``body`` to ``end`` are the value's own text, those before it its key's."""
    stack = [tree.root]
    while stack:
        node = stack.pop()
        own = json.loads(tree.data[node.body : node.end])
        if node.kind != NodeKind.SHADOWED:
            assert own == value_of(node)
        if isinstance(node.label, str):
            key = tree.data[node.start : node.body].decode().rstrip(" \t\r\n")
            assert json.loads(key.removesuffix(":")) == node.label
        stack.extend(node.children)


def strict(text: str | bytes) -> Any:
    """What json reads, without the literals that are no JSON."""

    def refuse(literal: str) -> Any:
        raise ValueError(literal)

    return json.loads(text, parse_constant=refuse)


def beside(read: Any, value: Any) -> bool:
    """Whether json read a value out of its text; a whole double may stand there as an integer."""
    if isinstance(value, dict):
        same_keys = isinstance(read, dict) and read.keys() == value.keys()
        return same_keys and all(beside(read[key], one) for key, one in value.items())
    if isinstance(value, list):
        pairs = zip(read, value, strict=True)
        return isinstance(read, list) and all(beside(*pair) for pair in pairs)
    if isinstance(value, float) and type(read) is int:
        return float(read) == value
    return type(read) is type(value) and bool(read == value)


@given(VALUES, st.sampled_from([None, 0, 3]), st.booleans())
def test_it_reads_what_json_reads(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    tree = read_document(text.encode())
    assert not tree.malformed
    assert value_of(tree.root) == value
    check_spans(tree)


@given(VALUES)
def test_what_is_written_is_the_document_sorted(value: Any) -> None:
    written = write(read_document(json.dumps(value).encode()).root)
    assert beside(json.loads(written), value)
    again = read_document(written.encode())
    assert write(again.root) == written


@given(VALUES, st.integers(0, 200), st.sampled_from([*'{}[],:"\\0-1.eE+ntu \n', "NaN", "\x00", ""]))
def test_it_refuses_what_json_refuses(value: Any, place: int, change: str) -> None:
    text = json.dumps(value, ensure_ascii=False)
    text = text[:place] + change + text[place + 1 :]
    try:
        expected = strict(text)
    except ValueError:
        assert read_document(text.encode()).malformed
        return
    tree = read_document(text.encode())
    assert not tree.malformed
    assert value_of(tree.root) == expected or not math.isfinite(_largest(expected))


@pytest.mark.parametrize("number", ["1e999999999999999999", "-1.5e+18463650252668227033"])
def test_a_number_that_no_double_holds_is_written_as_it_was(number: str) -> None:
    tree = read_document(f'{{"a": {number}}}'.encode())
    assert not tree.malformed
    written = write(tree.root)
    (value,) = json.loads(written, parse_float=str).values()
    assert value.upper().replace("+", "") == number.upper().replace("+", "")
    assert write(read_document(written.encode()).root) == written


def _largest(value: Any) -> float:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return max(map(_largest, value), default=0.0)
    return abs(value) if isinstance(value, float) else 0.0


@given(st.binary(max_size=30))
def test_any_bytes_have_a_tree(data: bytes) -> None:
    tree = read_document(data)
    assert (tree.root.start, tree.root.end) == (0, len(data)) or not tree.malformed
    list(findings(tree))
    write(tree.root, covered(tree))


@pytest.mark.parametrize(
    "text",
    [
        b"", b" ", b"{", b"}", b"[1,]", b"{,}", b'{"a"}', b'{"a":}', b'{"a":1,}', b"{1:2}", b"01",
        b"1.", b".5", b"+1", b"1e", b"-", b"tru", b"nul", b"NaN", b"Infinity", b"-Infinity", b"'a'",
        b'"a', b'"\\x41"', b'"\\u12g4"', b'"\n"', b"[1 2]", b"1 2", b"\xef\xbb\xbf1", b"\x001",
        b"[1]]", b"/**/1", b'["\\u", 1234]',
    ],
)  # fmt: skip
def test_what_is_no_json(text: bytes) -> None:
    tree = read_document(text)
    assert tree.malformed
    [found] = findings(tree)
    assert found.code == "not-json"
    [bad] = tree.root.children
    assert (bad.kind, bad.end) == (NodeKind.MALFORMED, len(text))


def test_it_says_where_it_breaks() -> None:
    [bad] = read_document(b'{"a": 1, "b": tru}').root.children
    assert bad.start == 14


def test_of_a_key_that_stands_twice_the_last_one_wins() -> None:
    tree = read_document(b'{"a": 1, "b": 2, "a": [3]}')
    assert value_of(tree.root) == {"a": [3], "b": 2}
    [lost] = [node for node in tree.root.children if node.kind == NodeKind.SHADOWED]
    assert tree.data[lost.start : lost.end] == b'"a": 1'
    assert tree.odd
    assert write(tree.root, indent=None) == '{"a":[3],"b":2}'


def test_half_a_surrogate_pair_is_a_replacement_character() -> None:
    tree = read_document(b'["\\ud83d\\ude00", "\\ud83d", "x\\udc00y"]')
    assert value_of(tree.root) == ["\U0001f600", "\ufffd", "x\ufffdy"]
    assert [found.place.path for found in findings(tree)] == ["[1]", "[2]"]
    assert {found.code for found in findings(tree)} == {"invalid-utf8"}


def test_text_that_is_no_utf8_is_said_and_shown() -> None:
    tree = read_document(b'{"k\xff": "v\xfe"}')
    assert value_of(tree.root) == {"k\ufffd": "v\ufffd"}
    assert not tree.malformed
    assert [found.code for found in findings(tree)] == ["invalid-utf8"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e400", Decimal("1e400")),
        ("-1e400", Decimal("-1e400")),
        ("1e-400", Decimal("1e-400")),
        ("-0.001E-400", Decimal("-0.001E-400")),
        ("-0.0e-400", 0),
        ("0.00", 0),
        ("0.05", 0.05),
        ("1" + "0" * 5000, Decimal("1" + "0" * 5000)),
        ("9007199254740993", 9007199254740993),
        ("-0", 0),
        ("1.50", 1.5),
        ("1E2", 100.0),
    ],
)
def test_numbers_of_any_size(text: str, value: Any) -> None:
    tree = read_document(text.encode())
    assert tree.root.value == value
    written = write(tree.root)
    assert Decimal(written) == Decimal(text)


@pytest.mark.parametrize(
    ("document", "places"),
    [
        ({"spec": {"callbackToken": "x"}}, ["spec.callbackToken"]),
        ({"spec": {"callback_token": "x"}}, ["spec.callback_token"]),
        ({"clientSecret": {"a": "x"}}, ["clientSecret"]),
        ({"clientSecret": ["x"]}, ["clientSecret"]),
        ({"keyHash": 5}, ["keyHash"]),
        ({"keyHash": ""}, []),
        ({"keyHash": None}, []),
        ({"data": {"K": {"value": "x", "isSecret": True}}}, ["data.K.value"]),
        ({"data": {"K": {"value": "x", "is_secret": True}}}, ["data.K.value"]),
        ({"data": {"K": {"value": "x", "isSecret": False}}}, []),
        ({"data": {"K": {"value": "x"}}}, []),
        ({"data": {"K": {"value": "x", "isSecret": "no"}}}, []),
        ({"clientSecret": {"keyHash": "x"}}, ["clientSecret"]),
        ({"data": {"K": {"value": {"keyHash": "x"}}}}, ["data.K.value.keyHash"]),
        ({"headers": {"Cookie": "x", "Accept": "y"}}, ["headers.Cookie"]),
        ({"headers": {"Accept": {"keyHash": "x"}}}, ["headers.Accept.keyHash"]),
        ([{"headers": {"X-API-KEY": "x"}}], ["0.headers.X-API-KEY"]),
        ({"name": "x"}, []),
    ],
)
def test_secrets_by_json_name(document: Any, places: list[str]) -> None:
    tree = read_document(json.dumps(document).encode())
    shown = json.loads(write(tree.root, covered(tree)))
    assert _places(shown) == places
    assert len(covered(tree)) == len(places)


def _places(value: Any, way: str = "") -> list[str]:
    if value == COVERED:
        return [way.removeprefix(".")]
    if not isinstance(value, dict | list):
        return []
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [place for key, one in inner for place in _places(one, f"{way}.{key}")]


def test_a_secret_that_a_later_one_replaces_is_covered() -> None:
    tree = read_document(b'{"keyHash": "x", "keyHash": "y"}')
    assert len(covered(tree)) == 2
    assert write(tree.root, covered(tree), indent=None) == f'{{"keyHash":"{COVERED}"}}'
