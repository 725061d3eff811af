"""Questions for files: what is opened, and where something is exported to."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import Final, Protocol

from PySide6.QtCore import QDir, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from inspector.errors import CancelledError, InspectorError
from inspector.gui.dialogs import message_boxes
from inspector.gui.dialogs.message_boxes import take_icons_off
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.banner import Tone
from inspector.gui.widgets.notification_stack import Notification, NotificationStack

LINES: Final = "One record per line (*.ndjson)"
ARRAY: Final = "JSON array (*.json)"
LIST: Final = "The list as CSV (*.csv)"  #: what stands in its columns
_ENDING: Final = re.compile(r"\*\.(\w+)\)")
_MAPS = ["Maps (*.inspect.toml *.toml)", "All files (*)"]


def ask_export(
    parent: QWidget, proposed: Path, write: Callable[[Path], None], *, secrets: bool
) -> QFileDialog:
    """Ask where a record is written to; ``write`` is called with the answer, if there is one."""
    title = "Export including secrets" if secrets else "Export"
    dialog = QFileDialog(parent, title, os.fspath(proposed.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(["JSON (*.json)", "All files (*)"])
    dialog.setDefaultSuffix("json")
    dialog.selectFile(proposed.name)
    return _opened(dialog, write)


def ask_export_rows(
    parent: QWidget,
    title: str,
    proposed: Path,
    write: Callable[[Path], None],
    forms: Sequence[str],
) -> QFileDialog:
    """Ask where several records are written to.

    Args:
        parent: the window that asks.
        title: of the box.
        proposed: the file, its ending that of one of the forms.
        write: called with the answer, if there is one.
        forms: what can be written, each with its ending; choosing one gives the name that ending.
    """
    dialog = QFileDialog(parent, title, os.fspath(proposed.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([*forms, "All files (*)"])

    def end_as(form: str) -> None:
        ending = _ENDING.search(form)
        if ending is None:
            return
        dialog.setDefaultSuffix(ending[1])
        for name in dialog.selectedFiles()[:1]:
            dialog.selectFile(Path(name).with_suffix(f".{ending[1]}").name)

    dialog.selectFile(proposed.name)
    first = next((form for form in forms if form.endswith(f"{proposed.suffix})")), forms[0])
    dialog.selectNameFilter(first)
    end_as(first)
    dialog.filterSelected.connect(end_as)
    return _opened(dialog, write)


def ask_new_store(
    parent: QWidget, title: str, proposed: Path, write: Callable[[Path], None]
) -> QFileDialog:
    """Ask where a store is written to, such as a copy of the whole one."""
    dialog = QFileDialog(parent, title, os.fspath(proposed.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(["Stores (*.sqlite *.db *.sqlite3)", "All files (*)"])
    dialog.setDefaultSuffix("sqlite")
    dialog.selectFile(proposed.name)
    return _opened(dialog, write)


def ask_save_map(parent: QWidget, proposed: Path, write: Callable[[Path], None]) -> QFileDialog:
    """Ask where a map of a file is written to."""
    dialog = QFileDialog(parent, "Save map", os.fspath(proposed.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(_MAPS)
    dialog.setDefaultSuffix("inspect.toml")
    dialog.selectFile(proposed.name)
    return _opened(dialog, write)


def ask_map(parent: QWidget, begin: Path, take: Callable[[Path], None]) -> QFileDialog:
    """Ask for a map of a file."""
    dialog = QFileDialog(parent, "Use a map", os.fspath(begin))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(_MAPS)
    return _opened(dialog, take)


def ask_open(parent: QWidget, folder: str, take: Callable[[Sequence[Path]], None]) -> QFileDialog:
    """Ask for stores, several at once; hidden folders are shown, since stores lie in one.

    Args:
        parent: the window that asks.
        folder: where to begin; the usual place of stores where it is empty or gone.
        take: called with what was chosen, if anything was.
    """
    home = Path.home()
    places = [Path(folder)] if folder else []
    places += [home / ".stigmer", home]
    begin = next((place for place in places if place.is_dir()), home)
    dialog = QFileDialog(parent, "Open a store", os.fspath(begin))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters(["Stores (*.sqlite *.db *.sqlite3)", "All files (*)"])
    dialog.setFilter(QDir.Filter.AllEntries | QDir.Filter.Hidden | QDir.Filter.NoDotAndDotDot)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    take_icons_off(dialog)
    dialog.filesSelected.connect(lambda names: take([Path(name) for name in names]))
    dialog.open()
    return dialog


def ask_other_store(parent: QWidget, folder: str, take: Callable[[Path], None]) -> QFileDialog:
    """Ask for a store to compare with; hidden folders are shown, since stores lie in one."""
    dialog = QFileDialog(parent, "Compare with a store", folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(["Stores (*.sqlite *.db *.sqlite3)", "All files (*)"])
    dialog.setFilter(QDir.Filter.AllEntries | QDir.Filter.Hidden | QDir.Filter.NoDotAndDotDot)
    return _opened(dialog, take)


def ask_schema(
    parent: QWidget, begin: Path, take: Callable[[Path], None], *, folder: bool
) -> QFileDialog:
    """Ask for a schema of one's own, a file or a folder; ``take`` is called with the answer."""
    title = "Read with the schema in a folder" if folder else "Read with a schema"
    dialog = QFileDialog(parent, title, os.fspath(begin))
    if folder:
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    else:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        kinds = "*.whl *.binpb *.pb *.desc *.protoset *.bin *.proto *_pb2.py"
        dialog.setNameFilters([f"Schemas ({kinds})", "All files (*)"])
    return _opened(dialog, take)


