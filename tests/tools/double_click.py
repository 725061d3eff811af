"""Opens stores as a person does: by mouse, in a file manager, on a screen nobody sees.

``python -m tests.tools.double_click [FOLDER] [--app PROGRAM]`` registers the desktop's files in a
scratch home, then double-clicks a copied real store in pcmanfm, double-clicks the menu's entry, and
takes another SQLite file to "Open with". Pictures go to ``FOLDER``, by default
``build/double-click``. What it needs from the system is in ``DEBIAN``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QPoint, QRect

from icons import APP_ID, PROGRAM, ROOT, write_hicolor
from tests.tools.screen import TOOLS, NotSeenError, Screen, running, screen, until

LINUX: Final = ROOT / "packaging" / "linux"
STORE: Final = ROOT / "tests" / "data" / "real" / "v2-clean" / "stigmer.db"
MANAGER: Final = "pcmanfm"
DEBIAN: Final = (
    "xvfb openbox xdotool x11-utils pcmanfm libfm-modules lxmenu-data desktop-file-utils"
    " shared-mime-info"
)
NAME: Final = "Stigmer Inspector"
PLATE: Final = 0x155E63  #: the colour of the icon's ground
OTHERS: Final = "sqlite-others.desktop"  #: stands for a program of somebody else's
MENU: Final = "menu://applications/Development"  #: which LXDE shows as Programming


def main() -> int:
    """Exit code: 0 when everything was seen."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    words.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "double-click")
    words.add_argument("--app", type=Path, help="the program; else the one of this checkout")
    asked = words.parse_args()
    needed = (*TOOLS, MANAGER, "update-desktop-database", "update-mime-database")
    missing = [tool for tool in needed if not shutil.which(tool)]
    if missing:
        print(f"Programs that are missing here: {', '.join(missing)}.")
        print(f"On Debian: apt-get install --no-install-recommends {DEBIAN}")
        return 1
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="double-click-") as scratch:
        home = Path(scratch)
        try:
            with screen(register(home, asked.app)) as seen:
                Person(seen, home, asked.folder).look_around()
        except NotSeenError as error:
            print(error)
            return 1
    return 0


def register(home: Path, program: Path | None) -> dict[str, str]:
    """Install the desktop's files below a folder; returns the variables that make them found."""
    share, programs = home / "share", home / "bin"
    applications, packages = share / "applications", share / "mime" / "packages"
    for folder in (applications, packages, programs, home / "run"):
        folder.mkdir(parents=True)
    (home / "run").chmod(0o700)
    # With the system's own in one folder, as after an installation: their order says who is first.
    for entry in (*Path("/usr/share/applications").glob("*.desktop"), *LINUX.glob("*.desktop")):
        shutil.copyfile(entry, applications / entry.name)
    noted = shlex.quote(str(home / "others"))
    (applications / OTHERS).write_text(
        "[Desktop Entry]\nType=Application\nName=Some Database Program\n"
        f"Exec=sh -c 'echo \"$0\" >> {noted}' %f\nMimeType=application/vnd.sqlite3;\n"
    )
    shutil.copyfile(LINUX / f"{APP_ID}.mime.xml", packages / f"{APP_ID}.xml")
    write_hicolor(share / "icons" / "hicolor")
    subprocess.run(["update-mime-database", share / "mime"], check=True, capture_output=True)
    subprocess.run(["update-desktop-database", applications], check=True)
    checkout = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "inspector"]
    start = shlex.join([str(program.resolve())] if program else checkout)
    wrapper = programs / PROGRAM
    wrapper.write_text(f'#!/bin/sh\nexec {start} "$@"\n')
    wrapper.chmod(0o755)
    # Menus show icons; without this GTK 2 leaves them out.
    (home / ".gtkrc-2.0").write_text("gtk-menu-images=1\n")
    settings = home / ".config" / "gtk-3.0"
    settings.mkdir(parents=True)
    (settings / "settings.ini").write_text("[Settings]\ngtk-menu-images=1\n")
    return {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.pathsep.join((str(programs), os.environ["PATH"])),
        "XDG_DATA_DIRS": f"{share}:/usr/share",
        "XDG_MENU_PREFIX": "lxde-",
        "XDG_RUNTIME_DIR": str(home / "run"),
    }


