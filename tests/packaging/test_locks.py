"""The locked versions: pinned, hashed, from no named index, and what pyproject.toml asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bootstrap import BUILD, DEVELOPMENT, RUNTIME, TOOLS
from tests.packaging import ROOT

PIN = re.compile(r"^([a-z0-9-]+)==([^\s;]+)(?: ; (.+?))? \\$", re.MULTILINE)
LOCKS = pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT, BUILD, TOOLS], ids=lambda p: p.name)


def pins(text: str) -> dict[str, str]:
    return {name: version for name, version, _ in PIN.findall(text)}


@LOCKS
def test_every_version_is_pinned_and_hashed(lock: Path) -> None:
    lines = [line for line in lock.read_text().splitlines() if line and "#" not in line]
    starts = [n for n, line in enumerate(lines) if not line.startswith(" ")]
    assert starts
    for n in starts:
        assert PIN.match(lines[n]), lines[n]
        assert "--hash=sha256:" in lines[n + 1]


@LOCKS
def test_no_index_is_named(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash)", text, re.MULTILINE)


@pytest.mark.parametrize("lock", [DEVELOPMENT, BUILD], ids=lambda p: p.name)
def test_what_is_tested_and_frozen_has_the_versions_of_the_program(lock: Path) -> None:
    program = pins(RUNTIME.read_text())
    assert program.items() <= pins(lock.read_text()).items()


@pytest.mark.parametrize("group", [None, "dev", "build", "tools"])
def test_what_the_project_asks_for_is_locked(group: str | None) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = project["dependency-groups"][group] if group else project["project"]["dependencies"]
    lock = {None: RUNTIME, "dev": DEVELOPMENT, "build": BUILD, "tools": TOOLS}[group]
    locked = pins(lock.read_text())
    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)])


@LOCKS
def test_markers_leave_no_supported_python_out(lock: Path) -> None:
    for name, _, marker in PIN.findall(lock.read_text()):
        if marker:
            answers = {
                Marker(marker).evaluate({"python_version": v, "python_full_version": f"{v}.0"})
                for v in ("3.11", "3.12", "3.13")
            }
            assert len(answers) == 1, name
