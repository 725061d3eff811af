from __future__ import annotations

from pathlib import Path

import pytest

from inspector.session.listing import gone_anchors, heads, matching, ordered
from inspector.session.session import Session
from inspector.session.summaries import RecordKey
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.places import REAL


@pytest.fixture
def session() -> Session:
    return Session.open(REAL / "v2-clean" / "stigmer.db")


def test_a_filter_finds_what_the_decoded_lines_hold(session: Session) -> None:
    kinds = [kind.kind for kind in session.kinds()]
    wanted = {
        RecordKey(head.kind, head.id)
        for kind in kinds
        for head in session.records(kind).rows
        if any("triage" in text for text in (head.name or "", head.slug or "", head.id))
    }
    assert wanted
    assert set(matching(session, kinds, "Triage")) == wanted


def test_every_word_of_a_filter_has_to_match(session: Session) -> None:
    both = matching(session, ["agent_execution"], "exec completed")
    assert both
    assert set(both) < set(matching(session, ["agent_execution"], "exec"))
    assert matching(session, ["agent_execution"], "completed nosuchword") == []


@pytest.mark.parametrize("column", ["id", "size", "name", "updated", "state"])
@pytest.mark.parametrize("descending", [False, True])
def test_an_order_is_that_of_the_lines(session: Session, column: str, descending: bool) -> None:
    keys = ordered(session, ["agent_execution"], column, descending=descending)
    lines = heads(session, keys)
    shown = "updated_at" if column == "updated" else column
    values = [getattr(line, shown) for line in lines if line is not None]
    assert len(values) == 16
    assert values == sorted(values, reverse=descending)


def test_records_come_by_their_number_of_versions(session: Session) -> None:
    keys = ordered(session, ["skill"], "versions", descending=True)
    counts = [line.versions for line in heads(session, keys) if line is not None]
    assert counts[0] == 24
    assert counts == sorted(counts, reverse=True)


def test_whole_seconds_come_before_the_milliseconds_of_the_same_second(tmp_path: Path) -> None:
    # Layouts up to 10 write whole seconds; rows of before stay as they are.
    times = (
        "2026-09-30 10:27:58.198",
        "2026-09-30 10:27:58",
        "2026-09-30T12:27:57.5+02:00",
        "soon",
    )
    records = [Rec("agent", f"a{n}", updated_at=time) for n, time in enumerate((*times, ""))]
    session = Session.open(layouts.v2(tmp_path / "s.db", records))
    assert [key.id for key in ordered(session, ["agent"], "updated")] == [
        *("a3", "a2", "a1", "a0", "a4")
    ]
    newest_first = ordered(session, ["agent"], "updated", descending=True)
    assert [key.id for key in newest_first] == ["a0", "a1", "a2", "a3", "a4"]


def test_what_has_nothing_in_a_column_comes_last() -> None:
    session = Session.demo()
    kinds = [kind.kind for kind in session.kinds()]
    for descending in (False, True):
        lines = heads(session, ordered(session, kinds, "state", descending=descending))
        states = [line.state is None for line in lines if line is not None]
        assert states == sorted(states)


def test_a_record_that_went_meanwhile_is_no_line(session: Session) -> None:
    assert heads(session, [RecordKey("agent", "agt-nothing")]) == [None]


def test_progress_is_told_and_cancel_ends_it(session: Session) -> None:
    class Cancelled:
        def is_set(self) -> bool:
            return True

    from inspector.errors import CancelledError

    with pytest.raises(CancelledError):
        matching(session, ["agent"], "x", cancel=Cancelled())


def test_what_is_gone_is_counted_by_its_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [f"skl-{number:04}" for number in range(600)]
    archived = [Arc("skill", one) for one in ids for _ in range(2)]
    session = Session.open(layouts.v2(tmp_path / "s.db", [Rec("skill", "skl-live")], archived))
    monkeypatch.setattr(session.store.history, "row", None)  # no blob is read
    told: list[int] = []
    assert gone_anchors(session, "skill", progress=told.append) == ([ids[255], ids[511]], 600)
    assert told == [256, 512, 600]
    assert gone_anchors(session, "agent") == ([], 0)
