"""Counts the files of the package whose code runs while something is done in a window.

``python -m tests.tools.traced_files [--files] [--functions]`` opens the demo store in a real window
without a display, does each thing once unmeasured, so that nothing is counted that is made only at
the first time, and then once traced in all threads. A file counts once any function of it is
called, whoever calls it: the event loop, a worker, a view that is painted. How many are left
without what runs only to paint and to lay out is told too. ``--files`` names the files,
``--functions`` what was called in each.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from pathlib import Path
from types import FrameType
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from inspector.gui.app.application import Application, DesktopApplication

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "inspector"
#: Functions that Qt calls to paint and to lay out; what runs within them is counted apart.
_PAINTING: Final = frozenset(
    (
        *("drawBranches", "drawRow", "paint", "paintEvent", "paintSection", "viewportEvent"),
        *("minimumSizeHint", "pixelMetric", "sizeHint"),
    )
)
_PATIENCE: Final = 30.0  #: seconds until something that does not come is given up


class Calls:
    """What was called.

    Attributes:
        functions: by their file, and how often.
        doing: the files without those that ran only to paint and to lay out.
    """

    def __init__(self) -> None:
        self.functions: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.doing: set[str] = set()


class Tracer:
    """Notes the functions of the package that are called, in every thread begun after it."""

    def __init__(self) -> None:
        self._calls: Calls | None = None
        self._names: dict[str, str] = {}
        self._painting = threading.local()  #: the frame within which a thread paints
        threading.setprofile(self._called)
        sys.setprofile(self._called)

    def traced(self, do: Callable[[], None]) -> Calls:
        """Do something; what was called meanwhile."""
        calls = self._calls = Calls()
        try:
            do()
        finally:
            self._calls = None
        return calls

    def _called(self, frame: FrameType, event: str, _argument: Any) -> None:
        calls = self._calls
        if calls is None:
            return
        painting: FrameType | None = getattr(self._painting, "frame", None)
        if event == "return" and frame is painting:
            self._painting.frame = None
        if event != "call":
            return
        path = frame.f_code.co_filename
        name = self._names.get(path)
        if name is None:
            inside = Path(path).is_relative_to(PACKAGE)
            name = Path(path).relative_to(PACKAGE).as_posix() if inside else ""
            self._names[path] = name
        if not name:
            return
        calls.functions[name][frame.f_code.co_qualname] += 1
        if painting is None and frame.f_code.co_name in _PAINTING:
            self._painting.frame = frame
        elif painting is None:
            calls.doing.add(name)


class Painted(QObject):
    """Watches whether a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.seen = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - of Qt
        """Note it."""
        self.seen = self.seen or event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


class Traced:
    """A window on the demo store, and what is done in it."""

    def __init__(self, settings: Path) -> None:
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
        pane = self.window.record  # which is code of the package, and not to be waited with
        before, watch = pane.record, Painted(pane.tree.viewport())
        QTest.keyClick(self.window.records.table, Qt.Key.Key_Down)
        self.until(lambda: pane.record not in (before, None))
        watch.seen = False
        self.until(lambda: watch.seen)

    def export(self, to: Path) -> None:
        """Press Ctrl+E and give a name; done once the file is there and it is said."""
        to.unlink(missing_ok=True)
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        QTest.keyClick(self.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        (dialog,) = self.window.findChildren(QFileDialog)
        dialog.selectFile(os.fspath(to))
        dialog.accept()
        self.until(lambda: to.exists() and not self.window.tasks.is_busy("export"))


def _by_room(names: Collection[str]) -> str:
    rooms = Counter(name.partition("/")[0] for name in names if "/" in name)
    rooms["beside them"] = sum("/" not in name for name in names)
    rooms_of = ", ".join(f"{room} {number}" for room, number in rooms.most_common() if number)
    return f"{len(names)} files ({rooms_of})"


def _tell(what: str, calls: Calls, options: argparse.Namespace) -> None:
    print(f"{what}: {_by_room(calls.functions)}")
    print(f"  without painting: {_by_room(calls.doing)}")
    if options.files or options.functions:
        for name, functions in sorted(calls.functions.items()):
            print(f"  {name} {sum(functions.values())}{'' if name in calls.doing else ' painting'}")
            if options.functions:
                for function, times in functions.most_common():
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
