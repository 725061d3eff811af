"""The least a Qt window can do: ``python -m tests.bench.bare_qt`` ends after its first paint."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView


class _Ends(QObject):
    """Ends the process at the first paint."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Leave at once, as no program that is measured has to end well."""
        if event.type() == QEvent.Type.Paint:
            os._exit(0)
        return False


def main() -> int:
    """Shows a window with an empty table."""
    app = QApplication(sys.argv[:1])
    window, table, ends = QMainWindow(), QTableView(), _Ends()
    window.setCentralWidget(table)
    table.viewport().installEventFilter(ends)
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
