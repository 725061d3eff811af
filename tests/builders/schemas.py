"""Write ``resources/schema.json``: every message of every release as one merged history.

``python -m tests.builders.schemas TABLES_DIR`` reads the tables of the releases (``history/*.tsv``)
and those of January (``messages-2026-01-*.tsv``, ``enums-2026-01-*.tsv``, ``kinds.tsv``) below
TABLES_DIR. Each field, enum value and kind is written once, with the releases that have it.

The file is read by :mod:`inspector.schema.merged`, which says what its parts mean.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
TARGET: Final = ROOT / "resources" / "schema.json"
JANUARY: Final = (("2026-01-25", "2026-01-25T00:00:00Z"), ("2026-01-26", "2026-01-26T00:00:00Z"))
_TYPES: Final = """
    double float int64 uint64 int32 fixed64 fixed32 bool string group message bytes uint32 enum
    sfixed32 sfixed64 sint32 sint64
"""
SCALARS: Final = {name: number for number, name in enumerate(_TYPES.split(), 1)}
LABELS: Final = {"": 0, "singular": 0, "repeated": 1, "optional": 2}
MAP_LABEL: Final = 10
MAP: Final = re.compile(r"map<(?P<key>\w+), (?P<value>[\w.]+)>")
#: Kinds that were renamed where they lie: a message of the later one may be of the earlier one.
RENAMED: Final = "ai.stigmer.agentic.run.v1."
#: Kinds that no published release has, and the kinds whose messages read them.
UNPUBLISHED: Final = {"agent_run": "run", "workflow_run": "workflow_execution"}

Row = Mapping[str, str]
Spec = tuple[Any, ...]


def table(path: Path) -> list[Row]:
    """The lines of a table."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


class Found:
    """What is known by its releases: numbers of releases by whatever they hold."""

    def __init__(self) -> None:
        self.releases: dict[Spec, set[int]] = {}

    def add(self, spec: Spec, releases: Iterable[int]) -> None:
        """Note that some releases have a thing."""
        self.releases.setdefault(spec, set()).update(releases)

    def lines(self) -> Iterator[list[Any]]:
        """Each thing followed by the first and last release of each run that has it."""
        for spec, releases in self.releases.items():
            yield [*spec, *runs(releases)]


def runs(releases: Iterable[int]) -> list[int]:
    """First and last number of each run, flat."""
    found: list[int] = []
    for number in sorted(releases):
        if found and found[-1] == number - 1:
            found[-1] = number
        else:
            found += [number, number]
    return found


