"""Which element of a list is which, and what is said of those that went elsewhere."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.decode.decoder import Decoder, decode
from inspector.decode.document import read_document
from inspector.decode.element_runs import ElementRuns
from inspector.decode.field_runs import behind_first
from inspector.decode.field_table import TagStep
from inspector.decode.nested_runs import NestedRuns
from inspector.decode.node import Node, Tree
from inspector.decode.paths import NodePlace
from inspector.decode.unknown_runs import UnknownFields
from inspector.decode.wire import Group, Occurrence
from inspector.history import alignment
from inspector.history import difference as difference_module
from inspector.history.difference import Entries, Entry, difference, kept_entries
from inspector.history.lcs import increasing
from inspector.history.summary import summarise
from inspector.schema.catalog import release
from tests.builders.demo import wire
from tests.decode.test_field_runs import soon
from tests.decode.types import EVERYTHING, MADE, type_of
from tests.history.generated import apply, longest, plain, reverse

Line = tuple[str, str, str | None]


def document(value: Any) -> Tree:
    return read_document(json.dumps(value).encode())


def lines(before: Any, after: Any) -> list[Line]:
    """Change, path and earlier path of each difference of two lists called ``l``."""
    found = difference(document({"l": before}), document({"l": after})).entries
    return [
        (
            entry.change.value,
            entry.path.removeprefix("l"),
            entry.before.path.removeprefix("l") if entry.before else None,
        )
        for entry in found
    ]


def named(key: str, *names: Any) -> list[dict[str, Any]]:
    return [{key: name, "v": 0} for name in names]


def test_elements_pair_by_id_before_name_before_slug() -> None:
    for key in ("id", "name", "slug"):
        before, after = named(key, "a", "b"), named(key, "b", "c")
        after[0]["v"] = 1
        assert lines(before, after) == [
            ("removed", "[0]", "[0]"),
            ("changed", "[0].v", "[1].v"),
            ("added", "[1]", None),
        ]
    both = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    swapped = [{"id": 1, "name": "b"}, {"id": 2, "name": "a"}]
    assert lines(both, swapped) == [
        ("changed", "[0].name", "[0].name"),
        ("changed", "[1].name", "[1].name"),
    ]


def test_a_name_that_one_lacks_or_two_share_does_not_pair() -> None:
    lacking = [{"id": "a", "v": 0}, {"v": 0}]
    assert lines(lacking, [{"id": "a", "v": 1}, {"v": 0}]) == [
        ("removed", "[0]", "[0]"),
        ("added", "[0]", None),
    ]
    shared = [{"id": "a", "name": "x"}, {"id": "a", "name": "y"}]
    ((change, _, _),) = lines(shared, shared[::-1])
    assert change == "moved"
    empty = [{"id": "", "v": 0}, {"id": "b", "v": 0}]
    assert lines(empty, [{"id": "", "v": 1}, {"id": "b", "v": 0}])[0][0] == "removed"


def test_an_element_moves_and_changes() -> None:
    before, after = named("id", "a", "b", "c"), named("id", "c", "a", "b")
    after[0]["v"] = 1
    assert lines(before, after) == [
        ("moved", "[0]", "[2]"),
        ("changed", "[0].v", "[2].v"),
    ]


def test_what_only_got_another_index_did_not_move() -> None:
    assert lines(named("id", "b", "c"), named("id", "a", "b", "c")) == [("added", "[0]", None)]
    assert lines([1, 2, 3], [2, 3]) == [("removed", "[0]", "[0]")]


def test_scalars_pair_by_the_longest_common_subsequence() -> None:
    assert lines(["a", "b", "c", "d"], ["a", "x", "c", "d", "y"]) == [
        ("removed", "[1]", "[1]"),
        ("added", "[1]", None),
        ("added", "[4]", None),
    ]


ITEMS = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 9), "v": st.integers(0, 2)}),
    unique_by=lambda item: item["id"],
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from("abc"),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["id", "name", "x"]), inner),
)


def check_laws(before: Tree, after: Tree) -> None:
    found = difference(before, after).entries
    first, second = NodePlace(before.root, None), NodePlace(after.root, None)
    assert apply(before, after, found) == plain(second, after.data)
    assert apply(after, before, reverse(found)) == plain(first, before.data)
    assert bool(found) == (plain(first, before.data) != plain(second, after.data))


@given(ITEMS, ITEMS)
@settings(deadline=None)
def test_the_laws_hold_for_lists_of_named_elements(before: Any, after: Any) -> None:
    check_laws(document(before), document(after))
    moved = [line for line in lines(before, after) if line[0] == "moved"]
    common = [item["id"] for item in after if item["id"] in {one["id"] for one in before}]
    assert len(moved) < max(1, len(common))


@given(VALUES, VALUES)
@settings(deadline=None)
def test_the_laws_hold_for_documents(before: Any, after: Any) -> None:
    check_laws(document(before), document(after))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Decoder, "from_size", 0)
        check_laws(document(before), document(after))


EDITED = st.lists(st.integers(0, 5), max_size=12)


@given(EDITED, EDITED, EDITED, EDITED, st.sampled_from([1, 3, 4]))
@settings(deadline=None)
def test_very_long_lists_differ_as_short_ones_do(
    begin: list[int], before: list[int], after: list[int], end: list[int], number: int
) -> None:
    """Of what is alike at their ends no node is made; ``number`` says what elements are known by.

    1 is their text alone, 3 a name that some share, 4 one of each.
    """
    type_ = release("2026-01-26").messages["ai.stigmer.agentic.agentexecution.v1.AgentMessage"]
    lists = [begin + middle + end for middle in (before, after)]
    if number == 4:
        lists = [list(dict.fromkeys(one)) for one in lists]
    data = [
        b"".join(
            wire.text(
                4, (wire.text(1, f"id-{one}") if number > 1 else b"") + wire.text(2, f"{one}")
            )
            for one in values
        )
        for values in lists
    ]
    plain_found = difference(decode(data[0], type_), decode(data[1], type_)).entries
    with pytest.MonkeyPatch.context() as patch, soon(patch, 1, 1000):
        patch.setattr(alignment, "MANY", 0)
        trees = decode(data[0], type_), decode(data[1], type_)
        found = difference(*trees).entries
        assert Counter(one.change for one in found) == Counter(one.change for one in plain_found)
        if number == 4:
            assert [one.path for one in found] == [one.path for one in plain_found]
        check_laws(*trees)
        assert all(
            type(one.children) is NestedRuns
            for tree, values in zip(trees, lists, strict=True)
            if len(values) > 2
            for one in tree.root.children
        )


def elements_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The indices of the elements of long lists that are read from now on."""
    read: list[int] = []
    made = Decoder.element

    def element(self: Decoder, step: TagStep, one: Occurrence, index: int) -> tuple[Node, Any]:
        read.append(index)
        return made(self, step, one, index)

    monkeypatch.setattr(Decoder, "element", element)
    return read


