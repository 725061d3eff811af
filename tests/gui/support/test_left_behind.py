"""What a run leaves in the account: the settings, and a log where something went wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the folders are others elsewhere"
)
SECRET = "hunter2-secret"
RUN = """
import sys
from PySide6.QtCore import QTimer
from inspector.gui.app import application

def fail():
    raise ValueError("hunter2-secret")

def started(program):
    window = program.windows[0]
    def look():
        if window.is_complete and window.record.record is not None:
            timer.stop()
            if "fail" in sys.argv:
                QTimer.singleShot(0, fail)
            QTimer.singleShot(1, window.close)
    timer = QTimer(window, interval=1)
    timer.timeout.connect(look)
    timer.start()

sys.exit(application.run([], demo=True, started=started))
"""


def left(home: Path, *words: str) -> tuple[list[str], str]:
    """Runs the program until it shows a record; gives what it leaves and what it says."""
    base = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    ended = subprocess.run(
        [sys.executable, "-c", RUN, *words],
        cwd=ROOT,
        env={**base, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "USER": "zoe.quux"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    files = (each.relative_to(home) for each in home.rglob("*") if each.is_file())
    return sorted(map(str, files)), ended.stderr


def ours(files: list[str]) -> list[str]:
    return [name for name in files if "fontconfig" not in name]


def test_a_run_leaves_its_settings_and_nothing_else(tmp_path: Path) -> None:
    files, _ = left(tmp_path)
    assert ours(files) == [".config/stigmer-inspector/settings.json"]


def test_where_something_went_wrong_it_leaves_a_log_as_well(tmp_path: Path) -> None:
    files, said = left(tmp_path, "fail")
    log = ".local/state/stigmer-inspector/log"
    assert ours(files) == [".config/stigmer-inspector/settings.json", log]
    text = (tmp_path / log).read_text("utf-8")
    assert "ValueError" in text
    assert "ValueError" in said
    for word in (SECRET, str(tmp_path), "zoe.quux"):
        assert word not in text
        assert word not in said
