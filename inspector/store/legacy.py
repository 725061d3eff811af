r"""History as the first stores kept it: rows of ``resources`` that are versions, not records.

Two forms are known. An id ``<anything>_audit/<resource id>/<digits>`` in any kind; or a kind
``<KIND>_AUDIT`` with ids ``<resource id>/<digits>``. Both are recognised here twice, in SQL to
count and page without them, and in Python to say whose versions they are; a test holds the two
together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from inspector.named_tuple import NamedTuple
from inspector.store.keys import KeyColumn

_MARK: Final = b"_audit/"
_MARK_SQL: Final = "x'5f61756469742f'"
_SLASH_SQL: Final = "x'2f'"
_SUFFIX: Final = "_audit"
_DIGITS: Final = b"0123456789"


class LegacyKey(NamedTuple):
    """The parts of a legacy row's id."""

    prefix: bytes
    resource_id: bytes
    digits: bytes


def parse(key: bytes, *, in_audit_kind: bool) -> LegacyKey | None:
    """The parts of an id, or None where it is a record's.

    Args:
        key: the stored id.
        in_audit_kind: the row's kind is one of :func:`is_audit_kind`.
    """
    stem = key.rstrip(_DIGITS)
    if stem == key or not stem.endswith(b"/"):
        return None
    digits = key[len(stem) :]
    mark = key.find(_MARK)
    start = mark + len(_MARK)
    if mark >= 0 and len(stem) > start + 1:
        return LegacyKey(key[:start], stem[start:-1], digits)
    if in_audit_kind and len(stem) > 1:
        return LegacyKey(b"", stem[:-1], digits)
    return None


def is_audit_kind(kind: str) -> bool:
    """Whether a kind's name says that it holds the history of another kind."""
    return len(kind) > len(_SUFFIX) and kind.lower().endswith(_SUFFIX)


def normalised(kind: str) -> str:
    """A kind's name as names are compared: lower case, without ``-`` and ``_``."""
    return kind.lower().replace("-", "").replace("_", "")


def resource_kind(audit_kind: str, live_kinds: Iterable[str]) -> str:
    """The kind whose history an audit kind holds, spelled as the store spells it."""
    base = audit_kind[: -len(_SUFFIX)]
    same = [kind for kind in live_kinds if normalised(kind) == normalised(base)]
    return base if base in same or not same else same[0]


def in_id_sql(key: KeyColumn) -> str:
    """SQL that is 1 for an id of the first form, else 0."""
    return (
        f"CASE WHEN instr({key.value}, {_MARK_SQL}) = 0 THEN 0 ELSE {_numbered(key)}"
        f" AND octet_length({stem_sql(key)}) > instr({key.value}, {_MARK_SQL}) + {len(_MARK)} END"
    )


def in_kind_sql(key: KeyColumn) -> str:
    """SQL that is 1 for an id that is legacy in an audit kind, of either form."""
    return f"({_numbered(key)} AND octet_length({stem_sql(key)}) > 1)"


def prefix_sql(key: KeyColumn) -> str:
    """SQL for the bytes of an id of the first form up to the resource's id."""
    return f"substr({key.value}, 1, instr({key.value}, {_MARK_SQL}) + {len(_MARK) - 1})"


def stem_sql(key: KeyColumn) -> str:
    """SQL for the bytes of an id without the digits at its end."""
    return key.bytes_of(f"rtrim({key.text}, '{_DIGITS.decode()}')")


def _numbered(key: KeyColumn) -> str:
    return (
        f"(octet_length({stem_sql(key)}) < octet_length({key.value})"
        f" AND substr({stem_sql(key)}, -1) = {_SLASH_SQL})"
    )
