"""Looks whether a frozen program carries what its licenses ask for. Standard library only."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from bootstrap import SetupError

FOLDER = Path("licenses")
NOTICE = "NOTICE.txt"
BILL = "sbom.cdx.json"
#: What every one of them is made of; Qt has ICU in it on Linux only.
PARTS = (
    *("Stigmer Inspector", "Qt", "Qt for Python", "Shiboken", "Python", "SQLite", "apsw"),
    *("Protocol Buffers", "RapidFuzz", "PyInstaller bootloader"),
)
#: A text, and what it says.
TEXTS = {
    "LGPL-3.0.txt": "GNU LESSER GENERAL PUBLIC LICENSE",
    "GPL-3.0.txt": "GNU GENERAL PUBLIC LICENSE",
    "Apache-2.0.txt": "Apache License",
    "Python.txt": "PYTHON SOFTWARE FOUNDATION LICENSE",
    "apsw.txt": "Roger Binns",
    "protobuf.txt": "Google",
    "RapidFuzz.txt": "Max Bachmann",
    "PyInstaller.txt": "bootloader",
}
FONTS = (".ttf", ".otf", ".ttc", ".pfb", ".woff", ".woff2")


def check_licenses(program: Path) -> list[str]:
    """The components that a frozen program names, with their versions.

    Args:
        program: the folder with the program and all that it needs.

    Raises:
        SetupError: a text, a component or the notice is missing, or Qt cannot be replaced.
    """
    folder = _only(program, FOLDER / NOTICE).parent
    notice = (folder / NOTICE).read_text(encoding="utf-8")
    parts = (*PARTS, "ICU") if sys.platform == "linux" else PARTS
    bill = json.loads((folder / BILL).read_text(encoding="utf-8"))
    if bill["bomFormat"] != "CycloneDX":
        raise SetupError(f"{BILL} is no bill of materials.")
    listed = [bill["metadata"]["component"], *bill["components"]]
    versions = {one["name"]: one.get("version", "") for one in listed}
    for name in parts:
        head = f"{name} {versions.get(name, '')}"
        if name not in versions or f"\n{head}\n  License: " not in notice:
            raise SetupError(f"The notice and the bill of materials do not name {name}.")
        if not versions[name]:
            raise SetupError(f"The bill of materials has no version of {name}.")
    _check_texts(folder, notice, bill)
    fonts = [file.name for file in program.rglob("*") if file.suffix.lower() in FONTS]
    if fonts:
        raise SetupError(f"The notice says that there are no fonts, and there is {fonts[0]}.")
    if sys.platform == "linux":
        _only(program, Path("PySide6/Qt/lib/libQt6Core.so.6"))
    return [f"{name} {version}".rstrip() for name, version in versions.items()]


def _check_texts(folder: Path, notice: str, bill: dict[str, Any]) -> None:
    """See to it that each license's text is there, and is named.

    Raises:
        SetupError: one is not.
    """
    texts = {**TEXTS, "ICU.txt": "Unicode"} if sys.platform == "linux" else TEXTS
    for name, says in texts.items():
        path = folder / name
        if not path.is_file() or says not in path.read_text(encoding="utf-8", errors="replace"):
            raise SetupError(f"{FOLDER / name} is not the text it should be.")
    for name in re.findall(r"[\w.+-]+\.txt", notice):
        if not (folder / name).is_file():
            raise SetupError(f"The notice names {name}, which is not there.")
    for name in _brought_texts(bill):
        if name not in notice or not (folder / name).read_bytes():
            raise SetupError(f"The notice does not name {name}, the license of a part.")


def _brought_texts(bill: dict[str, Any]) -> set[str]:
    """The files with the texts of what is compiled into components; of a choice the first."""
    parts = [part for one in bill["components"] for part in one.get("components", ())]
    said = [part["licenses"][0].get("expression", "") for part in parts]
    return {f"{license.partition(' OR ')[0]}.txt" for license in said if license}


def _only(program: Path, name: Path) -> Path:
    """The one place of a file that is no link.

    Raises:
        SetupError: there is none, or more.
    """
    found = [path for path in program.rglob(f"*/{name}") if not path.is_symlink()]
    if len(found) != 1:
        raise SetupError(f"The program has {len(found)} files {name} in place of one.")
    return found[0]
