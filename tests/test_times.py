from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from inspector.gui.style.time_format import parse
from inspector.times import instant, legacy_time, moment, stored_time


@pytest.mark.parametrize(
    ("stored", "answered"),
    [
        ("2026-01-25 20:38:38", "2026-01-25T20:38:38Z"),
        ("2026-01-25T20:38:38Z", "2026-01-25T20:38:38Z"),
        ("2026-01-25t20:38:38z", "2026-01-25T20:38:38Z"),
        ("2026-01-25 20:38:38.5", "2026-01-25T20:38:38.5Z"),
        ("2026-01-25T20:38:38,123456789Z", "2026-01-25T20:38:38.123456789Z"),
        ("2026-01-25T20:38:38.000Z", "2026-01-25T20:38:38.000Z"),
        ("2026-01-25T20:38:38+02:00", "2026-01-25T18:38:38Z"),
        ("2026-01-25T20:38:38.5-0530", "2026-01-26T02:08:38.5Z"),
        ("2026-01-25 20:38:38 +01", "2026-01-25T19:38:38Z"),
        ("2026-01-25T20:38", "2026-01-25T20:38:00Z"),
        # As modernc.org/sqlite v1.62.0 stores a time.Time where its DSN has no _time_format.
        ("2026-01-25 20:38:38.12 +0000 UTC", "2026-01-25T20:38:38.12Z"),
        ("2026-01-25 20:38:38.5 +0000 UTC m=+0.006709843", "2026-01-25T20:38:38.5Z"),
        ("2026-01-25 20:38:38 +0100 CET m=-1.000000001", "2026-01-25T19:38:38Z"),
        ("2026-01-25 20:38:38 -0330 -0330", "2026-01-26T00:08:38Z"),
        ("2026-01-25 20:38:38 +0530 +0530", "2026-01-25T15:08:38Z"),
        ("2024-02-29 00:00:00", "2024-02-29T00:00:00Z"),
        ("0001-01-01 00:00:00", "0001-01-01T00:00:00Z"),
    ],
)
def test_a_time_is_answered_in_utc(stored: str, answered: str) -> None:
    assert stored_time(stored) == answered


@pytest.mark.parametrize(
    "stored",
    [
        None, "", "now", "2026-01-25", "2026-13-01 00:00:00", "2025-02-29 00:00:00",
        "2026-01-25 24:00:00", "2026-01-25 20:38:60", "2026-01-25T20:38:38+25:00",
        "2026-01-25T20:38:38+01:60", "0001-01-01T00:00:00+01:00", "1769373518",
        "2026-01-25 20:38:38 UTC", "2026-01-25 20:38:38 m=+0.5", "2026-01-25 20:38:38 +0000 m=+0.5",
        "2026-01-25 20:38:38 ", "٢٠٢٦-01-25 20:38:38", "2026-01-25 20:38:38\n",
    ],
)  # fmt: skip
def test_what_is_no_time_is_given_as_it_stands(stored: str | None) -> None:
    assert stored_time(stored) == stored


@pytest.mark.parametrize(
    ("digits", "answered"),
    [
        ("1769373518", "2026-01-25T20:38:38Z"),
        ("1769373518120", "2026-01-25T20:38:38.120Z"),
        ("1769373518000", "2026-01-25T20:38:38Z"),
        ("1769373518000456", "2026-01-25T20:38:38.000456Z"),
        ("1795239176956651563", "2026-11-21T05:32:56.956651563Z"),
        ("9999999999", "2286-11-20T17:46:39Z"),
        ("0000000000", "1970-01-01T00:00:00Z"),
        ("17", "17"),
        ("17693735181", "17693735181"),
        ("", ""),
        ("१७६९३७३५१८", "१७६९३७३५१८"),
    ],
)
def test_legacy_digits_are_a_time_by_their_number(digits: str, answered: str) -> None:
    assert legacy_time(digits) == answered


@pytest.mark.parametrize(
    ("digits", "nanoseconds"),
    [
        ("1769373518", 1769373518_000_000_000),
        # time.time() of Python, and Date.now() as a driver for JavaScript stores it.
        ("1769373518.25", 1769373518_250_000_000),
        ("1769373518250.0", 1769373518_250_000_000),
        ("1769373518250.5", 1769373518_250_500_000),
        ("1769373518.2500000009", 1769373518_250_000_000),
        ("1769373518.", None),
        ("17.5", None),
        ("1769373518.2.5", None),
    ],
)
def test_digits_are_a_time_to_order_by_with_decimals_too(
    digits: str, nanoseconds: int | None
) -> None:
    assert instant(digits) == nanoseconds


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-25 20:38", datetime(2026, 1, 25, 20, 38, tzinfo=UTC)),
        ("2026-01-25T20:38:38+02", datetime(2026, 1, 25, 18, 38, 38, tzinfo=UTC)),
        ("2026-01-25T20:38:38,5Z", datetime(2026, 1, 25, 20, 38, 38, 500_000, tzinfo=UTC)),
        ("2026-01-25 20:38:38 +02:00", datetime(2026, 1, 25, 18, 38, 38, tzinfo=UTC)),
        ("2026-01-25 20:38:38.198", datetime(2026, 1, 25, 20, 38, 38, 198_000, tzinfo=UTC)),
        (
            "2026-01-25T20:38:38.1234567891",
            datetime(2026, 1, 25, 20, 38, 38, 123_456, tzinfo=UTC),
        ),
        ("2026-01-25 24:00", None),
        ("\u0662\u0660\u0662\u0666-01-25 20:38:38", None),
    ],
)
def test_all_read_a_time_alike(text: str, time: datetime | None) -> None:
    assert parse(text) == time
    found, when = moment(text), instant(text)
    assert (stored_time(text) != text) == (found is not None) == (when is not None)
    if time is not None and found is not None and when is not None:
        assert found.time == time
        since = time - datetime(1970, 1, 1, tzinfo=UTC)
        assert when // 1000 == since // timedelta(microseconds=1)
