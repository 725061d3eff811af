"""Names lead to one place: no class or module name twice, tests lie where what they test does."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.places import ROOT

PACKAGE = ROOT / "inspector"
MODULES = sorted(PACKAGE.rglob("*.py"))


def _more_than_once(named: Iterable[tuple[str, Path]]) -> dict[str, list[str]]:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for name, path in named:
        places[name].append(path.relative_to(ROOT).as_posix())
    return {name: found for name, found in places.items() if len(found) > 1}


def test_no_module_name_is_there_twice() -> None:
    named = ((path.stem, path) for path in MODULES if not path.stem.startswith("__"))
    # The command line and the program each have their beginning where Python looks for it.
    assert _more_than_once(named) == {}


def test_no_public_class_name_is_there_twice() -> None:
    named = (
        (node.name, path)
        for path in MODULES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert _more_than_once(named) == {}


def test_tests_of_the_window_lie_in_folders_of_its_features() -> None:
    features = {path.parent.name for path in (PACKAGE / "gui").glob("*/__init__.py")}
    tested = {path.parent.name for path in (ROOT / "tests" / "gui").glob("*/__init__.py")}
    assert tested <= features
    tests = {path.stem for path in (ROOT / "tests" / "gui").glob("test_*.py")}
    roots = {f"test_{path.stem}" for path in (PACKAGE / "gui").glob("*.py")}
    assert tests <= roots
