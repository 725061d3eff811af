"""What a record's banner says: a schema that does not fit, bytes that do not decode."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inspector.decode.choice import ASKED_FOR, AUTO, NO_SCHEMA
from inspector.gui.dialogs import notes
from inspector.gui.widgets.banner import Action, Banner, Tone
from inspector.gui.words import count
from inspector.schema.catalog import GENERATIONS, kind_info
from inspector.session.types import Problem, Record

_SHOWN = 3


def tell(banner: Banner, record: Record, use: Callable[[str], object]) -> None:
    """Show in a banner what is odd about a record as a whole, or hide it.

    Args:
        banner: where it is said.
        record: the record.
        use: called with a schema that is to be used instead.
    """
    actions = (*_others(record, use), ("Why", lambda: notes.why(banner, record)))
    errors = [problem for problem in record.problems if problem.severity == "error"]
    unknown = [problem for problem in record.problems if problem.code == "unknown-field"]
    if record.tree is None:
        banner.tell(Tone.ERROR, "This record cannot be read.", _words(errors))
    elif record.tree.malformed:
        body = f"{_words(errors)} What could be read is shown."
        banner.tell(Tone.ERROR, "This record does not decode as a whole.", body)
    elif record.choice.generation is None and not record.json_store:
        body = "Its fields are shown by number; their values stay covered until asked for."
        title = "No schema knows this kind."
        if record.choice.why != NO_SCHEMA:
            title = f"{_sentence(record.choice.why)}."
        banner.tell(Tone.WARNING, title, body, actions)
    elif record.choice.ambiguous:
        body = f"It is read with {record.choice.generation}: {record.choice.why}."
        banner.tell(Tone.WARNING, "More than one schema fits this record.", body, actions)
    elif unknown:
        title = f"This record does not fit the schema of {record.choice.generation}."
        fields = count(len(unknown), "field")
        verb = "is" if len(unknown) == 1 else "are"
        names = ", ".join(problem.path for problem in unknown[:_SHOWN])
        more = len(unknown) - _SHOWN
        names += f" and {more:,} more" if more > 0 else ""
        body = (
            f"{fields} {verb} unknown to it: {names}, shown as {'it' if verb == 'is' else 'they'}"
            f" {verb}. Names beside {'it' if verb == 'is' else 'them'} may be wrong."
        )
        banner.tell(Tone.WARNING, title, body, actions)
    elif others := [p for p in record.problems if p.code != "unknown-kind"]:
        banner.tell(Tone.WARNING, _title(others), _words(others))
    else:
        banner.hide()


def _others(record: Record, use: Callable[[str], object]) -> tuple[Action, ...]:
    """A button for each other way to read a record that is worth a try, the newest first."""
    why, names = record.choice.why, list[str]()
    if why == ASKED_FOR or (record.choice.generation is None and why != NO_SCHEMA):
        names = [AUTO]
    elif record.choice.generation is not None:
        names = [name for name in reversed(GENERATIONS) if _is_other(name, record)][:2]
    words = {AUTO: "Use the one that fits"}
    return tuple((words.get(n, f"Use {n}"), lambda n=n: use(n)) for n in names)


def _is_other(name: str, record: Record) -> bool:
    info = kind_info(name, record.kind) if name != record.choice.generation else None
    return info is not None and info.message is not None


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _title(problems: Sequence[Problem]) -> str:
    return f"{count(len(problems), 'thing')} in this record {_verb(problems)} odd."


def _verb(problems: Sequence[Problem]) -> str:
    return "is" if len(problems) == 1 else "are"


def _words(problems: Sequence[Problem]) -> str:
    words = " ".join(problem.message for problem in problems[:_SHOWN])
    more = len(problems) - _SHOWN
    return f"{words} {more:,} more." if more > 0 else words
