"""What was written is known to be all of a tree only where JSON leaves out nothing."""

from __future__ import annotations

from random import Random

import pytest

from inspector.decode.decoder import decode
from inspector.decode.json_writer import write_parts
from inspector.decode.problems import inexpressible, is_expressible
from inspector.decode.secrets import count_covered, covered
from inspector.schema.catalog import merged_schema
from tests.decode.blobs import BlobWriter
from tests.decode.damage import demo_blobs, mutated, real_blobs

KINDS = sorted({row.kind for row in merged_schema().kinds if row.message})


def _tree(data: bytes, kind: str) -> bool:
    """Whether it is known that JSON says all of a blob; then nothing else is found."""
    merged = merged_schema()
    key = merged.root(kind)
    assert key is not None
    tree = decode(data, merged.view(len(merged.names) - 1).message(key))
    hidden = covered(tree)
    for covers in (frozenset[int](), hidden):
        written = write_parts(tree.root, covers, len)
        assert written.covered == count_covered(tree.root, covers)
        expressible = is_expressible(tree, written.plain)
        if expressible:
            assert not inexpressible(tree)
    return expressible


def test_nothing_is_missed_in_what_daemons_wrote_whole_or_damaged() -> None:
    random = Random(3)
    blobs = [one for one in (*real_blobs("v2-clean"), *demo_blobs()) if one.kind in KINDS]
    assert sum(_tree(one.data, one.kind) for one in blobs) > len(blobs) // 2
    for one in blobs:
        _tree(mutated(one.data, random, random.choice(blobs).data), one.kind)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_missed_in_blobs_of_every_form(kind: str) -> None:
    random = Random(kind)
    merged = merged_schema()
    key = merged.root(kind)
    assert key is not None
    message = merged.view(len(merged.names) - 1).message(key)
    for plain in (False, True) * 6:
        _tree(BlobWriter(random, plain=plain).message(message), kind)
