"""Two states of stores compared in the window: found, narrowed, shown, taken along, stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from inspector.errors import CancelledError
from inspector.gui.app.application import Application
from inspector.gui.app.main_window import MainWindow
from inspector.gui.comparison import comparison_model
from inspector.gui.comparison.comparison_dialog import ComparisonDialog
from inspector.gui.comparison.comparison_model import ComparisonModel, FoundChange
from inspector.gui.moments.commits_dialog import CommitsDialog
from inspector.history.difference import Change
from inspector.session.store_comparison import StoreComparison
from inspector.session.store_moment import StoreMoment
from tests.builders.writer import Writer
from tests.cli.calls import call
from tests.gui.followed import made_store, save

LONG = 20_000


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A store of a daemon that was killed after four commits."""
    path = made_store(tmp_path)
    with Writer(path) as writer:
        writer.sql(save("agt-003", "agt-003", "One."), save("agt-003", "agt-003", "Two."))
        writer.sql(save("agt-0101", "new"), "DELETE FROM resources WHERE id = 'agt-004'")
        writer.kill()
    return path


def shown(window: MainWindow, qtbot: QtBot) -> MainWindow:
    qtbot.waitUntil(
        lambda: window.record.record is not None and window.tasks.is_idle(), timeout=LONG
    )
    return window


def dialog_of(window: MainWindow, qtbot: QtBot) -> ComparisonDialog:
    dialog = window.findChildren(ComparisonDialog)[-1]
    qtbot.waitUntil(lambda: bool(dialog.summary.text()), timeout=LONG)
    qtbot.waitUntil(window.tasks.is_idle, timeout=LONG)
    return dialog


def rows(model: ComparisonModel) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for kind in model.below(None):
        found.append((kind.name, model.cell(kind, "change").text))
        found += [(row.name, str(row.change and row.change.value)) for row in kind.below]
    return found


def choose(dialog: ComparisonDialog, id_: str) -> None:
    model = dialog.model
    row = next(one for kind in model.below(None) for one in kind.below if one.name == id_)
    dialog.tree.setCurrentIndex(model.index_of(row))


ALL = [
    ("Agent", "+1 ~1 \N{MINUS SIGN}1"),
    ("agt-003", "changed"),
    ("agt-004", "removed"),
    ("agt-0101", "added"),
]


def test_an_earlier_state_is_compared_with_the_newest(
    program: Application, qtbot: QtBot, killed: Path, tmp_path: Path
) -> None:
    window = shown(program.open_state(StoreMoment(str(killed), 1)), qtbot)
    (button,) = [b for b in window.banner.findChildren(QPushButton) if "Compare" in b.text()]
    button.click()
    dialog = dialog_of(window, qtbot)
    assert rows(dialog.model) == ALL
    assert "as of commit 1. After: " in dialog.words.text()
    assert dialog.summary.text() == "31 records compared: 1 added, 1 changed, 1 removed."
    choose(dialog, "agt-003")
    tree = dialog.pane.tree
    qtbot.waitUntil(
        lambda: [one.name for one in tree.rows.root.changes()] == ["spec.instructions"],
        timeout=LONG,
    )
    dialog.copy_button.click()
    qtbot.waitUntil(window.tasks.is_idle, timeout=LONG)
    line = QGuiApplication.clipboard().text()
    # What is in one of them only is shown as it is there.
    choose(dialog, "agt-004")
    assert dialog.pane.facts.text() == "Agent, agt-004. Only in the earlier state"
    qtbot.waitUntil(
        lambda: [one.name for one in tree.rows.root.below][:2] == ["api_version", "kind"],
        timeout=LONG,
    )
    assert tree.isVisible()
    assert [tree.isColumnHidden(at) for at in range(4)] == [True, False, False, True]
    assert not list(tree.rows.root.changes())
    assert dialog.pane.name.text() == "agt-004"
    out = tmp_path / "out.ndjson"
    dialog.export(out)
    qtbot.waitUntil(
        lambda: dialog.summary.text().startswith("3 differences exported"), timeout=LONG
    )
    told = call("compare", f"{killed}@wal:1", killed, "--json")
    assert out.read_bytes() == told.out
    assert line.encode() == told.out.splitlines(keepends=True)[0]
    # It is not written over what is compared.
    before = killed.read_bytes()
    dialog.export(killed)
    qtbot.waitUntil(window.tasks.is_idle, timeout=LONG)
    assert killed.read_bytes() == before
    for box in window.findChildren(QPushButton):
        if box.text().endswith("OK"):
            box.click()
    dialog.reject()


