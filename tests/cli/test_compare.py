"""``compare``: what differs between two files, and what it ends with."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from inspector.store import records
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Rec
from tests.builders.writer import Writer
from tests.cli.calls import call, compact, failed
from tests.cli.test_process import PROGRAM, QUIET, posix


def environment(value: str) -> bytes:
    entry = wire.text(1, "TOKEN") + wire.text(2, wire.text(1, value) + wire.integer(2, 1))
    return wire.text(3, wire.text(1, "e")) + wire.text(4, wire.text(2, entry))


def agent(name: str) -> bytes:
    return wire.text(3, wire.text(1, name))


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    old = [
        *(Rec("agent", one, agent("a")) for one in "123"),
        Rec("environment", "e", environment("hunter-two")),
    ]
    new = [
        Rec("agent", "2", agent("b")),
        Rec("agent", "3", agent("a")),
        Rec("agent", "4\n", agent("a")),
        Rec("environment", "e", environment("hunter-three")),
    ]
    return layouts.v2(tmp_path / "a.db", old), layouts.v2(tmp_path / "b.db", new)


def test_ndjson(two: tuple[Path, Path]) -> None:
    answer = call("compare", *two, "--json")
    assert answer.code == 1
    assert answer.out == compact(
        [
            {"kind": "agent", "id": "1", "change": "removed", "fields": None},
            {"kind": "agent", "id": "2", "change": "changed", "fields": ["metadata.name"]},
            {"kind": "agent", "id": "4\n", "change": "added", "fields": None},
            {
                "kind": "environment",
                "id": "e",
                "change": "changed",
                "fields": ['spec.data["TOKEN"].value'],
            },
        ]
    )
    assert answer.notes == [
        "note: 5 records compared: 1 added, 1 removed, 2 changed; versions and events are not."
    ]
    one = call("compare", *two, "--json", "--kind", "Environment")
    assert (one.code, len(one.lines)) == (1, 1)


def test_lines_for_people(two: tuple[Path, Path]) -> None:
    answer = call("compare", *two)
    lines = answer.out.decode().splitlines()
    assert lines[:4] == [
        "- removed agent/1",
        "~ changed agent/2",
        "    ~ changed metadata.name",
        '          - "a"',
    ]
    assert "+ added   agent/4\\x0a" in lines
    assert b"hunter" not in answer.out
    assert answer.notes[0].startswith("note: 1 secret is covered")
    revealed = call("compare", *two, "--reveal-secrets").out
    assert b"hunter-two" in revealed
    assert b"hunter-three" in revealed


def test_the_same_is_0(two: tuple[Path, Path], tmp_path: Path) -> None:
    for arguments in (("--json",), ()):
        answer = call("compare", two[0], two[0], *arguments)
        assert (answer.code, answer.out) == (0, b"")
    assert call("snapshot", "--demo", "-o", tmp_path / "s.db").code == 0
    assert call("compare", tmp_path / "s.db", "--demo").code == 0
    assert call("compare", two[0], "--db", two[1]).code == 1


def test_calls_that_are_wrong(two: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = two
    none = tmp_path / "none.db"
    foreign = layouts.create(tmp_path / "f.db", "CREATE TABLE t (a)")
    for arguments in ((none, new), (old, none), (none, none)):
        assert failed(call("compare", *arguments), 3).startswith(f"{none}: ")
    for arguments in ((foreign, new), (old, foreign)):
        assert str(foreign) in failed(call("compare", *arguments), 3)
    text = tmp_path / "text"
    text.write_text("hi")
    for arguments in ((text, new), (old, text)):
        assert failed(call("compare", *arguments), 3).startswith(f"{text}: ")
    assert failed(call("compare", f"{old}@wal:1", new), 4).startswith(f"{old}: There is no ")
    assert failed(call("compare", old, f"{new}@wal:2"), 4).startswith(f"{new}: There is no ")
    failed(call("compare", old, new, "--db", new), 2)
    failed(call("compare", old, new, "--demo"), 2)
    failed(call("compare"), 2)
    failed(call("compare", old, new, "--kind", "plumbing"), 4)


def test_a_name_that_is_part_of_the_sentence_names_the_file_all_the_same(
    two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(two[0].parent)
    Path("dir").mkdir()
    assert failed(call("compare", "dir", "a.db"), 3).startswith("dir: This is a directory")
    assert failed(call("compare", "a.db", "dir"), 3).startswith("dir: This is a directory")


@posix
def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    old = layouts.v2(tmp_path / "a.db")
    new = layouts.v2(tmp_path / "b.db", [Rec("agent", f"{n:06}", agent("a")) for n in range(3000)])
    process = subprocess.Popen(
        [*PROGRAM, "compare", str(old), str(new), "--json"],
        env={**os.environ, **QUIET},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline().startswith(b'{"kind":"agent","id":"000000"')
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 0


def test_what_cannot_be_read_is_said(
    two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = two
    monkeypatch.setattr(records, "HUGE", 1000)
    with closing(sqlite3.connect(new)) as connection, connection:
        connection.execute("UPDATE resources SET data = zeroblob(1001) WHERE id = '3'")
    answer = call("compare", old, new, "--kind", "agent", "--json")
    assert answer.code == 1
    assert [one["id"] for one in answer.lines] == ["1", "2", "4\n"]
    assert answer.notes[0].startswith(f"note: agent/3 of {new} is not compared: ")


def test_commits_of_a_log_are_compared(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "1", agent("a"))])
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=0")
        for name in ("b", "c"):
            writer.sql(f"UPDATE resources SET data = x'{agent(name).hex()}'")
        writer.sql("INSERT INTO resources SELECT kind, '2', data, updated_at FROM resources")
        writer.kill()
    changed = {"kind": "agent", "id": "1", "change": "changed", "fields": ["metadata.name"]}
    added = {"kind": "agent", "id": "2", "change": "added", "fields": None}
    for arguments, wanted in (
        ((f"{path}@wal:1", path), [changed, added]),
        ((f"{path}@wal:2", f"{path}@wal:3"), [added]),
        ((f"{path}@wal:0", "--db", path, "--commit", "2"), [changed]),
        ((f"{path}@wal:3", path), []),
    ):
        answer = call("compare", *arguments, "--json")
        assert (answer.lines, answer.code) == (wanted, int(bool(wanted)))
    out = tmp_path / "as-of-1.db"
    assert call("snapshot", "--db", path, "--commit", "1", "-o", out).code == 0
    assert call("compare", out, f"{path}@wal:1").code == 0
    assert call("compare", out, path, "--json").lines == [changed, added]
    for one in (f"{path}@wal:9", f"{path}@wal:99999"):
        failed(call("compare", one, path), 4)
        failed(call("compare", path, one), 4)


def test_a_file_that_is_called_like_a_commit_is_itself(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db@wal:1", [Rec("agent", "1", agent("a"))])
    assert call("compare", path, path).code == 0
    assert failed(call("compare", tmp_path / "t.db@wal:1", path), 3).startswith(f"{tmp_path}/t.db:")
