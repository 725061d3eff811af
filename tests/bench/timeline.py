"""Thousands of versions of a 20 KB resource to a painted timeline, in the real window."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from tests.bench.paired import Line
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.places import ROOT
from tests.releases import message_class

_SKILL = "ai.stigmer.agentic.skill.v1.Skill"
_GENERATION = "2026-01-26"
_ID = "skl-01m7y9fcz1p3v35da0551j8827"
_MANY, _FEW = 10_000, 2_000
_SHORT_ROUNDS = 3
_LINES = 520
_PARSE = "protobuf's parse of all of them"
_NOTE = "rows are read, blobs only of those in sight; protobuf's parse is C"


def lines(rounds: int) -> Iterator[Line]:
    """A store whose rows tell hash and tag, and one in which every second has them in its blob."""
    many = _FEW if rounds <= _SHORT_ROUNDS else _MANY
    with tempfile.TemporaryDirectory() as folder:
        for name, silent in (("", 0), (", every second without hash and tag in its row", 2)):
            store, size = _store(Path(folder) / "many.db", many, silent)
            yield from _lines(f"{many:,} versions of {size // 1000} KB{name}", store, rounds)
            store.unlink()


def _lines(what: str, store: Path, rounds: int) -> Iterator[Line]:
    found: list[dict[str, Any]] = []
    for _ in range(rounds):
        found.append(_window(store) | {"parse": _parse(store)})

    def line(name: str, ours: str, beside: str, theirs: str, note: str = "") -> Line:
        pairs = [(float(one[ours]), float(one[theirs])) for one in found]
        mine, other = (median(column) for column in zip(*pairs, strict=True))
        ratio = median(a / b for a, b in pairs)
        return Line(f"{what}: {name}", beside, mine, other, ratio, rounds, None, note)

    bare = "a bare QTableView with as many ready rows"
    yield line("History chosen to timeline painted", "painted", _PARSE, "parse", _NOTE)
    yield line("History chosen to timeline painted", "painted", bare, "bare")
    yield line("and to what the rows in sight changed painted", "told", _PARSE, "parse")
    yield line("a page further, painted", "page", "a bare QTableView's", "barePage")
    pages = sorted(chain.from_iterable(one["pages"] for one in found))
    found = [one | {"late": pages[int(len(pages) * 0.95)]} for one in found]
    yield line("a page further, 95th percentile", "late", "its median", "page")


def _window(store: Path) -> dict[str, Any]:
    """One start of the program."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ, "QT_QPA_PLATFORM": "offscreen", "SETTINGS": f"{folder}/settings.json",
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.bench.painted_timeline"]
        done = subprocess.run(
            [*command, os.fspath(store), f"skill/{_ID}"],
            cwd=ROOT, env=environment, capture_output=True, check=True,
        )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found | {"page": median(found["pages"]), "barePage": median(found["barePages"])}


def _parse(store: Path) -> float:
    connection = sqlite3.connect(f"{store.as_uri()}?immutable=1", uri=True)
    blobs = [data for (data,) in connection.execute("SELECT data FROM resource_audit")]
    connection.close()
    parse = message_class(_GENERATION, _SKILL).FromString
    started = perf_counter()
    for data in blobs:
        parse(data)
    return 1000 * (perf_counter() - started)


def _store(path: Path, many: int, silent: int) -> tuple[Path, int]:
    """A skill that was pushed often, and the size of its last state."""
    last = b""

    def pushes() -> Iterator[Arc]:
        nonlocal last
        for number in range(many):
            digest, tag = hashlib.sha256(b"%d" % number).hexdigest(), f"v{number % 5}"
            last = _skill(number, digest, tag)
            told = (digest, tag) if not silent or number % silent else (None, None)
            day, second = divmod(number * 40, 86_400)
            clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
            yield Arc("skill", _ID, last, f"2026-01-{1 + day:02} {clock}", *told)

    layouts.v2(path, [], pushes())
    connection = sqlite3.connect(path)
    layouts.put(connection, [Rec("skill", _ID, last)])
    connection.commit()
    connection.close()
    return path, len(last)


def _skill(number: int, digest: str, tag: str) -> bytes:
    message: Any = message_class(_GENERATION, _SKILL)()
    text = [f"{line}. What the reader of line {line} has to do." for line in range(_LINES)]
    text[number % _LINES] = f"Changed in push {number}."
    message.metadata.id, message.metadata.name = _ID, "many pushes"
    message.spec.tag, message.spec.skill_md = tag, "\n".join(text)
    message.status.version_hash = digest
    data: bytes = message.SerializeToString()
    return data
