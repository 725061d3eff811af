"""The compiled part answers what the decoder and the JSON writer do, to the last byte, or not."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Set
from functools import cache
from random import Random

import pytest

from inspector.compiled_part import VARIABLE
from inspector.decode import nested_runs
from inspector.decode.choice import Expectation, read
from inspector.decode.decoder import decode
from inspector.decode.json_writer import write
from inspector.decode.nested_runs import are_read_again
from inspector.decode.node import Node, Seen, Tree
from inspector.decode.partial_decode import text_way
from inspector.decode.problems import findings, inexpressible
from inspector.decode.projection import Used, projection
from inspector.decode.secrets import count_covered, covered
from inspector.decode.transcoding import MessageTranscoder, Transcoded, is_compiled, transcoder
from inspector.schema.catalog import asked, merged_schema
from inspector.schema.clues import Clue
from inspector.schema.types import Field
from inspector.session.reading import secret_ranges
from tests.builders.demo import wire
from tests.decode.blobs import BlobWriter
from tests.decode.damage import Blob, demo_blobs, mutated, real_blobs
from tests.decode.test_field_runs import flat, soon

pytestmark = pytest.mark.skipif(not is_compiled(), reason="the compiled part is not built")

#: Set STIGMER_INSPECTOR_FUZZ=full for the long run.
TIMES = 200 if os.environ.get("STIGMER_INSPECTOR_FUZZ") == "full" else 4
KINDS = sorted({row.kind for row in merged_schema().kinds if row.message})


@cache
def expectation(kind: str, release: str | None = None) -> Expectation:
    """What is known of a blob of a kind, and where its release is given, of its time."""
    merged = merged_schema()
    key = merged.root(kind)
    assert key is not None
    clues = merged.clue(kind)
    if release is not None:
        number = asked(release).release
        assert number is not None
        clues = (*clues, Clue(1 << number, "it is of its time"))
    return Expectation(merged, key, clues, merged.rewriter(kind))


def same(data: bytes, expected: Expectation) -> bool:
    """Whether the compiled part answers for a blob; what it answers is right."""
    made = transcoder(expected.message, expected.merged)
    assert made is not None
    usual = made.is_usual(data, expected)
    sound = made.sound(data)
    if sound is not None:
        tree = decode(data, expected.message)
        check_sound(tree)
        assert _told(sound.seen) == _told(tree.seen)
        assert _told(sound.within) == _told(tree.within)
    answered = False
    for indent, level, reveal in ((None, 0, False), (2, 1, False), (2, 0, True)):
        found = made.json(data, expected, indent=indent, level=level, reveal=reveal)
        assert in_parts(made, data, expected, indent, level, reveal) == found
        if found is None:
            continue
        answered = True
        reading = read(data, expected)
        hidden = covered(reading.tree, secret_ranges(reading)) if not reveal else frozenset[int]()
        text = write(reading.tree.root, hidden, indent=indent, level=level)
        assert found.text == text.encode()
        assert found.covered == count_covered(reading.tree.root, hidden)
        check_sound(reading.tree)
        assert not reading.choice.rivals
    if usual:
        reading = read(data, expected)
        check_sound(reading.tree)
        assert not reading.choice.rivals
    return answered


def in_parts(
    made: MessageTranscoder,
    data: bytes,
    expected: Expectation,
    indent: int | None,
    level: int,
    reveal: bool,
) -> Transcoded | None:
    """What the compiled part writes of a blob in parts, put together."""
    found = made.long_json(data, expected, indent=indent, level=level, reveal=reveal)
    if found is None:
        return None
    parts: list[bytes] = []
    found.write(parts.append)
    for room in (1, 100):
        more: list[bytes] = []
        spaces = -1 if indent is None else indent
        made.compiled.write(data, spaces, level, reveal, room, more.append)
        assert b"".join(more) == b"".join(parts)
    return Transcoded(b"".join(parts), found.covered)


def _told(seen: Set[Seen]) -> set[Seen]:
    """What tells releases apart; a decoder notes values of enums that tell nothing too."""
    return {one for one in seen if isinstance(one, Field) or one[1] in one[0].releases}


def check_sound(tree: Tree) -> None:
    assert not tree.malformed
    assert not tree.odd
    assert not list(findings(tree))
    assert not inexpressible(tree)


def stored() -> tuple[Blob, ...]:
    return (*real_blobs("v2-clean"), *real_blobs("v0"), *demo_blobs())


def test_it_answers_for_most_of_what_daemons_wrote() -> None:
    blobs = real_blobs("v2-clean")
    answered = sum(same(one.data, expectation(one.kind, one.release)) for one in blobs)
    assert answered > len(blobs) * 0.95


@pytest.mark.parametrize(("text", "hidden"), [("plain text", 0), ("\n\x01s\x10\x01", 1)])
def test_what_would_be_a_secret_as_another_field_is_left_to_the_decoder(
    text: str, hidden: int
) -> None:
    # A declaration without a value, whose description an older release would take for a secret.
    declared = wire.text(1, "k") + wire.text(2, wire.text(2, text))
    data = wire.text(4, wire.text(7, declared))
    expected = expectation("agent", "3.0.0")
    same(data, expected)
    made = transcoder(expected.message, expected.merged)
    assert made is not None
    assert (made.json(data, expected, indent=None) is None) is bool(hidden)
    assert made.is_usual(data, expected) is not bool(hidden)
    assert made.json(data, expected, indent=None, reveal=True) is not None
    reading = read(data, expected)
    assert len(covered(reading.tree, secret_ranges(reading))) == hidden


def test_it_agrees_on_every_stored_blob() -> None:
    for one in stored():
        same(one.data, expectation(one.kind, one.release))


@pytest.mark.parametrize("part", range(4))
def test_it_agrees_on_damaged_blobs(part: int) -> None:
    random = Random(part)
    blobs = stored()
    answered = 0
    for _ in range(TIMES):
        for one in blobs[part::4]:
            damaged = mutated(one.data, random, random.choice(blobs).data)
            answered += same(damaged, expectation(one.kind, one.release))
    assert answered


@pytest.mark.parametrize("whole", [12, 1000])
def test_of_what_nothing_is_odd_in_no_more_is_read_than_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    """The tree of a large record is the same where it is known before that it is sound."""
    random = Random(whole)
    known, unread = 0, 0
    monkeypatch.setattr(nested_runs, "_LEAST", 4)
    for kind in KINDS:
        expected = expectation(kind)
        message = expected.message
        made = transcoder(message, expected.merged)
        assert made is not None
        for plain_form in (True, False) * 3:
            data = BlobWriter(random, plain=plain_form).message(message)
            sound = made.sound(data)
            if sound is None:
                continue
            known += 1
            plain = decode(data, message)
            check_sound(plain)
            with soon(monkeypatch, 2, whole):
                tree = decode(data, message, sound)
                assert (tree.sound, tree.odd, tree.malformed) == (True, False, False)
                assert _told(tree.seen) == _told(plain.seen)
                assert _told(tree.within) == _told(plain.within)
                check_sound(tree)
                assert flat(tree) == flat(plain)
                assert write(tree.root) == write(plain.root)
                unread += _by_index(tree.root, plain.root)
    assert known > len(KINDS)
    assert unread


def _by_index(node: Node, plain: Node) -> int:
    """How many children were read when they were asked for, each by its index, are the same."""
    assert bool(node.children) is bool(plain.children)
    assert len(node.children) == len(plain.children)
    found = 0
    for at, other in enumerate(plain.children):
        child = node.children[at]
        assert child._replace(children=()) == other._replace(children=())
        found += are_read_again(node.children) + _by_index(child, other)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_it_agrees_on_blobs_of_every_form(kind: str) -> None:
    random = Random(kind)
    expected = expectation(kind)
    for plain in (False, True) * (3 * TIMES):
        same(BlobWriter(random, plain=plain).message(expected.message), expected)


def test_it_agrees_on_every_character_wherever_it_stands_in_a_text() -> None:
    expected = expectation("agent")
    way = text_way(expected.message, "metadata", "name")
    assert way is not None
    marks = [bytes([one]) for one in range(256)] + [one.encode() for one in "éß€中😀\u2028"]
    answered = 0
    for mark in marks:
        for before, behind in ((0, 9), (3, 5), (7, 0), (8, 8), (15, 20)):
            text = b"x" * before + mark + b"y" * behind
            data = wire.text(way[0].number, wire.text(way[1].number, text))
            answered += same(data, expected)
    assert answered == (len(marks) - 128) * 5


def test_every_beginning_of_a_blob_is_refused_or_read_alike() -> None:
    one = max((one for one in real_blobs("v2-clean") if one.kind == "agent"), key=_size)
    for end in range(len(one.data)):
        same(one.data[:end], expectation(one.kind, one.release))


def _size(one: Blob) -> int:
    return len(one.data)


def test_nothing_is_compiled_where_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "python")
    expected = expectation("agent")
    assert not is_compiled()
    assert transcoder(expected.message, expected.merged) is None


def test_what_is_collected_as_garbage_lets_go_of_its_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It raised, where nobody hears it, and kept the memory: what held its addresses was gone."""
    raised: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", raised.append)
    expected = expectation("agent")
    made = transcoder(expected.message, expected.merged)
    assert made is not None
    for _ in range(3):
        # What was made first is asked first to let go of what it holds.
        ring: list[object] = [projection(made, expected.message, Used(), [])]
        assert ring != [None]
        ring.append(ring)
        del ring
    assert gc.collect() >= 3
    assert raised == []


