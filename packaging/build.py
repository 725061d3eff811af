"""Freezes the program and packs it for this system: python3 packaging/build.py.

On Linux that is an archive that needs no root and a Debian package, on macOS an app and on Windows
a folder, each in an archive. They lie in ``dist/``, with a report of what takes the room.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path, PurePosixPath

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
from linux_packages import debian_package, linux_archive, stage
from system import provide, provide_build_tools, provide_compiler

NAME = "stigmer-inspector"
APP = "Stigmer Inspector.app"
WORK = ROOT / "build"
FROZEN = WORK / "frozen"
PRODUCTS = ROOT / "dist"
#: What a part is called, and how the paths of its files begin; the first that fits counts.
PARTS = (
    ("ICU, Qt's Unicode data", ("PySide6/Qt/lib/libicu", "PySide6/icu")),
    ("Qt's plugins", ("PySide6/Qt/plugins/", "PySide6/plugins/")),
    ("Qt", ("PySide6/Qt/lib/", "PySide6/Qt6")),
    ("Qt for Python", ("PySide6/", "shiboken6/")),
    ("SQLite and apsw", ("apsw",)),
    ("protobuf", ("google/",)),
    ("RapidFuzz", ("rapidfuzz/",)),
    ("our compiled part", ("inspector/",)),
    ("our data files", ("resources/",)),
    ("licenses", ("licenses/",)),
    ("Python", ("libpython", "python3", "base_library.zip")),
    ("libraries of the system", ("lib",)),
)
PROGRAM = "the program, with Python's modules and its start"


def main() -> int:
    """Exit code: 0 when everything is built."""
    use_new_enough_python()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    python = environment(BUILD)
    provide()
    provide_build_tools()
    provide_compiler()
    # Next to its source, where PyInstaller finds it as it does any other module.
    run([python, ROOT / "packaging" / "compiled.py"], "The compiled part could not be built")
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


def parts(folder: Path) -> Counter[str]:
    """Bytes by part of the program; a symbolic link has none."""
    found: Counter[str] = Counter()
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            name = file.relative_to(folder).as_posix().removeprefix("_internal/")
            found[_part(name)] += file.stat().st_size
    return found


def _part(name: str) -> str:
    fitting = (part for part, starts in PARTS if name.startswith(starts))
    return next(fitting, PROGRAM if "/" not in name else PurePosixPath(name).parts[0])


def report(folder: Path, products: list[Path]) -> str:
    """The parts, their sum, and what is handed out, as lines with megabytes of 10^6 bytes."""
    found = parts(folder)
    lines = [f"{_megabytes(size)}  {part}" for part, size in found.most_common()]
    lines.append(f"{_megabytes(found.total())}  installed")
    lines += [f"{_megabytes(file.stat().st_size)}  {file.name}" for file in products]
    return "\n".join(lines)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:8.1f} MB"


def version() -> str:
    """The program's version, which is written in one place.

    Raises:
        SetupError: it is not there.
    """
    text = (ROOT / "inspector" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if not found:
        raise SetupError("inspector/__init__.py names no version.")
    return found[1]


def linux_archive_path() -> Path:
    """The archive for Linux."""
    return PRODUCTS / f"{NAME}-{version()}-linux-x86_64.tar.xz"


def debian_package_path() -> Path:
    """The Debian package."""
    return PRODUCTS / f"{NAME}_{version()}_amd64.deb"


if __name__ == "__main__":
    sys.exit(guard(main))
