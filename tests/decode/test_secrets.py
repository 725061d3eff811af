"""Secrets stay covered: by every rule, in every generation, however the bytes are read."""

from __future__ import annotations

import csv
import json
import tracemalloc
from base64 import b64encode
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector import assets
from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.json_writer import write
from inspector.decode.node import NodeKind, Tree
from inspector.decode.paths import walk
from inspector.decode.secrets import (
    COVERED,
    covered,
    overlapping,
    secret_nodes,
    secret_spans,
    spans,
)
from inspector.schema import merged
from inspector.schema.catalog import release
from inspector.schema.secrets_table import secret_table
from inspector.schema.types import Field, MessageType, ScalarType, SecretRule
from tests.builders.demo import wire
from tests.decode.blobs import SEEDS
from tests.decode.compiled import compiled_types
from tests.decode.planting import SECRET, SHOWN, Spot, innermost, planted, spots
from tests.decode.readings import read_kind
from tests.releases import NEWEST, SOME, kind_info

SPOTS = spots()
FLAGGED = [spot for spot in SPOTS if spot.rule == SecretRule.IF_FLAGGED]
HEADERS = [spot for spot in SPOTS if spot.rule == SecretRule.HEADER_KEYS]
IN_BASE64 = b64encode(SECRET).decode()[:20]


def _rivals(spot: Spot) -> list[int]:
    """For each field on the way, the number of one that takes its place, 0 for none."""
    holders = [spot.message, *(field.message for field in spot.way)]
    rivals = []
    for field, holder in zip(spot.way[:-1], holders, strict=False):
        others = holder.fields.values() if field.oneof is not None and holder is not None else ()
        rival = next((f.number for f in others if f.oneof == field.oneof and f is not field), 0)
        rivals.append(field.number if field.is_map else rival)
    return rivals


REPLACEABLE = [spot for spot in SPOTS if any(_rivals(spot))]


def visible(tree: Tree, hidden: frozenset[int]) -> str:
    """All that a person may see of a tree: its JSON, and every value that is not covered."""
    texts = [write(tree.root, hidden, indent=None)]
    stack = [tree.root]
    while stack:
        node = stack.pop()
        if id(node) not in hidden:
            texts += [str(node.value), str(node.label)]
            stack.extend(node.children)
    return "\n".join(texts)


def assert_covered(tree: Tree, hidden: frozenset[int]) -> None:
    shown = visible(tree, hidden)
    assert SHOWN not in shown
    assert IN_BASE64 not in shown