class Merger:
    """All tables as one."""

    def __init__(self, tables: Path) -> None:
        history = tables / "history"
        published = [(row["release"], row["published"]) for row in table(history / "releases.tsv")]
        self.releases = [*JANUARY, *published]
        self._number = {name: number for number, (name, _) in enumerate(self.releases)}
        self._moved = {
            row["becomes"]: row["message"]
            for row in table(history / "moved-messages.tsv")
            if row["becomes"].startswith(RENAMED)
        }
        self.messages: dict[str, tuple[Found, Found]] = {}
        self.enums: dict[str, Found] = {}
        self.kinds = Found()
        self._read(tables, history)

    def _span(self, row: Row) -> range:
        last = self._number[row["until"]] if row["until"] else len(self.releases) - 1
        return range(self._number[row["since"]], last + 1)

    def _read(self, tables: Path, history: Path) -> None:
        for number, (day, _) in enumerate(JANUARY):
            rows = table(tables / f"messages-{day}.tsv")
            self._fields(rows, lambda _, number=number: range(number, number + 1))
            for row in table(tables / f"enums-{day}.tsv"):
                self._value(row["enum"], row["number"], row["value"], (number,))
        self._fields(table(history / "messages.tsv"), self._span)
        for row in table(history / "enums.tsv"):
            self._value(row["enum"], row["number"], row["value"], self._span(row))
        for row in table(tables / "kinds.tsv"):
            if row["generation"] == "2026-01":
                has = range(len(JANUARY))
                if row["message"]:
                    name = row["message"]
                    has = range(min(self.messages[self.canonical(name)][0].releases[(name,)]), 2)
                self._kind(row, row["versioned"] == "true", "", has)
        for row in table(history / "kinds.tsv"):
            retired = row["retired_prefixes"]
            self._kind(row, row["versioned"] == "yes", retired, self._span(row))
        newest = (len(self.releases) - 1,)
        for kind, like in UNPUBLISHED.items():
            row = [row for row in table(history / "kinds.tsv") if row["kind"] == like][-1]
            display = kind.replace("_", " ").title()
            own = {**row, "kind": kind, "display_name": display, "id_prefix": ""}
            self._kind(own, False, "", newest)

    def canonical(self, message: str) -> str:
        """The first name of a message that went on under another one."""
        return self._moved.get(message, message)

    def _fields(self, rows: Sequence[Row], span: Any) -> None:
        entries = self._entries(rows, span)
        for row in rows:
            name, has = row["message"], span(row)
            if name in entries:
                continue
            names, fields = self.messages.setdefault(self.canonical(name), (Found(), Found()))
            names.add((name,), has)
            if row["number"]:
                for spec, releases in self._specs(row, has, entries):
                    fields.add((int(row["number"]), *spec), releases)

    def _entries(self, rows: Sequence[Row], span: Any) -> dict[str, dict[int, list[Any]]]:
        """The types of keys and values of map entries, each with its releases."""
        found: dict[str, dict[int, list[Any]]] = {}
        for row in rows:
            if row.get("entry") == "map":
                members = found.setdefault(row["message"], {1: [], 2: []})
                members[int(row["number"])].append((row["type"], set(span(row))))
        return found

    def _specs(
        self, row: Row, has: range, entries: Mapping[str, Mapping[int, list[Any]]]
    ) -> Iterator[tuple[Spec, Iterable[int]]]:
        """Name, label, type and oneof; a field whose map entry changed is several."""
        name, oneof, type_ = row["field"], row["oneof"], row["type"]
        inline = MAP.fullmatch(type_)
        if inline is not None:
            yield (name, MAP_LABEL + SCALARS[inline["key"]], self._type(inline["value"]), ""), has
        elif type_ in entries:
            (key, _), *_ = entries[type_][1]
            for value, releases in entries[type_][2]:
                common = releases & set(has)
                if common:
                    yield (name, MAP_LABEL + SCALARS[key], self._type(value), ""), common
        else:
            yield (name, LABELS[row["label"]], self._type(type_), oneof), has

    def _type(self, name: str) -> int | str:
        return SCALARS.get(name) or self.canonical(name)

    def _value(self, enum: str, number: str, name: str, has: Iterable[int]) -> None:
        self.enums.setdefault(enum, Found()).add((int(number), name), has)

    def _kind(self, row: Row, versioned: bool, retired: str, has: range | tuple[int, ...]) -> None:
        facts = (
            *(row["kind"], int(row["number"]), row["display_name"], row["group"]),
            *(row["id_prefix"], retired, versioned),
            self.canonical(row["message"]) if row["message"] else "",
        )
        self.kinds.add(facts, has)


def merged(tables: Path) -> dict[str, Any]:
    """The whole history as it is written."""
    made = Merger(tables)
    return {
        "releases": [list(release) for release in made.releases],
        "kinds": list(made.kinds.lines()),
        "enums": {name: list(made.enums[name].lines()) for name in sorted(made.enums)},
        "messages": {
            name: [list(names.lines()), sorted(fields.lines(), key=_by_number_and_age)]
            for name, (names, fields) in sorted(made.messages.items())
        },
    }


def _by_number_and_age(line: Sequence[Any]) -> tuple[int, int]:
    return line[0], line[5]


def text(history: Mapping[str, Any]) -> str:
    """The history with a line for each message, enum and kind, so that a change can be read."""
    parts = []
    for name, value in history.items():
        if isinstance(value, dict):
            lines = [f"{_compact(key)}:{_compact(one)}" for key, one in value.items()]
            marks = "{}"
        else:
            lines, marks = list(map(_compact, value)), "[]"
        inner = ",\n".join(lines)
        parts.append(f"{_compact(name)}:{marks[0]}\n{inner}\n{marks[1]}")
    return "{" + ",\n".join(parts) + "}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> int:
    """Write the file."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m tests.builders.schemas TABLES_DIR\n")
        return 2
    TARGET.write_text(text(merged(Path(sys.argv[1]))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
