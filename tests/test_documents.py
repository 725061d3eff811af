"""What the pages for contributors name is there: files, folders, names within files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.places import ROOT

PAGES = ("CONTRIBUTING.md", "ARCHITECTURE.md")
_NAMED = re.compile(r"(?<![\w/.-])((?:inspector|tests|packaging|resources|\.ci)(?:/[\w.-]+)+/?)")
_MODULES = re.compile(r"-m (tests(?:\.\w+)+|inspector)")
#: A name in a file: ``NAME`` in, of or there.
_IN_A_FILE = re.compile(r"`(\w+)` (?:of|in) `([\w/.]+\.py)`")


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [*PAGES, "README.md", "CHANGELOG.md"])
def test_every_file_that_is_named_is_there(page: str) -> None:
    named = {one.rstrip(".") for one in _NAMED.findall(text(page))}
    assert len(named) > (15 if page in PAGES else 0)
    assert [one for one in sorted(named) if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_module_that_is_run_can_be(page: str) -> None:
    for module in _MODULES.findall(text(page)):
        path = ROOT.joinpath(*module.split("."))
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


def test_every_name_within_a_file_is_in_it() -> None:
    found = [pair for page in PAGES for pair in _IN_A_FILE.findall(text(page))]
    assert len(found) >= 4
    for name, path in found:
        assert re.search(rf"\b{name}\b", (ROOT / path).read_text(encoding="utf-8")), (name, path)


def test_the_picture_of_the_rooms_has_all_of_them() -> None:
    rooms = {path.parent.name for path in Path(ROOT / "inspector").glob("*/__init__.py")}
    picture = text("ARCHITECTURE.md").split("```")[1]
    assert rooms == set(re.findall(r"inspector/(\w+)(?!\w*\.py)\b", picture)) - {
        "__main__",
        "launch",
    }


def test_the_links_of_the_pages_lead_somewhere() -> None:
    for page in (*PAGES, "README.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", text(page)):
            assert target.startswith("http") or (ROOT / target).exists(), (page, target)
