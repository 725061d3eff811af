"""What is laid out and packed for Linux, and the menu entry that needs no root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from linux_packages import ID, LINUX, MENU, OPEN_WITH, PLACES, linux_archive, stage, unpack

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="for Linux")


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """The desktop's files, with one icon and one manual page."""
    icon = tmp_path / "icons" / "hicolor" / "16x16" / "apps" / f"{ID}.png"
    icon.parent.mkdir(parents=True)
    icon.write_bytes(b"icon")
    icon.chmod(0o600)
    page = tmp_path / "shell" / "man" / "man1" / "page.1.gz"
    page.parent.mkdir(parents=True)
    page.write_bytes(b"page")
    return stage(tmp_path / "share", tmp_path / "icons", tmp_path / "shell")


def files(folder: Path) -> set[str]:
    return {f.relative_to(folder).as_posix() for f in folder.rglob("*") if not f.is_dir()}


def test_everything_is_where_a_desktop_looks_for_it(share: Path) -> None:
    made = {f"icons/hicolor/16x16/apps/{ID}.png", "man/man1/page.1.gz"}
    assert files(share) == {*PLACES.values(), *made}
    assert {f.stat().st_mode & 0o777 for f in share.rglob("*") if f.is_file()} == {0o644}


@pytest.fixture
def unpacked(share: Path, tmp_path: Path) -> Path:
    """The archive of a stand-in for the program, unpacked."""
    program = tmp_path / "frozen" / "stigmer-inspector"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$@"\n')
    program.chmod(0o755)
    made = linux_archive(program.parent, share, tmp_path / "inspector-1-linux.tar.xz")
    with tarfile.open(made) as archive:
        assert {(entry.uid, entry.uname) for entry in archive} == {(0, "")}
    return unpack(made, tmp_path / "some place")


def test_the_archive_is_one_folder_without_what_needs_root(unpacked: Path) -> None:
    assert {path.name for path in unpacked.parent.iterdir()} == {unpacked.name}
    held = {path.name for path in unpacked.iterdir()}
    assert held == {"stigmer-inspector", "share", MENU, "LICENSE"}
    assert not any(OPEN_WITH in name for name in files(unpacked))


def menu(unpacked: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "HOME": str(home)}
    return subprocess.run(
        [str(unpacked / MENU), *arguments],
        env=environ,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_menu_entry_starts_the_program_where_it_lies(unpacked: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    added = menu(unpacked, home)
    assert added.returncode == 0, added.stderr
    entry = home / ".local" / "share" / "applications" / f"{ID}.desktop"
    commands = [line for line in entry.read_text().splitlines() if line.startswith("Exec=")]
    program = unpacked / "stigmer-inspector"
    assert commands == [f'Exec="{program}" %F', f'Exec="{program}" --demo']
    if shutil.which("desktop-file-validate"):
        subprocess.run(["desktop-file-validate", entry], check=True)
    assert (home / ".local/share/icons/hicolor/16x16/apps" / f"{ID}.png").exists()
    assert (home / ".local/share/mime/packages" / f"{ID}.xml").exists()


def test_it_is_taken_out_again_without_a_trace(unpacked: Path, tmp_path: Path) -> None:
    data = tmp_path / "home" / ".local" / "share"
    data.mkdir(parents=True)
    menu(unpacked, tmp_path / "home")
    removed = menu(unpacked, tmp_path / "home", "--remove")
    assert removed.returncode == 0, removed.stderr
    assert list(data.iterdir()) == []


def test_what_others_have_registered_stays(unpacked: Path, tmp_path: Path) -> None:
    data = tmp_path / "home" / ".local" / "share"
    others = {
        "applications/other.desktop": "[Desktop Entry]\nType=Application\nName=Other\nExec=o\n",
        "icons/hicolor/16x16/apps/other.png": "icon",
        "mime/packages/other.xml": (LINUX / f"{ID}.mime.xml").read_text().replace("stigmer", "o"),
    }
    for name, text in others.items():
        (data / name).parent.mkdir(parents=True)
        (data / name).write_text(text)
    menu(unpacked, tmp_path / "home")
    assert menu(unpacked, tmp_path / "home", "--remove").returncode == 0
    assert others.keys() <= files(data)
    assert not any(ID in name for name in files(data))


def test_a_folder_that_an_entry_cannot_name_is_said(unpacked: Path, tmp_path: Path) -> None:
    odd = unpacked.rename(unpacked.with_name("100% mine"))
    refused = menu(odd, tmp_path / "home")
    assert refused.returncode == 1
    assert "cannot name this folder" in refused.stderr
    assert not (tmp_path / "home").exists()


def test_the_script_is_plain_shell() -> None:
    subprocess.run(["sh", "-n", str(LINUX / MENU)], check=True)
    assert os.access(LINUX / MENU, os.X_OK)
