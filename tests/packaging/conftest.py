"""Makes the scripts of packaging/ importable; last on the path, since one is named like the
standard library's ``test``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.packaging import ROOT
from tests.packaging.desktop import MIME, Registry

sys.path.append(str(ROOT / "packaging"))


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """A desktop with the types that every system knows, and ours."""
    known = Path("/usr/share/mime/packages/freedesktop.org.xml")
    if not known.is_file():
        pytest.skip("shared-mime-info is not installed here")
    made = Registry(tmp_path)
    made.add_type(known)
    made.add_type(MIME)
    return made
