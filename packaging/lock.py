"""Refreshes the locked versions after a change of the dependencies: python packaging/lock.py.

Versions that still fit are kept; --upgrade takes the newest, --upgrade-package NAME one. uv does
it, the one on the PATH or else the locked one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from bootstrap import (
    BUILD,
    DEVELOPMENT,
    ROOT,
    RUNTIME,
    TOOLS,
    SetupError,
    guard,
    only_one,
    tools,
    uv_settings,
)

# The name of a package index must not get into the files: each machine has its own.
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--custom-compile-command=python packaging/lock.py",
    "--quiet",
)


def main() -> int:
    """Write the files anew."""
    uv, variables = find_uv()
    for lock, sources in (
        (RUNTIME, ["pyproject.toml"]),
        (DEVELOPMENT, ["pyproject.toml", "--group=dev", f"--constraints={RUNTIME}"]),
        (BUILD, ["pyproject.toml", "--group=build", f"--constraints={DEVELOPMENT}"]),
        (TOOLS, ["--group=tools"]),
    ):
        command = [*uv, "pip", "compile", *sources, *OPTIONS, *sys.argv[1:]]
        output = f"--output-file={lock.relative_to(ROOT)}"
        subprocess.run(
            [*command, output],
            cwd=ROOT,
            env={**os.environ, **variables},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return 0


def find_uv() -> tuple[list[str], dict[str, str]]:
    """Command that runs uv, and the variables that it needs.

    Raises:
        SetupError: it cannot be had.
    """
    if shutil.which("uv"):
        return ["uv"], {}
    with only_one():
        folder = tools(sys.executable)
    if folder is None:
        raise SetupError("uv could not be fetched from the package index that pip is set up for.")
    return [sys.executable, "-m", "uv"], {**uv_settings(), "PYTHONPATH": str(folder)}


if __name__ == "__main__":
    sys.exit(guard(main))
