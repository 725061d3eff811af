"""The window while everything is searched: its frames beside idle ones, and how soon it stops.

A frame is asked for every 16 ms, as by a screen: what counts is how late it is painted, and the
painting. ``python -m tests.bench.search_frames FILE`` measures one window and prints JSON.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median, quantiles
from typing import Any, Final

from PySide6.QtWidgets import QApplication

from inspector.__main__ import COLLECT
from inspector.gui.app.application import SWITCH
from inspector.gui.app.main_window import MainWindow
from inspector.gui.settings.settings import Settings
from inspector.session.session import Session
from tests.bench.large_stores import large_store
from tests.bench.paired import Line

_MANY: Final = 100_000
_FEW: Final = 10_000
_SHORT_ROUNDS: Final = 3
_FRAME: Final = 16.0  #: milliseconds
_FRAMES: Final = 150  #: of a part
_PARTS: Final = 4  #: idle and searching, in turn
_STOPS: Final = 7
_GOAL: Final = 1.5
_SOON: Final = 100.0  #: milliseconds


def lines(rounds: int) -> Iterator[Line]:
    """Frames while texts, and while numbers and times are searched; and the stop of a search."""
    path = large_store(_FEW if rounds <= _SHORT_ROUNDS else _MANY)
    command = [sys.executable, "-m", "tests.bench.search_frames", str(path)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    for name in ("texts", "values"):
        during, idle = told[name], told["idle"]
        note = f"every {_FRAME:.0f} ms; longest {told['longest']:.1f}"
        yield Line(
            *(f"frame while {name} are searched, p95", "an idle frame", during, idle),
            *(during / idle, _PARTS, _GOAL, note),
        )
    stop = told["stop"]
    note = f"longest of {_STOPS}: {told['last']:.1f} ms"
    yield Line("stop of a search", "100 ms", stop, _SOON, stop / _SOON, _STOPS, 1.0, note)


class _Window:
    """A window on a store, and what is done in it."""

    def __init__(self, app: QApplication, path: str) -> None:
        self._app = app
        self._sought = 0
        self._window = MainWindow(Settings())
        self._window.resize(1440, 900)
        self._window.open(lambda: Session.open(path), path)
        self._window.show()
        self.wait(lambda: self._window.record.record is not None)
        self.wait(self._window.tasks.is_idle)
        self._search = self._window.parts_now().search
        self._search.ask()

    def wait(self, until: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 120
        while not until():
            if time.monotonic() > deadline:
                raise SystemExit("nothing came for two minutes")
            self._app.processEvents()
            time.sleep(0.0002)

    def search(self, *, values: bool) -> None:
        """Search for something that is nowhere, unless a search is running."""
        if not self._window.tasks.is_busy("search"):
            self._sought += 1
            text = f"no{self._sought}such"
            query = self._search.pane.query()._replace(text=text, values=values)
            self._search._run(query, anew=True)

    def frames(self, go_on: Callable[[], object]) -> list[float]:
        """Milliseconds from when each frame was due to when it was painted."""
        found: list[float] = []
        due = time.perf_counter()
        while len(found) < _FRAMES:
            due = max(due + _FRAME / 1000, time.perf_counter())
            while time.perf_counter() < due:
                self._app.processEvents()
                time.sleep(0.0005)
            go_on()
            # What else has changed is painted with it, as on a screen, and not in a frame before.
            self._window.update()
            self._app.processEvents()
            found.append(1000 * (time.perf_counter() - due))
        self._window.tasks.cancel("search")
        self.wait(self._window.tasks.is_idle)
        return found

    def stop(self) -> float:
        """Milliseconds from the button of a search that runs to its end."""
        self.search(values=True)
        until = time.monotonic() + 0.2
        self.wait(lambda: time.monotonic() > until)
        started = time.perf_counter()
        self._search.pane.footer.cancelled.emit()
        self.wait(lambda: not self._window.tasks.is_busy("search"))
        return 1000 * (time.perf_counter() - started)

    def close(self) -> None:
        self._window.close()


def _measure(path: str) -> dict[str, float]:
    app = QApplication([])
    sys.setswitchinterval(SWITCH)
    gc.set_threshold(*COLLECT)
    window = _Window(app, path)
    doing: dict[str, Callable[[], object]] = {
        "idle": int,
        "texts": partial(window.search, values=False),
        "values": partial(window.search, values=True),
    }
    told: dict[str, list[float]] = {name: [] for name in doing}
    for _ in range(_PARTS):
        for name, go_on in doing.items():
            told[name] += window.frames(go_on)
    stops = [window.stop() for _ in range(_STOPS)]
    window.close()
    p95 = {name: quantiles(found, n=20)[-1] for name, found in told.items()}
    longest = max(told["texts"] + told["values"])
    return {**p95, "longest": longest, "stop": median(stops), "last": max(stops)}


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1])))
