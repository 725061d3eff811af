"""What the status line, the title and the start page say is so."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.gui.app.application import Application
from inspector.gui.app.main_window import MainWindow
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.records.record_cells import speech_of
from inspector.gui.start.stores_model import StoreFile, StoresModel, with_newer
from inspector.gui.style.time_format import TimeStyle
from inspector.session.store_probe import StoreProbe, probe
from inspector.session.summaries import RecordHead
from inspector.store.error_sentences import UNREADABLE_ROW
from tests.gui.windows import Driver
from tests.places import REAL, ROOT, shared

STORE = REAL / "v2-clean" / "stigmer.db"
DEMO = ROOT / "resources" / "demo" / "stigmer.sqlite"
LONG = 20_000


def read(window: MainWindow, qtbot: QtBot) -> MainWindow:
    qtbot.waitUntil(lambda: window.facts is not None, timeout=LONG)
    qtbot.waitUntil(window.tasks.is_idle, timeout=LONG)
    return window


def said(window: MainWindow) -> tuple[str, str, str]:
    status = window.status
    return status.label.text(), status.counts.text(), status.daemon.text()


def foreign(folder: Path) -> Path:
    path = folder / "things.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE things (a)")
        connection.execute("CREATE TABLE others (a)")
    return path


def test_of_another_database_nothing_of_stigmers_is_said(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    window = read(program.open_file(foreign(tmp_path)), qtbot)
    label, counts, daemon = said(window)
    assert (label, counts) == ("", "2 tables")
    assert "aemon" not in daemon
    assert "(test)" not in window.windowTitle()


def test_the_json_store_has_no_versions_and_is_of_a_test_where_it_lies_there(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "stigmer.db"
    shutil.copyfile(shared("stigmer", "made", "json", "stigmer.db"), path)
    window = read(program.open_file(path), qtbot)
    label, counts, daemon = said(window)
    assert label == "Test database"
    assert counts.endswith("records") and "version" not in counts
    assert "stopped" not in daemon
    assert "stigmer.db (test)" in window.windowTitle()


def test_nobody_is_said_to_use_the_demo(program: Application, qtbot: QtBot) -> None:
    assert said(read(program.open_demo(), qtbot))[2] == ""


def test_a_store_nobody_has_open_is_not_in_use(program: Application, qtbot: QtBot) -> None:
    assert said(read(program.open_file(STORE), qtbot))[2] == "Not in use"


def test_versions_that_cannot_be_counted_are_not_none(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "damaged.db"
    shutil.copyfile(DEMO, path)
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'resource_audit'"
        ).fetchone()
        indices = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE tbl_name = 'resource_audit' AND rootpage > 0"
        ).fetchall()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(path.read_bytes())
    for page in {root, *(one for (one,) in indices)}:
        data[(page - 1) * size : (page - 1) * size + 64] = b"\xff" * 64
    path.write_bytes(data)
    counts = said(read(program.open_file(path), qtbot))[1]
    assert counts.endswith(" counted")
    assert "0 versions" not in counts


def test_records_that_cannot_be_counted_are_not_none(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "cut.db"
    path.write_bytes(STORE.read_bytes()[:100_000])
    window = read(program.open_file(path), qtbot)
    assert said(window)[1] == "38 versions counted"
    window.kinds.choose(EntryType.TABLE, "resource_audit")
    facts = window.records.tables.facts
    qtbot.waitUntil(lambda: facts.text() == "19 of 38 rows readable", timeout=LONG)


def test_a_kind_that_is_damaged_is_called_as_in_the_list(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    data = bytearray(DEMO.read_bytes())
    for page in (65, 98):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path = tmp_path / "damaged.db"
    path.write_bytes(data)
    window = read(program.open_file(path), qtbot)
    banner = window.records.banner
    qtbot.waitUntil(lambda: banner.words.startswith("Some Agent records cannot"), timeout=LONG)


def test_what_cannot_be_read_has_no_size() -> None:
    head = RecordHead("agent", "agt-1", None, None, None, None, None, 0, 0, UNREADABLE_ROW)
    assert "byte" not in speech_of(head, "name", TimeStyle.UTC)
    assert "0 bytes" in speech_of(head._replace(problem=None), "name", TimeStyle.UTC)


# Titles


def test_the_title_of_a_table_is_the_table(qtbot: QtBot) -> None:
    driver = Driver(qtbot).open(STORE)
    window = driver.window
    assert window.record.record is not None
    driver.wait(lambda: window.kinds.choose(EntryType.TABLE, "schema_version"))
    driver.wait(lambda: window.windowTitle().startswith("schema_version - Table - stigmer.db"))
    assert window.status.schema.text() == ""
    window.kinds.choose(EntryType.KIND, "agent")
    driver.wait(lambda: " - Agent - stigmer.db" in window.windowTitle())
    assert window.status.schema.text() != ""
    window.close()


def test_the_title_of_a_table_stays_when_the_store_is_read_again(qtbot: QtBot) -> None:
    driver = Driver(qtbot).open(STORE)
    window = driver.window
    driver.wait(lambda: window.kinds.choose(EntryType.TABLE, "schema_version"))
    driver.wait(window.tasks.is_idle)
    window.actions_["again"].trigger()
    driver.wait(window.tasks.is_idle)
    assert window.windowTitle().startswith("schema_version - Table - stigmer.db")
    assert window.status.schema.text() == ""
    window.close()


# The start page


@pytest.mark.parametrize("name", ["backup.db", "notes.sqlite"])
def test_a_file_beside_a_store_is_no_newer_store(tmp_path: Path, name: str) -> None:
    store, other = tmp_path / "stigmer.db", tmp_path / name
    for path, time in ((store, 1000), (other, 2000)):
        shutil.copyfile(STORE, path)
        os.utime(path, (time, time))
    seen = [StoreFile(str(path), seen=probe(path)) for path in (store, other)]
    assert [place.note for place in with_newer(seen)] == ["", ""]


def test_another_database_is_no_newer_store_even_by_its_name(tmp_path: Path) -> None:
    older = tmp_path / "stigmer.db"
    shutil.copyfile(STORE, older)
    os.utime(older, (1000, 1000))
    newer = foreign(tmp_path).rename(tmp_path / "stigmer.sqlite")
    seen = [StoreFile(str(path), seen=probe(path)) for path in (older, newer)]
    assert [place.note for place in with_newer(seen)] == ["", ""]


def test_each_time_of_the_start_page_says_what_it_is(qtbot: QtBot) -> None:
    model = StoresModel()
    when = StoreProbe("/b.db", modified=1_000_000_000_000_000_000)
    model.set_places(
        [StoreFile("/a.db", "2026-11-02T11:47:30Z", seen=when), StoreFile("/b.db", seen=when)]
    )
    cells = [model.index(row, 0).data(257).text for row in range(2)]
    assert cells[0].endswith("opened 2026-11-02 11:47:30")
    assert cells[1].endswith("modified 2001-09-09 01:46:40")
