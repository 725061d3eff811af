"""Compiled parts are used where they are there, and belong to what lies beside them."""

from __future__ import annotations

import itertools
from pathlib import Path
from zlib import crc32

import pytest

from inspector.compiled_part import VARIABLE, compiled_part

_NAMES = (f"_part_of_a_test_{number}" for number in itertools.count())


def made(folder: Path, monkeypatch: pytest.MonkeyPatch, *, of: bytes) -> str:
    """A module that says what it was made of."""
    name = next(_NAMES)
    (folder / f"{name}.py").write_text(f"SOURCE = {b'made of %08x' % crc32(of)!r}")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delenv(VARIABLE, raising=False)
    return name


def test_a_part_of_its_source_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = made(tmp_path, monkeypatch, of=b"source")
    (tmp_path / f"{name}.pyx").write_bytes(b"source")
    assert compiled_part(name) is not None
    monkeypatch.setenv(VARIABLE, "python")
    assert compiled_part(name) is None


def test_a_part_of_another_source_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = made(tmp_path, monkeypatch, of=b"source before an update")
    (tmp_path / f"{name}.pyx").write_bytes(b"source")
    assert compiled_part(name) is None


def test_a_package_holds_no_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiled_part(made(tmp_path, monkeypatch, of=b"source")) is not None


def test_a_part_that_was_not_built_is_none() -> None:
    assert compiled_part("inspector.decode._never_built") is None
