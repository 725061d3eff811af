"""What must hold for the difference of any two messages."""

from __future__ import annotations

from random import Random

import pytest
from google.protobuf.message import Message
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inspector.decode.decoder import Decoder, decode
from inspector.decode.node import Tree
from inspector.decode.paths import NodePlace
from inspector.history.difference import Change, difference
from tests.decode.blobs import BlobWriter
from tests.decode.reference import of_message
from tests.decode.types import class_of, storable, type_of
from tests.history.generated import Case, apply, cases, find, plain, reverse

_laws = settings(deadline=None, max_examples=200)


def value(tree: Tree) -> object:
    return plain(NodePlace(tree.root, None), tree.data)


@given(cases())
@_laws
def test_nothing_differs_from_itself(case: Case) -> None:
    tree, _ = case.trees()
    again, _ = case.trees()
    assert difference(tree, tree) == ([], True)
    assert difference(tree, again) == ([], True)
    assert value(tree) == value(again)


@given(cases())
@_laws
def test_applied_to_the_first_it_gives_the_second_and_back(case: Case) -> None:
    first, second = case.trees()
    found = difference(first, second).entries
    assert apply(first, second, found) == value(second)
    assert apply(second, first, reverse(found)) == value(first)


#: A field of another wire type than the schema's: the same number and value, told in more bytes.
_LONGER = bytes.fromhex("888100 8000"), bytes.fromhex("88818000 8000")


@given(cases())
@example(Case("made", "test.Everything", *_LONGER))
@_laws
def test_large_records_differ_as_small_ones_do(case: Case) -> None:
    first, second = case.trees()
    found = [(one.change, one.path) for one in difference(first, second).entries]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Decoder, "from_size", 0)
        again = [(one.change, one.path) for one in difference(first, second).entries]
    assert again == found


@given(cases())
@_laws
def test_a_path_names_the_value_of_its_side(case: Case) -> None:
    first, second = case.trees()
    seen = set()
    for entry in difference(first, second).entries:
        if entry.after is not None:
            assert find(second.root, entry.path) is entry.after.node
        else:
            assert entry.before is not None
            assert find(first.root, entry.path) is entry.before.node
        if entry.change == Change.MOVED and entry.before is not None:
            assert find(first.root, entry.before.path) is entry.before.node
        assert (entry.path, entry.change) not in seen
        seen.add((entry.path, entry.change))


def check_with_protobuf(case: Case) -> None:
    """Equal for protobuf is equal here; and what is equal here has the same values there."""
    known = class_of(case.generation, case.full_name)
    before, after = known.FromString(case.first), known.FromString(case.second)
    found = difference(*case.trees()).entries
    if before == after:
        assert found == []
    if not found:
        assert _same(before, after)


def _same(before: Message, after: Message) -> bool:
    return _with_one_zero(of_message(before)) == _with_one_zero(of_message(after))


def _with_one_zero(value: object) -> object:
    if isinstance(value, bytes):
        return value if value != b"\0\0\0\0\0\0\0\x80" else bytes(8)
    if isinstance(value, dict):
        return {key: _with_one_zero(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_with_one_zero(one) for one in value]
    return value


@given(cases())
@_laws
def test_what_protobuf_calls_equal_does_not_differ(case: Case) -> None:
    check_with_protobuf(case)
    rewritten = class_of(case.generation, case.full_name).FromString(case.first)
    for deterministic in (True, False):
        data = rewritten.SerializeToString(deterministic=deterministic)
        check_with_protobuf(case._replace(second=data))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Decoder, "from_size", 0)
            check_with_protobuf(case._replace(second=data))


@given(st.sampled_from(storable()), st.randoms(use_true_random=False), st.integers(0, 1 << 30))
@_laws
def test_the_order_of_map_keys_and_fields_does_not_matter(
    type_: tuple[str, str], random: Random, seed: int
) -> None:
    known = type_of(*type_)
    writer = BlobWriter(random)
    once = [f for f in known.fields.values() if (not f.repeated and f.oneof is None) or f.is_map]
    parts = [writer.field(field, 2) for field in once]
    maps = [writer.field(field, 2) for field in once if field.is_map]
    before = decode(b"".join(parts), known)
    shuffled = Random(seed).sample(parts, len(parts))
    assert difference(before, decode(b"".join(shuffled), known)).entries == []
    both = decode(b"".join([*parts, *maps]), known)
    other = class_of(*type_).FromString(both.data).SerializeToString()
    assert difference(both, decode(other, known)).entries == []
