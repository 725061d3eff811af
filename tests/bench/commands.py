"""The command line as a process beside the start of the ``sqlite3`` shell on the same store."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from inspector.schema.pools import descriptor_set
from tests.bench.paired import Line, paired
from tests.places import REAL, ROOT
from tests.releases import JANUARY_26

_STORE = REAL / "v2-clean" / "stigmer.db"
_COUNT = "SELECT kind, count(*) FROM resources GROUP BY kind"
_FIRST = "SELECT hex(data) FROM resources WHERE kind = 'agent' ORDER BY id LIMIT 1"
_MESSAGE = "ai.stigmer.agentic.agent.v1.Agent"
_ID = "SELECT id FROM resources WHERE kind = 'agent' ORDER BY id LIMIT 1"


#: What shows a record with nothing but protobuf, which its caller has to give the schema.
_SCRIPT = """
import sqlite3, sys
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import MessageToJson
from google.protobuf.message_factory import GetMessageClass

store, schema, name, sql = sys.argv[1:]
[data] = sqlite3.connect(store, uri=True).execute(sql).fetchone()
pool = DescriptorPool()
with open(schema, "rb") as file:
    for one in FileDescriptorSet.FromString(file.read()).file:
        pool.Add(one)
made = GetMessageClass(pool.FindMessageTypeByName(name)).FromString(data)
print(MessageToJson(made, ensure_ascii=False))
"""


def shell() -> str | None:
    """Where the ``sqlite3`` shell is, None if it is not installed."""
    return shutil.which("sqlite3")


def lines(rounds: int) -> Iterator[Line]:
    """``kinds`` and ``show``; nothing where there is no ``sqlite3`` shell."""
    sqlite = shell()
    if sqlite is None:
        return
    uri = f"{_STORE.as_uri()}?immutable=1"
    id_ = _run([sqlite, uri, _ID]).strip()
    commands = {"kinds": (["kinds", "--json"], _COUNT), "show": (["show", "agent", id_], _FIRST)}
    for name, (arguments, sql) in commands.items():
        own = [sys.executable, "-m", "inspector", *arguments, "--db", str(_STORE)]
        yield paired(
            f"v2-clean: the command {name}",
            lambda own=own: _run(own),  # type: ignore[misc]
            "the sqlite3 shell's start and answer",
            lambda sql=sql: _run([sqlite, uri, sql]),  # type: ignore[misc]
            rounds=rounds,
        )
    yield _beside_json_format(uri, id_, rounds)
    yield paired(
        "an empty Python program",
        lambda: _run([sys.executable, "-c", ""]),
        "the sqlite3 shell's start and answer",
        lambda: _run([sqlite, uri, _COUNT]),
        rounds=rounds,
        note="what of the two lines above is the interpreter's own start",
    )


def _beside_json_format(uri: str, id_: str, rounds: int) -> Line:
    """``show`` in processor time beside what a person would write for this one record."""
    own = [sys.executable, "-m", "inspector", "show", "agent", id_, "--db", str(_STORE)]
    with tempfile.TemporaryDirectory() as folder:
        (schema := Path(folder) / "schema.bin").write_bytes(descriptor_set(JANUARY_26))
        (script := Path(folder) / "show.py").write_text(_SCRIPT, encoding="utf-8")
        plain = _FIRST.replace("hex(data)", "data")
        theirs = [sys.executable, str(script), uri, str(schema), _MESSAGE, plain]
        return paired(
            "v2-clean: the command show, in processor time",
            lambda: _run(own),
            "a script of json_format",
            lambda: _run(theirs),
            rounds=rounds,
            goal=1.05,
            clock=_children,
        )


def _children() -> float:
    """Seconds of the processor that the processes took that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    return done.stdout
