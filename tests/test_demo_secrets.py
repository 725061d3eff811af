"""The demo store's secrets: each rule covers one, and only what begins with demo-secret is one."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from inspector.decode.encrypted_values import sealed
from inspector.schema.secrets_table import secret_table
from inspector.schema.types import SecretRule
from tests.builders.demo.core import SECRET
from tests.builders.demo.reading import any_depth, parsed, query, rows

Place = tuple[str, str]


def texts_of(root: Any) -> Iterator[tuple[Place, str, bool]]:
    """Field, text, and whether a rule covers it, of every text and bytes in a message."""
    pending: list[Any] = [root]
    while pending:
        message = pending.pop()
        for field, value in message.ListFields():
            place = (message.DESCRIPTOR.full_name, field.name)
            rule = secret_table().fields.get(place)
            values = list(value) if field.is_repeated else [value]
            if field.message_type and field.message_type.GetOptions().map_entry:
                if field.message_type.fields_by_name["value"].message_type:
                    pending += value.values()
                    continue
                for key, text in value.items():
                    hit = rule is SecretRule.HEADER_KEYS and secret_table().is_secret_header(key)
                    yield place, str(text), hit
            elif field.message_type:
                pending += values
            elif field.type in (field.TYPE_STRING, field.TYPE_BYTES):
                flagged = rule is SecretRule.IF_FLAGGED and message.is_secret
                for text in values:
                    shown = text.decode() if isinstance(text, bytes) else text
                    yield place, shown, rule is SecretRule.ALWAYS or flagged


def unsealed(text: str) -> str:
    """The made-up bytes of a sealed value as text, any other text as it is."""
    if sealed(text) is None:
        return text
    return base64.b64decode(text.rpartition(":")[2]).decode()


def test_every_rule_covers_something_and_all_it_covers_is_made_up() -> None:
    covered: set[Place] = set()
    with any_depth():
        messages = [(row.id, parsed(row)) for row in rows if row.release is not None]
    for id_, message in messages:
        for place, text, is_secret in texts_of(message):
            assert is_secret == (SECRET in unsealed(text)), (id_, place, text)
            if is_secret:
                covered.add(place)
    assert covered == secret_table().fields.keys()


def test_secret_columns_are_filled() -> None:
    for table, column in secret_table().columns:
        found = query(f"SELECT {column} FROM {table}")
        assert found
        assert all(str(value).startswith(SECRET) for (value,) in found)
