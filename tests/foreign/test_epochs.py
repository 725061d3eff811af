"""Numbers as times, from the epoch a person says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from inspector.foreign.epochs import Epoch, time_of

TIME = datetime(2026, 1, 25, 20, 38, 38, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "epoch"),
    [
        (1769373518250, Epoch.MILLISECONDS),
        (1769373518250000, Epoch.MICROSECONDS),
        (1769373518250000999, Epoch.NANOSECONDS),
        (1769373518.25, Epoch.SECONDS),
        (791066318.25, Epoch.APPLE),
        (13413847118250000, Epoch.WEBKIT),
        ("1769373518250", Epoch.MILLISECONDS),
        # node:sqlite of Node 24, libsql 0.5.29 and sql.js 1.17.0 put Date.now() so into a column
        # of texts, see findings/javascript_stores_other_keys.sh.
        ("1769373518250.0", Epoch.MILLISECONDS),
        ("1769373518.25", Epoch.SECONDS),
    ],
)
def test_a_number_is_the_time_it_counts_to(value: object, epoch: Epoch) -> None:
    assert time_of(value, epoch) == TIME


@pytest.mark.parametrize(
    "value",
    [None, "", "soon", "1e3", "٣", "9" * 30, b"1769373518", True, 10**30, float("inf"),
     float("nan"), -(10**18), "1769373518.", ".5", "1.2.3", "1.-2"],
    ids=range(16),
)  # fmt: skip
def test_what_is_no_time_stays_what_it_is(value: object) -> None:
    assert time_of(value, Epoch.SECONDS) is None


def test_a_time_before_its_epoch() -> None:
    assert time_of(-1, Epoch.MILLISECONDS) == datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)