class Person:
    """Who sits at the screen.

    Args:
        seen: the screen.
        home: what :func:`register` was given.
        pictures: the folder for them.
    """

    def __init__(self, seen: Screen, home: Path, pictures: Path) -> None:
        self._screen = seen
        self._home = home
        self._pictures = pictures
        self._first = QPoint()  # of a folder's first file, from the corner of the file manager

    def look_around(self) -> None:
        """Do everything once, and say after each step what was seen.

        Raises:
            NotSeenError: something was not.
        """
        self.double_click_a_store()
        self.take_the_menus_entry()
        self.open_another_file()
        print(f"Pictures are in {self._pictures}.")

    def double_click_a_store(self) -> None:
        """A store in a folder: its icon, its window, a row of it; the folder as it was."""
        store = self._copy("Stores", STORE.name)
        before = state(store.parent)
        with self._manager(store.parent.name, store.parent) as folder:
            icon = self._icon(folder)
            self._first = icon - folder.topLeft()
            self._picture("1-folder")
            self._screen.click(icon, times=2)
            window = self._window(title_of(store))
            record = self._record(window)
            self._picture("2-store")
            self._close(window)
        expect(record == self._answer(store, record), "The record is not the command line's.")
        expect(state(store.parent) == before, "The folder was changed.")
        print(f"Double-click: {STORE.name} is open with {record['metadata']['id']} in it.")

    def take_the_menus_entry(self) -> None:
        """The menu's entry: its icon, the start page."""
        with self._manager("Programming", MENU) as folder:
            icon = self._icon(folder)
            self._picture("3-menu")
            self._screen.click(icon, times=2)
            window = self._window(f"^{NAME}$")
            self._icon(self._screen.place(window))  # which the start page shows
            self._picture("4-start")
            self._close(window)
        print("Menu: the start page is open.")

    def open_another_file(self) -> None:
        """Another SQLite file: a double-click is somebody else's, "Open with" offers us."""
        other = self._copy("Databases", "other.db")
        noted = self._home / "others"
        with self._manager(other.parent.name, other.parent) as folder:
            file = folder.topLeft() + self._first
            self._screen.click(file, times=2)
            until("The other program", noted.is_file)
            expect(not self._screen.windows(title_of(other)), "Our window opened unasked.")
            self._screen.click(file, button=3)
            entry = self._icon(QRect(QPoint(), self._screen.app.primaryScreen().size()))
            self._picture("5-open-with")
            self._screen.click(entry)
            window = self._window(title_of(other))
            record = self._record(window)
            self._picture("6-other")
            self._close(window)
        expect(record == self._answer(other, record), "The record is not the command line's.")
        expect(noted.read_text() == f"{other}\n", "The double-click was not one program's.")
        print(f"Open with: {other.name} is somebody else's by default, and ours when asked.")

    def _copy(self, folder: str, name: str) -> Path:
        path = self._home / folder / name
        path.parent.mkdir()
        shutil.copyfile(STORE, path)
        return path

    @contextmanager
    def _manager(self, title: str, shown: Path | str) -> Iterator[QRect]:
        """The file manager on a folder; gives where it lies on the screen."""
        with running([MANAGER, "--no-desktop", shown], self._screen.variables):
            try:
                windows = until(f"The folder {title}", lambda: self._screen.windows(f"^{title}$"))
                yield self._screen.place(windows[-1])
            except NotSeenError:
                self._picture("failed")
                raise

    def _icon(self, within: QRect) -> QPoint:
        """The middle of our icon, once it is drawn."""
        return until("Our icon", lambda: self._screen.drawings(PLATE, within))[0].center()

    def _window(self, title: str) -> str:
        """Our window by its title, once it is there; the desktop must know whose it is."""
        window = until(f"A window of {title}", lambda: self._screen.windows(title))[-1]
        until("The focus", lambda: self._screen.xdotool("getactivewindow").strip() == window)
        entry = (LINUX / f"{APP_ID}.desktop").read_text("utf-8")
        [kind] = re.findall(r"^StartupWMClass=(.*)$", entry, re.MULTILINE)
        named = self._screen.property(window, "WM_CLASS")
        expect(f'"{kind}"' in named, f"The entry expects the window class {kind}: {named}")
        desktop = self._screen.property(window, "_KDE_NET_WM_DESKTOP_FILE")
        expect(f'"{APP_ID}"' in desktop, f"The window is not known as {APP_ID}: {desktop}")
        return window

    def _record(self, window: str) -> dict[str, Any]:
        """The first record of the list, by the window's own keys for copying it."""

        def copied() -> str:
            self._screen.xdotool("windowfocus", "--sync", window, "key", "alt+2", "Home")
            self._screen.xdotool("key", "ctrl+shift+c")
            return self._screen.copied()

        record: dict[str, Any] = json.loads(until("A copied record", copied))
        return record

    def _answer(self, store: Path, record: dict[str, Any]) -> dict[str, Any]:
        """The same record from the command line."""
        command = [PROGRAM, "show", record["metadata"]["id"], "--db", store]
        environ = dict(self._screen.variables)
        program = shutil.which(PROGRAM, path=environ["PATH"]) or PROGRAM
        run = subprocess.run([program, *command[1:]], env=environ, check=True, capture_output=True)
        answer: dict[str, Any] = json.loads(run.stdout)
        return answer

    def _picture(self, name: str) -> None:
        self._screen.picture().save(str(self._pictures / f"{name}.png"))

    def _close(self, window: str) -> None:
        """Close a window by the window manager's key, and wait for it to be gone."""
        self._screen.xdotool("windowfocus", "--sync", window, "key", "alt+F4")
        until("The end of the window", lambda: window not in self._screen.windows(NAME))


def title_of(store: Path) -> str:
    """A regular expression for the titles of windows on a store."""
    return f"{re.escape(store.name)}.* - {NAME}$"


def state(folder: Path) -> dict[str, tuple[str, int]]:
    """What lies in a folder: each file's hash and time of its last change."""
    return {
        file.name: (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns)
        for file in folder.iterdir()
    }


def expect(so: object, otherwise: str) -> None:
    """Go on only if something is so.

    Raises:
        NotSeenError: it is not; ``otherwise`` says what is.
    """
    if not so:
        raise NotSeenError(otherwise)


if __name__ == "__main__":
    sys.exit(main())
