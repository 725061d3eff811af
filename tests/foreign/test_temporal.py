"""A file of Temporal's development server, read with the map that comes with the program."""

from __future__ import annotations

import json
import lzma
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from inspector import assets
from inspector.foreign.map_file import read_map
from inspector.session.foreign_rows import foreign_reading
from inspector.session.row_documents import RowAddress
from inspector.session.row_history import records_of, row_states
from inspector.session.session import Session
from tests.cli.calls import call

_KEPT = Path(__file__).parents[1] / "data" / "temporal"
_SOURCE = Path(__file__).parent / "temporal"
_MAP = assets.path("maps/temporal.inspect.toml")
#: Building the server takes minutes, gigabytes and the network.
_ASKED = "INSPECTOR_BUILD_TEMPORAL"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that lies with the tests, its descriptors and what the server's types say."""
    folder = tmp_path_factory.mktemp("temporal")
    for name in ("temporal.db", "temporal.binpb", "truth.json"):
        (folder / name).write_bytes(lzma.decompress((_KEPT / f"{name}.xz").read_bytes()))
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same made now, by a server that is built from its Go module."""
    go = shutil.which("go")
    if go is None or not os.environ.get(_ASKED):
        pytest.skip(f"there is no Go, or {_ASKED} does not ask to build with it")
    folder = tmp_path_factory.mktemp("made")
    for name in ("main.go", "go.mod"):
        shutil.copy(_SOURCE / name, folder)
    for call_ in (("mod", "tidy"), ("build", "-o", "make_temporal_file", ".")):
        ran = subprocess.run([go, *call_], cwd=folder, capture_output=True, text=True, check=False)
        if ran.returncode and call_[0] == "mod":
            pytest.skip(f"its modules cannot be had: {ran.stderr[-500:]}")
        assert ran.returncode == 0, ran.stderr
    subprocess.run([folder / "make_temporal_file", folder], check=True, timeout=600)
    return folder


def _rows(folder: Path, table: str, *more: str) -> list[Any]:
    places: tuple[str | Path, ...] = ("--db", folder / "temporal.db", "--map", _MAP)
    schema = folder / "temporal.binpb"
    answer = call("rows", table, "--json", *places, "--schema", schema, *more)
    assert (answer.code, answer.err if "--reveal-secrets" in more else "") == (0, "")
    found: list[Any] = answer.json
    return found


def _compare(folder: Path) -> None:
    """Every blob whose message is public says what the server's own type says of it."""
    truth = json.loads((folder / "truth.json").read_bytes())
    wanted: dict[str, dict[tuple[int, str], Any]] = {}
    for one in truth["blobs"]:
        wanted.setdefault(one["table"], {})[one["row"], one["column"]] = one["value"]
    assert {"history_node", "executions", "tasks", "timer_tasks", "namespaces"} <= wanted.keys()
    for table, values in wanted.items():
        rows = _rows(folder, table, "--reveal-secrets")
        got = {(row["key"], name): one for row in rows for name, one in row["values"].items()}
        assert {place: got[place] for place in values} == values, table


def _histories(folder: Path) -> Iterator[list[Any]]:
    """The events of each branch, in their order."""
    branches: dict[str, list[tuple[int, list[Any]]]] = {}
    for row in _rows(folder, "history_node", "--reveal-secrets"):
        values = row["values"]
        branch = json.dumps(values["branch_id"])
        branches.setdefault(branch, []).append((values["node_id"], values["data"]["events"]))
    for nodes in branches.values():
        yield [event for _, events in sorted(nodes, key=lambda one: one[0]) for event in events]


def _bare(events: list[Any]) -> list[Any]:
    """Events without what a server translates for its clients: search attributes' names, types."""
    for event in events:
        for attributes in event.values():
            if isinstance(attributes, dict) and "searchAttributes" in attributes:
                fields = attributes["searchAttributes"]["indexedFields"]
                attributes["searchAttributes"] = {
                    re.sub(r"Keyword\d\d", "Customer", name): one["data"]
                    for name, one in fields.items()
                }
    return events


