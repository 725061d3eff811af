"""A record in forms for people: Markdown for a report, the command that shows it again."""

from __future__ import annotations

import re
import shlex
from typing import Final

from inspector.byte_text import escaped
from inspector.history.record import Record
from inspector.plurals import counted

_PROGRAM: Final = "stigmer-inspector"
_TICKS: Final = re.compile(r"`+")
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>#|~])")


def markdown(record: Record, name: str, json_text: str, *, covered: int = 0, lost: str = "") -> str:
    """A heading, what is known of the record as a list, and its JSON in a fence.

    Args:
        record: the record or version.
        name: what it is called.
        json_text: its JSON as it may be shown: with secrets covered or not.
        covered: how many secrets are covered in it.
        lost: what the JSON leaves out or changes; empty for nothing.
    """
    version = record.version
    facts = [
        ("Record", f"`{_code(f'{record.kind}/{record.id}')}`"),
        ("Version", f"`{_code(version.name)}`" if version is not None else "live"),
        ("Tag", _plain(version.tag) if version is not None and version.tag else ""),
        ("Hash", f"`{_code(version.version_hash)}`" if version and version.version_hash else ""),
        ("Updated" if version is None else "Archived", record.updated_at or ""),
        ("Size", counted(record.size, "byte")),
        ("Schema", record.choice.schema or "none"),
        ("Secrets", f"{covered} covered" if covered else ""),
        ("JSON", _plain(lost)),
    ]
    lines = [f"### {_plain(record.display_kind or record.kind)}: {_plain(name)}", ""]
    lines += [f"- {label}: {value}" for label, value in facts if value]
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(json_text)), default=0))
    return "\n".join([*lines, "", f"{fence}json", json_text, fence, ""])


def show_command(
    record: Record, path: str, *, demo: bool = False, commit: int | None = None
) -> str:
    """The command line that shows a record, as of a commit of the log, ready for a shell."""
    words = [_PROGRAM, "show", record.kind, escaped(record.id)]
    if record.version is not None:
        words += ["--version", record.version.name]
    words += ["--demo"] if demo else ["--db", path]
    if commit is not None:
        words += ["--commit", str(commit)]
    return shlex.join(words)


def _plain(text: str) -> str:
    """Text that Markdown takes as it stands, in one line."""
    return _MARKS.sub(r"\\\1", _BREAKS.sub(" ", escaped(text)))


def _code(text: str) -> str:
    """Text within single backticks."""
    return _BREAKS.sub(" ", escaped(text)).replace("`", "'")
