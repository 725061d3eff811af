"""A fault that ends Python: where it was is in the log of the next start, and nothing else."""

from __future__ import annotations

import faulthandler
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.gui.support.fault_log import FaultLog, without_paths
from tests.places import ROOT

FAULT = """
import ctypes, sys
from pathlib import Path
from inspector.gui.support.fault_log import FaultLog

def where_it_was(hunter2_secret):
    ctypes.string_at(0)

FaultLog(Path(sys.argv[1]), print).start()
where_it_was("hunter2-secret")
"""


def fault(folder: Path, script: Path) -> None:
    script.parent.mkdir(parents=True)
    script.write_text(FAULT)
    ended = subprocess.run(
        [sys.executable, str(script), str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert ended.returncode != 0
    assert ended.stdout == b""


@pytest.fixture
def no_handler() -> None:
    """The handler of the tests is out of the way."""
    faulthandler.disable()


@pytest.mark.usefixtures("no_handler")
def test_where_it_was_is_told_at_the_next_start(tmp_path: Path) -> None:
    fault(tmp_path / "state", tmp_path / "zoe.quux" / "script.py")
    said: list[str] = []
    file = FaultLog(tmp_path / "state", said.append)
    file.start()
    try:
        [text] = said
        assert text.startswith("In an earlier run: Fatal Python error: Segmentation fault")
        assert 'File "script.py", line' in text
        assert "in where_it_was" in text
        for word in ("zoe", str(tmp_path), "hunter2-secret"):
            assert word not in text
        assert len(list((tmp_path / "state").iterdir())) == 1
    finally:
        file.stop()
    assert not (tmp_path / "state").exists()


@pytest.mark.usefixtures("no_handler")
def test_it_leaves_others_alone(tmp_path: Path) -> None:
    living, gone = tmp_path / f"fault-{os.getppid()}", tmp_path / "fault-999999999"
    living.touch()
    gone.touch()
    (tmp_path / "log").write_text("line")
    file = FaultLog(tmp_path, pytest.fail)
    file.start()
    assert faulthandler.is_enabled()
    assert living.exists()
    assert not gone.exists()
    file.stop()
    assert not faulthandler.is_enabled()
    assert {path.name for path in tmp_path.iterdir()} == {living.name, "log"}


def test_who_has_a_handler_already_keeps_it(tmp_path: Path) -> None:
    faulthandler.enable()
    file = FaultLog(tmp_path / "state", pytest.fail)
    file.start()
    file.stop()
    assert faulthandler.is_enabled()
    assert not (tmp_path / "state").exists()


@pytest.mark.usefixtures("no_handler")
def test_a_folder_that_cannot_be_made_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    file = FaultLog(tmp_path / "file" / "state", pytest.fail)
    file.start()
    file.stop()


def test_of_our_own_files_the_place_in_the_package_is_told() -> None:
    lines = (
        '  File "/home/zoe/inspector/secret/inspector/gui/app/application.py", line 3 in run\n'
        '  File "C:\\Users\\zoe\\lib\\json.py", line 4 in load\n'
    )
    assert without_paths(lines) == (
        '  File "inspector/gui/app/application.py", line 3 in run\n  File "json.py", line 4 in load'
    )