def _opened(dialog: QFileDialog, take: Callable[[Path], None]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    take_icons_off(dialog)
    dialog.fileSelected.connect(lambda name: take(Path(name)))
    dialog.open()
    return dialog


# Asks where something is exported to; writes it there, told by a banner how far it is.


class ExportFolder(Protocol):
    """What remembers the folder of the last export; empty where there was none."""

    export_folder: str


class ExportDialogs:
    """Asks in a window for files, none of which may be the store's own.

    Args:
        parent: the window.
        memory: the settings.
        store: gives the real path of the store that is open.
    """

    def __init__(
        self, parent: QWidget, memory: ExportFolder, store: Callable[[], Path | None]
    ) -> None:
        self._parent, self._memory, self.store = parent, memory, store

    def ask(self, name: str, write: Callable[[Path], None], *, secrets: bool = False) -> None:
        """Ask for a file of JSON; ``write`` is called with the answer, if there is one."""
        proposed = self._folder() / name
        ask_export(self._parent, proposed, self._keeping(write), secrets=secrets)

    def ask_rows(
        self,
        title: str,
        name: str,
        write: Callable[[Path], None],
        forms: Sequence[str] = (LINES, ARRAY, LIST),
    ) -> None:
        """Ask for a file of several records, of one of some forms."""
        proposed = self._folder() / name
        ask_export_rows(self._parent, title, proposed, self._keeping(write), forms)

    def ask_new_store(self, title: str, name: str, write: Callable[[Path], None]) -> None:
        """Ask for a file for a store, whole or in part."""
        proposed = self._folder() / name
        ask_new_store(self._parent, title, proposed, self._keeping(write))

    def ask_map(self, name: str, write: Callable[[Path], None]) -> None:
        """Ask for a file of a map, beginning where exports go and not beside the store."""
        proposed = self._folder() / name
        ask_save_map(self._parent, proposed, self._keeping(write))

    def fail(self, error: InspectorError) -> None:
        """Say why nothing was written."""
        message_boxes.failed(self._parent, error)

    def _folder(self) -> Path:
        place = QStandardPaths.StandardLocation.DocumentsLocation
        return Path(self._memory.export_folder or QStandardPaths.writableLocation(place))

    def _keeping(self, write: Callable[[Path], None]) -> Callable[[Path], None]:
        def kept(path: Path) -> None:
            self._memory.export_folder = os.fspath(path.parent)
            write(path)

        return kept


_RANK: Final = 4
ROWS_CHANNEL: Final = "export of rows"

#: Says in a few words what is being done.
Doing = Callable[[str], None]


class StoreSaving:
    """The saving of one kind of store, or of rows of one, which can be cancelled in the banner.

    Args:
        channel: the channel it is written in, which is a noun too: ``snapshot``.
        tasks: what writes.
        alerts: say how far it is.
        dialogs: say why nothing was written.
        tell: says what was done.
        what: what is done, where it is not the saving of what the channel is called.
        stopped: the sentence on having been cancelled, likewise.
    """

    def __init__(
        self,
        channel: str,
        tasks: Tasks,
        alerts: NotificationStack,
        dialogs: ExportDialogs,
        tell: Callable[[str], None],
        what: str = "",
        stopped: str = "",
    ) -> None:
        self._channel = channel
        self._what = what or f"Saving a {channel}"
        self._stopped = stopped or f"{channel.capitalize()} cancelled; nothing was written."
        self._tasks, self._alerts, self._dialogs, self._tell = tasks, alerts, dialogs, tell

    def run(self, write: Callable[[Event, Doing], str]) -> None:
        """Write; what is given back is the sentence on what was done."""
        doing = ""

        def work(cancel: Event, report: Report) -> str:
            def told(words: str) -> None:
                nonlocal doing
                doing = words
                report(0, 0)

            return write(cancel, told)

        def done(sentence: str) -> None:
            self._alerts.drop(self._channel)
            self._tell(sentence)

        def fail(error: InspectorError) -> None:
            self._alerts.drop(self._channel)
            if isinstance(error, CancelledError):
                self._tell(self._stopped)
            else:
                self._dialogs.fail(error)

        self._say(doing)
        self._tasks.run(self._channel, work, done, fail, lambda *_: self._say(doing), slow=True)

    def _say(self, doing: str) -> None:
        words = f"{self._what}: {doing}." if doing else f"{self._what}\N{HORIZONTAL ELLIPSIS}"
        cancel = ("Cancel", lambda: self._tasks.cancel(self._channel))
        again = self._channel in self._alerts
        self._alerts.tell(
            Notification(self._channel, _RANK, Tone.NOTE, words, "", (cancel,), quiet=again)
        )


def row_saving(
    tasks: Tasks, alerts: NotificationStack, dialogs: ExportDialogs, tell: Callable[[str], None]
) -> StoreSaving:
    """What writes records, or rows of a table, to a file."""
    words = "Exporting", "Export cancelled; the file was not changed."
    return StoreSaving(ROWS_CHANNEL, tasks, alerts, dialogs, tell, *words)


def so_far(done: int, total: int) -> str:
    """How far an export is; ``total`` is 0 where it is not known."""
    return f"{done:,} of {total:,} written" if total else f"{done:,} written"
