"""Same meaning in other bytes, and other meaning in like bytes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from inspector.decode.decoder import Decoder, decode
from inspector.decode.document import read_document
from inspector.decode.secrets import covered
from inspector.errors import CancelledError
from inspector.history.difference import Change, difference
from inspector.history.equality import same_bytes
from inspector.history.summary import summarise
from inspector.schema.catalog import release
from tests.builders.demo import wire
from tests.cancels import SetAfter
from tests.decode.types import EVERYTHING, MADE, class_of, type_of
from tests.releases import NEWEST

TYPE = type_of(MADE, EVERYTHING)
NUMBERS = {field.name: field.number for field in TYPE.fields.values()}
UNKNOWN = [wire.integer(1000, 5), wire.text(1001, "x"), wire.integer(1000, 6), wire.double(1002, 1)]


def differ(first: bytes, second: bytes) -> list[str]:
    """The paths that differ, checked against protobuf where it calls the two equal."""
    known = class_of(MADE, EVERYTHING)
    paths = [e.path for e in difference(decode(first, TYPE), decode(second, TYPE)).entries]
    if known.FromString(first) == known.FromString(second):
        assert paths == []
    return paths


def test_unknown_fields_may_stand_in_any_order_but_for_repeats() -> None:
    for seed in range(20):
        shuffled = Random(seed).sample(UNKNOWN, len(UNKNOWN))
        kept = shuffled.index(UNKNOWN[0]) < shuffled.index(UNKNOWN[2])
        paths = differ(b"".join(UNKNOWN), b"".join(shuffled))
        assert paths == ([] if kept else ["<1000>", "<1000>[1]"])


def test_unknown_fields_of_a_number_pair_by_wire_type() -> None:
    both = wire.integer(1000, 5) + wire.text(1000, "x")
    assert differ(both, wire.text(1000, "x")) == ["<1000>"]


def test_overlong_varints_mean_the_same_even_where_unknown() -> None:
    assert differ(wire.integer(1000, 5), wire.tag(1000, wire.VARINT) + b"\x85\x80\x00") == []
    known = NUMBERS["a_int32"]
    assert differ(wire.integer(known, 5), wire.tag(known, wire.VARINT) + b"\x85\x00") == []


def test_groups_mean_what_is_in_them() -> None:
    one, other = wire.integer(7, 1), wire.text(8, "x")
    assert differ(wire.group(1000, one + other), wire.group(1000, other + one)) == []
    assert differ(wire.group(1000, one), wire.group(1000, other)) == ["<1000>"]


@pytest.mark.parametrize(
    ("many", "from_size"), [(wire.group, Decoder.from_size), (wire.group, 0), (wire.text, 0)]
)
def test_a_comparison_ends_once_it_is_not_wanted(
    many: Callable[[int, bytes], bytes], from_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Decoder, "from_size", from_size)
    parts = [wire.integer(7, at) for at in range(2000)]
    inner = b"".join(many(9, one) for one in parts), b"".join(many(9, one) for one in parts[::-1])
    before, after = (decode(wire.group(1000, one), TYPE) for one in inner)
    never = SetAfter(1 << 60)
    assert difference(before, after, cancel=never).entries
    asked = (1 << 60) - never.left
    cancel = SetAfter(100)
    with pytest.raises(CancelledError):
        difference(before, after, cancel=cancel)
    assert asked > 1000
    assert cancel.left == -1


def test_zeros_and_nan() -> None:
    some = NUMBERS["some_double"]
    zeros = [wire.tag(some, wire.LEN) + b"\x08" + wire.double(1, z)[1:] for z in (0.0, -0.0)]
    assert differ(*zeros) == []
    alone = [wire.double(NUMBERS["a_double"], z) for z in (0.0, -0.0)]
    assert differ(b"", alone[0]) == []
    assert differ(b"", alone[1]) == ["a_double"]
    nan = wire.double(NUMBERS["a_double"], float("nan"))
    assert differ(nan, nan + wire.integer(NUMBERS["a_int32"], 0)) == []


def test_packed_or_not_is_the_same() -> None:
    number = NUMBERS["some_int32"]
    packed = wire.text(number, b"\x01\x02")
    assert differ(packed, wire.integer(number, 1) + wire.integer(number, 2)) == []
    assert differ(packed, wire.integer(number, 2) + wire.integer(number, 1)) != []


def test_a_merged_message_is_not_judged_by_its_bytes() -> None:
    """The same bytes, but those between its two parts belong to it only once."""
    inner, number = wire.text(NUMBERS["a_string"], "x"), NUMBERS["a_message"]
    two = wire.text(number, inner) + wire.text(number, wire.integer(NUMBERS["a_int32"], 3))
    assert differ(two, wire.text(number, inner)) == ["a_message.a_int32"]
    one = wire.text(number, inner + wire.integer(NUMBERS["a_int32"], 3))
    assert differ(two, one) == []


def test_bytes_only_tell_of_what_stands_in_one_piece() -> None:
    number = NUMBERS["a_message"]
    parts = wire.text(number, wire.integer(4, 1)), wire.text(number, wire.integer(4, 2) * 50)
    for data, one_piece in ((parts[0], True), (parts[1], True), (b"".join(parts), False)):
        first, second = (decode(data, TYPE).root.children[0] for _ in range(2))
        assert same_bytes(first, second, data, data) == one_piece
        assert not same_bytes(first, decode(b"", TYPE).root, data, b"")


def test_nothing_within_a_covered_value_is_told() -> None:
    maps = [wire.text(501, wire.integer(1, key) + wire.integer(2, 7)) for key in (1, 2)]
    before, after = (decode(data, TYPE) for data in maps)
    assert [e.path for e in difference(before, after).entries] == ["map501[1]", "map501[2]"]
    for tree in (before, after):
        hidden = frozenset((id(tree.root.children[0]),))
        (entry,) = difference(before, after, hidden).entries
        assert (entry.path, entry.change, entry.hidden) == ("map501", Change.CHANGED, True)
        assert len(difference(before, after, hidden, reveal=True).entries) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a":"hunter1"}', '{"a":"hunter2"}'),
        ('["hunter1"]', '["hunter1","hunter2"]'),
        ('{"a":"hunter1"}', '"hunter2"'),
        ('{"hunter1":{"b":1}}', '{"hunter2":{"b":1}}'),
    ],
)
def test_a_secret_that_is_an_object_does_not_show_its_parts(before: str, after: str) -> None:
    trees = [
        read_document(f'{{"spec":{{"callbackToken":{value},"x":{at}}}}}'.encode())
        for at, value in enumerate((before, after))
    ]
    hidden = covered(trees[0]) | covered(trees[1])
    found = difference(trees[0], trees[1], hidden)
    assert [(entry.path, entry.change, entry.hidden) for entry in found.entries] == [
        ("spec.callbackToken", Change.CHANGED, True),
        ("spec.x", Change.CHANGED, False),
    ]
    assert "hunter" not in summarise(found).text
    back = difference(trees[1], trees[0], hidden)
    assert [entry.hidden for entry in back.entries] == [True, False]


def test_text_that_is_no_utf8_differs_by_its_bytes() -> None:
    number = NUMBERS["a_string"]
    first, second = wire.text(number, b"\xff"), wire.text(number, b"\xfe")
    paths = [e.path for e in difference(decode(first, TYPE), decode(second, TYPE)).entries]
    assert paths == ["a_string"]
    keys = [wire.text(401, wire.text(1, key) + wire.double(2, 1)) for key in (b"\xff", b"\xfe")]
    both, one = decode(b"".join(keys), TYPE), decode(keys[0], TYPE)
    assert len(difference(both, one).entries) == 1


def test_unknown_fields_around_a_value_of_a_struct_are_named() -> None:
    number = NUMBERS["known601"]
    values = [wire.text(3, "x"), wire.text(3, "x") + wire.integer(99, 1)]
    paths = differ(*[wire.text(number, wire.struct_entry("k", value)) for value in values])
    assert paths == ['known601["k"].<99>']


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (b"[1]", b"[1.0]", True),
        (b"[1e2]", b"[100]", True),
        (b"[1]", b"[true]", False),
        (b"[0]", b"[false]", False),
        (b'["1"]', b"[1]", False),
        (b"[9007199254740993]", b"[9007199254740992]", False),
        (b'{"a": 1, "b": 2}', b'{"b":2,"a":1}', True),
        (b'{"a": null}', b"{}", False),
    ],
)
def test_documents_differ_by_what_they_say(first: bytes, second: bytes, same: bool) -> None:
    found = difference(read_document(first), read_document(second))
    assert (not found.entries) == same


def test_two_generations_compare_by_field_name_and_enum_name() -> None:
    session = "ai.stigmer.commons.apiresource.ApiResourceReference"
    old = release("2026-01-26").messages[session]
    new = release("2026-10").messages[session]
    kinds = {g: {f.name: f for f in g.fields.values()}["kind"] for g in (old, new)}
    agent = {
        g: next(n for n, name in field.enum.names.items() if name == "agent")
        for g, field in kinds.items()
        if field.enum is not None
    }
    before = wire.text(2, "acme") + wire.integer(3, agent[old]) + wire.text(4, "a")
    after = wire.text(1, "acme") + wire.integer(2, agent[new]) + wire.text(3, "b")
    found = difference(decode(before, old), decode(after, new))
    assert [entry.path for entry in found.entries] == ["slug"]
    renamed = wire.text(1, "acme") + wire.integer(2, 41) + wire.text(3, "a")
    first = decode(wire.text(2, "acme") + wire.integer(3, 41) + wire.text(4, "a"), old)
    assert [e.path for e in difference(first, decode(renamed, new)).entries] == ["kind"]


def test_fields_without_a_name_differ_when_they_are_shown_too() -> None:
    for first, second in (
        (wire.integer(1000, 5), wire.integer(1000, 6)),
        (wire.text(1000, "a"), wire.text(1000, "b")),
        (wire.group(1000, wire.integer(7, 1)), wire.group(1000, wire.integer(7, 2))),
    ):
        before, after = decode(first, TYPE), decode(second, TYPE)
        for reveal in (False, True):
            (entry,) = difference(before, after, reveal=reveal).entries
            assert (entry.path, entry.change, entry.hidden) == (
                "<1000>",
                Change.CHANGED,
                not reveal,
            )


def test_the_same_bytes_of_two_types_are_not_the_same() -> None:
    messages = release("2026-01-26").messages
    skill, agent = (
        messages[f"ai.stigmer.agentic.{name}"]
        for name in ("skill.v1.SkillSpec", "agent.v1.AgentSpec")
    )
    data = wire.text(1, "a") + wire.text(2, "b")
    found = difference(decode(data, skill), decode(data, agent))
    assert found.same_bytes
    assert {entry.change for entry in found.entries} == {Change.ADDED, Change.REMOVED}
    assert difference(decode(data, skill), decode(data, skill)) == ([], True)


def test_the_same_bytes_within_a_field_of_two_releases_are_not_the_same() -> None:
    """Number 5 of the metadata was the scope of the owner, and is the visibility now."""
    data = wire.text(3, wire.integer(5, 1))
    before, after = (
        decode(data, release(name).messages["ai.stigmer.agentic.skill.v1.Skill"])
        for name in ("2026-01-26", NEWEST)
    )
    found = difference(before, after).entries
    assert [(entry.path, entry.change) for entry in found] == [
        ("metadata.owner_scope", Change.REMOVED),
        ("metadata.visibility", Change.ADDED),
    ]
