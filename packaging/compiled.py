"""Builds the compiled part of the program: python packaging/compiled.py [FOLDER].

It is made where a C compiler and Cython are, next to its source, or in a folder given. Without it
the program runs on Python alone. What is there already and not older than its source stays.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "inspector" / "decode" / "_transcoder.pyx"
NAME = "inspector.decode._transcoder"


def main() -> int:
    """Exit code: 0 where it is built, 1 where it cannot be."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE.parent
    problem = build(folder)
    if problem:
        print(problem, file=sys.stderr)
    return 1 if problem else 0


def target(folder: Path) -> Path:
    """Where the compiled part lies for this Python."""
    return folder / f"{SOURCE.stem}{sysconfig.get_config_var('EXT_SUFFIX')}"


def is_built(folder: Path) -> bool:
    """Whether it is there for this Python, and not older than its source."""
    made = target(folder)
    return made.exists() and made.stat().st_mtime >= SOURCE.stat().st_mtime


def build(folder: Path, *options: str) -> str:
    """Builds it into a folder.

    Args:
        folder: where it goes.
        options: further ones of the C compiler and linker.

    Returns:
        What keeps it from being built, in a sentence; empty where it is there.
    """
    if is_built(folder) and not options:
        return ""
    try:
        from Cython.Build import cythonize  # noqa: PLC0415 - they may not be there
        from setuptools import Distribution, Extension  # noqa: PLC0415
    except ImportError as error:
        return f"The compiled part is not built: there is no {error.name}."
    with tempfile.TemporaryDirectory(prefix="stigmer-inspector-") as scratch:
        # A copy, or the C source would be left beside the source.
        copy = Path(scratch, SOURCE.name)
        shutil.copyfile(SOURCE, copy)
        extension = Extension(
            NAME, [str(copy)], extra_compile_args=list(options), extra_link_args=list(options)
        )
        try:
            made = cythonize([extension], quiet=True)  # type: ignore[no-untyped-call]
            distribution = Distribution({"ext_modules": made})
            command = distribution.get_command_obj("build_ext")
            command.build_lib = str(Path(scratch, "built"))
            command.build_temp = str(Path(scratch, "objects"))
            command.ensure_finalized()
            command.run()
        except Exception as error:
            return f"The compiled part is not built: {error}"
        [built] = Path(scratch, "built").rglob(target(folder).name)
        folder.mkdir(parents=True, exist_ok=True)
        # Replaced whole: a program that runs has the other one open.
        fresh = target(folder).with_suffix(".new")
        shutil.copyfile(built, fresh)
        fresh.replace(target(folder))
    return ""


if __name__ == "__main__":
    sys.exit(main())
