"""What of Qt and of the build machine goes into the frozen app."""

from __future__ import annotations

import ast
import os
import runpy
from pathlib import Path

import pytest

from tests.packaging import ROOT
from trim import Entry, trimmed

OWN = Path("/venv")
PLUGINS = "PySide6/Qt/plugins"
LINKED = {
    "QtGui.abi3.so": ["libQt6Gui.so.6", "libc.so.6"],
    "libQt6Gui.so.6": ["libQt6Core.so.6"],
    "QtWidgets.abi3.so": ["@rpath/QtGui.framework/Versions/A/QtGui"],
    "libqxcb.so": ["libQt6XcbQpa.so.6", "libxcb-cursor.so.0"],
    "libqtvirtualkeyboardplugin.so": ["libQt6Quick.so.6"],
    "libQt6Quick.so.6": ["libQt6Network.so.6"],
}


def own(name: str, kind: str = "BINARY") -> Entry:
    return (name, str(OWN / name), kind)


def names(*entries: Entry) -> list[str]:
    kept = trimmed(entries, [OWN], lambda file: LINKED.get(Path(file).name, []))
    return [Path(name).name for name, _, _ in kept]


def test_a_left_plugin_takes_its_libraries_with_it() -> None:
    assert names(
        own("PySide6/QtGui.abi3.so", "EXTENSION"),
        own(f"{PLUGINS}/platforms/libqxcb.so"),
        own(f"{PLUGINS}/platforminputcontexts/libqtvirtualkeyboardplugin.so"),
        own("PySide6/Qt/lib/libQt6Gui.so.6"),
        own("PySide6/Qt/lib/libQt6Core.so.6"),
        own("PySide6/Qt/lib/libQt6XcbQpa.so.6"),
        own("PySide6/Qt/lib/libQt6Quick.so.6"),
        own("PySide6/Qt/lib/libQt6Network.so.6"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
        ("libQt6Quick.so.6", "PySide6/Qt/lib/libQt6Quick.so.6", "SYMLINK"),
    ) == [
        "QtGui.abi3.so",
        "libqxcb.so",
        "libQt6Gui.so.6",
        "libQt6Core.so.6",
        "libQt6XcbQpa.so.6",
        "libQt6Core.so.6",
    ]


def test_of_the_systems_libraries_those_that_may_be_missing() -> None:
    system = [
        (name, f"/usr/lib/{name}", "BINARY")
        for name in ("libxcb-cursor.so.0", "libGL.so.1", "libstdc++.so.6", "libpython3.11.so.1.0")
    ]
    plugin = own(f"{PLUGINS}/platforms/libqxcb.so")
    assert names(plugin, *system) == ["libqxcb.so", "libxcb-cursor.so.0", "libpython3.11.so.1.0"]


@pytest.mark.parametrize(
    "name",
    [
        f"{PLUGINS}/tls/libqopensslbackend.so",
        f"{PLUGINS}/imageformats/libqpdf.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/qml/QtQuick/qmldir",
    ],
)
def test_what_the_window_does_not_use_is_left(name: str) -> None:
    assert names(own(name)) == []
    assert names(own(name, "DATA")) == []


def test_macos_frameworks_and_pythons_library_are_kept() -> None:
    framework = "PySide6/Qt/lib/QtGui.framework/Versions/A/QtGui"
    assert names(
        own("PySide6/QtWidgets.abi3.so", "EXTENSION"),
        own(framework),
        own("PySide6/Qt/lib/QtQuick.framework/Versions/A/QtQuick"),
        ("Python", "/Library/Frameworks/Python.framework/Versions/3.11/Python", "BINARY"),
    ) == ["QtWidgets.abi3.so", "QtGui", "Python"]


def test_windows_names_are_read_as_such() -> None:
    assert names((r"PySide6\plugins\platforms\qwindows.dll", r"C:\venv\q.dll", "BINARY"))
    assert not names((r"PySide6\plugins\tls\qschannelbackend.dll", r"C:\venv\q.dll", "BINARY"))


def test_processes_of_multiprocessing_are_taken_up_where_there_are_any() -> None:
    # A frozen program is its own Python: without the call each child would open a window.
    users = [
        path
        for path in (ROOT / "inspector").rglob("*.py")
        if any("multiprocessing" in name or "concurrent" in name for name in imported(path))
    ]
    start = (ROOT / "inspector" / "__main__.py").read_text(encoding="utf-8")
    assert not users or "freeze_support()" in start


def imported(path: Path) -> list[str]:
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [
        name
        for node in tree
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    ]


@pytest.mark.parametrize("before", [None, "/opt/mine"])
def test_programs_started_from_here_do_not_load_our_libraries(
    before: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/stigmer-inspector/_internal")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    if before:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    runpy.run_path(str(ROOT / "packaging" / "hooks" / "start_frozen.py"))
    assert os.environ.get("LD_LIBRARY_PATH") == before
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
