"""Since which version fields are what they are, one field through all, stepping with it in view."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.gui.cells.version_cells import name_of
from inspector.gui.fields.field_cells import history_lines
from inspector.gui.fields.field_items import path_of
from inspector.gui.fields.fields_model import KEYS
from inspector.gui.style.theme import Theme
from inspector.session.history_queries import FieldState, blame
from inspector.session.record_lookup import resolve
from inspector.session.session import Session
from inspector.session.version_outline import versions_of
from tests.builders.layouts import Arc, Rec
from tests.cli.made import v2
from tests.gui.builders import data
from tests.gui.windows import Driver
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
SKILL = "skill/check-review-0"
SINCE = KEYS.index("since")
SECRET = "hunter2-hunter2"


@pytest.fixture
def driver(qtbot: QtBot, theme: Theme) -> Iterator[Driver]:
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    yield made
    made.window.close()


def since(driver: Driver, path: str) -> str:
    item = driver.item(path)
    return str(driver.window.record.tree.fields.index_of(item, SINCE).data())


def test_the_column_says_since_which_version(driver: Driver) -> None:
    driver.open(STORE, SKILL)
    tree = driver.window.record.tree
    driver.press("older")
    driver.wait(lambda: driver.at()[2] != "live")
    assert tree.isColumnHidden(SINCE)
    QTest.keyClick(driver.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    driver.wait(lambda: tree.fields.look.blamed is not None)
    assert not tree.isColumnHidden(SINCE)
    record = driver.window.record.record
    assert record is not None
    assert record.version is not None
    own = f"{(record.version.version_hash or '')[:8]} stable this version"
    assert since(driver, "spec.tag") == own
    assert since(driver, "metadata.name") == "first version"
    assert since(driver, "spec") == ""
    index = tree.fields.index_of(driver.item("spec.tag"), SINCE)
    assert "2026-11-21 05:32:47 UTC" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_the_column_follows_the_record_and_goes_by_key(driver: Driver) -> None:
    driver.open(STORE, SKILL)
    driver.press("since")
    look = driver.window.record.tree.fields
    driver.wait(lambda: look.look.blamed is not None)
    driver.press("older")
    driver.wait(lambda: driver.at()[2] != "live" and look.look.blamed is not None)
    blamed = look.look.blamed
    assert blamed is not None
    assert blamed.record is driver.window.record.record
    driver.press("since")
    assert driver.window.record.tree.isColumnHidden(SINCE)


def test_the_live_state_is_the_version_that_equals_it(driver: Driver) -> None:
    driver.open(STORE, SKILL)
    driver.press("since")
    driver.wait(lambda: driver.window.record.tree.fields.look.blamed is not None)
    session = Session.open(STORE)
    kind, id_, _ = driver.at()
    expected = blame(session, session.record(kind, id_))
    assert expected is not None
    newest = expected.versions[1]
    assert newest is not None
    assert newest.live
    named = f"{(newest.version_hash or '')[:8]} {newest.tag} this version"
    assert since(driver, "spec.tag") == named


def test_without_versions_it_is_not_known_since_when(driver: Driver, tmp_path: Path) -> None:
    driver.open(v2(tmp_path, Rec("agent", "agt-1", data(3, data(1, "one")))), "agent/agt-1")
    driver.press("since")
    driver.wait(lambda: driver.window.record.tree.fields.look.blamed is not None)
    item = driver.item("metadata.name")
    index = driver.window.record.tree.fields.index_of(item, SINCE)
    assert index.data() in ("", None)
    assert not index.data(Qt.ItemDataRole.ToolTipRole)
    assert (
        driver.window.status.note.text() == "No versions, so it is unknown when this last changed."
    )


def test_a_field_is_told_through_all_versions(driver: Driver) -> None:
    driver.open(STORE, SKILL)
    driver.choose("spec.tag")
    driver.press("field_history")
    reader = driver.window.record.reader
    driver.wait(lambda: "newest first" in reader.reading().facts)
    kind, id_, _ = driver.at()
    versions = versions_of(Session.open(STORE), kind, id_)
    tags = [version.tag or "set" for version in versions]
    lines = reader.text().splitlines()
    told = [line.partition("  (also ")[0].split()[-1] for line in lines]
    assert told == [tag for at, tag in enumerate(tags) if at == 0 or tags[at - 1] != tag]
    times = f"changed {len(told) - 1} times in {len(versions) + 1} states"
    assert times in reader.reading().facts
    assert len(told) < len(versions)
    assert reader.path() == "spec.tag"
    driver.choose("spec.skill_md")
    assert "newest first" not in reader.reading().facts


def test_the_columns_of_a_fields_history_stand_below_each_other() -> None:
    session = Session.open(STORE)
    whole = versions_of(session, *resolve(session, "skill", "check-review-0"))[0]
    assert whole.tag
    versions = (None, whole, whole._replace(tag=""), whole._replace(archived_at=None))
    lines = list(history_lines(FieldState(one, None, False, True) for one in versions))
    assert [line.index("not set") for line in lines] == [lines[1].index("not set")] * 4
    day = (whole.archived_at or "")[:10]
    assert lines[1].index(day) == lines[2].index(day)
    (line,) = history_lines([FieldState(None, None, False, False)])
    assert line == "  current  not set"


def test_equal_values_of_a_fields_history_are_one_line() -> None:
    """That of the version which brought the value: it is what one looks for."""
    session = Session.open(STORE)
    known = versions_of(session, *resolve(session, "skill", "check-review-0"))
    problem = "It cannot be read."

    def lines(*states: tuple[int | None, bool, str]) -> list[str]:
        made = [
            FieldState(None if at is None else known[at], None, False, changed, why)
            for at, changed, why in states
        ]
        return [" ".join(line.split()) for line in history_lines(made)]

    names = [f"{name_of(one)} {one.tag or ''}".strip() for one in known]
    times = [(one.archived_at or "").replace("T", " ")[:19] + " UTC" for one in known]
    heads = [f"{name} {time}" for name, time in zip(names, times, strict=True)]
    assert lines((None, False, ""), (0, False, ""), (1, False, ""), (2, True, "")) == [
        f"~ {heads[1]} not set (also 1 newer version and current)",
        f"{heads[2]} not set",
    ]
    assert lines((None, False, ""), (0, False, "")) == [f"{heads[0]} not set (also current)"]
    assert lines((0, False, ""), (1, False, ""), (2, False, "")) == [
        f"{heads[2]} not set (also 2 newer versions)"
    ]
    assert lines((0, False, ""), (1, False, problem), (2, False, problem), (3, True, "")) == [
        f"{heads[0]} not set",
        f"{heads[1]} {problem}",
        f"~ {heads[2]} {problem}",
        f"{heads[3]} not set",
    ]


def test_stepping_keeps_the_field_in_view(driver: Driver) -> None:
    driver.open(STORE, SKILL)
    tree = driver.window.record.tree
    driver.choose("status.audit.spec_audit.event")
    seen = {driver.at()[2]}
    for _ in range(3):
        before = driver.at()
        QTest.keyClick(driver.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.AltModifier)
        driver.wait(lambda before=before: driver.at() != before)  # type: ignore[misc]
        item = tree.current()
        assert item is not None
        assert path_of(item) == "status.audit.spec_audit.event"
        shown = tree.visualRect(tree.currentIndex())
        assert tree.viewport().rect().intersects(shown)
        seen.add(driver.at()[2])
    assert len(seen) == 4
    QTest.keyClick(driver.window, Qt.Key.Key_Period, Qt.KeyboardModifier.AltModifier)
    driver.wait(lambda: driver.at() != before)
    item = tree.current()
    assert item is not None
    assert path_of(item) == "status.audit.spec_audit.event"


def test_a_secret_is_told_as_changed_and_stays_covered(driver: Driver, tmp_path: Path) -> None:
    def environment(value: str) -> bytes:
        entry = data(1, "TOKEN") + data(2, data(1, value) + b"\x10\x01")
        return data(3, data(1, "one")) + data(4, data(2, entry))

    path = v2(
        tmp_path, Rec("environment", "env-1", environment(SECRET)),
        Arc("environment", "env-1", environment("other")),
        Arc("environment", "env-1", environment(SECRET)),
    )  # fmt: skip
    driver.open(path, "environment/env-1")
    driver.choose('spec.data["TOKEN"].value')
    driver.press("field_history")
    reader = driver.window.record.reader
    driver.wait(lambda: "newest first" in reader.reading().facts)
    text = reader.text()
    assert SECRET not in text
    assert "other" not in text
    assert [line[0] for line in text.splitlines()] == ["~", " "]
    assert text.splitlines()[0].endswith("(also current)")
