"""The tables of a file: listed, browsed, one row beside them, secrets covered."""

from __future__ import annotations

import shlex
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QHeaderView, QPushButton
from pytestqt.qtbot import QtBot

from inspector.gui.cells.cell_delegate import PADDING, Measure
from inspector.gui.kinds.kinds_model import EntryType, KindEntry
from inspector.gui.style.fonts import fonts_of
from inspector.gui.style.text_runs import CELL_ROLE
from inspector.gui.tables.table_model import TableModel
from inspector.gui.tables.table_pane import TablePane
from inspector.gui.tasks import Tasks
from inspector.session.browse import table_rows
from inspector.session.session import Session
from inspector.store import row_counts
from inspector.store.reader import Snapshot
from inspector.store.rows import PAGE
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.cli.calls import call
from tests.gui import numbered
from tests.gui.slow import Gate
from tests.gui.windows import Driver

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal
SECRET = "demo-secret"


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[Driver]:
    QGuiApplication.clipboard().clear()
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    yield made
    made.window.close()


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    worker = Tasks()
    yield worker
    worker.close()


def browse(driver: Driver, table: str) -> TableModel:
    """Choose a table and wait for its rows."""
    driver.wait(lambda: driver.window.kinds.choose(EntryType.TABLE, table))
    rows = driver.window.records.tables.rows
    driver.wait(lambda: rows.table == table and not driver.window.tasks.is_busy("table"))
    return rows


def line(driver: Driver, column: str) -> int:
    """Put the cursor on a column of the row at the right."""
    values = driver.window.record.row.values
    row = next(r for r in range(values.rowCount()) if values.index(r, 0).data() == column)
    driver.window.record.row.table.selectRow(row)
    return row


def test_every_table_of_the_file_is_listed_with_its_rows(driver: Driver) -> None:
    driver.open(None)
    kinds = driver.window.kinds.kinds
    driver.wait(lambda: kinds.find(EntryType.TABLE, "resources") >= 0)
    driver.wait(lambda: not driver.window.tasks.is_busy("tables"))
    for table in Session.demo().store.counted_tables():
        entry = kinds.entry(kinds.find(EntryType.TABLE, table.name))
        assert entry is not None
        assert entry.count == table.rows


def test_rows_are_shown_as_they_are_stored(driver: Driver) -> None:
    driver.open(None)
    for table in Session.demo().store.counted_tables():
        if table.rows is None:
            continue
        rows = browse(driver, table.name)
        page = table_rows(Session.demo(), table.name)
        assert rows.rowCount() == table.rows
        assert rows.columns == page.columns
        if table.rows:
            found = rows.row_at(table.rows - 1)
            assert found is not None
            assert found.cells == page.rows[-1]


def test_the_row_stands_beside_its_table(driver: Driver) -> None:
    driver.open(None)
    browse(driver, "resource_audit")
    row = driver.window.record.row
    driver.wait(row.isVisible)
    assert row.name.text() == "Row 1"
    line(driver, "kind")
    assert row.text.text() == "skill"
    driver.window.records.tables.table.selectRow(4)
    assert row.name.text() == "Row 5"
    row.table.setFocus()
    driver.press("copy")
    assert QGuiApplication.clipboard().text() == "skill"
    driver.window.kinds.choose(EntryType.KIND, "skill")
    driver.wait(lambda: not row.isVisible() and driver.at()[0] == "skill")


def test_what_is_done_with_a_record_is_not_offered_for_a_row(driver: Driver) -> None:
    driver.open(None)
    actions = driver.window.actions_
    names = ("export", "copy_json", "copy_id", "copy_hex", "referrers", "field_history")
    driver.wait(lambda: all(actions[name].isEnabled() for name in names))
    browse(driver, "resource_audit")
    driver.wait(driver.window.record.row.isVisible)
    driver.wait(lambda: not any(actions[name].isEnabled() for name in names))
    assert actions["copy"].isEnabled()
    driver.window.kinds.choose(EntryType.KIND, "skill")
    driver.wait(lambda: all(actions[name].isEnabled() for name in (*names, "artifact")))
    driver.window.kinds.choose(EntryType.KIND, "agent")
    driver.wait(lambda: driver.at()[0] == "agent" and not actions["artifact"].isEnabled())


