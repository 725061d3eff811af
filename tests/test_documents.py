"""What the pages for contributors name is there: files, folders, names within files."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.places import ROOT

PAGES = ("CONTRIBUTING.md", "ARCHITECTURE.md")
_NAMED = re.compile(r"(?<![\w/.-])((?:inspector|tests|packaging|resources|\.ci)(?:/[\w.-]+)+/?)")
_MODULES = re.compile(r"-m (tests(?:\.\w+)+|inspector)")
#: A name in a file: ``NAME`` in, of or there.
_IN_A_FILE = re.compile(r"`(\w+)` (?:of|in) `([\w/.]+\.py)`")


#: A name in a docstring: ``:class:`~inspector.module.Name```, ``:meth:`name```.
_REFERENCE = re.compile(r":(?:attr|class|data|exc|func|meth|mod):`~?([\w.]+)`")


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


class Named(NamedTuple):
    """What docstrings can name in a module, and within its classes."""

    names: frozenset[str]
    members: frozenset[str]


def named_in(source: str) -> Named:
    names: set[str] = set()
    members: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            members.add(node.attr)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((one.asname or one.name).partition(".")[0] for one in node.names)
    return Named(frozenset(names), frozenset(members))


def leads_nowhere(reference: str, module: str, modules: dict[str, Named]) -> bool:
    """Whether there is nothing that a docstring of a module names."""
    if reference.startswith("."):
        reference = module.rpartition(".")[0] + reference
    first, *rest = reference.split(".")
    if first == "inspector":
        found = max((one for one in modules if f"{reference}.".startswith(f"{one}.")), key=len)
        rest = reference.removeprefix(found).split(".")[1:]
        return bool(rest) and rest[0] not in modules[found].names
    there = modules[module].names | modules[module].members | set(dir(builtins))
    return first not in there | sys.stdlib_module_names


def test_what_docstrings_refer_to_is_there() -> None:
    sources = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in Path(ROOT / "inspector").rglob("*.py")
    }
    texts = {module: path.read_text(encoding="utf-8") for module, path in sources.items()}
    modules = {module: named_in(source) for module, source in texts.items()}
    references = [(one, at) for at, source in texts.items() for one in _REFERENCE.findall(source)]
    assert len(references) > 200
    assert [one for one in references if leads_nowhere(*one, modules)] == []


def test_sections_of_the_readme_that_docstrings_name_are_there() -> None:
    heads = re.findall(r"^## (.+)$", text("README.md"), re.MULTILINE)
    for path in Path(ROOT / "inspector").rglob("*.py"):
        for name in re.findall(r'README, "([^"]+)"', path.read_text(encoding="utf-8")):
            assert name in heads, path
