"""What the store's tests share."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def empty_temp(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A temporary directory of the test's own, in which no private copy may be left."""
    place = tmp_path_factory.mktemp("temp")
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    left = list(place.glob("stigmer-inspector-*"))
    assert not left, f"left behind: {left}"
