"""What records were before a change that the window has seen is searched with their history."""

from __future__ import annotations

from inspector.gui.fields.field_items import path_of
from tests.builders.writer import Writer
from tests.gui.followed import driver, look, path, save, writer
from tests.gui.searched import search, spoken
from tests.gui.windows import Driver

__all__ = ["driver", "path", "writer"]


def current(driver: Driver) -> str:
    item = driver.window.record.tree.current()
    return path_of(item) if item is not None else ""


def shows(driver: Driver, text: bytes) -> bool:
    record = driver.window.record.record
    return record is not None and record.tree is not None and text in record.tree.data


def test_earlier_states_that_were_seen_are_told_apart_and_opened(
    driver: Driver, writer: Writer
) -> None:
    for text in ("The first needle.", "Another needle.", "A needle still."):
        writer.sql(save("agt-003", "agt-003", text))
        look(driver)
    writer.sql(save("agt-004", "a needle"))
    look(driver)
    writer.sql("DELETE FROM resources WHERE id = 'agt-004'")
    look(driver)
    found = search(driver, "needle")
    assert spoken(found) == ["Kind Agent", "Record agt-003", "A needle still., spec.instructions"]
    found.history.click()
    driver.wait(lambda: found.found.text().startswith("4 hits"))
    driver.wait(driver.window.tasks.is_idle)
    said = spoken(found)
    assert said[3] == "In earlier states that were seen"
    hits = ["The first needle., spec.instructions", "Another needle., spec.instructions"]
    assert [one for one in said[4:] if ", spec." in one] == hits
    assert said[-1] == "a needle, metadata.name"
    assert said[-2].startswith("Record a needle, until ")
    assert "0 versions, 5 states seen earlier; their events" in found.covered.text()
    # The state is shown, the cursor on the field and the match marked.
    record = driver.window.record
    found.table.selectRow(said.index(hits[0]))
    driver.wait(lambda: record.banner.isVisible() and current(driver) == "spec.instructions")
    driver.wait(lambda: record.tree.fields.look.found is not None)
    assert driver.at() == ("agent", "agt-003", "live")
    assert shows(driver, b"The first needle.")
    assert record.banner.words.startswith("As it was until a change seen at ")
    # What it is now is another state, though it is the same record.
    found.table.selectRow(2)
    driver.wait(lambda: shows(driver, b"A needle still."))
    driver.wait(lambda: record.tree.fields.look.found is not None)
    found.table.selectRow(found.hits.rowCount() - 1)
    driver.reach("agent", "agt-004")
    driver.wait(lambda: current(driver) == "metadata.name")
    assert record.banner.words.startswith("This record was deleted, seen at ")
