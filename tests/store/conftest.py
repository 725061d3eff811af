"""What the store's tests share."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def empty_temp(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary directory of the test's own, for what the store keeps outside the file."""
    place = tmp_path_factory.mktemp("temp")
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fail a test that leaves a private copy behind."""
    before = set(Path(tempfile.gettempdir()).glob("stigmer-inspector-*"))
    yield
    left = set(Path(tempfile.gettempdir()).glob("stigmer-inspector-*")) - before
    assert not left, f"left behind: {left}"
