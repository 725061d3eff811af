"""What is said beside an answer: what its text leaves out, and what is covered in it."""

from __future__ import annotations

from collections import Counter

from inspector.cli.output import Output
from inspector.export.record_text import Written
from inspector.plurals import covered_note


class Covered:
    """Gathers what one or several texts do not say."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._records: Counter[str] = Counter()
        self._secrets = self._payloads = 0

    def add(self, written: Written, of: str = "") -> None:
        """Takes in one more text; of several, ``of`` is what it is the text of."""
        for note in written.notes:
            self.add_note(note, of)
        self._secrets += written.covered
        self._payloads += written.hidden

    def add_note(self, note: str, of: str = "") -> None:
        """Takes in a sentence; of several, ``of`` is what it is said of first."""
        self._first.setdefault(note, of)
        self._records[note] += 1

    def add_secrets(self, covered: int) -> None:
        """Takes in a text of which nothing is to be said but how many secrets it covers."""
        self._secrets += covered

    def say(self, output: Output) -> None:
        """One note for each sentence, and one that counts what is covered."""
        for note, of in self._first.items():
            more = self._records[note] - 1
            where = f" ({of}{f' and {more:,} more' if more else ''})" if of else ""
            output.note(f"{note}{where}")
        output.note(covered_note(self._secrets, self._payloads))
