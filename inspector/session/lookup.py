"""Names people type, to the store's own: kinds, ids, slugs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from inspector.errors import NotFoundError, UsageError
from inspector.schema.kinds import normal_kind
from inspector.store.store import Store
from inspector.store.types import Row


def resolve_kind(text: str, kinds: Sequence[str]) -> str:
    """The store's spelling of a kind.

    Raises:
        NotFoundError: the store has no such kind.
        UsageError: it has several spellings of it, and none is the text itself.
    """
    if text in kinds:
        return text
    wanted = normal_kind(text)
    found = [kind for kind in kinds if normal_kind(kind) == wanted]
    if not found:
        known = f"It has {', '.join(kinds)}." if kinds else "It has no records."
        raise NotFoundError(f"This store has no kind {text!r}.", known)
    if len(found) > 1:
        raise UsageError(f"{text!r} may be any of the kinds {', '.join(found)}.")
    return found[0]


def has_id(store: Store, kind: str, text: str) -> bool:
    """Whether a kind has a record, or the history of one, with exactly this id."""
    return any(found == kind for found, _ in store.kinds_with_id(text))


def ids_of_slug(
    store: Store, kind: str, slug: str, slug_of: Callable[[Row], str | None]
) -> Iterator[str]:
    """Ids of the live records of a kind that have a slug; only blobs that hold it are decoded."""
    needle = slug.encode("utf-8", "surrogateescape")
    after: str | None = None
    while True:
        page = store.rows(kind, after)
        for row in page.rows:
            if row.data is not None and needle in row.data and slug_of(row) == slug:
                yield row.id
        if not page.more or not page.rows:
            return
        after = page.rows[-1].id


def only(text: str, what: str, found: Sequence[str]) -> str:
    """The one thing found.

    Raises:
        NotFoundError: nothing was found.
        UsageError: several were.
    """
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFoundError(f"No {what} is named {text!r}.")
    raise UsageError(f"{text!r} names several {what}s: {', '.join(found)}.")
