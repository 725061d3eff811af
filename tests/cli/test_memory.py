"""What a command takes of memory beside what a small record takes, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.bench.memory import stored
from tests.builders.demo import wire
from tests.builders.layouts import RESOURCES, Rec, create
from tests.places import ROOT

STATUS = Path("/proc/self/status")
pytestmark = pytest.mark.skipif(
    not STATUS.exists(), reason="the system does not say how much memory a process took"
)

#: Runs a command and says the most memory that it ever held. What the system keeps for a process
#: that has ended would count the one that started it too.
CHILD = """
import re, sys
from pathlib import Path
from inspector.cli.main import main
code = main(sys.argv[1:])
sys.stdout.flush()
found = re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())
print(found[1], file=sys.stderr)
sys.exit(code)
"""
SIZE = 600_000
LARGE = 400_000
#: For the first nodes, and for the compiled part, which a small record does not load.
FIRST = 8_000_000
LONG = 4_000_000
ORDINARY = 3_000_000
HEAD = wire.text(1, "v1") + wire.text(2, "Skill")
PIECES = {
    "number": wire.integer(15, 1),
    "empty": wire.text(15, b""),
    "group": wire.group(15, b""),
}


def numbers(size: int) -> bytes:
    """Fields of as many numbers as there are fields."""
    made = bytearray()
    number = 200
    while len(made) < size:
        made += wire.integer(number, 1)
        number += 1
    return bytes(made)


@cache
def taken(file: Path, *words: str) -> int:
    """The bytes that a command held at most."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *words, "--db", str(file)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    lines = done.stderr.decode().splitlines()
    assert done.returncode in (0, 1), lines
    return int(lines[-1]) << 10


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bytes], Path]:
    folder = tmp_path_factory.mktemp("memory")

    def made(name: str, data: bytes) -> Path:
        file = folder / f"{name}.db"
        return file if file.exists() else create(file, RESOURCES, records=[Rec("skill", "s", data)])

    return made


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("number", ("check",)),
        ("number", ("show", "skill", "s")),
        ("numbers", ("show", "skill", "s", "--tree")),
        ("empty", ("export",)),
        ("group", ("show", "skill", "s", "--tree")),
    ],
    ids=["check", "show", "tree-of-numbers", "export", "tree-of-groups"],
)
def test_unknown_fields_take_eight_bytes_for_each_byte_at_most(
    store: Callable[[str, bytes], Path], name: str, words: tuple[str, ...]
) -> None:
    """A node of each would take a hundred and more."""
    many = PIECES[name] * (SIZE // len(PIECES[name])) if name in PIECES else numbers(SIZE)
    small = taken(store("small", HEAD + wire.integer(15, 1) * 2000), *words)
    assert taken(store(name, HEAD + many), *words) - small < 8 * SIZE


def entries(size: int, tag: int, value: bytes) -> bytes:
    """Entries of a map, each with a key of its own."""
    made = bytearray()
    number = 0
    while len(made) < size:
        made += wire.text(tag, wire.text(1, f"{number:x}") + wire.text(2, value))
        number += 1
    return bytes(made)


RUN = wire.text(1, "v1") + wire.text(2, "AgentExecution")
RECORDS: dict[str, Callable[[int], bytes]] = {
    "small": lambda _: RUN,
    "messages": lambda size: wire.text(5, wire.text(1, wire.integer(1, 2)) * (size // 4)),
    "map": lambda size: wire.text(3, entries(size, 6, b"")),
    "replaced": lambda size: wire.text(5, wire.text(6, "a") * (size // 3)),
    "pieces": lambda size: wire.text(5, wire.integer(2, 3)) * (size // 4),
    "struct": lambda size: wire.text(5, wire.text(21, entries(size, 1, b"\x20\x01"))),
    "entry": lambda size: wire.text(
        3, wire.text(6, wire.text(1, "k") + wire.integer(9, 1) * (size // 2))
    ),
}
SECRET = wire.text(1, "hush") + wire.integer(2, 1)
MANY: dict[str, Callable[[int], bytes]] = {
    "structs": lambda size: wire.text(
        5, wire.text(21, wire.struct_entry("k", b"\x20\x01")) * (size // 14)
    ),
    "secrets": lambda size: wire.text(4, entries(size, 5, SECRET)),
    "replaced-secrets": lambda size: wire.text(4, wire.text(6, "a") * (size // 3)),
    "talk": lambda size: wire.text(5, b"".join(map(said, range(size // 1300)))),
    "secret": lambda size: wire.text(4, wire.text(6, "a" * size)),
}


def said(number: int) -> bytes:
    """What an agent said, with what it called: as records have it, some hundred values."""
    arguments = wire.struct_entry("command", wire.text(3, f"ls {number}"))
    call = wire.text(1, f"call-{number}") + wire.text(2, "bash") + wire.text(3, arguments)
    return wire.text(1, wire.integer(1, 2) + wire.text(4, call + wire.text(4, "done")) * 20)


TEXTS: dict[str, Callable[[int], bytes]] = {
    "wide": lambda size: b"a" * size + "\N{GRINNING FACE}".encode(),
    "lines": lambda size: b"ab\n" * (size // 3),
    "broken": lambda size: b"a\xff" * (size // 2),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("runs")

    def made(name: str) -> Path:
        file = folder / f"{name}.db"
        if not file.exists() and name in MANY:
            data = RUN + MANY[name](ORDINARY)
            create(file, RESOURCES, records=[Rec("agent_execution", "aex-1", data)])
        elif not file.exists() and name in TEXTS:
            data = RUN + wire.text(5, wire.text(6, TEXTS[name](LONG)))
            create(file, RESOURCES, records=[Rec("agent_execution", "aex-1", data)])
        elif not file.exists():
            data = RUN + RECORDS[name](LARGE)
            create(file, RESOURCES, records=[Rec("agent_execution", "aex-1", data)])
        return file

    return made


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("messages", ("show", "agent_execution", "aex-1")),
        ("messages", ("check",)),
        ("map", ("show", "agent_execution", "aex-1", "--tree")),
        ("replaced", ("check",)),
        ("pieces", ("show", "agent_execution", "aex-1")),
        ("struct", ("export",)),
        ("entry", ("show", "agent_execution", "aex-1")),
    ],
    ids=["messages", "messages-check", "map", "replaced", "pieces", "struct", "in-an-entry"],
)
def test_what_repeats_without_end_takes_eight_bytes_for_each_byte_at_most(
    runs: Callable[[str], Path], name: str, words: tuple[str, ...]
) -> None:
    """Some thousand are nodes before it is known how many there are."""
    small = taken(runs("small"), *words)
    assert taken(runs(name), *words) - small < 8 * LARGE + FIRST


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wide", ("show", "agent_execution", "aex-1")),
        ("wide", ("show", "agent_execution", "aex-1", "--tree")),
        ("lines", ("show", "agent_execution", "aex-1")),
        ("broken", ("export",)),
    ],
    ids=["wide", "wide-tree", "lines", "broken"],
)
def test_one_long_text_takes_eight_bytes_for_each_byte_at_most(
    runs: Callable[[str], Path], name: str, words: tuple[str, ...]
) -> None:
    """One character beyond the first 65,536 makes four bytes of each."""
    small = taken(runs("small"), *words)
    assert taken(runs(name), *words) - small < 8 * LONG + FIRST


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("talk", ("show", "agent_execution", "aex-1")),
        ("structs", ("check",)),
        ("secrets", ("show", "agent_execution", "aex-1")),
        ("replaced-secrets", ("check",)),
        ("secret", ("bundle", "agent_execution/aex-1", "-o", "-")),
    ],
    ids=["talk", "structs", "secrets", "replaced-secrets", "bundled-secret"],
)
def test_a_large_record_takes_eight_bytes_for_each_byte_at_most(
    runs: Callable[[str], Path], name: str, words: tuple[str, ...]
) -> None:
    """What an agent says all day takes thirty where each value is a node."""
    small = taken(runs("small"), *words)
    assert taken(runs(name), *words) - small < 8 * ORDINARY + FIRST


def test_very_many_differences_take_few_bytes_for_each_byte_read(tmp_path: Path) -> None:
    held = []
    sizes = []
    for size in (1000, 3_000_000):
        folder = tmp_path / str(size)
        folder.mkdir()
        files, both = stored(folder, "tree", size)
        held.append(taken(Path(files[0]), "diff", "agent_execution", "aex-1"))
        sizes.append(sum(both))
    assert held[1] - held[0] < 8 * sizes[1]
