"""What facets leave in a list, and how many of each they count, held against the lines."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inspector.errors import CancelledError, UsageError
from inspector.session.facet_counts import FacetCount, count_facets
from inspector.session.facet_filter import FacetChoice
from inspector.session.listing import heads
from inspector.session.scan import Scan
from inspector.session.session import Session
from inspector.session.since import earliest
from inspector.session.summaries import RecordHead
from tests.builders.layouts import Rec
from tests.cli.made import blobs, v2

KINDS = ["agent_execution", "run", "workflow_execution"]


@pytest.fixture
def session() -> Session:
    return Session.demo()


def lines(session: Session) -> list[RecordHead]:
    found = heads(session, Scan(session, KINDS).run())
    return [one for one in found if one is not None]


def chosen(session: Session, choice: FacetChoice, text: str = "") -> list[str]:
    return [key.id for key in Scan(session, KINDS, facets=choice, text=text).run()]


def test_counts_are_those_of_the_lines(session: Session) -> None:
    found, shown = count_facets(session, KINDS), [one for one in lines(session) if not one.problem]
    damaged = len(lines(session)) - len(shown)
    assert found.looked == len(lines(session))
    assert found.kinds == Counter(one.kind for one in lines(session))
    wanted = Counter(one.state or "" for one in shown)
    assert {name: found.states[name] for name in wanted if name} == {
        name: count for name, count in wanted.items() if name
    }
    assert found.failed in range(sum(bool(one.error) for one in shown), found.failed + damaged + 1)
    assert sum(found.orgs.values()) == found.looked


def test_each_value_lists_as_many_as_were_counted(session: Session) -> None:
    found = count_facets(session, KINDS)
    assert found.failed == len(chosen(session, FacetChoice(failed=True))) > 0
    for name, count in found.states.items():
        assert len(chosen(session, FacetChoice(states=frozenset((name,))))) == count, name
    for name, count in found.orgs.items():
        assert len(chosen(session, FacetChoice(orgs=frozenset((name,))))) == count, name
    for name, count in found.kinds.items():
        assert len(chosen(session, FacetChoice(kinds=frozenset((name,))))) == count, name


CHOICES = (
    FacetChoice(),
    FacetChoice(states=frozenset(("EXECUTION_COMPLETED", "EXECUTION_FAILED"))),
    FacetChoice(orgs=frozenset(("",)), since="2026-02-01"),
    FacetChoice(states=frozenset(("EXECUTION_FAILED",)), failed=True),
    FacetChoice(kinds=frozenset(("agent_execution",)), since="2026-03-01"),
)


@pytest.mark.parametrize("text", ["", "01k", "tidewater e"])
@pytest.mark.parametrize("choice", CHOICES, ids=range(len(CHOICES)))
def test_a_count_is_what_is_listed_with_the_value(
    session: Session, choice: FacetChoice, text: str
) -> None:
    found = count_facets(session, KINDS, choice=choice, text=text)
    every = count_facets(session, KINDS)
    assert found.matched == len(chosen(session, choice, text))
    for name in every.states:
        one = choice._replace(states=frozenset((name,)))
        assert found.states[name] == len(chosen(session, one, text)), name
    for name in every.orgs:
        one = choice._replace(orgs=frozenset((name,)))
        assert found.orgs[name] == len(chosen(session, one, text)), name
    for name in every.kinds:
        one = choice._replace(kinds=frozenset((name,)))
        assert found.kinds[name] == len(chosen(session, one, text)), name
    assert found.failed == len(chosen(session, choice._replace(failed=True), text))


def test_an_expression_leaves_what_is_counted(session: Session) -> None:
    kinds, expression = ["agent_execution"], "size > 1000"
    choice = FacetChoice(states=frozenset(("EXECUTION_FAILED",)))
    found = count_facets(session, kinds, choice=choice, expression=expression)
    large = [one for one in lines(session) if one.kind == kinds[0] and one.size > 1000]
    assert found.states == Counter(one.state or "" for one in large)
    assert found.matched == found.states["EXECUTION_FAILED"] == sum(found.orgs.values())
    assert found.looked == sum(one.kind == kinds[0] for one in lines(session))
    # It is about one kind, which may be chosen among several.
    among = count_facets(
        *(session, KINDS),
        choice=choice._replace(kinds=frozenset(kinds)),
        expression=expression,
    )
    assert among.states == found.states


def test_counts_are_told_as_they_grow(tmp_path: Path) -> None:
    agent = blobs("agent")[0]
    path = v2(tmp_path, *(Rec("agent", f"a{number:04d}", agent) for number in range(1300)))
    told: list[FacetCount] = []
    whole = count_facets(
        Session.open(path), ["agent"], progress=lambda found: told.append(found.copy())
    )
    looked = [one.looked for one in told]
    assert len(looked) > 1
    assert looked == sorted(looked)
    assert looked[-1] == whole.looked == 1300
    assert [sum(one.states.values()) for one in told] == looked


def test_facets_words_and_order_hold_together(session: Session) -> None:
    choice = FacetChoice(failed=True)
    ids = {one.id for one in lines(session) if one.error}
    word = next(iter(ids))
    assert chosen(session, choice, text=word) == [word]
    by_error = Scan(session, KINDS, facets=choice, column="error").run()
    told = {one.id: (one.error or "").casefold() for one in lines(session)}
    assert [told[key.id] for key in by_error] == sorted(told[key.id] for key in by_error)
    since = FacetChoice(since="2026-03-01")
    assert 0 < len(chosen(session, since)) < len(chosen(session, FacetChoice()))
    assert set(chosen(session, since)) == {
        one.id for one in lines(session) if (one.updated_at or "") >= "2026-03-01"
    }


def test_errors_are_their_first_line(session: Session) -> None:
    told = {one.error for one in lines(session) if one.error}
    assert "ledger: connection refused after 3 attempts" in told
    assert not any("\n" in one for one in told)


def test_an_expression_fails_on_none_that_the_facets_leave_out(session: Session) -> None:
    fails = "r.status.messages[500].content != ''"
    whole = Scan(session, ["agent_execution"], expression=fails)
    whole.run()
    few = Scan(session, ["agent_execution"], expression=fails, facets=FacetChoice(failed=True))
    few.run()
    assert 0 < few.failures < whole.failures


def test_counting_ends_when_it_is_cancelled(session: Session) -> None:
    class Now:
        def is_set(self) -> bool:
            return True

    with pytest.raises(CancelledError):
        count_facets(session, KINDS, cancel=Now())


def test_a_since_is_a_time_or_a_period() -> None:
    now = datetime(2026, 2, 1, tzinfo=UTC)
    assert earliest("", now) is None
    assert earliest("24h", now) == earliest("2026-01-31", now)
    assert earliest("1d", now) == earliest("2026-01-31T00:00:00Z", now)
    assert earliest("999999w", now) == -(1 << 80)
    for wrong in ("x", "7", "7 d", "2026-13-01"):
        with pytest.raises(UsageError):
            earliest(wrong, now)
