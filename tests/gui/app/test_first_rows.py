"""What a start reads before its first rows are on the screen: no more than they need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import REAL, ROOT

_START = """
import gc, json, linecache, os, sys
from inspector import launch
from inspector.__main__ import main

def painted(window):
    rows = window.records.table.model()
    names = [rows.index(row, 1).data() for row in range(rows.rowCount())]
    ours = [name for name in linecache.cache if f"{os.sep}inspector{os.sep}" in name]
    from inspector.gui.settings.settings import default_path
    found = {"rows": names, "modules": sorted(sys.modules), "sources": ours, "looks": looks}
    found["written"] = list(map(str, default_path().parent.glob("settings*")))
    print(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)

looks = []
plainly = launch.import_plainly

def hook():
    plainly()
    from inspector.gui.app.main_window import MainWindow
    MainWindow.complete = painted
    gc.callbacks.append(lambda phase, _found: looks.append(phase))

launch.import_plainly = hook
main()
"""

#: What a list of records needs nothing of.
_LATER = (
    "dataclasses",
    "inspector.decode.contested",
    "inspector.decode.alternative_readings",
    "inspector.decode.doubts",
    "inspector.gui.record.record_pane",
    "inspector.gui.app.deferred_parts",
    "inspector.gui.activity",
    "inspector.gui.bytes",
    "inspector.gui.cells.change_look",
    "inspector.gui.dialogs",
    "inspector.gui.diff",
    "inspector.gui.events",
    "inspector.gui.fields",
    "inspector.gui.history",
    "inspector.gui.message",
    "inspector.gui.records.row_marks",
    "inspector.gui.text",
    "inspector.gui.values",
    "inspector.history.difference",
    "inspector.session.seen_changes",
    "inspector.session.neighbours",
    "logging.handlers",
    "shibokensupport.signature.parser",
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What a start has loaded when its first rows are painted."""
    home = tmp_path_factory.mktemp("home")
    store = Path(REAL / "v2-clean" / "stigmer.db")
    own = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config")}
    done = subprocess.run(
        [sys.executable, "-c", _START, str(store)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **own},
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    answer: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_rows_are_listed(found: dict[str, list[str]]) -> None:
    assert len(found["rows"]) == 10
    assert all(found["rows"])


@pytest.mark.parametrize("name", _LATER)
def test_views_of_a_record_are_loaded_later(name: str, found: dict[str, list[str]]) -> None:
    loaded = found["modules"]
    assert not [one for one in loaded if one == name or one.startswith(f"{name}.")]


def test_importing_reads_no_sources(found: dict[str, list[str]]) -> None:
    assert found["sources"] == []


def test_the_collector_looks_at_nothing(found: dict[str, list[str]]) -> None:
    assert found["looks"] == []


def test_the_first_rows_do_not_wait_for_what_is_remembered(found: dict[str, list[str]]) -> None:
    assert found["written"] == []
