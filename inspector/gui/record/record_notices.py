"""What a record's banner says: a schema that does not fit, bytes that do not decode."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inspector.decode.choice import NO_SCHEMA
from inspector.gui.dialogs import message_boxes
from inspector.gui.style.text_format import count
from inspector.gui.widgets.banner import Action, Banner, Tone
from inspector.history.record import number_of
from inspector.schema.catalog import AUTO
from inspector.schema.releases import newest
from inspector.session.summaries import Problem, Record

_SHOWN = 3
_OTHERS = 2
_NO_RELEASE = "no known release has"


def tell(banner: Banner, record: Record, use: Callable[[str], object]) -> None:
    """Show in a banner what is odd about a record as a whole, or hide it.

    Args:
        banner: where it is said.
        record: the record.
        use: called with a schema that is to be used instead.
    """
    actions = (*_others(record, use), ("Why", lambda: message_boxes.why(banner, record)))
    errors = [problem for problem in record.problems if problem.severity == "error"]
    unknown = [problem for problem in record.problems if problem.code == "unknown-field"]
    if record.tree is None:
        banner.tell(Tone.ERROR, "This record cannot be read.", _words(errors))
    elif record.tree.malformed:
        body = f"{_words(errors)} What could be read is shown."
        banner.tell(Tone.ERROR, "This record can only be decoded in part.", body)
    elif record.choice.schema is None and not record.json_store:
        body = "Its fields are shown by number; their values stay hidden until you show them."
        title = "No schema describes this kind."
        if record.choice.why != NO_SCHEMA:
            title = f"{_sentence(record.choice.why)}."
        banner.tell(Tone.WARNING, title, body, actions)
    elif record.choice.ambiguous:
        doubts = [one for one in record.problems if one.code == "schema-ambiguous"]
        title = f"{count(len(doubts), 'value')} may mean something else, by the release."
        banner.tell(Tone.WARNING, title, _words(doubts), actions)
    elif unknown:
        knows = f"{record.choice.schema} does not know" if record.choice.asked else _NO_RELEASE
        title = f"This record has fields that {knows}."
        number = number_of(unknown)
        fields = count(number, "field")
        verb = "is" if number == 1 else "are"
        names = ", ".join(problem.path for problem in unknown[:_SHOWN])
        more = number - _SHOWN
        names += f" and {more:,} more" if more > 0 else ""
        body = (
            f"{fields} {verb} unknown: {names}, shown as {'it' if verb == 'is' else 'they'} {verb}."
        )
        banner.tell(Tone.WARNING, title, body, actions)
    elif others := [p for p in record.problems if p.code != "unknown-kind"]:
        banner.tell(Tone.WARNING, _title(others), _words(others))
    else:
        banner.hide()


def _others(record: Record, use: Callable[[str], object]) -> tuple[Action, ...]:
    """A button for each other way to read a record that is worth a try, the newest first."""
    choice = record.choice
    names: list[tuple[str, str]] = []
    if choice.asked or (choice.schema is None and choice.why != NO_SCHEMA):
        names = [(AUTO, "Detect per record")]
    elif choice.merged is not None:
        for rival in choice.rivals[:_OTHERS]:
            name = choice.merged.names[newest(rival.releases)]
            names.append((name, f"Use {name}"))
    return tuple((words, lambda name=name: use(name)) for name, words in names)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _title(problems: Sequence[Problem]) -> str:
    return f"{count(number_of(problems), 'problem')} in this record."


def _words(problems: Sequence[Problem]) -> str:
    words = " ".join(problem.message for problem in problems[:_SHOWN])
    more = number_of(problems) - _SHOWN
    return f"{words} {more:,} more." if more > 0 else words