def test_secrets_of_a_table_are_covered_and_shown_one_by_one(driver: Driver) -> None:
    driver.open(None)
    rows = browse(driver, "pending_oauth_state")
    row = driver.window.record.row
    driver.wait(row.isVisible)
    column = [one.name for one in rows.columns].index("client_secret")
    assert rows.index(0, column).data() == "Hidden"
    at = line(driver, "client_secret")
    assert SECRET not in row.text.text()
    table = driver.window.records.tables.table
    table.setFocus()
    driver.press("copy")
    assert "[covered]" in QGuiApplication.clipboard().text()
    assert SECRET not in QGuiApplication.clipboard().text()
    QTest.keyClick(row.table, Qt.Key.Key_Return)
    driver.wait(lambda: SECRET in row.text.text())
    (hide,) = [one for one in row.findChildren(QPushButton) if one.text() == "Hide"]
    assert hide.isVisible()
    QTest.mouseClick(hide, Qt.MouseButton.LeftButton)
    assert SECRET not in row.text.text()
    assert hide.text() == "Show"
    QTest.mouseClick(hide, Qt.MouseButton.LeftButton)
    driver.wait(lambda: SECRET in row.text.text())
    assert rows.index(0, column).data() == "Hidden"
    assert row.values.index(line(driver, "code_verifier"), 1).data() == "Hidden"
    line(driver, "client_secret")
    driver.press("uncover")
    assert row.values.index(at, 1).data() == "Hidden"
    assert SECRET not in row.text.text()
    driver.press("uncover")
    driver.wait(lambda: SECRET in row.text.text())
    driver.window.parts_now().record_copy.cover()
    assert row.values.index(at, 1).data() == "Hidden"
    assert SECRET not in row.text.text()


def test_a_covered_column_has_room_for_the_word_and_its_icon(
    driver: Driver, tmp_path: Path
) -> None:
    _foreign(
        driver,
        tmp_path / "f.db",
        "CREATE TABLE t(pin, token, i)",
        "INSERT INTO t VALUES (1, 'abc', 2)",
    )
    rows = browse(driver, "t")
    table = driver.window.records.tables.table
    cell = rows.index(0, 1).data(CELL_ROLE)
    assert cell.text == "Hidden"
    measure = Measure(fonts_of(table.font()))
    driver.wait(lambda: table.columnWidth(1) >= measure.total(cell.runs) + 2 * measure.px(PADDING))


