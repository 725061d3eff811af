"""Makes the environment with the test tools and runs the tests: python3 packaging/test.py.

Arguments are pytest's; without -n they run in two processes.
"""

from __future__ import annotations

import os
import subprocess
import sys

from bootstrap import (
    DEVELOPMENT,
    ROOT,
    child_environment,
    environment,
    guard,
    use_new_enough_python,
)
from system import provide, provide_test_tools

# With these, pytest-xdist is told how many processes, or cannot be used.
PROCESS_OPTIONS = ("-n", "--numprocesses", "--dist", "--pdb", "--trace")


def main() -> int:
    """Exit code of pytest."""
    use_new_enough_python()
    python = environment(DEVELOPMENT)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    provide()
    provide_test_tools()
    arguments = sys.argv[1:]
    processes = [] if any(a.startswith(PROCESS_OPTIONS) for a in arguments) else ["-n", "2"]
    command = [str(python), "-m", "pytest", *processes, *arguments]
    with subprocess.Popen(command, cwd=str(ROOT), env=child_environment()) as pytest:
        while True:
            try:
                return pytest.wait()
            except KeyboardInterrupt:
                # The terminal told pytest too, which now writes its summary.
                continue


if __name__ == "__main__":
    sys.exit(guard(main))
