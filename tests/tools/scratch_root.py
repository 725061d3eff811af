"""A folder that dpkg takes for a system: packages are installed there and nowhere else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from bootstrap import SetupError

DATABASE = Path("var/lib/dpkg")


class ScratchRoot:
    """An empty system without scripts or triggers, in which only files come and go."""

    def __init__(self, root: Path) -> None:
        self._root = root
        for folder in ("info", "updates", "triggers"):
            (root / DATABASE / folder).mkdir(parents=True)
        for file in ("status", "available"):
            (root / DATABASE / file).touch()

    def dpkg(self, *arguments: str) -> None:
        """Run dpkg on it; what the package depends on is the real system's.

        Raises:
            SetupError: dpkg failed.
        """
        forced = ["not-root", "depends", "bad-path", "script-chrootless"]
        options = [f"--root={self._root}", *(f"--force-{what}" for what in forced)]
        ended = subprocess.run(
            ["dpkg", *options, "--log=/dev/null", *arguments],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        if ended.returncode:
            raise SetupError(f"{ended.stdout}dpkg failed; what went wrong is said above.")

    def contents(self) -> set[str]:
        """Paths of files and folders, without dpkg's own book-keeping."""
        book = f"{DATABASE}/"
        paths = (path.relative_to(self._root).as_posix() for path in self._root.rglob("*"))
        return {path for path in paths if not path.startswith(book)}


def listing(folder: Path) -> set[str]:
    """Everything below a folder, each with its size and the time of its last change."""
    found = set()
    for path in folder.rglob("*"):
        state = path.lstat()
        found.add(f"{path.relative_to(folder)} ({state.st_size}, {state.st_mtime_ns})")
    return found
