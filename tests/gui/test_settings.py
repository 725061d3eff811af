"""What is remembered: only differences are stored, and what is broken is left out and named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.gui.remembered import PATHS, RECORDS, OpenedFields, Remembered
from inspector.gui.settings import RECENT, Settings, load, save

FULL = Remembered(
    geometry="abc",
    panes=[190, 600, 500],
    reader=[600, 168],
    entry="kind",
    kind="agent",
    record_kind="agent",
    record="agt-1",
    version="audit:3",
    tab="json",
    tabs={"agent": "json"},
    columns={"agent": {"id": 200}},
    opened=[OpenedFields("agent", "agt-1", "spec.name", ("spec", "status"))],
    schema="2026-10",
    schemas={"skill": "2026-01-25"},
)


def test_only_differences_are_stored(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.json"
    assert save(Settings(zoom=125), path)
    assert json.loads(path.read_text()) == {"zoom": 125}
    assert load(path) == Settings(zoom=125)
    assert load(path).ignored == []


def test_a_missing_file_is_no_reason_for_a_word(tmp_path: Path) -> None:
    assert load(tmp_path / "none.json").ignored == []


@pytest.mark.parametrize("text", ["{", "[1]", "\x00", "[" * 100_000])
def test_a_damaged_file_gives_the_defaults_and_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    settings = load(path)
    assert settings == Settings()
    assert settings.ignored == ["all"]


def test_a_part_that_is_broken_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"zoom": "large", "wrap": false, "of a later version": 1, "panes": 5}')
    settings = load(path)
    assert settings == Settings(wrap=False)
    assert settings.ignored == ["zoom", "panes"]


def test_what_is_remembered_of_a_file_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    settings = Settings()
    settings.remember("/a \udcff/s.db", FULL)
    assert save(settings, path)
    again = load(path)
    assert again.remembered("/a \udcff/s.db") == FULL
    assert again.remembered("/other") == Remembered()
    assert again.ignored == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("panes", [1, "2", 3]),
        ("panes", [1, -2, 3]),
        ("panes", [1, True, 3]),
        ("reader", {"a": 1}),
        ("kind", 5),
        ("tabs", {"agent": 1}),
        ("tabs", []),
        ("columns", {"agent": {"id": "wide"}}),
        ("opened", [["agent", "agt-1", "spec"]]),
        ("opened", [["agent", "agt-1", "spec", [1]]]),
        ("opened", [["agent"] * 3 + [[]]] * (RECORDS + 1)),
        ("schema", "2027-01"),
        ("schemas", {"agent": 4}),
    ],
)
def test_a_broken_part_of_a_file_is_left_out_and_named(name: str, value: object) -> None:
    settings = Settings.of({"files": {"/s.db": {**FULL.stored(), name: value}}})
    got = settings.remembered("/s.db")
    assert getattr(got, name) == getattr(Remembered(), name)
    assert got.geometry == FULL.geometry
    assert settings.ignored == [f"{name} of /s.db"]


def test_what_is_remembered_is_bounded() -> None:
    settings = Settings()
    many = [OpenedFields("k", str(n), "", tuple(map(str, range(999)))) for n in range(99)]
    for number in range(60):
        settings.remember(f"/{number}", Remembered(kind="k", opened=many))
    got = settings.remembered("/59").opened
    assert settings.remembered("/0") == Remembered()
    assert len(settings.files) == 50
    assert [one.id for one in got] == [str(n) for n in range(99 - RECORDS, 99)]
    assert len(got[0].paths) == PATHS


def test_a_file_used_again_is_the_last_to_be_forgotten() -> None:
    settings = Settings()
    settings.remember("/first", FULL)
    for number in range(49):
        settings.remember(f"/{number}", FULL)
    settings.remember("/first", FULL)
    settings.remember("/new", FULL)
    assert settings.remembered("/first") == FULL
    assert settings.remembered("/0") == Remembered()


def test_recent_files_are_ten_and_the_newest_comes_first() -> None:
    settings = Settings()
    for number in range(RECENT + 3):
        settings.add_recent(f"/{number}", f"2026-11-21T05:32:{number:02}Z")
    settings.add_recent("/5", "2026-11-22T05:32:48Z")
    paths = [path for path, _ in settings.recent_files()]
    assert len(paths) == RECENT
    assert paths[:2] == ["/5", "/12"]
    settings.forget_recent("/12")
    assert [path for path, _ in settings.recent_files()][:2] == ["/5", "/11"]
    settings.forget_recent()
    assert settings.recent_files() == []


def test_a_broken_line_of_the_recent_files_is_left_out() -> None:
    settings = Settings.of({"recent": [["/a", "t"], 5, ["/b"], ["/c", "u"]]})
    assert settings.recent_files() == [("/a", "t"), ("/c", "u")]
