"""The licenses that a frozen program carries: complete, or the build is refused."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from cyclonedx.model.bom import Bom

import notices
from bootstrap import ROOT, SetupError
from build import linux_archive_path
from linux_packages import unpack
from tests.tools.license_check import check_licenses
from trim import Entry

DECLARED = tomllib.loads(notices.COMPONENTS.read_text(encoding="utf-8"))
LINUX = (
    "PySide6/Qt/lib/libQt6Core.so.6",
    "PySide6/Qt/lib/libicudata.so.73",
    "PySide6/QtCore.abi3.so",
    "shiboken6/Shiboken.abi3.so",
    "apsw/__init__.cpython-311-x86_64-linux-gnu.so",
    "google/_upb/_message.abi3.so",
    "rapidfuzz/distance/metrics_cpp.cpython-311-x86_64-linux-gnu.so",
    "libpython3.11.so.1.0",
    "resources/icons/ai.svg",
)
WINDOWS = (
    r"PySide6\Qt6Core.dll",
    r"PySide6\plugins\platforms\qwindows.dll",
    r"PySide6\QtCore.pyd",
    r"PySide6\pyside6.abi3.dll",
    r"PySide6\MSVCP140.dll",
    r"shiboken6\VCRUNTIME140.dll",
    "VCRUNTIME140_1.dll",
    "python311.dll",
    "_bz2.pyd",
    "ucrtbase.dll",
)
MACOS = (
    "PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
    "QtCore",
    "PySide6/libpyside6.abi3.6.11.dylib",
    "Python",
    "Python.framework/Versions/3.11/Python",
    "python3.11/lib-dynload/_bz2.cpython-311-darwin.so",
)
MODULES = (
    ("json.decoder", json.decoder.__file__),
    ("inspector.cli", str(ROOT / "inspector" / "cli" / "__init__.py")),
    ("pyi_bootloader", ""),
)


def entries(*names: str) -> list[Entry]:
    return [(name, f"/venv/{name}", "BINARY") for name in names]


@pytest.fixture(autouse=True)
def all_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the program is built: PyInstaller is no part of what tests are run with."""
    monkeypatch.setattr(
        notices,
        "installed_version",
        lambda of: _installed(of) or (None if "no-such" in of else "1.2.3"),
    )


_installed = notices.installed_version


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each text is there, whatever is installed."""
    monkeypatch.setattr(notices, "find_text", lambda places, says: f"text: {says}".encode())


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize(
    ("system", "names"), [("linux", LINUX), ("win32", WINDOWS), ("darwin", MACOS)]
)
def test_notice_and_bill_name_what_is_packed(
    system: str, names: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    made = notices.license_entries(entries(*names), MODULES, tmp_path / "licenses")
    files = {name.removeprefix("licenses/"): Path(source) for name, source, _ in made}
    notice = files["NOTICE.txt"].read_text("utf-8")
    bill = json.loads(files["sbom.cdx.json"].read_text("utf-8"))
    assert Bom.from_json(bill).components  # type: ignore[attr-defined]  # made by a decorator
    named = {one["name"] for one in bill["components"]}
    assert {"Qt", "Qt for Python", "Python", "PyInstaller bootloader"} <= named
    assert ("ICU" in named) == (system == "linux")
    assert ("Microsoft Visual C++ runtime" in named) == (system == "win32")
    for one in bill["components"]:
        assert f"\n{one['name']} {one.get('version', '')}".rstrip() in notice
        assert one["licenses"]
    [qt] = (one for one in bill["components"] if one["name"] == "Qt")
    brought = {one["name"] for one in qt["components"]}
    assert {"PCRE2", "HarfBuzz"} <= brought
    assert ("FreeType" in brought) == (system != "linux")
    assert all(f"- {name}" in notice for name in brought)
    for text in re.findall(r"[\w.-]+\.txt", notice):
        assert text in files


@pytest.mark.usefixtures("texts")
def test_the_same_program_has_the_same_bill(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        notices.license_entries(entries(*LINUX), MODULES, tmp_path / folder)
    assert (tmp_path / "a" / notices.BILL).read_bytes() == (
        tmp_path / "b" / notices.BILL
    ).read_bytes()


def test_a_file_of_no_component_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"no component for libnew\.so\.1, module:newly"):
        notices.license_entries(
            entries("libnew.so.1"), [("newly.made", "/venv/newly/made.py")], tmp_path
        )


def test_what_is_not_installed_is_no_component() -> None:
    [entry] = (one for one in DECLARED["component"] if one["name"] == "apsw")
    assert [one.name for one in notices.components({"component": [entry]})] == ["apsw"]
    assert notices.components({"component": [{**entry, "version": "no-such-thing"}]}) == []


@pytest.mark.parametrize("text", [text["name"] for text in DECLARED["text"]])
def test_a_text_that_is_nowhere_is_said(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = notices.find_text
    [missing] = (one for one in DECLARED["text"] if one["name"] == text)

    def find(places: list[str], says: str) -> bytes | None:
        return real(["no-such-file"] if places == missing["from"] else ["LICENSE"], "")

    monkeypatch.setattr(notices, "find_text", find)
    with pytest.raises(SetupError, match=r"cannot be packed: its text is not in"):
        notices.license_entries(entries(*LINUX), MODULES, tmp_path)


def test_a_text_is_the_first_that_says_what_it_should(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("something else")
    (tmp_path / "b.txt").write_text("the license")
    places = [str(tmp_path / name) for name in ("none.txt", "a.txt", "*.txt")]
    assert notices.find_text(places, "license") == b"the license"
    assert notices.find_text(places[:2], "license") is None
    assert notices.find_text(["no-such-distribution:LICENSE"], "") is None
    assert b"Roger Binns" in (notices.find_text(["apsw:LICENSE"], "Binns") or b"")


def test_every_text_that_a_component_names_is_declared() -> None:
    declared = {text["name"] for text in DECLARED["text"]}
    for one in DECLARED["component"]:
        assert set(one["texts"]) <= declared | {notices.FROM_PACKAGE}, one["name"]
        assert one["license"] and one["copyright"]


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_the_license_of_every_part_has_a_text(
    system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its name in a distribution that is installed, or in a place that is declared."""
    monkeypatch.setattr(sys, "platform", system)
    declared = {text["name"] for text in DECLARED["text"]}
    parts = [part for one in notices.components(DECLARED) for part in one.brought()]
    assert {"BSD-3-Clause.txt", "FTL.txt", "MIT.txt"} <= {part.text for part in parts}
    for part in parts:
        if part.text and part.text not in declared:
            assert len(notices.find_text([f"spdx:{part.text}"], "") or b"") > 500, part.name


