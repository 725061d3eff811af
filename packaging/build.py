"""Freezes the program and packs it for this system: python3 packaging/build.py.

On Linux that is an archive that needs no root and a Debian package, on macOS an app and on Windows
a folder, each in an archive. They lie in ``dist/``, with a report of what takes the room.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bootstrap import (
    BUILD,
    ROOT,
    SetupError,
    child_environment,
    environment,
    guard,
    say,
    use_new_enough_python,
)
from debian import debian_package
from linux_archive import linux_archive
from linux_files import stage
from products import (
    APP,
    FROZEN,
    NAME,
    PRODUCTS,
    WORK,
    debian_package_path,
    linux_archive_path,
    version,
)
from sizes import report
from system import provide, provide_build_tools


def main() -> int:
    """Exit code: 0 when everything is built."""
    use_new_enough_python()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    python = environment(BUILD)
    provide()
    provide_build_tools()
    icons = make(python, "icons", "The icons could not be drawn")
    shell = make(python, "shell_files", "Completions and manual pages could not be written")
    folder = freeze(python)
    PRODUCTS.mkdir(exist_ok=True)
    for earlier in PRODUCTS.glob(f"{NAME}[-_]*"):
        if earlier.is_file():
            earlier.unlink()
    print(report(folder, pack(folder, icons, shell)))
    return 0


def make(python: Path, script: str, failure: str) -> Path:
    """The folder that a script of packaging/ has filled anew."""
    folder = WORK / script
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    run([python, ROOT / "packaging" / f"{script}.py", folder], failure)
    return folder


def freeze(python: Path) -> Path:
    """The folder that PyInstaller has made: the program with its Python and Qt."""
    say("Freezing the program; this takes less than a minute.")
    options: list[str | Path] = ["--noconfirm", "--clean", "--log-level=ERROR"]
    options += ["--distpath", FROZEN, "--workpath", WORK / "pyinstaller"]
    spec = ROOT / "packaging" / "inspector.spec"
    shutil.rmtree(FROZEN, ignore_errors=True)
    run([python, "-m", "PyInstaller", *options, spec], "PyInstaller failed")
    return FROZEN / NAME


def pack(folder: Path, icons: Path, shell: Path) -> list[Path]:
    """What is handed out for this system."""
    target = PRODUCTS / f"{NAME}-{version()}-{sys.platform}"
    if sys.platform == "darwin":
        # Python's zip files hold no symbolic links, and an app has them.
        made = target.with_name(target.name + ".zip")
        app = FROZEN / APP
        run(["ditto", "-c", "-k", "--keepParent", app, made], "The app could not be packed")
        return [made]
    if sys.platform == "win32":
        return [Path(shutil.make_archive(str(target), "zip", FROZEN, NAME))]
    share = stage(WORK / "share", icons, shell)
    return [
        linux_archive(folder, share, linux_archive_path()),
        debian_package(folder, share, version(), debian_package_path()),
    ]


def run(command: list[str | Path], failure: str) -> None:
    """Run a command to its end; what it says goes to stderr.

    Raises:
        SetupError: it failed.
    """
    words = [str(word) for word in command]
    ended = subprocess.run(words, cwd=ROOT, env=child_environment(), stdout=sys.stderr, check=False)
    if ended.returncode:
        raise SetupError(f"{failure}; what went wrong is said above.")


if __name__ == "__main__":
    sys.exit(guard(main))