def test_sealed_values_of_a_table_say_so(driver: Driver, tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a")])
    sealed = "enc:v1:" + b64encode(bytes(44)).decode()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE pending_oauth_state (note, client_secret)")
        connection.execute("INSERT INTO pending_oauth_state VALUES (?, ?)", (sealed, sealed))
        connection.commit()
    driver.open(path)
    rows = browse(driver, "pending_oauth_state")
    row = driver.window.record.row
    driver.wait(row.isVisible)
    words = "Sealed (enc:v1, 44 bytes)"
    assert [rows.index(0, column).data() for column in range(2)] == [f"{words} {sealed}", words]
    role = Qt.ItemDataRole.AccessibleTextRole
    assert rows.index(0, 1).data(role) == f"client_secret {words}"
    line(driver, "client_secret")
    assert row.text.text().startswith("Sealed: the daemon encrypted it")
    QTest.keyClick(row.table, Qt.Key.Key_Return)
    driver.wait(lambda: row.text.text() == sealed)
    assert row.values.index(1, 1).data() == f"{words} {sealed}"


def test_all_secrets_of_the_window_are_shown_and_covered_in_tables_too(driver: Driver) -> None:
    driver.open(None)
    rows = browse(driver, "pending_oauth_state")
    column = [one.name for one in rows.columns].index("client_secret")
    driver.press("secrets")
    driver.wait(lambda: rows.rowCount() > 0 and SECRET in str(rows.index(0, column).data()))
    driver.press("secrets")
    driver.wait(lambda: rows.rowCount() > 0 and rows.index(0, column).data() == "Hidden")


def test_a_virtual_table_says_why_it_is_not_read(driver: Driver) -> None:
    driver.open(None)
    browse(driver, "search_index")
    empty = driver.window.records.tables.empty
    driver.wait(empty.isVisible)
    assert "virtual table" in empty.sentence.text()
    assert not driver.window.record.row.isVisible()


def test_a_foreign_file_opens_on_its_tables(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "foreign.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE notes(id INTEGER PRIMARY KEY, text)")
        connection.execute("INSERT INTO notes(text) VALUES ('one'), (NULL), ('two lines\nlong')")
    driver.window.open(lambda: Session.open(path), str(path))
    driver.window.show()
    rows = driver.window.records.tables.rows
    driver.wait(lambda: rows.rowCount() == 3)
    assert [rows.index(row, 1).data() for row in range(3)] == ["one", "NULL", "two lines ↵ long"]
    driver.wait(driver.window.record.row.isVisible)


def _foreign(driver: Driver, path: Path, *scripts: str) -> None:
    """Open a file of another program."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for script in scripts:
            connection.executescript(script)
    driver.window.open(lambda: Session.open(path), str(path))
    driver.window.show()
    driver.wait(lambda: driver.window.kinds.entry() is not None)


def _said(driver: Driver, name: str) -> tuple[str, str]:
    """What the list at the left shows of a table, and says to a screen reader."""
    kinds = driver.window.kinds.kinds
    index = kinds.index(kinds.find(EntryType.TABLE, name), 0)
    words = [run.text for run in index.data(CELL_ROLE).runs]
    return " ".join(words), str(index.data(Qt.ItemDataRole.AccessibleTextRole))


def test_an_empty_name_is_shown_as_sql_writes_it(driver: Driver, tmp_path: Path) -> None:
    """SQLite takes one for a table and for a column."""
    _foreign(driver, tmp_path / "f.db", 'CREATE TABLE "" ("" TEXT)', 'INSERT INTO "" VALUES (7)')
    kinds = driver.window.kinds.kinds
    driver.wait(lambda: kinds.find(EntryType.TABLE, "") >= 0)
    driver.wait(lambda: _said(driver, "")[0] == '"" 1')
    assert _said(driver, "")[1] == 'Table "", 1 row'
    pane, row = driver.window.records.tables, driver.window.record.row
    driver.wait(lambda: pane.rows.rowCount() == 1 and row.isVisible())
    assert pane.title.text() == '""'
    assert pane.rows.headerData(0, Qt.Orientation.Horizontal) == '""'
    assert row.values.index(0, 0).data() == '""'
    assert driver.window.windowTitle().startswith('"" - Table - ')


def test_a_view_is_listed_and_not_run(driver: Driver, tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    _foreign(driver, tmp_path / "f.db", "CREATE TABLE t (a)", f"CREATE VIEW v AS {endless}")
    assert _said(driver, "v") == ("v View, not run", "v, view, not run")
    assert driver.window.status.counts.text() == "1 table, 1 view"
    pane = driver.window.records.tables
    driver.window.kinds.choose(EntryType.TABLE, "v")
    driver.wait(pane.empty.isVisible)
    assert pane.facts.text() == "View, not run"
    assert pane.empty.sentence.text().startswith("v is a view, ")
    assert not driver.window.record.row.isVisible()


def test_a_file_of_views_alone_has_something_to_show(driver: Driver, tmp_path: Path) -> None:
    _foreign(driver, tmp_path / "f.db", "CREATE VIEW v AS SELECT 1 AS one")
    driver.wait(driver.window.records.tables.empty.isVisible)
    assert "view" in driver.window.records.tables.empty.sentence.text()


def test_tables_are_listed_before_they_are_counted(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    gate.shut("count")
    real = row_counts._whole

    def whole(snapshot: Snapshot, name: str) -> int | None:
        gate.wait("count", None)
        return real(snapshot, name)

    monkeypatch.setattr(row_counts, "_whole", whole)
    rows = "INSERT INTO t VALUES (1), (2), (3)"
    _foreign(driver, tmp_path / "f.db", "CREATE TABLE t (a)", rows, "CREATE TABLE u (a)")
    pane = driver.window.records.tables
    assert _said(driver, "t") == ("t", "Table t")
    gate.open()
    driver.wait(lambda: _said(driver, "u") == ("u 0", "Table u, 0 rows"))
    assert _said(driver, "t") == ("t 3", "Table t, 3 rows")
    driver.wait(lambda: pane.facts.text() == "3 rows" and pane.rows.rowCount() == 3)


def test_counting_leaves_the_cursor_and_the_scroll_bar_alone(
    driver: Driver, tmp_path: Path
) -> None:
    _foreign(driver, tmp_path / "f.db", *(f"CREATE TABLE t{n:03} (a)" for n in range(300)))
    driver.wait(lambda: not driver.window.tasks.is_busy("tables"))
    view, kind_counts = driver.window.kinds, driver.window.store_controller.kind_counts
    view.choose(EntryType.TABLE, "t010")
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum())
    seen: list[object] = []
    view.chosen.connect(seen.append)
    kind_counts._show_tables([one._replace(rows=5) for one in kind_counts.tables])
    assert bar.value() == bar.maximum() > 0
    assert view.current_row() == view.kinds.find(EntryType.TABLE, "t010")
    assert _said(driver, "t299") == ("t299 5", "Table t299, 5 rows")
    assert seen == []


def test_rows_that_are_not_counted_are_said_to_be_more(
    qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    pane = TablePane(tasks)
    qtbot.addWidget(pane)
    session = Session.open(numbered.table(tmp_path / "s.db", "t", 600))
    with qtbot.waitSignal(pane.listed):
        pane.show_table(session, KindEntry(EntryType.TABLE, "t", "t", None))
    assert pane.facts.text() == f"at least {PAGE} rows"
    pane.tell_count(KindEntry(EntryType.TABLE, "t", "t", 600))
    assert pane.facts.text() == "600 rows"
    assert pane.rows.rowCount() == 600
    few = Session.open(numbered.table(tmp_path / "few.db", "t", 3))
    with qtbot.waitSignal(pane.listed):
        pane.show_table(few, KindEntry(EntryType.TABLE, "t", "t", None))
    assert pane.facts.text() == "3 rows"


def test_computed_columns_are_named(driver: Driver, tmp_path: Path) -> None:
    _foreign(
        driver,
        tmp_path / "f.db",
        "CREATE TABLE t (a, plain AS (upper(a)))",
        "CREATE TABLE u (a, harm AS (hex(zeroblob(100000000))))",
        "INSERT INTO t VALUES ('x')",
        "INSERT INTO u VALUES ('x')",
    )
    rows = browse(driver, "t")
    driver.wait(lambda: rows.rowCount() == 1 and rows.index(0, 1).data() == "X")
    tip = rows.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert str(tip).endswith(", computed whenever it is read")
    rows = browse(driver, "u")
    driver.wait(lambda: rows.index(0, 1).data() == "computed, not shown")


def test_what_a_secret_is_computed_into_is_covered(driver: Driver, tmp_path: Path) -> None:
    _foreign(
        driver,
        tmp_path / "f.db",
        "CREATE TABLE t (data BLOB, twice AS (hex(data)))",
        f"INSERT INTO t VALUES (CAST('{SECRET}' AS BLOB))",
    )
    rows = browse(driver, "t")
    driver.wait(lambda: rows.rowCount() == 1 and rows.index(0, 1).data() == "Hidden")
    driver.press("secrets")
    shown = SECRET.encode().hex().upper()
    driver.wait(lambda: rows.rowCount() == 1 and rows.index(0, 1).data() == shown)


def test_a_thousand_columns_are_all_there(driver: Driver, tmp_path: Path) -> None:
    names = ", ".join(f"c{number}" for number in range(1500))
    _foreign(
        driver, tmp_path / "f.db", f"CREATE TABLE w ({names})", "INSERT INTO w (c1499) VALUES (7)"
    )
    rows = browse(driver, "w")
    driver.wait(lambda: rows.rowCount() == 1)
    assert rows.columnCount() == 1500
    assert rows.index(0, 1499).data() == "7"
    assert driver.window.record.row.values.rowCount() == 1500


def test_rows_behind_damage_are_said_to_be_unreadable(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript("CREATE TABLE t (a)")
        connection.executemany("INSERT INTO t VALUES (?)", ((f"{n:0900}",) for n in range(50)))
    content = bytearray(path.read_bytes())
    content[6 * 4096 : 6 * 4096 + 12] = b"\xee" * 12
    path.write_bytes(content)
    driver.window.open(lambda: Session.open(path), str(path))
    driver.window.show()
    pane = driver.window.records.tables
    driver.wait(lambda: not driver.window.tasks.is_busy("tables"))
    driver.wait(lambda: pane.facts.text().endswith("rows readable"))
    assert 0 < pane.rows.rowCount() < 50
    assert pane.facts.toolTip().startswith("The file is damaged after")


def test_a_long_table_is_read_in_sight_only(qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    session = Session.open(numbered.table(tmp_path / "s.db", "things", 100_000))
    rows = TableModel(tasks)
    with qtbot.waitSignal(rows.ready):
        rows.show(session, "things", 100_000)
    assert rows.rowCount() == 100_000

    def reads(row: int) -> bool:
        rows.index(row, 0).data()
        return rows.row_at(row) is not None

    for row in (99_999, 50_000, 0):
        qtbot.waitUntil(partial(reads, row))
        found = rows.row_at(row)
        assert found is not None
        assert found.cells[0].text == f"thing-{row:08}"


@pytest.mark.parametrize("total", [0, 1, PAGE, PAGE + 1, 2000])
def test_a_table_keeps_the_rules_of_models(
    qtbot: QtBot, tasks: Tasks, tmp_path: Path, total: int
) -> None:
    many, few = tmp_path / "many.db", tmp_path / "few.db"
    rows = TableModel(tasks)
    QAbstractItemModelTester(rows, FATAL, rows)
    with qtbot.waitSignal(rows.ready):
        rows.show(Session.open(numbered.table(many, "things", total)), "things", total)
    assert rows.rowCount() == total
    with qtbot.waitSignal(rows.ready):
        rows.show(Session.open(numbered.table(few, "things", 5)), "things", None)
    assert rows.rowCount() == 5


def test_a_row_keeps_the_rules_of_models(driver: Driver) -> None:
    driver.open(None)
    values = driver.window.record.row.values
    tester = QAbstractItemModelTester(values, FATAL)
    for table in ("schema_version", "resource_audit"):
        browse(driver, table)
        driver.wait(lambda: values.rowCount() > 0)
    tester.deleteLater()


# A damaged table


@pytest.mark.parametrize("rows", [38, 700])
def test_a_table_that_breaks_off_says_how_many_rows_of_all_can_be_read(
    driver: Driver, tmp_path: Path, rows: int
) -> None:
    path = tmp_path / "damaged.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE things (a TEXT)")
        connection.executemany("INSERT INTO things VALUES (?)", [("x" * 900,)] * rows)
        connection.commit()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(path.read_bytes())
    for page in range(len(data) // size // 2, len(data) // size):
        data[page * size : page * size + 200] = b"\xff" * 200
    path.write_bytes(data)
    driver.window.open(lambda: Session.open(path), str(path))
    driver.window.show()
    driver.wait(lambda: driver.window.facts is not None)
    pane = driver.window.records.tables
    driver.wait(lambda: not driver.window.tasks.is_busy("table"))
    table = pane.table
    driver.wait(lambda: pane.rows.rowCount() > 0)
    table.scrollToBottom()

    def told() -> bool:
        table.scrollToBottom()
        return pane.facts.text().endswith(" readable")

    driver.wait(told)
    assert pane.facts.text().startswith(f"{pane.rows.rowCount():,} ")
    assert 0 < pane.rows.rowCount() < rows
    assert "damaged" in pane.facts.toolTip()


def test_of_what_is_counted_the_rest_is_told_too(
    qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    from inspector.gui.kinds.kinds_model import KindEntry
    from inspector.gui.tables.table_pane import TablePane

    session = Session.open(numbered.table(tmp_path / "s.db", "things", 20))
    pane = TablePane(tasks)
    qtbot.addWidget(pane)
    pane.show_table(session, KindEntry(EntryType.TABLE, "things", "things", 38))
    qtbot.waitUntil(lambda: pane.rows.rowCount() > 0)
    pane.rows.problem = "The file is damaged."
    pane.rows._shrink(20)
    pane._tell_facts()
    assert pane.facts.text() == "20 of 38 rows readable"


# Copying


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A store with an id and values that are no text, and a table with NULL and the text NULL."""
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a"), Rec("agent", "\\udcff")])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE resources SET id = CAST(x'61ff5c' AS TEXT) WHERE id <> 'a'")
        connection.execute("CREATE TABLE t (a, b, c, d, e)")
        connection.execute(
            "INSERT INTO t VALUES (NULL, 'NULL', CAST(x'c3a4e4ff41' AS TEXT), x'48656c6c6f', '')"
        )
    return path


