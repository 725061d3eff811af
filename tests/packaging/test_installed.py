"""The check of the installed program: what it accepts, what it refuses, and when it is skipped."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap import SetupError
from build import version
from linux_packages import LINUX
from tests.tools import check_cache, smoke
from tests.tools.scratch_root import ScratchRoot, listing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="for Linux")
WriteProgram = Callable[..., Path]
KINDS = '[{"kind": "agent", "count": 2}, {"kind": "gone", "count": 0}]'


@pytest.fixture
def write_program(tmp_path: Path) -> WriteProgram:
    """Writes a stand-in for the installed program."""

    def write(kinds: str = KINDS, window: str = "printf 'agent\\t2\\n'") -> Path:
        program = tmp_path / "installed" / "stigmer-inspector"
        program.parent.mkdir()
        program.write_text(
            "#!/bin/sh\ncase $1 in\n"
            f"--version) echo stigmer-inspector {version()} ;;\n"
            f"kinds) echo '{kinds}' ;;\n"
            f"--smoke) {window} ;;\n"
            "esac\n"
        )
        program.chmod(0o755)
        return program

    return write


def test_a_window_with_all_kinds_is_accepted(
    write_program: WriteProgram, capsys: pytest.CaptureFixture[str]
) -> None:
    program = write_program()
    smoke.look("it", program, program.parent)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "it: 1 kinds with 2 records in the window"
    assert any("window, start to end" in line for line in said)


@pytest.mark.parametrize(
    ("kinds", "window", "sentence"),
    [
        (KINDS, "printf 'agent\\t1\\n'", r"shows \{'agent': 1\}, and there are \{'agent': 2\}"),
        ("[]", "true", "shows {}"),
        (KINDS, "echo no window >&2; exit 1", "ended with 1: no window"),
        (KINDS, "printf 'agent\\t2\\n'; : >$(/usr/bin/dirname $0)/x", r"written where it is: x \("),
        (KINDS, "printf 'agent\\t2\\n'; : >$HOME/left", "has left .*/left"),
    ],
)
def test_anything_else_is_refused(
    write_program: WriteProgram, kinds: str, window: str, sentence: str
) -> None:
    program = write_program(kinds, window)
    with pytest.raises(SetupError, match=sentence):
        smoke.look("it", program, program.parent)


def test_nothing_to_check_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"python3 packaging/build\.py"):
        smoke.built(tmp_path / "none.deb")


def test_a_listing_tells_changes_of_content_and_time(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("a")
    before = listing(tmp_path)
    assert listing(tmp_path) == before
    (tmp_path / "one").write_text("ab")
    assert listing(tmp_path) != before


@pytest.mark.skipif(not shutil.which("dpkg"), reason="needs dpkg")
def test_what_dpkg_refuses_is_said(tmp_path: Path) -> None:
    root = ScratchRoot(tmp_path)
    with pytest.raises(SetupError, match="dpkg failed"):
        root.dpkg("--install", str(LINUX / "nfpm.yaml"))
    assert {path for path in root.contents() if not path.startswith("var")} == set()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a file in packaging/, and no note of an earlier check."""
    root = tmp_path / "checkout"
    (root / "packaging" / "__pycache__").mkdir(parents=True)
    (root / "packaging" / "inspector.spec").write_text("one")
    (root / "pyproject.toml").write_text("[project]")
    monkeypatch.setattr(check_cache, "ROOT", root)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return root


def test_a_check_that_passed_is_not_repeated_until_something_changes(checkout: Path) -> None:
    assert not check_cache.passed()
    check_cache.note()
    assert check_cache.passed()
    (checkout / "packaging" / "__pycache__" / "build.pyc").touch()
    assert check_cache.passed()
    (checkout / "pyproject.toml").write_text("[project] # changed")
    assert not check_cache.passed()


def test_a_new_file_is_a_change(checkout: Path) -> None:
    check_cache.note()
    (checkout / "packaging" / "new.txt").touch()
    assert not check_cache.passed()


def test_another_python_is_a_change(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_cache.note()
    monkeypatch.setattr(sys, "version", "3.12.0")
    assert not check_cache.passed()
