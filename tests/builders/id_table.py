"""Write the table of ids and of the names that kinds have had from the facts on the releases.

``python -m tests.builders.id_table TABLES_DIR`` rewrites ``resources/ids.tsv`` from ``kinds.tsv``,
``history/kinds.tsv``, ``history/kind-names.tsv``, ``history/ids.tsv`` and
``history/releases.tsv``. A line is a kind under its newest name:

* ``earlier``: the names it had before, newest first. They are taken from the prefixes that a kind
  kept of another one, and from names that stood in for a kind's number.
* ``prefixes``: what its ids begin with, the newest first.
* ``no_time``: beginnings of ids that only look as if they told a time: hashes, and names of
  people's own choice.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "resources" / "ids.tsv"
HEAD = ("kind", "earlier", "prefixes", "no_time")

_HASH = re.compile(r"(?P<prefix>[a-z]+_) \+ 26 Crockford characters of a hash")
_SLUG = "the slug"

Row = dict[str, str]


def rows(table: Path) -> list[Row]:
    """The lines of a table by column."""
    with table.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


class Names:
    """What kinds were called, when, and what their ids began with."""

    def __init__(self, tables: Path) -> None:
        history = tables / "history"
        order = [row["release"] for row in rows(history / "releases.tsv")]
        self._age = {release: place for place, release in enumerate(order)}
        self._kinds = rows(history / "kinds.tsv")
        self._between = rows(history / "kind-names.tsv")
        self._first = rows(tables / "kinds.tsv")
        self._forms = rows(history / "ids.tsv")

    def since(self, kind: str) -> int:
        """A number that is higher for a name that came later."""
        found = [row for row in self._kinds if row["kind"] == kind]
        if any(not row["until"] for row in found):
            return len(self._age) + 1
        if any(row["kind"] == kind for row in self._between):
            return len(self._age)
        return max((self._age[row["since"]] for row in found), default=-1)

    def prefixes(self, kind: str) -> list[str]:
        """What the ids of a kind begin with, newest first, those it kept of another one last."""
        own = [row for row in self._kinds if row["kind"] == kind]
        found = [row["id_prefix"] for row in reversed(own)]
        found += [row["id_prefix"] for row in self._first if row["kind"] == kind]
        found += [prefix for row in own for prefix in row["retired_prefixes"].split()]
        return list(dict.fromkeys(filter(None, found)))

    def families(self) -> list[list[str]]:
        """All names, those of one thing together, newest first."""
        every = [row["kind"] for row in (*self._kinds, *self._between, *self._first)]
        together = {kind: {kind} for kind in every}

        def join(one: str, other: str) -> None:
            merged = together[one] | together[other]
            together.update(dict.fromkeys(merged, merged))

        for row in self._kinds:
            for prefix in row["retired_prefixes"].split():
                for other in self._kinds:
                    if other["id_prefix"] == prefix and other["kind"] != row["kind"]:
                        join(row["kind"], other["kind"])
        for row in self._between:
            same = {other["kind"] for other in self._kinds if other["number"] == row["number"]}
            # A number may have been given twice: to two things it tells nothing.
            if same and len({frozenset(together[kind]) for kind in same}) == 1:
                join(row["kind"], next(iter(same)))
        found = {frozenset(names) for names in together.values()}
        return sorted((sorted(names, key=self._newest) for names in found), key=lambda one: one[0])

    def _newest(self, kind: str) -> tuple[int, str]:
        return -self.since(kind), kind

    def without_time(self, names: Iterable[str], prefixes: Iterable[str]) -> list[str]:
        """Beginnings of a kind's ids that look as if a time followed."""
        found = [match["prefix"] for row in self._forms if (match := _HASH.match(row["form"]))]
        slugs = {row["kinds"] for row in self._forms if row["form"] == _SLUG}
        if slugs & set(names):
            found += [f"{prefix}_" for prefix in prefixes]
        return [one for one in found if one.removesuffix("_") in prefixes]


def lines(tables: Path) -> list[tuple[str, ...]]:
    """The lines of the table, by kind."""
    facts = Names(tables)
    made: list[tuple[str, ...]] = []
    for names in facts.families():
        prefixes = list(dict.fromkeys(one for kind in names for one in facts.prefixes(kind)))
        without = facts.without_time(names, prefixes)
        made.append((names[0], " ".join(names[1:]), " ".join(prefixes), " ".join(without)))
    return made


def main(arguments: list[str]) -> None:
    text = "".join("\t".join(line) + "\n" for line in (HEAD, *lines(Path(arguments[0]))))
    TABLE.write_text(text, encoding="utf-8", newline="\n")
    print(f"{TABLE.name}: {text.count(chr(10)) - 1} kinds")


if __name__ == "__main__":
    main(sys.argv[1:])
