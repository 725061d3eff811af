"""Checks what packaging/build.py has built, as it is handed out: python3 -m tests.tools.smoke.

The Debian package is installed in a scratch root, the archive is unpacked, and each program is
started without a display on the demo store, as a window and on the command line. Nothing may be
written beside it, and nothing may be left when the package has been removed.

With ``--if-changed`` it builds first, and does nothing where this machine has seen the check pass
with the same packaging/, tests/tools/, pyproject.toml and Python. Of what landed before it knows
nothing, and where there is no such note it runs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bootstrap import ROOT, SetupError, guard, say
from build import NAME, debian_package_path, linux_archive_path, version
from linux_packages import unpack
from tests.tools import check_cache
from tests.tools.license_check import check_licenses
from tests.tools.scratch_root import ScratchRoot, listing

ROUNDS = 3
SHELL_FILES = (
    f"bash-completion/completions/{NAME}",
    f"fish/vendor_completions.d/{NAME}.fish",
    f"man/man1/{NAME}.1.gz",
    f"man/man1/{NAME}-show.1.gz",
    f"zsh/vendor-completions/_{NAME}",
)
DEMO = ROOT / "resources" / "demo" / "stigmer.sqlite"


def main() -> int:
    """Exit code: 0 when everything is as it should be."""
    words = argparse.ArgumentParser(description="Checks what packaging/build.py has built.")
    words.add_argument("--if-changed", action="store_true", help="build first, or skip it all")
    if not sys.platform.startswith("linux"):
        raise SetupError("This check is for Linux; nothing was checked.")
    if not words.parse_args().if_changed:
        check()
    elif check_cache.passed():
        print("The frozen program was not built: packaging/ is as when this last passed here.")
    elif subprocess.call([sys.executable, str(ROOT / "packaging" / "build.py")], cwd=ROOT):
        return 1
    else:
        check()
        check_cache.note()
    return 0


def check() -> None:
    """Check the package and the archive.

    Raises:
        SetupError: something is not as it should be.
    """
    with tempfile.TemporaryDirectory(prefix="stigmer-inspector-") as scratch:
        check_package(Path(scratch) / "root")
        check_archive(Path(scratch) / "some folder")


def check_package(root: Path) -> None:
    """Install, start, remove."""
    package = built(debian_package_path())
    if not shutil.which("dpkg"):
        say("dpkg is not installed here, so the Debian package was not checked.")
        return
    installed = ScratchRoot(root)
    before = installed.contents()
    installed.dpkg("--install", str(package))
    program = root / "usr" / "bin" / NAME
    entry = root / "usr" / "share" / "applications" / "ai.stigmer.Inspector.desktop"
    if not entry.is_file():
        raise SetupError("The package brings no menu entry.")
    for name in SHELL_FILES:
        if not (root / "usr" / "share" / name).is_file():
            raise SetupError(f"The package brings no {name}.")
    print(f"{package.name}: {', '.join(check_licenses(root / 'usr'))}")
    look(package.name, program, root / "usr")
    installed.dpkg("--purge", NAME)
    left = installed.contents() ^ before
    if left:
        raise SetupError(f"The removed package has left or taken: {', '.join(sorted(left))}.")
    print(f"{package.name}: installed, started and removed, and nothing is left")


def check_archive(folder: Path) -> None:
    """Unpack, start."""
    packed = built(linux_archive_path())
    top = unpack(packed, folder)
    check_licenses(top)
    look(packed.name, top / NAME, top)
    print(f"{packed.name}: unpacked and started")


def built(path: Path) -> Path:
    """The path of a file that was built.

    Raises:
        SetupError: it was not.
    """
    if not path.is_file():
        raise SetupError(f"There is no {path}. Build it first: python3 packaging/build.py")
    return path


def look(what: str, program: Path, installed: Path) -> None:
    """Start an installed program in its ways, and print how long that takes.

    Raises:
        SetupError: it fails, says something wrong, or writes where it is installed.
    """
    before = listing(installed)
    if answer(program, "--version") != f"{NAME} {version()}\n":
        raise SetupError(f"{what} is of another version.")
    rows = json.loads(answer(program, "kinds", "--demo", "--json"))
    counted = {row["kind"]: row["count"] for row in rows if row["count"]}
    for store in ("--demo", str(DEMO)):
        lines = answer(program, "--smoke", store).splitlines()
        shown = {kind: int(count) for kind, _, count in (line.partition("\t") for line in lines)}
        if not counted or shown != counted:
            raise SetupError(f"The window of {what} shows {shown}, and there are {counted}.")
    changed = listing(installed) ^ before
    if changed:
        raise SetupError(f"The program has written where it is: {', '.join(sorted(changed))}.")
    print(f"{what}: {len(shown)} kinds with {sum(shown.values())} records in the window")
    size = sum(f.lstat().st_size for f in installed.rglob("*") if f.is_file())
    print(f"{what}: {size / 1e6:.1f} MB installed")
    for name, words in (("kinds --demo", ["kinds", "--demo"]), ("window", ["--smoke", "--demo"])):
        times = sorted(timed(program, *words) for _ in range(ROUNDS))
        print(f"{what}: {name}, start to end: {1000 * times[ROUNDS // 2]:.0f} ms")


def timed(program: Path, *words: str) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    answer(program, *words)
    return time.perf_counter() - started


def answer(program: Path, *words: str) -> str:
    """What a call prints, in an environment with nothing of ours and a home of its own.

    Raises:
        SetupError: it fails, or leaves more in its home than folders of its own.
    """
    with tempfile.TemporaryDirectory(prefix="stigmer-inspector-home-") as home:
        ended = subprocess.run(
            [str(program), *words],
            env={"HOME": home, "LC_ALL": "C.UTF-8", "PATH": "", "QT_QPA_PLATFORM": "offscreen"},
            cwd=home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        files = [path for path in Path(home).rglob("*") if path.is_file()]
        foreign = [os.fspath(path) for path in files if NAME not in path.parts]
    call = f"{NAME} {' '.join(words)}"
    if ended.returncode:
        raise SetupError(f"{call} ended with {ended.returncode}: {ended.stderr}")
    if foreign:
        raise SetupError(f"{call} has left {', '.join(foreign)}.")
    return ended.stdout


if __name__ == "__main__":
    sys.exit(guard(main))
