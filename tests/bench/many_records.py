"""Every record of a store of many: expressions, orders, export and check, in one process.

What is beside them reads the same rows with ``sqlite3`` and the blobs with google.protobuf. Other
processes take the processors away, and not evenly, so what is compared is processor time.
"""

from __future__ import annotations

import gc
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from statistics import median
from typing import Final

from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message

from inspector.compiled_part import VARIABLE
from inspector.decode.transcoding import is_compiled
from inspector.export.stream import Stream
from inspector.session.check import check_store
from inspector.session.expression_filter import ExpressionFilter
from inspector.session.reading import MessageText
from inspector.session.scan import Scan
from inspector.session.session import Session
from inspector.session.walking import every_message
from tests.bench import go_peer
from tests.bench.large_stores import large_store
from tests.bench.paired import Line, Work
from tests.bench.searching import processor_time
from tests.places import REAL
from tests.releases import JANUARY_26, kind_info, message_class

_MANY: Final = 100_000
_FEW: Final = 10_000
_SHORT_ROUNDS: Final = 3
_KIND: Final = "agent_execution"
_WITHIN: Final = 1.7  #: 20 us a record beside 12
_TEXTS: Final = {
    "r.status.phase == EXECUTION_COMPLETED": 4.0,
    "r.metadata.name.contains('a') && has(r.status.completed_at)": 4.0,
}


def missing() -> str | None:
    """Why nothing is measured, None where something is."""
    return None if REAL.is_dir() else "There is no reference material: no store of many was made."


def lines(rounds: int) -> Iterator[Line]:
    """A line for each kind of work; nothing without the reference material."""
    if missing() is not None:
        return
    path = large_store(_FEW if rounds <= _SHORT_ROUNDS else _MANY)
    rounds = min(rounds, 5)
    for text, goal in _TEXTS.items():
        yield _line(
            f"find {text}",
            partial(_find, path, text),
            "parsing them",
            partial(_parse, path, _KIND),
            rounds,
            goal,
        )
    for column in ("name", "state"):
        yield _line(
            f"sort by {column}",
            partial(_sorted, path, column),
            "parsing them",
            partial(_parse, path, _KIND),
            rounds,
            _WITHIN,
        )
    yield _line(
        *("filter by a word that is nowhere", partial(_filtered, path), "parsing them"),
        *(partial(_parse, path, _KIND), rounds, _WITHIN),
    )
    json, python = partial(_json, path), min(rounds, 2)
    yield _line("export as NDJSON", partial(_export, path), "json_format", json, rounds, 0.06)
    yield _line(
        "the same, Python alone", partial(_on_python, path), "json_format", json, python, 1.9
    )
    parse = partial(_parse, path, None)
    yield _line("check", partial(_check, path), "parsing them", parse, rounds, None)
    if go_peer.missing() is None:
        # It has its blobs from a plain file, and no store to read.
        to_json, to_parse = (partial(_go, path, how) for how in ("json", "parse"))
        name = "Go's generated code with protojson"
        yield _line("export as NDJSON", partial(_export, path), name, to_json, rounds, 0.15)
        yield _line("check", partial(_check, path), "Go's Unmarshal", to_parse, rounds, 0.3)


def _line(
    name: str, ours: Callable[[], int], beside: str, theirs: Work, rounds: int, goal: float | None
) -> Line:
    times: list[tuple[float, float]] = []
    count = 0
    for _ in range(rounds + 1):
        gc.collect()
        started = processor_time()
        count = ours()
        between = processor_time()
        theirs()
        times.append((between - started, processor_time() - between))
    del times[0]
    mine, other = (median(column) for column in zip(*times, strict=True))
    each = f"{1e6 * mine / count:.1f} us of processor time a record, {count / mine:,.0f} a second"
    note = each if is_compiled() else f"{each}; the compiled part is not built"
    ratio = median(a / b for a, b in times)
    title = f"{count:,} records: {name}"
    return Line(title, beside, 1000 * mine, 1000 * other, ratio, rounds, goal, note)


def _find(path: Path, text: str) -> int:
    found = ExpressionFilter(Session.open(path), _KIND, text)
    assert list(found.rows())
    return found.looked


def _sorted(path: Path, column: str) -> int:
    return len(Scan(Session.open(path), [_KIND], column=column).run())


def _filtered(path: Path) -> int:
    scan = Scan(Session.open(path), [_KIND], text="zqxneedle")
    assert not scan.run()
    return scan.looked


def _export(path: Path) -> int:
    session = Session.open(path)
    kinds = [kind.kind for kind in session.kinds()]
    with Path(os.devnull).open("wb") as file:
        stream = Stream(file.write, array=False)
        count = 0
        for one in every_message(
            *(session, kinds), between=stream.between, indent=None, level=0, reveal=False
        ):
            if isinstance(one, MessageText):
                stream.put_text(one.text.write)
                count += one.records
            else:
                stream.add(one)
                count += 1
    return count


def _check(path: Path) -> int:
    return check_store(Session.open(path)).records


def _on_python(path: Path) -> int:
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = "python"
    try:
        return _export(path)
    finally:
        os.environ.pop(VARIABLE)
        if before is not None:
            os.environ[VARIABLE] = before


def _go(path: Path, how: str) -> None:
    subprocess.run([go_peer.peer(), how, go_peer.blobs_of(path)], check=True)


def _json(path: Path) -> None:
    for message in _messages(path, None):
        MessageToJson(message, indent=None, ensure_ascii=False)


def _parse(path: Path, kind: str | None) -> None:
    for _ in _messages(path, kind):
        pass


def _messages(path: Path, kind: str | None) -> Iterator[Message]:
    with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection:
        where = "" if kind is None else f" WHERE kind = '{kind}'"
        for name, data in connection.execute(f"SELECT kind, data FROM resources{where}"):
            yield _class(name).FromString(data)


@cache
def _class(kind: str) -> type[Message]:
    info = kind_info(JANUARY_26, kind)
    assert info is not None
    assert info.message is not None
    return message_class(JANUARY_26, info.message.full_name)
