"""Where the stores that tests read are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent
REAL: Final = ROOT / "tests" / "data" / "real"
SHARED: Final = ROOT.parent / "shared"


def shared(*parts: str) -> Path:
    """A file of the reference material beside the project; the test is skipped without it."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"../shared/{'/'.join(parts)} is not here")
    return path
