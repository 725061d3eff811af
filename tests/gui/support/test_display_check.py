"""A display that cannot be used: a sentence and exit 3, never an abort."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.gui.support.display_check import no_display
from tests.places import ROOT

VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR", "PYTHONPATH")
CURSOR = "From 6.5.0, xcb-cursor0 or libxcb-cursor0 is needed to load the Qt xcb platform plugin."

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays of Linux")


def start(home: Path, *arguments: str, **display: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    places = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "inspector", *arguments],
        env={**environ, **places, **display},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def has_x11() -> bool:
    """Whether Qt can ask for a display of X11; a system without a desktop lacks what it needs."""
    try:
        ctypes.CDLL("libxcb-cursor.so.0")
    except OSError:
        return False
    return True


@linux
@pytest.mark.parametrize(
    ("display", "said"),
    [
        ({"DISPLAY": ":99"}, "display ':99' does not answer"),
        ({"DISPLAY": "no\x1b[2Jname"}, r"display 'no\x1b[2Jname' does not answer"),
        ({"WAYLAND_DISPLAY": "wayland-9"}, "display 'wayland-9' does not answer"),
        (
            {"WAYLAND_DISPLAY": "wayland-9", "DISPLAY": ":99"},
            "displays 'wayland-9' and ':99' do not answer",
        ),
        ({"QT_QPA_PLATFORM": "nope"}, "no platform 'nope'"),
        ({"QT_QPA_PLATFORM": "nope", "DISPLAY": ":99"}, "no platform 'nope'"),
        ({"QT_QPA_PLATFORM": "wayland"}, "no display"),
        ({"QT_QPA_PLATFORM": "wayland", "WAYLAND_DISPLAY": "wayland-9"}, "platform 'wayland'"),
        ({"QT_QPA_PLATFORM": "eglfs"}, "platform 'eglfs'"),
        ({"QT_QPA_PLATFORM": "linuxfb:fb=/nowhere"}, "platform 'linuxfb:fb=/nowhere'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
)
def test_one_that_cannot_be_used_is_said(
    display: dict[str, str], said: str, tmp_path: Path
) -> None:
    if "DISPLAY" in display and "QT_QPA_PLATFORM" not in display and not has_x11():
        pytest.skip("libxcb-cursor0 is not installed here")
    ended = start(tmp_path, "--demo", **display)
    assert ended.returncode == 3, ended.stderr
    assert ended.stdout == ""
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "stigmer-inspector kinds --demo" in ended.stderr


@linux
def test_what_qt_says_of_one_that_works_is_passed_on(tmp_path: Path) -> None:
    ended = start(tmp_path, "--smoke", "--demo", QT_QPA_PLATFORM="nope;offscreen")
    assert ended.returncode == 0, ended.stderr
    assert 'Could not find the Qt platform plugin "nope"' in ended.stderr
    assert "agent\t" in ended.stdout


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    missing: list[str] = []

    def load(name: str) -> None:
        if name in missing:
            raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", load)
    assert "Qt needs libxcb-cursor0" in str(no_display([CURSOR]))
    # Qt says the same whichever is missing.
    missing += ["libxcb-keysyms.so.1", "libxkbcommon-x11.so.0"]
    assert "Qt needs libxcb-keysyms1 libxkbcommon-x11-0 for it." in str(no_display([CURSOR]))
    lost = ["qt.qpa.xcb: could not connect to display :0", CURSOR]
    assert "':0' does not answer" in str(no_display(lost))
