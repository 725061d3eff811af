"""Memory a command or a tab takes for each byte of a large record: ``-m tests.bench.memory``.

The most that a process ever held, less what it holds of a small record, by the bytes of its input;
and the processor time. Eight are promised from 10 MB on. Of the window it also says for how long it
stood still at most.

The input is the record. What compares, or reads every state, has two: an earlier one besides, of
four fifths the size, so that its input is 1.8 times the record. Its lines end in "of both".
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.builders.demo import wire
from tests.builders.events import SESSION_EVENTS
from tests.builders.layouts import AUDIT, RESOURCES, SCHEMA_VERSION, Arc, Rec, create
from tests.places import ROOT

_MOST: Final = 8.0
_HEAD: Final = wire.text(1, "v1") + wire.text(2, "AgentExecution")
_PATIENCE: Final = 600.0  #: seconds for a command

#: Runs a command and says the most memory that it ever held.
CHILD: Final = """
import re, sys
from pathlib import Path
from inspector.cli.main import main
code = main(sys.argv[1:])
sys.stdout.flush()
found = re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())
print(found[1], file=sys.stderr)
sys.exit(code)
"""


#: Opens a record in a window, and looks at a tab of it, or compares its store with another one.
_WINDOW: Final = """
import gc, os, re, sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from inspector.__main__ import COLLECT
from inspector.gui.app.application import SWITCH, Application
store, tab, *other = sys.argv[1:]
sys.setswitchinterval(SWITCH)
gc.set_threshold(*COLLECT)
app = QApplication(sys.argv[:1])
inspector = Application(app, Path(store).with_suffix(".settings"))
window = inspector.open_file(store, "agent_execution/aex-1")
turned = [time.monotonic()]
stood = [0.0]
def turn():
    now = time.monotonic()
    stood[0] = max(stood[0], now - turned[0])
    turned[0] = now
def until(what):
    while not what():
        app.processEvents()
        time.sleep(0.001)
def settle():
    # What is looked for after a pause comes too.
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.001)
        if not window.tasks.is_idle():
            end = time.monotonic() + 0.5
until(lambda: window.record.record is not None)
clock = QTimer(interval=1)
clock.timeout.connect(turn)
turned[0] = time.monotonic()
clock.start()
settle()
if other:
    from inspector.gui.comparison.comparison_dialog import ComparedStates, ComparisonDialog
    from inspector.gui.dialogs.file_dialogs import ExportDialogs
    from inspector.session.store_moment import StoreMoment
    states = ComparedStates(StoreMoment(other[0]), StoreMoment(store), "auto")
    dialogs = ExportDialogs(window, window.settings, Path)
    dialog = ComparisonDialog(window, window.tasks, states, dialogs)
    dialog.show()
    until(dialog.summary.text)
    [kind] = dialog.model.below(None)
    [row] = kind.below
    dialog.tree.setCurrentIndex(dialog.model.index_of(row))
else:
    window.record.tabs.choose(tab)
if tab in ("fields", "bytes"):
    tree = window.record.tree
    for path in ("spec", "status", "status.messages"):
        if tree.go_to(path):
            tree.expand(tree.currentIndex())
            settle()