def test_every_rule_of_the_table_has_a_spot() -> None:
    with assets.path("secrets.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    planted_ = {spot.way[-1].name for spot in SPOTS}
    assert {row["field"] for row in rows if not row["message"].startswith("table ")} == planted_
    assert {spot.release for spot in SPOTS} == set(SOME)


@pytest.mark.parametrize("spot", SPOTS, ids=repr)
def test_exactly_the_secret_is_covered(spot: Spot) -> None:
    tree = decode(planted(spot, innermost(spot, b"plain-secret")), spot.message)
    plain = write(tree.root, indent=None)
    is_bytes = spot.way[-1].type == ScalarType.BYTES
    quoted = f'"{b64encode(b"plain-secret").decode() if is_bytes else "plain-secret"}"'
    assert plain.count(quoted) == 1
    assert write(tree.root, covered(tree), indent=None) == plain.replace(quoted, f'"{COVERED}"')
    assert len(covered(tree)) == 1


@pytest.mark.parametrize("spot", SPOTS, ids=repr)
def test_an_empty_secret_stays_empty(spot: Spot) -> None:
    tree = decode(planted(spot, innermost(spot, b"")), spot.message)
    assert not covered(tree)


@given(st.sampled_from(SPOTS), SEEDS)
def test_a_planted_secret_is_never_seen(spot: Spot, random: Random) -> None:
    tree = decode(planted(spot, random=random), spot.message)
    assert_covered(tree, covered(tree))


@given(st.sampled_from(SPOTS), SEEDS, st.sampled_from(SOME))
def test_no_other_schema_shows_it(spot: Spot, random: Random, other: str) -> None:
    """The bytes are what is covered, so another reading of them covers what lies on them."""
    data = planted(spot, random=random)
    ranges = secret_spans(decode(data, spot.message))
    info = kind_info(other, spot.kind)
    tree = decode(data, info.message if info is not None else None)
    assert_covered(tree, covered(tree, ranges))


@pytest.mark.parametrize("spot", FLAGGED, ids=repr)
def test_a_value_is_a_secret_only_when_flagged(spot: Spot) -> None:
    """The flag may stand before the value, and is true whatever number says so."""
    assert spot.flag is not None
    value = wire.text(spot.way[-1].number, SECRET)
    for flag, is_secret in (
        (b"", False),
        (wire.integer(spot.flag.number, 0), False),
        (wire.integer(spot.flag.number, 7), True),
        (wire.integer(spot.flag.number, 1) + wire.integer(spot.flag.number, 0), False),
    ):
        for inside in (flag + value, value + flag):
            tree = decode(planted(spot, inside), spot.message)
            assert bool(secret_nodes(tree)) == is_secret


@pytest.mark.parametrize("spot", FLAGGED, ids=repr)
def test_a_flag_that_cannot_be_read_may_have_been_true(spot: Spot) -> None:
    assert spot.flag is not None
    inside = wire.text(spot.way[-1].number, SECRET) + wire.tag(spot.flag.number, wire.VARINT)
    tree = decode(planted(spot, inside), spot.message)
    assert tree.malformed
    assert_covered(tree, covered(tree))


@pytest.mark.parametrize("spot", HEADERS, ids=repr)
@pytest.mark.parametrize(
    ("key", "is_secret"),
    [
        ("authorization", True),
        ("AUTHORIZATION", True),
        ("Proxy-Authorization", True),
        ("cookie", True),
        ("X-Api-Key", True),
        ("x-api-keys", True),
        ("My-Token", True),
        ("x-trace", False),
        ("accept", False),
        ("", False),
    ],
)
def test_headers_by_their_key(spot: Spot, key: str, is_secret: bool) -> None:
    tree = decode(planted(spot, innermost(spot, key=key)), spot.message)
    assert (SHOWN not in visible(tree, covered(tree))) == is_secret


@pytest.mark.parametrize("spot", SPOTS, ids=repr)
def test_a_secret_that_a_later_one_replaces_is_covered_too(spot: Spot) -> None:
    """Its bytes are still in the blob, so a reading that shows them must not."""
    inside = innermost(spot) + innermost(spot, b"")
    tree = decode(planted(spot, inside), spot.message)
    [lost] = [node for node in secret_nodes(tree) if node.kind == NodeKind.SHADOWED]
    assert SECRET in tree.data[lost.start : lost.end]
    assert write(tree.root, covered(tree)) == write(tree.root)


@pytest.mark.parametrize("spot", REPLACEABLE, ids=repr)
def test_a_message_that_was_replaced_is_covered_where_it_may_hold_one(spot: Spot) -> None:
    """A member of a oneof, or a map entry, whose place another took."""
    place = next(place for place, rival in enumerate(_rivals(spot)) if rival)
    lost = planted(spot._replace(way=spot.way[place:]))
    inside = lost + wire.text(_rivals(spot)[place], wire.text(1, "planted"))
    for step in reversed(spot.way[:place]):
        inside = wire.text(step.number, inside)
    tree = decode(inside, spot.message)
    [shadow] = [node for node in secret_nodes(tree) if node.kind == NodeKind.SHADOWED]
    assert SECRET in tree.data[shadow.start : shadow.end]


@pytest.mark.parametrize("spot", SPOTS, ids=repr)
def test_no_other_schema_shows_what_cannot_be_read_where_a_secret_may_be(spot: Spot) -> None:
    """A length that leads past the end: other types may make something of these bytes."""
    field = spot.way[-1]
    inside = wire.tag(field.number, wire.LEN) + b"\x7f" + SECRET
    data = planted(spot, inside)
    tree = decode(data, spot.message)
    assert tree.malformed
    assert not secret_nodes(tree)
    at = data.index(SECRET)
    (broken,) = [one.node for one in walk(tree.root) if one.node.kind == NodeKind.MALFORMED]
    assert secret_spans(tree) == [(broken.body, broken.end)]
    assert broken.body <= at < at + len(SECRET) <= broken.end


@pytest.mark.parametrize("spot", SPOTS, ids=repr)
def test_what_cannot_be_read_where_no_secret_may_be_is_not_covered(spot: Spot) -> None:
    metadata = next(f for f in spot.message.fields.values() if f.name == "metadata")
    inside = wire.text(metadata.number, wire.tag(1, wire.LEN) + b"\x7f" + b"name")
    tree = decode(inside, spot.message)
    assert tree.malformed
    assert secret_spans(tree) == []


@pytest.mark.parametrize("spot", SPOTS, ids=repr)
def test_an_empty_value_that_was_replaced_is_nothing_to_cover(spot: Spot) -> None:
    tree = decode(planted(spot, innermost(spot, b"") + innermost(spot)), spot.message)
    assert len(covered(tree)) == 1


def test_documents_cover_by_name_what_is_set_and_flagged() -> None:
    def shown(text: str) -> str:
        tree = read_document(text.encode())
        return write(tree.root, covered(tree), indent=None)

    for empty in ("null", '""', "{}", "[]"):
        text = f'{{"spec":{{"callbackToken":{empty}}}}}'
        assert shown(text) == text
    for flag, is_secret in (
        ('"isSecret":true', True),
        ('"is_secret":true', True),
        ('"isSecret":false', False),
        ('"isSecret":"true"', False),
        ('"optional":true', False),
    ):
        text = f'{{"data":{{"A":{{"value":"plain",{flag}}}}}}}'
        assert (COVERED in shown(text)) == is_secret
    assert not secret_nodes(decode(wire.text(1, "a"), None))
    assert not secret_spans(decode(wire.text(1, "a"), None))


def test_a_forced_schema_covers_what_the_right_one_covers() -> None:
    """The key hash of an API key as every generation would read it."""
    [spot] = [one for one in SPOTS if one.kind == "apikey" and one.release == NEWEST]
    data = planted(spot)
    own = read_kind(data, "api_key", 8)
    for name in SOME:
        forced = read_kind(data, "api_key", 8, schema=name)
        assert_covered(forced.tree, covered(forced.tree, spans(secret_nodes(own.tree))))


def test_a_key_that_lies_on_a_secret_covers_its_map() -> None:
    """Keys cannot be covered one by one, so the whole map is."""
    field = next(f for f in SPOTS[0].message.fields.values() if f.name == "metadata")
    assert field.message is not None
    labels = next(f for f in field.message.fields.values() if f.is_map)
    entries = [
        wire.text(1, SHOWN) + wire.text(2, "x"),
        wire.text(2, "x") + wire.text(1, SHOWN),
    ]
    for entry in entries:
        data = wire.text(field.number, wire.text(labels.number, entry))
        tree = decode(data, SPOTS[0].message)
        begin = data.index(SHOWN.encode())
        [found] = overlapping(tree, [(begin, begin + len(SHOWN))])
        assert found.kind == NodeKind.MAP


def test_a_value_that_lies_on_a_secret_covers_its_entry_alone() -> None:
    field = next(f for f in SPOTS[0].message.fields.values() if f.name == "metadata")
    assert field.message is not None
    labels = next(f for f in field.message.fields.values() if f.is_map)
    for turned in (False, True):
        entries = b""
        for key in ("a", "b"):
            parts = [wire.text(1, key), wire.text(2, f"value {key}")]
            entries += wire.text(labels.number, b"".join(parts[::-1] if turned else parts))
        data = wire.text(field.number, entries)
        begin = data.index(b"value b")
        [found] = overlapping(decode(data, SPOTS[0].message), [(begin, begin + 7)])
        assert (found.label, found.value) == ("b", "value b")


def test_a_time_that_lies_on_a_secret_is_covered_whole() -> None:
    """It is written as one text, not part by part."""
    name = "ai.stigmer.commons.apiresource.ApiResourceAuditInfo"
    message = release("2026-01-26").messages[name]
    time = next(f for f in message.fields.values() if f.message and f.message.name == "Timestamp")
    data = wire.text(time.number, wire.integer(1, 1_769_373_518) + wire.integer(2, 5))
    tree = decode(data, message)
    for begin in range(2, len(data)):
        hidden = covered(tree, [(begin, begin + 1)])
        assert write(tree.root, hidden, indent=None) == f'{{"{time.json_name}":"{COVERED}"}}'


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=8))
def test_ranges_in_any_order_cover_what_lies_on_one_of_them(sizes: list[tuple[int, int]]) -> None:
    tree = decode(b"".join(wire.text(1, f"a{at}") for at in range(15)), None)
    ranges = [(begin, begin + size) for begin, size in sizes]
    assert overlapping(tree, ranges) == [
        node
        for node in tree.root.children
        if any(begin < node.end and node.start < end for begin, end in ranges)
    ]


