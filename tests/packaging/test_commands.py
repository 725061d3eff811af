"""The two commands of the quick start, in this checkout's own finished environment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib

import pytest

import bootstrap
from tests.packaging import ROOT


def run(script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script of packaging/ where there is no display."""
    left_out = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environ = {name: value for name, value in os.environ.items() if name not in left_out}
    command = [sys.executable, str(ROOT / "packaging" / script), *arguments]
    environ.update(variables)
    return subprocess.run(
        command, env=environ, cwd=ROOT.parent, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(autouse=True)
def finished_environment() -> None:
    if not bootstrap.is_current(bootstrap.DEVELOPMENT):
        pytest.skip("the environment was not made by packaging/test.py")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_without_a_display_the_demo_answers_on_the_command_line() -> None:
    demo = run("demo.py")
    assert demo.returncode == 0, demo.stderr
    assert demo.stderr.splitlines()[0] == (
        "There is no display here, so the demo store is shown on the command line."
    )
    _, kinds, record, history = demo.stdout.split("$ stigmer-inspector ")
    assert kinds.startswith("kinds --demo\n")
    heading, text = record.split("\n", 1)
    assert heading.startswith("show ")
    assert json.loads(text)["metadata"]
    assert history.splitlines()[0] == heading.replace("show", "history", 1)
    assert len(history.splitlines()) > 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_a_reader_that_goes_away_ends_the_demo_quietly() -> None:
    left_out = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environ = {name: value for name, value in os.environ.items() if name not in left_out}
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, str(ROOT / "packaging" / "demo.py")]
    ended = subprocess.run(
        command, env=environ, stdout=write, stderr=subprocess.PIPE, encoding="utf-8", check=False
    )
    os.close(write)
    assert ended.returncode == 141
    assert len(ended.stderr.splitlines()) == 1  # that there is no display


def test_arguments_are_pytests() -> None:
    listed = run("test.py", "--collect-only", "-q", "-n0", "tests/packaging/test_locks.py")
    assert listed.returncode == 0, listed.stderr
    assert "test_no_index_is_named" in listed.stdout


def test_the_exit_code_is_pytests() -> None:
    assert run("test.py", "-q", "-n0", "tests/no-such-test.py").returncode == 4


LISTED = ("--collect-only", "-q", "-n0", "tests/packaging/test_locks.py")


def test_the_oldest_versions_are_those_that_the_project_allows() -> None:
    listed = run("test.py", "--oldest", *LISTED)
    assert listed.returncode == 0, listed.stderr
    if "No package index answers" in listed.stderr:
        pytest.skip("no package index answers")
    assert "test_no_index_is_named" in listed.stdout
    [said] = (line for line in listed.stderr.splitlines() if line.startswith("Testing with "))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bounds = re.findall(r"([\w-]+)>=([\d.]+)", ";".join(project["dependencies"]).lower())
    assert {"apsw", "protobuf", "pyside6-essentials", "rapidfuzz"} == {name for name, _ in bounds}
    for name, version in bounds:
        assert re.search(rf"\b{name.replace('-', '_')} {re.escape(version)}(\.0)*\b(?!\.)", said), (
            said
        )


@pytest.mark.parametrize("asked", ["--oldest", "--newest"])
def test_without_a_package_index_that_is_said_and_nothing_is_tested(asked: str) -> None:
    nobody = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/", "UV_NO_CACHE": "1", "UV_HTTP_RETRIES": "0"}
    listed = run("test.py", asked, *LISTED, **nobody)
    assert (listed.returncode, listed.stdout) == (0, "")
    said = listed.stderr.splitlines()[-1]
    assert said == f"No package index answers, so nothing is tested with {asked}."
