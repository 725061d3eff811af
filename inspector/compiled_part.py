"""The compiled parts of the program: used where they are there, and made from what lies beside."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Final
from zlib import crc32

#: With this variable set to ``python`` compiled parts are left alone.
VARIABLE: Final = "STIGMER_INSPECTOR_DECODER"
#: The part that reads pages of files, and sums up logs.
PAGE_READS: Final = "inspector.store._page_reads"


def compiled_part(name: str) -> ModuleType | None:
    """A compiled part.

    Args:
        name: of its module, in full.

    Returns:
        None where it was not built, is not to be used, or was built from another source than the
        one that lies beside it: after an update of a checkout it would misread what it is told.
    """
    return None if os.environ.get(VARIABLE) == "python" else _built(name)


@cache
def _built(name: str) -> ModuleType | None:
    """The same; asked for with every record, and a missing module is sought far."""
    try:
        module = import_module(name)
    except ImportError:
        return None
    return module if _is_of_its_source(module) else None


def _is_of_its_source(module: ModuleType) -> bool:
    """Whether it was made from the source beside it; packages have none."""
    name = f"{module.__name__.rpartition('.')[2]}.pyx"
    path = os.path.join(os.path.dirname(module.__file__ or ""), name)
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - quicker, for short commands
            source = file.read()
    except OSError:
        return True
    # As packaging/compiled.py writes it, in bytes that it finds again in the built file.
    return bool(getattr(module, "SOURCE", None) == b"made of %08x" % crc32(source))
