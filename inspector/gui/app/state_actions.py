"""Opens a window on another state of the store, and compares states."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from inspector.gui.actions import Actions
from inspector.gui.app.store_controller import OpenedStore
from inspector.gui.comparison.comparison_dialog import ComparedStates, ComparisonDialog
from inspector.gui.dialogs.export_dialogs import ExportDialogs
from inspector.gui.dialogs.file_dialogs import ask_other_store
from inspector.gui.history.version_actions import VersionActions
from inspector.gui.moments.commits_dialog import CommitsDialog
from inspector.gui.tasks import Tasks
from inspector.session.store_moment import StoreMoment
from inspector.store.rows import Form, Label
from inspector.store.store import Store

if TYPE_CHECKING:
    from inspector.session.session import Session

#: Opens a state of a store, at a record by ``KIND/ID``, or where the window was.
OpenState = Callable[[StoreMoment, str], None]
_FILES: Final = (Form.SQLITE, Form.JSON, Form.FOREIGN)


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
        self._session = answer.source
        may_have = facts.form in _FILES and facts.label is not Label.DEMO
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
