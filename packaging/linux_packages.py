"""What is handed out for Linux: an archive that needs no root, and a Debian package.

Both hold the frozen program and the files that a desktop knows a program by, as they lie in
``share``. The package is made by nfpm from ``packaging/linux/nfpm.yaml``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

from bootstrap import ROOT, SetupError, child_environment, say, venv_python
from system import LIBRARIES, WAYLAND_LIBRARIES, X11_LIBRARIES

LINUX = ROOT / "packaging" / "linux"
ID = "ai.stigmer.Inspector"
#: Belongs into the system's folder only; see what it says itself.
OPEN_WITH = "zz-stigmer-inspector.desktop"
PLACES = {
    f"{ID}.desktop": f"applications/{ID}.desktop",
    OPEN_WITH: f"applications/{OPEN_WITH}",
    f"{ID}.metainfo.xml": f"metainfo/{ID}.metainfo.xml",
    f"{ID}.mime.xml": f"mime/packages/{ID}.xml",
    "copyright": "doc/stigmer-inspector/copyright",
}
MENU = "add-to-menu.sh"

CONFIGURATION = LINUX / "nfpm.yaml"
#: Shared library -> Debian package, of those that Qt's own list in system.py does not name.
MORE_LIBRARIES = {
    "libexpat.so.1": "libexpat1",  # Debian's own Python
    "libgcc_s.so.1": "libgcc-s1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libxcb.so.1": "libxcb1",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
    **dict.fromkeys(
        ("ld-linux-x86-64.so.2", "libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0"), "libc6"
    ),
}
#: Loads GTK's libraries where the desktop is one of GTK's; elsewhere it is left alone.
OPTIONAL = ("libqgtk3.so",)

NEEDED = re.compile(r"^\s+NEEDED\s+(\S+)$", re.MULTILINE)
GLIBC = re.compile(r"\bGLIBC_(\d+)\.(\d+)\b")
DEPENDS = re.compile(r"^depends:\n((?:  - .+\n)+)", re.MULTILINE)


def stage(share: Path, icons: Path, shell: Path) -> Path:
    """Lay the files out anew and return their folder.

    Args:
        share: the folder to make, which becomes ``/usr/share``.
        icons: what packaging/icons.py has drawn.
        shell: what packaging/shell_files.py has written.
    """
    shutil.rmtree(share, ignore_errors=True)
    for name, place in PLACES.items():
        target = share / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(LINUX / name, target)
    shutil.copytree(icons / "hicolor", share / "icons" / "hicolor")
    shutil.copytree(shell, share, dirs_exist_ok=True)
    for path in (share, *share.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return share


def linux_archive(folder: Path, share: Path, target: Path) -> Path:
    """Write a tar archive of one folder, which is named like the archive.

    Args:
        folder: the frozen program.
        share: the desktop's files, see :func:`stage`.
        target: the archive.
    """
    say(f"Packing {target.name}.")
    top = target.name.removesuffix(".tar.xz")
    with tarfile.open(target, "w:xz", preset=6) as archive:
        archive.add(folder, top, filter=_plain)
        archive.add(share, f"{top}/share", filter=_without_open_with)
        archive.add(LINUX / MENU, f"{top}/{MENU}", filter=_plain)
        archive.add(ROOT / "LICENSE", f"{top}/LICENSE", filter=_plain)
        for notice in folder.glob("*/licenses/NOTICE.txt"):
            archive.add(notice, f"{top}/{notice.name}", filter=_plain)
    return target


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack such an archive and return the one folder in it."""
    with tarfile.open(archive) as opened:
        # Set, not given: Python 3.11.2 knows no argument of that name.
        opened.extraction_filter = lambda entry, _: entry
        opened.extractall(folder)
    return folder / archive.name.removesuffix(".tar.xz")


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """As whoever unpacks it owns it."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _without_open_with(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if entry.name.endswith(OPEN_WITH) else _plain(entry)


def debian_package(folder: Path, share: Path, version: str, target: Path) -> Path:
    """Write the package and return it.

    Args:
        folder: the frozen program.
        share: the desktop's files, see :func:`stage`.
        version: of the program.
        target: the package.

    Raises:
        SetupError: the package would depend on less than the program needs, or nfpm failed.
    """
    say(f"Packing {target.name}.")
    check_dependencies(folder, CONFIGURATION.read_text(encoding="utf-8"))
    nfpm = os.fspath(venv_python().parent / "nfpm")
    places = {"VERSION": version, "FOLDER": os.fspath(folder), "SHARE": os.fspath(share)}
    ended = subprocess.run(
        [nfpm, "package", "-f", os.fspath(CONFIGURATION), "-t", os.fspath(target)],
        env={**child_environment(), **places},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if ended.returncode:
        raise SetupError(f"{ended.stdout}nfpm failed; what went wrong is said above.")
    return target


def check_dependencies(folder: Path, configuration: str) -> None:
    """See to it that the package depends on all that the program is linked against.

    Raises:
        SetupError: it does not, or the program needs a newer C library than it says.
    """
    headers = [objdump(file) for file in sorted(folder.rglob("*")) if is_linked(file)]
    own = {file.name for file in folder.rglob("*")}
    needed = {name for text in headers for name in NEEDED.findall(text)} - own
    packages = {**LIBRARIES, **X11_LIBRARIES, **WAYLAND_LIBRARIES, **MORE_LIBRARIES}
    unknown = sorted(needed - packages.keys())
    if unknown:
        raise SetupError(f"packaging/linux_packages.py knows no package with {', '.join(unknown)}.")
    declared = depends(configuration)
    missing = sorted({packages[name] for name in needed} - declared.keys())
    if missing:
        raise SetupError(f"packaging/linux/nfpm.yaml lacks under depends: {', '.join(missing)}.")
    newest = max(tuple(map(int, found)) for text in headers for found in GLIBC.findall(text))
    if newest > tuple(map(int, declared["libc6"].split("."))):
        least = ".".join(map(str, newest))
        raise SetupError(f"What was built here needs libc6 {least}; nfpm.yaml has to say so.")


def depends(configuration: str) -> dict[str, str]:
    """Packages that nfpm.yaml lists under ``depends``, with the least version or nothing."""
    found = DEPENDS.search(configuration)
    lines = found[1].splitlines() if found else []
    entries = [line.removeprefix("  - ").rstrip(")").partition(" (>= ") for line in lines]
    return {name: least for name, _, least in entries}


def is_linked(file: Path) -> bool:
    """Whether a file is a program or library, and no part that may stay unused."""
    if file.is_symlink() or not file.is_file() or file.name in OPTIONAL:
        return False
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"


def objdump(file: Path) -> str:
    """The head of a program or library, with what it is linked against."""
    command = ["objdump", "--private-headers", os.fspath(file)]
    return subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
