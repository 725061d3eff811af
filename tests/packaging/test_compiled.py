"""What is compiled once is not compiled again."""

from __future__ import annotations

from pathlib import Path

import pytest

import compiled
from tests.places import ROOT

PARTS = list(zip(compiled.SOURCES, compiled.targets(ROOT), strict=True))


@pytest.mark.parametrize(("source", "made"), PARTS, ids=[source.stem for source, _ in PARTS])
def test_a_part_is_known_by_its_source(source: Path, made: Path, tmp_path: Path) -> None:
    if not made.exists():
        pytest.skip("nothing is compiled here")
    assert compiled.is_built(source, made)
    changed = tmp_path / source.name
    changed.write_bytes(source.read_bytes() + b"\n# another\n")
    assert not compiled.is_built(changed, made)
