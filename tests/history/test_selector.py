from __future__ import annotations

import pytest

from inspector.errors import NotFoundError, UsageError
from inspector.history.selector import select
from inspector.history.versions import Version


def version(
    number: int | None,
    version_hash: str | None = None,
    tag: str | None = None,
    key: str | None = None,
) -> Version:
    return Version("skill", "s", number, key, "skill", None, version_hash, tag, 1, False)


HISTORY = (
    version(4, "0" * 64, "live"),
    version(3, "0" * 63 + "1", "previous"),
    version(None, "Fedcba98", "tag:x", "skill_audit/s/17"),
    version(2, "0" * 64, "legacy:17"),
    version(1, None, "0000000"),
)


def test_reserved_words_come_before_tags() -> None:
    assert select("live", HISTORY, lambda _: False) is None
    assert select("previous", HISTORY, lambda one: one.audit_id == 2) is HISTORY[3]
    assert select("tag:live", HISTORY, lambda _: True) is HISTORY[0]
    assert select("tag:previous", HISTORY, lambda _: True) is HISTORY[1]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("legacy:17", 2),
        ("tag:legacy:17", 3),
        ("tag:x", 2),  # no tag is named x, so it is the tag of this name
        ("tag:tag:x", 2),
        ("0" * 64, 0),
        ("hash:" + "0" * 63 + "1", 1),
        ("FEDCBA", 2),
        ("hash:fedcba98", 2),
        ("0000000", 4),
    ],
)
def test_the_first_that_applies(text: str, place: int) -> None:
    assert select(text, HISTORY, lambda _: True) is HISTORY[place]


def test_candidates_are_named_newest_first() -> None:
    with pytest.raises(UsageError, match=r"audit:4 .* audit:3 "):
        select("000000", HISTORY, lambda _: True)


@pytest.mark.parametrize("text", ["00000", "audit:", "audit:x", "hash:00000", "ffffff", ""])
def test_what_names_none(text: str) -> None:
    with pytest.raises(NotFoundError):
        select(text, HISTORY, lambda _: True)


def test_nothing_differs() -> None:
    with pytest.raises(NotFoundError, match="differs"):
        select("previous", HISTORY, lambda _: False)


def test_a_full_hash_comes_before_a_tag_and_a_tag_before_the_beginning_of_a_hash() -> None:
    full = "ab" * 32
    history = (
        version(3, "c" * 64, full),
        version(2, full, "cccccc"),
        version(1, full, "x"),
    )
    assert select(full, history, lambda _: True) is history[1]
    assert select(full.upper(), history, lambda _: True) is history[1]
    assert select(f"tag:{full}", history, lambda _: True) is history[0]
    assert select("cccccc", history, lambda _: True) is history[1]
    assert select("hash:cccccc", history, lambda _: True) is history[0]


def test_of_several_rows_with_one_tag_or_hash_the_newest_is_meant() -> None:
    history = (version(3, "a" * 64, "x"), version(2, "b" * 64, "x"), version(1, "a" * 64, "y"))
    for text in ("x", "tag:x", "a" * 64, "hash:" + "a" * 64, "aaaaaa", "hash:aaaaaa"):
        assert select(text, history, lambda _: True) is history[0]


def test_a_hash_that_begins_another_is_meant_where_it_is_whole() -> None:
    history = (version(2, "abcdef12"), version(1, "abcdef"))
    assert select("abcdef", history, lambda _: True) is history[1]
    assert select("hash:abcdef", history, lambda _: True) is history[1]
    with pytest.raises(NotFoundError, match="differs"):
        select("previous", (), lambda _: True)
