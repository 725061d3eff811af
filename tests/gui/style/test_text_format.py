"""Words about data, times, and text made fit for a line."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gui.style.text_format import (
    count,
    lines_of,
    one_line,
    state_run,
    state_word,
    visible,
)
from inspector.gui.style.time_format import TimeStyle, ago, from_seconds, parse, show, zone_name
from inspector.schema.catalog import release, releases
from inspector.schema.types import EnumType

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "word", "icon"),
    [
        ("EXECUTION_IN_PROGRESS", "In progress", "running"),
        ("EXECUTION_PHASE_UNSPECIFIED", "Unspecified", ""),
        ("RUN_WAITING_FOR_APPROVAL", "Waiting for approval", ""),
        ("SKILL_STATE_READY", "Ready", "ok"),
        ("VALIDATION_STATE_INVALID", "Invalid", "failed"),
        ("INVALID", "Invalid", "failed"),
        ("eval_run_phase_failed", "Failed", "failed"),
        ("fully_redeemed", "Fully redeemed", ""),
        ("canceled", "Canceled", "cancelled"),
    ],
)
def test_a_state_is_named_without_its_enum(state: str, word: str, icon: str) -> None:
    assert state_word(state) == word
    assert state_run(state).icon == icon


def states() -> set[EnumType]:
    """The enums of every field that names a state, in all generations."""
    return {
        field.enum
        for name in releases()
        for message in release(name).messages.values()
        for field in message.fields.values()
        if field.enum and re.search(r"(^|_)(phase|state|status|lifecycle)$", field.name)
    }


def test_the_name_alone_tells_the_same_word_as_the_enum() -> None:
    assert len(states()) > 15
    for enum in states():
        names = [name for name in enum.names.values() if not re.search("(?i)unspecified$", name)]
        # Not a path: letters are compared one by one.
        shared = os.path.commonprefix(names).rpartition("_")[0]  # noqa: RUF071
        shared = shared if len(names) > 1 else ""
        for name in names:
            word = name.removeprefix(f"{shared}_").replace("_", " ")
            assert state_word(name) == word.capitalize()


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("2026-11-21T12:00:00Z", NOON),
        ("2026-11-21 12:00:00", NOON),
        ("2026-11-21T14:00:00+02:00", NOON),
        ("2026-11-21T12:00:00.250123456Z", NOON.replace(microsecond=250123)),
        ("2026-13-21T12:00:00Z", None),
        ("0001-01-01T00:00:00+02:00", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_times_are_read_as_they_are_stored(stamp: str | None, moment: datetime | None) -> None:
    assert parse(stamp) == moment


def test_a_timestamp_outside_the_calendar_is_no_time() -> None:
    assert from_seconds(2**62, 0) is None
    assert from_seconds(-62135596800, 0) == datetime(1, 1, 1, tzinfo=UTC)


def test_times_are_written_in_three_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC-3")
    import time

    time.tzset()
    try:
        assert show(NOON, TimeStyle.UTC, NOON) == "2026-11-21 12:00:00"
        assert show(NOON, TimeStyle.LOCAL, NOON) == "2026-11-21 15:00:00"
        assert zone_name(NOON, TimeStyle.LOCAL) == "+03:00"
        assert show(NOON, TimeStyle.RELATIVE, NOON + timedelta(minutes=9)) == "9 min ago"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_milliseconds_are_shown_where_there_are_any() -> None:
    moment = NOON.replace(microsecond=410_000)
    assert show(moment, TimeStyle.UTC, NOON, fine=True) == "2026-11-21 12:00:00.410"
    assert show(NOON, TimeStyle.UTC, NOON, fine=True) == "2026-11-21 12:00:00"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=59), "59 s ago"),
        (timedelta(hours=1, minutes=59), "1 h ago"),
        (timedelta(days=4000), "4,000 d ago"),
        (timedelta(seconds=-61), "in 1 min"),
    ],
)
def test_spans_are_one_number_rounded_down(span: timedelta, words: str) -> None:
    assert ago(span) == words


def test_the_switch_goes_round() -> None:
    style = TimeStyle.UTC
    for _ in TimeStyle:
        style = style.next()
    assert style is TimeStyle.UTC


def test_counts_have_separators_and_the_right_noun() -> None:
    assert count(1, "field") == "1 field"
    assert count(1234, "entry", "entries") == "1,234 entries"


@pytest.mark.parametrize(
    ("text", "lines"), [("", 0), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n\n", 2)]
)
def test_lines_are_counted_as_an_editor_does(text: str, lines: int) -> None:
    assert lines_of(text) == lines


@given(st.text())
def test_a_line_shows_every_character_and_breaks_nothing(text: str) -> None:
    for shown in (visible(text), one_line(text)):
        assert shown.isprintable() or not any(
            ord(c) < 32 or 0xD800 <= ord(c) <= 0xDFFF for c in shown
        )
        assert "\n" not in shown
        shown.encode()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb", "a ↵ b"),
        ("a\r\n\r\nb\r\n", "a ↵ b"),
        ("\n\na", "a"),
        ("a", "a"),
        ("a\rb\tc", "a\u240db c"),
        ("", ""),
        ("x" * 399 + "\nyz", "x" * 399 + " "),
    ],
)
def test_lines_are_joined_by_return_signs(text: str, line: str) -> None:
    assert one_line(text) == line


def test_direction_marks_and_broken_bytes_can_be_seen() -> None:
    assert visible("a\u202eb\udcffc\x00") == "a\\u202eb\\xffc\u2400"
