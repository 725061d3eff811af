"""What a look tells is what was committed since the one before: no more, no less."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from inspector.store import following as following_module
from inspector.store import row_ranges
from inspector.store.following import Following
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.builders.writer import Writer

FULL = os.environ.get("STIGMER_INSPECTOR_FUZZ") == "full"
ROUNDS = 1_000 if FULL else 60
SCHEMAS = {
    "without row numbers": (layouts.RESOURCES, 4096),
    "small pages": (layouts.RESOURCES, 512),
    "row numbers": (layouts.RESOURCES_ROWID, 1024),
    "no index": (layouts.RESOURCES_BARE, 4096),
}
live_only = pytest.mark.skipif(
    not sys.platform.startswith(("linux", "darwin")), reason="the log is looked into there"
)


class Model:
    """What the writer has committed, and what the looks have told of it."""

    def __init__(self, writer: Writer, following: Following) -> None:
        self.writer = writer
        self.following = following
        self.truth: dict[tuple[str, str], bytes] = {}
        self.told: dict[tuple[str, str], bytes] = {}

    def put(self, kind: str, id_: str, data: bytes) -> None:
        self.writer.sql(
            f"DELETE FROM resources WHERE kind = '{kind}' AND id = '{id_}'",
            f"INSERT INTO resources VALUES ('{kind}', '{id_}', x'{data.hex()}', 'now')",
        )
        self.truth[kind, id_] = data

    def update(self, kind: str, id_: str, data: bytes) -> None:
        """In place: of the same length, it may be written in the pages behind the first alone."""
        self.writer.sql(
            f"UPDATE resources SET data = x'{data.hex()}' WHERE kind = '{kind}' AND id = '{id_}'"
        )
        self.truth[kind, id_] = data

    def drop(self, kind: str, low: str, high: str) -> None:
        self.writer.sql(
            f"DELETE FROM resources WHERE kind = '{kind}' AND id BETWEEN '{low}' AND '{high}'"
        )
        for key in [one for one in self.truth if one[0] == kind and low <= one[1] <= high]:
            del self.truth[key]

    def look(self) -> None:
        seen = self.following.look()
        assert seen.caught_up
        for change in seen.rows:
            key = change.kind.decode(), change.id.decode()
            if change.known:
                assert change.before is not None
                assert change.before.data == self.told.pop(key)
            else:
                assert key not in self.told
            if change.after is not None:
                self.told[key] = change.after.data
        assert self.told == self.truth


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("schema", SCHEMAS)
def test_looks_tell_all_that_was_committed(schema: str, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    script, page_size = SCHEMAS[schema]
    path = layouts.create(tmp_path / "s.db", script, page_size=page_size)
    following = Store(path).following()
    following.look()
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=40")
        model = Model(writer, following)
        for _ in range(ROUNDS):
            for _ in range(chance.choice((0, 1, 2, 9))):
                _step(model, chance)
            model.look()
        writer.stop()
    model.look()


def _step(model: Model, chance: random.Random) -> None:
    kind = chance.choice(("agent", "run", "skill"))
    match chance.randrange(20):
        case 0:
            low, high = sorted(f"{chance.randrange(300):03}" for _ in range(2))
            model.drop(kind, low, high)
        case 1:
            model.writer.sql(f"PRAGMA wal_checkpoint({chance.choice(('PASSIVE', 'TRUNCATE'))})")
        case 2:
            model.writer.sql("VACUUM")
        case 3 | 4 | 5 | 6 if model.truth:
            kind, id_ = chance.choice(sorted(model.truth))
            data = model.truth[kind, id_]
            at = chance.randrange(len(data))
            model.update(kind, id_, data[:at] + chance.randbytes(len(data) - at))
        case 7 | 8 if model.truth:
            kind, id_ = chance.choice(sorted(model.truth))
            model.drop(kind, id_, id_)
        case _:
            size = chance.choice((1, 30, 300, 1_500, 20_000))
            model.put(kind, f"{chance.randrange(300):03}", chance.randbytes(size))


@live_only
def test_a_change_is_found_without_going_through_all_rows(tmp_path: Path) -> None:
    records = [Rec("agent", f"agt-{n:05}", bytes(300)) for n in range(5_000)]
    path = layouts.v2(tmp_path / "s.db", records)
    following = Store(path).following()
    with Writer(path) as writer:
        writer.sql("INSERT INTO resources VALUES ('agent', 'first', x'01', '')")
        following.look()
        assert following.sweeps == 1
        writer.sql(
            "UPDATE resources SET data = x'02' WHERE id = 'agt-02500'",
            "DELETE FROM resources WHERE id = 'agt-00007'",
            "INSERT INTO resources VALUES ('agent', 'agt-00007x', x'03', '')",
        )
        seen = following.look()
        assert sorted((one.id, one.known, one.after is not None) for one in seen.rows) == [
            (b"agt-00007", True, False),
            (b"agt-00007x", False, True),
            (b"agt-02500", True, True),
        ]
        assert following.sweeps == 1
        writer.stop()


@live_only
def test_a_log_that_is_begun_anew_is_followed(tmp_path: Path) -> None:
    """The end of the generation before still lies behind the beginning of the new one."""
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", f"{n:05}", bytes(300)) for n in range(900)])
    following = Store(path).following()
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=0")
        for number in range(20):
            writer.sql(f"UPDATE resources SET data = x'01' WHERE id = '{number:05}'")
        following.look()
        writer.sql(
            "UPDATE resources SET data = x'02' WHERE id = '00500'",
            "PRAGMA wal_checkpoint(RESTART)",
            "UPDATE resources SET data = x'03' WHERE id = '00700'",
        )
        assert sorted(one.id for one in following.look().rows) == [b"00500", b"00700"]
        assert following.sweeps == 1
        writer.stop()


@pytest.mark.parametrize("live", [True, False])
def test_commits_within_one_tick_of_the_clock_are_all_seen(live: bool, tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a", b"\x00")])
    following = Store(path).following()
    following.look()
    tick = 1_000_000_000
    with Writer(path, "WAL" if live else "DELETE") as writer:
        for number in range(1, 20):
            writer.sql(f"UPDATE resources SET data = x'{number:02x}'")
            for suffix in ("", "-wal"):
                if Path(f"{path}{suffix}").exists():
                    os.utime(f"{path}{suffix}", ns=(tick, tick))
            (change,) = following.look().rows
            assert change.after is not None
            assert change.after.data == bytes([number])
        writer.stop()


def test_nothing_is_read_where_nothing_was_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a")])
    store = Store(path)
    following = store.following()
    with Writer(path) as writer:
        writer.sql("UPDATE resources SET data = x'02'")
        following.look()

        def no_reading(*_: object) -> None:
            pytest.fail("it was read")

        monkeypatch.setattr(store._reader, "read", no_reading)
        for _ in range(5):
            seen = following.look()
            assert (seen.rows, seen.caught_up, seen.daemon.pid) == ((), True, writer.pid)
        writer.stop()


@live_only
@pytest.mark.parametrize("open_", ["BEGIN IMMEDIATE", "PRAGMA wal_checkpoint(PASSIVE)"])
def test_a_writer_that_is_stopped_holds_nobody_up(open_: str, tmp_path: Path) -> None:
    """SIGSTOP in the midst of a transaction, with the write lock held."""
    import signal

    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a")])
    store = Store(path)
    following = store.following()
    following.look()
    with Writer(path) as writer:
        writer.sql("UPDATE resources SET data = x'02'", open_)
        if open_.startswith("BEGIN"):
            writer.sql("UPDATE resources SET data = x'03'")
        os.kill(writer.pid, signal.SIGSTOP)
        (change,) = following.look().rows
        assert change.after is not None
        assert change.after.data == b"\x02"
        for _ in range(3):
            assert [row.data for row in store.rows("agent").rows] == [b"\x02"]
            assert following.look().rows == ()
        os.kill(writer.pid, signal.SIGCONT)
        writer.kill()


@live_only
def test_an_empty_log_keeps_the_size_of_its_pages(tmp_path: Path) -> None:
    """Between the two steps of a checkpoint that cuts the log, pages of the last one are asked."""
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a")])
    store = Store(path)
    with Writer(path) as writer:
        writer.sql("UPDATE resources SET data = x'02'", "PRAGMA wal_checkpoint(TRUNCATE)")
        live = store._reader.read(lambda snapshot: snapshot.live)
        assert live is not None
        assert (live.last, live.page_size, live.size) == (0, 4096, path.stat().st_size)
        writer.stop()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("schema", SCHEMAS)
def test_what_is_written_while_all_rows_are_read_first_is_known_afterwards(
    schema: str, seed: int, tmp_path: Path
) -> None:
    """Before and behind the place that was reached, in several kinds, with and without a log."""
    chance = random.Random(seed)
    script, page_size = SCHEMAS[schema]
    path = layouts.create(tmp_path / "s.db", script, page_size=page_size)
    with Writer(path) as writer:
        model = Model(writer, Store(path).following())
        kinds = ("agent", "run", "skill")
        for kind in kinds:
            writer.sql(
                "WITH numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1499)"
                f" INSERT INTO resources SELECT '{kind}', printf('%05d', n), x'00', 'now'"
                " FROM numbers"
            )
            model.truth |= {(kind, f"{number:05}"): b"\0" for number in range(1500)}
        looks = 0
        # What was read already tells its changes like any other row.
        read = dict(model.truth)
        while not (seen := model.following.look(seconds=0)).caught_up:
            for change in seen.rows:
                key = change.kind.decode(), change.id.decode()
                now = None if change.after is None else change.after.data
                assert now == model.truth.get(key)
                assert change.known == (key in read)
                read.pop(key, None)
                if now is not None:
                    read[key] = now
            looks += 1
            if looks > 30:
                continue
            kind, number = chance.choice(kinds), chance.randrange(1500)
            match chance.randrange(4):
                case 0:
                    model.put(kind, f"{number:05}x", b"new")
                case 1:
                    model.drop(kind, f"{number:05}", f"{number + 20:05}")
                case 2:
                    writer.sql("PRAGMA wal_checkpoint(TRUNCATE)")
                case _:
                    model.put(kind, f"{number:05}", chance.randbytes(600))
        # What was learned is not told: that it is right shows in what is told from now on.
        for key in list(model.truth):
            if chance.randrange(30) == 0:
                model.told[key] = model.truth[key]
                model.update(*key, b"later")
        seen = model.following.look()
        assert {(one.kind.decode(), one.id.decode()) for one in seen.rows} == set(model.told)
        for change in seen.rows:
            key = change.kind.decode(), change.id.decode()
            assert change.known and change.before is not None
            assert change.before.data == model.told[key]
        assert model.following.count == len(model.truth)


def test_rows_that_are_still_to_come_are_not_read_for_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a busy daemon the first going through all rows would never come to its end."""
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", f"{n:05}") for n in range(20_000)])
    with Writer(path) as writer:
        writer.sql("UPDATE resources SET data = x'01' WHERE id = '00000'")
        following = Store(path).following()
        assert not following.look(seconds=0).caught_up
        read: list[bytes] = []

        def between(snapshot: Any, table: Any, kind: bytes, first: bytes, *more: Any) -> Any:
            read.append(first)
            return row_ranges.rows_between(snapshot, table, kind, first, *more)

        monkeypatch.setattr(following_module, "rows_between", between)
        writer.sql(
            "UPDATE resources SET data = x'02' WHERE id IN ('00007', '19000')",
            # What the pages were before is not to be read any more.
            "PRAGMA wal_checkpoint(PASSIVE)",
        )
        following.look(seconds=0)
        assert read
        assert max(read) < b"01000"
        writer.stop()


