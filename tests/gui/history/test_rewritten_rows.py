"""The History tab says where a migration rewrote a record and kept its time."""

from __future__ import annotations

from pathlib import Path

from tests.gui.windows import Driver
from tests.history.test_migrations import upgraded


def test_a_line_over_the_versions_says_it_of_the_record_that_is_shown(
    driver: Driver, tmp_path: Path
) -> None:
    driver.open(upgraded(tmp_path / "s.db"), "session/old")
    driver.press("history")
    line = driver.window.record.history.rewritten
    driver.wait(line.isVisible)
    assert line.text() == (
        "Rewritten by the migration to layout 23 (2026-10-15), which kept its time."
    )
    assert line.toolTip() == "Layout 23 took values out of sessions."
    # Another record, which nothing rewrote.
    driver.window.store_controller.go("session", "new")
    driver.reach("session", "new")
    driver.wait(lambda: not driver.window.tasks.is_busy("history"))
    assert not line.isVisible()
    driver.window.store_controller.go("run", "aex_1")
    driver.reach("run", "aex_1")
    driver.wait(line.isVisible)
    assert line.text().startswith("Rewritten by the migrations to layouts 15, 18 and 19")
    # It is said of the live state while one of its versions is read, too.
    driver.press("older")
    driver.reach("run", "aex_1", "audit:1")
    driver.wait(lambda: not driver.window.tasks.is_busy("history"))
    assert line.isVisible()
