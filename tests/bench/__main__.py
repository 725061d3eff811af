"""Prints one table: ``python -m tests.bench [--short] [--json FILE]``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.bench import (
    commands,
    decoding,
    frozen,
    go_peer,
    history,
    many_records,
    search_frames,
    searching,
    sorting,
    window,
)
from tests.bench.paired import Line

_HEAD = f"{'ratio':>6}  {'goal':>4}  {'ours ms':>8}  {'theirs ms':>9}  what, and beside what"


def _text(line: Line) -> str:
    goal = "" if line.goal is None else f"{line.goal:.3g}"
    row = f"{line.ratio:6.2f}  {goal:>4}  {line.ours:8.1f}  {line.theirs:9.1f}  {line.name}"
    row += f" / {line.beside}"
    return f"{row}\n{'':35}{line.note}" if line.note else row


def main() -> int:
    """Measures and prints; the exit code says nothing about the numbers."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--short", action="store_true", help="few rounds, for a look")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table as JSON too")
    options = parser.parse_args()
    rounds = 3 if options.short else 15
    print(f"Medians of {rounds} paired rounds; a ratio below 1 means ours is faster.")
    print(_HEAD)
    found: list[Line] = []
    sources = (decoding, history, searching, sorting, many_records, commands)
    for source in (*sources, window, search_frames, frozen):
        for line in source.lines(rounds):
            found.append(line)
            print(_text(line), flush=True)
    if commands.shell() is None:
        print("The sqlite3 shell is not installed, so the commands were not measured.")
    absent = (one.missing() for one in (searching, many_records, go_peer, window, frozen))
    for sentence in filter(None, absent):
        print(sentence)
    if options.json is not None:
        rows = [line._asdict() for line in found]
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
