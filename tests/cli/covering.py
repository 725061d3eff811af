"""Which leaves of a message's JSON are secrets, told by the table and protobuf's own descriptors.

Only the inspector's descriptors are used, so that the two can be held against each other.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from tests.places import ROOT
from tests.releases import SOME, kind_info, message_class

COVERED = "[covered]"
_FLAGGED = "when is_secret is true"
_WORDS = ("authorization", "cookie", "token", "secret", "key", "password", "auth")


@cache
def _rules() -> dict[tuple[str, str], str]:
    with (ROOT / "resources" / "secrets.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["message"], row["field"]): row["when"] for row in rows}


@cache
def _messages(kind: str) -> tuple[Descriptor, ...]:
    """The message of a kind in each of some releases that has one."""
    found: list[Any] = []
    for name in SOME:
        info = kind_info(name, kind)
        if info is not None and info.message is not None:
            found.append(message_class(name, info.message.full_name).DESCRIPTOR)
    return tuple(found)


def cover(value: Any, kind: str) -> tuple[Any, int]:
    """A message's JSON with its secrets covered, and how many they are."""
    secrets: set[tuple[str | int, ...]] = set()
    for message in _messages(kind):
        _find(value, message, (), secrets)
    return _covered(value, (), secrets), len(secrets)


def _covered(value: Any, path: tuple[str | int, ...], secrets: set[tuple[str | int, ...]]) -> Any:
    if path in secrets:
        return COVERED
    if isinstance(value, dict):
        return {key: _covered(one, (*path, key), secrets) for key, one in value.items()}
    if isinstance(value, list):
        return [_covered(one, (*path, index), secrets) for index, one in enumerate(value)]
    return value


def _find(
    value: Any, message: Descriptor, path: tuple[str | int, ...], found: set[tuple[str | int, ...]]
) -> None:
    fields = {field.json_name: field for field in message.fields}
    for name, one in value.items() if isinstance(value, dict) else ():
        field = fields.get(name)
        if field is None:
            continue
        rule = _rules().get((message.full_name, field.name))
        here = (*path, name)
        if rule is not None and rule.startswith("map keys"):
            keys = [key for key in one if any(word in key.lower() for word in _WORDS)]
            found.update((*here, key) for key in keys if one[key])
        elif rule is not None and (rule != _FLAGGED or value.get("isSecret") is True) and one:
            found.add(here)
        elif rule is None:
            _below(one, field, here, found)


def _below(
    value: Any,
    field: FieldDescriptor,
    path: tuple[str | int, ...],
    found: set[tuple[str | int, ...]],
) -> None:
    message = field.message_type
    if message is None or message.full_name.startswith("google.protobuf."):
        return
    if message.GetOptions().map_entry:
        inner = message.fields_by_name["value"].message_type
        if inner is None:
            return
        for key, one in value.items():
            _find(one, inner, (*path, key), found)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            _find(one, message, (*path, index), found)
    else:
        _find(value, message, path, found)
