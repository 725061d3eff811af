"""What a row's time and the layouts of its store say of the release that wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest

from inspector.schema.catalog import merged_schema
from inspector.schema.dating import Dating
from inspector.schema.releases import interval
from tests.releases import JANUARY_25, JANUARY_26, NEWEST

MERGED: Final = merged_schema()
LIVED: Final = (
    *((1, "2026-01-26 03:00:00"), (2, "2026-01-26 03:00:00"), (4, "2026-03-12 09:00:00")),
    *((5, "2026-05-18 08:00:00"), (6, "2026-08-05 08:00:00"), (8, "2026-09-02 08:00:00")),
    *((9, "2026-09-21 20:00:00"), (13, "2026-09-30 07:00:00")),
)
UNPUBLISHED: Final = (*LIVED, (14, "2026-10-02 08:00:00"), (21, "2026-10-08 08:00:00"))


def left(
    written: str | None, layout: int | None = None, applied: Sequence[tuple[int, str]] = ()
) -> str:
    """What all clues of a row leave."""
    mask = MERGED.full
    for clue in Dating(MERGED, layout, applied).clues(written):
        assert mask & clue.releases, clue.words
        mask &= clue.releases
    return interval(mask, MERGED.names)


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2026-03-13 00:00:00", "0.0.36"),
        ("2026-03-12 23:59:59", JANUARY_26),
        ("2026-01-23 12:00:00", JANUARY_26),
        ("2026-01-22 00:00:00", JANUARY_25),
        ("2026-01-21 23:59:59", JANUARY_25),
        ("2025-09-01 08:00:00", JANUARY_25),
    ],
)
def test_a_row_is_not_of_a_release_that_came_later(written: str, last: str) -> None:
    """Within three days, and a row older than any release is of something like the first."""
    assert left(written) == (last if last == JANUARY_25 else f"{JANUARY_25}..{last}")


@pytest.mark.parametrize(
    "written", [None, "", "yesterday", "1970-01-01 00:00:00", "2024-06-01 00:00:00"]
)
def test_no_time_and_a_clock_that_was_not_set_say_nothing(written: str | None) -> None:
    assert Dating(MERGED, None).clues(written) == ()


def test_a_row_of_today_may_be_of_any_release() -> None:
    assert Dating(MERGED, 27).clues("2026-12-01 00:00:00") == ()


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2026-03-12 08:59:59", f"{JANUARY_25}..{JANUARY_26}"),
        ("2026-03-20 09:00:00", "0.0.36..0.0.39"),
        ("2026-05-18 07:59:59", "0.0.36..1.0.0"),
        ("2026-05-18 08:00:00", "1.0.0..1.0.4"),
        ("2026-09-02 07:59:59", "3.6.0..3.12.9"),
        ("2026-09-21 19:59:59", "3.12.9..3.20.0"),
        ("2026-09-21 20:00:00", "3.20.0..3.27.2"),
        ("2026-11-01 00:00:00", "3.20.0..3.41.0"),
    ],
)
def test_the_layout_of_the_time_bounds_on_both_sides(written: str, wanted: str) -> None:
    """The release that can make a layout wrote under the one before too, where that is so."""
    assert left(written, 13, LIVED) == wanted


@pytest.mark.parametrize(
    ("written", "first"),
    [
        # The layout in force before all that ran along with it was 9.
        ("2026-09-30 07:00:00", "0.0.36"),
        ("2026-09-30 06:59:30.250", "0.0.36"),
        ("2026-09-30 06:58:59", "3.20.0"),
        ("2026-09-30 07:00:01", "3.20.0"),
    ],
)
def test_a_row_with_the_time_of_a_migration_may_be_of_any_release_before(
    written: str, first: str
) -> None:
    """What gave rows another visibility gave them its own time, and left the rest of them."""
    applied = (*LIVED[:-1], *((layout, "2026-09-30 07:00:00") for layout in range(10, 14)))
    assert left(written, 13, applied).split("..")[0] == first
    put = [clue.put for clue in Dating(MERGED, 13, applied).clues(written)]
    assert any(one is not None for one in put) == (first == "0.0.36")


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2026-03-20 23:59:59", f"{JANUARY_25}..0.0.36"),
        ("2026-03-21 00:00:00", f"{JANUARY_25}..0.0.39"),
        ("2025-01-01 00:00:00", f"{JANUARY_25}..{NEWEST}"),
        ("2026-10-09 08:00:00", f"{JANUARY_25}..{NEWEST}"),
        (None, f"{JANUARY_25}..{NEWEST}"),
    ],
)
def test_what_was_published_when_a_row_was_written_is_likely(
    written: str | None, wanted: str
) -> None:
    """Or was there, as the layouts of its store prove."""
    assert interval(Dating(MERGED, 21, UNPUBLISHED).likely(written), MERGED.names) == wanted


def test_what_a_migration_put_into_a_row_may_be_there_when_the_next_one_writes_it() -> None:
    """And of a row that only the second one wrote again, January can be the writer."""
    applied = (*LIVED[:-1], (10, "2026-09-30 07:00:00"), (14, "2026-10-20 08:00:00"))
    dating = Dating(MERGED, 14, applied)
    (tenth,) = {one.put for one in dating.clues("2026-09-30 07:00:00") if one.put is not None}
    (clue,) = (one for one in dating.clues("2026-10-20 08:00:00") if one.put is not None)
    assert tenth
    assert clue.put == tenth
    assert clue.releases & 1


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2026-10-01 08:00:00", "3.20.0..3.41.0"),
        ("2026-10-03 08:00:00", f"3.41.0..{NEWEST}"),
        ("2026-10-09 08:00:00", NEWEST),
        ("2026-11-09 08:00:00", NEWEST),
    ],
)
def test_a_layout_proves_the_messages_that_were_published_later(written: str, wanted: str) -> None:
    """A daemon made 14 to 21 before the newest release was published; what made 14 was neither."""
    assert left(written, 21, UNPUBLISHED) == wanted


def test_a_store_that_was_made_with_all_layouts_had_nothing_to_migrate() -> None:
    applied = tuple((layout, "2026-10-20 07:00:00") for layout in range(1, 27))
    assert left("2026-10-20 07:00:00", 26, applied) == NEWEST


def test_what_is_kept_for_a_day_is_not_for_a_day_on_which_the_layout_changed() -> None:
    dating = Dating(MERGED, 13, LIVED)
    assert dating.period("2026-09-02 07:59:59") == "2026-09-02 07:59:59"
    assert dating.period("2026-09-03 07:59:59.5Z") == "2026-09-03"
    assert dating.period("2026-09-03 07:59:59+12:00") == "2026-09-03 07:59:59+12:00"
    before, after = (dating.clues(f"2026-09-02 {clock}") for clock in ("07:59:59", "08:00:00"))
    assert before != after
    for hour in ("00", "12", "23"):
        assert dating.clues(f"2026-09-03 {hour}:00:00") == dating.clues("2026-09-03 05:00:00")


def test_a_store_of_an_old_layout_is_of_no_release_that_would_make_a_newer_one() -> None:
    assert left(None, 2) == f"{JANUARY_25}..{JANUARY_26}"
    assert left(None, 6) == f"{JANUARY_25}..3.12.9"
    assert left(None, 13) == f"{JANUARY_25}..3.41.0"
    assert left(None, 14) == f"{JANUARY_25}..{NEWEST}"
