"""Records as JSON: what is covered in it, and how much that is said to be."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.node import Tree
from inspector.decode.secrets import covered
from inspector.export.difference_json import unsaid
from inspector.export.record_text import envelope_text, message_text
from inspector.export.stream import Stream
from inspector.history.difference import difference
from inspector.history.record import Record
from inspector.plurals import covered_note
from inspector.schema.catalog import release
from tests.builders.demo import wire
from tests.choices import chosen
from tests.releases import message_class

ENVIRONMENT = "ai.stigmer.agentic.environment.v1.Environment"
TYPE = release("2026-01-26").messages[ENVIRONMENT]
SPEC = next(field.number for field in TYPE.fields.values() if field.name == "spec")


def blob(**values: tuple[str, bool]) -> bytes:
    """An environment whose values are secrets or not."""
    data = {key: {"value": text, "isSecret": flag} for key, (text, flag) in values.items()}
    message = message_class("2026-01-26", ENVIRONMENT)()
    return ParseDict({"spec": {"data": data}}, message).SerializeToString(deterministic=True)


def record(
    tree: Tree | None, name: str | None = "2026-01-26", *, json_store: bool = False
) -> Record:
    hidden = covered(tree) if tree is not None else frozenset[int]()
    size, choice = len(tree.data) if tree is not None else 9, chosen(name)
    return Record("environment", "e", size, None, None, choice, tree, hidden, json_store=json_store)


TWO = blob(A=("one", True), B=("two", True), C=("plain", False))


@pytest.mark.parametrize("make", [message_text, envelope_text])
def test_as_many_are_covered_as_stand_covered_in_the_text(make: Any) -> None:
    of = record(decode(TWO, TYPE))
    written = make(of)
    assert (written.covered, written.text.count('"[covered]"')) == (2, 2)
    shown = make(of, reveal=True)
    assert (shown.covered, shown.text.count('"[covered]"')) == (0, 0)
    assert '"one"' in shown.text
    plain = make(record(decode(blob(C=("[covered]", False)), TYPE)))
    assert (plain.covered, plain.text.count('"[covered]"')) == (0, 1)


@pytest.mark.parametrize("make", [message_text, envelope_text])
def test_a_secret_that_a_later_value_replaced_is_not_counted(make: Any) -> None:
    """It is covered among the bytes, and stands nowhere in the JSON."""
    of = record(decode(blob(A=("lost", True)) + blob(A=("one", True)), TYPE))
    assert len(of.covered) == 2
    assert make(of).covered == make(of).text.count('"[covered]"') == 1


@pytest.mark.parametrize("make", [message_text, envelope_text])
def test_what_lies_within_a_covered_value_is_one_secret(make: Any) -> None:
    tree = read_document(b'{"spec":{"callbackToken":{"a":"hunter1","b":["x"]},"x":1}}')
    token = tree.root.children[0].children[0]
    of = record(tree, None, json_store=True)
    assert of.covered == frozenset((id(token),))
    inner = frozenset(id(child) for child in (token, *token.children))
    within = Record("environment", "e", 9, None, None, of.choice, tree, inner, json_store=True)
    for one in (of, within):
        assert make(one).covered == make(one).text.count('"[covered]"') == 1


def test_an_envelope_counts_the_payloads_it_holds_back() -> None:
    unknown = TWO + wire.text(77, "x") + wire.integer(78, 1)
    for data, secrets, payloads in ((TWO, 2, 0), (unknown, 2, 2)):
        of = record(decode(data, TYPE))
        written = envelope_text(of)
        assert (written.covered, written.hidden) == (secrets, payloads)
        shown = envelope_text(of, reveal=True)
        assert (shown.covered, shown.hidden) == (0, 0)
        fields = json.loads(written.text)["unknownFields"]
        assert [one["data"] for one in fields] == [None] * payloads
        assert all(one["data"] for one in json.loads(shown.text)["unknownFields"])


def test_an_envelope_of_what_does_not_decode_holds_the_whole_blob_back() -> None:
    broken = record(decode(unknown_and_cut(), TYPE))
    written = envelope_text(broken)
    value = json.loads(written.text)
    assert (value["message"], value["data"]) == (None, None)
    assert (written.covered, written.hidden) == (0, 2)
    shown = envelope_text(broken, reveal=True)
    assert json.loads(shown.text)["data"]
    assert (shown.covered, shown.hidden) == (0, 0)
    no_schema = envelope_text(record(decode(TWO, None), None))
    assert no_schema.hidden == len(json.loads(no_schema.text)["unknownFields"]) + 1
    unread = envelope_text(record(None))
    assert json.loads(unread.text)["data"] is None
    assert (unread.covered, unread.hidden) == (0, 0)


def unknown_and_cut() -> bytes:
    return TWO + wire.text(77, "x") + wire.tag(SPEC, wire.LEN) + b"\x7f"


@pytest.mark.parametrize("array", [False, True])
def test_a_stream_counts_record_by_record(array: bool) -> None:
    parts: list[bytes] = []
    stream = Stream(parts.append, array=array)
    written = [stream.add(record(decode(data, TYPE))) for data in (TWO, unknown_and_cut(), b"")]
    stream.close()
    assert [(one.covered, one.hidden) for one in written] == [(2, 0), (0, 2), (0, 0)]
    text = b"".join(parts).decode()
    assert text.count('"[covered]"') == 2
    values = json.loads(text) if array else [json.loads(line) for line in text.splitlines()]
    assert len(values) == 3


@pytest.mark.parametrize(
    ("before", "after", "secrets"),
    [
        (blob(A=("one", True)), blob(A=("two", True)), 1),
        (TWO, b"", 2),
        (b"", TWO, 2),
        (blob(A=("one", True)), blob(B=("one", True), C=("two", True)), 3),
        (blob(A=("one", True)), blob(A=("one", True), C=("plain", False)), 0),
        (b"", blob(A=("lost", True)) + blob(A=("one", True)), 1),
    ],
)
def test_a_difference_counts_both_sides_of_a_change_once(
    before: bytes, after: bytes, secrets: int
) -> None:
    trees = [decode(data, TYPE) for data in (before, after)]
    sides = record(trees[0]), record(trees[1])
    hidden = sides[0].covered | sides[1].covered
    found = difference(trees[0], trees[1], hidden)
    assert unsaid(found.entries, sides, hidden).secrets == secrets
    shown = difference(trees[0], trees[1], reveal=True)
    assert unsaid(shown.entries, sides, frozenset()).secrets == 0


def test_a_difference_tells_secrets_from_payloads_without_a_name() -> None:
    first, second = decode(TWO + wire.text(77, "x"), TYPE), decode(wire.text(77, "y"), TYPE)
    hidden = covered(first) | covered(second)
    sides = record(first), record(second)
    found = unsaid(difference(first, second, hidden).entries, sides, hidden)
    assert (found.secrets, found.payloads) == (2, 1)


def test_of_records_that_json_says_all_of_no_value_is_read_once_more() -> None:
    """Of a conversation in which all messages changed that took as long as to write them."""
    first, second = decode(TWO, TYPE), decode(blob(C=("other", False)), TYPE)
    entries = difference(first, second, reveal=True).entries
    asked = iter(entries)
    first.sound = True
    unsaid(asked, (record(first), record(second)), frozenset())
    assert list(asked) == []
    asked = iter(entries)
    second.sound = True
    assert unsaid(asked, (record(first), record(second)), frozenset()) == (0, 0, [])
    assert list(asked) == list(entries)


@pytest.mark.parametrize(
    ("secrets", "payloads", "words"),
    [
        (0, 0, ""),
        (1, 0, "1 secret is covered; --reveal-secrets shows them"),
        (0, 1, "1 raw payload is covered; --reveal-secrets shows them"),
        (1, 1, "1 secret and 1 raw payload are covered; --reveal-secrets shows them"),
        (1200, 2, "1,200 secrets and 2 raw payloads are covered; --reveal-secrets shows them"),
    ],
)
def test_the_note_in_words(secrets: int, payloads: int, words: str) -> None:
    assert covered_note(secrets, payloads) == words


def test_notes_name_ten_places_and_nothing_within_a_secret() -> None:
    data = TWO + b"".join(wire.text(number, "x") for number in range(70, 83))
    (note,) = message_text(record(decode(data, TYPE))).notes
    assert note.startswith("left out: 13 unknown fields (<70>, ")
    assert "<79> and 3 more)" in note
    (note,) = message_text(record(decode(data[: len(TWO) + 40], TYPE))).notes
    assert (
        note
        == "left out: 10 unknown fields ("
        + ", ".join(f"<{number}>" for number in range(70, 80))
        + "); --envelope keeps them"
    )
    assert message_text(record(decode(TWO, TYPE))).notes == ()


def test_the_way_to_what_lies_within_a_secret_ends_there() -> None:
    data = wire.text(SPEC, wire.text(77, "x"))
    tree = decode(data, TYPE)
    spec = tree.root.children[0]
    hidden = frozenset((id(spec),))
    of = Record("environment", "e", 9, None, None, chosen("2026-01-26"), tree, hidden)
    paths = [
        [one["path"] for one in json.loads(envelope_text(of, reveal=reveal).text)["unknownFields"]]
        for reveal in (False, True)
    ]
    assert paths == [["spec"], ["spec.<77>"]]
    (note,) = message_text(of).notes
    assert "(spec)" in note


def test_a_note_about_a_million_fields_keeps_the_named_ones_alone() -> None:
    """Each of them would take sixty times the bytes that it is written with."""
    count = 50_000
    of = record(decode(b"\x9b\x06\x9c\x06" * count, TYPE))  # groups that no schema has
    tracemalloc.start()
    try:
        written = message_text(of)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "50000 unknown fields (<99>, <99>[1], " in written.notes[0]
    assert written.notes[0].endswith("and 49990 more); --envelope keeps them")
    assert peak < count
