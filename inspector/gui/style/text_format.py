"""Words about data: counts, states, paths, schemas, and text made fit for one line."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import dropwhile
from pathlib import Path
from typing import Final

from inspector import invisible
from inspector.gui.style.text_runs import RUNNING, TEXT, Elide, Run, Style
from inspector.plurals import counted
from inspector.schema.catalog import display, is_own, schema_name

#: Line breaks, and what stands for them in one line.
_BREAKS: Final = r"(?:\r?\n)+"
RETURN: Final = " \N{DOWNWARDS ARROW WITH CORNER LEFTWARDS} "
LINE: Final = 400  #: characters of a value that a row ever shows
#: What the names of an enum of states share, for example ``EXECUTION_`` and ``SKILL_STATE_``: a
#: document of the JSON store holds the name alone.
_PREFIX: Final = (
    r"^(.*_(phase|state|lifecycle|status)|run|execution|tool_call|sub_agent|todo|workflow_task"
    r"|workspace_write_back)_"
)

#: States to their icon and style; any other is plain.
_SIGNS: Final[dict[str, tuple[str, Style]]] = {
    "completed": ("ok", TEXT),
    "ready": ("ok", TEXT),
    "valid": ("ok", TEXT),
    "active": ("ok", TEXT),
    "in progress": ("running", RUNNING),
    "running": ("running", RUNNING),
    "uploading": ("running", RUNNING),
    "pending": ("pending", TEXT),
    "failed": ("failed", Style("removed")),
    "invalid": ("failed", Style("removed")),
    "cancelled": ("cancelled", TEXT),
    "canceled": ("cancelled", TEXT),
    "terminated": ("cancelled", TEXT),
    "paused": ("pause", TEXT),
}


#: The window calls it so.
count: Final = counted


def copied(what: str, text: str) -> str:
    """What is said of a text that was copied: what it is of, and how long it is."""
    return f"Copied {visible(what)} ({count(len(text), 'character')})"


def one_line(text: str, most: int = LINE) -> str:
    """The beginning of a text, its lines joined by return signs; every character can be seen."""
    head = text[: most + 1].strip("\r\n")
    return visible(re.sub(_BREAKS, RETURN, head)[:most])


def tooltip(text: str) -> str:
    """A tooltip that shows data as it is: Qt guesses markup in plain text."""
    from html import escape  # noqa: PLC0415 - not needed before something is pointed at

    return f"<div style='white-space: pre-wrap'>{escape(text[:2000])}</div>"


def visible(text: str) -> str:
    """A text in which every character can be seen; control characters are pictures."""
    return invisible.visible(text, pictures=True)


def visible_name(name: str) -> str:
    """The name of a table or a column as it is shown; an empty one as ``""``."""
    return invisible.named(visible(name))


def lines_of(text: str) -> int:
    """How many lines a text has; a final line break ends the last one."""
    return text.count("\n") + (not text.endswith("\n")) if text else 0


def state_word(state: str) -> str:
    """A state in a list: the enum value's name without the enum's, in sentence case."""
    rest = re.sub(_PREFIX, "", state, flags=re.IGNORECASE).replace("_", " ").strip()
    return rest.capitalize() or state


def kind_title(kind: str) -> str:
    """What a kind is called in the window; as the store spells it where no schema knows it."""
    known = display(kind)
    return known[0] if known is not None else invisible.named(kind)


def told_apart(values: Iterable[str], word: Callable[[str], str]) -> dict[str, str]:
    """Words for values; behind words that several share stands the value itself.

    Args:
        values: such as names of states: ``RUN_FAILED`` and ``EXECUTION_FAILED`` are both "Failed".
        word: gives the words for one.
    """
    words = {value: word(value) for value in values}
    shared = Counter(words.values())
    return {
        value: f"{one} ({value})" if shared[one] > 1 and value else one
        for value, one in words.items()
    }


def state_run(state: str) -> Run:
    """A state with its sign; only running and failed ones are coloured."""
    word = state_word(state)
    icon, style = _SIGNS.get(word.lower(), ("", TEXT))
    return Run(word, style, Elide.ElideRight, icon=icon)


def short_path(path: str) -> str:
    """A path with the home directory as ``~`` and control characters made visible."""
    try:
        return visible(str(Path("~") / Path(path).relative_to(Path.home())))
    except (ValueError, RuntimeError):
        return visible(path)


def full_path(path: str | Path) -> str:
    """The path from the root on, links and all; as it stands where that cannot be told.

    A ``..`` behind a folder stays: where that is a link, or missing, it does not lead to where it
    seems to.
    """
    try:
        if _goes_back(path):
            return os.fspath(Path(path).absolute())
        return os.path.abspath(path)  # noqa: PTH100 - keeps links
    except (OSError, ValueError):
        return os.fspath(path)


def real_path(path: str | Path) -> str:
    """The path without symbolic links; as it stands where they lead nowhere."""
    try:
        return os.path.realpath(path, strict=_goes_back(path))
    except (OSError, ValueError):
        return full_path(path)


def _goes_back(path: str | Path) -> bool:
    """Whether a path goes into a folder and out of it again."""
    return ".." in dropwhile("..".__eq__, Path(path).parts)


def schema_labels(schemas: Iterable[str]) -> dict[str, str]:
    """Names of schemas; of files that are called alike also where they lie."""
    names = {schema: visible(schema_name(schema)) for schema in schemas}
    counts = Counter(names.values())
    return {
        schema: f"{name} in {short_path(str(Path(schema).parent))}"
        if counts[name] > 1 and is_own(schema)
        else name
        for schema, name in names.items()
    }
