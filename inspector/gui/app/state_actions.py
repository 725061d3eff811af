"""Opens a window on an earlier state of the store, and one on its newest from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from inspector.gui.actions import Actions
from inspector.gui.app.store_controller import OpenedStore
from inspector.gui.history.version_actions import VersionActions
from inspector.gui.moments.commits_dialog import CommitsDialog
from inspector.gui.tasks import Tasks
from inspector.session.store_moment import StoreMoment
from inspector.store.rows import Form, Label

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
        open_state: opens a window.
    """

    def __init__(
        self, parent: QWidget, tasks: Tasks, actions: Actions, open_state: OpenState
    ) -> None:
        self._parent, self._tasks, self._actions = parent, tasks, actions
        self._open = open_state
        self._session: Session | None = None
        actions["commits"].setEnabled(False)

    def begin(self, answer: OpenedStore) -> None:
        """A store was opened."""
        facts = answer.facts
        self._session = answer.source
        may_have = facts.form in _FILES and facts.label is not Label.DEMO
        self._actions["commits"].setEnabled(may_have and facts.commit is None)

    def ask_commit(self) -> CommitsDialog | None:
        """List the commits of the log, and open the state that is chosen."""
        if self._session is None:
            return None
        dialog = CommitsDialog(self._parent, self._tasks, self._session)
        dialog.chosen.connect(lambda moment: self._open(moment, ""))
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
