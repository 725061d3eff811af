"""Following with a clock of the test's own: what each look tells, whatever becomes of the file."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from inspector.errors import CancelledError
from inspector.session.file_states import file_states
from inspector.session.follower import Condition, Follower, Look
from inspector.session.recording import Recording
from inspector.session.seen_changes import Happened, SeenChange, StoreHappened, changed_fields
from inspector.session.session import Session
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.builders.writer import Writer

posix = pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be replaced there")
START = datetime(2026, 1, 25, tzinfo=UTC)


class Clock:
    """Goes on by a second with each question."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def path(tmp_path: Path) -> Path:
    records = [Rec("agent", f"agt-{n}") for n in range(5)]
    return layouts.v2(tmp_path / "s.db", records, [Arc("agent", "agt-0")])


@pytest.fixture
def follower(path: Path) -> Iterator[Follower]:
    session = Session.open(path)
    made = Follower(session, now=Clock())
    first = made.look()
    assert first.caught_up
    assert (first.changes, first.notices) == ((), ())
    yield made
    session.close()


def _told(look: Look) -> list[tuple[str, str]]:
    return [(str(one.happened), one.id) for one in look.changes]


def _events(look: Look) -> list[str]:
    for notice in look.notices:
        assert notice.sentence.endswith(".")
        assert "\n" not in notice.sentence
    return [str(one.happened) for one in look.notices]


def test_what_happened_to_records(path: Path, follower: Follower) -> None:
    with Writer(path) as writer:
        writer.sql(
            "INSERT INTO resources VALUES ('agent', 'new', x'0a0179', '')",
            "UPDATE resources SET data = x'0a0179' WHERE id = 'agt-1'",
            "UPDATE resources SET data = x'0a0178' WHERE id = 'agt-1'",
            "UPDATE resources SET data = x'0a017a' WHERE id = 'agt-1'",
            "DELETE FROM resources WHERE id = 'agt-2'",
            "INSERT INTO resource_audit (kind, resource_id, data) VALUES ('agent', 'agt-1', x'')",
            "INSERT INTO resources VALUES ('agent', 'passing', x'01', '')",
            "DELETE FROM resources WHERE id = 'passing'",
        )
        look = follower.look()
        assert _told(look) == [
            ("updated", "agt-1"),
            ("archived", "agt-1"),
            ("deleted", "agt-2"),
            ("created", "new"),
        ]
        updated, archived, deleted, created = look.changes
        assert updated.before and updated.after
        assert (updated.before.data, updated.after.data) == (b"\x0a\x01x", b"\x0a\x01z")
        assert archived.audit_id == 2
        assert deleted.before
        assert (deleted.before.data, deleted.after, created.before) == (b"\x0a\x01x", None, None)
        assert [one.number for one in look.changes] == [1, 2, 3, 4]
        assert {one.time for one in look.changes} == {look.time}
        assert list(follower.recording) == list(look.changes)
        assert follower.recording.of("agent", "agt-1") == (updated, archived)
        writer.stop()


def test_history_as_the_first_stores_kept_it(tmp_path: Path) -> None:
    path = layouts.v0(tmp_path / "v0.db", [Rec("skill", "skl-1")])
    follower = Follower(Session.open(path), now=Clock())
    follower.look()
    with Writer(path) as writer:
        writer.sql(
            "INSERT INTO resources VALUES ('skill', 'skill_audit/skl-1/1769373518', x'01', '')"
        )
        (change,) = follower.look().changes
        assert (change.happened, change.id, change.audit_id) == (Happened.ARCHIVED, "skl-1", None)
        writer.stop()


