"""Which values are secrets, by ``resources/secrets.tsv``.

A stored value is a secret by any release's rule, whichever schema it is read with, so a rule holds
for its message and field in all releases.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from inspector import assets
from inspector.named_tuple import NamedTuple
from inspector.schema.types import SecretRule

_HEADER_RULE: Final = ("map keys that hold ", " (any case)")  #: before and behind its words
_TABLE: Final = "table "


class SecretTable(NamedTuple):
    """The table as rules.

    Attributes:
        fields: rule by message full name and field name.
        header_words: a key of a HEADER_KEYS map that holds one of these, in any case, makes its
            value a secret.
        columns: ``(table, column)`` of plain tables whose values are secrets.
        documents: rule by JSON name and by the field's own name, either of which protojson
            takes, for documents without a schema. Where messages disagree about a name, the
            condition holds (``value`` is a secret when ``isSecret`` is true beside it), since
            documents of that age know no message without one.
    """

    fields: Mapping[tuple[str, str], SecretRule]
    header_words: frozenset[str]
    columns: frozenset[tuple[str, str]]
    documents: Mapping[str, SecretRule]

    def is_secret_header(self, key: object) -> bool:
        """Whether the value under this key of a HEADER_KEYS map is a secret."""
        if not isinstance(key, str):
            return False
        lowered = key.lower()
        return any(word in lowered for word in self.header_words)


def json_name(field_name: str) -> str:
    """The lowerCamelCase name that protoc gives a field by default."""
    first, *others = field_name.split("_")
    return first + "".join(one[:1].upper() + one[1:] for one in others)


def _rule(when: str) -> tuple[SecretRule, frozenset[str]]:
    before, behind = _HEADER_RULE
    if when.startswith(before) and when.endswith(behind):
        words = when.removeprefix(before).removesuffix(behind)
        return SecretRule.HEADER_KEYS, frozenset(words.replace(" or ", ", ").split(", "))
    return SecretRule(when), frozenset()


@cache
def secret_table() -> SecretTable:
    """The table, read once.

    Raises:
        OSError: the installation is incomplete.
        ValueError: the table holds a condition this module does not know.
    """
    fields: dict[tuple[str, str], SecretRule] = {}
    columns: set[tuple[str, str]] = set()
    header_words: frozenset[str] = frozenset()
    for row in assets.table("secrets.tsv"):
        if row["message"].startswith(_TABLE):
            columns.add((row["message"].removeprefix(_TABLE), row["field"]))
            continue
        fields[row["message"], row["field"]], words = _rule(row["when"])
        header_words |= words
    documents: dict[str, SecretRule] = {}
    for (_, field), rule in fields.items():
        for name in (field, json_name(field)):
            if documents.setdefault(name, rule) is SecretRule.ALWAYS:
                documents[name] = rule
    return SecretTable(fields, header_words, frozenset(columns), documents)
