"""What is being done for a list of records: told in its footer, stopped there and gone on with."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from inspector.errors import CancelledError, InspectorError
from inspector.gui.models.records import RecordsModel
from inspector.gui.sifting import Sifting
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.pages import WorkFooter


class ListWork(QObject):
    """Tells in a footer how far counting is, and serves the footer's buttons.

    What is looked for is told there by :class:`Sifting` itself, and goes before counting.

    ``failed`` tells an error that is not a stop somebody asked for.
    """

    failed = Signal(object)

    def __init__(
        self, tasks: Tasks, records: RecordsModel, sifting: Sifting, footer: WorkFooter
    ) -> None:
        super().__init__(records)
        self._tasks, self._records = tasks, records
        self._sifting, self._footer = sifting, footer
        records.counted.connect(self._counted)
        records.working.connect(self._working)
        records.failed.connect(self._failed)
        sifting.failed.connect(self._failed)
        footer.cancelled.connect(self._cancel)
        footer.continued.connect(self._continue)

    def _counted(self) -> None:
        if not self._sifting.busy:
            self._footer.finish()

    def _working(self, done: int, total: int) -> None:
        if not self._sifting.busy:
            self._footer.progress(done, total)

    def _cancel(self) -> None:
        if not self._sifting.cancel():
            self._tasks.cancel("anchors")

    def _continue(self) -> None:
        if not self._sifting.resume():
            self._records.count_again()

    def _failed(self, error: InspectorError) -> None:
        if isinstance(error, CancelledError):
            number = self._records.rowCount()
            self._footer.stopped(f"Stopped counting. The first {number:,} are here.")
            return
        self._footer.finish()
        self.failed.emit(error)
