"""Live records that migrations rewrote without giving them a new time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.history.migrations import rewrites, rewritten_words
from inspector.session.session import Session
from inspector.session.version_outline import rewrites_of
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call
from tests.places import shared

#: A store that was upgraded in three steps.
APPLIED = (
    *((layout, "2026-09-26 00:00:00") for layout in range(1, 14)),
    *((layout, "2026-10-05 08:00:00") for layout in range(14, 20)),
    *((layout, "2026-10-15 08:00:00") for layout in range(20, 27)),
)
BEFORE = "2026-09-30 10:27:58.198"


@pytest.mark.parametrize(
    ("kind", "updated", "expected"),
    [
        ("session", BEFORE, [23]),
        ("session", "2026-10-15 07:59:59.999", [23]),
        ("session", "2026-10-15 08:00:00", []),
        ("session", "2026-10-16T00:00:00Z", []),
        ("run", BEFORE, [15, 18, 19, 21]),
        ("run", "2026-10-10 00:00:00", [21]),
        ("agent_run", BEFORE, [15, 18, 19]),
        ("AgentExecution", BEFORE, [15]),
        ("workflow_run", BEFORE, [18]),
        ("agent", BEFORE, []),
        ("skill", BEFORE, []),
        # It got a new time, or there is none to go by.
        ("identity_account", BEFORE, []),
        ("session", None, []),
        ("session", "some day", []),
    ],
)
def test_what_a_migration_rewrote_without_a_new_time_is_told(
    kind: str, updated: str | None, expected: list[int]
) -> None:
    found = rewrites(kind, updated, APPLIED)
    assert [one.layout for one in found] == expected
    assert all(one.day in ("2026-10-05", "2026-10-15") and one.did for one in found)


def test_the_layout_that_one_build_had_before_others_is_told_from_the_other_of_its_number() -> None:
    early = (*APPLIED[:19], (20, "2026-10-07 09:00:00"))
    assert [one.layout for one in rewrites("run", BEFORE, early)] == [15, 18, 19, 20]
    assert [one.layout for one in rewrites("agent_run", BEFORE, early)] == [15, 18, 19]
    assert rewrites("session", BEFORE, early) == ()


@pytest.mark.parametrize(
    "applied", [(), ((23, ""),), ((23, "no time"),), ((22, "2026-10-15 08:00:00"),)]
)
def test_nothing_is_told_that_the_file_does_not_say(applied: tuple[tuple[int, str], ...]) -> None:
    assert rewrites("session", BEFORE, applied) == ()


def test_it_is_a_sentence() -> None:
    assert rewritten_words(()) == ""
    assert rewritten_words(rewrites("session", BEFORE, APPLIED)) == (
        "Rewritten by the migration to layout 23 (2026-10-15), which kept its time."
    )
    assert rewritten_words(rewrites("run", BEFORE, APPLIED)) == (
        "Rewritten by the migrations to layouts 15, 18 and 19 (2026-10-05)"
        " and to layout 21 (2026-10-15), which kept its time."
    )


def upgraded(path: Path) -> Path:
    """A store with a session and a run of before its last upgrade, and a session of after."""
    records = [
        Rec("session", "old", b"", BEFORE),
        Rec("session", "new", b"", "2026-10-20 00:00:00.000"),
        Rec("run", "aex_1", b"", BEFORE),
    ]
    made = layouts.v2(
        path, records, [Arc("agent_execution", "aex_1", b"x"), Arc("session", "gone")]
    )
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("DELETE FROM schema_version")
        connection.executemany("INSERT INTO schema_version VALUES (?, ?)", APPLIED)
        connection.commit()
    return made


def test_a_store_says_it_of_its_records(tmp_path: Path) -> None:
    session = Session.open(upgraded(tmp_path / "s.db"))
    found = {
        (kind, id_): [one.layout for one in rewrites_of(session, kind, id_)]
        for kind, id_ in (
            ("session", "old"), ("session", "new"), ("session", "gone"), ("run", "aex_1"),
        )
    }  # fmt: skip
    assert found == {
        ("session", "old"): [23],
        ("session", "new"): [],
        ("session", "gone"): [],
        ("run", "aex_1"): [15, 18, 19, 21],
    }


def test_the_history_for_people_ends_with_it(tmp_path: Path) -> None:
    path = upgraded(tmp_path / "s.db")
    lines = call("history", "session", "old", "--db", path).out.decode().splitlines()
    assert lines[-1].startswith("Rewritten by the migration to layout 23 (2026-10-15)")
    run = call("history", "run", "aex_1", "--db", path).out.decode().splitlines()
    assert run[1].startswith("audit:1 ") and run[2].startswith("Rewritten by the migrations")
    assert b"Rewritten" not in call("history", "session", "new", "--db", path).out
    answer = call("history", "session", "old", "--json", "--db", path)
    assert (answer.json, answer.notes) == ([], [])


def test_a_store_that_lived_says_it_of_all_runs_that_were_executions() -> None:
    session = Session.open(shared("stigmer", "history", "lived", "renamed", "stigmer.sqlite"))
    runs = [head.id for head in session.records("run").rows]
    before = {id_ for id_ in runs if id_.startswith("aex")}
    told = {id_ for id_ in runs if rewrites_of(session, "run", id_)}
    assert told == before != set()