def test_ranges_cover_only_what_lies_on_them() -> None:
    data = wire.text(1, "one") + wire.text(2, "two")
    message = SPOTS[0].message
    tree = decode(data, message)
    assert [node.value for node in overlapping(tree, [(2, 3)])] == ["one"]
    assert [node.value for node in overlapping(tree, [(7, 8), (4, 5)])] == ["one", "two"]
    assert overlapping(tree, [(5, 5)]) == []
    assert overlapping(tree, []) == []


def holds_secrets(message: MessageType, *, below: bool) -> Field:
    """A singular message field of a kind that may hold a secret, or may not."""
    return next(
        field
        for field in message.fields.values()
        if field.message is not None
        and not field.repeated
        and field.message.has_secrets == below
        and field.message.fields
    )


@pytest.mark.parametrize("spot", SPOTS, ids=repr)
def test_no_other_schema_shows_what_this_one_cannot_read_where_a_secret_may_be(spot: Spot) -> None:
    """Bytes that are no wire format here may be a text there, with the secret in it."""
    broken = b"\x0f" + SECRET
    tree = decode(planted(spot, broken), spot.message)
    assert tree.malformed
    [(start, end)] = secret_spans(tree)
    assert tree.data[start:end] == broken
    unread = decode(tree.data, None)
    assert_covered(unread, covered(unread, secret_spans(tree)))


