"""What the frames of a log say of which rows changed: the keys on the pages that were written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from inspector.named_tuple import NamedTuple
from inspector.store.btree import (
    FIRST_LONG,
    INDEX_LEAF,
    TABLE_LEAF,
    DamagedPageError,
    TreeCell,
    TreePage,
    cell_count,
    columns,
    follow_overflow,
    page_type,
    read_page,
    usable_size,
)
from inspector.store.live_pages import LivePages, LogMark, end_of_generation
from inspector.store.wal_index import follows

_FIRST_TRUNK: Final = slice(32, 36)
_FREE_PAGES: Final = slice(36, 40)
#: Pages that rows go on in begin with the number of the next one: in a larger file it could be
#: taken for the type of a page.
_MOST_PAGES: Final = 1 << 24


class Stretch(NamedTuple):
    """Rows of a kind that lie side by side on a page, by the first and the last id.

    Attributes:
        whole: the rows lie there, not only their keys.
        rows: how many there are if it is a page of the records; more lie between the two where it
            is one of another tree.
    """

    kind: bytes
    first: bytes
    last: bytes
    whole: bool
    rows: int


class KeyPlaces(NamedTuple):
    """Where columns stand in a row of the table of records; in an index of it the key is first."""

    kind: int
    id: int
    data: int
    #: The table has no row numbers: its rows lie in one tree by their keys, whatever is indexed.
    own_tree: bool

    @property
    def most(self) -> int:
        """How many columns of a row are looked at."""
        return max(self.kind, self.id, self.data) + 1

    @property
    def key_end(self) -> int:
        """How many columns of a row there are up to the last one of its key."""
        return max(self.kind, self.id, 1) + 1

    def are_in(self, row: Sequence[tuple[int, bytes]]) -> bool:
        """Whether it is a row of the table, as far as its columns tell."""
        if len(row) < self.most:
            return False
        return self.own_tree or not 0 < row[self.data][0] < FIRST_LONG


def written_pages(before: LogMark, live: LivePages) -> set[int] | None:
    """The pages written between two committed states.

    A log that was restarted since is followed into the new generation where the end of the one
    before still lies behind it.

    Returns:
        None where that is not known any more: the log was restarted twice, or cut.
    """
    numbers, now, then = live.log.page_numbers, live.mark.published, before.published
    if before.log != live.mark.log:
        return None
    if then.salts == now.salts:
        known = then.last_frame <= now.last_frame
        return set(numbers[then.last_frame : now.last_frame]) if known else None
    if not follows(now.salts, then.salts) or now.last_frame > then.last_frame:
        return None
    if not then.last_frame or then.page_size != now.page_size:
        return None
    rest = end_of_generation(live.path, then)
    return None if rest is None else {*rest, *numbers[: now.last_frame]}


def newest_pages(live: LivePages, most: int) -> set[int]:
    """Pages that were written last, as far as the log goes back; at most so many."""
    found: set[int] = set()
    for number in reversed(live.log.page_numbers[: live.mark.published.last_frame]):
        if len(found) == most:
            break
        found.add(number)
    return found


class WrittenRows(NamedTuple):
    """Where rows may have changed.

    Attributes:
        stretches: where they lie.
        is_all: no others have; else a long row may have been written in the pages it goes on in
            alone, which do not say whose they are.
    """

    stretches: list[Stretch]
    is_all: bool


def written_rows(
    pages: Iterable[int], page_size: int, read: Callable[[int], bytes], places: KeyPlaces
) -> WrittenRows:
    """Where rows of the table of records may have changed.

    Args:
        pages: those that were written.
        page_size: in bytes.
        read: gives a page as it is now.
        places: where the columns stand.
    """
    pages = list(pages)
    if max(pages, default=0) >= _MOST_PAGES:
        return WrittenRows([], is_all=False)
    header = read(1)
    usable = usable_size(header, page_size)
    found: list[Stretch] = []
    images = {number: header if number == 1 else read(number) for number in pages}
    trees: list[int] = []
    others: set[int] = set()
    for number, image in images.items():
        try:
            some = _page_stretches(image, number, usable, places)
            if number > 1:
                found += some
        except DamagedPageError:
            others.add(number)
        else:
            trees.append(number)
    if others:
        others -= _owned((read_page(images[one], one, usable) for one in trees), images)
    if others:
        others -= free_pages(header, read, page_size)
    return WrittenRows(found, is_all=not any(images[number] for number in others))


def _owned(trees: Iterable[TreePage], images: Mapping[int, bytes]) -> set[int]:
    """Those of the pages that rows go on in which begin in pages that were written too."""
    owned: set[int] = set()
    for page in trees:
        for cell in page.cells:
            follow_overflow(cell.overflow, images, owned)
    return owned


def _page_stretches(image: bytes, number: int, usable: int, places: KeyPlaces) -> list[Stretch]:
    """The rows of a page by their kind, as far as they can be records or keys of such.

    Raises:
        DamagedPageError: it is no page of a tree.
    """
    if places.own_tree and page_type(image, number) == INDEX_LEAF:
        # Rows lie in order there; nearly always all are of one kind.
        page = read_page(image, number, usable, ends=True)
        ends = [_first_columns(cell.local, places.most) for cell in page.cells]
        if not any(places.are_in(row) for row in ends):
            return []
        if places.kind < places.id:
            alone = _one_stretch((ends[0], ends[-1]), cell_count(image, number), places)
            if alone is not None:
                return [alone]
    return _stretches(read_page(image, number, usable), places)


def _stretches(page: TreePage, places: KeyPlaces) -> list[Stretch]:
    whole: dict[bytes, list[bytes]] = {}
    keys: dict[bytes, list[bytes]] = {}
    beside = page.kind == INDEX_LEAF
    for cell in page.cells:
        row = _first_columns(cell.local, places.most)
        is_whole = places.are_in(row)
        if is_whole:
            _put(whole, row[places.kind], row[places.id])
        if places.own_tree:
            continue
        if len(row) > 1 and (beside or not is_whole or places.kind):
            # A row that is read says of its key what there is to say.
            _put(keys, row[0], row[1])
    found: list[Stretch] = []
    for some, are_whole in ((whole, True), (keys, False)):
        for one, ids in some.items():
            if beside:
                found.append(Stretch(one, min(ids), max(ids), are_whole, len(ids)))
            elif are_whole or page.kind != TABLE_LEAF:
                # Rows in another order than that of their keys, or from far apart.
                found.extend(Stretch(one, id_, id_, are_whole, 1) for id_ in ids)
    return found


def _one_stretch(
    ends: Sequence[Sequence[tuple[int, bytes]]], rows: int, places: KeyPlaces
) -> Stretch | None:
    """The rows from the first to the last of a page, where they are of one kind and whole."""
    found: dict[bytes, list[bytes]] = {}
    for row in ends:
        if not places.are_in(row):
            return None
        _put(found, row[places.kind], row[places.id])
    if [len(ids) for ids in found.values()] != [2]:
        return None
    ((kind, (first, last)),) = found.items()
    return Stretch(kind, first, last, True, rows)


def _put(into: dict[bytes, list[bytes]], *key: tuple[int, bytes]) -> None:
    (kind_type, kind), (id_type, id_) = key
    if kind_type & 1 and id_type & 1 and min(kind_type, id_type) > FIRST_LONG:
        into.setdefault(kind, []).append(id_)


def _first_columns(record: bytes, most: int) -> list[tuple[int, bytes]]:
    """Type and beginning of the first columns of a row; none of what is no row."""
    try:
        return [(kind, record[at:end]) for kind, at, end in islice(columns(record), most)]
    except (IndexError, DamagedPageError):
        return []


def keys_of(cell: TreeCell, places: KeyPlaces) -> list[tuple[bytes, bytes]]:
    """Kind and id of a row, as far as it can be a record or a key of such.

    Raises:
        DamagedPageError: the page does not have the whole of them.
    """
    row = _first_columns(cell.local, places.most)
    if any(len(value) < (kind - FIRST_LONG) // 2 for kind, value in row[: places.key_end]):
        raise DamagedPageError
    found: dict[bytes, list[bytes]] = {}
    if places.are_in(row):
        _put(found, row[places.kind], row[places.id])
    if not places.own_tree and len(row) > 1:
        _put(found, row[0], row[1])
    return [(kind, id_) for kind, ids in found.items() for id_ in ids]


def free_pages(header: bytes, read: Callable[[int], bytes], page_size: int) -> set[int]:
    """The pages of the file that are not in use."""
    trunk = int.from_bytes(header[_FIRST_TRUNK], "big")
    most = int.from_bytes(header[_FREE_PAGES], "big")
    found: set[int] = set()
    while trunk and trunk not in found and len(found) <= most:
        found.add(trunk)
        page = read(trunk)
        count = min(int.from_bytes(page[4:8], "big"), page_size // 4 - 2)
        found.update(int.from_bytes(page[at : at + 4], "big") for at in range(8, 8 + 4 * count, 4))
        trunk = int.from_bytes(page[:4], "big")
    return found
