"""The quick text of a record is what a session gives, to the byte, or there is none."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path
from random import Random

import pytest

from inspector import assets
from inspector.decode.prepared import prepared_reader, prepared_releases
from inspector.errors import InspectorError
from inspector.export.record_text import Written, message_text
from inspector.schema.dating import Dating
from inspector.schema.kind_names import normal_kind
from inspector.session import usual_text as module
from inspector.session.session import Session
from inspector.session.usual_text import usual_text
from inspector.store.rows import Row
from tests.decode.damage import mutated
from tests.places import REAL, SHARED

pytestmark = pytest.mark.skipif(prepared_releases() is None, reason="nothing is prepared")

#: Set STIGMER_INSPECTOR_FUZZ=full for the long run.
TIMES = 40 if os.environ.get("STIGMER_INSPECTOR_FUZZ") == "full" else 2
STORES = [
    *sorted(REAL.glob("*/stigmer.db")),
    assets.path("demo", "stigmer.sqlite"),
    *sorted((SHARED / "stigmer").rglob("*.sqlite")),
]
USUAL = REAL / "v2-clean" / "stigmer.db"


def full(session: Session, row: Row, *, reveal: bool = False) -> Written | None:
    """What a session makes of a row, None where that is no text."""
    try:
        return message_text(session.reader().record(row), reveal=reveal)
    except InspectorError:
        return None


def is_same(session: Session, row: Row, found: tuple[bytes, int] | None, reveal: bool) -> bool:
    """Whether there is a quick text; it is the right one."""
    if found is None:
        return False
    written = full(session, row, reveal=reveal)
    assert written is not None
    assert found == (written.text.encode(), written.covered)
    assert not written.notes
    assert not written.hidden
    assert not session.notes
    return True


@pytest.mark.parametrize("file", STORES, ids=lambda one: "-".join(one.parts[-3:]))
@pytest.mark.parametrize("reveal", [False, True])
def test_it_is_what_a_session_gives(file: Path, reveal: bool) -> None:
    session = Session.open(file)
    try:
        kinds = session.store.kinds()
    except InspectorError:
        return
    for kind in kinds:
        for row in session.rows(kind.kind):
            is_same(session, row, usual_text(str(file), row.kind, row.id, reveal=reveal), reveal)


def test_it_is_there_for_most_of_what_daemons_wrote() -> None:
    session = Session.open(USUAL)
    rows = [row for kind in session.store.kinds() for row in session.rows(kind.kind)]
    answered = [
        is_same(session, row, usual_text(str(USUAL), row.kind, row.id), False) for row in rows
    ]
    assert sum(answered) > 0.9 * len(rows)


@pytest.mark.parametrize("file", STORES, ids=lambda one: "-".join(one.parts[-3:]))
def test_it_agrees_on_damaged_blobs(file: Path) -> None:
    random = Random(str(file.name))
    session = Session.open(file)
    try:
        facts, kinds = session.facts(), session.store.kinds()
    except InspectorError:
        return
    releases = prepared_releases()
    assert releases is not None
    dating = Dating(releases, facts.layout, facts.layouts)
    rows = [row for kind in kinds for row in session.store.rows(kind.kind, limit=40).rows]
    blobs = [row.data for row in rows if row.data]
    if not blobs or session.reader().documents:
        return
    for row in rows * TIMES:
        if row.data is None:
            continue
        row = row._replace(data=mutated(row.data, random, random.choice(blobs)))
        reader = prepared_reader(normal_kind(row.kind), dating.clues(row.updated_at))
        for reveal in (False, True):
            found = None
            if reader is not None and row.data is not None:
                found = reader.json(row.data, reveal=reveal)
            is_same(session, row, found, reveal)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A store of a daemon that can be changed."""
    return Path(shutil.copyfile(USUAL, tmp_path / "stigmer.sqlite"))


def an_id(file: Path) -> str:
    session = Session.open(file)
    return next(row.id for row in session.rows("agent") if usual_text(str(USUAL), "agent", row.id))


def test_there_is_none_of_a_long_record(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = an_id(copied)
    [size] = [row.size for row in Session.open(copied).rows("agent") if row.id == id_]
    monkeypatch.setattr(module, "MOST", size)
    assert usual_text(str(copied), "agent", id_) is not None
    monkeypatch.setattr(module, "MOST", size - 1)
    assert usual_text(str(copied), "agent", id_) is None


def test_there_is_none_where_the_file_has_another_name(copied: Path) -> None:
    id_ = an_id(copied)
    assert usual_text(str(copied), "agent", id_) is not None
    copied.with_name("other").hardlink_to(copied)
    assert usual_text(str(copied), "agent", id_) is None


def test_it_is_read_through_the_log_of_a_daemon(copied: Path) -> None:
    id_ = an_id(copied)
    other = Session.open(copied).row("agent", id_).data
    assert other is not None
    writer = sqlite3.connect(copied)
    try:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("UPDATE resources SET data = ? WHERE kind = 'agent'", (other + other,))
        writer.commit()
        # What stands twice is merged, which the decoder does.
        assert usual_text(str(copied), "agent", id_) is None
        changed = other.replace(b"agt-", b"agx-")
        writer.execute("UPDATE resources SET data = ? WHERE id = ?", (changed, id_))
        writer.commit()
        session = Session.open(copied)
        row = session.row("agent", id_)
        assert row.data == changed
        assert is_same(session, row, usual_text(str(copied), "agent", id_), False)
    finally:
        writer.close()


def test_there_is_none_where_a_journal_lies_beside_it(copied: Path) -> None:
    id_ = an_id(copied)
    copied.with_name(f"{copied.name}-journal").write_bytes(b"something of another program's")
    assert usual_text(str(copied), "agent", id_) is None


def test_there_is_none_of_another_file_or_record(copied: Path, tmp_path: Path) -> None:
    id_ = an_id(copied)
    assert usual_text(str(copied), "agent", "agt-nowhere") is None
    assert usual_text(str(copied), "Agent", id_) is None
    assert usual_text(str(tmp_path / "nowhere"), "agent", id_) is None
    (tmp_path / "text").write_text("no database" * 100)
    assert usual_text(str(tmp_path / "text"), "agent", id_) is None