@live_only
@pytest.mark.parametrize("schema", ["without row numbers", "row numbers"])
def test_only_rows_that_changed_are_read(
    schema: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told by pages as they were and as they are, a long row too."""
    script, _ = SCHEMAS[schema]
    path = layouts.create(tmp_path / "s.db", script)
    with Writer(path) as writer:
        for number in range(900):
            size = 20_000 if number == 450 else 300
            writer.sql(
                f"INSERT INTO resources VALUES ('agent', '{number:05}', zeroblob({size}), '')"
            )
        following = Store(path).following()
        following.look()
        long = bytes(15_000).hex()
        writer.sql(
            "UPDATE resources SET data = x'02' WHERE id = '00007'",
            f"UPDATE resources SET data = x'{long}' WHERE id = '00450'",
            "DELETE FROM resources WHERE id = '00800'",
        )
        read: list[bytes] = []

        def row_of_key(snapshot: Any, table: Any, kind: bytes, id_: bytes) -> Any:
            read.append(id_)
            return row_ranges.row_of_key(snapshot, table, kind, id_)

        monkeypatch.setattr(following_module, "row_of_key", row_of_key)
        seen = following.look()
        told = [one.id for one in seen.rows]
        assert read == told == [b"00007", b"00450", b"00800"]
        assert seen.caught_up
        writer.stop()


@live_only
def test_a_change_is_told_while_all_rows_are_read_first(tmp_path: Path) -> None:
    """Of a row that was read already, and of one that is still to come what it was is not known."""
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", f"{n:05}") for n in range(20_000)])
    with Writer(path) as writer:
        writer.sql("UPDATE resources SET data = x'01' WHERE id = '00000'")
        following = Store(path).following()
        assert not following.look(seconds=0).begun
        writer.sql(
            "UPDATE resources SET data = x'02' WHERE id IN ('00007', '19000')",
            "DELETE FROM resources WHERE id = '00009'",
            "INSERT INTO resources VALUES ('agent', '00009x', x'03', '')",
        )
        seen = following.look(seconds=0)
        assert not seen.begun
        assert sorted((one.id, one.known, one.after is not None) for one in seen.rows) == [
            (b"00007", True, True),
            (b"00009", True, False),
            (b"00009x", False, True),
            (b"19000", True, True),
        ]
        assert [one.id for one in seen.rows if one.before is None] == [b"00009x", b"19000"]
        assert following.look().begun
        writer.sql("UPDATE resources SET data = x'03' WHERE id = '19000'")
        (change,) = following.look().rows
        assert change.before is not None
        assert change.before.data == b"\x02"
        writer.stop()


@live_only
def test_the_first_reading_of_all_rows_ends_beside_a_daemon_that_never_rests(
    tmp_path: Path,
) -> None:
    """Its log is cut twice between any two looks, so that none knows all that was written."""
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", f"{n:05}") for n in range(20_000)])
    with Writer(path) as writer:
        following = Store(path).following()
        steps = 20_000 // following_module._STEP + 1
        told: list[bytes] = []
        for number in range(1, 3 * steps):
            writer.sql(
                *(f"UPDATE resources SET data = x'{number:04x}' WHERE id = '00005'",) * 2,
                "PRAGMA wal_checkpoint(TRUNCATE)",
                "UPDATE resources SET data = x'01' WHERE id = '00004'",
                "PRAGMA wal_checkpoint(TRUNCATE)",
                f"UPDATE resources SET data = x'{number:04x}' WHERE id = '00003'",
            )
            seen = following.look(seconds=0)
            told += [one.id for one in seen.rows]
            if number > steps:
                assert seen.begun
        # Written last, and found in what is left of the log; the other when all are read again.
        assert told.count(b"00003") > steps
        assert b"00005" in told
        writer.stop()
