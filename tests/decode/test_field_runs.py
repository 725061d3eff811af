"""What repeats without end in a message is kept by where it lies, and read as if it were not."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from threading import Event

import pytest

from inspector.decode import (
    decoder,
    maps_and_structs,
    problems,
    secrets,
    unknown_runs,
)
from inspector.decode.byte_map import owner, ranges, unclaimed
from inspector.decode.decoder import Decoder, decode
from inspector.decode.field_runs import MessageChildren, behind_first, known
from inspector.decode.json_writer import write
from inspector.decode.nested_runs import NestedRuns
from inspector.decode.nesting import nesting
from inspector.decode.node import NodeKind, Tree
from inspector.decode.paths import NodePlace, walk
from inspector.decode.problems import findings, inexpressible, unknown_fields
from inspector.decode.redaction import redacted, secrets_of
from inspector.decode.schema_fit import misfit
from inspector.decode.secrets import covered, secret_spans
from inspector.gui.bytes.byte_ranges import facts_of, footer_words, hidden
from inspector.history.blame import Blame
from inspector.history.difference import difference
from tests.builders.demo import wire
from tests.decode.damage import demo_blobs, mutated
from tests.decode.spans import check_spans
from tests.decode.types import EVERYTHING, MADE, type_of

TYPE = type_of(MADE, EVERYTHING)


@contextmanager
def soon(patch: pytest.MonkeyPatch, many: int, whole: int = -1) -> Iterator[None]:
    """Keeps fields as runs from so many on, in a message of any size.

    Messages of no more than ``whole`` bytes are read again each time, as those of a large record.
    """
    with patch.context() as of:
        of.setattr(decoder, "LARGE", 0)
        of.setattr(maps_and_structs, "LONG", 0)
        of.setattr(decoder, "MANY_ELEMENTS", many)
        of.setattr(unknown_runs, "MANY", many)
        if whole >= 0:
            of.setattr(decoder, "_LEAST", 0)
            of.setattr(decoder.Decoder, "from_size", 0)
            of.setattr(decoder.Decoder, "whole", whole)
            of.setattr(decoder.Decoder, "few", many)
        yield


def flat(tree: Tree) -> list[tuple[object, ...]]:
    """Every node with its path, without what lies below it."""
    return [(place.path, *place.node._replace(children=())) for place in walk(tree.root)]


def _entries(keys: str) -> bytes:
    """The entries of a Struct."""
    return b"".join(wire.text(1, wire.text(1, key) + wire.text(2, b"\x20\x01")) for key in keys)


def blob(random: Random) -> bytes:
    """A message with known and unknown fields in any order, groups and replaced ones among them."""
    parts = [
        wire.integer(900, 7),
        wire.integer(901, 1 << 40),
        wire.text(902, "x" * 40),
        wire.group(903, wire.integer(1, 5) + wire.text(2, "in a group")),
        wire.group(904, b""),
        wire.integer(1, 1),
        wire.text(5, "another wire type"),
        wire.text(9, "text"),
        wire.text(9, "replaced"),
        wire.text(209, "one of them") + wire.integer(203, 7),
        wire.text(17, wire.integer(900, 1) * 5 + wire.text(9, "x") + wire.text(217, b"")),
        wire.text(117, wire.integer(900, 1) * 5),
        wire.text(109, "element"),
        wire.text(109, b"\xff no UTF-8"),
        wire.text(110, b"\x00\xff"),
        wire.integer(105, -7),
        wire.text(105, wire.varint(9) + wire.varint(1 << 40) + wire.varint(3)),
        wire.text(105, b"\x05\x80"),
        wire.text(103, b"\xff" * 9 + b"\x02" + b"\x01\x02"),
        wire.text(107, b"\x01\x02\x03\x04" * 3),
        wire.fixed32(107, 8),
        wire.integer(112, 1) + wire.integer(112, 77),
        wire.text(112, b"\x01\x02\x63"),
        wire.text(101, b"\x00" * 16),
        wire.text(601, wire.integer(900, 1) * 5),
        wire.text(417, wire.text(1, "k") + wire.text(2, wire.integer(901, 1) * 5)),
        wire.text(117, b""),
        wire.text(117, wire.text(117, b"") * 5 + wire.integer(12, 2)),
        wire.text(9, "a") + wire.integer(12, 1) + wire.integer(12, 2) + wire.text(9, b"\xff"),
        wire.text(17, wire.integer(5, 1)) * 3,
        wire.text(217, wire.integer(5, 1)) + wire.text(209, "after a message"),
        *(
            wire.text(409, wire.text(1, key) + wire.text(2, "v"))
            for key in ("b", "a", "b", b"\xff")
        ),
        wire.text(409, wire.text(1, "\ufffd")) + wire.text(409, wire.text(2, "no key")),
        wire.text(409, wire.text(1, "a") + wire.text(2, "v") + wire.integer(900, 1) * 5),
        wire.text(417, wire.text(1, "l") + wire.text(2, wire.text(117, b"") * 5)),
        wire.text(501, b"\x08\x05\x10\x01") + wire.text(501, b"\x08\x03\x10\x01"),
        wire.text(601, _entries("cabac")),
        wire.text(603, wire.text(1, b"\x20\x01") * 5 + wire.text(1, b"\x1a\x01x")),
        wire.text(602, b"\x20\x01" + wire.integer(900, 1) * 5),
        wire.text(701, _entries("ba")) + wire.text(702, b"\x20\x01") + wire.text(703, b""),
        wire.text(801, wire.text(1, "k") + wire.text(2, _entries("bcb"))),
        wire.text(704, wire.integer(1, 5)) * 2,
        wire.text(801, wire.text(1, "no value")) + wire.text(417, wire.text(1, "none")),
        wire.text(409, wire.text(1, "m") * 6 + wire.integer(900, 1) * 6 + wire.text(2, "v") * 6),
        wire.text(802, wire.text(2, wire.text(5, _entries("ba")) + wire.integer(900, 1) * 6)),
    ]
    return b"".join(random.choice(parts) for _ in range(random.randrange(60)))


def in_order(random: Random) -> bytes:
    """Lists as a writer would write them, long ones among them."""
    found = b""
    for part in (
        wire.text(103, b"".join(wire.varint(random.randrange(1 << 20)) for _ in range(20))),
        wire.text(107, b"\x01\x02\x03\x04" * 9),
        wire.text(109, "element") * 7 + wire.text(109, "other"),
        wire.text(110, b"\x00\xff") * 5,
        wire.text(112, b"\x01\x02\x01\x02\x01") + wire.integer(112, 1) * 3,
        wire.text(2049, "far"),
    ):
        found += part if random.random() < 0.7 else b""
    return found


def cases() -> Iterator[tuple[bytes, object]]:
    random = Random(7)
    for _ in range(250):
        yield blob(random), random.choice((TYPE, None))
    for _ in range(40):
        yield in_order(random), TYPE
    for _ in range(40):
        yield blob(random) + b"\xff" + blob(random), TYPE
    some = demo_blobs()
    for one in some[:40]:
        yield mutated(one.data, random, some[0].data), TYPE


@pytest.mark.parametrize("whole", [-1, 12, 1000])
def test_all_is_as_if_there_were_a_node_of_each(
    monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    monkeypatch.setattr(problems, "MOST", 2)
    runs = 0
    last: tuple[Tree, Tree] | None = None
    for data, type_ in cases():
        plain = decode(data, type_)  # type: ignore[arg-type]
        with soon(monkeypatch, 3, whole):
            tree = decode(data, type_)  # type: ignore[arg-type]
        runs += behind_first(tree.root.children) is not None
        check_spans(tree)
        assert flat(tree) == flat(plain)
        assert _told(tree) == _told(plain)
        assert unknown_fields(tree) == unknown_fields(plain)
        assert _places(inexpressible(tree)) == _places(inexpressible(plain))
        assert misfit(tree) == misfit(plain)
        assert nesting(tree.root, tree.type) == nesting(plain.root, plain.type)
        assert unclaimed(tree) == unclaimed(plain)
        assert ranges(tree, tree.root) == ranges(plain, plain.root)
        if not tree.malformed:
            assert write(tree.root) == write(plain.root)
        assert redacted(tree, frozenset()) == redacted(plain, frozenset())
        for offset in range(0, len(data), 7):
            assert owner(tree, offset) == owner(plain, offset)
        if last is not None:
            assert _changes(last[0], tree) == _changes(last[1], plain)
        last = tree, plain
    assert runs > 60 or whole == 1000


def _told(tree: Tree) -> list[tuple[object, ...]]:
    return [(one.code, one.place.path, one.message, one.times) for one in findings(tree)]


def _places(found: list[tuple[str, NodePlace]]) -> list[tuple[str, str]]:
    return [(what, place.path) for what, place in found]


def _changes(before: Tree, after: Tree) -> list[tuple[str, str]]:
    return [(one.change, one.path) for one in difference(before, after, reveal=True).entries]


def test_since_when_each_is_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values are told by their nodes, which are the same ones however often they are asked for."""
    versions = [wire.integer(900, at) + wire.integer(901, 1) * 20 for at in (3, 2, 2)]
    plain = _since([decode(data, TYPE) for data in versions])
    with soon(monkeypatch, 3):
        assert _since([decode(data, TYPE) for data in versions]) == plain
    assert plain["<900>"] != plain["<901>[19]"]


