"""Fields that changed are marked: from what was on screen, or looked at, until one goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.gui.cells.change_look import FRESH
from inspector.gui.fields.field_items import path_of
from inspector.gui.fields.fields_model import KEYS
from inspector.gui.style.text_runs import CELL_ROLE, Cell
from inspector.gui.style.theme import Theme
from tests.builders.demo.core import FIRST, encode
from tests.builders.writer import Writer
from tests.gui.followed import AGENT, learn, look, save, settle
from tests.gui.windows import Driver


def name(driver: Driver, path: str) -> Cell:
    fields = driver.window.record.tree.fields
    cell = fields.index_of(driver.item(path), KEYS.index("name")).data(CELL_ROLE)
    assert isinstance(cell, Cell)
    return cell


def marks(driver: Driver, *paths: str) -> list[tuple[str, str]]:
    """The words of each field's mark, or its sign alone, and its ground."""
    found = []
    for path in paths:
        cell = name(driver, path)
        words = [run.text or run.icon for run in cell.runs[1:]]
        found.append((" ".join(words), cell.tint))
    return found


def is_marked(driver: Driver) -> bool:
    return driver.window.record.tree.fields.look.marks is not None


CHANGED = ("changed Changed", "tint_changed")
SIGN = ("changed", "")
NOTHING = ("", "")
PATHS = ("metadata", "metadata.name", "metadata.id", "spec", "spec.instructions")


def test_what_changed_while_a_record_is_on_screen_is_marked(driver: Driver, writer: Writer) -> None:
    driver.window.records.table.go_to_row(5)
    driver.reach("agent", "agt-005")
    assert not is_marked(driver)
    item = driver.choose("spec.instructions")
    assert path_of(item) == driver.window.record.reader.path()
    writer.sql(save("agt-005", "agt-005", "Sort and count."))
    look(driver)
    driver.wait(lambda: is_marked(driver))
    assert marks(driver, *PATHS) == [NOTHING, NOTHING, NOTHING, SIGN, CHANGED]
    assert "was Sort." in driver.window.record.reader.facts()
    spoken = driver.window.record.tree.fields.spoken(driver.item("spec.instructions"))
    assert "Changed" in spoken
    # What changed before stays marked, and only what changed just now is tinted.
    writer.sql(save("agt-005", "renamed", "Sort and count."))
    look(driver)
    driver.wait(lambda: "Changed" in name(driver, "metadata.name").text)
    assert marks(driver, *PATHS) == [SIGN, CHANGED, NOTHING, SIGN, (CHANGED[0], "")]


def test_the_tint_goes_after_a_while_and_the_sign_with_the_next_record(
    driver: Driver, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = driver.window.parts_now().field_watch
    now = 100.0
    monkeypatch.setattr(watch, "_clock", lambda: now)
    driver.window.records.table.go_to_row(5)
    driver.reach("agent", "agt-005")
    writer.sql(save("agt-005", "agt-005", "Count."))
    look(driver)
    driver.wait(lambda: is_marked(driver))
    watch.fade()
    assert marks(driver, "spec.instructions") == [CHANGED]
    now += FRESH
    watch.fade()
    assert marks(driver, "spec.instructions") == [(CHANGED[0], "")]
    driver.window.records.table.go_to_row(6)
    driver.reach("agent", "agt-006")
    driver.window.records.table.go_to_row(5)
    driver.reach("agent", "agt-005")
    settle(driver)
    assert not is_marked(driver)


def test_a_record_that_changed_unseen_is_marked_when_it_is_opened(
    driver: Driver, writer: Writer
) -> None:
    writer.sql(save("agt-005", "first", "Sort."))
    look(driver)
    writer.sql(save("agt-005", "first", "Count."))
    look(driver)
    driver.window.records.table.go_to_row(5)
    driver.reach("agent", "agt-005")
    driver.wait(lambda: is_marked(driver))
    assert marks(driver, *PATHS) == [SIGN, CHANGED, NOTHING, SIGN, CHANGED]
    driver.press("again")
    settle(driver)
    assert not is_marked(driver)
    assert marks(driver, *PATHS) == [NOTHING] * 5


def test_what_is_removed_and_added_is_told(driver: Driver, writer: Writer) -> None:
    driver.window.records.table.go_to_row(5)
    driver.reach("agent", "agt-005")
    message = {
        "apiVersion": "agentic.stigmer.ai/v1",
        "kind": "Agent",
        "metadata": {"name": "agt-005", "id": "agt-005", "slug": "new"},
        "spec": {"description": "Sorts."},
    }
    data = encode(FIRST, AGENT, message).hex()
    writer.sql(f"UPDATE resources SET data = x'{data}' WHERE id = 'agt-005'")
    look(driver)
    driver.wait(lambda: is_marked(driver))
    assert marks(driver, "spec", "metadata.slug") == [SIGN, ("new Added", "tint_added")]
    fields = driver.window.record.tree.fields
    assert fields.tip(driver.item("spec"), "name") == "Changed below\nRemoved: spec.instructions"
    driver.choose("metadata.slug")
    assert "was not set" in driver.window.record.reader.facts()


def test_a_secret_that_changed_is_marked_and_stays_hidden(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    from tests.builders import layouts
    from tests.builders.layouts import Rec

    def environment(value: str) -> bytes:
        return encode(
            FIRST,
            "ai.stigmer.agentic.environment.v1.Environment",
            {
                "metadata": {"name": "env", "id": "env-1"},
                "spec": {"data": {"TOKEN": {"value": value, "isSecret": True}}},
            },
        )

    path = layouts.v2(tmp_path / "s.db", [Rec("environment", "env-1", environment("old-secret"))])
    with Writer(path) as writer:
        driver = Driver(qtbot)
        driver.open(path)
        driver.wait(lambda: driver.window.status.mode.text() == "Live")
        learn(driver)
        data = environment("new-secret-x").hex()
        writer.sql(f"UPDATE resources SET data = x'{data}' WHERE id = 'env-1'")
        look(driver)
        driver.wait(lambda: is_marked(driver))
        field = 'spec.data["TOKEN"].value'
        assert marks(driver, field) == [CHANGED]
        driver.choose(field)
        facts = driver.window.record.reader.facts()
        assert "was hidden, 10 characters" in facts
        assert "secret" not in facts.replace("hidden", "")
        driver.window.close()
