"""What a person does in the history of a record: choose a version, read what is compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inspector.gui.history.diff_pane import DiffPane
from tests.gui.windows import Driver
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
SKILL = "skill/check-review-0"
Opens = Callable[[Path, str], Driver]


def pane(driver: Driver) -> DiffPane:
    return driver.window.record.history.difference


def choose(driver: Driver, row: int, words: str) -> None:
    """Select a version and wait until a difference is told in words."""
    driver.window.record.history.table.selectRow(row)
    shows(driver, words)


def shows(driver: Driver, words: str) -> None:
    driver.wait(lambda: pane(driver).words == words)


def names(driver: Driver, *rows: int) -> list[str]:
    model = driver.window.record.history.versions
    found = []
    for row in rows:
        version = model.versions[row]
        there = next(i for i, one in enumerate(model.versions) if one.tag == version.tag) == row
        tag = f" {'' if there else 'was '}{version.tag}" if version.tag else ""
        found.append(f"{(version.version_hash or '')[:8]}{tag}")
    return found
