"""What gives way in a cell: optional parts first, then what may be cut, numbers never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from inspector.gui.cells.cell_layout import ELLIPSIS, Measure, place
from inspector.gui.style.fonts import fonts_of, system_body, unit
from inspector.gui.style.text_runs import DIM, FIXED, TAG, TEXT, Elide, Run, Style

NAME = Run("exec backup report 8", TEXT, Elide.ElideRight)
IDENT = Run("aex-01m7y9fj502n189pmvwv9yqnvq", FIXED, Elide.ElideMiddle)
PATH = Run("status.messages[12].tool_calls[0].args", FIXED, Elide.ElideLeft)
TIME = Run("2026-11-21 05:32:48", TEXT)
ZONE = Run("UTC", DIM, optional=True, gap=4)
COUNT = Run("14,548")


@pytest.fixture
def measure(qapp: QApplication) -> Measure:
    return Measure(fonts_of(system_body()))


def texts(runs: list[Run], width: int, measure: Measure) -> list[str]:
    return [placed.text for placed in place(runs, width, measure).placed]


def test_with_room_everything_is_there_in_full(measure: Measure) -> None:
    runs = [NAME, IDENT, ZONE]
    placing = place(runs, 1000, measure)
    assert [p.text for p in placing.placed] == [run.text for run in runs]
    assert not placing.cut
    first, second, _ = placing.placed
    assert second.x == first.x + first.width + measure.gap(IDENT)


def test_the_optional_part_goes_whole_before_anything_is_cut(measure: Measure) -> None:
    width = measure.total([TIME, ZONE]) - 1
    placing = place([TIME, ZONE], width, measure)
    assert [p.text for p in placing.placed] == [TIME.text]
    assert placing.cut


@pytest.mark.parametrize(
    ("run", "starts", "ends"),
    [(NAME, "exec", ELLIPSIS), (IDENT, "aex-", "qnvq"), (PATH, ELLIPSIS, "args")],
    ids=["text at its end", "id in the middle", "path at its start"],
)
def test_text_is_cut_where_it_says_least(
    measure: Measure, run: Run, starts: str, ends: str
) -> None:
    (text,) = texts([run], measure.width(run) * 2 // 3, measure)
    assert text.startswith(starts)
    assert text.endswith(ends)
    assert ELLIPSIS in text


def test_a_number_is_whole_or_not_there(measure: Measure) -> None:
    full = measure.width(COUNT)
    assert texts([COUNT], full, measure) == ["14,548"]
    assert texts([COUNT], full - 1, measure) == [ELLIPSIS]


def test_what_would_be_an_ellipsis_alone_makes_room(measure: Measure) -> None:
    reason = Run("The file is damaged where this row lies.", TEXT, Elide.ElideRight)
    width = measure.width(IDENT)
    placing = place([IDENT, reason], width, measure)
    assert [p.text for p in placing.placed] == [IDENT.text]
    assert placing.cut
    ident, some = texts([IDENT, reason], width + measure.width(reason) // 2, measure)
    assert ident == IDENT.text
    assert some.startswith("The file")


def test_the_name_is_cut_for_the_state_beside_it(measure: Measure) -> None:
    state = Run("Completed", icon="ok")
    width = measure.total([NAME, state]) - 20
    name, word = texts([NAME, state], width, measure)
    assert name.endswith(ELLIPSIS)
    assert word == "Completed"


def test_a_word_at_the_right_stands_at_the_right_edge(measure: Measure) -> None:
    word = Run("Changed", right=True)
    placed = place([NAME, word], 400, measure).placed[1]
    assert placed.x + placed.width == 400


def test_numbers_end_at_the_right_edge(measure: Measure) -> None:
    (placed,) = place([COUNT], 200, measure, right=True).placed
    assert placed.x + placed.width == 200


def test_a_megabyte_in_a_cell_is_not_measured(measure: Measure) -> None:
    (text,) = texts([Run("x" * 2**20, TEXT, Elide.ElideRight)], 300, measure)
    assert len(text) < 1000


RUNS = st.lists(
    st.builds(
        Run,
        st.text("abc 1", max_size=30),
        st.sampled_from([TEXT, DIM, FIXED, TAG]),
        elide=st.sampled_from([Elide.ElideNone, Elide.ElideRight, Elide.ElideMiddle]),
        optional=st.booleans(),
        icon=st.sampled_from(["", "ok"]),
        right=st.booleans(),
        gap=st.integers(0, 8),
    ),
    max_size=5,
)


@given(runs=RUNS, width=st.integers(0, 500))
def test_runs_never_overlap_and_keep_their_order(runs: list[Run], width: int) -> None:
    measure = Measure(fonts_of(system_body()))
    edge = 0
    for placed in place(runs, width, measure).placed:
        assert placed.x >= edge
        edge = placed.x + placed.width


def test_sizes_follow_the_font_that_is_asked_for(qapp: QApplication) -> None:
    body = system_body()
    larger = QFont(body)
    larger.setPointSizeF(body.pointSizeF() * 3)
    before = unit(body)
    assert unit(larger) > before
    assert fonts_of(larger).small.pointSizeF() > fonts_of(body).body.pointSizeF()
    assert unit(body) == before
    small, large = Measure(fonts_of(body)), Measure(fonts_of(larger))
    run = Run("the same words")
    assert large.width(run) > small.width(run)
    assert (small.px(100), small.row_height) != (large.px(100), large.row_height)


def test_a_style_is_added_to_its_own_font_alone(measure: Measure) -> None:
    struck = measure.font(Run("x", Style(strike=True)))
    assert struck.strikeOut()
    assert not measure.font(Run("x")).strikeOut()
    assert not measure.font(Run("x", Style(italic=True))).strikeOut()
