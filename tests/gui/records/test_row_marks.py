"""Marks beside rows: for a while as a tint, counted by kind, gone with what was looked at."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from inspector.gui.cells.change_look import FRESH, ChangeCounts, count_runs, count_words
from inspector.gui.records import row_marks
from inspector.gui.records.row_marks import RowMark, RowMarks
from inspector.session.seen_changes import Happened, SeenChange
from inspector.session.summaries import RecordKey

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def change(id_: str, happened: Happened = Happened.UPDATED, kind: str = "agent") -> SeenChange:
    return SeenChange(1, NOW, happened, kind, id_)


def test_a_mark_is_tinted_for_a_while_and_stays_as_a_word() -> None:
    now = 10.0
    marks = RowMarks(lambda: now)
    marks.take([change("a")])
    assert marks.of(RecordKey("agent", "a")) == RowMark(Happened.UPDATED, fresh=True, since=1)
    assert marks.any_fresh()
    now += FRESH
    assert marks.of(RecordKey("agent", "a")) == RowMark(Happened.UPDATED, fresh=False, since=1)
    assert not marks.any_fresh()


def test_records_are_counted_once_whatever_happens_to_them() -> None:
    marks = RowMarks(lambda: 0.0)
    marks.take([change("a"), change("b", Happened.CREATED), change("c"), change("a")])
    marks.take([change("b"), change("c", Happened.DELETED), change("d", Happened.ARCHIVED)])
    marks.take([change("a", kind="skill")])
    assert marks.counts() == {"agent": ChangeCounts(1, 1, 1), "skill": ChangeCounts(0, 1, 0)}
    marks.see(RecordKey("agent", "a"))
    marks.see(RecordKey("agent", "a"))
    assert marks.counts()["agent"] == ChangeCounts(1, 0, 1)
    marks.see_kind("agent")
    assert marks.counts() == {"skill": ChangeCounts(0, 1, 0)}
    marks.clear()
    assert marks.counts() == {}


def test_where_marks_had_to_go_the_count_says_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_marks, "_MOST", 2)
    marks = RowMarks(lambda: 0.0)
    marks.take([change(str(number)) for number in range(3)])
    assert marks.counts() == {"agent": ChangeCounts(0, 2, 0, more=True)}
    counts = marks.counts()["agent"]
    assert [run.text for run in count_runs(counts)] == ["~2+"]
    assert count_words(counts) == "at least 2 changed"
    marks.see_kind("agent")
    marks.take([change("1")])
    assert marks.counts() == {"agent": ChangeCounts(0, 1, 0)}
