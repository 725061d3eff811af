"""Histories of records whose kind got another name: each archived row belongs to one record."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.schema.kind_names import RENAMED, family
from inspector.store.renamed import is_same, names_of
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec

NAMES = ("agent_execution", "agent_run", "run")


def test_one_thing_has_all_its_names() -> None:
    for kinds in RENAMED:
        assert sorted(names_of(kinds[0])) == sorted(family(kinds[0]))
    assert names_of("AgentExecution") == names_of("run") == ("run", "agentrun", "agentexecution")
    assert names_of("workflow-run") == ("workflowrun", "workflowexecution")
    assert names_of("skill") == ("skill",)
    assert names_of("New_Kind") == ("newkind",)
    assert is_same("agent_run", "AGENT_EXECUTION")
    assert not is_same("run", "eval_run")


@pytest.mark.parametrize(
    ("live", "archived"),
    [("run", "agent_execution"), ("agent_execution", "run"), ("run", "agent_run")],
)
def test_what_was_archived_under_another_name_belongs_to_the_live_record(
    live: str, archived: str, tmp_path: Path
) -> None:
    arcs = [
        Arc(archived, "aex_1", b"old", "2026-09-01 10:00:00"),
        Arc(live, "aex_1", b"new", "2026-10-06 10:00:00"),
        Arc(archived, "aex_2", b"gone", "2026-09-01 10:00:00"),
    ]
    store = Store(layouts.v2(tmp_path / "s.db", [Rec(live, "aex_1", b"live")], arcs))
    rows = list(store.history.rows_of(live, "aex_1"))
    assert [(row.head.stored_kind, row.data) for row in rows] == [
        (live, b"new"),
        (archived, b"old"),
    ]
    assert all((row.head.kind, row.head.id) == (live, "aex_1") for row in rows)
    assert store.history.counts(live, ["aex_1", "aex_2"]) == {"aex_1": 2, "aex_2": 0}
    assert store.history.counts(archived, ["aex_1", "aex_2"]) == {"aex_1": 0, "aex_2": 1}
    # What has no live record stays where it lies.
    assert (store.history.gone(live).rows, store.history.gone(archived).rows) == ((), ("aex_2",))
    # And the counts are those of the file.
    counts = {kind.kind: (kind.records, kind.versions) for kind in store.kinds()}
    assert counts == {live: (1, 1), archived: (0, 2)}


def test_legacy_rows_of_another_name_belong_to_the_live_record_too(tmp_path: Path) -> None:
    records = [
        Rec("run", "aex_1"),
        Rec("agent_execution", "x_audit/aex_1/1769373518", b"in the id"),
        Rec("AGENT_EXECUTION_AUDIT", "aex_1/1769373519", b"by the kind"),
    ]
    store = Store(layouts.v0(tmp_path / "s.db", records))
    rows = list(store.history.rows_of("run", "aex_1"))
    assert [row.data for row in rows] == [b"by the kind", b"in the id"]
    assert store.history.counts("run", ["aex_1"]) == {"aex_1": 2}
    assert (
        store.history.gone("agent_execution").rows
        == store.history.gone("AGENT_EXECUTION").rows
        == ()
    )


def test_kinds_that_never_changed_their_name_are_told_apart(tmp_path: Path) -> None:
    arcs = [Arc("eval_run", "x"), Arc("Skill", "s")]
    store = Store(layouts.v2(tmp_path / "s.db", [Rec("run", "x"), Rec("skill", "s")], arcs))
    assert store.history.counts("run", ["x"]) == {"x": 0}
    assert store.history.counts("skill", ["s"]) == {"s": 0}
    assert store.history.gone("eval_run").rows == ("x",)
    assert store.history.gone("Skill").rows == ("s",)


def test_a_name_that_appears_later_is_seen(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("run", "aex_1")])
    store = Store(path)
    assert store.history.versions("run", "aex_1") == []
    with closing(sqlite3.connect(path)) as connection:
        layouts.archive(connection, [Arc("agent_run", "aex_1")])
        connection.commit()
    assert len(store.history.versions("run", "aex_1")) == 1


rows = st.tuples(st.sampled_from(NAMES), st.sampled_from(("a", "b", "c")))


@settings(max_examples=60, deadline=None)
@given(st.sets(rows), st.lists(rows, max_size=8), st.booleans())
def test_each_archived_row_belongs_to_exactly_one_record(
    tmp_path_factory: pytest.TempPathFactory,
    live: set[tuple[str, str]],
    archived: list[tuple[str, str]],
    bare: bool,
) -> None:
    path = tmp_path_factory.mktemp("renamed") / "s.db"
    scripts = (
        (layouts.RESOURCES_BARE, layouts.AUDIT)
        if bare
        else (layouts.RESOURCES, layouts.SCHEMA_VERSION, layouts.AUDIT)
    )
    store = Store(
        layouts.create(
            path,
            *scripts,
            records=[Rec(*one) for one in sorted(live)],
            archived=[Arc(*one) for one in archived],
        )
    )
    found: list[int | None] = []
    for name in NAMES:
        gone = store.history.gone(name).rows
        for id_ in ("a", "b", "c"):
            heads = store.history.versions(name, id_)
            assert store.history.counts(name, [id_]) == {id_: len(heads)}
            assert (id_ in gone) == (bool(heads) and (name, id_) not in live)
            for head in heads:
                assert (head.stored_kind, id_) == archived[(head.audit_id or 0) - 1]
                if (head.stored_kind, id_) in live:
                    assert name == head.stored_kind
                elif any((other, id_) in live for other in NAMES):
                    assert (name, id_) in live
            found += [head.audit_id for head in heads]
    assert sorted(found, key=lambda one: one or 0) == list(range(1, len(archived) + 1))