def test_the_daemons_state(path: Path, follower: Follower) -> None:
    def state(look: Look) -> tuple[Condition, list[str]]:
        return look.store.condition, _events(look)

    with Writer(path) as writer:
        writer.sql("UPDATE resources SET data = x'02'")
        look = follower.look()
        assert state(look) == (Condition.RUNNING, ["daemon-started"])
        assert look.store.pid == writer.pid
        assert str(writer.pid) in look.store.sentence
        assert state(follower.look()) == (Condition.RUNNING, [])
        writer.kill()
    look = follower.look()
    assert state(look) == (Condition.KILLED, ["daemon-stopped"])
    assert look.store.sentence.startswith("The daemon was killed")
    with Writer(path) as writer:
        writer.sql("UPDATE resources SET data = x'03'")
        assert state(follower.look()) == (Condition.RUNNING, ["daemon-started"])
        writer.kill()
        with Writer(path) as other:
            other.sql("UPDATE resources SET data = x'04'")
            look = follower.look()
            assert state(look) == (Condition.RUNNING, ["daemon-stopped", "daemon-started"])
            assert len(look.changes) == 5
            other.stop()
    assert state(follower.look()) == (Condition.STOPPED, ["daemon-stopped"])
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@posix
def test_a_file_that_goes_and_comes_again(path: Path, follower: Follower) -> None:
    kept = path.with_name("kept.db")
    path.rename(kept)
    look = follower.look()
    assert (look.store.condition, _events(look)) == (Condition.GONE, ["gone"])
    assert look.store.sentence.startswith("This file does not exist.")
    assert not look.caught_up
    assert _events(follower.look()) == []
    with closing(sqlite3.connect(kept, isolation_level=None)) as connection:
        connection.execute("DELETE FROM resources WHERE id = 'agt-3'")
    kept.rename(path)
    look = follower.look()
    assert _events(look) == ["back"]
    assert _told(look) == [("deleted", "agt-3")]


@posix
def test_another_file_in_its_place_is_followed(path: Path, follower: Follower) -> None:
    other = layouts.v2(path.with_name("other.db"), [Rec("agent", "agt-0"), Rec("run", "r")])
    other.replace(path)
    look = follower.look()
    assert _events(look) == ["replaced"]
    assert _told(look) == [*(("deleted", f"agt-{n}") for n in range(1, 5)), ("created", "r")]
    other = layouts.v2(path.with_name("other.db"), [Rec("agent", "agt-0")])
    path.unlink()
    assert _events(follower.look()) == ["gone"]
    other.rename(path)
    look = follower.look()
    assert _events(look) == ["back", "replaced"]
    assert _told(look) == [("deleted", "r")]


@posix
def test_a_file_of_another_layout_in_its_place_was_not_migrated(
    path: Path, follower: Follower
) -> None:
    layouts.v0(path.with_name("other.db"), [Rec("agent", "agt-0")]).replace(path)
    look = follower.look()
    assert _events(look) == ["replaced", "layout-changed"]
    assert look.notices[1].sentence == "The file was replaced by one of layout 0."


@posix
def test_what_is_no_store_does_not_take_the_place_of_one(path: Path, follower: Follower) -> None:
    kept = path.with_name("kept.db")
    path.rename(kept)
    path.write_text("no database " * 50)
    look = follower.look()
    assert (look.store.condition, _events(look)) == (Condition.UNREADABLE, ["gone"])
    assert follower.interval >= 0.25
    kept.replace(path)
    look = follower.look()
    assert (look.store.condition, _events(look)) == (Condition.STOPPED, ["back"])
    assert look.changes == ()


