"""What all tests share: no display, the reference material, and nothing left behind."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No test fails for being slow, as all are on a machine that does much else.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parent.parent
# Bytes longer than this say nothing to a reader of a test's name.
_NAMED_BYTES = 16


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name long bytes by their length: all workers must agree, and packed bytes hold a time."""
    if isinstance(val, bytes) and len(val) > _NAMED_BYTES:
        return f"{argname}-of-{len(val)}-bytes"
    return None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference material beside the project; a test that needs it is skipped without it."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        pytest.skip("no reference material in ../shared")
    return path


@pytest.fixture(autouse=True)
def no_threads_left() -> Iterator[None]:
    """Fail a test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert not left, f"threads left running: {left}"
