"""The releases that software centres show are those of the changelog."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from changelog import METAINFO, Release, releases, with_releases
from inspector import __version__

TEXT = """# Changelog
## Unreleased
- Not yet
## 0.2 - 2026-03-01
- `show` & more
## 0.1 - 2026-02-01
- First
- Second
"""


def test_the_metainfo_is_as_the_changelog_makes_it() -> None:
    text = METAINFO.read_text("utf-8")
    assert with_releases(text, releases()) == text


def test_the_newest_release_is_this_version() -> None:
    assert releases()[0].version == __version__


def test_releases_are_read_and_written() -> None:
    made = releases(TEXT)
    assert made == [
        Release("0.2", "2026-03-01", ("show & more",)),
        Release("0.1", "2026-02-01", ("First", "Second")),
    ]
    root = ElementTree.fromstring(with_releases(METAINFO.read_text("utf-8"), made))
    found = root.findall("releases/release")
    assert [release.get("version") for release in found] == ["0.2", "0.1"]
    assert [item.text for item in found[0].iter("li")] == ["show & more"]


@pytest.mark.parametrize(
    "wrong",
    [
        "# Changelog\n## Unreleased\n- More\n",
        TEXT.replace("- First\n- Second\n", ""),
        TEXT.replace("2026-02-01", "2026-02-30"),
        TEXT.replace("2026-02-01", "2026-04-01"),
        TEXT.replace("## 0.1 - ", "## 0.1, "),
    ],
)
def test_what_is_no_changelog_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        releases(wrong)