settle()
found = re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())
print(f"stood still {stood[0]:.1f} s", file=sys.stderr)
print(found[1], file=sys.stderr, flush=True)
os._exit(0)
"""


def _repeated(part: bytes) -> Callable[[int], bytes]:
    return lambda size: part * (size // len(part))


def _numbered(made: Callable[[int], bytes], size: int) -> bytes:
    """Parts that are all different."""
    found = bytearray()
    for number in itertools.count():
        if len(found) >= size:
            return bytes(found)
        found += made(number)
    raise AssertionError


def _entry(number: int, value: bytes) -> bytes:
    return wire.text(1, f"{number:x}") + wire.text(2, value)


def _call(number: int) -> bytes:
    call = wire.text(1, f"call-{number}") + wire.text(2, "bash") + wire.text(4, f"done {number}")
    return call + wire.text(3, wire.struct_entry("command", wire.text(3, f"ls {number}")))


def _branching(size: int) -> bytes:
    """A Struct of which each member holds twenty others, down to some of a few bytes."""
    if size < 400:
        return b"".join(
            wire.struct_entry(f"k{one}", b"\x20\x01") for one in range(max(1, size // 12))
        )
    below = _branching(size // 20 - 12)
    return b"".join(wire.struct_entry(f"k{one}", wire.struct_value(below)) for one in range(20))


def _message(number: int) -> bytes:
    """What an agent said, as it is written every day."""
    call = _call(number)
    said = wire.integer(1, 2) + wire.text(2, f"step {number}") + wire.text(3, "2026-01-23T04:06")
    return said + wire.text(4, call) + wire.text(4, call)


def _unlike(size: int) -> bytes:
    return random.Random(4).randbytes(size)


_secret: Final = wire.text(1, "hush") + wire.integer(2, 1)
_short: Final = wire.text(1, wire.text(4, wire.text(1, "a")) * 3)
SHAPES: Final[dict[str, Callable[[int], bytes]]] = {
    "text": lambda size: wire.text(5, wire.text(6, "a" * size)),
    "wide-text": lambda size: wire.text(5, wire.text(6, "a\N{EURO SIGN}" * (size // 4))),
    "emoji": lambda size: wire.text(5, wire.text(6, "a" * size + "\N{GRINNING FACE}")),
    "lines": lambda size: wire.text(5, wire.text(6, "ab\n" * (size // 3))),
    "secret": lambda size: wire.text(4, wire.text(6, "a" * size)),
    "bad-text": lambda size: wire.text(5, wire.text(6, b"a\xff" * (size // 2))),
    "talk": lambda size: wire.text(
        5, _numbered(lambda number: wire.text(1, _message(number)), size)
    ),
    "long-talk": lambda size: wire.text(
        5,
        _numbered(
            lambda number: wire.text(1, wire.integer(1, 2) + wire.text(4, _call(number)) * 20),
            size,
        ),
    ),
    "tree": lambda size: wire.text(5, wire.text(21, _branching(size))),
    "messages": lambda size: wire.text(5, _repeated(wire.text(1, wire.integer(1, 2)))(size)),
    "empty-messages": lambda size: wire.text(5, _repeated(wire.text(1, b""))(size)),
    "short-lists": lambda size: wire.text(5, _repeated(_short)(size)),
    "tags": lambda size: wire.text(3, _repeated(wire.text(8, "a"))(size)),
    "map": lambda size: wire.text(3, _numbered(lambda n: wire.text(6, _entry(n, b"")), size)),
    "same-key": lambda size: wire.text(3, _repeated(wire.text(6, _entry(1, b"")))(size)),
    "secrets": lambda size: wire.text(
        4, _numbered(lambda n: wire.text(5, _entry(n, _secret)), size)
    ),
    "struct": lambda size: wire.text(
        5, wire.text(21, _numbered(lambda n: wire.text(1, _entry(n, b"\x20\x01")), size))
    ),
    "list-value": lambda size: wire.text(
        5,
        wire.text(
            21,
            wire.struct_entry("l", wire.text(6, _repeated(wire.text(1, b"\x20\x01"))(size))),
        ),
    ),
    "structs": lambda size: wire.text(
        5, _repeated(wire.text(21, wire.struct_entry("k", b"\x20\x01")))(size)
    ),
    "pieces": _repeated(wire.text(5, wire.integer(2, 3))),
    "message-pieces": _repeated(wire.text(5, wire.text(1, wire.integer(1, 2)))),
    "deep-pieces": _repeated(wire.text(5, wire.text(99, wire.text(1, b"")))),
    "replaced": lambda size: wire.text(5, _repeated(wire.text(6, "a"))(size)),
    "replaced-secrets": lambda size: wire.text(4, _repeated(wire.text(6, "a"))(size)),
    "unknown": lambda size: wire.text(5, _repeated(wire.integer(900, 1))(size)),
    "groups": lambda size: wire.text(5, _repeated(wire.group(15, b""))(size)),
    "nested-groups": lambda size: wire.text(5, b"\x7b" * (size // 2) + b"\x7c" * (size // 2)),
    "unknown-bytes": lambda size: wire.text(5, wire.text(900, _unlike(size))),
    "torn": lambda size: wire.text(5, b"\xff" * size),
    "deep": lambda size: wire.text(
        5, wire.text(21, wire.nested_struct(2000, "k" * (size // 2100), wire.text(3, "x")))
    ),
}
#: The earlier state, where that is not a shorter one: everything in it has changed.
OLDER: Final[dict[str, Callable[[int], bytes]]] = {
    "talk-changed": lambda size: wire.text(
        5, _numbered(lambda number: wire.text(1, _message(number + 10_000_000)), size)
    ),
    "struct-changed": lambda size: wire.text(
        5, wire.text(21, _numbered(lambda n: wire.text(1, _entry(n, b"\x20\x00")), size))
    ),
    "groups-changed": lambda size: wire.text(5, _repeated(wire.group(15, b"\x08\1"))(size)),
    "unknown-changed": lambda size: wire.text(5, _repeated(wire.integer(901, 1))(size)),
    "unknown-other": lambda size: wire.text(5, _repeated(wire.integer(900, 2))(size)),
    "unknown-counts": lambda size: wire.text(
        5, _repeated(wire.integer(900, 1))(size // 2) + _repeated(wire.integer(901, 1))(size // 2)
    ),
}
SHAPES.update({name: SHAPES[name.rpartition("-")[0]] for name in OLDER})
_ID: Final = ("agent_execution", "aex-1")
PATHS: Final[dict[str, tuple[str, ...]]] = {
    "check": ("check",),
    "show": ("show", *_ID),
    "tree": ("show", *_ID, "--tree"),
    "envelope": ("show", *_ID, "--envelope"),
    "export": ("export",),
    "history": ("history", *_ID, "--summary"),
    "exported-history": ("export", "--history"),
    "diff": ("diff", *_ID),
    "list": ("list", "agent_execution"),
    "find": ("find", "--kind", "agent_execution", "r.status.error == 'b'"),
    "search": ("search", "qqq"),
    "search-values": ("search", "--values", "qqq"),
    "search-json": ("search", "aex-1", "--ignore-case", "--history", "--json"),
    "bundle": ("bundle", "agent_execution/aex-1", "-o", "-"),
    "events": ("events", *_ID),
    "dump": ("dump",),
    "rows": ("rows", "resources"),
    "rows-csv": ("rows", "resources", "--format", "csv"),
    "row": ("row", "resources", '["agent_execution", "aex-1"]'),
    "compare": ("compare", "{other}"),
    "info": ("info",),
    "decode": ("decode", "{blob}", "--tree"),
    "window-fields": ("fields",),
    "window-json": ("json",),
    "window-bytes": ("bytes",),
    "window-history": ("history",),
    "window-compare": ("compare", "{other}"),
    "decode-as": ("decode", "{blob}", "--message", "AgentExecution", "--schema", "2026-01-26"),
}
#: Those that read the earlier state too.
_OF_BOTH: Final = frozenset(
    (
        *("check", "history", "exported-history", "diff", "bundle", "compare", "search-json"),
        *("window-history", "window-compare"),
    )
)


def stored(folder: Path, shape: str, size: int) -> tuple[list[str], tuple[int, int]]:
    """Writes a record with a version that is a little shorter, the same alone, and as a file.

    Returns:
        The files, and how many bytes the record and that version have.
    """
    before = OLDER.get(shape, SHAPES[shape])
    record, older = _HEAD + SHAPES[shape](size), _HEAD + before(size - size // 5)
    row = Rec(*_ID, record)
    create(
        *(folder / "new.db", RESOURCES, SCHEMA_VERSION, AUDIT, SESSION_EVENTS),
        records=[row],
        archived=[Arc(*_ID, older)],
        version=2,
    )
    create(folder / "old.db", RESOURCES, records=[row._replace(data=older)])
    (folder / "blob").write_bytes(record)
    return [str(folder / name) for name in ("new.db", "old.db", "blob")], (len(record), len(older))


def taken(path: str, files: list[str]) -> tuple[int | None, str]:
    """The bytes that a command or a tab held at most, how long it took or what it said instead.

    Args:
        path: its name in :data:`PATHS`.
        files: as :func:`stored` gives them.
    """
    store, other, blob = files
    own = [word.format(other=other, blob=blob) for word in PATHS[path]]
    command = [CHILD, *own, *(("--db", store) if "decode" not in own else ())]
    if path.startswith("window"):
        command = [_WINDOW, store, *own]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(
            [sys.executable, "-c", *command],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return None, f"not within {_PATIENCE:.0f} s"
    lines = done.stderr.decode(errors="replace").splitlines()
    if done.returncode not in (0, 1) or not lines or not lines[-1].isdigit():
        return None, f"exit {done.returncode}: {' '.join(lines)[:200]}"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = lines[-2] if path.startswith("window") else f"exit {done.returncode}"
    return int(lines[-1]) << 10, f"{took:.1f} s, {said}"


def main() -> int:
    """Measures and prints a line for each shape and command."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.memory", description=__doc__)
    parser.add_argument("--size", type=float, default=12.0, metavar="MB", help="default: 12")
    parser.add_argument("--shape", action="append", choices=SHAPES, help="default: all")
    parser.add_argument("--path", action="append", choices=PATHS, help="default: all")
    options = parser.parse_args()
    size = int(options.size * 1_000_000)
    small: dict[str, int | None] = {}
    with tempfile.TemporaryDirectory(prefix="memory-") as found:
        folder = Path(found)
        (folder / "small").mkdir()
        little, _ = stored(folder / "small", "talk", 1000)
        for shape in options.shape or SHAPES:
            (folder / shape).mkdir()
            files, (newer, older) = stored(folder / shape, shape, size)
            for path in options.path or PATHS:
                if path not in small:
                    small[path] = taken(path, little)[0]
                held, note = taken(path, files)
                least = small[path]
                read = newer + older if path in _OF_BOTH else newer
                each = (held - least) / read if held is not None and least is not None else None
                told = "   ?" if each is None else f"{each:6.1f}{'!' if each > _MOST else ' '}"
                both = ", of both" if path in _OF_BOTH else ""
                print(f"{told} {shape:17} {path:17} {note}{both}", flush=True)
            for file in files:
                Path(file).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
