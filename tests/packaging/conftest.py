"""Makes the scripts of packaging/ importable; last on the path, since one is named like the
standard library's ``test``."""

from __future__ import annotations

import sys

from tests.packaging import ROOT

sys.path.append(str(ROOT / "packaging"))