def test_of_a_very_long_list_no_node_is_made_of_what_stayed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    type_ = release("2026-01-26").messages[
        "ai.stigmer.agentic.agentexecution.v1.AgentExecutionStatus"
    ]
    said = [wire.text(1, wire.text(2, f"step {one}")) for one in range(9000)]
    changed = [*said[:4000], wire.text(1, wire.text(2, "another")), *said[4000:]]
    # The last one is the same in other bytes: its length takes two where one would do.
    alike = [*said[:-1], b"\x0a" + bytes([said[-1][1] | 0x80, 0]) + said[-1][2:]]
    before, after, longer, other, again = (
        decode(b"".join(one), type_)
        for one in (said, changed, [*said, said[0]], [*said[:-1], said[0]], alike)
    )
    read = elements_read(monkeypatch)
    [found] = difference(before, after).entries
    assert (found.change, found.path) == ("added", "messages[4000]")
    assert set(read) <= {0, 4000}  # the first, since an empty list is none
    read.clear()
    monkeypatch.setattr(difference_module, "MOST", 5000)
    for later in (longer, other):
        [found] = difference(before, later).entries
        assert (found.change, found.path) == ("changed", "messages")
    assert difference(before, again).entries == []
    assert set(read) <= {0, 8999}


@pytest.mark.parametrize("key", ["", "id-"])
def test_of_very_long_lists_that_differ_at_both_ends_nothing_is_kept_of_what_stayed(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """All between the first and the last change was kept: thirty bytes for each of theirs."""
    monkeypatch.setattr(Decoder, "from_size", 0)
    type_ = release("2026-01-26").messages["ai.stigmer.agentic.agentexecution.v1.AgentMessage"]

    def call(at: int) -> bytes:
        return wire.text(4, wire.text(1, f"{key}{at}") * bool(key) + wire.text(2, f"{at}"))

    stayed = b"".join(map(call, range(9000)))
    data = [call(at) + stayed + call(at + 1) for at in (10_000, 20_000)]
    before, after = (decode(one, type_) for one in data)
    assert isinstance(before.root.children[0].children, NestedRuns)
    tracemalloc.start()
    found = difference(before, after).entries
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(one.change, one.path) for one in found] == [
        ("removed", "tool_calls[0]"),
        ("added", "tool_calls[0]"),
        ("removed", "tool_calls[9001]"),
        ("added", "tool_calls[9001]"),
    ]
    assert peak < 9000 * 600