def _compare_histories(folder: Path) -> None:
    """The batches of a workflow are the history that the server told of it."""
    told = json.loads((folder / "truth.json").read_bytes())["histories"]
    assert "order-1" in told
    stored = [_bare(events) for events in _histories(folder)]
    for name, history in told.items():
        assert _bare(history["events"]) in stored, name


def test_every_blob_says_what_the_servers_own_types_say(kept: Path) -> None:
    _compare(kept)


def test_histories_are_those_that_the_server_told(kept: Path) -> None:
    _compare_histories(kept)


def test_a_file_made_now_says_the_same(made: Path) -> None:
    _compare(made)
    _compare_histories(made)


def test_the_map_speaks_of_every_column_that_has_an_encoding(kept: Path) -> None:
    """Of those that the server's public messages name; a CHASM node's own state is any message."""
    named = {(one.table, one.column) for one in read_map(_MAP).columns}
    tables = call("tables", "--json", "--db", kept / "temporal.db").json
    unnamed = []
    for table in (one["name"] for one in tables if one["rows"] and "_fts_" not in one["name"]):
        for row in _rows(kept, table):
            for column, value in row["values"].items():
                if isinstance(value, dict) and "blob" in value and value["blob"] > 16:
                    unnamed.append((table, column))
    assert not named & set(unnamed)
    assert set(unnamed) - {("chasm_node_maps", "data")} <= _NO_MESSAGES


#: Keys.
_NO_MESSAGES = {
    ("chasm_node_maps", "chasm_path"),
    ("tasks", "task_queue_id"),
    ("task_queues", "task_queue_id"),
    ("task_queues_v2", "task_queue_id"),
}


def test_the_history_of_an_execution_is_its_batches_of_events(kept: Path) -> None:
    with closing(Session.open(kept / "temporal.db")) as session:
        schema = str(kept / "temporal.binpb")
        reading = foreign_reading(session, str(_MAP), schema, reveal=True)
        records = records_of(read_map(_MAP), "executions")
        assert records is not None
        found = {}
        for page in reading.pages("executions"):
            for index, key in enumerate(page.keys):
                row = reading.row_of(page, index, "executions")
                name = next(cell.value for cell in row.cells if cell.column == records.name)
                states = row_states(reading, records, RowAddress(None, 0, key))
                found[name] = [int(one.order) for one in states]
    assert found["order-1"][0] == 1
    assert len(found["order-1"]) > 5
    assert found["order-1"] == sorted(set(found["order-1"]))
    assert set(found) >= {"order-1", "order-2", "pack-order-1", "waits", "ended", "no-worker"}
    assert all(batches[0] == 1 for batches in found.values() if batches)


def test_payloads_stay_covered_until_they_are_asked_for(kept: Path) -> None:
    events = [
        event for row in _rows(kept, "history_node") for event in row["values"]["data"]["events"]
    ]
    begun = [one for one in events if "workflowExecutionStartedEventAttributes" in one]
    payloads = [
        payload["data"]
        for one in begun
        for payload in one["workflowExecutionStartedEventAttributes"]
        .get("input", {})
        .get("payloads", ())
        if "data" in payload
    ]
    assert payloads
    assert set(payloads) == {"[covered]"}


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("history_node.data", "temporal.api.history.v1.History"),
        ("executions.data", "temporal.server.api.persistence.v1.WorkflowExecutionInfo"),
        ("executions.state", "temporal.server.api.persistence.v1.WorkflowExecutionState"),
        ("history_tree.data", "temporal.server.api.persistence.v1.HistoryTreeInfo"),
        ("task_queues.data", "temporal.server.api.persistence.v1.TaskQueueInfo"),
    ],
)
def test_fit_proposes_what_the_server_writes(kept: Path, column: str, message: str) -> None:
    answer = call(
        *("fit", column, "--json", "--reveal-secrets", "--db", kept / "temporal.db"),
        *("--schema", kept / "temporal.binpb"),
    )
    assert message in [one["message"] for one in answer.json][:3]
