"""The window while everything is searched: its frames beside idle ones, and how soon it stops.

A frame is asked for every 16 ms, as by a screen: what counts is how late it is painted, and the
painting. ``python -m tests.bench.search_frames FILE`` measures one window and prints JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median, quantiles
from typing import Any, Final

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
    from tests.bench.large_stores import large_store  # noqa: PLC0415 - the child needs none

    path = large_store(_FEW if rounds <= _SHORT_ROUNDS else _MANY)
    command = [sys.executable, "-m", "tests.bench.search_frames", str(path)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    for name in ("texts", "values"):
        during, idle = told[name], told["idle"]
        yield Line(
            *(f"frame while {name} are searched, p95", "an idle frame", during, idle),
            *(
                during / idle,
                _PARTS,
                _GOAL,
                f"every {_FRAME:.0f} ms; longest {told['longest']:.1f}",
            ),
        )
    stop = told["stop"]
    note = f"longest of {_STOPS}: {told['last']:.1f} ms"
    yield Line("stop of a search", "100 ms", stop, _SOON, stop / _SOON, _STOPS, 1.0, note)


def _measure(path: str) -> dict[str, float]:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - the parent needs none

    from inspector.gui.app.application import SWITCH  # noqa: PLC0415
    from inspector.gui.app.main_window import MainWindow  # noqa: PLC0415
    from inspector.gui.settings.settings import Settings  # noqa: PLC0415
    from inspector.session.session import Session  # noqa: PLC0415

    app = QApplication([])
    sys.setswitchinterval(SWITCH)
    window = MainWindow(Settings())
    window.resize(1440, 900)
    window.open(lambda: Session.open(path), path)
    window.show()

    def wait(until: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 120
        while not until():
            if time.monotonic() > deadline:
                raise SystemExit("nothing came for two minutes")
            app.processEvents()
            time.sleep(0.0002)

    def frames(go_on: Callable[[], object]) -> list[float]:
        """Milliseconds from when each frame was due to when it was painted."""
        found: list[float] = []
        due = time.perf_counter()
        while len(found) < _FRAMES:
            due = max(due + _FRAME / 1000, time.perf_counter())
            while time.perf_counter() < due:
                app.processEvents()
                time.sleep(0.0005)
            go_on()
            app.processEvents()
            window.repaint()
            found.append(1000 * (time.perf_counter() - due))
        return found

    wait(lambda: window.record.record is not None)
    wait(window.tasks.is_idle)
    search = window.parts_now().search
    search.ask()
    number = 0

    def searching(*, values: bool) -> Callable[[], None]:
        def go_on() -> None:
            nonlocal number
            if not window.tasks.is_busy("search"):
                number += 1
                query = search.pane.query()._replace(text=f"no{number}such", values=values)
                search._run(query, anew=True)

        return go_on

    told: dict[str, list[float]] = {"idle": [], "texts": [], "values": []}
    for _ in range(_PARTS):
        for name, part in told.items():
            part += frames(int if name == "idle" else searching(values=name == "values"))
            window.tasks.cancel("search")
            wait(window.tasks.is_idle)
    stops: list[float] = []
    for _ in range(_STOPS):
        searching(values=True)()
        until = time.monotonic() + 0.2
        wait(lambda until=until: time.monotonic() > until)  # type: ignore[misc]
        started = time.perf_counter()
        search.pane.footer.cancelled.emit()
        wait(lambda: not window.tasks.is_busy("search"))
        stops.append(1000 * (time.perf_counter() - started))
    window.close()
    p95 = {name: quantiles(found, n=20)[-1] for name, found in told.items()}
    longest = max(told["texts"] + told["values"])
    return {**p95, "longest": longest, "stop": median(stops), "last": max(stops)}


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1])))
