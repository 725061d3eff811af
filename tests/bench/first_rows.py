"""One start of the program, timed from within: ``python -m tests.bench.first_rows [FILE]``.

Prints a JSON object: milliseconds from ``STARTED`` (``time.monotonic()`` of the parent) to the
first paint and to the first rows on screen, memory and processor time then, and how long a record
takes from its row being chosen to its tree being painted.
"""

from __future__ import annotations

# ruff: noqa: E402 - all of it is imported as the program imports it
import gc

from inspector.gui.enum_creation import create_quickly
from inspector.gui.signature_loading import signatures_later
from inspector.launch import import_plainly

gc.disable()
create_quickly()
with signatures_later():
    import PySide6.QtCore  # noqa: F401
import_plainly()

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from inspector.__main__ import COLLECT
from inspector.gui.app.application import SWITCH, Application
from inspector.gui.app.main_window import MainWindow

_RECORDS = 20


class _Paints(QObject):
    """Tells when a widget was painted next, and when it first was with rows in it."""

    def __init__(self, rows: Callable[[], int] = int) -> None:
        super().__init__()
        self._rows = rows
        self.seen = 0
        self.with_rows = 0.0
        self.processor, self.memory = 0.0, 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Count paint events."""
        if event.type() == QEvent.Type.Paint:
            self.seen += 1
            if self._rows():
                # Comes behind the paint, and before whatever the program does after it.
                urgent = Qt.EventPriority.HighEventPriority
                QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), urgent.value)
        return False

    def event(self, event: QEvent) -> bool:
        """The paint with rows is done."""
        if event.type() == QEvent.Type.User and not self.with_rows:
            self.with_rows = _since_start()
            # Not later: what comes after the first rows takes longer than all before.
            self.processor = 1000 * time.process_time()
            self.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return super().event(event)


def _wait(app: QApplication, until: object) -> None:
    assert callable(until)
    deadline = time.monotonic() + 60
    while not until():
        if time.monotonic() > deadline:
            raise SystemExit("nothing came for a minute")
        app.processEvents()
        time.sleep(0.0002)


def _since_start() -> float:
    return 1000 * (time.monotonic() - float(os.environ["STARTED"]))


def _selections(app: QApplication, window: MainWindow) -> list[float]:
    """Milliseconds from choosing a row to the painted tree, for the first records."""
    paints, times = _Paints(), []
    window.record.tree.viewport().installEventFilter(paints)
    rows = min(_RECORDS, window.records.table.model().rowCount())
    for row in range(1, rows):
        before = window.record.record
        started = time.monotonic()
        window.records.table.selectRow(row)
        _wait(app, lambda before=before: window.record.record is not before)
        painted = paints.seen
        _wait(app, lambda painted=painted: paints.seen > painted)
        times.append(1000 * (time.monotonic() - started))
        _wait(app, window.tasks.is_idle)
    return times


def main() -> int:
    """Starts, measures, prints, ends."""
    gc.freeze()
    gc.enable()
    sys.setswitchinterval(SWITCH)
    gc.set_threshold(*COLLECT)
    app = QApplication(sys.argv[:1])
    inspector = Application(app, Path(os.environ["SETTINGS"]))
    window = inspector.open_file(Path(sys.argv[1])) if sys.argv[1:] else inspector.open_demo()
    paints = _Paints(window.records.table.model().rowCount)
    window.records.table.viewport().installEventFilter(paints)
    _wait(app, lambda: paints.seen > 0)
    first_paint = _since_start()
    _wait(app, lambda: paints.with_rows > 0)
    first_rows = paints.with_rows
    _wait(app, window.tasks.is_idle)
    found = {
        "firstPaint": first_paint,
        "firstRows": first_rows,
        "memory": paints.memory,
        "processor": paints.processor,
        "selections": _selections(app, window),
    }
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    QTimer.singleShot(0, window.close)
    app.exec()
    return 0


if __name__ == "__main__":
    sys.exit(main())
