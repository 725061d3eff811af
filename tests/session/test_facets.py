"""What facets leave in a list, and how many of each they count, held against the lines."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from inspector.errors import CancelledError, UsageError
from inspector.session.facets import FacetChoice, count_facets, earliest
from inspector.session.listing import heads
from inspector.session.scan import Scan
from inspector.session.session import Session
from inspector.session.summaries import RecordHead

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
