"""What blobs are read with can be changed while a store is open: for all of it, for a kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inspector.errors import UsageError
from inspector.schema.catalog import AUTO
from inspector.session.session import Session
from inspector.session.store_info import info
from tests.places import REAL
from tests.releases import NEWEST

AGENT = "agent"
JANUARY = "2026-01-25..2026-01-26"
SKILL = "skill"


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session.open(REAL / "v2-clean" / "stigmer.db")
    yield made
    made.close()


def release(session: Session, kind: str) -> str | None:
    first = session.records(kind, limit=1).rows[0]
    return session.record(kind, first.id).choice.schema


def test_the_whole_file_is_read_with_another_schema(session: Session) -> None:
    assert release(session, AGENT) == "2026-01-26"
    session.read_with("2026-10")
    assert {release(session, kind) for kind in (AGENT, SKILL)} == {NEWEST}
    session.read_with(AUTO)
    assert release(session, AGENT) == "2026-01-26"


def test_one_kind_is_read_with_another_schema(session: Session) -> None:
    session.read_with(AUTO, {"AGENT": "2026-01-25"})
    assert release(session, AGENT) == "2026-01-25"
    assert release(session, SKILL) == JANUARY


def test_a_kind_may_stay_automatic_in_a_file_that_is_not(session: Session) -> None:
    session.read_with("2026-10", {AGENT: AUTO})
    assert release(session, AGENT) == "2026-01-26"
    assert release(session, SKILL) == NEWEST


def test_a_kind_the_chosen_schema_does_not_know_is_an_unknown_one(session: Session) -> None:
    session.read_with(AUTO, {"workflow": NEWEST})
    kinds = {kind.kind: kind for kind in session.kinds()}
    assert not kinds["workflow"].known
    assert kinds[AGENT].known
    assert release(session, "workflow") is None


def test_lists_and_totals_follow(session: Session) -> None:
    before = {head.id: head.name for head in session.records(AGENT).rows}
    session.read_with(AUTO, {AGENT: "2026-01-25"})
    wrong = [head for head in session.records(AGENT).rows if head.problem]
    assert wrong
    assert all(before[head.id] for head in wrong)
    uses = {use.name for use in info(session).schemas}
    assert "2026-01-25" in uses


@pytest.mark.parametrize(("whole", "kinds"), [("2027", {}), (AUTO, {AGENT: "2027"})])
def test_an_unknown_schema_is_refused_and_changes_nothing(
    session: Session, whole: str, kinds: dict[str, str]
) -> None:
    with pytest.raises(UsageError):
        session.read_with(whole, kinds)
    assert release(session, AGENT) == "2026-01-26"


def test_secrets_of_the_automatic_reading_stay_covered(session: Session) -> None:
    kind = "environment"
    ids = [head.id for head in session.records(kind).rows]
    own = [len(session.record(kind, one).covered) for one in ids]
    assert any(own)
    session.read_with(AUTO, {kind: NEWEST})
    forced = [len(session.record(kind, one).covered) for one in ids]
    assert [bool(n) for n in forced] == [bool(n) for n in own]
