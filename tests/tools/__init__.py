"""What developers run beside the tests: pictures, a person at a screen, the installed program.

Scripts of packaging/ are imported by their names; last on the path, since one is named like the
standard library's ``test``.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging"))
