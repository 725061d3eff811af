"""Contested parts alone are weighed as all of a blob would be."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode import alternative_readings, choice
from inspector.decode.choice import Expectation, Reading, read
from inspector.decode.contested import contested, is_unlikely, messages
from inspector.decode.decoder import decode
from inspector.decode.json_writer import write
from inspector.decode.node import Sound, Tree
from inspector.decode.schema_fit import has_misplaced, misfit, parts_fit
from inspector.schema.catalog import merged_schema
from inspector.schema.clues import Clue
from inspector.schema.releases import until
from inspector.schema.types import MessageType
from tests.decode.blobs import KINDS, SEEDS, as_written
from tests.decode.damage import mutated
from tests.releases import SOME

MERGED = merged_schema()


def told(reading: Reading) -> object:
    """All that a reading says."""
    own = reading.choice
    rivals = [(one.releases, write(one.tree.root)) for one in own.rivals]
    return own.release, own.schema, own.why, own.contradicted, rivals, write(reading.tree.root)


def with_all_of_it(data: bytes, expected: Expectation) -> Reading:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alternative_readings, "contested_parts", lambda *_: None)
        return read(data, expected)


@given(st.sampled_from(KINDS), SEEDS, st.sampled_from(SOME), st.booleans())
def test_a_choice_by_parts_is_the_choice_by_all_of_a_blob(
    case: tuple[str, str, str], random: Random, last: str, limited: bool
) -> None:
    name, _, full_name = case
    data = as_written(random, name, full_name)
    clues = (Clue(until(MERGED.number(last)), "it is so old"),) if limited else ()
    expected = Expectation(MERGED, MERGED.keys[full_name], clues)
    assert told(read(data, expected)) == told(with_all_of_it(data, expected))


@given(st.sampled_from(KINDS), SEEDS, st.booleans())
def test_what_fits_nowhere_is_never_shown_beside_what_fits(
    case: tuple[str, str, str], random: Random, damaged: bool
) -> None:
    """So it need not be measured."""
    name, _, full_name = case
    data = as_written(random, name, full_name)
    data = mutated(data, random) if damaged else data
    expected = Expectation(MERGED, MERGED.keys[full_name])
    told_soon = told(read(data, expected))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice, "has_misplaced", lambda _: False)
        assert told_soon == told(read(data, expected))


@given(st.sampled_from(KINDS), SEEDS, st.booleans())
def test_parts_are_measured_at_once_as_one_by_one(
    case: tuple[str, str, str], random: Random, damaged: bool
) -> None:
    name, _, full_name = case
    data = as_written(random, name, full_name)
    data = mutated(data, random) if damaged else data
    tree = decode(data, Expectation(MERGED, MERGED.keys[full_name]).message)
    whole = misfit(tree)
    assert has_misplaced(tree) == bool(whole.malformed or whole.misplaced)
    if not tree.odd:
        assert parts_fit(tree, [tree.root]).misfit == whole
        nodes = contested(tree, MERGED.unsettled)
        one_by_one = misfit(tree, nodes), messages(nodes), is_unlikely(nodes)
        assert parts_fit(tree, nodes) == one_by_one


def test_no_blob_is_decoded_twice_where_its_parts_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one field that means two things is read twice, not the record that holds it."""
    key = MERGED.keys["ai.stigmer.agentic.session.v1.Session"]
    data = b"\x0a\x01a" + b"\x12\x01b" + b"\x2a\x00"  # api_version, kind, an empty status
    times: list[bytes] = []

    def counted(data: bytes, message: MessageType | None, _sound: Sound | None = None) -> Tree:
        times.append(data)
        return decode(data, message)

    monkeypatch.setattr(choice, "decode", counted)
    reading = read(data, Expectation(MERGED, key))
    assert not reading.choice.rivals
    assert times == [data]