def test_an_id_that_is_no_text_is_copied_so_that_show_takes_it(driver: Driver, odd: Path) -> None:
    driver.open(odd)
    table = driver.window.records.table
    while driver.at()[1] == "a":
        QTest.keyClick(table, Qt.Key.Key_Down)
        driver.wait(lambda: not driver.window.tasks.is_busy("record"))
    driver.press("copy_id")
    copied = QGuiApplication.clipboard().text()
    assert copied == "a\\xff\\\\"
    answer = call("show", "agent", copied, "--envelope", "--db", odd)
    assert answer.code == 0
    driver.press("copy_command")
    words = shlex.split(QGuiApplication.clipboard().text())[1:]
    assert words[:3] == ["show", "agent", copied]
    assert call(*words, "--envelope") == answer
    table.setFocus()
    driver.press("copy")
    driver.wait(lambda: "\t" in QGuiApplication.clipboard().text())
    assert "agent\ta\\xff\\\\\t" in QGuiApplication.clipboard().text()


@pytest.mark.parametrize(
    ("column", "copied", "said"),
    [
        ("a", "", "Copied NULL (as empty text)."),
        ("b", "NULL", "Copied."),
        ("c", "\u00e4\\xe4\\xffA", "Copied."),
        ("d", "[covered]", "Copied."),
        ("e", "", "Copied empty text."),
    ],
)
def test_a_value_of_a_table_is_copied_as_it_is(
    driver: Driver, odd: Path, column: str, copied: str, said: str
) -> None:
    driver.open(odd)
    browse(driver, "t")
    row = driver.window.record.row
    driver.wait(row.isVisible)
    line(driver, column)
    row.table.setFocus()
    QGuiApplication.clipboard().setText("before")
    driver.press("copy")
    assert QGuiApplication.clipboard().text() == copied
    assert driver.window.status.note.text() == said


