"""Stores of many records made of those a daemon wrote, kept in a cache outside the checkout.

Each copy of the real store has ids of its own, and what names a record by its id names the one of
the same copy. In one record of ten thousand a text of the same length stands in the place of
another, which is there to be sought.
"""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from tests.builders import layouts
from tests.places import REAL

#: What stands in one record of ten thousand, and nowhere else.
PLANTED: Final = "zQx-Needle-7731"
_EVERY: Final = 10_000
_SOURCE: Final = REAL / "v2-clean" / "stigmer.db"
_DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_OWN: Final = 8  #: characters at the end of an id that tell the copies apart
#: A place within a text: the length before a text may look like its first character.
_WORDS: Final = re.compile(rb"[a-z ]{8}([a-z ]{%d})" % len(PLANTED))
_LAYOUT: Final = 2  #: of what this module makes, not of a store


def large_store(records: int) -> Path:
    """A store of so many records; made when it is first asked for."""
    path = Path(tempfile.gettempdir()) / "inspector-bench-stores" / f"{_LAYOUT}-{records}.db"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{os.getpid()}")
        layouts.v2(made)
        with closing(sqlite3.connect(made, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO resources VALUES (?, ?, ?, ?)", _rows(records))
            connection.execute("COMMIT")
        made.rename(path)
    return path


def _rows(records: int) -> Iterator[tuple[str, str, bytes, str]]:
    """In the order of their keys, which is that of the table."""
    with closing(sqlite3.connect(f"{_SOURCE.as_uri()}?immutable=1", uri=True)) as connection:
        sql = (
            "SELECT kind, id, data, updated_at FROM resources WHERE id NOT LIKE '%/%' ORDER BY 1, 2"
        )
        source = connection.execute(sql).fetchall()
    each, more = divmod(records, len(source))
    ids = re.compile(
        "|".join(re.escape(one[:-_OWN]) + f".{{{_OWN}}}" for _, one, *_ in source).encode()
    )
    due = 0
    done = 0
    for at, (kind, id_, data, updated) in enumerate(source):
        parts = ids.split(data)
        named = [found[:-_OWN] for found in ids.findall(data)] + [b""]
        for copy in range(each + (at < more)):
            own = _code(copy)
            blob = b"".join(
                part + (name + own if name else b"")
                for part, name in zip(parts, named, strict=True)
            )
            if done >= due:
                place = _WORDS.search(blob)
                if place is not None:
                    start, end = place.span(1)
                    blob = blob[:start] + PLANTED.encode() + blob[end:]
                    due += _EVERY
            done += 1
            yield kind, id_[:-_OWN] + own.decode(), blob, updated


def _code(number: int) -> bytes:
    digits = (number >> 5 * at & 31 for at in reversed(range(_OWN)))
    return "".join(_DIGITS[one] for one in digits).encode()
