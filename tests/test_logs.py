"""What is logged: forms, sizes, schemas and what was slow, and nothing of what was read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from inspector import logs
from inspector.session.follower import Follower
from inspector.session.session import Session, schema_word
from inspector.store.reader import Snapshot, StoreReader
from tests.places import REAL, ROOT

STORE = REAL / "v2-clean" / "stigmer.db"


class Taking:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def take(self, line: str, _when: float) -> None:
        self.lines.append(line)


@pytest.fixture
def taking() -> Iterator[Taking]:
    made = Taking()
    logs.listen(made.take)
    yield made
    logs.listen(None)


def test_opening_and_the_choice_of_a_schema_are_told(taking: Taking) -> None:
    session = Session.open(STORE, schema="2026-01-26")
    session.facts()
    [kind, *_] = (kind.kind for kind in session.kinds() if kind.records)
    head = session.records(kind).rows[0]
    session.record(kind, head.id)
    session.close()
    asked, opened, record = taking.lines
    assert asked == "schema asked for: 2026-01-26, others for 0 kinds"
    assert (
        opened
        == f"opened: sqlite, layout 2, journal clean, {STORE.stat().st_size} bytes, WAL 0 bytes"
    )
    assert record == f"record: read with 2026-01-26, {head.size} bytes, 0 problems"


@pytest.mark.skipif(os.name == "nt", reason="there a file that is read cannot be moved")
def test_what_becomes_of_a_store_that_is_followed_is_told(taking: Taking, tmp_path: Path) -> None:
    file, aside = tmp_path / "zoe.db", tmp_path / "aside.db"
    shutil.copyfile(STORE, file)
    with closing(Session.open(file)) as session:
        follower = Follower(session)
        follower.look()
        file.rename(aside)
        follower.look()
        aside.rename(file)
        follower.look()
    told = [line for line in taking.lines if line.startswith("followed: ")]
    assert told[:1] == ["followed: gone, gone"]
    assert "followed: back, stopped" in told
    assert not any("zoe" in line for line in taking.lines)


def test_no_line_has_an_id_a_name_or_a_path(taking: Taking) -> None:
    session = Session.open(STORE)
    for kind in session.kinds():
        for head in session.records(kind.kind).rows:
            session.record(kind.kind, head.id)
            for word in (head.id, head.name, str(STORE), STORE.name):
                assert not any(word and word in line for line in taking.lines)
    session.close()
    assert len(taking.lines) > 10


def test_a_slow_read_is_told_by_what_read(taking: Taking, monkeypatch: pytest.MonkeyPatch) -> None:
    def quick(snapshot: Snapshot, _more: object = None) -> int:
        return snapshot.schema_cookie()

    reader = StoreReader(str(STORE))
    reader.read(quick)
    assert taking.lines == []
    monkeypatch.setattr(logs, "SLOW", 0.0)
    reader.read(partial(quick, _more="agt-secret"))
    [line] = taking.lines
    assert line.startswith("slow read: tests.test_logs.test_a_slow_read_is_told_by_what_read.")
    assert line.endswith(" ms")
    assert "agt-secret" not in line


def test_the_name_of_a_schema_of_ones_own_is_not_told() -> None:
    assert schema_word("auto") == "auto"
    assert schema_word("2026-01-25..2026-01-26") == "2026-01-25..2026-01-26"
    assert schema_word(None) == "none"
    assert schema_word("/home/zoe/secret.binpb") == "one's own"


def test_who_listens_last_is_told_and_nobody_afterwards(taking: Taking) -> None:
    other = Taking()
    log = logs.Logger("inspector.test")
    log.info("first %s", 1)
    logs.listen(other.take)
    log.info("second %s", 2)
    logs.listen(None)
    log.info("third %s", 3)
    assert (taking.lines, other.lines) == (["first 1"], ["second 2"])


def test_a_command_does_not_import_logging() -> None:
    script = (
        "import sys; from inspector.__main__ import main; main(['kinds', '--demo']);"
        "assert 'logging' not in sys.modules"
    )
    run = [sys.executable, "-c", script]
    subprocess.run(run, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
