"""Finds, and on Debian as root installs, what is needed from the system.

For Qt that is libraries and a font, for the tests a few programs, to build packages a C compiler
and what PyInstaller runs.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap import SetupError, say

if TYPE_CHECKING:
    from collections.abc import Callable

# Shared library -> Debian package. Every Qt program needs these, a hidden one too.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
X11_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
FONT_PACKAGE = "fonts-dejavu-core"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_SUFFIXES = {".ttf", ".otf", ".ttc"}

# Program -> Debian package. Tests of what a desktop and a shell read run these, and are skipped
# without them.
TEST_TOOLS = {
    "appstreamcli": "appstream",
    "desktop-file-validate": "desktop-file-utils",
    "fish": "fish",
    "gio": "libglib2.0-bin",
    "man": "man-db",
    "update-mime-database": "shared-mime-info",
    "zsh": "zsh",
}

# What PyInstaller runs to look into libraries and to make them small.
BUILD_TOOLS = dict.fromkeys(("objcopy", "objdump", "strip"), "binutils")

# Qt's platform plugins that draw without a desktop, as in inspector.launch.
HIDDEN_PLATFORMS = {"offscreen", "minimal", "vnc", "linuxfb", "eglfs"}


def has_display() -> bool:
    """Whether a window can be opened, as far as the environment tells."""
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    desktop = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform != "linux" or platform in HIDDEN_PLATFORMS or bool(desktop)


def provide() -> None:
    """See to it that Qt can start and draw text on the display that is there.

    Raises:
        SetupError: something is missing, and it could not be installed.
    """
    _provide("Qt", missing_packages)


def provide_build_tools() -> None:
    """See to it that PyInstaller finds the programs that it runs and the libraries that it packs.

    Raises:
        SetupError: something is missing, and it could not be installed.
    """
    _provide("PyInstaller", missing_build_tools)


def provide_compiler() -> None:
    """See to it that Cython has a C compiler and Python's headers.

    Raises:
        SetupError: something is missing, and it could not be installed.
    """
    _provide("Cython", missing_compiler)


def _provide(who: str, find: Callable[[], list[str]]) -> None:
    missing = find()
    if not missing:
        return
    names = " ".join(missing)
    if not shutil.which("apt-get"):
        raise SetupError(
            f"{who} needs system packages that are missing here. Their names on Debian: "
            f"{names}. Install what holds them on this system and run this again."
        )
    if os.geteuid() != 0:
        raise SetupError(
            f"{who} needs system packages that are missing here. Install them and run this again: "
            f"sudo apt-get install --no-install-recommends {names}"
        )
    say(f"Installing the system packages that {who} needs: {names}.")
    words = install(missing)
    still = find()
    if still:
        raise SetupError(
            f"{words}{who} needs system packages that could not be installed; apt-get says why "
            f"above. Try it by hand: apt-get install --no-install-recommends {' '.join(still)}"
        )


def provide_test_tools() -> None:
    """On Debian as root, install what only some tests run. Elsewhere those tests are skipped."""
    missing = missing_test_tools()
    if not missing or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    say(f"Installing what the tests of the desktop's files run: {' '.join(missing)}.")
    words = install(missing)
    still = missing_test_tools()
    if still:
        say(f"{words}Without {' '.join(still)} some tests are skipped.")


def missing_test_tools() -> list[str]:
    """Debian's names of the programs that some tests run and that are not here."""
    if sys.platform != "linux":
        return []
    return [package for name, package in TEST_TOOLS.items() if not shutil.which(name)]


def missing_build_tools() -> list[str]:
    """Debian's names of what PyInstaller misses here; empty on systems other than Linux.

    Programs that it runs, and libraries that it takes into the frozen program.
    """
    if sys.platform != "linux":
        return []
    packages = {package for name, package in BUILD_TOOLS.items() if not shutil.which(name)}
    packages |= {package for name, package in X11_LIBRARIES.items() if not loads(name)}
    python = "libpython{}.{}".format(*sys.version_info)
    if sys.base_prefix == "/usr" and not loads(f"{python}.so.1.0"):
        packages.add(python)
    return sorted(packages)


def missing_compiler() -> list[str]:
    """Debian's names of what the compiled parts miss here; empty on systems other than Linux."""
    if sys.platform != "linux":
        return []
    called = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    packages = [] if shutil.which(called.split()[0]) else ["gcc", "libc6-dev"]
    if not Path(sysconfig.get_config_var("INCLUDEPY") or "", "Python.h").exists():
        packages.append("libpython{}.{}-dev".format(*sys.version_info))
    return packages


def missing_packages() -> list[str]:
    """Debian's names of what Qt misses here; empty on systems other than Linux."""
    if sys.platform != "linux":
        return []
    packages = [package for name, package in needed_libraries().items() if not loads(name)]
    if not any(map(holds_font, FONT_FOLDERS)):
        packages.append(FONT_PACKAGE)
    return packages


def needed_libraries() -> dict[str, str]:
    """Shared libraries that Qt needs on the display in use, each with its Debian package."""
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in HIDDEN_PLATFORMS:
        return LIBRARIES
    if os.environ.get("WAYLAND_DISPLAY"):
        return {**LIBRARIES, **WAYLAND_LIBRARIES}
    return {**LIBRARIES, **X11_LIBRARIES}


def loads(library: str) -> bool:
    """Whether the system's loader finds a shared library by its name."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def holds_font(folder: str) -> bool:
    """Whether a scalable font lies anywhere in a folder."""
    files = Path(folder).expanduser().rglob("*")
    return any(file.suffix.lower() in FONT_SUFFIXES for file in files)


def install(packages: list[str]) -> str:
    """Install Debian packages and return what apt-get says."""
    return apt_get("update") + apt_get("install", "--yes", "--no-install-recommends", *packages)


def apt_get(*arguments: str) -> str:
    """What apt-get says; its exit code tells less than what is missing afterwards."""
    run = subprocess.run(
        ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return run.stdout
