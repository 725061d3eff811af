"""How well bytes fit a message type."""

from __future__ import annotations

import pytest

from inspector.decode.decoder import decode
from inspector.decode.schema_fit import Misfit, misfit
from tests.builders.demo import wire
from tests.decode.damage import real_blobs
from tests.decode.types import EVERYTHING, MADE, type_of


def fit(data: bytes) -> Misfit:
    return misfit(decode(data, type_of(MADE, EVERYTHING)))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (wire.integer(5, 1) + wire.text(9, "x"), (False, 0, 0, 0)),
        (b"\x0f", (True, 1, 0, 0)),
        (wire.integer(990, 1) + wire.integer(991, 1), (False, 2, 0, 0)),
        (wire.text(5, "x"), (False, 1, 0, 0)),
        (wire.text(9, b"\xff"), (False, 1, 0, 0)),
        (wire.integer(5, 0), (False, 0, 1, 0)),
        (wire.text(9, b""), (False, 0, 1, 0)),
        (wire.double(1, -0.0), (False, 0, 0, 0)),
        (wire.integer(305, 0), (False, 0, 0, 0)),
        (wire.integer(205, 0), (False, 0, 0, 0)),
        (wire.integer(5, 1) + wire.integer(5, 2), (False, 0, 1, 0)),
        (wire.integer(105, 0), (False, 0, 0, 0)),
        (wire.integer(12, 77), (False, 0, 0, 1)),
        (wire.text(409, wire.text(1, "k") + wire.text(2, b"")), (False, 0, 0, 0)),
        (wire.text(409, wire.text(1, b"") + wire.text(2, "v")), (False, 0, 0, 0)),
        (wire.text(409, wire.text(1, "k")), (False, 0, 1, 0)),
        (wire.text(409, wire.text(2, "v")), (False, 0, 1, 0)),
        (wire.text(409, b""), (False, 0, 1, 0)),
        (wire.text(503, wire.integer(1, 5)), (False, 0, 1, 0)),
        (wire.text(601, wire.text(1, wire.text(1, "k"))), (False, 0, 1, 0)),
        (wire.text(601, wire.struct_entry("k", wire.integer(1, 0))), (False, 0, 0, 0)),
    ],
)  # fmt: skip
def test_what_speaks_against_a_type(data: bytes, expected: tuple[bool, int, int, int]) -> None:
    assert tuple(fit(data)) == expected


def test_the_worst_is_what_counts() -> None:
    worse = [fit(b"\x0f"), fit(wire.integer(990, 1)), fit(wire.integer(5, 0))]
    worse += [fit(wire.integer(12, 77)), fit(b"")]
    assert worse == sorted(worse, reverse=True)
    assert len(set(worse)) == len(worse)
    assert [bool(one.words) for one in worse] == [True, True, True, True, False]


def test_what_a_daemon_wrote_fits_the_type_it_was_written_with() -> None:
    for store in ("v0", "v2-clean"):
        for blob in real_blobs(store):
            tree = decode(blob.data, type_of(blob.release, blob.full_name))
            assert misfit(tree) == (False, 0, 0, 0)