@pytest.mark.parametrize("indent", [None, 2])
def test_several_are_what_each_of_them_is(indent: int | None) -> None:
    random = Random(7)
    real = [one for one in stored() if one.kind == "agent_execution"]
    blobs: list[bytes | None] = [one.data for one in real]
    blobs += [mutated(one.data, random, random.choice(real).data) for one in real]
    blobs.append(None)
    random.shuffle(blobs)
    expected = expectation("agent_execution")
    made = transcoder(expected.message, expected.merged)
    assert made is not None
    alone = [
        None if one is None else made.json(one, expected, indent=indent, level=1) for one in blobs
    ]
    assert None in alone[:-1]
    at = together = 0
    while at < len(blobs):
        text, count, hidden = made.json_of_several(
            *(blobs, at, len(blobs), expected),
            between=b"|\n|",
            indent=indent,
            level=1,
            reveal=False,
        )
        found = [one for one in alone[at : at + count] if one is not None]
        assert len(found) == count
        assert text == b"|\n|".join(one.text for one in found)
        assert hidden == sum(one.covered for one in found)
        usual = made.usual_of_several(blobs, at, len(blobs), expected)
        assert usual >= count
        assert all(one and made.is_usual(one, expected) for one in blobs[at : at + usual])
        together += count
        # What ended them is not usual, or its evidence is asked about for the first time.
        if not count:
            at += 1
        at += count
    assert together > len(real) // 2


