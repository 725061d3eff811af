"""Which record a person means: by kind and id, by slug, live or gone; and which version of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from inspector.byte_text import unescaped
from inspector.errors import NotFoundError, StoreError, StoreErrorKind, UsageError
from inspector.history.selector import LIVE, PREVIOUS, is_numbered, logged_number, select
from inspector.history.versions import Version, head_of
from inspector.invisible import named, typed
from inspector.schema.kind_names import family, normal_kind
from inspector.session.version_outline import versions_of, whole
from inspector.store.renamed import is_same, names_of
from inspector.store.rows import Cancel

if TYPE_CHECKING:
    from inspector.session.session import Session


_NAMED: Final = 10
_KINDS: Final = 100  #: of a store, of which a release knows half as many
_LONGEST: Final = 60  #: characters of a name that a sentence gives


def spelling(text: str, kinds: Sequence[str]) -> str:
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
        known = f"It has {_few(map(_short, kinds), _KINDS)}." if kinds else "It has no records."
        renamed = [kind for kind in kinds if normal_kind(kind) in family(text)]
        if renamed:
            known = f"Its records go by another name here: {', '.join(renamed)}."
        raise NotFoundError(f"This store has no kind {typed(text)}.", known)
    if len(found) > 1:
        raise UsageError(f"{typed(text)} matches several kinds: {', '.join(found)}.", "Name one.")
    return found[0]


def _short(name: str) -> str:
    """A name as a sentence gives it: a file may hold one of millions of characters."""
    ellipsis = "\N{HORIZONTAL ELLIPSIS}"
    return named(name) if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}{ellipsis}"


def _few(names: Iterable[str], most: int) -> str:
    """Names in a sentence, and how many there are beyond ``most``."""
    every = list(names)
    more = f" and {len(every) - most:,} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def only(text: str, noun: str, found: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The one record found, by kind and id.

    Raises:
        NotFoundError: nothing was found.
        UsageError: several were.
    """
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFoundError(f"No {noun} has the ID or slug {typed(text)}.", "Use the command list.")
    names = _few((f"{kind}/{id_}" for kind, id_ in found), _NAMED)
    raise UsageError(f"{typed(text)} matches several records: {names}.", "Name one by kind and ID.")


_Find: TypeAlias = "Callable[[Session, str, str, Cancel | None], Iterator[str]]"


def resolve(
    session: Session, kind: str | None, text: str, cancel: Cancel | None = None
) -> tuple[str, str]:
    """Kind and id of the one record that a text names, in one kind or, without it, in any.

    What is live comes before what only has history, an id before a slug, and all of them before a
    former name, which is said in the session's notes. What a kind does not have is looked for
    under the other names the kind has had.

    Raises:
        NotFoundError, UsageError: no record has that name, or several have.
    """
    if kind is None:
        groups, noun = [[one.kind for one in session.store.kinds(cancel)]], "record"
    else:
        groups = _kinds(session, kind, cancel)
        noun = f"record of {named(groups[0][0])}"
    unread: StoreError | None = None
    for find in _WAYS:
        for kinds in groups:
            found, damage = _in_kinds(session, find, kinds, text, cancel)
            unread = unread or damage
            if found:
                one = only(text, noun, found)
                if find is _live_by_slug:
                    # For what is to be said of its ID.
                    list(_live(session, *one, cancel))
                if find is _by_former_name:
                    own = f"{named(one[0])} {typed(one[1])}"
                    session.note(f"{typed(text)} is a former name of the {own}.")
                if unread is not None:
                    session.note("Some kinds could not be searched for this ID: they are damaged.")
                return one
        if unread is not None and find is _gone:
            # It may be there, and what has it as a slug would be another record.
            raise unread
    return only(text, noun, ())


def _in_kinds(
    session: Session, find: _Find, kinds: Sequence[str], text: str, cancel: Cancel | None
) -> tuple[list[tuple[str, str]], StoreError | None]:
    """The records of some kinds that are found in one way, and what kept one from being searched.

    A record with an ID is the one that is meant, whatever other kinds hold.
    """
    found: list[tuple[str, str]] = []
    damage: StoreError | None = None
    for kind in kinds:
        try:
            found += ((kind, id_) for id_ in dict.fromkeys(find(session, kind, text, cancel)))
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED or find not in (_live, _gone):
                raise
            damage = damage or error
    return found, damage


def resolve_kind(session: Session, text: str, cancel: Cancel | None = None) -> str:
    """The store's spelling of a kind.

    Raises:
        NotFoundError, UsageError: it has none, or several.
    """
    for meant in _meant(text):
        if session.store.heads(meant, limit=1, cancel=cancel).rows:
            return meant
    kinds = [kind.kind for kind in session.store.kinds(cancel)]
    return next((one for one in _meant(text)[1:] if one in kinds), "") or spelling(text, kinds)


