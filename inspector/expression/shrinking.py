"""A blob with only those fields that an expression looks at, so that little has to be decoded."""

from __future__ import annotations

from inspector.decode.node import WireType
from inspector.decode.projection import Used
from inspector.decode.wire import read_field, varint
from inspector.schema.types import MessageType


def shrunk(data: bytes, used: Used, message: MessageType) -> bytes | None:
    """The fields of a message that are looked at; all else in it is left out.

    Returns:
        None where the bytes are not plain enough for that: they are to be decoded whole.
    """
    parts: list[bytes] = []
    pos, end = 0, len(data)
    fields = used.fields
    while pos < end:
        # Most are skipped, and nearly all of these have a tag and a length of one byte.
        tag = data[pos]
        if tag & 7 == WireType.LEN and tag < 0x80 and pos + 1 < end and data[pos + 1] < 0x80:
            start, body = pos, pos + 2
            pos = body + data[pos + 1]
            if pos > end:
                return None
        else:
            found = read_field(data, pos, end)
            if found is None or found[3] & 7 in (WireType.SGROUP, WireType.EGROUP):
                return None
            start, body, pos, tag = found
        inner = fields.get(tag >> 3)
        if inner is None:
            continue
        below = message.fields[tag >> 3].message
        if inner.whole or below is None or tag & 7 != WireType.LEN:
            parts.append(data[start:pos])
            continue
        kept = shrunk(data[body:pos], inner, below)
        if kept is None:
            return None
        parts.append(varint(tag) + varint(len(kept)) + kept)
    return b"".join(parts)
