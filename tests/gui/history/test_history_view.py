"""The timeline of a record: rail, tags, what each version changed, as rows come into view."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.errors import StoreError, StoreErrorKind
from inspector.gui.cells.cell_delegate import Measure, place
from inspector.gui.cells.version_cells import RailMark
from inspector.gui.history.versions_model import KEYS, MARK_ROLE, VersionsModel
from inspector.gui.style.fonts import fonts_of
from inspector.gui.style.text_runs import CELL_ROLE, Cell
from inspector.gui.style.theme import Theme
from inspector.gui.style.time_format import TimeStyle
from inspector.session.history_queries import timeline_rows
from inspector.session.session import Session
from inspector.session.summaries import Version
from inspector.session.version_outline import versions_of, whole
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.cli.made import blobs, v2
from tests.gui.histories import SKILL, STORE, Opens
from tests.gui.windows import Driver
from tests.places import REAL

MINUS = "\N{MINUS SIGN}"
TESTER = QAbstractItemModelTester.FailureReportingMode.Fatal


def model(driver: Driver) -> VersionsModel:
    return driver.window.record.history.versions


def words(driver: Driver, row: int, key: str = "change") -> str:
    return str(model(driver).index(row, KEYS.index(key)).data())


def told(driver: Driver) -> bool:
    sight = driver.window.record.history.in_sight()
    return bool(sight) and not model(driver).wanting(sight)


def skills() -> tuple[bytes, ...]:
    return blobs("skill", "resource_audit")


def test_rows_say_what_they_changed(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    versions = model(driver)
    QAbstractItemModelTester(versions, TESTER, versions)
    driver.wait(lambda: told(driver))
    session = Session.open(STORE)
    expected = timeline_rows(session, versions.versions, range(versions.rowCount()))
    sight = driver.window.record.history.in_sight()
    assert len(sight) > 5
    for row in sight[:-1]:
        summary = expected[row].summary
        assert summary is not None
        own = words(driver, row).replace(", ", "; ")
        assert own == summary.text.replace("spec.", "")
    assert words(driver, versions.rowCount() - 1) == "first version"


def test_chosen_versions_are_copied_as_the_command_lists_them(opens: Opens) -> None:
    """Not the field that the cursor was on in another tab."""
    driver = opens(STORE, SKILL)
    table, versions = driver.window.record.history.table, model(driver)
    driver.wait(lambda: told(driver))
    table.setFocus()
    table.selectRow(1)
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    driver.press("copy")
    chosen = [versions.version(row) for row in (1, 2)]
    assert QGuiApplication.clipboard().text().splitlines() == [
        "version\ttime\thash\ttag\tbytes",
        *(
            "\t".join((v.name, v.archived_at or "", v.version_hash or "", v.tag or "", str(v.size)))
            for v in chosen
            if v is not None
        ),
    ]
    assert len(QGuiApplication.clipboard().text().splitlines()) == 3


def test_what_was_changed_is_named_first_and_counted_whole(qtbot: QtBot, theme: Theme) -> None:
    driver = Driver(qtbot).open(None, "agent/reefer-watch")
    driver.press("history")
    driver.wait(lambda: told(driver))
    rows = [words(driver, row) for row in range(model(driver).rowCount() - 1)]
    assert len(rows) == 4
    for row in rows:
        assert not row.startswith("metadata.")
        assert row.endswith(" in all")
    # In a narrow column no count is left without its field.
    cell = model(driver).index(0, KEYS.index("change")).data(CELL_ROLE)
    measure = Measure(fonts_of(driver.window.font()))
    for width in range(120, 400, 20):
        kept = [one.text for one in place(cell.runs, width, measure).placed]
        assert kept[-1] == "5 in all"
        counts = [word for word in kept if word[:1] in ("+", MINUS)]
        assert not counts or {"instructions", "tools"} & set(kept)
    driver.window.close()


def test_what_has_no_room_of_a_version_goes_word_by_word_then_whole(
    qtbot: QtBot, theme: Theme
) -> None:
    driver = Driver(qtbot).open(None, "skill/reconcile-invoices")
    driver.press("history")
    driver.wait(lambda: told(driver))
    runs = model(driver).index(1, KEYS.index("change")).data(CELL_ROLE).runs
    measure = Measure(fonts_of(driver.window.font()))
    whole = measure.total(runs)

    def kept(width: int) -> str:
        return Cell(tuple(one.run for one in place(runs, width, measure).placed)).text

    assert kept(whole) == f"tag stable → beta, skill_md +2 {MINUS}2 lines"
    assert kept(whole - 1) == f"tag stable → beta, skill_md +2 {MINUS}2"
    assert kept(measure.total(runs[:1]) + 20) == "tag stable → beta"
    driver.window.close()


def test_the_focus_goes_from_the_fields_to_the_versions(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    driver.press("fields")
    driver.window.activateWindow()
    driver.press("go_record")
    driver.wait(driver.window.record.tree.hasFocus)
    driver.press("history")
    assert driver.window.record.history.table.hasFocus()


def test_counts_have_their_colours_and_signs(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    driver.wait(lambda: told(driver))
    cell = model(driver).index(1, KEYS.index("change")).data(CELL_ROLE)
    assert isinstance(cell, Cell)
    colors = {run.text: run.style.color for run in cell.runs}
    assert colors["+8"] == "added"
    assert colors["\N{MINUS SIGN}8"] == "removed"


def test_sizes_are_changes_with_a_sign_and_the_first_is_whole(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    versions = model(driver).versions
    grown = versions[0].size - versions[1].size
    assert words(driver, 0, "bytes") == f"+{grown:,}"
    assert words(driver, len(versions) - 1, "bytes") == f"{versions[-1].size:,}"


def test_the_rail_marks_live_and_base(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    driver.wait(lambda: model(driver).base == 1)
    marks = [model(driver).index(row, 0).data(MARK_ROLE) for row in range(3)]
    assert marks == [RailMark.LIVE, RailMark.BASE, RailMark.VERSION]
    model(driver).set_base(2)
    assert model(driver).index(2, 0).data(MARK_ROLE) is RailMark.BASE
    said = model(driver).index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "compared with" in said


def test_a_version_is_found_by_typing_its_hash(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    table = driver.window.record.history.table
    table.setFocus()
    wanted = model(driver).versions[5].version_hash
    assert wanted is not None
    QTest.keyClicks(table, wanted[:6])
    assert table.current_row() == 5


def test_time_or_age_gives_way_by_the_switch(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    driver.window.resize(1024, 700)
    table = driver.window.record.history.table
    age, time = KEYS.index("age"), KEYS.index("time")
    driver.press("utc")
    assert (table.isColumnHidden(age), table.isColumnHidden(time)) == (True, False)
    driver.press("relative")
    assert (table.isColumnHidden(age), table.isColumnHidden(time)) == (False, True)
    assert words(driver, 0, "age")


def test_a_live_state_unlike_all_versions_heads_the_line(opens: Opens, tmp_path: Path) -> None:
    newer, older, live = skills()[:3]
    path = v2(
        tmp_path, Rec("skill", "skl-1", live), Arc("skill", "skl-1", older),
        Arc("skill", "skl-1", newer),
    )  # fmt: skip
    driver = opens(path, "skill/skl-1")
    driver.wait(lambda: told(driver))
    assert model(driver).rowCount() == 3
    assert words(driver, 0, "version") == "current"
    assert model(driver).mark(0) is RailMark.LIVE
    assert words(driver, 0) not in ("", "first version")
    driver.press("older")
    driver.wait(lambda: driver.at()[2] == model(driver).versions[0].name)
    table = driver.window.record.history.table
    table.selectRow(0)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Return)
    driver.reach("skill", "skl-1")


def is_at(driver: Driver, at: tuple[str, int]) -> bool:
    return (driver.at()[2], driver.window.record.history.table.currentIndex().row()) == at


def test_the_cursor_stays_where_it_is_put_and_follows_the_steps(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    driver.wait(lambda: told(driver))
    table, versions = driver.window.record.history.table, model(driver).versions
    table.selectRow(5)
    driver.press("again")
    driver.wait(lambda: driver.window.tasks.is_idle() and driver.at()[2] == "live")
    assert table.currentIndex().row() == 5
    for step, row in (("older", 1), ("older", 2), ("newer", 1)):
        driver.press(step)
        at = (versions[row].name, row)
        driver.wait(partial(is_at, driver, at))
    driver.press("live")
    driver.wait(partial(is_at, driver, ("live", 0)))


def test_rows_that_do_not_decode_stand_as_such(opens: Opens, tmp_path: Path) -> None:
    first, last = skills()[:2]
    path = v2(
        tmp_path, Rec("skill", "skl-1", last), Arc("skill", "skl-1", first),
        Arc("skill", "skl-1", b"\xff\xff\xff"), Arc("skill", "skl-1", last),
    )  # fmt: skip
    driver = opens(path, "skill/skl-1")
    driver.wait(lambda: told(driver))
    assert model(driver).mark(1) is RailMark.BROKEN
    assert words(driver, 0) == "The version before it does not decode."
    assert words(driver, 1)
    assert words(driver, 2) == "first version"


def test_rows_that_cannot_be_read_say_so_and_are_tried_again(opens: Opens, tmp_path: Path) -> None:
    both = skills()[:2]
    rows = [Arc("skill", "skl-1", both[number % 2], tag="v1") for number in range(80)]
    path = layouts.v2(tmp_path / "stigmer.db", [Rec("skill", "skl-1", both[1])], rows)
    driver = opens(path, "skill/skl-1")
    driver.wait(lambda: told(driver))
    elsewhere = path.rename(tmp_path / "elsewhere.db")
    table = driver.window.record.history.table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    driver.wait(lambda: 79 in driver.window.record.history.in_sight() and told(driver))
    assert model(driver).mark(70) is RailMark.BROKEN
    assert words(driver, 70).startswith("This file does not exist.")
    assert model(driver).mark(2) is RailMark.VERSION
    elsewhere.rename(path)
    driver.press("again")
    driver.wait(lambda: model(driver).mark(70) is RailMark.VERSION and told(driver))
    assert "skill_md" in words(driver, 70)


def test_of_many_versions_only_those_in_sight_are_worked_out(opens: Opens, tmp_path: Path) -> None:
    both = skills()[:2]
    rows = (Arc("skill", "skl-1", both[number % 2], tag="v1") for number in range(10_000))
    path = layouts.v2(tmp_path / "stigmer.db", [Rec("skill", "skl-1", both[1])], rows)
    driver = opens(path, "skill/skl-1")
    driver.wait(lambda: told(driver))
    table, versions = driver.window.record.history.table, model(driver)
    assert versions.rowCount() == 10_000
    assert versions.row(5000).change is None
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    driver.wait(lambda: 9_999 in driver.window.record.history.in_sight() and told(driver))
    assert words(driver, 9_998) not in ("", "\N{HORIZONTAL ELLIPSIS}")
    assert versions.row(5000).change is None


def test_hashes_and_tags_that_only_blobs_have_come_later(opens: Opens, tmp_path: Path) -> None:
    pushed = blobs("skill", "resource_audit")
    rows = [Arc("skill", "skl-1", pushed[number % len(pushed)]) for number in range(400)]
    path = layouts.v2(tmp_path / "stigmer.db", [Rec("skill", "skl-1", pushed[0])], rows)
    driver = opens(path, "skill/skl-1")
    versions = model(driver)
    QAbstractItemModelTester(versions, TESTER, versions)
    assert versions.versions[0].whole
    driver.wait(lambda: told(driver) and all(one.whole for one in versions.versions))
    session = Session.open(path)
    assert list(versions.versions) == whole(session, versions_of(session, "skill", "skl-1"))
    assert {one.tag for one in versions.versions} > {None, "v1"}
    boxed = [row for row in range(400) if versions.row(row).holds]
    tags = [one.tag for one in versions.versions]
    assert boxed == sorted(tags.index(tag) for tag in {*tags} if tag)


@pytest.mark.parametrize("store", ["v0", "v2-migrated", "v2-clean"])
def test_tags_show_where_they_point_and_where_they_pointed(store: str) -> None:
    truth = json.loads((REAL / store / "truth.json").read_text())["skillVersions"]
    session, versions = Session.open(REAL / store / "stigmer.db"), VersionsModel()
    cells = [KEYS.index(key) for key in ("version", "tag")]
    for id_, pushes in truth.items():
        versions.show(versions_of(session, "skill", id_), gone=False)
        expected: list[list[str]] = []
        seen = {""}
        for push in reversed(pushes):
            now = (
                push["tag"]
                if push["tag"] not in seen
                else f"was {push['tag']}".removesuffix("was ")
            )
            seen.add(push["tag"])
            expected.append([push["hash"][:8] + (" current" if not expected else ""), now])
        rows = range(versions.rowCount())
        assert [[versions.index(row, cell).data() for cell in cells] for row in rows] == expected


def version(number: int, tag: str | None = None, *, whole: bool = True) -> Version:
    return Version(
        *("skill", "s", number, None, "skill", "2026-01-25T20:38:38Z", None, tag, 9, False),
        whole=whole,
    )


def test_a_tag_is_boxed_only_when_no_newer_version_may_have_it() -> None:
    versions = VersionsModel()
    QAbstractItemModelTester(versions, TESTER, versions)
    asked, silent = version(9), version(8, whole=False)
    given = [asked, silent, version(7, "v1"), version(6, "v1"), version(5, whole=False)]
    assert versions.show(given)
    tag = KEYS.index("tag")
    assert [versions.row(row).holds for row in range(5)] == [False, False, None, False, False]
    assert [versions.index(row, tag).data() for row in (2, 3)] == ["v1", "was v1"]
    assert (versions.silent(range(3), 9), versions.silent(range(3, 5), 9)) == ([1], [4])
    assert (versions.silent(range(2, 3), 9), versions.silent(range(2, 3), 1)) == ([1, 4], [1])
    versions.complete({1: version(8, "v1")})
    assert [versions.row(row).holds for row in range(5)] == [False, True, False, False, False]
    assert versions.index(2, tag).data() == "was v1"
    assert versions.row_of(silent) == versions.row_of(version(8, "v1")) == 1
    assert not versions.show(given)
    assert versions.version(1) == version(8, "v1")
    versions.complete({4: version(5)._replace(problem="It does not decode.")})
    assert versions.mark(4) is RailMark.BROKEN
    assert versions.silent(range(5), 9) == []
    assert not versions.show(given)
    assert versions.silent(range(5), 9) == [4]
    assert versions.mark(4) is RailMark.VERSION


def test_versions_of_one_second_show_their_milliseconds(qapp: QApplication) -> None:
    stamps = ("2026-01-02T03:04:06Z", "2026-01-02T03:04:05.250Z", "2026-01-02T03:04:05.125Z")
    versions = VersionsModel()
    rows = [version(3 - at)._replace(archived_at=stamp) for at, stamp in enumerate(stamps)]
    versions.show(rows)
    times = [versions.index(row, KEYS.index("time")).data(CELL_ROLE).text for row in range(3)]
    assert times == ["2026-01-02 03:04:06", "2026-01-02 03:04:05.250", "2026-01-02 03:04:05.125"]


def test_times_are_written_as_the_switch_says(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    head = model(driver).headerData(KEYS.index("time"), Qt.Orientation.Horizontal)
    assert head == f"Time ({TimeStyle.UTC.value})"


def test_why_versions_cannot_be_read_is_not_said_of_the_next_record(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    view = driver.window.record.history
    view.show_versions((), None)
    view.show_error(StoreError(StoreErrorKind.BUSY, "The file is busy."))
    assert view.empty.sentence.text() == "The file is busy."
    view.show_versions((), None)
    assert view.empty.sentence.text() == "No history."
    view.show_versions((version(1),), None)
    assert view.versions.rowCount() == 1
    view.show_versions((), None)
    assert view.versions.rowCount() == 0
