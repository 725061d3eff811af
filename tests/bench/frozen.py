"""The frozen program beside the same from the checkout, and beside DB Browser for SQLite."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.bench import window
from tests.bench.paired import Line, Work, paired
from tests.places import REAL, ROOT

_STORE = REAL / "v2-clean" / "stigmer.db"
_FROZEN = ROOT / "build" / "frozen" / "stigmer-inspector" / "stigmer-inspector"
_CHECKOUT = (sys.executable, "-m", "inspector")
_BESIDE = "python -m inspector"


def lines(rounds: int) -> Iterator[Line]:
    """A command, painted rows, a visible window; nothing where it has not been built."""
    if missing():
        return
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        for what, words in (
            ("the command kinds", ["kinds", "--db", str(_STORE)]),
            ("start to painted rows, and closed", ["--smoke", str(_STORE)]),
        ):
            yield paired(
                f"frozen, v2-clean: {what}",
                _run(scratch, str(_FROZEN), *words),
                _BESIDE,
                _run(scratch, *_CHECKOUT, *words),
                rounds=rounds,
            )
        if not window.missing():
            yield from _visible(scratch, rounds)


def missing() -> str:
    """A sentence where the frozen program is not there, else empty."""
    if _FROZEN.exists():
        return ""
    return "The frozen program was not measured: python3 packaging/build.py builds it."


def _run(scratch: Path, *command: str) -> Work:
    variables = {**os.environ, "HOME": str(scratch), "QT_QPA_PLATFORM": "offscreen"}
    return partial(
        subprocess.run, command, cwd=ROOT, env=variables, capture_output=True, check=True
    )


def _visible(scratch: Path, rounds: int) -> Iterator[Line]:
    copy = shutil.copyfile(_STORE, scratch / "theirs.db")
    frozen = [str(_FROZEN), str(_STORE)]
    browser = ["sqlitebrowser", "-R", "-t", "resources", str(copy)]
    with window.display(scratch) as environment:
        for beside, theirs, title in (
            (_BESIDE, [*_CHECKOUT, str(_STORE)], _STORE.name),
            ("DB Browser for SQLite", browser, copy.name),
        ):
            yield paired(
                "frozen, v2-clean: process start to a visible window",
                partial(window.until_visible, frozen, _STORE.name, environment),
                beside,
                partial(window.until_visible, theirs, title, environment),
                rounds=rounds,
                goal=0.85 if theirs is browser else None,
            )
