"""Bytes as text to copy, as hex, base64 or text: what is covered stays covered."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence

from inspector.decode.byte_map import Range
from inspector.decode.secrets import COVERED

_DOTS = "\N{BULLET}\N{BULLET}"


def as_hex(data: bytes, found: Sequence[Range], hidden: Sequence[Range]) -> str:
    """Pairs of digits with spaces between; a covered byte is two dots."""
    parts = []
    for start, end, covered in _pieces(found, hidden):
        parts.append(" ".join([_DOTS] * (end - start)) if covered else data[start:end].hex(" "))
    return " ".join(parts)


def as_base64(data: bytes, found: Sequence[Range], hidden: Sequence[Range]) -> str:
    """Padded base64, or that it is covered: base64 cannot be covered in part."""
    pieces = list(_pieces(found, hidden))
    if any(covered for _, _, covered in pieces):
        return COVERED
    return b64encode(b"".join(data[start:end] for start, end, _ in pieces)).decode()


def as_text(data: bytes, found: Sequence[Range], hidden: Sequence[Range]) -> str:
    """UTF-8, what is none replaced; each covered range as one word."""
    return "".join(
        COVERED if covered else data[start:end].decode(errors="replace")
        for start, end, covered in _pieces(found, hidden)
    )


def _pieces(found: Sequence[Range], hidden: Sequence[Range]) -> Iterator[tuple[int, int, bool]]:
    """Ranges cut where covering begins and ends: from, to, and whether it is covered."""
    for start, end in found:
        here = start
        for first, last in hidden:
            if last <= here or first >= end:
                continue
            if first > here:
                yield here, first, False
            yield max(first, here), min(last, end), True
            here = min(last, end)
        if here < end:
            yield here, end, False
