"""A timeline in the real window, timed: ``python -m tests.bench.painted_timeline FILE RECORD``.

Prints a JSON object with milliseconds: ``painted`` from the tab History being chosen to all rows
standing in the painted list, ``told`` until what the rows in sight changed is painted too, and
``pages``, each a page further until it is painted; ``bare`` and ``barePages`` are the same of a
bare QTableView over as many rows of ready text, beside which the others are seen.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QHeaderView, QTableView

from inspector.gui.app.application import SWITCH, Application
from inspector.gui.app.main_window import MainWindow

_PAGES = 40
_PATIENCE = 120  #: seconds
_WORDS = ("", "8dcf6793", "was v1", "skill_md +1 \N{MINUS SIGN}1 lines", "+12", "2026-11-21", "1 h")


class _Paints(QObject):
    """Counts the paints of a list."""

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__()
        self.seen = 0
        view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Count."""
        if event.type() == QEvent.Type.Paint:
            self.seen += 1
        return False


class _Ready(QAbstractTableModel):
    """Rows that are there at once."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = rows

    def rowCount(self, _parent: Any = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's name
        return self._rows

    def columnCount(self, _parent: Any = QModelIndex()) -> int:  # noqa: N802, B008
        return len(_WORDS)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return _WORDS[index.column()] if role == Qt.ItemDataRole.DisplayRole else None


def _wait(app: QApplication, until: Callable[[], bool]) -> float:
    """Milliseconds until something is so."""
    started = time.perf_counter()
    while not until():
        if time.perf_counter() - started > _PATIENCE:
            raise SystemExit("nothing came for two minutes")
        app.processEvents()
        time.sleep(0.0002)
    return 1000 * (time.perf_counter() - started)


def _pages(app: QApplication, view: QTableView, done: Callable[[], bool]) -> list[float]:
    paints, times = _Paints(view), []
    for _ in range(_PAGES):
        seen = paints.seen
        bar = view.verticalScrollBar()
        bar.setValue(bar.value() + bar.pageStep())
        times.append(_wait(app, lambda seen=seen: paints.seen > seen))  # type: ignore[misc]
        _wait(app, done)
    return times


def _ours(app: QApplication, window: MainWindow) -> dict[str, Any]:
    history = window.record.history
    paints, model = _Paints(history.table), history.versions
    started = time.perf_counter()
    window.actions_["history"].trigger()
    _wait(app, lambda: model.rowCount() > 0)
    seen = paints.seen
    _wait(app, lambda: paints.seen > seen)
    painted = 1000 * (time.perf_counter() - started)

    def told() -> bool:
        return not model.wanting(history.in_sight())

    _wait(app, told)
    app.processEvents()
    found = {"painted": painted, "told": 1000 * (time.perf_counter() - started)}
    return {**found, "rows": model.rowCount(), "pages": _pages(app, history.table, told)}


def _bare(app: QApplication, rows: int, size: Any) -> dict[str, Any]:
    view, model = QTableView(), _Ready(rows)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(24)
    view.resize(size)
    paints = _Paints(view)
    view.show()
    _wait(app, lambda: paints.seen > 0)
    seen = paints.seen
    started = time.perf_counter()
    view.setModel(model)
    _wait(app, lambda: paints.seen > seen)
    painted = 1000 * (time.perf_counter() - started)
    return {"bare": painted, "barePages": _pages(app, view, lambda: True)}


def main() -> int:
    """Starts, measures, prints, ends."""
    sys.setswitchinterval(SWITCH)
    app = QApplication(sys.argv[:1])
    inspector = Application(app, Path(os.environ["SETTINGS"]))
    window = inspector.open_file(Path(sys.argv[1]), sys.argv[2])
    window.resize(1440, 900)
    _wait(app, lambda: window.record.record is not None and window.tasks.is_idle())
    found = _ours(app, window)
    found |= _bare(app, found["rows"], window.record.history.table.size())
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    QTimer.singleShot(0, app.closeAllWindows)
    app.exec()
    return 0


if __name__ == "__main__":
    sys.exit(main())
