"""Rows whose bytes and time leave open what they say are read as the rows around them are."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from inspector.decode.json_writer import write
from inspector.schema.catalog import merged_schema
from inspector.schema.releases import interval, until
from inspector.session import check
from inspector.session import neighbours as subject
from inspector.session.neighbours import Neighbours, neighbours
from inspector.session.session import Session
from inspector.times import moment
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.demo.core import FIRST, encode
from tests.builders.layouts import Arc, Rec
from tests.releases import JANUARY_26, NEWEST

MERGED: Final = merged_schema()
AGENT: Final = "ai.stigmer.agentic.agent.v1.Agent"
SESSION: Final = "ai.stigmer.agentic.session.v1.Session"
EXECUTION: Final = "ai.stigmer.agentic.agentexecution.v1.AgentExecution"
#: Field 5 of the metadata is an owner scope in January and a visibility since; both show.
OPEN: Final = {"metadata": {"name": "open", "visibility": "visibility_public"}}


def agent(id_: str, written: str, value: dict[str, Any], name: str = "3.41.0") -> Rec:
    return Rec("agent", id_, encode(name, AGENT, value), f"{written} 10:00:00")


def unclear(written: str) -> Rec:
    return agent("agt-open", written, OPEN)


def later(written: str) -> Rec:
    """A row that no release before 0.0.80 can have written."""
    return agent(f"agt-late-{written}", written, {"spec": {"env": {"K": {"description": "d"}}}})


def january(written: str) -> Rec:
    """A row that only January can have written."""
    inline = {"subAgents": [{"inlineSpec": {"name": "one", "instructions": "Look it up."}}]}
    return agent(f"agt-{written}", written, {"spec": inline}, FIRST)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """What the open row of a store says of field 5, or ``doubt``."""
    opened: list[Session] = []

    def tell(*rows: Rec) -> str:
        path = tmp_path / f"{len(opened)}.db"
        tables = (layouts.RESOURCES, layouts.SCHEMA_VERSION, layouts.AUDIT)
        layouts.create(path, *tables, records=rows, version=27)
        opened.append(Session.open(path))
        record = opened[-1].record("agent", "agt-open")
        if record.choice.rivals:
            return "doubt"
        assert record.tree is not None
        metadata = record.tree.root.children[0]
        return next(one.field.name for one in metadata.children if one.number == 5 and one.field)

    yield tell
    for session in opened:
        session.close()


def test_alone_it_is_in_doubt(told: Callable[..., str]) -> None:
    assert told(unclear("2026-06-01")) == "doubt"


INSTANCE: Final = "ai.stigmer.agentic.workflowinstance.v1.WorkflowInstance"


@pytest.mark.parametrize(
    ("written", "shown"),
    [("2026-03-19", "env_refs"), ("2026-03-21", "environment_refs")],
)
def test_of_two_possible_readings_the_one_that_was_published_is_shown(
    tmp_path: Path, written: str, shown: str
) -> None:
    """The other is 0.0.37 of 2026-03-21, which may have been in use a little sooner; it is said."""
    refs = {"spec": {"envRefs": [{"slug": "staging"}]}}
    row = Rec("workflow_instance", "win-1", encode("0.0.36", INSTANCE, refs), f"{written} 10:00:00")
    session = Session.open(layouts.v2(tmp_path / "s.db", [row]))
    try:
        record = session.record("workflow_instance", "win-1")
    finally:
        session.close()
    assert record.tree is not None
    (spec,) = record.tree.root.children
    assert [one.field.name for one in spec.children if one.field] == [shown]
    assert [one.code for one in record.problems] == ["schema-ambiguous"]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(1_773_752_400, "thread_id"), (1_785_000_000, "harness_state_id"), (1 << 60, None)],
    ids=["2026-03-17", "2026-07-25", "no time"],
)
def test_where_a_migration_gave_a_row_its_time_what_the_record_says_of_its_own_counts(
    tmp_path: Path, seconds: int, shown: str | None
) -> None:
    """The other reading is said all the same: a daemon may have changed it without an audit."""
    part = wire.text(4, wire.integer(1, seconds))
    data = wire.text(4, wire.text(3, "one")) + wire.text(5, wire.text(99, wire.text(1, part)))
    path = layouts.v2(tmp_path / "s.db", [Rec("session", "ses-1", data, "2026-10-20 08:00:00")])
    with closing(sqlite3.connect(path)) as connection:
        for layout, when in ((3, "2026-03-12"), (9, "2026-09-21"), (14, "2026-10-20")):
            applied = (layout, f"{when} 08:00:00")
            connection.execute("INSERT INTO schema_version VALUES (?, ?)", applied)
        connection.commit()
    session = Session.open(path)
    try:
        record = session.record("session", "ses-1")
    finally:
        session.close()
    assert record.tree is not None
    spec = record.tree.root.children[0]
    names = [one.field.name for one in spec.children if one.field]
    assert names == [shown or "harness_state_id"]
    assert {one.code for one in record.problems} == {"schema-ambiguous"}


def test_a_row_behind_one_of_a_later_release_is_of_that_or_a_later_one(
    told: Callable[..., str],
) -> None:
    assert told(later("2026-05-20"), unclear("2026-06-01")) == "visibility"
    assert told(unclear("2026-06-01"), later("2026-06-02")) == "doubt"


def test_a_row_before_one_of_an_earlier_release_is_of_that_or_an_earlier_one(
    told: Callable[..., str],
) -> None:
    assert told(unclear("2026-06-01"), january("2026-06-02")) == "owner_scope"
    assert told(january("2026-05-20"), unclear("2026-06-01")) == "doubt"


def test_rows_that_disagree_say_nothing(told: Callable[..., str]) -> None:
    assert told(later("2026-05-20"), unclear("2026-06-01"), january("2026-06-02")) == "doubt"


def test_a_row_that_cannot_be_as_old_as_it_says_is_no_witness(told: Callable[..., str]) -> None:
    """It was written again without a new time."""
    rows = (later("2026-02-01"), unclear("2026-06-01"), january("2026-06-02"))
    assert told(*rows) == "owner_scope"


def test_a_row_that_a_migration_wrote_again_is_no_witness(told: Callable[..., str]) -> None:
    """The time of such a row is older than its bytes, and may look as if it were not."""
    data = encode("3.41.0", EXECUTION, {"metadata": {"name": "old"}})
    run = Rec("run", "aex-1", data, "2026-10-20 10:00:00")
    assert told(run, unclear("2026-10-21")) == "doubt"


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Session]:
    """A store that went from layout 6 to 13 at once, which gave two rows of May another time."""
    path, at = tmp_path / "migrated.db", "2026-09-30 07:00:00"
    visible = {"name": "old", "visibility": 3}  # it was public
    session = {"metadata": visible, "spec": {"threadId": "t-1"}}
    old = {"metadata": visible, "spec": {"env": {"K": {"description": "d"}}}}
    public = {**session, "metadata": {"name": "old", "visibility": "visibility_public"}}
    records = [
        Rec("session", "ses-1", encode("1.0.4", SESSION, session), at),
        Rec("session", "ses-2", encode("1.0.4", SESSION, public), "2026-05-15 10:00:00"),
        Rec("agent", "agt-1", encode("1.0.4", AGENT, old), at),
        agent("agt-open", "2026-09-20", {"spec": {"env": {"K": {"description": "d"}}}}),
    ]
    layouts.create(path, layouts.RESOURCES, layouts.SCHEMA_VERSION, layouts.AUDIT, records=records)
    with closing(sqlite3.connect(path)) as connection:
        applied = [*((n, "2026-03-12 09:00:00") for n in (1, 2, 3, 4)), (5, "2026-05-10 08:00:00")]
        applied += [(6, "2026-08-05 08:00:00"), *((n, at) for n in range(7, 14))]
        connection.executemany("INSERT INTO schema_version VALUES (?, ?)", applied)
        connection.commit()
    with closing(Session.open(path)) as opened:
        yield opened


def test_the_time_of_a_migration_is_not_that_of_a_writer(migrated: Session) -> None:
    """The later name is not shown as a fact because the row looks as young as the migration."""
    record = migrated.record("session", "ses-1")
    [doubt] = [one for one in record.problems if one.code == "schema-ambiguous"]
    assert "thread_id" in doubt.message
    assert "harness_state_id" in doubt.message
    assert "the migration to layout 10 gave it its time" in record.choice.why
    certain = migrated.record("session", "ses-2")
    assert certain.tree is not None
    assert '"threadId"' in write(certain.tree.root, indent=None)
    assert not certain.choice.rivals


def test_a_row_with_the_time_of_a_migration_is_no_witness(migrated: Session) -> None:
    own = migrated.reader()
    around = neighbours(migrated.store, own.merged, own.plainly)
    [clue] = around.clues("2026-08-01 00:00:00")
    assert clue.releases >> own.merged.number("3.1.9") & 1


def test_only_some_rows_of_a_kind_are_looked_at(
    told: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (later("2026-05-20"), unclear("2026-06-01"))
    monkeypatch.setattr(subject, "IN_ALL", 0)
    assert told(*rows) == "doubt"
    monkeypatch.undo()
    monkeypatch.setattr(subject, "BYTES", 10)
    assert told(*rows) == "doubt"


@pytest.mark.parametrize("looks", [False, True], ids=["as it reads", "what it would keep is much"])
def test_a_check_looks_at_no_row_twice_and_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: bool
) -> None:
    """Rows that come later in the file than the open one count as well."""
    path = tmp_path / "s.db"
    tables = (layouts.RESOURCES, layouts.SCHEMA_VERSION, layouts.AUDIT)
    archived = [Arc("agent", "agt-open", encode("3.41.0", AGENT, OPEN), "2026-06-02 10:00:00")]
    late = later("2026-05-20")._replace(id="agt-z")
    layouts.create(
        path, *tables, records=[unclear("2026-06-01"), late], archived=archived, version=27
    )
    looked: list[None] = []

    def look(*args: Any) -> Neighbours:
        looked.append(None)
        return neighbours(*args)

    monkeypatch.setattr(check, "neighbours", look)
    if looks:
        monkeypatch.setattr(check, "BYTES", 0)
    with closing(Session.open(path)) as session:
        checked = check.check_store(session)
        record = session.record("agent", "agt-open")
        assert not record.choice.rivals
    assert checked.problems == ()
    assert (checked.records, checked.versions, checked.decoded) == (2, 1, 3)
    assert len(looked) == looks


def test_what_a_check_puts_off_is_told_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    tables = (layouts.RESOURCES, layouts.SCHEMA_VERSION, layouts.AUDIT)
    odd = encode("3.41.0", AGENT, {"metadata": {"name": "x"}}) + wire.integer(990, 1)
    rows = [agent(f"agt-{number}", "2026-06-01", OPEN) for number in (1, 3)]
    rows += [Rec("agent", f"agt-{number}", odd, "2026-06-01 10:00:00") for number in (2, 4)]
    layouts.create(path, *tables, records=rows, version=27)
    with closing(Session.open(path)) as session:
        told = [(one.id, one.problem.code) for one in check.check_store(session).problems]
    codes = {"1": "schema-ambiguous", "2": "unknown-field", "3": "schema-ambiguous"}
    assert told == [(f"agt-{one}", codes.get(one, "unknown-field")) for one in "1234"]


def at(written: str) -> Any:
    found = moment(written)
    assert found is not None
    return found.second


def test_bounds_are_monotone_in_time() -> None:
    """A row in between that leaves more open takes nothing back."""
    first, last = MERGED.number("1.0.0"), MERGED.number("3.0.0")
    since = MERGED.full & -(1 << first)
    rows = [
        (at("2026-09-01 00:00:00"), until(last)),
        (at("2026-06-02 00:00:00"), MERGED.full),
        (at("2026-06-01 00:00:00"), since),
        (at("2026-09-02 00:00:00"), MERGED.full),
    ]
    around = Neighbours(MERGED, rows)

    def left(written: str) -> str:
        (clue,) = around.clues(written)
        return interval(clue.releases, MERGED.names)

    assert left("2026-05-31 00:00:00").endswith("..3.0.0")
    assert left("2026-06-03 00:00:00") == "1.0.0..3.0.0"
    assert left("2026-09-03 00:00:00") == f"1.0.0..{NEWEST}"
    assert around.clues(None) == around.clues("no time") == ()
    assert Neighbours(MERGED, []).clues("2026-06-03 00:00:00") == ()


def test_a_row_of_the_same_second_counts_on_both_sides() -> None:
    """So none is left where two of one second disagree."""
    only = 1 << MERGED.number(JANUARY_26)
    (clue,) = Neighbours(MERGED, [(at("2026-06-01 00:00:00"), only)]).clues("2026-06-01 00:00:00")
    assert clue.releases == only
    both = [(at("2026-06-01 00:00:00"), one) for one in (only, only << 1)]
    assert Neighbours(MERGED, both).clues("2026-06-01 00:00:00") == ()
