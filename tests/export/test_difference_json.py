"""Differences as JSON: covered unless it is asked to be shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.export.difference_json import difference_text
from inspector.history.difference import difference
from tests.builders.demo import wire
from tests.export.test_record_text import TWO, TYPE, blob, record

UNKNOWN = wire.text(77, "payload")


def written(before: bytes, after: bytes, **more: Any) -> str:
    records = [record(decode(data, TYPE)) for data in (before, after)]
    first, second = (one.tree for one in records)
    assert first is not None
    assert second is not None
    hidden = records[0].covered | records[1].covered
    text = difference_text(difference(first, second, hidden, **more), *records, **more)
    json.loads(text)
    return text


@pytest.mark.parametrize(
    ("before", "after", "secrets"),
    [
        (blob(A=("one", True)), blob(A=("two", True)), ("one", "two")),
        (TWO, b"", ("one", "two")),
        (b"", TWO, ("one", "two")),
        (TWO, TWO + UNKNOWN, ("cGF5bG9hZA==",)),
    ],
)
def test_secrets_are_written_only_where_that_is_asked_for(
    before: bytes, after: bytes, secrets: tuple[str, ...]
) -> None:
    for text in (written(before, after), written(before, after, reveal=False)):
        assert "[covered]" in text
        assert not any(one in text for one in secrets)
    shown = written(before, after, reveal=True)
    assert "[covered]" not in shown
    assert all(one in shown for one in secrets)


def test_equal_records_are_an_empty_array() -> None:
    assert written(TWO, TWO) == "[]\n"