def test_of_very_long_lists_that_have_nothing_in_common_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Decoder, "from_size", 0)
    type_ = release("2026-01-26").messages["ai.stigmer.agentic.agentexecution.v1.AgentMessage"]
    data = [
        b"".join(wire.text(4, wire.text(2, f"{at}")) for at in range(first, first + 9000))
        for first in (10_000, 20_000)
    ]
    before, after = (decode(one, type_) for one in data)
    assert isinstance(before.root.children[0].children, NestedRuns)
    tracemalloc.start()
    found = difference(before, after).entries
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert Counter(one.change for one in found) == {"removed": 9000, "added": 9000}
    assert {one.path for one in found} == {f"tool_calls[{at}]" for at in range(9000)}
    assert peak < 9000 * 600


def test_what_one_of_two_very_long_lists_has_more_is_made_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of megabytes of messages each had a difference of its own, which took a thousand bytes."""
    type_ = release("2026-01-26").messages[
        "ai.stigmer.agentic.agentexecution.v1.AgentExecutionStatus"
    ]
    said = [wire.text(1, wire.text(2, f"step {one}")) for one in range(9000)]
    short, long = (decode(b"".join(one), type_) for one in (said[:5000], said))
    latter = decode(b"".join(said[4000:]), type_)
    for most in (1 << 17, 100):  # also where a list is else compared as a whole
        monkeypatch.setattr(difference_module, "MOST", most)
        ways = [(short, long, "added", 5000), (latter, long, "added", 0)]
        ways += [(after, before, "removed", first) for before, after, _, first in ways]
        for before, after, change, first in ways:
            found = difference(before, after)
            entries = found.entries
            assert isinstance(entries, Entries)
            assert len(entries) == len(list(entries)) == 4000
            assert {one.change for one in entries} == {change}
            assert [entries[0].path, entries[-1].path] == [
                f"messages[{first}]",
                f"messages[{first + len(entries) - 1}]",
            ]
            assert [one.path for one in entries[1:3]] == [
                f"messages[{first + 1}]",
                f"messages[{first + 2}]",
            ]
            sign = "+" if change == "added" else "\N{MINUS SIGN}"
            assert summarise(found).text == f"messages {sign}{len(entries):,} items"
            kept = list(kept_entries(entries))
            assert all(map(_is_same_node, kept, entries))


def test_no_element_is_read_to_tell_that_a_very_long_list_grew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    type_ = release("2026-01-26").messages[
        "ai.stigmer.agentic.agentexecution.v1.AgentExecutionStatus"
    ]
    said = [wire.text(1, wire.text(2, f"step {one}")) for one in range(9000)]
    before, after = (decode(b"".join(one), type_) for one in (said[:5000], said))
    read = elements_read(monkeypatch)
    found = difference(before, after)
    assert len(found.entries) == 4000
    assert summarise(found).text == "messages +4,000 items"
    assert set(read) <= {0, 5000}  # the first, since an empty list is none, and the first that came


def _is_same_node(one: Entry, other: Entry) -> bool:
    places = (one.before or one.after), (other.before or other.after)
    return places[0] is not None and places[1] is not None and places[0].node is places[1].node


def test_what_holds_very_many_is_compared_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair of each would take a hundred times the bytes."""
    type_ = type_of(MADE, EVERYTHING)
    first, second, third = (
        decode(wire.text(103, b"".join(map(wire.varint, values))), type_)
        for values in (range(5000), range(5001), range(5000))
    )
    assert len(difference(first, second).entries) == 1
    [path] = [one.path for one in difference(first, second).entries]
    monkeypatch.setattr(difference_module, "MOST", 5000)
    found = difference(first, second).entries
    assert [(one.change, one.path) for one in found] == [("changed", path.partition("[")[0])]
    assert difference(first, third).entries == []


