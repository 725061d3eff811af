"""The environment: made once, renewed with the lock, made anew after a run that was cut off."""

from __future__ import annotations

import ast
import importlib.util
import stat
import sys
from pathlib import Path

import pytest

import bootstrap
from tests.packaging import ROOT


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose lock names no package, so that its environment needs no network."""
    root = tmp_path / "checkout"
    root.mkdir()
    lock = root / "locked.txt"
    lock.write_text("# nothing\n")
    monkeypatch.setattr(bootstrap, "ROOT", root)
    monkeypatch.setattr(bootstrap, "VENV", root / ".venv")
    monkeypatch.setattr(bootstrap, "STATE", root / ".tools")
    monkeypatch.setattr(bootstrap, "RUNTIME", lock)
    monkeypatch.setattr(bootstrap, "TOOLS", lock)  # so there is no uv
    return root


#: Debian keeps ensurepip in a package of its own; there virtualenv is fetched, from the network.
needs_ensurepip = pytest.mark.skipif(
    importlib.util.find_spec("ensurepip") is None, reason="this Python makes no environment alone"
)


def no_command(*command: object, **options: object) -> bool:
    raise AssertionError(f"was run: {command}")


@needs_ensurepip
def test_made_once_and_made_anew_after_an_interruption(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = checkout / "locked.txt"
    python = bootstrap.environment(lock)
    assert bootstrap.succeeds([python, "-c", "import pip"])

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "succeeds", no_command)
        assert bootstrap.environment(lock) == python

    bootstrap.unfinished().touch()
    half_installed = checkout / ".venv" / "half-installed"
    half_installed.touch()
    assert not bootstrap.is_current(lock)
    assert bootstrap.succeeds([bootstrap.environment(lock), "-c", "import pip"])
    assert not half_installed.exists()
    assert bootstrap.is_current(lock)


def finished(checkout: Path) -> Path:
    """An environment as it is when it has been made; returns its lock."""
    lock = checkout / "locked.txt"
    python = bootstrap.venv_python()
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    bootstrap.stamp(lock).write_text(bootstrap.digest(lock))
    return lock


def test_a_changed_lock_is_installed(checkout: Path) -> None:
    lock = finished(checkout)
    assert bootstrap.is_current(lock)
    lock.write_text("# something else\n")
    assert not bootstrap.is_current(lock)


def test_an_environment_whose_python_was_removed_is_not_used(checkout: Path) -> None:
    lock = finished(checkout)
    bootstrap.venv_python().unlink()
    bootstrap.venv_python().symlink_to(checkout / "removed")
    assert not bootstrap.is_current(lock)


def test_versions_that_cannot_be_installed_leave_it_unfinished(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = checkout / "locked.txt"
    lock.write_text("nothing-by-this-name==1 --hash=sha256:" + 64 * "0" + "\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(bootstrap, "usable", lambda python: True)
    with pytest.raises(bootstrap.SetupError, match="could not be installed"):
        bootstrap.environment(lock)
    assert bootstrap.unfinished().exists()


@pytest.fixture
def uv(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for uv, which writes its arguments and settings to the file that is returned."""
    noted = checkout / "uv.txt"
    package = checkout / "tools" / "uv"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text(
        "import os, pathlib, sys\n"
        f"noted = pathlib.Path({str(noted)!r})\n"
        "settings = {n: v for n, v in os.environ.items() if n.startswith('UV_')}\n"
        "noted.write_text(f'{sys.argv[1:]}\\n{settings}')\n"
        f"sys.exit(pathlib.Path({str(checkout / 'fails')!r}).exists())\n"
    )
    monkeypatch.setattr(bootstrap, "tools", lambda python: package.parent)
    for name in ("UV_FIND_LINKS", "UV_DEFAULT_INDEX", "UV_INDEX"):
        monkeypatch.delenv(name, raising=False)
    return noted


