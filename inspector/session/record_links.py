"""Records that other records name: where a link leads, and who leads here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from inspector.decode.references import Reference, references
from inspector.errors import InspectorError
from inspector.history.record import Record
from inspector.named_tuple import NamedTuple
from inspector.schema.ids import ids_in
from inspector.schema.kind_names import normal_kind
from inspector.store.renamed import is_same
from inspector.store.rows import Cancel

if TYPE_CHECKING:
    from inspector.session.session import Session


class LinkTarget(NamedTuple):
    """A record that is named. ``live`` is False where only its history is left.

    ``former`` says that it had the name that was looked for and has another one now.
    """

    kind: str
    id: str
    name: str | None
    live: bool
    former: bool = False


#: Records by kind and slug, each with its organisation.
_BySlug = dict[tuple[str, str], list[tuple[str | None, LinkTarget]]]


class Link(NamedTuple):
    """A reference and the record it leads to, None where this store has none."""

    reference: Reference
    target: LinkTarget | None


class Referrer(NamedTuple):
    """A record that names another one, and at which path."""

    kind: str
    id: str
    name: str | None
    path: str


def links(session: Session, record: Record, cancel: Cancel | None = None) -> list[Link]:
    """The references of a record and where they lead."""
    if record.tree is None:
        return []
    kinds = session.kind_names(cancel)
    found = list(references(record.tree, cancel))
    by_slug = _slugs(session, kinds, found, cancel)
    made = []
    for reference in found:
        if reference.id is not None:
            target = _by_id(session, _of(kinds, reference.kinds), reference.id, cancel)
        else:
            target = _by_slug(by_slug, reference)
        made.append(Link(reference, target))
    return made


def named(session: Session, text: str, cancel: Cancel | None = None) -> list[LinkTarget]:
    """The records that a pasted text may mean.

    An id, ``kind/id``, a line of a log with an id in it, a slug, or a former name, tried in this
    order; the first that finds something answers. Records that only have history are found by id
    and by former name.
    """
    text = text.strip().strip("\"'`,;")
    if not text:
        return []
    kinds = session.kind_names(cancel)
    before, slash, behind = text.partition("/")
    if slash:
        same = [kind for kind in kinds if is_same(kind, before)]
        found = _all_by_id(session, same, behind.partition("@")[0], cancel)
        if found:
            return found
    for one in (text, *ids_in(text.lower())):
        found = _all_by_id(session, kinds, one, cancel)
        if found:
            return found
    by_slug = [
        target for kind in kinds for _, _, target in _with_slugs(session, kind, {text}, cancel)
    ]
    return by_slug or by_former_name(session, kinds, text, cancel)


def referrers(
    session: Session,
    kind: str,
    id_: str,
    cancel: Cancel | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Referrer]:
    """The live records that name a record by its id, or by its slug where that means it.

    Only blobs that hold the id or slug are decoded. ``progress`` is told the records looked at.
    """
    try:
        own = session.record(kind, id_, cancel=cancel)
    except InspectorError:
        own = None
    summary = None
    if own is not None and own.tree is not None:
        summary = session.reader(cancel).peek(own.tree.data, kind, own.updated_at)
    slug = summary.slug if summary is not None else None
    needles = [name.encode("utf-8", "surrogateescape") for name in (id_, slug) if name]
    by_slug = _sharing(session, kind, slug, cancel) if slug is not None else {}
    reader, done = session.reader(cancel), 0
    for other in session.kind_names(cancel):
        for row in session.rows(other, cancel):
            done += 1
            if progress is not None and done % 256 == 0:
                progress(done)
            data = row.data or b""
            if (other, row.id) == (kind, id_) or not any(one in data for one in needles):
                continue
            tree = reader.read(data, other, row.updated_at).tree
            for reference in references(tree):
                if _means(reference, kind, id_, by_slug):
                    name = reader.peek(data, other, row.updated_at).name
                    yield Referrer(other, row.id, name, reference.place.path)


def _means(reference: Reference, kind: str, id_: str, by_slug: _BySlug) -> bool:
    if reference.kinds and normal_kind(kind) not in reference.kinds:
        return False
    if reference.id is not None:
        return reference.id == id_
    target = _by_slug(by_slug, reference)
    return target is not None and target.id == id_


def _of(kinds: Sequence[str], wanted: Sequence[str]) -> list[str]:
    return [kind for kind in kinds if not wanted or normal_kind(kind) in wanted]


def _all_by_id(
    session: Session, kinds: Sequence[str], id_: str, cancel: Cancel | None
) -> list[LinkTarget]:
    found = (_by_id(session, [kind], id_, cancel) for kind in kinds)
    return [target for target in found if target is not None]


def _by_id(
    session: Session, kinds: Sequence[str], id_: str, cancel: Cancel | None
) -> LinkTarget | None:
    reader = session.reader(cancel)
    for kind in kinds:
        row = session.store.row(kind, id_, cancel)
        if row is not None:
            data, written = row.data, row.updated_at
            name = reader.peek(data, kind, written).name if data is not None else None
            return LinkTarget(kind, id_, name, True)
    for kind in kinds:
        if session.store.history.versions(kind, id_, cancel):
            return LinkTarget(kind, id_, None, False)
    return None


def by_former_name(
    session: Session, kinds: Sequence[str], name: str, cancel: Cancel | None
) -> list[LinkTarget]:
    """The records of some kinds that had a name which is not theirs any more."""
    found: dict[tuple[str, str], LinkTarget] = {}
    for one in session.store.rows_with_name(name, cancel):
        same = [kind for kind in kinds if is_same(kind, one.kind)]
        for target in _all_by_id(session, same, one.id, cancel):
            found[target.kind, target.id] = target._replace(former=True)
    return list(found.values())


def _by_slug(by_slug: _BySlug, reference: Reference) -> LinkTarget | None:
    """The one record that a slug means: of the reference's own organisation, or of none.

    A reference without an organisation means the record without one, or the only one there is.
    """
    for kind in reference.kinds:
        found = by_slug.get((kind, reference.slug or ""), [])
        fitting = [target for org, target in found if org == reference.org]
        if not fitting:
            fitting = [target for org, target in found if reference.org is None or org is None]
        if len(fitting) == 1:
            return fitting[0]
    return None


def _slugs(
    session: Session, kinds: Sequence[str], found: Sequence[Reference], cancel: Cancel | None
) -> _BySlug:
    """Records by kind and slug, for all slugs that are named; one pass a kind."""
    wanted: dict[str, set[str]] = {}
    for reference in found:
        if reference.slug is not None and reference.id is None:
            for kind in reference.kinds:
                wanted.setdefault(kind, set()).add(reference.slug)
    made: _BySlug = {}
    for kind in kinds:
        slugs = wanted.get(normal_kind(kind))
        if slugs:
            for slug, org, target in _with_slugs(session, kind, slugs, cancel):
                made.setdefault((normal_kind(kind), slug), []).append((org, target))
    return made


def _sharing(session: Session, kind: str, slug: str, cancel: Cancel | None) -> _BySlug:
    """The records of a kind that have a slug."""
    found = [(org, target) for _, org, target in _with_slugs(session, kind, {slug}, cancel)]
    return {(normal_kind(kind), slug): found}


def _with_slugs(
    session: Session, kind: str, slugs: set[str], cancel: Cancel | None
) -> Iterator[tuple[str, str | None, LinkTarget]]:
    """The records of a kind that have one of the slugs, each with its slug and organisation."""
    needles = {slug: slug.encode("utf-8", "surrogateescape") for slug in slugs}
    reader = session.reader(cancel)
    for row in session.rows(kind, cancel):
        if row.data is None or not any(needle in row.data for needle in needles.values()):
            continue
        summary = reader.peek(row.data, kind, row.updated_at)
        if summary.slug in needles:
            yield summary.slug, summary.org, LinkTarget(kind, row.id, summary.name, True)