def test_of_very_long_lists_of_numbers_no_more_is_read_than_tells_them_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    type_ = type_of(MADE, EVERYTHING)
    values = list(range(9000))
    first, *others = (
        decode(wire.text(103, b"".join(map(wire.varint, one))), type_)
        for one in (values, [*values, 1], [*values[:50], 77, *values[51:]])
    )
    monkeypatch.setattr(difference_module, "MOST", 5000)
    read: list[int] = []
    made = ElementRuns.made

    def element(self: ElementRuns, start: int, index: int = -1) -> Node:
        read.append(index)
        return made(self, start, index)

    monkeypatch.setattr(ElementRuns, "made", element)
    for other in others:
        [found] = difference(first, other).entries
        assert (found.change, found.path) == ("changed", "some_int64")
    assert max(read) < 100


def _unknown(depth: int) -> st.SearchStrategy[bytes]:
    """Fields of a few numbers, and groups of them; some varints take more bytes than they need."""
    numbers = st.integers(900, 902)
    ways = [
        st.builds(wire.integer, numbers, st.integers(1, 2)),
        st.builds(lambda number: wire.integer(number, 1)[:-1] + b"\x81\0", numbers),
        st.builds(wire.text, numbers, st.sampled_from(("", "a", "a" * 40))),
    ]
    if depth:
        held = st.lists(_unknown(depth - 1), max_size=3).map(b"".join)
        ways.append(st.builds(wire.group, numbers, held))
    return st.one_of(ways)


UNKNOWN = st.lists(_unknown(2), max_size=12)
#: What is no field, behind all others: bytes that begin none, a varint of too many bytes.
TORN = st.sampled_from((b"", b"", b"\xff", b"\xa0\x38" + b"\xff" * 9 + b"\x03"))


@given(UNKNOWN, UNKNOWN, UNKNOWN, st.booleans(), st.tuples(TORN, TORN))
@settings(deadline=None)
def test_very_many_unknown_fields_differ_as_few_do(
    begin: list[bytes],
    before: list[bytes],
    after: list[bytes],
    replaced: bool,
    torn: tuple[bytes, bytes],
) -> None:
    type_ = type_of(MADE, EVERYTHING)
    data = [
        b"".join(begin + middle) + wire.integer(1, at) + wire.integer(1, 7) * replaced + torn[at]
        for at, middle in enumerate((before, after))
    ]

    def told() -> list[tuple[str, str]]:
        trees = [decode(one, type_) for one in data]
        found = difference(trees[0], trees[1], reveal=True).entries
        return [(one.change, one.path) for one in found]

    few = told()
    with pytest.MonkeyPatch.context() as patch, soon(patch, 1, 1000):
        assert told() == few


def test_of_very_many_unknown_fields_none_is_kept_that_is_alike() -> None:
    """A node of each takes a hundred times its bytes."""
    type_ = type_of(MADE, EVERYTHING)
    many = wire.integer(900, 1) * 9000
    changed = [many + wire.integer(900, 2), many + wire.integer(900, 3) + wire.integer(901, 1)]
    first, second = (decode(one, type_) for one in changed)
    assert [(one.change, one.path) for one in difference(first, second, reveal=True).entries] == [
        ("changed", "<900>[9000]"),
        ("added", "<901>"),
    ]
    kept = [behind_first(one.root.children) for one in (first, second)]
    assert all(one is not None and len(one) - one.unmade < 1100 for one in kept)


