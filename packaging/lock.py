"""Refreshes the locked versions after a change of the dependencies: python packaging/lock.py.

Versions that still fit are kept; --upgrade takes the newest, --upgrade-package NAME one. Needs
uv, which is not part of the environment: .venv/bin/python -m pip install uv.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys

from bootstrap import BUILD, DEVELOPMENT, ROOT, RUNTIME, TOOLS, SetupError, guard

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
    uv = find_uv()
    for lock, sources in (
        (RUNTIME, ["pyproject.toml"]),
        (DEVELOPMENT, ["pyproject.toml", "--group=dev", f"--constraints={RUNTIME}"]),
        (BUILD, ["pyproject.toml", "--group=build", f"--constraints={DEVELOPMENT}"]),
        (TOOLS, ["--group=tools"]),
    ):
        command = [*uv, "pip", "compile", *sources, *OPTIONS, *sys.argv[1:]]
        output = f"--output-file={lock.relative_to(ROOT)}"
        subprocess.run([*command, output], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return 0


def find_uv() -> list[str]:
    """Command that runs uv.

    Raises:
        SetupError: it is not installed.
    """
    if importlib.util.find_spec("uv"):
        return [sys.executable, "-m", "uv"]
    if not shutil.which("uv"):
        raise SetupError(f"uv is needed: {sys.executable} -m pip install uv")
    return ["uv"]


if __name__ == "__main__":
    sys.exit(guard(main))
