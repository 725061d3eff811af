"""Windows that more than one test of the list begins with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.gui.kinds.kinds_model import EntryType
from inspector.session.session import Session
from tests.gui.records.test_filter_sort import KIND, STORE, Lists
from tests.gui.windows import Driver
from tests.places import REAL


@pytest.fixture
def executions(qtbot: QtBot) -> Iterator[Lists]:
    """The list of a kind that expressions are asked of, with a record of it on screen."""
    made = Lists(qtbot)
    made.window.resize(1440, 900)
    made.open(STORE)
    made.window.activateWindow()
    made.choose_entry(EntryType.KIND, KIND)
    made.wait(lambda: made.at()[0] == KIND)
    yield made
    made.window.close()


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> Iterator[Driver]:
    """The list of a kind that is full of secrets, the first record chosen."""
    store = REAL / "v2-clean" / "stigmer.db"
    made = Driver(qtbot)
    made.window.settings.export_folder = str(tmp_path)
    made.open(store, "environment/" + Session.open(store).records("environment").rows[0].id)
    made.wait(lambda: bool(made.window.records.table.selected_rows()))
    yield made
    made.window.close()
