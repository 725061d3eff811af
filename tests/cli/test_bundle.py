"""``bundle``: which records, where to, and what it ends with."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.cli.calls import call, failed
from tests.cli.test_compare import agent, environment


def records_of(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT kind, id FROM bundle_records ORDER BY 1, 2").fetchall()


def test_by_slug_or_id_to_a_file_or_a_pipe(tmp_path: Path) -> None:
    out = tmp_path / "b.sqlite"
    answer = call("bundle", "Workflow-Execution/passage-1003", "--demo", "-o", out)
    assert (answer.code, answer.out) == (0, b"")
    assert answer.notes[-1].startswith("note: 3 records, 2 versions, 8 events written to ")
    assert answer.notes[-1].endswith("; all secrets are replaced.")
    assert len(records_of(out)) == 3
    piped = call("bundle", "workflow_execution/passage-1003", "--demo", "-o", "-")
    assert piped.out == out.read_bytes()
    alone = tmp_path / "alone.sqlite"
    names = ("agt-01kfd7ct3j1n6vvf6bfvss4ndz", "agent/agt-01kfd7ct3j1n6vvf6bfvss4ndz")
    assert call("bundle", *names, "--steps", "0", "--demo", "-o", alone).code == 0
    assert records_of(alone) == [("agent", "agt-01kfd7ct3j1n6vvf6bfvss4ndz")]
    assert call("check", "--db", out).code == 0
    assert call("show", "workflow_execution", "passage-1003", "--db", out).code == 0


def test_a_bundle_of_a_bundle_is_the_same(tmp_path: Path) -> None:
    """What stands in place of a secret is one to the program, and is replaced by itself."""
    one, two = tmp_path / "1.sqlite", tmp_path / "2.sqlite"
    path = layouts.v2(tmp_path / "s.db", [Rec("environment", "e", environment("hunter-two"))])
    assert call("bundle", "environment/e", "--db", path, "-o", one).code == 0
    assert call("bundle", "environment/e", "--db", one, "-o", two).code == 0
    assert call("compare", one, two).code == 0
    assert call("compare", path, one, "--json").lines == [
        {
            "kind": "environment",
            "id": "e",
            "change": "changed",
            "fields": ['spec.data["TOKEN"].value'],
        }
    ]


def test_calls_that_are_wrong(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a", agent("n"))])
    out = tmp_path / "b.sqlite"
    failed(call("bundle", "agent/a", "--db", path), 2)
    failed(call("bundle", "--db", path, "-o", out), 2)
    failed(call("bundle", "agent/a", "--db", path, "-o", path), 2)
    failed(call("bundle", "agent/a", "--db", path, "-o", f"{path}-wal"), 2)
    assert "never holds secrets" in failed(
        call("bundle", "agent/a", "--reveal-secrets", "--db", path, "-o", out), 2
    )
    failed(call("bundle", "agent/b", "--db", path, "-o", out), 4)
    failed(call("bundle", "plumbing/a", "--db", path, "-o", out), 4)
    failed(call("bundle", "agent/a", "--db", tmp_path / "none", "-o", out), 3)
    assert [one.name for one in tmp_path.iterdir()] == ["s.db"]


def test_what_cannot_be_read_is_left_out_and_said(tmp_path: Path) -> None:
    broken = Rec("agent", "b", b"\x0a\x05x")
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a", agent("n")), broken])
    out = tmp_path / "b.sqlite"
    assert call("bundle", "agent/a", "agent/b", "--db", path, "-o", out).code == 0
    shown = call("check", "--json", "--db", out)
    assert shown.code == 1
    assert [one["code"] for one in shown.json["problems"]] == ["undecodable"]