@pytest.mark.parametrize(
    ("before", "after", "differ"),
    [
        (wire.group(900, b"\x08\1") * 3000, wire.group(900, b"\x08\2") * 3000, 6000),
        (wire.group(900, b"") * 3000, wire.group(900, b"") * 6000, 3000),
        (wire.integer(901, 1) + wire.integer(900, 1) * 3000, wire.integer(900, 1) * 3000, 1),
        (wire.integer(900, 1) * 3000, wire.integer(901, 1) * 3000, 6000),
    ],
    ids=("groups changed", "groups added", "one more before them", "other numbers"),
)
def test_of_unknown_fields_of_any_tags_and_groups_none_is_kept(
    before: bytes, after: bytes, differ: int
) -> None:
    """A pair of each took up to four hundred times its bytes."""
    type_ = type_of(MADE, EVERYTHING)
    trees = [decode(one, type_) for one in (before, after)]
    assert len(difference(trees[0], trees[1], reveal=True).entries) == differ
    kept = [behind_first(one.root.children) for one in trees]
    assert all(one is None or len(one) - one.unmade <= 1001 for one in kept)


def test_what_a_large_unknown_group_holds_is_compared_without_nodes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fields within it mean the same in any order, but for repeats of one."""
    type_ = type_of(MADE, EVERYTHING)
    monkeypatch.setattr(Decoder, "from_size", 0)
    monkeypatch.setattr(Group, "_made", lambda _: pytest.fail("nodes were made"))
    parts = [wire.integer(at % 7 + 1, at) for at in range(7000)]
    apart = [one for at in range(7) for one in parts[at::7]]
    first, other, less = (
        decode(wire.group(900, wire.group(1, b"".join(one))), type_)
        for one in (parts, apart, parts[1:])
    )
    assert difference(first, other, reveal=True).entries == []
    assert [one.path for one in difference(first, less, reveal=True).entries] == ["<900>"]


def test_of_very_many_unknown_fields_that_differ_no_node_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each was a pair of nodes, and took hundreds of times its bytes."""
    type_ = type_of(MADE, EVERYTHING)
    before, after = (decode(wire.integer(900, one) * 3000, type_) for one in (1, 2))
    made: list[int] = []
    real = UnknownFields.made

    def make(self: UnknownFields, start: int, index: int = -1) -> Node:
        made.append(index)
        return real(self, start, index)

    monkeypatch.setattr(UnknownFields, "made", make)
    hidden, shown = (difference(before, after, reveal=reveal).entries for reveal in (False, True))
    assert not made
    assert len(hidden) == len(shown) == 6000
    assert Counter(one.change for one in shown) == {"removed": 3000, "added": 3000}
    assert {one.path for one in shown if one.change == "added"} == {
        "<900>" + f"[{at}]" * bool(at) for at in range(3000)
    }
    assert {one.hidden for one in shown} == {False}
    assert {one.hidden for one in hidden} == {True}


@given(st.permutations(range(12)))
def test_what_stays_is_a_longest_increasing_subsequence(values: list[int]) -> None:
    found = sorted(increasing(values))
    kept = [values[at] for at in found]
    assert kept == sorted(kept)
    assert len(kept) == longest(values, sorted(values))


def test_a_hundred_thousand_elements_and_keys() -> None:
    """Only that they are done: a quadratic way would not be in the time of a test run."""
    type_ = type_of(MADE, EVERYTHING)
    number = next(f.number for f in type_.fields.values() if f.name == "some_int32")

    def packed(values: Iterable[int]) -> Tree:
        return decode(wire.text(number, b"".join(map(wire.varint, values))), type_)

    every = [index * 7919 % 100_003 for index in range(100_000)]
    assert len(difference(packed(every), packed(every[::-1])).entries) == 2 * 99_999
    few = [index * index % 7 % 3 for index in range(100_000)]
    found = difference(packed(few), packed([*few[1:50_000], 1, *few[50_000:]])).entries
    assert len(found) == 2
    keys = [wire.text(401, wire.text(1, str(key)) + wire.double(2, key)) for key in range(100_001)]
    before = decode(b"".join(keys[:-1]), type_)
    after = decode(b"".join(keys[1:]), type_)
    assert len(difference(before, after).entries) == 2


def test_ten_thousand_levels() -> None:
    messages = release("2026-01-26").messages
    type_ = messages["ai.stigmer.agentic.workflowexecution.v1.WorkflowTask"]
    first, second = (
        decode(wire.text(4, wire.nested_struct(10_000, "k", wire.text(3, text))), type_)
        for text in ("a", "b")
    )
    (entry,) = difference(first, second).entries
    assert entry.path.count("[") == 10_000
    assert difference(first, first).entries == []
