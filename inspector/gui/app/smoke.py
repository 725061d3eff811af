"""Whether the window works where it is installed: it is shown, looked at, and closed again.

``stigmer-inspector --smoke --demo`` is for tests/tools/smoke.py, not for people. It prints a line
for each kind in the window, with a tab and the number of records, and its exit code is 0 when
records of the store were painted, else 1 with a sentence on stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer

from inspector.gui.app.application import Application, run
from inspector.gui.kinds.kinds_model import EntryType, KindEntry

_PATIENCE: Final = 60_000  #: milliseconds


class Smoke(QObject):
    """Looks at the first window until it shows records, and then closes all windows.

    Attributes:
        failure: what went wrong, in a sentence; empty once records were painted.
        kinds: the kinds in the window.
    """

    def __init__(self, inspector: Application) -> None:
        super().__init__(inspector)
        self.failure = "The window was closed before it showed records."
        self.kinds: list[KindEntry] = []
        self._inspector = inspector
        self._window = inspector.windows[0]
        self._window.store_controller.refused.connect(lambda error: self._end(str(error)))
        ground = self._window.records.table.viewport()
        ground.installEventFilter(self)
        self._window.closing.connect(lambda _: ground.removeEventFilter(self))
        late = QTimer(self, singleShot=True, interval=_PATIENCE)
        late.timeout.connect(lambda: self._end("The window showed no records for a minute."))
        late.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Notice records being painted."""
        if event.type() != QEvent.Type.Paint or self.kinds:
            return False
        if self._window.records.table.model().rowCount():
            shown = self._window.kinds.kinds
            rows = (shown.entry(row) for row in range(shown.rowCount()))
            self.kinds = [row for row in rows if row is not None and row.type is EntryType.KIND]
            QTimer.singleShot(0, self, lambda: self._end(""))
        return False

    def _end(self, failure: str) -> None:
        self.failure = failure
        for window in list(self._inspector.windows):
            window.close()


def smoke(paths: Sequence[str], *, demo: bool) -> int:
    """Run the window as :func:`inspector.gui.app.application.run` does, and tell what it showed.

    Returns:
        The exit code: 0 when it showed records, else 1.
    """
    watching: list[Smoke] = []
    code = run(paths, demo=demo, started=lambda inspector: watching.append(Smoke(inspector)))
    seen = watching[0]
    for kind in seen.kinds:
        sys.stdout.write(f"{kind.kind}\t{kind.count}\n")
    if seen.failure:
        sys.stderr.write(f"{seen.failure}\n")
    return 1 if seen.failure else code
