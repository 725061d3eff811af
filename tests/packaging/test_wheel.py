"""The wheel: every data file is in it, and it runs from where it is put."""

from __future__ import annotations

import os
import subprocess
import sys
from email import message_from_string
from pathlib import Path

import pytest
import trove_classifiers

import compiled
from shell_files import PREFIX, shell_files
from tests.packaging import ROOT

APP_ID = "ai.stigmer.Inspector"
SHARED = {
    f"share/applications/{APP_ID}.desktop": f"packaging/linux/{APP_ID}.desktop",
    f"share/metainfo/{APP_ID}.metainfo.xml": f"packaging/linux/{APP_ID}.metainfo.xml",
    f"share/mime/packages/{APP_ID}.xml": f"packaging/linux/{APP_ID}.mime.xml",
    f"share/icons/hicolor/16x16/apps/{APP_ID}.svg": "resources/icon-small.svg",
    f"share/icons/hicolor/scalable/apps/{APP_ID}.svg": "resources/icon.svg",
}


#: What the names of compiled modules end with.
COMPILED = (".so", ".pyd")
#: What is worked out along with them.
PREPARED = "_prepared.bin"

SHELL = dict(shell_files(PREFIX))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, installed into a folder of its own."""
    folder: Path = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    into = folder / "installed"
    offline = ["--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check"]
    install = [sys.executable, "-m", "pip", "install", *offline, "--target", str(into), str(built)]
    subprocess.run(install, check=True, capture_output=True)
    return into


def contents(folder: Path) -> dict[str, bytes]:
    files = (f for f in folder.rglob("*") if f.is_file() and "__pycache__" not in f.parts)
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in files}


def test_the_data_files_are_in_it(wheel: Path) -> None:
    held = contents(wheel / "inspector" / "_resources")
    assert held == contents(ROOT / "resources")
    assert {"schema.json", "secrets.tsv", "icon.svg"} <= held.keys()


def test_the_package_is_in_it_and_nothing_else(wheel: Path) -> None:
    names = {name for name in contents(wheel) if ".dist-info/" not in name}
    package = {f"inspector/{name}" for name in contents(ROOT / "inspector")}
    # One for each Python that it was built for may lie in the checkout.
    package = {name for name in package if not name.endswith((*COMPILED, PREPARED))}
    names = {name for name in names if not name.endswith((*COMPILED, PREPARED))}
    programs = {"bin/stigmer-inspector", "bin/stigmer-inspector-gui"}
    names = {name.replace(".exe", "") for name in names if "/_resources/" not in name}
    shell = {f"share/{name}" for name in SHELL}
    assert names == package | programs | SHARED.keys() | shell


def test_the_compiled_part_is_in_it_where_there_is_a_compiler(wheel: Path, tmp_path: Path) -> None:
    built = [name for name in contents(wheel) if name.endswith((*COMPILED, PREPARED))]
    tags = next(wheel.glob("*.dist-info/WHEEL")).read_text(encoding="utf-8")
    if compiled.build(tmp_path):
        assert not built
        assert "Tag: py3-none-any" in tags
    else:
        files = (*compiled.targets(tmp_path), compiled.prepared(tmp_path))
        made = [one.relative_to(tmp_path).as_posix() for one in files]
        assert sorted(built) == sorted(made)
        assert "Root-Is-Purelib: false" in tags


def test_the_desktops_files_are_where_desktops_look(wheel: Path) -> None:
    held = contents(wheel)
    for name, source in SHARED.items():
        assert held[name] == (ROOT / source).read_bytes()


def test_shells_and_man_find_their_files(wheel: Path) -> None:
    held = contents(wheel)
    assert {"share/man/man1/stigmer-inspector-list.1"} < held.keys()
    for name, text in SHELL.items():
        assert held[f"share/{name}"] == text.encode()


def test_it_is_told_apart_and_licensed(wheel: Path) -> None:
    [info] = wheel.glob("*.dist-info")
    assert (info / "licenses" / "LICENSE").is_file()
    entries = (info / "entry_points.txt").read_text()
    assert "stigmer-inspector = inspector.__main__:main" in entries
    assert "stigmer-inspector-gui = inspector.__main__:main" in entries
    about = message_from_string((info / "METADATA").read_text("utf-8"))
    assert about["Author"] == "Stigmer Inspector"
    assert about["Author-Email"] is None
    assert about["License-Expression"] == "Apache-2.0"
    assert about.get_all("Project-URL") == ["Stigmer, https://github.com/stigmer/stigmer"]
    assert about["Keywords"]
    said = about.get_all("Classifier", [])
    assert set(said) <= trove_classifiers.classifiers
    assert {"Typing :: Typed", "Programming Language :: Python :: 3.11"} <= set(said)
    assert (wheel / "inspector" / "py.typed").is_file()


def kinds(path: Path, cwd: Path) -> bytes:
    command = [sys.executable, "-m", "inspector", "kinds", "--demo", "--json"]
    environ = {**os.environ, "PYTHONPATH": str(path)}
    return subprocess.run(command, cwd=cwd, env=environ, check=True, stdout=subprocess.PIPE).stdout


def test_it_answers_as_the_checkout_does(wheel: Path, tmp_path: Path) -> None:
    answer = kinds(wheel, tmp_path)
    assert answer == kinds(ROOT, tmp_path)
    assert b'"kind"' in answer