def _since(trees: list[Tree]) -> dict[str, object]:
    blame = Blame(trees[0])
    for tree in trees[1:]:
        blame.older(tree)
    return {place.path: blame.since(place) for place in walk(trees[0].root)}


@pytest.mark.parametrize("reveal", [None, 1, 15])
def test_the_bytes_of_one_of_the_first_are_shown_alone(
    monkeypatch: pytest.MonkeyPatch, reveal: int | None
) -> None:
    """Of those behind the first none is shown by itself, and none with another."""
    with soon(monkeypatch, 3):
        tree = decode(wire.text(900, "a text") * 20, TYPE)
    facts = facts_of(tree, frozenset(), Event())
    shown = [id(tree.root.children[reveal])] if reveal is not None else []
    bytes_shown = sum(end - start for start, end in hidden(facts, shown, all_=False))
    every = sum(end - start for start, end in hidden(facts, [], all_=False))
    assert every - bytes_shown == (len("a text") if reveal == 1 else 0)
    payloads = [(one.body, one.end) for one in tree.root.children]
    covered_now = hidden(facts, [], all_=False)
    assert all(any(a <= body and end <= b for a, b in covered_now) for body, end in payloads)


def test_a_node_is_found_by_its_index(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(5)
    for _ in range(60):
        data = blob(random)
        plain = decode(data, TYPE).root.children
        with soon(monkeypatch, 3):
            made = decode(data, TYPE).root.children
        count = len(plain)
        assert len(made) == count
        for index in random.choices(range(-count, count), k=2 * count) if count else ():
            assert made[index].start == plain[index].start
        for _ in range(10):
            first, stop = random.randint(-3, count + 3), random.randint(-3, count + 3)
            starts = [one.start for one in made[first:stop]]
            assert starts == [one.start for one in plain[first:stop]]
        assert [one.start for one in made[::-1]] == [one.start for one in plain[::-1]]
        for wrong in (count, -count - 1):
            with pytest.raises(IndexError):
                made[wrong]


def test_what_is_covered_stays_one_and_the_same_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """A node is told by its id, which another may have when it is gone."""
    data = b"".join(wire.text(900 + at % 3, f"text {at}") for at in range(500))
    with soon(monkeypatch, 3):
        tree = decode(data, TYPE)
    places = list(range(5, 500, 7))
    spans = [(tree.root.children[at].body, tree.root.children[at].end) for at in places]
    ids = covered(tree, spans)
    for _ in range(3):
        assert [at for at, one in enumerate(tree.root.children) if id(one) in ids] == places
        assert [at for at in range(500) if id(tree.root.children[at]) in ids] == places
    out = redacted(tree, ids)
    assert len(out) == len(data)
    assert b"text" not in out


def test_within_a_group_too(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = wire.text(1, "first") + wire.text(2, "second")
    data = wire.integer(900, 1) * 10 + wire.group(901, inner) + wire.integer(900, 1) * 9
    with soon(monkeypatch, 3):
        tree = decode(data, TYPE)
    second = tree.root.children[10].children[1]
    ids = covered(tree, [(second.body, second.end)])
    again = [one for group in tree.root.children for one in group.children if id(one) in ids]
    assert [one.start for one in again] == [second.start]


def test_known_fields_come_without_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    data = wire.integer(900, 1) * 50 + wire.text(9, "a") + wire.text(9, "b")
    with soon(monkeypatch, 3):
        tree = decode(data, TYPE)
    kinds = [one.kind for one in known(tree.root.children)]
    assert kinds == [NodeKind.SCALAR, NodeKind.SHADOWED]
    assert len(tree.root.children) == 52


@pytest.mark.parametrize(
    "data",
    [
        wire.text(103, b"\x01" * 60_000),
        wire.text(109, "") * 30_000,
        wire.integer(105, 1) * 30_000,
        wire.integer(105, 1) * 30_000 + wire.integer(900, 1),
        wire.text(103, b"\x01" * 60_000) + wire.integer(900, 1),
    ],
    ids=["packed", "texts", "numbers", "numbers-and-unknown", "packed-and-unknown"],
)
def test_a_long_list_takes_little_memory(data: bytes) -> None:
    tracemalloc.start()
    try:
        tree = decode(data, TYPE)
        assert misfit(tree).misplaced <= 1
        assert sum(one.kind < NodeKind.UNKNOWN for one in tree.root.children[0].children) >= 30_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    elements = tree.root.children[0].children
    assert elements[len(elements) - 1].label == len(elements) - 1
    # Some thousand are nodes before it is known how many there are.
    assert peak < 8 * len(data) + 1_500_000


@pytest.mark.parametrize(
    "piece",
    [
        wire.integer(15_000, 1),
        wire.text(15_000, ""),
        wire.group(15_000, b""),
        wire.integer(1, 1),
    ],
    ids=["number", "empty", "group", "wire-type"],
)
def test_millions_of_unknown_fields_take_little_memory(piece: bytes) -> None:
    count = 30_000
    data = piece * count
    tracemalloc.start()
    try:
        tree = decode(data, type_of(MADE, EVERYTHING))
        told = list(findings(tree))
        assert sum(one.times for one in told) == count
        assert misfit(tree).misplaced == count
        assert secret_spans(tree) == []
        last = tree.root.children[count - 1]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert last.end == len(data)
    assert isinstance(tree.root.children, MessageChildren)
    # A thousand nodes and their finding are there however many fields there are.
    assert peak < 8 * len(data) + 600_000


@pytest.mark.parametrize(
    "data",
    [
        wire.text(117, wire.integer(5, 1)) * 5000,
        b"".join(wire.text(417, wire.text(1, f"{one:x}")) for one in range(5000)),
    ],
    ids=["messages", "entries"],
)
def test_where_elements_lie_is_known_without_them(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = decode(data, TYPE)
    [listed] = tree.root.children
    assert type(listed.children) is NestedRuns
    monkeypatch.setattr(Decoder, "element", None)
    assert ranges(tree, listed) == [(0, len(data))]


@pytest.mark.parametrize("whole", [-1, 9, 1000])
def test_secrets_within_the_elements_of_a_long_list_stay_covered(
    monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    """An element is read again each time; one that holds a secret stays the same one."""
    type_ = type_of("3.41.0", "ai.stigmer.agentic.environment.v1.Environment")
    [spec] = [one.number for one in type_.fields.values() if one.name == "spec"]
    held = type_.fields[spec].message
    assert held is not None
    [data] = [one.number for one in held.fields.values() if one.name == "data"]
    hidden = wire.text(1, "hunter2") + wire.integer(2, 1)
    entries = [wire.text(1, f"k{at % 50}") + wire.text(2, hidden) for at in range(99, -1, -1)]
    blob_ = wire.text(spec, b"".join(wire.text(data, one) for one in entries))
    plain = decode(blob_, type_)
    assert len(covered(plain)) == 50 + 50
    with soon(monkeypatch, 3, whole):
        tree = decode(blob_, type_)
    ids = covered(tree)
    assert len(ids) == 50 + 50
    assert write(tree.root, ids) == write(plain.root, covered(plain))
    assert "hunter2" not in write(tree.root, ids)
    assert redacted(tree, ids) == redacted(plain, covered(plain))


@pytest.mark.parametrize("whole", [-1, 9, 60])
def test_of_very_many_secrets_in_a_list_the_list_is_covered(
    monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    """A node of each would take fifty times the bytes."""
    type_ = type_of("2026-01-26", "ai.stigmer.agentic.environment.v1.Environment")
    hidden = wire.text(1, "hunter2") + wire.integer(2, 1)
    shown = wire.text(1, "plain") + wire.integer(2, 0)
    entries = [
        wire.text(1, f"k{at}") + wire.text(2, shown if at == 9 else hidden) for at in range(20)
    ]
    blob_ = wire.text(4, wire.text(1, "said") + b"".join(wire.text(2, one) for one in entries))
    monkeypatch.setattr(secrets, "MOST_IN_A_LIST", 19)
    with soon(monkeypatch, 3, whole):
        tree = decode(blob_, type_)
    assert len(covered(tree)) == 19
    assert len(secret_spans(tree)) == 19
    monkeypatch.setattr(secrets, "MOST_IN_A_LIST", 18)
    with soon(monkeypatch, 3, whole):
        tree = decode(blob_, type_)
    ids = covered(tree)
    assert write(tree.root, ids, indent=None) == (
        '{"spec":{"description":"said","data":"[covered]"}}'
    )
    assert b"hunter2" not in redacted(tree, ids)
    assert set(secrets_of(tree, ids)) >= {b"hunter2"}
    [(start, end)] = secret_spans(tree)
    assert blob_[start:end].count(b"hunter2") == 19


def test_of_very_many_replaced_secrets_none_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A node of each would take seventy times the bytes."""
    type_ = type_of("2026-01-26", "ai.stigmer.agentic.agentexecution.v1.AgentExecution")
    tokens = [wire.text(6, f"hush{at:02}") for at in range(20)]
    blob_ = wire.text(4, b"".join(wire.text(3, "said") + one for one in tokens))
    plain = decode(blob_, type_)
    with soon(monkeypatch, 3):
        tree = decode(blob_, type_)
    ids = covered(tree)
    assert 1 < len(ids) < 10
    hidden_ = [blob_[start:end] for start, end in secret_spans(tree)]
    texts = b"|".join(hidden_)
    assert all(f"hush{at:02}".encode() in texts for at in range(20))
    assert set(secrets_of(tree, ids)) == set(secrets_of(plain, covered(plain)))
    assert b"hush" not in redacted(tree, ids)


def test_it_is_said_how_the_bytes_of_very_many_unknown_fields_are_shown() -> None:
    """None of those behind the first thousand is shown by itself."""
    told = []
    for times, all_ in ((1000, False), (1100, False), (1100, True)):
        tree = decode(wire.text(900, "text") * times, TYPE)
        facts = facts_of(tree, frozenset(), Event())
        words = footer_words(facts, hidden(facts, [], all_=all_), len(tree.data))
        told.append("Very many unknown fields are shown only all at once" in words)
    assert told == [False, True, False]


def test_what_is_hidden_in_an_element_is_not_shown_with_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its node is let go, and its ``id()`` may be another's: it is shown with all others alone."""
    data = wire.text(117, wire.text(900, "a text")) * 20
    with soon(monkeypatch, 3):
        tree = decode(data, TYPE)
    facts = facts_of(tree, frozenset(), Event())
    [listed] = tree.root.children
    shown = [id(one.children[0]) for one in listed.children]
    assert len(facts.covers) == 20
    assert {one.key for one in facts.covers}.isdisjoint(shown)
    assert len({one.key for one in facts.covers}) == 1
    assert len(hidden(facts, shown, all_=False)) == 20
