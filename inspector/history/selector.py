"""Naming one version: ``live``, ``previous``, ``audit:N``, ``legacy:DIGITS``, a tag, a hash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from inspector.errors import NotFoundError, UsageError
from inspector.history.versions import Version

LIVE: Final = "live"
PREVIOUS: Final = "previous"
_HASH_DIGITS: Final = 64
_SHORTEST_PREFIX: Final = 6
_HEX: Final = frozenset("0123456789abcdef")


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
        return _one(text, [next((v for v in versions if differs(v)), None)])
    prefix, colon, rest = text.partition(":")
    if colon and prefix in _EXACT:
        return _one(text, _EXACT[prefix](rest, versions))
    for find in (_full_hash, _newest_tag, _hash_prefix):
        found = find(text, versions)
        if found:
            return _one(text, found)
    return _one(text, [])


def _audit(text: str, versions: Sequence[Version]) -> list[Version]:
    return [v for v in versions if v.audit_id is not None and str(v.audit_id) == text]


def _legacy(text: str, versions: Sequence[Version]) -> list[Version]:
    return [v for v in versions if v.legacy_key and v.legacy_key.rpartition("/")[2] == text]


def _newest_tag(text: str, versions: Sequence[Version]) -> list[Version]:
    return [v for v in versions if v.tag and v.tag == text][:1]


def _full_hash(text: str, versions: Sequence[Version]) -> list[Version]:
    if len(text) != _HASH_DIGITS:
        return []
    return [v for v in versions if v.version_hash == text.lower()][:1]


def _hash(text: str, versions: Sequence[Version]) -> list[Version]:
    exact = [v for v in versions if v.version_hash and v.version_hash == text]
    return exact[:1] or _hash_prefix(text, versions)


def _hash_prefix(text: str, versions: Sequence[Version]) -> list[Version]:
    text = text.lower()
    if len(text) < _SHORTEST_PREFIX or not _HEX.issuperset(text):
        return []
    newest: dict[str, Version] = {}
    for version in versions:
        if version.version_hash and version.version_hash.startswith(text):
            newest.setdefault(version.version_hash, version)
    return list(newest.values())


_EXACT: Final[dict[str, Callable[[str, Sequence[Version]], list[Version]]]] = {
    "audit": _audit,
    "legacy": _legacy,
    "tag": _newest_tag,
    "hash": _hash,
}


def _one(text: str, found: Sequence[Version | None]) -> Version:
    versions = [version for version in found if version is not None]
    if len(versions) == 1:
        return versions[0]
    if not versions:
        raise NotFoundError(
            f"No version of this record is named {text!r}.", "The command history lists them."
        )
    names = ", ".join(f"{v.name} ({(v.version_hash or '')[:12]})" for v in versions)
    raise UsageError(f"{text!r} names several versions: {names}.")