def _kinds(session: Session, text: str, cancel: Cancel | None) -> list[list[str]]:
    """The kind that a text names, and those of the store that are the same under other names.

    Raises:
        NotFoundError, UsageError: the store has neither, or has several spellings of the kind.
    """
    others: list[str] = []
    if len(names_of(text)) > 1:
        # Only then: in a large file it takes a while to count its kinds.
        others = [one.kind for one in session.store.kinds(cancel) if is_same(one.kind, text)]
    try:
        own = resolve_kind(session, text, cancel)
    except NotFoundError:
        if not others:
            raise
        return [others]
    others = [one for one in others if normal_kind(one) != normal_kind(own)]
    return [[own], others] if others else [[own]]


def _live(session: Session, kind: str, text: str, cancel: Cancel | None) -> Iterator[str]:
    for id_ in _meant(text):
        row = session.store.row(kind, id_, cancel)
        if row is None:
            continue
        if row.same_id > 1:
            session.note(
                f"{row.same_id:,} rows of {named(kind)} have the ID {typed(id_)}; the last of them"
                " in the table is taken for the record."
            )
        yield id_


def _gone(session: Session, kind: str, text: str, cancel: Cancel | None) -> Iterator[str]:
    ids = _meant(text)
    counts = session.store.history.counts(kind, ids, cancel)
    yield from (id_ for id_ in ids if counts[id_])


def _meant(text: str) -> list[str]:
    """The names that a text may stand for: itself, or one with bytes that are no text."""
    return list(dict.fromkeys((text, unescaped(text))))


def _live_by_slug(session: Session, kind: str, text: str, cancel: Cancel | None) -> Iterator[str]:
    reader = session.reader(cancel)
    needle = text.encode("utf-8", "surrogateescape")
    for row in session.rows(kind, cancel):
        # Only blobs that hold the slug are decoded; documents may write it with escapes.
        maybe = row.data is not None and (reader.documents or needle in row.data)
        if maybe and reader.head(row, 0).slug == text:
            yield row.id


def _gone_by_slug(session: Session, kind: str, text: str, cancel: Cancel | None) -> Iterator[str]:
    for id_ in session.gone_ids(kind, cancel):
        if session.gone_head(kind, id_, cancel).slug == text:
            yield id_


def _by_former_name(session: Session, kind: str, text: str, cancel: Cancel | None) -> Iterator[str]:
    named = session.store.rows_with_name(text, cancel)
    for id_ in sorted({one.id for one in named if is_same(one.kind, kind)}):
        found = list(_live(session, kind, id_, cancel))
        yield from found or _gone(session, kind, id_, cancel)


_WAYS: Final[tuple[_Find, ...]] = (_live, _gone, _live_by_slug, _gone_by_slug, _by_former_name)


def resolve_logged(
    session: Session,
    kind: str | None,
    text: str,
    selector: str | None = None,
    cancel: Cancel | None = None,
) -> tuple[str, str]:
    """Kind and id of the record that a text names now, or else did while the log was written.

    Args:
        session: the newest state.
        kind: None for any.
        text: an id, or a slug.
        selector: the name of a version; a commit's in which the record is looked for.
        cancel: ends it when set.

    Raises:
        NotFoundError, UsageError: no record has that name, or several have.
    """
    try:
        return resolve(session, kind, text, cancel)
    except NotFoundError:
        number = logged_number(selector) if selector is not None else None
        if number is not None:
            return resolve(session.at(number, cancel), kind, text, cancel)
        if selector is not None:
            raise
        from inspector.session.log_history import commits  # noqa: PLC0415 - hardly ever needed

        found = {
            (one.kind, one.id)
            for commit in commits(session, cancel)
            for one in commit.records or ()
            if one.id == text and (kind is None or normal_kind(one.kind) == normal_kind(kind))
        }
        if not found:
            raise
        return only(text, "record", sorted(found))


def find_version(
    session: Session, kind: str, id_: str, text: str, cancel: Cancel | None = None
) -> Version | None:
    """The version that a text such as ``previous`` or ``tag:stable`` names; None is live.

    Raises:
        NotFoundError, UsageError: no version has that name, or several have.
    """
    if text == LIVE:
        return None
    number = logged_number(text)
    if number is not None:
        from inspector.session.log_history import version_at  # noqa: PLC0415 - hardly ever needed

        return version_at(session, kind, id_, number, cancel)
    live = session.store.row(kind, id_, cancel) if text == PREVIOUS else None

    def differs(version: Version) -> bool:
        if live is None or version.size != live.size:
            return True
        return session.store.history.row(head_of(version), cancel).data != live.data

    rows = versions_of(session, kind, id_, cancel)
    tells = text == PREVIOUS or is_numbered(text, rows)
    found = select(text, rows if tells else whole(session, rows, cancel), differs)
    return whole(session, [found], cancel)[0] if found is not None else None
