"""What the write-ahead log still holds, on the command line."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders.layouts import Arc, Rec
from tests.builders.wal import copy_store
from tests.cli.calls import call, document, failed
from tests.cli.made import blobs, v2

SAVE = "INSERT OR REPLACE INTO resources VALUES (?, ?, ?, ?)"
KEYS = ["auditId", "legacyKey", "archivedAt", "versionHash", "tag", "size", "live"]
LOGGED = [*KEYS, "commit", "updatedAt"]


def at(minute: int) -> str:
    return f"2026-01-25 20:{minute:02}:00"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store whose daemon was killed with five commits in the log.

    1 saves the agent a anew, 2 makes the agent b, 3 and 5 save the skill s, 4 deletes a.
    """
    first, second = blobs("agent")[:2]
    skills = blobs("skill", "resource_audit")[:3]
    (tmp_path / "daemon").mkdir()
    store = v2(
        tmp_path / "daemon",
        Rec("agent", "a", first, at(0)),
        Rec("skill", "s", skills[0], at(0)),
        Arc("skill", "s", skills[2]),
    )
    with closing(sqlite3.connect(store, isolation_level=None)) as daemon:
        daemon.execute("PRAGMA wal_autocheckpoint=0")
        daemon.execute(SAVE, ("agent", "a", second, at(1)))
        daemon.execute(SAVE, ("agent", "b", first, at(2)))
        daemon.execute(SAVE, ("skill", "s", skills[1], at(3)))
        daemon.execute("DELETE FROM resources WHERE id = 'a'")
        daemon.execute(SAVE, ("skill", "s", skills[2], at(5)))
        return copy_store(store, tmp_path / "stigmer.db")


def test_each_commit_and_what_it_touched(path: Path) -> None:
    answer = call("commits", "--json", "--db", path)
    assert answer.code == 0 and not answer.notes
    assert answer.out == document(answer.json)
    assert [list(one) for one in answer.json] == [["number", "pages", "records"]] * 5
    touched = [(one["number"], one["records"]) for one in answer.json]
    expected = (
        ("agent", "a", "updated"),
        ("agent", "b", "created"),
        ("skill", "s", "updated"),
        ("agent", "a", "deleted"),
        ("skill", "s", "updated"),
    )
    assert touched == [
        (number, [dict(zip(("kind", "id", "event"), one, strict=True))])
        for number, one in enumerate(expected, 1)
    ]
    assert all(one["pages"] >= 2 for one in answer.json)
    lines = call("commits", "--db", path).out.decode().splitlines()
    said = ["updated agent/a", "created agent/b", "updated skill/s", "deleted agent/a"]
    assert [" ".join(line.split()[2:]) for line in lines[1:5]] == said


def test_the_whole_store_as_of_a_commit(path: Path) -> None:
    def ids(*arguments: str) -> list[str]:
        answer = call("list", "agent", "--json", *arguments, "--db", path)
        return [one["id"] for one in answer.json]

    assert [ids("--commit", str(n)) for n in range(6)] == [
        ["a"], ["a"], ["a", "b"], ["a", "b"], ["b"], ["b"],
    ]  # fmt: skip
    assert ids() == ["b"]
    answer = call("kinds", "--json", "--commit", "3", "--db", path)
    assert answer.notes == ["note: This is the store as of commit 3 of 5."]
    assert [one["count"] for one in answer.json] == [2, 1]
    exported = call("export", "agent", "a", "--commit", "1", "--db", path)
    assert exported.out == call("show", "a", "--version", "wal:1", "--db", path).out


@pytest.mark.parametrize("number", [6, 999_999_999_999_999_999])
def test_there_is_no_such_commit(number: int, path: Path) -> None:
    for call_ in (
        ("kinds", "--commit", str(number)),
        ("show", "skill", "s", "--version", f"wal:{number}"),
        ("export", "skill", "s", "--version", f"wal:{number}"),
    ):
        assert "holds 5 commits" in failed(call(*call_, "--db", path), 4)


def test_a_number_of_a_commit_is_said_as_it_was_given(path: Path) -> None:
    number = "123456789012345678901234"
    said = failed(call("kinds", "--commit", number, "--db", path), 4)
    assert f"there is no commit {number}." in said
    failed(call("kinds", "--commit", "1" * 50, "--db", path), 2)
    assert call("kinds", "--commit", "0" * 50 + "3", "--db", path).code == 0


