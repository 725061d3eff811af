"""Names lead to one place, tests lie where what they test does, and imports go round nowhere."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import grimp
import pytest

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


#: Signals with an argument for which Qt has no type that leaves it as it is, and why.
_UNTYPED = {
    "changes_controller.counted": "an int, or None",
    "search_controller.counted": "an int, or None",
    "check_controller.counted": "an int, or None",
    "main_window.state_wanted": "what is not loaded before the first rows",
    "tasks._answered": "an answer of any type",
}


def test_signals_carry_types() -> None:
    untyped = {
        f"{path.stem}.{target.id}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if isinstance(node.value.func, ast.Name) and node.value.func.id == "Signal"
        if any(isinstance(one, ast.Name) and one.id == "object" for one in node.value.args)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert untyped == _UNTYPED.keys()


def rings(imports: dict[str, set[str]]) -> list[list[str]]:
    """The modules that import each other in a circle: strongly connected, more than one."""
    order: list[str] = []
    seen: set[str] = set()
    for start, imported in imports.items():
        stack = [] if start in seen else [(start, iter(imported))]
        seen.add(start)
        while stack:
            module, rest = stack[-1]
            below = next((one for one in rest if one not in seen), None)
            if below is None:
                order.append(module)
                stack.pop()
            else:
                seen.add(below)
                stack.append((below, iter(imports[below])))
    importers: defaultdict[str, set[str]] = defaultdict(set)
    for module, imported in imports.items():
        for one in imported:
            importers[one].add(module)
    found: list[list[str]] = []
    placed: set[str] = set()
    for module in reversed(order):
        ring, waiting = [], [] if module in placed else [module]
        while waiting:
            one = waiting.pop()
            if one not in placed:
                placed.add(one)
                ring.append(one)
                waiting += importers[one] - placed
        if len(ring) > 1:
            found.append(sorted(ring))
    return found


def test_no_modules_import_each_other_in_a_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even for their types: whoever reads one would have to read them all."""
    monkeypatch.syspath_prepend(str(ROOT))
    graph = grimp.build_graph("inspector", exclude_type_checking_imports=False, cache_dir=None)
    imports = {one: graph.find_modules_directly_imported_by(one) for one in graph.modules}
    assert len(imports) > 400
    assert rings(imports) == []


def test_a_ring_is_found_with_all_its_modules_and_no_others() -> None:
    imports = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": set(), "f": {"a"}}
    assert rings(imports) == [["a", "b", "c"]]
    assert rings(imports | {"e": {"d"}}) == [["a", "b", "c"], ["d", "e"]]
    assert rings(imports | {"c": set()}) == []
