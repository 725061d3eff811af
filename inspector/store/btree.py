"""Pages of a database's trees, as its file format has them: cells, children, overflow, keys.

Nothing of a page is believed: what does not fit raises :class:`DamagedPageError`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from inspector.named_tuple import NamedTuple

#: Types of pages: within a tree or its leaves, of an index (or a table without row numbers), or of
#: a table.
_INDEX: Final = frozenset((2, 10))
_INNER: Final = frozenset((2, 5))
_TYPES: Final = frozenset((2, 5, 10, 13))
_FILE_HEADER: Final = 100
_VARINT: Final = 9
#: Bytes of integers and reals by their type in a record's header.
_SIZES: Final = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
#: Types from here on are blobs, even ones, and texts.
FIRST_LONG: Final = 12
#: The types of leaves, of an index and of a table.
INDEX_LEAF: Final = 10
TABLE_LEAF: Final = 13
#: The type of pages within a table's tree, which hold no rows; and from where types are of leaves.
TABLE_INNER: Final = 5
FIRST_LEAF: Final = 8
#: Where the first page says how long pages are, how many bytes at the end of each are not used, and
#: how many pages there are, if that was written with the last change.
_PAGE_SIZE: Final = slice(16, 18)
_RESERVED: Final = 20
_CHANGES: Final = slice(24, 28)
_PAGES: Final = slice(28, 32)
_COUNTED: Final = slice(92, 96)
_LARGEST: Final = 65536  #: bytes, which are written as 1


class DamagedPageError(ValueError):
    """A page that is not what its place in the tree says."""


class TreeCell(NamedTuple):
    """A row in a page: how long it is, as much of it as lies there, and where it goes on.

    Attributes:
        size: of the whole row, in bytes.
        local: its beginning.
        overflow: the page it goes on in, 0 where it does not.
    """

    size: int
    local: bytes
    overflow: int


class TreePage(NamedTuple):
    """A page of a tree: its type, its rows, and the pages below it."""

    kind: int
    cells: tuple[TreeCell, ...]
    children: tuple[int, ...]


def _header(number: int) -> int:
    """Where a page of a tree begins: on the first one behind what is said of the file."""
    return _FILE_HEADER if number == 1 else 0


def page_type(data: bytes, number: int) -> int | None:
    """The type of a page of a tree, by its first byte alone; None of what can be none."""
    start = _header(number)
    return data[start] if len(data) > start and data[start] in _TYPES else None


def cell_count(data: bytes, number: int) -> int:
    """How many cells a page of a tree has."""
    start = _header(number)
    return int.from_bytes(data[start + 3 : start + 5], "big")


def read_page(data: bytes, number: int, usable: int, *, ends: bool = False) -> TreePage:
    """A page of a tree.

    Args:
        data: the page.
        number: which one it is.
        usable: bytes of a page that SQLite uses.
        ends: read its first and its last cell alone.

    Raises:
        DamagedPageError: it is none.
    """
    start = _header(number)
    try:
        kind = data[start]
        if kind not in _TYPES:
            raise DamagedPageError
        count = int.from_bytes(data[start + 3 : start + 5], "big")
        pointers = start + (12 if kind in _INNER else 8)
        if pointers + 2 * count > usable:
            raise DamagedPageError
        children: list[int] = []
        cells: list[TreeCell] = []
        step = max(2, 2 * count - 2) if ends else 2
        for at in range(pointers, pointers + 2 * count, step):
            place = int.from_bytes(data[at : at + 2], "big")
            if kind in _INNER:
                children.append(int.from_bytes(data[place : place + 4], "big"))
                place += 4
            if kind != 5:
                cells.append(_cell(data, place, kind, usable))
        if kind in _INNER:
            children.append(int.from_bytes(data[start + 8 : start + 12], "big"))
    except IndexError as error:
        raise DamagedPageError from error
    return TreePage(kind, tuple(cells), tuple(children))


def usable_size(first_page: bytes, page_size: int) -> int:
    """Bytes of each page that SQLite uses, by what the first one says."""
    return page_size - first_page[_RESERVED]


def page_shape(header: bytes, size: int) -> tuple[int, int, int]:
    """How the pages of a file are.

    Args:
        header: the beginning of its first page.
        size: bytes of the file.

    Returns:
        Bytes of a page, how many of them SQLite uses, and how many pages it takes the file to have.
    """
    written = int.from_bytes(header[_PAGE_SIZE], "big")
    page_size = _LARGEST if written == 1 else written
    pages = size // max(1, page_size)
    if header[_CHANGES] == header[_COUNTED]:
        pages = min(pages, int.from_bytes(header[_PAGES], "big") or pages)
    return page_size, usable_size(header, page_size), pages


def follow_overflow(first: int, images: Mapping[int, bytes], owned: set[int]) -> None:
    """Take in the pages that a row goes on in, from the first of them on, as far as they are known.

    Args:
        first: where the row goes on; 0 for nowhere.
        images: the known pages.
        owned: takes their numbers.
    """
    while first in images and first not in owned:
        owned.add(first)
        first = int.from_bytes(images[first][:4], "big")


def is_index(data: bytes, number: int) -> bool:
    """Whether a page is one of an index, or of a table without row numbers."""
    return data[_header(number)] in _INDEX


def cell_slices(data: bytes, number: int, usable: int) -> set[bytes]:
    """The cells of a page of a tree, each with whatever lies behind it up to the next one.

    Raises:
        DamagedPageError: it is none.
    """
    places = sorted((*_cell_places(data, number, usable), usable))
    return {data[at:to] for at, to in pairwise(places)}


def children(data: bytes, number: int, usable: int) -> list[bytes]:
    """The numbers of the pages below a page within a tree, as they are written there.

    Raises:
        DamagedPageError: it is none.
    """
    last = _header(number) + 8
    return [data[at : at + 4] for at in (*_cell_places(data, number, usable), last)]


def _cell_places(data: bytes, number: int, usable: int) -> tuple[int, ...]:
    start = _header(number)
    begin = start + (12 if data[start] in _INNER else 8)
    count = cell_count(data, number)
    if begin + 2 * count > usable:
        raise DamagedPageError
    return struct.unpack_from(f">{count}H", data, begin)


def cell_of(data: bytes, kind: int, usable: int) -> TreeCell:
    """A cell of an index or of a table's leaf, which begins where ``data`` does.

    Raises:
        DamagedPageError: it is none.
    """
    try:
        return _cell(data, 4 if kind in _INNER else 0, kind, usable)
    except IndexError as error:
        raise DamagedPageError from error


def _cell(data: bytes, place: int, kind: int, usable: int) -> TreeCell:
    size, place = varint(data, place)
    if kind == 13:
        _, place = varint(data, place)
    least = (usable - 12) * 32 // 255 - 23
    most = usable - 35 if kind == 13 else (usable - 12) * 64 // 255 - 23
    length = size
    if size > most:
        length = least + (size - least) % (usable - 4)
        if length > most:
            length = least
    end = place + length
    if end > usable:
        raise DamagedPageError
    overflow = int.from_bytes(data[end : end + 4], "big") if length < size else 0
    return TreeCell(size, data[place:end], overflow)


def varint(data: bytes, place: int) -> tuple[int, int]:
    """A number of as many bytes as it needs, and the place behind it."""
    value = data[place]
    if value < 0x80:
        # Nearly all are of one byte.
        return value, place + 1
    value &= 0x7F
    for at in range(place + 1, place + _VARINT - 1):
        value = value << 7 | data[at] & 0x7F
        if data[at] < 0x80:
            return value, at + 1
    return value << 8 | data[place + _VARINT - 1], place + _VARINT


def chain(cell: TreeCell, usable: int, page: Callable[[int], bytes], most: int) -> tuple[int, ...]:
    """The pages a row goes on in.

    Args:
        cell: where it begins.
        usable: bytes of a page that SQLite uses.
        page: gives a page.
        most: pages that there are.

    Raises:
        DamagedPageError: there are fewer.
    """
    left = cell.size - len(cell.local)
    pages = -(-left // (usable - 4))
    if pages > most:
        raise DamagedPageError
    found: list[int] = []
    following = cell.overflow
    for _ in range(pages):
        if not following:
            raise DamagedPageError
        found.append(following)
        following = int.from_bytes(page(following)[:4], "big")
    return tuple(found)


def whole_row(
    cell: TreeCell, pages: tuple[int, ...], usable: int, page: Callable[[int], bytes]
) -> bytes:
    """All bytes of a row; ``pages`` are those of :func:`chain`."""
    parts = [cell.local, *(page(number)[4:usable] for number in pages)]
    return b"".join(parts)[: cell.size]


def column_bytes(record: bytes, wanted: tuple[int, ...]) -> list[tuple[int, bytes]] | None:
    """Type and bytes of some columns of a row.

    Args:
        record: a row, or its beginning.
        wanted: which columns, counted from 0 in the order in which they lie there.

    Returns:
        None where the beginning is too short for them.

    Raises:
        DamagedPageError: it is no row.
    """
    last = max(wanted)
    found: dict[int, tuple[int, bytes]] = {}
    try:
        for number, (kind, start, end) in enumerate(columns(record)):
            if number in wanted:
                found[number] = kind, record[start:end]
            if number == last:
                return None if end > len(record) else [found[one] for one in wanted]
    except IndexError:
        return None
    raise DamagedPageError


def columns(record: bytes) -> Iterator[tuple[int, int, int]]:
    """Type, begin and end of each column of a row, which may be cut short behind its header.

    Raises:
        IndexError: it is cut short in it.
        DamagedPageError: it is no row.
    """
    at, place = varint(record, 0)
    header = at
    while place < header:
        kind, place = varint(record, place)
        if kind >= FIRST_LONG:
            size = (kind - FIRST_LONG) // 2
        elif kind < len(_SIZES):
            size = _SIZES[kind]
        else:
            raise DamagedPageError
        yield kind, at, at + size
        at += size