def test_a_blob_that_is_shown_is_copied_as_hex(driver: Driver, odd: Path) -> None:
    driver.open(odd)
    browse(driver, "t")
    row = driver.window.record.row
    driver.wait(row.isVisible)
    at = line(driver, "d")
    QTest.keyClick(row.table, Qt.Key.Key_Return)
    driver.wait(lambda: "48 65" in row.text.text())
    assert at == line(driver, "d")
    row.table.setFocus()
    driver.press("copy")
    assert QGuiApplication.clipboard().text() == b"Hello".hex(" ")


def test_chosen_rows_are_copied_from_the_first_on_with_heads(
    driver: Driver, tmp_path: Path
) -> None:
    """Those too that were never in sight; NULL is told from its letters."""
    driver.open(layouts.v2(tmp_path / "own.db", [Rec("agent", "a")]))
    path = tmp_path / "rows.db"
    total = 3 * PAGE
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, word TEXT)")
        words = ((n, None if n == 1 else "NULL" if n == 2 else f"a\tb{n}") for n in range(total))
        made.executemany("INSERT INTO t VALUES (?, ?)", words)
    driver.window.open(partial(Session.open, path), str(path), None)
    browse(driver, "t")
    table = driver.window.records.tables.table
    driver.wait(lambda: table.model().rowCount() == total)
    table.setFocus()
    table.selectAll()
    driver.press("copy")
    driver.wait(lambda: QGuiApplication.clipboard().text().count("\n") == total + 1)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[:4] == ["n\tword", "0\ta\\tb0", "1\tNULL", "2\t\\NULL"]
    assert lines[1:] == [f"{n}\t{lines[n + 1].partition(chr(9))[2]}" for n in range(total)]
    assert lines[-1] == f"{total - 1}\ta\\tb{total - 1}"


