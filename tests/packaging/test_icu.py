"""ICU's data without what Qt does not use: what is left is found, and Qt answers the same."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import PySide6
import pytest
from icu import ALIGNMENT, smaller, smaller_library

START = 32
ANSWERS = """
from PySide6.QtCore import QCollator, QDateTime, QLocale, QTimeZone
for name in ("sv_SE", "de_DE", "zh_CN"):
    locale = QLocale(name)
    collator = QCollator(locale)
    collator.setNumericMode(True)
    print([collator.compare(a, b) for a, b in (("z", "ä"), ("a10", "a9"), ("中", "文"))])
    zone = QTimeZone(b"Europe/Berlin")
    long = QTimeZone.NameType.LongName
    print(zone.displayName(QTimeZone.TimeType.DaylightTime, long, locale).encode())
    print(locale.toString(1234567.5).encode(), locale.nativeLanguageName().encode())
    print(locale.toUpper("straße").encode(), locale.monthName(3).encode())
print(QTimeZone.availableTimeZoneIds()[:9])
loaded = open("/proc/self/maps").read()
"""


def library(items: Mapping[str, bytes]) -> bytes:
    """Data as ICU lays it out."""
    head = struct.pack("<H2B8s4s", START, 0xDA, 0x27, b"", b"CmnD").ljust(START, b"\0")
    table, names, place = struct.pack("<I", len(items)), b"", 4 + 8 * len(items)
    names = b"".join(name.encode() + b"\0" for name in items)
    data_place = place + len(names) + -(START + place + len(names)) % ALIGNMENT
    data, name_place = b"", place
    for name, item in items.items():
        table += struct.pack("<II", name_place, data_place + len(data))
        name_place += len(name) + 1
        data += item.ljust(len(item) + -len(item) % ALIGNMENT, b"\xaa")
    return head + (table + names).ljust(data_place, b"\xaa") + data


def test_what_is_kept_is_as_if_the_rest_had_never_been_there() -> None:
    kept = {"icudt73l/coll/root.res": b"c" * 21, "icudt73l/root.res": b"r" * ALIGNMENT}
    left = {"icudt73l/curr/de.res": b"$", "icudt73l/ibm-850.cnv": b"x", "icudt73l/unames.icu": b"u"}
    data, symbol = smaller(library(dict(sorted({**kept, **left}.items()))))
    assert symbol == "icudt73_dat"
    assert data.replace(b"\xaa", b"\0") == library(kept).replace(b"\xaa", b"\0")


def test_other_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="no common data"):
        smaller(bytes(64))


@pytest.mark.skipif(sys.platform != "linux", reason="for Linux")
@pytest.mark.skipif(not shutil.which("ld") or not shutil.which("objcopy"), reason="needs binutils")
def test_qt_answers_the_same(tmp_path: Path) -> None:
    [whole] = (Path(PySide6.__file__).parent / "Qt" / "lib").glob("libicudata.so.*")
    made = smaller_library(whole, tmp_path)
    assert made.name == whole.name
    assert made.stat().st_size < whole.stat().st_size / 2
    assert answers({"LD_PRELOAD": str(made)}, str(made)) == answers({}, str(whole))


def answers(variables: Mapping[str, str], loaded: str) -> bytes:
    """What Qt says, with the one library loaded."""
    check = f"assert {loaded!r} in loaded and loaded.count('libicudata') <= 4, loaded\n"
    run = subprocess.run(
        [sys.executable, "-c", ANSWERS + check],
        env={**os.environ, "LC_ALL": "C.UTF-8", **variables},
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    assert run.stderr == b""
    return run.stdout