def test_what_cannot_be_read_elsewhere_holds_none() -> None:
    message = SPOTS[0].message
    inside = holds_secrets(message, below=False)
    tree = decode(wire.text(inside.number, b"\x0f" + SECRET), message)
    assert tree.malformed
    assert secret_spans(tree) == []
    at_root = decode(wire.text(inside.number, b"") + b"\x0f" + SECRET, message)
    [(start, end)] = secret_spans(at_root)
    assert at_root.data[start:end] == b"\x0f" + SECRET
    assert inside.message is not None
    assert secret_spans(decode(b"\x0f", inside.message)) == []
    assert secret_spans(decode(b"\x0f", None)) == []


def test_the_ranges_of_a_secret_are_those_of_its_payload() -> None:
    for spot in SPOTS:
        tree = decode(planted(spot), spot.message)
        [(start, end)] = spans(secret_nodes(tree))
        assert SECRET in tree.data[start:end]
        if spot.rule != SecretRule.HEADER_KEYS:
            assert tree.data[start:end] == SECRET


@pytest.mark.parametrize("spot", FLAGGED, ids=repr)
def test_a_value_is_covered_though_its_flag_was_replaced_with_it(spot: Spot) -> None:
    assert spot.flag is not None
    number = spot.way[-1].number
    flags = [wire.integer(spot.flag.number, flag) for flag in (1, 0)]
    inside = wire.text(number, SECRET) + flags[0] + wire.text(number, "plain") + flags[1]
    tree = decode(planted(spot, inside), spot.message)
    [lost] = secret_nodes(tree)
    assert (lost.kind, tree.data[lost.body : lost.end]) == (NodeKind.SHADOWED, SECRET)
    assert "plain" in visible(tree, covered(tree))


@pytest.mark.parametrize("spot", HEADERS, ids=repr)
def test_a_header_that_was_replaced_is_covered_whatever_its_key(spot: Spot) -> None:
    inside = innermost(spot, key="accept") + innermost(spot, b"plain", key="accept")
    tree = decode(planted(spot, inside), spot.message)
    [lost] = secret_nodes(tree)
    assert lost.kind == NodeKind.SHADOWED
    assert SECRET in tree.data[lost.start : lost.end]


@pytest.mark.parametrize("spot", SPOTS, ids=repr)
def test_nothing_is_nothing_to_cover_though_it_was_replaced(spot: Spot) -> None:
    inside = innermost(spot, b"", key="accept") + innermost(spot, b"", key="accept")
    tree = decode(planted(spot, inside), spot.message)
    assert [node for node in secret_nodes(tree) if node.kind == NodeKind.SHADOWED] == []


