"""The Debian package depends on what the program is linked against, and says from where on."""

from __future__ import annotations

from pathlib import Path

import pytest

import linux_packages
from bootstrap import SetupError
from linux_packages import CONFIGURATION, check_dependencies, depends

HEAD = """
Dynamic Section:
  NEEDED               libQt6Core.so.6
  NEEDED               libEGL.so.1
  NEEDED               libc.so.6

Version References:
  required from libc.so.6:
    0x09691a75 0x00 06 GLIBC_2.2.5
    0x069691b4 0x00 05 GLIBC_2.34
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A frozen program of one file and the library that it brings."""
    (tmp_path / "program").write_bytes(b"\x7fELF")
    (tmp_path / "libQt6Core.so.6").touch()
    monkeypatch.setattr(linux_packages, "objdump", lambda file: HEAD)
    return tmp_path


def test_what_is_declared_is_read() -> None:
    declared = depends(CONFIGURATION.read_text())
    assert declared["libegl1"] == ""
    assert declared["libc6"] > "2.3"
    assert depends("name: none\n") == {}


def test_it_depends_on_what_is_linked_against(folder: Path) -> None:
    check_dependencies(folder, CONFIGURATION.read_text())


@pytest.mark.parametrize(
    ("depending", "sentence"),
    [
        ("  - libc6 (>= 2.34)\n", "lacks under depends: libegl1"),
        ("  - libc6 (>= 2.33)\n  - libegl1\n", r"needs libc6 2\.34"),
    ],
)
def test_too_little_is_refused(folder: Path, depending: str, sentence: str) -> None:
    with pytest.raises(SetupError, match=sentence):
        check_dependencies(folder, f"depends:\n{depending}recommends:\n")


def test_a_library_of_no_known_package_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linux_packages, "objdump", lambda file: HEAD.replace("libEGL", "libnew"))
    with pytest.raises(SetupError, match=r"no package with libnew\.so\.1"):
        check_dependencies(folder, CONFIGURATION.read_text())
