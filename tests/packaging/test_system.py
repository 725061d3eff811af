"""What Qt needs from the system: found out, installed by root on Debian, or else named."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import system
from bootstrap import SetupError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="for Linux")

SetDesktop = Callable[..., None]
WriteScript = Callable[[str], None]
VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> SetDesktop:
    """Sets the variables that tell which display there is."""

    def set_to(**values: str) -> None:
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_to


@pytest.mark.parametrize(
    ("variables", "display"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"QT_QPA_PLATFORM": "xcb"}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
        ({"QT_QPA_PLATFORM": "vnc:size=800x600"}, True),
    ],
)
def test_whether_there_is_a_display(
    desktop: SetDesktop, variables: dict[str, str], display: bool
) -> None:
    desktop(**variables)
    assert system.has_display() is display


@pytest.mark.parametrize(
    ("variables", "more"),
    [
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, {}),
        ({"DISPLAY": ":0"}, system.X11_LIBRARIES),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, system.WAYLAND_LIBRARIES),
    ],
)
def test_libraries_are_those_of_the_display(
    desktop: SetDesktop, variables: dict[str, str], more: dict[str, str]
) -> None:
    desktop(**variables)
    assert system.needed_libraries() == {**system.LIBRARIES, **more}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, desktop: SetDesktop) -> Path:
    """A system without one library and without a font, where only what is in ``bin`` can be run."""
    desktop(QT_QPA_PLATFORM="offscreen")
    monkeypatch.setattr(system, "LIBRARIES", {"libc.so.6": "libc6", "libnone.so.0": "libnone0"})
    monkeypatch.setattr(system, "FONT_FOLDERS", (str(tmp_path / "fonts"), str(tmp_path / "none")))
    (tmp_path / "bin").mkdir()
    (tmp_path / "fonts" / "family").mkdir(parents=True)
    (tmp_path / "fonts" / "family" / "fonts.dir").touch()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def test_what_is_missing_has_debians_names(bare: Path) -> None:
    assert system.missing_packages() == ["libnone0", "fonts-dejavu-core"]
    (bare / "fonts" / "family" / "Sans.TTF").touch()
    assert system.missing_packages() == ["libnone0"]


@pytest.mark.usefixtures("bare")
def test_without_apt_the_names_are_said() -> None:
    with pytest.raises(SetupError, match="on Debian: libnone0 fonts-dejavu-core"):
        system.provide()


@pytest.fixture
def apt_get(bare: Path) -> WriteScript:
    """Puts a stand-in for apt-get on the PATH that notes its arguments in a file."""

    def write(then: str) -> None:
        script = bare / "bin" / "apt-get"
        script.write_text(f'#!/bin/sh\necho "$*" >> {bare}/calls\n{then}\n')
        script.chmod(0o755)

    return write


def test_a_normal_user_gets_the_line_to_run(
    bare: Path, apt_get: WriteScript, monkeypatch: pytest.MonkeyPatch
) -> None:
    apt_get("exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    line = "sudo apt-get install --no-install-recommends libnone0 fonts-dejavu-core"
    with pytest.raises(SetupError, match=line):
        system.provide()
    assert not (bare / "calls").exists()


def test_root_installs_what_is_missing(
    bare: Path, apt_get: WriteScript, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "LIBRARIES", {"libc.so.6": "libc6"})
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    apt_get(f": > {bare}/fonts/Sans.ttf")
    system.provide()
    update, install = (bare / "calls").read_text().splitlines()
    assert update.endswith(" update")
    assert install.endswith(" install --yes --no-install-recommends fonts-dejavu-core")


@pytest.mark.usefixtures("bare")
def test_root_reads_why_it_could_not_be_installed(
    apt_get: WriteScript, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    apt_get("echo E: no network; exit 100")
    with pytest.raises(
        SetupError, match=r"E: no network(?s:.*)by hand: apt-get install .* libnone0"
    ):
        system.provide()


@pytest.fixture
def without_tools(bare: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system where Qt can start, and a program that tests run is missing."""
    monkeypatch.setattr(system, "TEST_TOOLS", {"no-such-tool": "a-package"})
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return bare


def test_root_gets_what_the_tests_run(without_tools: Path, apt_get: WriteScript) -> None:
    apt_get(f"echo > {without_tools}/bin/no-such-tool; /bin/chmod +x {without_tools}/bin/*")
    system.provide_test_tools()
    update, install = (without_tools / "calls").read_text().splitlines()
    assert update.endswith(" update")
    assert install.endswith(" install --yes --no-install-recommends a-package")
    system.provide_test_tools()
    assert len((without_tools / "calls").read_text().splitlines()) == 2


@pytest.mark.usefixtures("without_tools")
def test_tests_run_without_what_could_not_be_installed(
    apt_get: WriteScript, capfd: pytest.CaptureFixture[str]
) -> None:
    apt_get("echo E: no network; exit 100")
    system.provide_test_tools()
    assert "E: no network" in capfd.readouterr().err


def test_nobody_else_is_asked_for_what_only_tests_run(
    without_tools: Path, apt_get: WriteScript, monkeypatch: pytest.MonkeyPatch
) -> None:
    apt_get("exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    system.provide_test_tools()
    assert not (without_tools / "calls").exists()


def test_what_freezing_needs_has_debians_names(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "X11_LIBRARIES", {"libc.so.6": "libc6", "libnone.so.0": "libnone0"})
    monkeypatch.setattr(sys, "base_prefix", "/elsewhere")
    assert system.missing_build_tools() == ["binutils", "libnone0"]
    for name in ("objcopy", "objdump", "strip"):
        (bare / "bin" / name).touch(mode=0o755)
    assert system.missing_build_tools() == ["libnone0"]


@pytest.mark.usefixtures("bare")
def test_who_needs_it_is_named() -> None:
    with pytest.raises(SetupError, match=r"PyInstaller needs system packages .* binutils"):
        system.provide_build_tools()


def test_what_compiling_needs_has_debians_names(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"CC": "some-gcc -pthread", "INCLUDEPY": str(tmp_path)}
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr("sysconfig.get_config_var", said.get)
    headers = "libpython{}.{}-dev".format(*sys.version_info)
    assert system.missing_compiler() == ["gcc", "libc6-dev", headers]
    (bare / "bin" / "some-gcc").touch(mode=0o755)
    assert system.missing_compiler() == [headers]
    (tmp_path / "Python.h").touch()
    assert system.missing_compiler() == []
