"""All rows in the order of ``<kind>/<id>``, which is not the order of kinds, then ids."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator

from inspector.errors import StoreError
from inspector.store.error_sentences import kinds_missing
from inspector.store.rows import Page, Row
from inspector.store.stored_kinds import KindList
from inspector.store.text import encode


def in_key_order(kinds: KindList, page: Callable[[str, str | None], Page[Row]]) -> Iterator[Row]:
    """The rows of some kinds by the bytes of their keys.

    Args:
        kinds: the kinds, each once, and whether they are all.
        page: gives a page of a kind's rows after an id.

    Raises:
        StoreError: the file is damaged; all rows that can be read have been given.
    """
    damage = [] if kinds.complete else [kinds_missing()]
    for group in _groups(kinds.kinds):
        streams = [_rows(kind, page, damage) for kind in group]
        yield from heapq.merge(*streams, key=lambda row: encode(f"{row.kind}/{row.id}"))
    if damage:
        raise damage[0]


def _rows(
    kind: str, page: Callable[[str, str | None], Page[Row]], damage: list[StoreError]
) -> Iterator[Row]:
    after: str | None = None
    while True:
        found = page(kind, after)
        yield from found.rows
        if found.damage:
            damage.append(found.damage)
        if not found.more:
            return
        after = found.rows[-1].id


def _groups(kinds: Iterable[str]) -> Iterator[list[str]]:
    """Kinds in the order of their rows' keys; those whose keys may interleave stand together.

    Only a kind that begins with another one and a slash can have keys among that one's.
    """
    group: list[str] = []
    for kind in sorted(kinds, key=lambda one: encode(f"{one}/")):
        if group and not kind.startswith(f"{group[0]}/"):
            yield group
            group = []
        group.append(kind)
    if group:
        yield group
