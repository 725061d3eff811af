"""Naming one version: ``live``, ``previous``, ``audit:N``, ``legacy:DIGITS``, a tag, a hash.

One out of the write-ahead log is named ``wal:N``, of which :func:`logged_number` tells the commit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from inspector.errors import NotFoundError, UsageError
from inspector.history.versions import Version
from inspector.invisible import typed

LIVE: Final = "live"
PREVIOUS: Final = "previous"
_NUMBERED: Final = r"(audit|legacy):([0-9]+)"
_LOGGED: Final = r"wal:([0-9]{1,18})"
_PREFIX: Final = r"[0-9a-f]{6,}"
_SHOWN_DIGITS: Final = 12


def select(
    text: str,
    versions: Sequence[Version],
    differs: Callable[[Version], bool],
) -> Version | None:
    """The version a text names; None is the live record.

    Args:
        text: as the command line takes it.
        versions: the history, newest first.
        differs: whether a version's bytes differ from the live record's.

    Raises:
        NotFoundError: no version has that name.
        UsageError: several have; the candidates are named.
    """
    if text == LIVE:
        return None
    if text == PREVIOUS:
        return _previous(versions, differs)
    for find in (_number, _named_tag, _named_hash, _full_hash, _newest_tag, _hash_prefix):
        found = find(text, versions)
        if found:
            return _one(text, found)
    raise NotFoundError(
        f"No version of this record is named {typed(text)}.", "The command history lists them."
    )


def logged_number(text: str) -> int | None:
    """The commit that a text such as ``wal:17`` names, None where it names none."""
    named = re.fullmatch(_LOGGED, text)
    return int(named[1]) if named is not None else None


def is_numbered(text: str, versions: Sequence[Version]) -> bool:
    """Whether a text names just one of the versions by its number, which every row has."""
    return len(_number(text, versions)) == 1


def _previous(versions: Sequence[Version], differs: Callable[[Version], bool]) -> Version:
    found = next((version for version in versions if differs(version)), None)
    if found is None:
        raise NotFoundError(
            "This record has no version that differs from what it is now.",
            "The command history lists its versions.",
        )
    return found


def _number(text: str, versions: Sequence[Version]) -> list[Version]:
    named = re.fullmatch(_NUMBERED, text)
    if named is None:
        return []
    if named[1] == "audit":
        return [v for v in versions if v.audit_id is not None and str(v.audit_id) == named[2]]
    return [v for v in versions if v.legacy_key and v.legacy_key.rpartition("/")[2] == named[2]]


def _named_tag(text: str, versions: Sequence[Version]) -> list[Version]:
    return _newest_tag(text.removeprefix("tag:"), versions) if text.startswith("tag:") else []


def _named_hash(text: str, versions: Sequence[Version]) -> list[Version]:
    if not text.startswith("hash:"):
        return []
    named = text.removeprefix("hash:")
    return _full_hash(named, versions) or _hash_prefix(named, versions)


def _full_hash(text: str, versions: Sequence[Version]) -> list[Version]:
    return [v for v in versions if v.version_hash and v.version_hash.lower() == text.lower()][:1]


def _newest_tag(text: str, versions: Sequence[Version]) -> list[Version]:
    return [v for v in versions if v.tag and v.tag == text][:1]


def _hash_prefix(text: str, versions: Sequence[Version]) -> list[Version]:
    text = text.lower()
    newest: dict[str, Version] = {}
    if re.fullmatch(_PREFIX, text):
        for version in versions:
            own = (version.version_hash or "").lower()
            if own.startswith(text):
                newest.setdefault(own, version)
    return list(newest.values())


def _one(text: str, found: Sequence[Version]) -> Version:
    if len(found) == 1:
        return found[0]
    names = ", ".join(
        f"{version.name} ({(version.version_hash or 'no hash')[:_SHOWN_DIGITS]})"
        for version in found
    )
    raise UsageError(f"{typed(text)} matches several versions: {names}.", "Name one of these.")
