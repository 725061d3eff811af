"""``events``: rows of a record's events with their messages; and what ``check`` says of them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.builders import events, layouts
from tests.builders.demo import wire
from tests.builders.events import OfExecution, OfSession, execution_event
from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call, document, failed
from tests.places import SHARED, shared

HISTORY = SHARED / "stigmer" / "history"
STORES = sorted(
    f"{group}/{folder.name}"
    for group in ("stores", "lived")
    for folder in (HISTORY / group).glob("*")
    if folder.is_dir()
)
KEYS = {
    "events": ("workflow_execution", "execution_id", "sequence_number", "executionId"),
    "sessionEvents": ("session", "session_id", "seq", "sessionId"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    records = [
        Rec("agent", "agt-1", b""),
        Rec("run", "run-1", b""),
        Rec("session", "ses-1", b""),
        Rec("workflow_execution", "wex-1", b""),
        Rec("workflow_execution", "wex-2", b""),
    ]
    return layouts.v2(tmp_path / "s.db", records)


def answered(path: Path, *names: str) -> list[Any]:
    answer = call("events", *names, "--json", "--db", path)
    assert answer.code == 0, answer.err
    assert answer.out == document(answer.json)
    found: list[Any] = answer.json
    return found


@pytest.mark.skipif(not STORES, reason="../shared/stigmer/history is not here")
@pytest.mark.parametrize("name", STORES)
def test_every_event_of_every_store_is_what_was_written(name: str) -> None:
    folder = shared("stigmer", "history", name)
    truth = json.loads((folder / "truth.json").read_bytes())
    path = next(folder.glob("stigmer.*"))
    asked: dict[tuple[str, str], list[Any]] = {}
    wanted = 0
    for part, (kind, owner, number, key) in KEYS.items():
        for one in truth.get(part, ()):
            of = (kind, one[owner])
            if of not in asked:
                asked[of] = answered(path, *of)
                assert {event[key] for event in asked[of]} == {one[owner]}
            column = "sequenceNumber" if part == "events" else "seq"
            (found,) = (event for event in asked[of] if event[column] == one[number])
            assert found["value"] == one["value"]
            wanted += 1
    assert sum(map(len, asked.values())) == wanted


def test_the_columns_of_the_row_come_first_then_the_message(path: Path) -> None:
    data = execution_event("wex-1", 2, payload=wire.text(20, wire.integer(3, 1)))
    rows = [
        OfExecution("wex-1", 2, data=data, created_at="2026-05-23 01:41:06"),
        OfExecution("wex-1", 1, task="", data=execution_event("wex-1", 1, "")),
        OfExecution("wex-2", 7, data=execution_event("wex-2", 7)),
    ]
    events.add(path, events.EXECUTION_EVENTS, rows)
    first, second = answered(path, "workflow_execution", "wex-1")
    assert list(second.items()) == [
        ("executionId", "wex-1"),
        ("sequenceNumber", 2),
        ("eventType", "task_started"),
        ("taskName", "build"),
        ("createdAt", "2026-05-23T01:41:06Z"),
        (
            "value",
            {
                "eventId": "wex-1:2",
                "eventType": "task_started",
                "sequenceNumber": "2",
                "taskName": "build",
                "taskStarted": {"attemptNumber": 1},
            },
        ),
    ]
    assert (first["sequenceNumber"], first["taskName"]) == (1, "")
    assert "problem" not in first
    assert answered(path, "wex-1") == [first, second]
    assert answered(path, "Workflow-Execution", "wex-1") == [first, second]


def test_a_table_for_people(path: Path) -> None:
    data = execution_event("wex-1", 1, payload=wire.text(22, wire.text(2, "no\x1b such file")))
    rows = [OfExecution("wex-1", 1, data=data), OfExecution("wex-1", 2, data=b"\x0a\x05x")]
    events.add(path, events.EXECUTION_EVENTS, rows)
    answer = call("events", "wex-1", "--db", path)
    head, first, second = answer.out.decode().splitlines()
    assert head.split() == ["NUMBER", "TIME", "TYPE", "TASK", "WHAT", "PROBLEM"]
    assert first.split()[:4] == ["1", "2026-05-23T01:41:06.000Z", "task_started", "build"]
    assert "no\\x1b such file" in first
    assert "2" in second.split()
    assert "undecodable" not in second
    assert second.rstrip().endswith(".") or second.endswith("…")
    assert answer.code == 0


@pytest.mark.parametrize("script", ["", events.EXECUTION_EVENTS + events.SESSION_EVENTS])
@pytest.mark.parametrize("id_", ["agt-1", "run-1", "ses-1", "wex-1"])
def test_a_known_record_without_events_has_none(path: Path, script: str, id_: str) -> None:
    events.add(path, script)
    assert answered(path, id_) == []


def test_an_unknown_id_is_said(path: Path) -> None:
    events.add(path, events.EXECUTION_EVENTS)
    assert "'wex-9'" in failed(call("events", "wex-9", "--json", "--db", path), 4)
    assert failed(call("events", "workflow_execution", "wex-9", "--db", path), 4)
    assert failed(call("events", "no_such_kind", "wex-1", "--db", path), 4)
    assert failed(call("events", "a", "b", "c", "--db", path), 2)


def test_events_of_a_record_that_is_gone_are_left(path: Path) -> None:
    events.add(
        path, events.EXECUTION_EVENTS, [OfExecution("wex-9", 1, data=execution_event("wex-9", 1))]
    )
    for names in (["wex-9"], ["workflow_execution", "wex-9"]):
        answer = call("events", *names, "--json", "--db", path)
        assert [one["executionId"] for one in answer.json] == ["wex-9"]
        assert answer.notes == ["note: There is no record 'wex-9' any more, only its events."]
        assert answer.code == 0
    assert failed(call("events", "session", "wex-9", "--db", path), 4)


def test_events_of_a_run_are_those_of_its_session_that_name_it(path: Path) -> None:
    rows = [
        OfSession("ses-1", 1),
        OfSession("ses-1", 2, run_id="run-1"),
        OfSession("ses-1", 3, run_id="run-2"),
    ]
    events.add(path, events.SESSION_EVENTS, rows)
    assert [one["seq"] for one in answered(path, "session", "ses-1")] == [1, 2, 3]
    (own,) = answered(path, "run", "run-1")
    assert list(own) == [
        *("sessionId", "seq", "eventId", "runId", "threadId", "type", "org", "processedAt"),
        "value",
    ]
    assert own["value"] == {"sessionStatusRunning": {}}


def test_where_row_and_message_disagree_is_said(path: Path) -> None:
    rows = [
        OfExecution("wex-1", 1, data=execution_event("wex-1", 4)),
        OfExecution("wex-1", 2, task="other", data=execution_event("wex-1", 2)),
        OfExecution("wex-1", 3, "task_failed", data=execution_event("wex-1", 3)),
        OfExecution("wex-1", 5, data=execution_event("wex-2", 5)),
        OfExecution("wex-1", 6, "TASK.STARTED", data=execution_event("wex-1", 6)),
        OfExecution("wex-1", 7, data=b""),
    ]
    events.add(path, events.EXECUTION_EVENTS, rows)
    found = answered(path, "wex-1")
    assert [one.get("problem") for one in found] == [
        "Row sequence_number 1 differs from message 4.",
        "Row task_name 'other' differs from message 'build'.",
        None,
        "Row execution_id 'wex-1' differs from message 'wex-2'.",
        None,
        None,
    ]
    assert all(one["value"] is not None for one in found)


def test_what_a_session_event_says_of_itself_is_held_against_its_row(path: Path) -> None:
    running = wire.text(11, b"")
    rows = [
        OfSession("ses-1", 1, data=running + wire.integer(1, 9)),
        OfSession("ses-1", 2, data=running + wire.text(2, "ses-2")),
        OfSession("ses-1", 3, run_id="run-1", data=running + wire.text(3, "run-2")),
        OfSession("ses-1", 4, data=running + wire.text(4, "thr-1")),
        OfSession("ses-1", 5, type="session.status_idle", data=running),
        OfSession("ses-1", 6, data=running + wire.text(2, "ses-1") + wire.integer(1, 6)),
    ]
    events.add(path, events.SESSION_EVENTS, rows)
    assert [one.get("problem") for one in answered(path, "ses-1")] == [
        "Row seq 1 differs from message 9.",
        "Row session_id 'ses-1' differs from message 'ses-2'.",
        "Row run_id 'run-1' differs from message 'run-2'.",
        "Row thread_id '' differs from message 'thr-1'.",
        "Row type 'session.status_idle' differs from message 'session_status_running'.",
        None,
    ]


def test_what_cannot_be_decoded_has_no_value_and_says_why(path: Path) -> None:
    rows = [OfExecution("wex-1", 1, data=b"\x0a\x05x"), OfExecution("wex-1", 2, data=b"")]
    events.add(path, events.EXECUTION_EVENTS, rows)
    first, second = answered(path, "wex-1")
    assert first["value"] is None
    assert first["problem"].endswith(".")
    assert second["value"] == {}


def test_what_the_message_does_not_say_is_noted(path: Path) -> None:
    data = execution_event("wex-1", 1) + wire.text(99, "new")
    events.add(path, events.EXECUTION_EVENTS, [OfExecution("wex-1", 1, data=data)])
    answer = call("events", "wex-1", "--json", "--db", path)
    assert answer.notes == [
        "note: left out: 1 unknown field (<99>); --envelope keeps them (event 1)"
    ]


def test_other_columns_are_given_as_they_are_and_secrets_among_them_covered(path: Path) -> None:
    extra = "worker_token TEXT, hint BLOB, spent REAL, created_at TEXT NOT NULL"
    script = events.EXECUTION_EVENTS.replace("created_at TEXT NOT NULL", extra)
    events.add(path, script)
    with closing(sqlite3.connect(path)) as connection, connection:
        for number, token in ((1, "sek-1"), (2, "")):
            connection.execute(
                "INSERT INTO workflow_execution_events"
                " VALUES ('wex-1', ?, 'x', '', x'', ?, x'0102', 9e999, 'yesterday')",
                (number, token),
            )
    answer = call("events", "wex-1", "--json", "--db", path)
    first, second = answer.json
    assert (first["workerToken"], second["workerToken"]) == ("[covered]", "")
    assert (first["hint"], first["spent"], first["createdAt"]) == ({"blob": 2}, "inf", "yesterday")
    assert answer.notes == ["note: 1 secret is covered; --reveal-secrets shows them"]
    shown = call("events", "wex-1", "--json", "--reveal-secrets", "--db", path)
    assert (shown.json[0]["workerToken"], shown.notes) == ("sek-1", [])


def test_damage_is_said_and_the_rest_is_given(tmp_path: Path) -> None:
    records = [Rec("workflow_execution", "wex-1", b"")]
    path = layouts.create(tmp_path / "p.db", layouts.RESOURCES, records=records, page_size=1024)
    rows = [
        OfExecution("wex-1", n, task=f"task{n:03}", data=execution_event("wex-1", n, f"task{n:03}"))
        for n in range(1, 101)
    ]
    events.add(path, events.EXECUTION_EVENTS, rows)
    content = bytearray(path.read_bytes())
    for start in range(0, len(content), 1024):
        if content[start] == 0x0D and b"task050" in content[start : start + 1024]:
            content[start : start + 12] = b"\xee" * 12
    path.write_bytes(content)
    found = answered(path, "wex-1")
    assert [one["sequenceNumber"] for one in found] == list(range(1, 101))
    lost = [one for one in found if one["value"] is None]
    assert 0 < len(lost) < 20
    assert {one["problem"] for one in lost} == {"The file is damaged where this row lies."}
    checked = call("check", "--json", "--db", path)
    assert checked.code == 1
    assert [one["code"] for one in checked.json["problems"]] == ["bad-page"] * len(lost)
    content = bytearray(path.read_bytes())
    for start in range(0, len(content), 1024):
        page = content[start : start + 1024]
        if page[0] == 0x0A and b"wex-1" in page and b"workflow_execution" not in page:
            content[start : start + 12] = b"\xee" * 12
    path.write_bytes(content)
    answer = call("events", "wex-1", "--json", "--db", path)
    assert answer.code == 1
    assert answer.notes == [
        "note: The file is damaged; events of wex-1 may be missing. A backup of"
        " the file may hold the rest."
    ]
    assert 0 < len(answer.json) < 100


def test_check_reads_events_after_the_record_they_belong_to(path: Path) -> None:
    unknown = execution_event("wex-1", 3) + wire.text(99, "new")
    rows = [
        OfExecution("wex-0", 1, data=execution_event("wex-0", 1)),
        OfExecution("wex-0", 2, data=execution_event("wex-0", 2)),
        OfExecution("wex-1", 1, data=b"\x0a\x05x"),
        OfExecution("wex-1", 2, task="other", data=execution_event("wex-1", 2)),
        OfExecution("wex-1", 3, data=unknown),
        OfExecution("wex-2", 1, data=execution_event("wex-2", 1)),
        OfExecution("wex-3", 1, data=execution_event("wex-3", 1, type_=99)),
    ]
    events.add(path, events.EXECUTION_EVENTS, rows)
    events.add(path, events.SESSION_EVENTS, [OfSession("ses-0", 1), OfSession("ses-1", 1)])
    answer = call("check", "--json", "--db", path)
    assert answer.code == 1
    found = [one for one in answer.json["problems"] if one["kind"] not in ("agent", "run")]
    assert [(one["severity"], one["code"], one["kind"], one["id"]) for one in found] == [
        ("warning", "orphan-events", "session", "ses-0"),
        ("warning", "orphan-events", "workflow_execution", "wex-0"),
        ("error", "undecodable", "workflow_execution", "wex-1"),
        ("warning", "event-mismatch", "workflow_execution", "wex-1"),
        ("warning", "unknown-field", "workflow_execution", "wex-1"),
        ("warning", "orphan-events", "workflow_execution", "wex-3"),
        ("warning", "unknown-enum", "workflow_execution", "wex-3"),
    ]
    assert [one["auditId"] for one in found] == [None] * len(found)
    assert found[1]["message"] == "There is no record with this ID, but 2 events of it."
    assert [one["message"].partition(": ")[0] for one in found[2:5]] == [
        "Event 1", "Event 2", "Event 3",
    ]  # fmt: skip
    assert found[4]["path"] == "<99>"
    assert (answer.json["records"], answer.json["versions"]) == (5, 0)
    text = call("check", "--db", path).out.decode()
    assert "5 records, 0 versions and 9 events checked: 1 error, " in text


def test_events_of_what_only_has_history_are_orphans_too(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        layouts.archive(connection, [Arc("session", "ses-9", b"")])
    events.add(path, events.SESSION_EVENTS, [OfSession("ses-9", 1)])
    found = call("check", "--json", "--db", path).json["problems"]
    assert [(one["code"], one["id"], one["auditId"]) for one in found] == [
        ("orphan-history", "ses-9", None),
        ("orphan-events", "ses-9", None),
    ]


def test_an_execution_under_another_name_of_its_kind_is_no_orphan(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        layouts.put(connection, [Rec("workflow_run", "wex-5", b"")])
    rows = [OfExecution("wex-5", 1, data=execution_event("wex-5", 1))]
    events.add(path, events.EXECUTION_EVENTS, rows)
    found = call("check", "--json", "--db", path).json["problems"]
    assert "orphan-events" not in {one["code"] for one in found}
    assert len(answered(path, "workflow_run", "wex-5")) == 1


def test_a_store_that_has_only_events_is_checked(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db")
    events.add(path, events.SESSION_EVENTS, [OfSession("ses-0", 1)])
    (found,) = call("check", "--json", "--db", path).json["problems"]
    assert (found["code"], found["kind"], found["id"]) == ("orphan-events", "session", "ses-0")


def test_the_demo_has_the_events_of_a_good_and_of_a_bad_morning() -> None:
    for name, types in (
        ("passage-1003", ("execution_started", "execution_completed")),
        ("passage-1004", ("execution_started", "execution_failed")),
    ):
        found = call("events", name, "--json", "--demo").json
        assert len(found) > 5
        assert (found[0]["eventType"], found[-1]["eventType"]) == types
        assert not any("problem" in one for one in found)


def test_a_former_name_leads_to_the_events_of_the_record(path: Path) -> None:
    events.add(path, events.SESSION_EVENTS, [OfSession("ses-1", 1)])
    events.add(path, events.NAMES, [events.OfName("session", "acme", "monday", "ses-1")])
    answer = call("events", "session", "monday", "--json", "--db", path)
    assert [one["sessionId"] for one in answer.json] == ["ses-1"]
    assert answer.notes == ["note: 'monday' is a former name of the session 'ses-1'."]


def test_columns_of_the_list_are_no_data_of_a_record(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for column in ("list_org", "list_created_at", "list_index_revision", "list_indexed_at"):
            connection.execute(f"ALTER TABLE resources ADD COLUMN {column} DEFAULT 'listed'")
    for arguments in (["show", "agt-1", "--envelope"], ["export"], ["dump"], ["list", "agent"]):
        answer = call(*arguments, "--db", path)
        assert answer.code == 0
        assert b"listed" not in answer.out
