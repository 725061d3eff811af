"""What is counted while the first rows are on screen already."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.style.theme import Theme
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.gui.windows import Driver


def test_more_than_a_page_of_gone_records_is_counted_exactly(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    archived = [Arc("skill", f"skl-{number:04}") for number in range(700)]
    path = layouts.v2(tmp_path / "s.db", [Rec("skill", "skl-live")], archived)
    driver = Driver(qtbot)
    driver.open(path, "skill/skl-live")
    kinds = driver.window.kinds

    def said() -> str:
        row = kinds.kinds.find(EntryType.GONE, "skill")
        role = Qt.ItemDataRole.AccessibleTextRole
        return str(kinds.kinds.index(row, 0).data(role)) if row >= 0 else ""

    driver.wait(lambda: said() == "Skill, 700 deleted records")
    kinds.choose(EntryType.GONE, "skill")
    table = driver.window.records.table
    driver.wait(lambda: table.model().rowCount() == 700)
    driver.window.close()


def test_an_empty_name_of_a_kind_and_of_a_record_is_seen(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("", "", b""), Rec("agent", "", b"")], [])
    driver = Driver(qtbot)
    driver.open(path)
    window = driver.window
    kinds, record = window.kinds.kinds, window.record
    row = kinds.find(EntryType.KIND, "")
    assert str(kinds.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)).startswith('""')
    window.kinds.choose(EntryType.KIND, "agent")
    driver.reach("agent", "")
    window.kinds.choose(EntryType.KIND, "")
    driver.wait(lambda: record.record is not None and record.record.kind == "")
    window.kinds.choose(EntryType.KIND, "agent")
    driver.reach("agent", "")
    assert window.record.heading.id.text() == '""'
    model = window.records.table.model()
    role = Qt.ItemDataRole.AccessibleTextRole
    texts = [str(model.index(0, at).data(role)) for at in range(model.columnCount())]
    assert any('""' in one for one in texts)
    window.close()
