"""``search``: every place that holds a text, each as it is found, and what was covered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import events
from tests.builders.events import OfExecution, execution_event
from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call, failed
from tests.cli.made import v2
from tests.gui.builders import data


def _named(name: str, slug: str = "") -> bytes:
    return data(3, data(1, name) + (data(2, slug) if slug else b""))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return v2(
        tmp_path,
        Rec("skill", "skl-1", _named("Needle work")),
        Rec("agent", "agt-2", _named("a needle, and more", "the-needle")),
        Rec("agent", "agt-1", _named("Needle")),
        Arc("agent", "agt-2", _named("older needle"), "2026-01-02 00:00:00"),
        Arc("agent", "agt-2", _named("oldest needle"), "2026-01-01 00:00:00"),
        Arc("agent", "agt-9", _named("gone needle")),
    )


def test_hits_come_by_kind_id_and_path_with_the_keys_of_the_contract(made: Path) -> None:
    answer = call("search", "needle", "--db", made, "--json")
    assert answer.code == 0
    assert answer.out.decode().splitlines() == [
        '{"kind":"agent","id":"agt-2","auditId":null,"path":"metadata.name",'
        '"snippet":"a needle, and more"}',
        '{"kind":"agent","id":"agt-2","auditId":null,"path":"metadata.slug",'
        '"snippet":"the-needle"}',
    ]
    assert answer.notes == ["searched 3 records"]


def test_history_follows_the_live_record_newest_first(made: Path) -> None:
    answer = call("search", "NEEDLE", "--history", "--ignore-case", "--db", made, "--json")
    assert [(one["id"], one["auditId"]) for one in answer.lines] == [
        ("agt-1", None),
        ("agt-2", None),
        ("agt-2", None),
        ("agt-2", 1),
        ("agt-2", 2),
        ("agt-9", 3),
        ("skl-1", None),
    ]
    assert answer.notes == ["searched 3 records, 3 versions"]


def test_events_stand_behind_their_record_with_their_numbers(tmp_path: Path) -> None:
    path = v2(
        tmp_path,
        Rec("workflow_execution", "wex-1", _named("needle")),
        Arc("workflow_execution", "wex-1", _named("old needle")),
    )
    rows = [
        OfExecution("wex-1", 3, data=execution_event("wex-1", 3, "a needle")),
        OfExecution("wex-1", 9, data=execution_event("wex-1", 9, "another")),
        OfExecution("wex-gone", 1, data=execution_event("wex-gone", 1, "needles")),
        OfExecution("wex-gone", 2, data=b"\x2a\x7fneedle"),
    ]
    events.add(path, events.EXECUTION_EVENTS, rows)
    answer = call("search", "needle", "--history", "--events", "--db", path, "--json")
    found = [(one["id"], one["auditId"], one["event"], one["path"]) for one in answer.lines]
    assert found == [
        ("wex-1", None, None, "metadata.name"),
        ("wex-1", 1, None, "metadata.name"),
        ("wex-1", None, 3, "task_name"),
        ("wex-gone", None, 1, "task_name"),
    ]
    assert answer.notes == ["searched 1 record, 1 version, 4 events; 1 could not be read"]
    lines = call("search", "needle", "--events", "--db", path).out.decode().splitlines()
    assert lines[1] == "workflow_execution/wex-1  event 3  task_name  a needle"
    alone = call("search", "needle", "--kind", "agent", "--events", "--db", path)
    assert alone.code == 4
    without = call("search", "needles", "--db", path)
    assert (without.code, without.notes) == (1, ["searched 1 record"])


def test_one_kind_alone_by_any_spelling(made: Path) -> None:
    answer = call("search", "eedle", "--kind", "SKILL", "--db", made)
    assert answer.out.decode() == "skill/skl-1  metadata.name  Needle work\n"
    assert answer.notes == ["searched 1 record"]
    both = call("search", "eedle", "--kind", "skill", "--kind", "agent", "--db", made, "--json")
    assert [one["kind"] for one in both.lines] == ["agent", "agent", "agent", "skill"]
    failed(call("search", "eedle", "--kind", "nothing", "--db", made), 4)


def test_nothing_found_is_1_and_says_what_was_covered(made: Path) -> None:
    answer = call("search", "absent", "--db", made, "--json")
    assert (answer.code, answer.out) == (1, b"")
    assert answer.notes == ["searched 3 records"]


def test_a_limit_ends_it_and_that_is_said(made: Path) -> None:
    answer = call("search", "needle", "--limit", "1", "--db", made, "--json")
    assert (answer.code, len(answer.lines)) == (0, 1)
    assert answer.notes[-1].endswith("; stopped after 1 hit")


def test_an_empty_text_is_wrong(made: Path) -> None:
    assert "no text" in failed(call("search", "", "--db", made), 2)


def test_numbers_are_searched_where_they_are_asked_for() -> None:
    answer = call("search", "EXECUTION_COMPLETED", "--values", "--demo", "--json")
    assert "status.phase" in {one["path"] for one in answer.lines}
    assert call("search", "EXECUTION_COMPLETED", "--demo").code == 1


def test_what_has_an_effect_on_a_terminal_is_made_visible(tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("agent", "agt-1", _named("a\x1b[31mneedle")))
    assert (
        call("search", "needle", "--db", path).out == b"agent/agt-1  metadata.name  a [31mneedle\n"
    )


def test_a_damaged_file_is_searched_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    path = v2(tmp_path, *(Rec("agent", f"a-{n:03}", _named("x" * 900 + "y")) for n in range(90)))
    content = bytearray(path.read_bytes())
    for page in range(8, 14):
        content[page * 4096 : page * 4096 + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    answer = call("search", "xy", "--db", path, "--json")
    assert 0 < len(answer.lines) < 90
    assert "could not be read" in answer.notes[-1]
    # As a list and an export end.
    assert answer.code == 1


def test_a_record_that_does_not_decode_is_no_damage_of_the_file(tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("agent", "a", _named("xy")), Rec("agent", "b", _named("xy") + b"\xff"))
    answer = call("search", "xy", "--db", path)
    assert "1 could not be read" in answer.notes[-1]
    assert answer.code == 0