@posix
def test_another_file_may_have_the_number_of_one_that_is_gone(
    path: Path, follower: Follower
) -> None:
    """Systems give a number to the next file; its schema may even count as that of the first."""
    other = layouts.create(
        path.with_name("other.db"),
        *("CREATE TABLE resources (data BLOB, id TEXT, kind TEXT)", "CREATE TABLE a (b)"),
        "INSERT INTO resources VALUES (x'05', 'only', 'run')",
    )
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        (cookie,) = connection.execute("PRAGMA schema_version").fetchone()
    with closing(sqlite3.connect(other, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA schema_version={cookie}")
    content = other.read_bytes()
    path.rename(path.with_name("kept.db"))
    assert _events(follower.look()) == ["gone"]
    path.with_name("kept.db").write_bytes(content)
    path.with_name("kept.db").rename(path)
    look = follower.look()
    assert _told(look)[-1] == ("created", "only")
    assert len(look.changes) == 6


@pytest.mark.parametrize("content", [b"", b"no database, but long enough to be one" * 9])
def test_a_file_that_cannot_be_read_for_a_while(
    content: bytes, path: Path, follower: Follower
) -> None:
    """Written over in place, as by ``cp``; and what was known stays known."""
    sound = path.read_bytes()
    path.write_bytes(content)
    look = follower.look()
    assert (look.store.condition, _events(look)) == (Condition.UNREADABLE, ["gone"])
    path.write_bytes(sound)
    look = follower.look()
    assert (_events(look), _told(look)) == (["back"], [])


@pytest.mark.parametrize(
    ("part", "condition"),
    [(0.2, Condition.UNREADABLE), (0.5, Condition.UNREADABLE), (0.9, Condition.STOPPED)],
)
def test_a_file_that_is_cut_off_tells_of_no_deletions(
    part: float, condition: Condition, tmp_path: Path
) -> None:
    """Where all keys can still be read, it is only said of the rows that cannot."""
    records = [Rec("agent", f"agt-{n:03}", bytes(400)) for n in range(400)]
    path = layouts.v2(tmp_path / "s.db", records)
    follower = Follower(Session.open(path), now=Clock())
    follower.look()
    sound = path.read_bytes()
    path.write_bytes(sound[: int(len(sound) * part)])
    look = follower.look()
    assert (look.store.condition, look.changes) == (condition, ())
    path.write_bytes(sound)
    assert _told(follower.look()) == []


def test_a_store_that_is_restored_in_place(path: Path, follower: Follower) -> None:
    backup = path.with_name("backup.db")
    shutil.copy(path, backup)
    with Writer(path) as writer:
        writer.sql("DELETE FROM resources WHERE id > 'agt-1'")
        assert len(follower.look().changes) == 3
        writer.stop()
    path.write_bytes(backup.read_bytes())
    look = follower.look()
    assert _told(look) == [("created", f"agt-{n}") for n in range(2, 5)]


def test_a_migration(tmp_path: Path) -> None:
    path = layouts.v0(tmp_path / "v0.db", [Rec("skill", "s")])
    follower = Follower(Session.open(path), now=Clock())
    follower.look()
    with Writer(path) as writer:
        writer.sql(*layouts.AUDIT.split(";")[:1], layouts.SCHEMA_VERSION)
        writer.sql("INSERT INTO schema_version (version) VALUES (2)")
        look = follower.look()
        assert _events(look) == ["daemon-started", "layout-changed"]
        assert look.notices[1].sentence == "The store was migrated from layout 0 to 2."
        assert look.store.layout == 2
        writer.sql("INSERT INTO resource_audit (kind, resource_id, data) VALUES ('skill','s',x'')")
        assert _told(follower.look()) == [("archived", "s")]
        writer.stop()


def test_pausing_counts_what_is_missed(path: Path, follower: Follower) -> None:
    with Writer(path) as writer:
        follower.pause()
        for number in range(3):
            writer.sql(f"UPDATE resources SET data = x'{number:02x}' WHERE id = 'agt-0'")
            look = follower.look()
            assert (look.changes, look.missed) == ((), number + 1)
        held = follower.resume()
        assert [one.number for one in held] == [1, 2, 3]
        writer.sql("UPDATE resources SET data = x'09' WHERE id = 'agt-1'")
        look = follower.look()
        assert (_told(look), look.missed) == ([("updated", "agt-1")], 0)
        writer.stop()


def test_a_mark_tells_what_differs_since(path: Path, follower: Follower) -> None:
    with Writer(path) as writer:

        def do(*statements: str) -> None:
            for statement in statements:
                writer.sql(statement)
                follower.look()

        do("UPDATE resources SET data = x'01' WHERE id = 'agt-0'")
        mark = follower.mark()
        do(
            "UPDATE resources SET data = x'02' WHERE id = 'agt-0'",
            "UPDATE resources SET data = x'03' WHERE id = 'agt-0'",
            "UPDATE resources SET data = x'05' WHERE id = 'agt-1'",
            "UPDATE resources SET data = x'0a0178' WHERE id = 'agt-1'",
            "INSERT INTO resources VALUES ('agent', 'passing', x'01', '')",
            "DELETE FROM resources WHERE id = 'passing'",
            "INSERT INTO resources VALUES ('agent', 'new', x'01', '')",
            "UPDATE resources SET data = x'07' WHERE id = 'new'",
            "DELETE FROM resources WHERE id = 'agt-2'",
            "INSERT INTO resource_audit (kind, resource_id, data) VALUES ('agent', 'agt-0', x'')",
        )
        found = {one.id: one for one in mark.differences()}
        assert {id_: str(one.happened) for id_, one in found.items()} == {
            "agt-0": "updated",
            "agt-2": "deleted",
            "new": "created",
        }
        first = found["agt-0"]
        assert first.before and first.after
        assert (first.before.data, first.after.data) == (b"\x01", b"\x03")
        assert mark.archived == {("agent", "agt-0"): 1}
        assert mark.whole
        follower.unmark(mark)
        do("DELETE FROM resources WHERE id = 'agt-4'")
        assert len(mark.differences()) == 3
        writer.stop()


def test_a_recording_lets_the_oldest_go() -> None:
    recording = Recording(most=3)
    changes = [SeenChange(n, START, Happened.CREATED, "agent", str(n)) for n in range(1, 6)]
    for change in changes:
        recording.add(change)
    assert (list(recording), recording.let_go) == (changes[2:], 2)
    assert recording.since(4) == (changes[4],)
    small = Recording(most_bytes=changes[0].size * 2)
    for change in changes:
        small.add(change)
    assert (list(small), small.let_go) == (changes[3:], 3)


def test_fields_that_an_update_changed(path: Path, follower: Follower) -> None:
    session = follower._session
    with Writer(path) as writer:
        writer.sql(
            "UPDATE resources SET data = x'0a0179' WHERE id = 'agt-1'",
            "UPDATE resources SET updated_at = 'later' WHERE id = 'agt-2'",
            "UPDATE resources SET data = x'ff' WHERE id = 'agt-3'",
            "DELETE FROM resources WHERE id = 'agt-4'",
        )
        fields = {one.id: changed_fields(session, one) for one in follower.look().changes}
        assert fields == {
            "agt-1": ["api_version"],
            "agt-2": [],
            "agt-3": None,
            "agt-4": None,
        }
        writer.stop()


def test_looking_takes_a_tenth_of_the_time(path: Path) -> None:
    times = iter((0.0, 0.001, 1.0, 3.0))
    follower = Follower(Session.open(path), now=Clock(), clock=lambda: next(times))
    follower.look()
    assert follower.interval == 0.25
    follower.look()
    assert follower.interval == 18.0


def test_going_through_all_rows_is_done_bit_by_bit(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", f"{n:05}") for n in range(20_000)])
    follower = Follower(Session.open(path), now=Clock(), clock=lambda: 0.0, patience=0)
    known: list[int] = []
    while not (look := follower.look()).caught_up:
        known.append(look.known)
        assert follower.interval == 0.05
    assert len(set(known)) > 2
    assert [*known, look.known] == sorted([*known, 20_000])
    assert follower.interval == 0.25
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM resources WHERE id IN ('00100', '19900')")
    told: list[tuple[str, str]] = []
    while True:
        look = follower.look()
        told += _told(look)
        if look.caught_up:
            break
    assert told == [("deleted", "00100"), ("deleted", "19900")]


@posix
def test_a_daemon_that_stops_leaves_nothing_behind_whenever_it_is_looked_at(
    path: Path, follower: Follower
) -> None:
    for number in range(5):
        with Writer(path) as writer:
            writer.sql(f"UPDATE resources SET data = x'{number:02x}'")
            follower.look()
            writer.stop()
        assert os.listdir(path.parent) == [path.name]  # noqa: PTH208
    assert StoreHappened.DAEMON_STOPPED in {one.happened for one in follower.look().notices}


@posix
def test_without_news_no_look_is_needed(path: Path) -> None:
    clock = [100.0]
    long_ago = time.time() - 60
    with closing(Session.open(path)) as session, Writer(path) as writer:
        follower = Follower(session, clock=lambda: clock[0])
        assert follower.may_have_news()
        files = [path, Path(f"{path}-wal")]
        writer.sql("UPDATE resources SET data = x'07' WHERE id = 'agt-1'")
        follower.look()
        # What was written just now may hide what is written in the same moment.
        assert follower.may_have_news()
        for one in files:
            os.utime(one, (long_ago, long_ago))
        follower.look()
        assert not follower.may_have_news()
        writer.sql("UPDATE resources SET data = x'08' WHERE id = 'agt-1'")
        assert follower.may_have_news()
        assert _told(follower.look()) == [("updated", "agt-1")]
        for one in files:
            os.utime(one, (long_ago, long_ago))
        follower.look()
        assert not follower.may_have_news()
        clock[0] += 30
        assert follower.may_have_news()
        follower.look()
        assert not follower.may_have_news()
        writer.kill()
        assert follower.may_have_news()
        assert follower.look().store.condition is Condition.KILLED
        # Who opens a store that was left behind may not be seen in its files.
        assert not follower.may_have_news()
        clock[0] += 5
        assert follower.may_have_news()
        follower.look()
        path.rename(path.with_name("away.db"))
        assert follower.may_have_news()
        path.with_name("away.db").rename(path)


def test_a_look_that_was_cancelled_is_done_again(path: Path) -> None:
    cancel = Event()
    with closing(Session.open(path)) as session:
        follower = Follower(session)
        cancel.set()
        with pytest.raises(CancelledError):
            follower.look(cancel)
        assert follower.may_have_news()


def test_what_was_read_before_the_first_look_may_be_stale(path: Path) -> None:
    """Between opening a store and following it a daemon may have written."""
    with closing(Session.open(path)) as session, Writer(path) as writer:
        writer.sql("UPDATE resources SET data = x'0a0178' WHERE id = 'agt-1'")
        before = file_states(session.store.real_path)
        assert not Follower(session, since=before).look().stale
        assert not Follower(session).look().stale
        writer.sql("UPDATE resources SET data = x'0a0179' WHERE id = 'agt-1'")
        follower = Follower(session, since=before)
        assert follower.look().stale
        assert not follower.look().stale
        writer.stop()


@posix
def test_without_a_log_a_lock_says_nothing_of_a_daemon(tmp_path: Path) -> None:
    """Who is connected is seen only while it reads or writes: it neither starts nor stops then."""
    path = layouts.create(
        tmp_path / "s.db",
        layouts.RESOURCES_ROWID,
        records=[Rec("agent", "agt-1")],
        journal_mode="DELETE",
    )
    with closing(Session.open(path)) as session, Writer(path, "DELETE") as writer:
        following = Follower(session)
        said = [following.look()]
        writer.sql("BEGIN IMMEDIATE")
        said.append(following.look())
        writer.sql("UPDATE resources SET data = x'02'")
        said.append(following.look())
        writer.sql("COMMIT")
        said.append(following.look())
        writer.stop()
        said.append(following.look())
        assert [one for look in said for one in _events(look)] == []
        assert "is reading or writing the store" in said[1].store.sentence
        assert said[1].store.pid == writer.pid
        assert said[3].store.sentence == "No process is reading or writing the store."


@posix
def test_a_daemon_that_gives_up_its_log_has_not_stopped(path: Path, follower: Follower) -> None:
    with Writer(path) as writer:
        writer.sql("UPDATE resources SET data = x'02'")
        assert _events(follower.look()) == ["daemon-started"]
        writer.sql("PRAGMA journal_mode=DELETE", "UPDATE resources SET data = x'03'")
        assert _events(follower.look()) == []
        writer.stop()