def test_an_empty_message_that_was_replaced_is_nothing_to_cover() -> None:
    found = 0
    for spot in REPLACEABLE:
        place = next(place for place, rival in enumerate(_rivals(spot)) if rival)
        if spot.way[place].is_map:
            continue
        inside = wire.text(spot.way[place].number, b"") + wire.text(_rivals(spot)[place], b"")
        for step in reversed(spot.way[:place]):
            inside = wire.text(step.number, inside)
        assert secret_nodes(decode(inside, spot.message)) == []
        found += 1
    assert found


def test_ranges_within_ranges_lose_nothing() -> None:
    data = wire.text(1, "one") + wire.text(2, "two")
    tree = decode(data, SPOTS[0].message)
    around = [(0, len(data)), (2, 3)]
    assert [node.value for node in overlapping(tree, around)] == ["one", "two"]


def test_what_lies_on_ranges_comes_in_the_order_of_its_bytes() -> None:
    message = SPOTS[0].message
    inside = holds_secrets(message, below=False)
    text = next(one for one in message.fields.values() if one.type == ScalarType.STRING)
    data = wire.text(inside.number, wire.integer(900, 1)) + wire.text(text.number, "last")
    found = overlapping(decode(data, message), [(0, len(data))])
    assert [node.number for node in found] == [900, text.number]


def test_a_key_of_a_document_that_lies_on_a_secret_covers_its_object() -> None:
    tree = read_document(b'{"planted": 1, "b": {"c": 2}}')
    [found] = overlapping(tree, [(1, 4)])
    assert found is tree.root
    [found] = overlapping(tree, [(21, 24)])
    assert found.label == "b"
    [found] = overlapping(tree, [(12, 13)])
    assert found.label == "planted"


def test_what_is_in_an_unknown_group_is_not_looked_at() -> None:
    """It may be millions of fields, and none of them has a rule."""
    message = SPOTS[0].message
    tree = decode(wire.group(900, wire.group(1, b"") * 20_000), message)
    tracemalloc.start()
    try:
        assert not covered(tree)
        assert secret_spans(tree) == []
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < len(tree.data)


class TestAny:
    """An Any may hold a secret: as the message it holds, or in bytes that nobody can read."""

    @pytest.fixture
    def message(self, monkeypatch: pytest.MonkeyPatch) -> MessageType:
        rules = {("test.Keyed", "key"): SecretRule.ALWAYS}
        table = secret_table()._replace(fields=rules)
        monkeypatch.setattr(merged, "secret_table", lambda: table)
        keyed = [[1, "key", 0, 9, "", 0, 0], [2, "plain", 0, 9, "", 0, 0]]
        schema = merged.MergedSchema(
            {
                "releases": [["x", "2026-01-01T00:00:00Z"]],
                "kinds": [],
                "enums": {},
                "messages": {
                    "test.Holder": [
                        [["test.Holder", 0, 0]],
                        [[1, "any", 0, "google.protobuf.Any", "", 0, 0]],
                    ],
                    "test.Keyed": [[["test.Keyed", 0, 0]], keyed],
                },
            }
        )
        return schema.view(0).message("test.Holder")

    def test_the_secret_of_the_message_it_holds(self, message: MessageType) -> None:
        inside = wire.text(1, SECRET) + wire.text(2, "plain")
        data = wire.text(1, wire.text(1, "x/test.Keyed") + wire.text(2, inside))
        tree = decode(data, message)
        assert_covered(tree, covered(tree))
        shown = json.loads(write(tree.root, covered(tree)))
        assert shown == {"any": {"@type": "x/test.Keyed", "key": COVERED, "plain": "plain"}}

    @pytest.mark.parametrize("name", ["x/no.Such", "", "x/test.Keyed"])
    def test_bytes_that_cannot_be_read(self, message: MessageType, name: str) -> None:
        broken = wire.text(1, SECRET) + b"\x0f"
        tree = decode(wire.text(1, wire.text(1, name) + wire.text(2, broken)), message)
        assert_covered(tree, covered(tree))
        assert json.loads(write(tree.root, covered(tree)))["any"]["value"] == COVERED

    def test_nothing_where_the_schema_has_no_secrets(self) -> None:
        types = compiled_types()
        data = wire.text(1, "x/no.Such") + wire.text(2, "bytes")
        assert not covered(decode(data, types["google.protobuf.Any"]))