def test_what_is_listed_is_narrowed_by_text_and_by_change(
    program: Application, qtbot: QtBot, killed: Path
) -> None:
    window = shown(program.open_file(killed), qtbot)
    window.actions_["commits"].trigger()
    (commits,) = window.findChildren(CommitsDialog)
    qtbot.waitUntil(window.tasks.is_idle, timeout=LONG)
    commits.table.selectRow(2)
    commits.compare_button.click()
    dialog = dialog_of(window, qtbot)
    assert rows(dialog.model)[1:] == [("agt-004", "removed"), ("agt-0101", "added")]
    dialog.filter.setText("0101")
    assert rows(dialog.model)[1:] == [("agt-0101", "added")]
    dialog.filter.setText("")
    dialog.ways[Change.ADDED].setChecked(False)
    assert rows(dialog.model)[1:] == [("agt-004", "removed")]
    # What is not listed is counted all the same.
    assert rows(dialog.model)[0] == ("Agent", "+1 \N{MINUS SIGN}1")
    dialog.reject()


def test_another_store_is_asked_for(
    program: Application, qtbot: QtBot, killed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    other = made_store(folder)
    window = shown(program.open_file(killed), qtbot)
    window.actions_["compare_store"].trigger()
    (asking,) = window.findChildren(QFileDialog)
    asking.fileSelected.emit(str(other))
    asking.close()
    dialog = dialog_of(window, qtbot)
    assert rows(dialog.model) == ALL
    dialog.reject()


def test_it_can_be_stopped_and_begun_again(
    program: Application, qtbot: QtBot, killed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = StoreComparison.run
    window = shown(program.open_state(StoreMoment(str(killed), 1)), qtbot)

    def slow(self, kind=None, cancel=None, progress=None):  # type: ignore[no-untyped-def]
        yield next(real(self, kind, cancel, progress))
        progress("agent", 1)
        assert cancel.wait(LONG / 1000)
        yield from real(self, kind, cancel, progress)
        raise CancelledError("Cancelled.")

    monkeypatch.setattr(StoreComparison, "run", slow)
    window.actions_["compare_newest"].trigger()
    (dialog,) = window.findChildren(ComparisonDialog)
    qtbot.waitUntil(lambda: dialog.model.listed() == 1, timeout=LONG)
    dialog.footer.cancelled.emit()
    qtbot.waitUntil(dialog.footer.is_stopped, timeout=LONG)
    monkeypatch.undo()
    dialog.footer.continued.emit()
    qtbot.waitUntil(lambda: bool(dialog.summary.text()), timeout=LONG)
    assert rows(dialog.model) == ALL
    dialog.reject()


def test_records_are_called_by_their_names_and_found_by_them() -> None:
    model = ComparisonModel()
    found = (("a1", "Gate Greeter"), ("a2", ""), ("a3", "Lock Keeper"))
    model.add(
        FoundChange(("agent", "agent"), id_, Change.CHANGED, 2, title) for id_, title in found
    )
    kind = model.index(0, 0)
    told = [model.index(at, 0, kind).data() for at in range(3)]
    assert told == ["Gate Greeter a1", "a2", "Lock Keeper a3"]
    (above,) = model.below(None)
    assert model.spoken(above.below[0]) == "Gate Greeter, a1, changed, 2 fields"
    model.narrow("lock k", frozenset(Change))
    assert rows(model)[1:] == [("a3", "changed")]


def test_only_so_many_are_kept_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison_model, "MOST", 3)
    model = ComparisonModel()
    model.add(FoundChange((None, "agent"), f"a{n}", Change.ADDED, None) for n in range(4))
    model.add(FoundChange(("odd", "odd"), f"b{n}", Change.CHANGED, 2) for n in range(2))
    assert (model.listed(), model.total) == (3, 6)
    assert model.rowCount(QModelIndex()) == 1
    assert model.spoken(model.below(None)[0]) == "Agent, 4 added"
