"""Two readings of a record show the same where their contested nodes do, and only there."""

from __future__ import annotations

from random import Random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.contested import contested, differ
from inspector.decode.decoder import decode
from inspector.decode.json_writer import write
from inspector.decode.node import Tree
from inspector.decode.schema_fit import misfit
from inspector.schema.catalog import merged_schema
from tests.builders.demo.core import SECOND, encode
from tests.decode.blobs import KINDS, SEEDS, as_written
from tests.releases import NEWEST, SOME

MERGED: Final = merged_schema()
AGENT: Final = "ai.stigmer.agentic.agent.v1.Agent"

SERVER: Final = "ai.stigmer.agentic.mcpserver.v1.McpServer"
LIMITS: Final = "ai.stigmer.platform.v1.Entitlements"


def read(data: bytes, full_name: str, name: str) -> Tree:
    return decode(data, MERGED.view(MERGED.number(name)).message(MERGED.keys[full_name]))


def shows_otherwise(one: Tree, other: Tree) -> bool:
    own, theirs = (contested(tree, MERGED.unsettled) for tree in (one, other))
    return differ(one, own, other, theirs)


@given(st.sampled_from(KINDS), SEEDS, st.sampled_from(SOME))
def test_all_that_shows_otherwise_is_contested(
    case: tuple[str, str, str], random: Random, other: str
) -> None:
    name, _, full_name = case
    data = as_written(random, name, full_name)
    one, two = read(data, full_name, name), read(data, full_name, other)
    assert shows_otherwise(one, two) == (write(one.root) != write(two.root))


@given(st.sampled_from(KINDS), SEEDS, st.sampled_from(SOME))
def test_the_rest_fits_alike(case: tuple[str, str, str], random: Random, other: str) -> None:
    """What is compared of two readings says as much as all of them, unless one is odd."""
    name, _, full_name = case
    data = as_written(random, name, full_name)
    trees = [read(data, full_name, one) for one in (name, other)]
    if not any(tree.odd for tree in trees):
        (a, b), (c, d) = (
            (misfit(tree), misfit(tree, contested(tree, MERGED.unsettled))) for tree in trees
        )
        assert (a < c, a > c) == (b < d, b > d)


@pytest.mark.parametrize(
    ("full_name", "value", "other", "differs"),
    [
        (AGENT, {"metadata": {"visibility": "visibility_platform"}}, NEWEST, True),
        (AGENT, {"metadata": {"visibility": "visibility_org"}}, NEWEST, False),
        (AGENT, {"metadata": {"visibility": "visibility_org"}}, SECOND, True),
        (AGENT, {"spec": {"description": "d"}}, SECOND, False),
        (SERVER, {"status": {"validationState": "valid"}}, SECOND, True),
        (LIMITS, {"features": ["managed_organizations"]}, NEWEST, True),
        (LIMITS, {"features": [1, 2]}, NEWEST, False),
    ],
)
def test_fields_and_values_of_another_name(
    full_name: str, value: dict[str, object], other: str, differs: bool
) -> None:
    data = encode("3.41.0", full_name, value)
    assert shows_otherwise(read(data, full_name, "3.41.0"), read(data, full_name, other)) is differs