def test_covered_cells_stay_covered_in_many_rows(driver: Driver) -> None:
    driver.open(None)
    browse(driver, "pending_oauth_state")
    table = driver.window.records.tables.table
    table.setFocus()
    table.selectAll()
    driver.press("copy")
    driver.wait(lambda: "[covered]" in QGuiApplication.clipboard().text())
    assert SECRET not in QGuiApplication.clipboard().text()


def test_columns_fit_the_text_size_that_is_chosen_while_they_are_shown(driver: Driver) -> None:
    driver.open(None)
    browse(driver, "resource_audit")
    tables = driver.window.records.tables
    header, small = tables.table.horizontalHeader(), tables.font().pointSizeF()

    def widths() -> list[int]:
        return [header.sectionSize(section) for section in range(header.count() - 1)]

    before = widths()
    driver.press("larger")
    driver.wait(lambda: tables.table.font().pointSizeF() > small)
    larger = widths()
    driver.press("normal")
    driver.wait(lambda: tables.table.font().pointSizeF() == small)
    assert sum(larger) > sum(before)
    assert widths() == before


def _drag(driver: Driver, header: QHeaderView, section: int, by: int) -> None:
    """Take the right edge of a head to another place, with the mouse."""
    handle, view = driver.window.windowHandle(), header.viewport()
    assert handle is not None
    right = header.sectionViewportPosition(section) + header.sectionSize(section) - 1
    places = [view.mapTo(driver.window, QPoint(x, view.height() // 2)) for x in (right, right + by)]
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseMove(handle, places[0])
    QTest.mousePress(handle, left, none, places[0])
    QTest.mouseMove(handle, places[1])
    QTest.mouseRelease(handle, left, none, places[1])


def test_a_column_that_was_dragged_keeps_its_width(driver: Driver) -> None:
    """Whatever the text size, and however rows are sorted and filtered; not in another table."""
    driver.open(None)
    rows = browse(driver, "resource_audit")
    tables = driver.window.records.tables
    header, small = tables.table.horizontalHeader(), tables.font().pointSizeF()
    fitted = [header.sectionSize(section) for section in (0, 1)]
    _drag(driver, header, 0, 90)
    driver.wait(lambda: header.sectionSize(0) == fitted[0] + 90)
    for _ in range(3):
        driver.press("larger")
    driver.wait(lambda: tables.table.font().pointSizeF() > 1.2 * small)
    driver.wait(lambda: header.sectionSize(1) > fitted[1])
    assert header.sectionSize(0) > fitted[0] + 90
    driver.press("normal")
    driver.wait(lambda: tables.table.font().pointSizeF() == small)
    driver.wait(lambda: header.sectionSize(1) == fitted[1])
    assert header.sectionSize(0) == fitted[0] + 90
    tables.sort_by(1)
    driver.wait(lambda: driver.window.tasks.is_idle() and rows.found is not None)
    assert header.sectionSize(0) == fitted[0] + 90
    browse(driver, "schema_version")
    browse(driver, "resource_audit")
    driver.wait(lambda: header.sectionSize(0) == fitted[0])


def test_only_a_column_of_a_table_is_shown_as_time(driver: Driver) -> None:
    driver.open(None)
    action = driver.window.actions_["show_time"]
    driver.wait(lambda: not action.isEnabled())
    browse(driver, "resource_audit")
    driver.wait(action.isEnabled)
    driver.wait(lambda: driver.window.kinds.choose(EntryType.KIND, "agent"))
    driver.wait(lambda: not action.isEnabled())


def test_an_empty_table_gives_the_focus_to_its_filter(driver: Driver, tmp_path: Path) -> None:
    """The rows are not there: Down went on among the tables, for nothing had taken the focus."""
    script = "INSERT INTO b VALUES (1)"
    _foreign(driver, tmp_path / "f.db", "CREATE TABLE a (x)", "CREATE TABLE b (x)", script)
    window = driver.window
    driver.wait(lambda: window.kinds.choose(EntryType.TABLE, "a"))
    driver.wait(window.records.tables.empty.isVisible)
    driver.press("go_kinds")
    driver.press("go_records")
    assert window.focusWidget() is window.records.tables.filter
    QTest.keyClick(window.records.tables.filter, Qt.Key.Key_Down)
    entry = window.kinds.entry()
    assert entry is not None
    assert entry.kind == "a"
    browse(driver, "b")
    driver.press("go_records")
    assert window.focusWidget() is window.records.tables.table


def test_control_home_and_end_select_the_row_that_is_shown(driver: Driver, tmp_path: Path) -> None:
    """The cursor went alone: the last row was shown, and the first one copied."""
    script = "INSERT INTO a VALUES (1), (2), (3)"
    _foreign(driver, tmp_path / "f.db", "CREATE TABLE a (x)", script)
    browse(driver, "a")
    table, row = driver.window.records.tables.table, driver.window.record.row
    driver.press("go_records")
    for key, name, value in ((Qt.Key.Key_End, "Row 3", "3"), (Qt.Key.Key_Home, "Row 1", "1")):
        QTest.keyClick(table, key, Qt.KeyboardModifier.ControlModifier)
        assert row.name.text() == name
        driver.press("copy")
        assert QGuiApplication.clipboard().text().split()[-1] == value


def test_find_beside_a_row_goes_to_the_filter_of_its_table(driver: Driver, tmp_path: Path) -> None:
    _foreign(driver, tmp_path / "f.db", "CREATE TABLE a (x)", "INSERT INTO a VALUES (1), (2)")
    browse(driver, "a")
    row = driver.window.record.row
    driver.wait(row.isVisible)
    driver.press("go_record")
    assert row.isAncestorOf(driver.window.focusWidget())
    driver.press("find")
    assert driver.window.records.tables.filter.hasFocus()
