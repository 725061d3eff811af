"""Builds the compiled parts of the program: python packaging/compiled.py [FOLDER].

They are made where a C compiler and Cython are, next to their sources, or as those lie in a folder
given. Without them the program runs on Python alone. What is there already stays, if it was made
from its source as that is now.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path
from zlib import crc32

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))
SOURCES = (
    ROOT / "inspector" / "decode" / "_transcoder.pyx",
    ROOT / "inspector" / "store" / "_blob_sieve.pyx",
    ROOT / "inspector" / "store" / "_page_reads.pyx",
)
#: Says of which source a part is made. Cython (3.3) packs the texts of a module, so that none is to
#: be found in the file; one of C is.
_MARKED = b'''
cdef extern from *:
    """static const char made_of[] = "%s";"""
    const char made_of[]
SOURCE = <bytes> made_of
'''


def main() -> int:
    """Exit code: 0 where they are built, 1 where they cannot be."""
    problem = build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)
    if problem:
        print(problem, file=sys.stderr)
    return 1 if problem else 0


def targets(folder: Path) -> list[Path]:
    """Where the compiled parts lie for this Python."""
    return [_target(source, folder) for source in SOURCES]


def prepared(folder: Path) -> Path:
    """Where the tables lie that one of them is made with."""
    return folder / "inspector" / "decode" / "_prepared.bin"


def build(folder: Path, *options: str) -> str:
    """Builds them into a folder, each in the folder of its package.

    Args:
        folder: where they go.
        options: further ones of the C compiler and linker.

    Returns:
        What keeps them from being built, in a sentence; empty where they are there.
    """
    problems = (_build(source, _target(source, folder), options) for source in SOURCES)
    return next(filter(None, problems), "") or _prepare(prepared(folder))


def _prepare(target: Path) -> str:
    """Work the tables out, by the program itself, and write them."""
    try:
        from inspector.decode.prepared_tables import prepared_tables  # noqa: PLC0415 - as Cython
    except ImportError as error:
        return f"The tables of the compiled part are not made: there is no {error.name}."
    made = prepared_tables()
    if not target.exists() or target.read_bytes() != made:
        fresh = target.with_suffix(".new")
        fresh.write_bytes(made)
        fresh.replace(target)
    return ""


def _target(source: Path, folder: Path) -> Path:
    package = folder / source.parent.relative_to(ROOT)
    return package / f"{source.stem}{sysconfig.get_config_var('EXT_SUFFIX')}"


def is_built(source: Path, made: Path) -> bool:
    """Whether it is there for this Python, made from its source as that is now."""
    return made.exists() and _mark(source.read_bytes()) in made.read_bytes()


def _mark(source: bytes) -> bytes:
    """By which the program knows the source of a part, see ``inspector.compiled_part``."""
    return b"made of %08x" % crc32(source)


def _build(source: Path, target: Path, options: tuple[str, ...]) -> str:
    if is_built(source, target) and not options:
        return ""
    try:
        from Cython.Build import cythonize  # noqa: PLC0415 - they may not be there
        from setuptools import Distribution, Extension  # noqa: PLC0415
    except ImportError as error:
        return f"The compiled part is not built: there is no {error.name}."
    with tempfile.TemporaryDirectory(prefix="stigmer-inspector-") as scratch:
        # A copy, or the C source would be left beside the source.
        copy = Path(scratch, source.name)
        text = source.read_bytes()
        copy.write_bytes(text + _MARKED % _mark(text))
        name = ".".join(source.relative_to(ROOT).with_suffix("").parts)
        extension = Extension(
            name, [str(copy)], extra_compile_args=list(options), extra_link_args=list(options)
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
        [built] = Path(scratch, "built").rglob(target.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Replaced whole: a program that runs has the other one open.
        fresh = target.with_suffix(".new")
        shutil.copyfile(built, fresh)
        fresh.replace(target)
    return ""


if __name__ == "__main__":
    sys.exit(main())
