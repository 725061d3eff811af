"""What of Qt and of the build machine's libraries goes into the frozen app, for the .spec file.

PyInstaller takes along every plugin of a Qt module, whatever these plugins link against, and the
system libraries that it finds. Kept here are the plugins that the window uses and what is reached
from them; what every desktop has, and must have in its own version, stays with the system.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

#: Name in the app, file on this machine, PyInstaller's type of the entry.
Entry = tuple[str, str, str]

#: Those types that are linked against libraries.
CODE = ("BINARY", "EXTENSION")

#: Qt's plugins by folder, without the prefix and suffix of the system.
PLUGINS = {
    "iconengines": {"qsvgicon"},
    "imageformats": {"qsvg"},
    "platforminputcontexts": {
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    },
    "platforms": {"qcocoa", "qminimal", "qoffscreen", "qwayland", "qwindows", "qxcb"},
    "platformthemes": {"qgtk3", "qxdgdesktopportal"},
    "styles": {"qmacstyle", "qmodernwindowsstyle"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-shell-integration": {"xdg-shell"},
}

#: Of the libraries of a Linux system only those that a desktop without other Qt programs may lack,
#: that have other names elsewhere, or that belong to Python.
FROM_SYSTEM = (
    "libbz2.so",
    "libffi.so",
    "liblzma.so",
    "libpython",
    "libxcb-cursor.so",
    "libxcb-icccm.so",
    "libxcb-image.so",
    "libxcb-keysyms.so",
    "libxcb-render-util.so",
    "libxcb-util.so",
    "libxcb-xkb.so",
    "libxkbcommon-x11.so",
)

#: Python modules that are found on the way and that nothing here calls.
MODULES = (
    *("PySide6.QtNetwork", "PySide6.QtOpenGL", "PySide6.QtPrintSupport", "PySide6.QtQml"),
    *("apsw.aio", "apsw.ext", "apsw.fts5", "apsw.shell", "apsw.tests", "apsw.trace"),
    *("_hashlib", "_ssl", "_uuid", "ssl", "sqlite3", "socketserver", "http", "ftplib", "xmlrpc"),
    *("tkinter", "curses", "readline", "pdb", "pydoc", "doctest", "unittest", "test"),
    "cel_expr_python",  # an extra, which nothing runs on and which is half as large as all of it
    *("lib2to3", "distutils", "setuptools", "pip", "pkg_resources"),
    *(f"rapidfuzz.{name}_cpp" for name in ("fuzz", "process", "utils")),
    # Made anew for newer processors; only what is not used here is faster.
    *(f"rapidfuzz.{name}_cpp_avx2" for name in ("distance.metrics", "fuzz", "process", "utils")),
)


def trimmed(
    entries: Iterable[Entry], own: Iterable[Path], imports: Callable[[str], Iterable[str]]
) -> list[Entry]:
    """The entries that the app needs.

    Args:
        entries: binaries and data files as PyInstaller found them.
        own: folders with what was installed for us, and Python's modules; what lies elsewhere
            is the system's.
        imports: the names of the shared libraries that a file is linked against.
    """
    folders = [str(folder.resolve()) for folder in own]
    kept = [entry for entry in entries if _is_wanted(entry, folders)]
    return _reached(kept, imports)


def _is_wanted(entry: Entry, own: list[str]) -> bool:
    path, source, kind = _path(entry), entry[1], entry[2]
    if "translations" in path.parts or "qml" in path.parts:
        return False
    if "plugins" in path.parts:
        folder = path.parts[path.parts.index("plugins") + 1]
        return path.stem.removeprefix("lib") in PLUGINS.get(folder, ())
    if kind == "BINARY" and ".so" in path.name and not source.startswith(tuple(own)):
        return path.name.startswith(FROM_SYSTEM)
    return True


def _reached(entries: list[Entry], imports: Callable[[str], Iterable[str]]) -> list[Entry]:
    """Without the libraries that nothing kept is linked against, such as those of a left plugin."""
    libraries = {_path(entry).name: entry for entry in entries if _is_library(entry)}
    waiting = [e for e in entries if e[2] in CODE and not _is_library(e)]
    needed: set[str] = set()
    while waiting:
        for name in imports(waiting.pop()[1]):
            file = PurePosixPath(name.replace("\\", "/")).name
            if file in libraries and file not in needed:
                needed.add(file)
                waiting.append(libraries[file])
    unneeded = libraries.keys() - needed
    return [entry for entry in entries if _path(entry).name not in unneeded]


def _is_library(entry: Entry) -> bool:
    """Whether it is a shared library that is there for others: no plugin, no module."""
    path = _path(entry)
    # The program itself opens Python's library.
    return entry[2] == "BINARY" and "plugins" not in path.parts and "ython" not in path.name


def _path(entry: Entry) -> PurePosixPath:
    return PurePosixPath(entry[0].replace("\\", "/"))