def test_a_part_without_a_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = notices.find_text
    monkeypatch.setattr(
        notices,
        "find_text",
        lambda places, says: None if places == ["spdx:FTL.txt"] else real(["LICENSE"], ""),
    )
    with pytest.raises(SetupError, match=r"license of Gray Raster of FreeType cannot be packed"):
        notices.license_entries(entries(*LINUX), MODULES, tmp_path)


def test_a_library_of_no_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no Debian package"):
        notices.package_text(tmp_path / "libmine.so.1")


@pytest.fixture
def program(texts: None, tmp_path: Path) -> Path:
    """A stand-in for a frozen program, with its licenses."""
    folder = tmp_path / "program" / "_internal"
    for name in LINUX:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    notices.license_entries(entries(*LINUX), MODULES, folder / "licenses")
    return folder.parent


def without(file: Path, part: str) -> None:
    text = file.read_text("utf-8")
    assert part in text
    file.write_text(text.replace(part, ""), encoding="utf-8")


def test_a_program_with_all_of_it_is_accepted(program: Path) -> None:
    found = check_licenses(program)
    assert any(re.fullmatch(r"Qt 6\.\d+\.\d+", one) for one in found)
    assert any(re.fullmatch(r"SQLite 3\.\d+\.\d+", one) for one in found)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: (folder / "licenses/LGPL-3.0.txt").write_text(""), "LGPL-3.0.txt is not"),
        (lambda folder: (folder / "licenses/ICU.txt").unlink(), "ICU.txt"),
        (lambda folder: (folder / "licenses/FTL.txt").unlink(), "names FTL.txt"),
        (lambda folder: without(folder / "licenses/NOTICE.txt", ": HPND.txt"), "HPND.txt, the"),
        (lambda folder: (folder / "licenses/NOTICE.txt").write_text("Qt"), "do not name"),
        (lambda folder: (folder / "licenses/NOTICE.txt").unlink(), "0 files"),
        (lambda folder: (folder / "font.TTF").touch(), "no fonts"),
        (lambda folder: (folder / LINUX[0]).unlink(), "libQt6Core"),
    ],
)
def test_a_program_without_some_of_it_is_refused(
    program: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    spoil(program / "_internal")
    with pytest.raises(SetupError, match=sentence):
        check_licenses(program)


def test_the_built_archive_carries_them(tmp_path: Path) -> None:
    built = linux_archive_path()
    if not built.is_file() or built.stat().st_mtime < notices.COMPONENTS.stat().st_mtime:
        pytest.skip("packaging/build.py has built no archive here since components.toml changed")
    top = unpack(built, tmp_path)
    check_licenses(top)
    [folder] = top.glob("*/licenses")
    assert (top / "NOTICE.txt").read_bytes() == (folder / "NOTICE.txt").read_bytes()
    assert (top / "share/man/man1/stigmer-inspector.1.gz").is_file()
    assert (top / "share/bash-completion/completions/stigmer-inspector").is_file()
