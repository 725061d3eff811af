"""What a record's banner says: a schema that does not fit, bytes that do not decode."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.gui.widgets.banner import Banner, Tone
from inspector.gui.words import count
from inspector.session.types import Problem, Record

_SHOWN = 3


def tell(banner: Banner, record: Record) -> None:
    """Show in a banner what is odd about a record as a whole, or hide it."""
    errors = [problem for problem in record.problems if problem.severity == "error"]
    unknown = [problem for problem in record.problems if problem.code == "unknown-field"]
    if record.tree is None:
        banner.tell(Tone.ERROR, "This record cannot be read.", _words(errors))
    elif record.tree.malformed:
        body = f"{_words(errors)} What could be read is shown."
        banner.tell(Tone.ERROR, "This record does not decode as a whole.", body)
    elif record.choice.generation is None and not record.json_store:
        body = "Its fields are shown by number; their values stay covered until asked for."
        banner.tell(Tone.WARNING, "No schema knows this kind.", body)
    elif record.choice.ambiguous:
        body = f"It is read with {record.choice.generation}: {record.choice.why}."
        banner.tell(Tone.WARNING, "More than one schema fits this record.", body)
    elif unknown:
        title = f"This record does not fit the schema of {record.choice.generation}."
        fields = count(len(unknown), "field")
        verb = "is" if len(unknown) == 1 else "are"
        names = ", ".join(problem.path for problem in unknown[:_SHOWN])
        body = f"{fields} {verb} unknown to it: {names}. Names beside may be wrong."
        banner.tell(Tone.WARNING, title, body)
    elif others := [p for p in record.problems if p.code != "unknown-kind"]:
        banner.tell(Tone.WARNING, _title(others), _words(others))
    else:
        banner.hide()


def _title(problems: Sequence[Problem]) -> str:
    return f"{count(len(problems), 'thing')} in this record {_verb(problems)} odd."


def _verb(problems: Sequence[Problem]) -> str:
    return "is" if len(problems) == 1 else "are"


def _words(problems: Sequence[Problem]) -> str:
    words = " ".join(problem.message for problem in problems[:_SHOWN])
    more = len(problems) - _SHOWN
    return f"{words} {more:,} more." if more > 0 else words
