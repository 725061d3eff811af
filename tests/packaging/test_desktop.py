"""The desktop's files: valid, of one id and one version, and no default for others' files."""

from __future__ import annotations

import configparser
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from inspector import __version__
from tests.packaging.desktop import (
    APP_ID,
    ENTRY,
    METAINFO,
    MIME,
    OPEN_WITH,
    SQLITE,
    STORE,
    Registry,
    tool,
)

OTHERS = "sqlitebrowser.desktop"


def entry(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their case
    read.read_string(path.read_text("utf-8"))
    return read


@pytest.mark.parametrize("path", [ENTRY, OPEN_WITH], ids=lambda path: path.name)
def test_entries_are_valid(path: Path) -> None:
    assert tool("desktop-file-validate", path) == ""


def test_the_metainfo_is_valid() -> None:
    said = tool("appstreamcli", "validate", "--no-net", METAINFO)
    assert "Validation was successful" in said
    assert "W:" not in said


def test_everything_has_the_one_id() -> None:
    about = ElementTree.parse(METAINFO)
    assert about.findtext("id") == APP_ID
    assert about.findtext("launchable") == ENTRY.name
    kinds = {kind.get("type") for kind in ElementTree.parse(MIME).iter() if kind.get("type")}
    assert kinds == {STORE, SQLITE}
    assert about.findtext("provides/mediatype") == STORE
    for path in (ENTRY, OPEN_WITH):
        assert entry(path)["Desktop Entry"]["Icon"] == APP_ID
    [icon] = ElementTree.parse(MIME).findall(".//{*}icon")
    assert icon.get("name") == APP_ID


def test_the_newest_release_is_this_version() -> None:
    newest = ElementTree.parse(METAINFO).find("releases/release")
    assert newest is not None
    assert newest.get("version") == __version__


def test_the_program_is_called_as_it_takes_files_and_the_demo() -> None:
    assert entry(ENTRY)["Desktop Entry"]["Exec"] == "stigmer-inspector %F"
    assert entry(OPEN_WITH)["Desktop Entry"]["Exec"] == "stigmer-inspector %F"
    assert entry(ENTRY)["Desktop Action demo"]["Exec"] == "stigmer-inspector --demo"


def test_stores_are_ours_and_other_databases_are_only_offered(registry: Registry) -> None:
    registry.add_ours(ENTRY, OPEN_WITH)
    registry.add_program(OTHERS, SQLITE)
    registry.update()
    assert registry.programs(STORE)[0] == ENTRY.name
    assert registry.programs(SQLITE) == (OTHERS, [OTHERS, OPEN_WITH.name])


def test_a_persons_own_installation_leaves_other_databases_alone(registry: Registry) -> None:
    registry.add_program(OTHERS, SQLITE)
    registry.update()
    own = registry.folder / "home" / "share" / "applications"
    registry.add_ours(ENTRY)
    own.mkdir(parents=True)
    shutil.move(registry.share / "applications" / ENTRY.name, own)
    tool("update-desktop-database", own)
    assert registry.programs(STORE)[0] == ENTRY.name
    assert registry.programs(SQLITE) == (OTHERS, [OTHERS])