@needs_ensurepip
def test_uv_installs_the_lock_and_checks_its_hashes(
    checkout: Path, uv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "file:///index")
    monkeypatch.setenv("PIP_FIND_LINKS", "/one /two")
    monkeypatch.setenv("UV_INDEX", "file:///mine")
    monkeypatch.setattr(bootstrap, "install_with_pip", no_command)
    bootstrap.environment(checkout / "locked.txt")
    arguments, settings = map(ast.literal_eval, uv.read_text().splitlines())
    assert arguments[:2] == ["pip", "install"]
    assert {"--require-hashes", "--only-binary", str(bootstrap.venv_python())} <= set(arguments)
    assert arguments[-1] == str(checkout / "locked.txt")
    assert settings["UV_DEFAULT_INDEX"] == "file:///index"
    assert settings["UV_FIND_LINKS"] == "/one,/two"
    assert settings["UV_INDEX"] == "file:///mine"


@needs_ensurepip
def test_pip_is_asked_where_uv_fails(
    checkout: Path, uv: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (checkout / "fails").touch()
    bootstrap.environment(checkout / "locked.txt")
    assert uv.exists()
    assert "pip is asked" in capfd.readouterr().err
    assert bootstrap.is_current(checkout / "locked.txt")


def test_the_tools_are_fetched_once_and_again_after_a_change(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.STATE.mkdir()
    first = bootstrap.tools(sys.executable)
    assert first is not None and first.is_dir()
    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "succeeds", no_command)
        assert bootstrap.tools(sys.executable) == first
    (checkout / "locked.txt").write_text("# another version\n")
    second = bootstrap.tools(sys.executable)
    assert second is not None
    assert list(bootstrap.STATE.iterdir()) == [second] != [first]
    (checkout / "locked.txt").write_text("nothing-by-this-name==1 --hash=sha256:" + 64 * "0" + "\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert bootstrap.tools(sys.executable) is None


def test_a_folder_that_cannot_be_written_is_said(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = checkout / "locked.txt"
    monkeypatch.setattr(bootstrap, "STATE", blocked / ".tools")
    with pytest.raises(bootstrap.SetupError, match="Copy the project to a folder"):
        bootstrap.environment(checkout / "locked.txt")


def test_one_set_up_at_a_time(checkout: Path) -> None:
    with bootstrap.only_one():
        assert not taken(checkout)
    assert taken(checkout)


def taken(checkout: Path) -> bool:
    with (checkout / ".tools" / "lock").open("a") as file:
        return bootstrap.lock_file(file, wait=False)


@pytest.fixture
def old_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """This Python says it is 3.9, and the folder returned is all that is on the PATH."""
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(sys, "argv", ["packaging/demo.py", "--flag"])
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("old_python")
def test_an_old_python_is_named() -> None:
    with pytest.raises(bootstrap.SetupError, match=r"3\.11 or newer is needed, and this is 3\.9"):
        bootstrap.use_new_enough_python()


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_newer_python_on_the_path_goes_on(old_python: Path) -> None:
    broken, newer = old_python / "python3.13", old_python / "python3.12"
    broken.write_text("#!/bin/sh\nexit 127\n")
    newer.write_text('#!/bin/sh\n[ "$1" = -c ] && exit 0\n[ "$*" = "packaging/demo.py --flag" ]\n')
    for script in (broken, newer):
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(SystemExit) as end:
        bootstrap.use_new_enough_python()
    assert end.value.code == 0


@pytest.mark.parametrize("name", ["bootstrap", "system", "demo", "test"])
def test_an_old_python_can_read_the_scripts(name: str) -> None:
    source = (ROOT / "packaging" / f"{name}.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [(bootstrap.SetupError("Do this."), 1, "Do this.\n"), (KeyboardInterrupt(), 130, "")],
)
def test_what_goes_wrong_ends_without_a_traceback(
    capsys: pytest.CaptureFixture[str], raised: BaseException, code: int, said: str
) -> None:
    def main() -> int:
        raise raised

    assert bootstrap.guard(main) == code
    assert capsys.readouterr().err == said