def test_a_long_text_is_handed_on_in_parts() -> None:
    # Its text is many times as long; what is in no order of its fields is put in one before.
    message = wire.integer(1, 2) + wire.text(2, 'a "quoted" text\n')
    unsorted = wire.text(2, "b") + wire.integer(1, 1)
    status = (wire.text(1, message) + wire.text(1, unsorted)) * 40_000
    data = wire.text(5, wire.text(6, "\N{GRINNING FACE}" * 200_000) + status)
    expected = expectation("agent_execution")
    made = transcoder(expected.message, expected.merged)
    assert made is not None
    found = made.long_json(data, expected, indent=2)
    whole = made.json(data, expected, indent=2)
    assert found is not None
    assert whole is not None
    parts: list[bytes] = []
    found.write(parts.append)
    assert b"".join(parts) == whole.text
    assert max(map(len, parts)) < len(whole.text) // 10


def test_what_takes_a_part_may_fail() -> None:
    data = wire.text(5, wire.text(6, "a" * 2_000_000))
    expected = expectation("agent_execution")
    made = transcoder(expected.message, expected.merged)
    assert made is not None
    found = made.long_json(data, expected, indent=None)
    assert found is not None
    taken: list[int] = []

    def take(part: bytes) -> None:
        taken.append(len(part))
        if len(taken) == 2:
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        found.write(take)
    assert len(taken) == 2
    taken.clear()
    found.write(lambda part: taken.append(len(part)))
    assert sum(taken) > 2_000_000


def test_what_is_not_usual_is_not_written_in_parts() -> None:
    data = wire.text(5, wire.integer(900, 1) * 3)
    expected = expectation("agent_execution")
    made = transcoder(expected.message, expected.merged)
    assert made is not None
    assert made.long_json(data, expected, indent=None) is None
    with pytest.raises(ValueError, match=str(len(data))):
        made.compiled.write(data, -1, 0, False, 100, lambda _: None)
