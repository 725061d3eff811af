"""What stands packed in a google.protobuf.Any, read where its schema knows the type.

To protobuf the payload is bytes: what is wrong in it is wrong with nothing else. So it is read
when the rest has been, and where it cannot be read whole it stays bytes.
"""

from __future__ import annotations

from functools import cache

from inspector.decode.decoding_state import Decoding, PackedAny
from inspector.decode.maps_and_structs import value
from inspector.decode.nesting import DEEPEST, nesting
from inspector.decode.node import Node, NodeKind
from inspector.schema.types import Field, MessageType, ScalarType

_URL, _PAYLOAD = 1, 2


def unseal(decoder: Decoding, sealed: PackedAny) -> None:
    """Puts the message that an Any holds in the place of its bytes, where it can be read."""
    children, packable, end = sealed
    parts: dict[int, Node] = {
        child.number: child for child in children if child.kind == NodeKind.SCALAR
    }
    url, held = parts.get(_URL), parts.get(_PAYLOAD)
    message = packable.get(url.value.rpartition("/")[2]) if url is not None else None
    if message is None:
        return
    start, body, stop, tag = (held.start, held.body, held.end, held.tag) if held else (end,) * 4
    before = decoder.malformed, decoder.odd, decoder.bad_text, len(decoder.sealed)
    decoder.malformed = decoder.bad_text = False
    found = value(decoder, _field(message), None, start, body, stop, tag if held else 0)
    decoder.work_off()
    broken = decoder.malformed or decoder.bad_text or nesting(found, message) > DEEPEST
    decoder.malformed, odd, decoder.bad_text, count = before
    if broken:
        decoder.odd = odd
        del decoder.sealed[count:]
    elif held is None:
        children.append(found)
    else:
        children[children.index(held)] = found


@cache
def _field(message: MessageType) -> Field:
    """The field ``value`` as what it holds."""
    return Field(_PAYLOAD, "value", "value", ScalarType.MESSAGE, presence=True, message=message)
