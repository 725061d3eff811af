"""Where the read-only data files are; the only module that knows.

They lie in ``resources/`` beside the package in a checkout, in ``inspector/_resources`` in a
wheel, and under the bundle's own directory in a frozen app.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@cache
def folder() -> str:
    """Directory that holds the data files.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    package = os.path.dirname(os.path.realpath(__file__))
    bundle = getattr(sys, "_MEIPASS", None)
    places = [os.path.join(package, "_resources")]
    places.append(os.path.join(os.path.dirname(package), "resources"))
    if bundle:
        places.insert(0, os.path.join(bundle, "resources"))
    for place in places:
        if os.path.isfile(os.path.join(place, "schema.json")):  # noqa: PTH113 - quicker
            return place
    raise FileNotFoundError(f"no resources in {', '.join(places)}")


@cache
def root() -> Path:
    """The same directory.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    from pathlib import Path  # noqa: PLC0415 - it takes long, and not all need it

    return Path(folder())


def path(*parts: str) -> Path:
    """A data file, such as ``path("demo", "stigmer.sqlite")``."""
    return root().joinpath(*parts)


def table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file with a head, tabs between its columns and no quotes.

    Raises:
        OSError: the installation is incomplete.
    """
    head, *rows = path(name).read_text("utf-8").splitlines()
    columns = head.split("\t")
    return (dict(zip(columns, row.split("\t"), strict=True)) for row in rows)
