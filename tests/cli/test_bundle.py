"""``bundle``: which records, where to, and what it ends with."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from inspector.session.session import Session
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.builders.writer import Writer
from tests.cli.calls import call, failed
from tests.cli.test_compare import agent, environment
from tests.session.test_bundle import all_keys, leaks, secrets_of_demo, without_words


def records_of(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT kind, id FROM bundle_records ORDER BY 1, 2").fetchall()


def test_by_slug_or_id_to_a_file_or_a_pipe(tmp_path: Path) -> None:
    out = tmp_path / "b.sqlite"
    answer = call("bundle", "Workflow-Execution/passage-1003", "--demo", "-o", out)
    assert (answer.code, answer.out) == (0, b"")
    assert answer.notes[-1].startswith(
        "note: 3 records (2 that others refer to), 2 versions, 8 events written to "
    )
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


def test_all_is_shown_as_before(tmp_path: Path) -> None:
    """Every record and version: the schema, the message, unknown fields, what is wrong with it."""
    out = tmp_path / "all.sqlite"
    with closing(Session.demo()) as session:
        names = [f"{kind}/{id_}" for kind, id_ in all_keys(session)]
    assert call("bundle", *names, "--steps", "0", "--demo", "-o", out).code == 0
    old = without_words(call("export", "--history", "--demo").out.decode()).splitlines()
    new = call("export", "--history", "--db", out).out.decode().splitlines()
    assert len(old) > 200
    assert len(old) == len(new)
    # What was wrong within a secret is gone with it.
    [(before, after)] = [both for both in zip(old, new, strict=True) if both[0] != both[1]]
    with_problems = json.loads(before)
    wrong = [one["path"] for one in with_problems["problems"]]
    assert wrong == ["spec.description", 'spec.data["TOKEN"].value']
    del with_problems["problems"][1]
    assert json.loads(after) == with_problems
    revealed = call("export", "--history", "--reveal-secrets", "--db", out)
    assert "[covered]" not in revealed.out.decode()
    assert leaks(revealed.out, (one for one in secrets_of_demo() if len(one) >= 4)) == []


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


def test_as_of_a_commit(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a", agent("one"))])
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=0")
        writer.sql(f"UPDATE resources SET data = x'{agent('two').hex()}'")
        writer.sql("DELETE FROM resources")
        writer.kill()
    out = tmp_path / "b.sqlite"
    for number, name in enumerate(("one", "two")):
        out.unlink(missing_ok=True)
        arguments = ("bundle", "agent/a", "--commit", str(number), "--db", path, "-o", out)
        assert call(*arguments).code == 0
        shown = call("show", "agent", "a", "--db", out).json
        assert shown == {"metadata": {"name": name}}
        assert call("compare", f"{path}@wal:{number}", out).code == 0
    out.unlink()
    failed(call("bundle", "agent/a", "--db", path, "-o", out), 4)


def test_what_cannot_be_read_is_left_out_and_said(tmp_path: Path) -> None:
    broken = Rec("agent", "b", b"\x0a\x05x")
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a", agent("n")), broken])
    out = tmp_path / "b.sqlite"
    assert call("bundle", "agent/a", "agent/b", "--db", path, "-o", out).code == 0
    shown = call("check", "--json", "--db", out)
    assert shown.code == 1
    assert [one["code"] for one in shown.json["problems"]] == ["undecodable"]
