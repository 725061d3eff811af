"""Runs first in the frozen program: programs that it starts shall find their own libraries.

On Linux the start of a frozen program names its folder in LD_LIBRARY_PATH, which has done its work
by now. The file manager that is started from here, say, would load our Qt.
"""

from __future__ import annotations

import os

_before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
os.environ.pop("LD_LIBRARY_PATH", None)
if _before is not None:
    os.environ["LD_LIBRARY_PATH"] = _before
