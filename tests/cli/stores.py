"""The stores that have a truth beside them."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from tests.places import REAL, shared

#: Kept with the project; the others are only in the reference material.
KEPT = ("v0", "v2-clean", "v2-migrated")
STORES = (*KEPT, "v2-killed", "v8", "json")
_FILES = ("stigmer.sqlite", "stigmer.db")


def folder(name: str) -> Path:
    """Where a store lies; the test is skipped where that is not here."""
    if name in KEPT:
        return REAL / name
    return shared("stigmer", "made" if name in ("v8", "json") else "real", name)


def store(name: str, scratch: Path) -> Path:
    """A store's file; one that was killed is copied, since its WAL must not be finished."""
    place = folder(name)
    if name == "v2-killed":
        copy = scratch / name
        copy.mkdir(exist_ok=True)
        for file in place.glob("stigmer.db*"):
            shutil.copyfile(file, copy / file.name)
        place = copy
    return next(place / file for file in _FILES if (place / file).exists())


@cache
def truth(name: str) -> dict[str, Any]:
    """What the daemon of a store answered."""
    found: dict[str, Any] = json.loads((folder(name) / "truth.json").read_bytes())
    return found
