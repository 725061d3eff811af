"""What is done with the file of a store: its path, a copy of it, earlier states of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from inspector.gui.actions import Actions
from inspector.gui.app.store_controller import OpenedStore
from inspector.gui.comparison.comparison_dialog import ComparedStates, ComparisonDialog
from inspector.gui.dialogs.file_dialogs import Doing, ExportDialogs, StoreSaving, ask_other_store
from inspector.gui.history.history_loader import VersionActions
from inspector.gui.moments.commits_dialog import CommitsDialog
from inspector.gui.style.text_format import copied
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.notification_stack import NotificationStack
from inspector.plurals import counted
from inspector.session.store_copy import save_copy
from inspector.session.store_moment import StoreMoment
from inspector.store.rows import Form, Label, StoreFacts
from inspector.store.store import Store

if TYPE_CHECKING:
    from inspector.session.session import Session


_ACTIONS = ("reveal_file", "copy_file_path")


def reveal(path: Path) -> bool:
    """Show a file in the desktop's file manager, selected where that can be asked for.

    Returns:
        False where no file manager could be started.
    """
    if sys.platform == "darwin":
        return QProcess.startDetached("open", ["-R", os.fspath(path)])[0]
    if sys.platform == "win32":
        return QProcess.startDetached("explorer", [f"/select,{path}"])[0]
    return QDesktopServices.openUrl(QUrl.fromLocalFile(os.fspath(path.parent)))


class FileActions:
    """What those actions do; of the store that is built in there is nothing to do.

    Args:
        actions: of the window.
        facts: gives what the file is that is open.
        tell: says a sentence in the status line.
    """

    def __init__(
        self,
        actions: Actions,
        facts: Callable[[], StoreFacts | None],
        tell: Callable[[str], None],
    ) -> None:
        self._actions, self._facts, self._tell = actions, facts, tell
        actions.enable(_ACTIONS, on=False)

    def enable(self) -> None:
        """A store is open."""
        facts = self._facts()
        on = facts is not None and facts.label is not Label.DEMO
        self._actions.enable(_ACTIONS, on=on)

    def _path(self) -> Path | None:
        facts = self._facts()
        return Path(facts.path).absolute() if facts is not None else None

    def reveal(self) -> None:
        """Show the file where it lies."""
        path = self._path()
        if path is not None and not reveal(path):
            self._tell("No file manager could be started.")

    def copy_path(self) -> None:
        """Copy the path of the file."""
        path = os.fspath(self._path() or "")
        QGuiApplication.clipboard().setText(path)
        self._tell(copied("file path", path))


CHANNEL: Final = "snapshot"
_SNAPSHOT_FORMS: Final = (Form.SQLITE, Form.FOREIGN)


class SnapshotAction:
    """Saves the store that is open; while it is written the banner says how far it is.

    Args:
        action: enabled where there is something to save.
        tasks: what writes.
        alerts: say how far it is.
        dialogs: ask for a file.
        tell: says what was done.
    """

    def __init__(
        self,
        action: QAction,
        tasks: Tasks,
        alerts: NotificationStack,
        dialogs: ExportDialogs,
        tell: Callable[[str], None],
    ) -> None:
        self._action = action
        self._dialogs = dialogs
        self._saving = StoreSaving(CHANNEL, tasks, alerts, dialogs, tell)
        self._session: Session | None = None
        self._name = ""
        action.setEnabled(False)

    def begin(self, answer: OpenedStore) -> None:
        """A store was opened."""
        self._session = answer.session
        self._name = Path(answer.facts.path).stem
        self._action.setEnabled(answer.facts.form in _SNAPSHOT_FORMS)

    def ask(self) -> None:
        """Ask for a file and write it."""
        session = self._session
        if session is not None:
            name = f"{self._name}-snapshot.sqlite"
            self._dialogs.ask_new_store(
                "Save snapshot", name, lambda path: self._save(session, path)
            )

    def _save(self, session: Session, path: Path) -> None:
        def write(cancel: Event, doing: Doing) -> str:
            def report(done: int, total: int) -> None:
                doing(f"{done:,} of {counted(total, 'page')}")

            save_copy(session, path, cancel, report)
            damage = session.store.damage
            said = f"Snapshot written to {path}. The secrets of the store are in it."
            return f"{said} {damage}" if damage is not None else said

        self._saving.run(write)


#: Opens a state of a store, at a record by ``KIND/ID``, or where the window was.
OpenState = Callable[[StoreMoment, str], None]
_STATE_FORMS: Final = (Form.SQLITE, Form.JSON, Form.FOREIGN)


class StateActions:
    """What those actions of a window do.

    Args:
        parent: the window.
        tasks: its worker.
        actions: of the window.
        dialogs: ask for files.
        open_state: opens a window.
    """

    def __init__(
        self,
        parent: QWidget,
        tasks: Tasks,
        actions: Actions,
        dialogs: ExportDialogs,
        open_state: OpenState,
    ) -> None:
        self._parent, self._tasks, self._actions = parent, tasks, actions
        self._dialogs, self._open = dialogs, open_state
        self._session: Session | None = None
        actions.enable(("commits", "compare_store", "compare_newest"), on=False)

    def begin(self, answer: OpenedStore) -> None:
        """A store was opened."""
        facts = answer.facts
        self._session = answer.session
        may_have = facts.form in _STATE_FORMS and facts.label is not Label.DEMO
        self._actions["commits"].setEnabled(may_have)
        is_store = facts.form in (Form.SQLITE, Form.JSON)
        self._actions["compare_store"].setEnabled(is_store)
        self._actions["compare_newest"].setEnabled(is_store and facts.commit is not None)

    def ask_commit(self) -> CommitsDialog | None:
        """List the commits of the log, and open the state that is chosen."""
        if self._session is None:
            return None
        session = self._session
        if session.store.moment is not None:
            session = session.reading(Store(session.store.path))
        dialog = CommitsDialog(self._parent, self._tasks, session)
        dialog.chosen.connect(lambda moment: self._open(moment, ""))
        dialog.compare_wanted.connect(self._compare_with)
        dialog.open()
        return dialog

    def open_listed(self, versions: VersionActions) -> None:
        """Open the whole store as of the commit that the version looked at is from."""
        session, version = self._session, versions.version()
        if session is None or version is None or version.logged is None:
            return
        logged = version.logged
        moment = StoreMoment(session.store.path, logged.commit, logged.generation)
        # A name with an @ in it cannot be asked for so.
        named = f"{version.kind}/{version.id}"
        self._open(moment, "" if "@" in named else named)

    def open_newest(self) -> None:
        """Open the store as it is now."""
        if self._session is not None:
            self._open(StoreMoment(self._session.store.path), "")

    # Comparing

    def ask_compare(self) -> None:
        """Ask for another store, such as a snapshot, and compare it with what is shown."""
        session = self._session
        if session is not None:
            folder = os.path.dirname(session.store.path)
            ask_other_store(
                self._parent, folder, lambda path: self._compare_with(StoreMoment(os.fspath(path)))
            )

    def compare_newest(self) -> None:
        """Compare the earlier state that is shown with the store as it is now."""
        shown = self._shown()
        if shown is not None:
            self._compare(shown, StoreMoment(shown.path))

    def _compare_with(self, before: StoreMoment) -> None:
        shown = self._shown()
        if shown is not None:
            self._compare(before, shown)

    def _shown(self) -> StoreMoment | None:
        session = self._session
        if session is None:
            return None
        moment = session.store.moment
        if moment is None:
            return StoreMoment(session.store.path)
        return StoreMoment(session.store.path, moment.number, moment.generation)

    def _compare(self, before: StoreMoment, after: StoreMoment) -> None:
        if self._session is not None:
            states = ComparedStates(before, after, self._session.schema)
            ComparisonDialog(self._parent, self._tasks, states, self._dialogs).show()