def test_without_a_log(path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink()
    answer = call("commits", "--json", "--db", path)
    assert (answer.code, answer.out) == (0, b"[]\n")
    assert answer.notes == ["note: There is no write-ahead log with commits beside this file."]
    failed(call("kinds", "--commit", "1", "--db", path), 4)
    failed(call("show", "skill", "s", "--version", "wal:1", "--db", path), 4)
    answer = call("history", "skill", "s", "--wal", "--json", "--db", path)
    assert (answer.code, answer.json) == (0, [])


@pytest.mark.parametrize("content", [b"words" * 1000, b"SQLite format 3\0" + bytes(84)])
def test_of_what_is_no_database_it_is_not_said_that_it_lacks_a_log(
    content: bytes, tmp_path: Path
) -> None:
    (tmp_path / "s.db").write_bytes(content)
    failed(call("commits", "--db", tmp_path / "s.db"), 3)


def test_the_history_in_the_log(path: Path) -> None:
    answer = call("history", "skill", "s", "--wal", "--json", "--db", path)
    assert answer.out == document(answer.json)
    assert [list(one) for one in answer.json] == [LOGGED] * 3
    assert [(one["commit"], one["updatedAt"], one["live"]) for one in answer.json] == [
        (5, "2026-01-25T20:05:00Z", True),
        (3, "2026-01-25T20:03:00Z", False),
        (0, "2026-01-25T20:00:00Z", False),
    ]
    assert {one[key] for one in answer.json for key in KEYS[:3]} == {None}
    archived = call("history", "skill", "s", "--json", "--db", path).json
    assert [list(one) for one in archived] == [KEYS]
    # Hash and tag are the blob's own, as those of an archived one.
    assert answer.json[0]["versionHash"] == archived[0]["versionHash"]
    summary = call("history", "skill", "s", "--wal", "--summary", "--json", "--db", path).json
    assert [bool(one["changes"]) for one in summary] == [True, True, False]


def test_a_version_out_of_the_log(path: Path) -> None:
    answer = call("show", "skill", "s", "--version", "wal:3", "--envelope", "--db", path)
    assert answer.json["version"]["commit"] == 3
    assert answer.json["version"]["archivedAt"] is None
    assert answer.json["updatedAt"] == "2026-01-25T20:03:00Z"
    assert answer.notes[0] == "note: wal:3 is from the write-ahead log, commit 3 of 5"
    # It is so until the next commit that touched it.
    same = [call("show", "skill", "s", "--version", f"wal:{n}", "--db", path).out for n in (3, 4)]
    assert same[0] == same[1] == call("show", "skill", "s", "--commit", "4", "--db", path).out
    differs = call("diff", "skill", "s", "--from", "wal:3", "--to", "wal:5", "--json", "--db", path)
    assert differs.code == 1 and differs.json
    same_ = call("diff", "skill", "s", "--from", "wal:5", "--to", "live", "--json", "--db", path)
    assert (same_.code, same_.json) == (0, [])
    exported = call("export", "skill", "s", "--version", "wal:3", "--db", path)
    assert exported.out == same[0]


def test_a_record_that_only_the_log_knows(path: Path) -> None:
    assert "deleted in commit 4" in call("history", "agent", "a", "--wal", "--db", path).err
    for names in (("agent", "a"), ("a",)):
        found = call("history", *names, "--wal", "--json", "--db", path).json
        assert [one["commit"] for one in found] == [1, 0]
        assert call("show", *names, "--version", "wal:1", "--db", path).code == 0
    failed(call("show", "a", "--version", "wal:4", "--db", path), 4)
    failed(call("show", "a", "--db", path), 4)
    failed(call("history", "none", "--wal", "--db", path), 4)


def test_what_was_checkpointed_is_refused_and_told(tmp_path: Path) -> None:
    (tmp_path / "daemon").mkdir()
    store = v2(tmp_path / "daemon", *(Rec("agent", f"a{n:03}", b"\x0a" * 400) for n in range(200)))
    with closing(sqlite3.connect(store, isolation_level=None)) as daemon:
        daemon.execute("PRAGMA wal_autocheckpoint=0")
        for number in (0, 60, 120, 180):
            daemon.execute(SAVE, ("agent", f"a{number:03}", b"\x0a", at(9)))
        daemon.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        path = copy_store(store, tmp_path / "stigmer.db")
    answer = call("commits", "--json", "--db", path)
    assert answer.code == 0
    assert [one["records"] is None for one in answer.json] == [True, True, True, True]
    assert answer.notes == [
        "note: 3 commits can no longer be read: later changes were checkpointed into the"
        " database file."
    ]
    for words in (("list", "agent", "--commit", "2"), ("show", "a000", "--version", "wal:2")):
        assert failed(call(*words, "--db", path), 4).startswith(
            "Commit 2 of the write-ahead log can no longer be read: later changes were"
            " checkpointed into the database file."
        )
    assert call("list", "agent", "--commit", "4", "--json", "--db", path).json
    answer = call("history", "agent", "a120", "--wal", "--json", "--db", path)
    assert [one["commit"] for one in answer.json] == [4]
    refused = "note: 3 of 4 commits can no longer be read; states may be missing"
    assert answer.notes == [refused]
    answer = call("export", "--history", "--wal", "--db", path)
    # What can be read is as it is now, and what commits touched is not known: nothing is added.
    assert [one["version"] for one in answer.lines] == [None] * 200
    assert refused in answer.notes


def test_one_commit_is_not_looked_for_in_another(path: Path) -> None:
    for words in (("commits",), ("history", "s", "--wal"), ("show", "s", "--version", "wal:1")):
        failed(call(*words, "--commit", "2", "--db", path), 2)
    failed(call("kinds", "--commit", "first", "--db", path), 2)


def test_export_with_the_states_of_the_log(path: Path) -> None:
    """After the versions of each record, as history --wal lists them; also of what is gone."""
    told = [
        (one["id"], (one["version"] or {}).get("commit"), one["updatedAt"][14:16])
        for one in call("export", "--history", "--wal", "--db", path).lines
        if one["version"] is None or "commit" in one["version"]
    ]
    assert told == [
        ("a", 1, "01"), ("a", 0, "00"), ("b", None, "02"), ("b", 2, "02"),
        ("s", None, "05"), ("s", 5, "05"), ("s", 3, "03"), ("s", 0, "00"),
    ]  # fmt: skip
    answer = call("export", "skill", "s", "--history", "--wal", "--db", path)
    listed = call("history", "skill", "s", "--wal", "--json", "--db", path).json
    versions = [one["version"] for one in answer.lines]
    assert [one.get("commit") for one in versions[2:]] == [one["commit"] for one in listed]
    assert versions[0] is None and versions[1]["auditId"] == 1
    for one in answer.lines[2:]:
        number = one["version"]["commit"]
        shown = call("show", "s", "--version", f"wal:{number}", "--envelope", "--db", path)
        assert one == shown.json
    assert answer.notes[-1] == (
        "note: 1 record (1 of skill) and 1 version and 3 states of the write-ahead log written."
    )
    gone = call("export", "agent", "a", "--history", "--wal", "--db", path)
    assert [one["version"]["commit"] for one in gone.lines] == [1, 0]


def test_a_record_that_no_commit_touched_has_no_state_in_it(tmp_path: Path) -> None:
    (tmp_path / "daemon").mkdir()
    store = v2(tmp_path / "daemon", Rec("agent", "a", b"", at(0)), Rec("skill", "s", b"", at(0)))
    with closing(sqlite3.connect(store, isolation_level=None)) as daemon:
        daemon.execute("PRAGMA wal_autocheckpoint=0")
        daemon.execute("DELETE FROM resources WHERE id = 's'")
        path = copy_store(store, tmp_path / "stigmer.db")
    for names in ((), ("agent",), ("agent", "a")):
        answer = call("export", *names, "--history", "--wal", "--db", path)
        assert [one["version"] for one in answer.lines if one["id"] == "a"] == [None]
    # A kind whose only record is gone is found by its name, as one of the log.
    [only] = call("export", "Skill", "--history", "--wal", "--db", path).lines
    assert (only["id"], only["version"]["commit"]) == ("s", 0)
    failed(call("export", "Skill", "--history", "--db", path), 4)
    failed(call("export", "plumbing", "--history", "--wal", "--db", path), 4)


def test_export_of_a_log_that_is_not_there(path: Path) -> None:
    failed(call("export", "--wal", "--db", path), 2)
    failed(call("export", "--history", "--wal", "--commit", "2", "--db", path), 2)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink()
    answer = call("export", "--history", "--wal", "--db", path)
    assert answer.code == 0
    assert answer.out == call("export", "--history", "--db", path).out
    assert "note: There is no write-ahead log with commits beside this file." in answer.notes


def test_a_snapshot_of_each_commit_is_the_store_as_of_it(path: Path, tmp_path: Path) -> None:
    beside = {one: one.read_bytes() for one in tmp_path.glob("stigmer.db*") if one.is_file()}
    for number in range(6):
        out = tmp_path / f"{number}.sqlite"
        answer = call("snapshot", "--commit", str(number), "--db", path, "-o", out)
        assert answer.code == 0
        with closing(sqlite3.connect(out)) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert call("compare", f"{path}@wal:{number}", out).code == 0
        exported = call("export", "--history", "--db", out).out
        assert exported == call("export", "--history", "--commit", str(number), "--db", path).out
        piped = call("snapshot", "--commit", str(number), "--db", path)
        assert piped.out == out.read_bytes()
    ids = [
        [(one["change"], one["id"]) for one in call("compare", *pair, "--json").lines]
        for pair in ((tmp_path / f"{n}.sqlite", f"{path}@wal:{n + 1}") for n in range(5))
    ]
    assert ids == [
        [("changed", "a")], [("added", "b")], [("changed", "s")], [("removed", "a")],
        [("changed", "s")],
    ]  # fmt: skip
    back = call("compare", f"{path}@wal:4", f"{path}@wal:3", "--json").lines
    assert [(one["change"], one["id"]) for one in back] == [("added", "a")]
    failed(call("snapshot", "--commit", "6", "--db", path, "-o", tmp_path / "no"), 4)
    assert not (tmp_path / "no").exists()
    assert {one: one.read_bytes() for one in beside} == beside
