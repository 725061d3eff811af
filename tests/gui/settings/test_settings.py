"""What is remembered: only differences are stored, and what is broken is left out and named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.gui.settings.file_memory import PATHS, RECORDS, FileMemory, OpenedFields
from inspector.gui.settings.settings import RECENT, Settings, SettingsFile

FULL = FileMemory(
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
    schema="apis-0.1.0.dev0",
    schemas={"skill": "2026-01-25"},
)


def load(path: Path) -> Settings:
    return SettingsFile(path).load()


def save(settings: Settings, path: Path) -> bool:
    return SettingsFile(path).save(settings)


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
    assert again.remembered("/other") == FileMemory()
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
    assert getattr(got, name) == getattr(FileMemory(), name)
    assert got.geometry == FULL.geometry
    assert settings.ignored == [f"{name} of /s.db"]


def test_what_is_remembered_is_bounded() -> None:
    settings = Settings()
    many = [OpenedFields("k", str(n), "", tuple(map(str, range(999)))) for n in range(99)]
    for number in range(60):
        settings.remember(f"/{number}", FileMemory(kind="k", opened=many))
    got = settings.remembered("/59").opened
    assert settings.remembered("/0") == FileMemory()
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
    assert settings.remembered("/0") == FileMemory()


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
    assert settings.ignored == ["part of recent"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("appearance", "pink"),
        ("zoom", 5),
        ("zoom", 100_000),
        ("zoom", True),
        ("times", "Martian"),
        ("panes", ["wide"]),
        ("panes", [-5, 1, 1]),
    ],
)
def test_a_value_out_of_range_is_left_out_and_named(name: str, value: object) -> None:
    settings = Settings.of({name: value, "wrap": False})
    assert settings == Settings(wrap=False)
    assert settings.ignored == [name]


def test_the_preferences_can_be_taken_back_and_files_stay() -> None:
    settings = Settings(zoom=150, appearance="dark", wrap=False, export_folder="/x")
    settings.add_recent("/a", "t")
    settings.remember("/a", FULL)
    settings.reset_preferences()
    assert set(settings.differences()) == {"export_folder", "recent", "files"}


# The file, which others write too


def stored(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(path.read_text())
    return found


def test_names_of_a_newer_version_survive_a_save(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"zoom": 125, "follow": {"on": true}}')
    file = SettingsFile(path)
    settings = file.load()
    settings.zoom = 150
    assert file.save(settings)
    assert stored(path) == {"zoom": 150, "follow": {"on": True}}
    settings.zoom = 100
    assert file.save(settings)
    assert stored(path) == {"follow": {"on": True}}


def test_what_was_told_to_be_left_out_is_gone_after_a_save(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"zoom": "large", "wrap": false, "follow": 1}')
    file = SettingsFile(path)
    assert file.save(file.load())
    assert stored(path) == {"wrap": False, "follow": 1}
    assert load(path).ignored == []


def test_two_processes_keep_what_each_changed(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    first, second = SettingsFile(path), SettingsFile(path)
    one, two = first.load(), second.load()
    one.zoom, one.appearance = 125, "dark"
    one.add_recent("/one", "2026-11-21T05:00:00Z")
    one.remember("/one", FULL)
    assert first.save(one)
    two.wrap = False
    two.add_recent("/two", "2026-11-21T06:00:00Z")
    two.remember("/two", FULL)
    assert second.save(two)
    assert first.save(one)
    assert second.save(two)
    both = load(path)
    assert (both.zoom, both.appearance, both.wrap) == (125, "dark", False)
    assert [name for name, _ in both.recent_files()] == ["/two", "/one"]
    assert both.remembered("/one") == both.remembered("/two") == FULL


def test_a_file_forgotten_here_comes_back_only_where_it_was_opened_since(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    save(Settings(recent=[["/a", "2026-11-21T05:00:00Z"], ["/b", "2026-11-21T04:00:00Z"]]), path)
    first, second = SettingsFile(path), SettingsFile(path)
    one, two = first.load(), second.load()
    one.forget_recent()
    two.add_recent("/a", "2026-11-21T07:00:00Z")
    assert second.save(two)
    assert first.save(one)
    assert load(path).recent_files() == [("/a", "2026-11-21T07:00:00Z")]


def test_an_older_draft_never_replaces_a_newer_one(tmp_path: Path) -> None:
    file, settings = SettingsFile(tmp_path / "settings.json"), Settings(zoom=125)
    older = file.draft(settings)
    settings.zoom = 150
    assert file.save(settings)
    assert file.write(older)
    assert load(file.path).zoom == 150


def test_nothing_but_the_settings_is_left_in_their_folder(tmp_path: Path) -> None:
    save(Settings(zoom=125), tmp_path / "settings.json")
    assert [each.name for each in tmp_path.iterdir()] == ["settings.json"]


def test_a_folder_that_cannot_be_written_costs_only_the_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not save(Settings(zoom=125), tmp_path / "file" / "settings.json")


@pytest.mark.parametrize("made", [Settings, FileMemory])
def test_a_name_that_is_not_known_is_an_error(made: type[Settings] | type[FileMemory]) -> None:
    with pytest.raises(TypeError, match="there is no zom"):
        made(zom=125)
