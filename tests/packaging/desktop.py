"""What the tests of the desktop's integration share: its files, and a place to register them in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.packaging import ROOT

LINUX: Final = ROOT / "packaging" / "linux"
APP_ID: Final = "ai.stigmer.Inspector"
ENTRY: Final = LINUX / f"{APP_ID}.desktop"
OPEN_WITH: Final = LINUX / "zz-stigmer-inspector.desktop"
METAINFO: Final = LINUX / f"{APP_ID}.metainfo.xml"
MIME: Final = LINUX / f"{APP_ID}.mime.xml"
STORE: Final = "application/x-stigmer-store"
SQLITE: Final = "application/vnd.sqlite3"


def tool(name: str, *arguments: str | Path, **variables: str) -> str:
    """What a tool of the desktop says; the test is skipped where it is not installed."""
    if sys.platform != "linux":
        pytest.skip("for Linux")
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed here")
    run = subprocess.run(
        [found, *arguments],
        env={**os.environ, "LC_ALL": "C.UTF-8", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stdout
    return run.stdout


@dataclass(frozen=True)
class Registry:
    """A desktop of its own: a system's and a person's data folder, and a folder of programs."""

    folder: Path

    @property
    def share(self) -> Path:
        """The system's data folder."""
        return self.folder / "share"

    @property
    def variables(self) -> dict[str, str]:
        """Those that make programs look here; the types that every system knows are kept."""
        return {
            "HOME": str(self.folder / "home"),
            "XDG_DATA_HOME": str(self.folder / "home" / "share"),
            "XDG_CONFIG_HOME": str(self.folder / "home" / "config"),
            "XDG_CONFIG_DIRS": str(self.folder / "config"),
            "XDG_DATA_DIRS": str(self.share),
            "XDG_CURRENT_DESKTOP": "",
            "PATH": os.pathsep.join((str(self.folder / "bin"), os.environ["PATH"])),
        }

    def add_type(self, file: Path) -> None:
        """Register a MIME type."""
        packages = self.share / "mime" / "packages"
        packages.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, packages / file.name)

    def add_program(self, entry: str, *types: str) -> None:
        """Register a program of somebody else's that opens types."""
        text = f"[Desktop Entry]\nType=Application\nName={entry}\nExec=true %F\n"
        self._applications().joinpath(entry).write_text(f"{text}MimeType={';'.join(types)};\n")

    def add_ours(self, *entries: Path) -> None:
        """Register entries of ours, with something in place of the program."""
        program = self.folder / "bin" / "stigmer-inspector"
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        for entry in entries:
            shutil.copyfile(entry, self._applications() / entry.name)

    def _applications(self) -> Path:
        folder = self.share / "applications"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def update(self) -> None:
        """What an installation does in the end."""
        tool("update-mime-database", self.share / "mime", **self.variables)
        self._applications()
        tool("update-desktop-database", self.share / "applications")

    def programs(self, kind: str) -> tuple[str, list[str]]:
        """The default program for a type and all that are offered, as GLib's file managers do."""
        said = tool("gio", "mime", kind, **self.variables)
        lines = [line.strip() for line in said.splitlines()]
        offered = [line for line in lines if line.endswith(".desktop") and ":" not in line]
        default = lines[0].rpartition(": ")[2] if ": " in lines[0] else ""
        return default, list(dict.fromkeys(offered))
