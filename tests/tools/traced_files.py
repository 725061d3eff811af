"""Counts the files of the package whose code runs while something is done in a window.

``python -m tests.tools.traced_files [--files] [--functions]`` opens the demo store in a real window
without a display, does each thing once unmeasured, so that nothing is counted that is made only at
the first time, and then once traced in all threads. A file counts once any function of it is
called, whoever calls it: the event loop, a worker, a view that is painted. ``--files`` names the
files, ``--functions`` what was called in each.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "inspector"
_PATIENCE: Final = 30.0  #: seconds until something that does not come is given up


class Tracer:
    """Notes the functions of the package that are called, in every thread begun after it."""

    def __init__(self) -> None:
        self._calls: dict[str, Counter[str]] | None = None
        self._names: dict[str, str] = {}
        threading.setprofile(self._called)
        sys.setprofile(self._called)

    def traced(self, do: Callable[[], None]) -> dict[str, Counter[str]]:
        """Do something; the functions that were called meanwhile, by their file, and how often."""
        calls = self._calls = defaultdict(Counter)
        try:
            do()
        finally:
            self._calls = None
        return calls

    def _called(self, frame: FrameType, event: str, _argument: Any) -> None:
        calls = self._calls
        if calls is None or event != "call":
            return
        path = frame.f_code.co_filename
        name = self._names.get(path)
        if name is None:
            inside = Path(path).is_relative_to(PACKAGE)
            name = Path(path).relative_to(PACKAGE).as_posix() if inside else ""
            self._names[path] = name
        if name:
            calls[name][frame.f_code.co_qualname] += 1


class Traced:
    """A window on the demo store, and what is done in it."""

    def __init__(self, settings: Path) -> None:
        from inspector.gui.app.application import (
            Application,
            DesktopApplication,
        )

        self.desktop = DesktopApplication(["inspector"])
        self.application = Application(self.desktop, settings)
        self.window = self.application.open_demo()
        self.until(lambda: self.window.record.record is not None)
        self.settle()

    def until(self, met: Callable[[], bool]) -> None:
        """Turn the event loop until something is so, and all that is to be painted is."""
        end = time.monotonic() + _PATIENCE
        while not met():
            if time.monotonic() > end:
                raise TimeoutError("What should have come did not.")
            self.desktop.processEvents()
        self.desktop.processEvents()

    def settle(self) -> None:
        """Wait until what follows on a record of its own is done too."""
        end = time.monotonic() + 1
        self.until(lambda: time.monotonic() > end)

    def go_down(self) -> None:
        """Press the arrow in the list; done once the next record is painted."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        before = self.window.record.record
        QTest.keyClick(self.window.records.table, Qt.Key.Key_Down)
        self.until(lambda: self.window.record.record not in (before, None))

    def export(self, to: Path) -> None:
        """Press Ctrl+E and give a name; done once the file is there and it is said."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QFileDialog

        to.unlink(missing_ok=True)
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        QTest.keyClick(self.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        (dialog,) = self.window.findChildren(QFileDialog)
        dialog.selectFile(os.fspath(to))
        dialog.accept()
        self.until(lambda: to.exists() and not self.window.tasks.is_busy("export"))


def _tell(what: str, calls: dict[str, Counter[str]], options: argparse.Namespace) -> None:
    rooms = Counter(name.partition("/")[0] for name in calls if "/" in name)
    rooms["beside them"] = sum("/" not in name for name in calls)
    by_room = ", ".join(f"{room} {number}" for room, number in rooms.most_common())
    print(f"{what}: {len(calls)} files ({by_room})")
    if options.files or options.functions:
        for name in sorted(calls):
            print(f"  {name} {sum(calls[name].values())}")
            if options.functions:
                for function, times in calls[name].most_common():
                    print(f"    {times:>6} {function}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", action="store_true", help="name the files")
    parser.add_argument("--functions", action="store_true", help="and what was called in them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            os.environ[name] = folder
        tracer = Tracer()
        traced = Traced(Path(folder) / "settings.json")
        to = Path(folder) / "record.json"
        for _ in range(2):
            traced.go_down()
            traced.settle()
        _tell("Arrow down to the record shown", tracer.traced(traced.go_down), options)
        _tell("What follows on it", tracer.traced(traced.settle), options)
        traced.export(to)
        traced.settle()
        _tell("Ctrl+E to the written file", tracer.traced(lambda: traced.export(to)), options)
        traced.window.close()


if __name__ == "__main__":
    main()
