"""Which messages a column of blobs may be of: how well each of them reads a sample of it.

Nothing is decided here: many messages read the same bytes without a complaint. Those that do are
ordered by how much of what they declare is there, and by how much they say of the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.field_runs import known
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.schema_fit import misfit
from inspector.decode.wire import read_varint
from inspector.errors import CancelledError
from inspector.named_tuple import NamedTuple
from inspector.schema.bounds import Progress
from inspector.schema.types import MessageType, ScalarType
from inspector.store.rows import Cancel

ROWS: Final = 200  #: rows that are looked at
BYTES: Final = 8 << 20  #: bytes of them, in all
_LOOKED: Final = 10 * ROWS  #: rows that are read for them, the empty and the largest ones too
_FIRST: Final = 8  #: rows that every message is tried on
_KEPT: Final = 64  #: messages that are tried on all
_SPACE: Final = b" \t\r\n"
_CONTROL: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TELLING: Final = frozenset((ScalarType.STRING, ScalarType.BOOL))
_SUPPLIED: Final = "google.protobuf."  #: seldom what a column is of: they stand in messages
_NARROW: Final = frozenset((ScalarType.INT32, ScalarType.UINT32, ScalarType.SINT32))


class MessageFit(NamedTuple):
    """How well a message reads a sample.

    Attributes:
        message: its full name.
        fits: blobs that it reads to the last byte, without an unknown field or broken text.
        rows: blobs that were looked at.
        misplaced: fields in all of them that it does not have or that are of another type.
        unnamed: enum numbers without a name.
        unused: fields that it declares and that stand in none of them.
    """

    message: str
    fits: int
    rows: int
    misplaced: int
    unnamed: int
    unused: int

    @property
    def words(self) -> str:
        """In a phrase: ``fits 198 of 200``."""
        return f"fits {self.fits:,} of {self.rows:,}"


def sample(blobs: Iterable[bytes]) -> list[bytes]:
    """As many blobs as are looked at; empty ones fit every message and tell nothing."""
    found: list[bytes] = []
    size = 0
    for blob in islice(blobs, _LOOKED):
        if not blob or size + len(blob) > BYTES:
            continue
        found.append(blob)
        size += len(blob)
        if len(found) == ROWS:
            break
    return found


def ranked(
    messages: Mapping[str, MessageType],
    blobs: Sequence[bytes],
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> list[MessageFit]:
    """The messages that read at least one of some blobs, best first, at most :data:`_KEPT`.

    Args:
        messages: by full name.
        blobs: the sample.
        cancel: ends it when set.
        progress: told how many messages were tried of how many.

    Raises:
        CancelledError: it was cancelled.
    """
    if not blobs:
        return []
    again = min(_KEPT, len(messages)) if len(blobs) > _FIRST else 0
    total = len(messages) + again

    def tried(done: int) -> None:
        if progress is not None:
            progress(done, total)

    first = _all(messages.values(), blobs[:_FIRST], cancel, tried)
    kept = ([one for one in first if one[1].fits] or first)[:_KEPT]
    if again:
        begun = total - len(kept)
        kept = _all(
            *([messages[fit.message] for _, fit in kept], blobs, cancel),
            lambda done: tried(begun + done),
        )
    return [fit for _, fit in kept if fit.fits]


class PlainFit(NamedTuple):
    """How many blobs of a sample may be what is no message of a schema.

    Attributes:
        rows: blobs that were looked at.
        numbers: those that protobuf reads to the last byte, of whatever message.
        texts: those that are UTF-8 without control characters.
        documents: those that are JSON objects or lists.
    """

    rows: int
    numbers: int
    texts: int
    documents: int


def plain_fit(blobs: Sequence[bytes], cancel: Cancel | None = None) -> PlainFit:
    """How many of some blobs are protobuf, text or JSON.

    Raises:
        CancelledError: it was cancelled.
    """
    numbers = texts = documents = 0
    for blob in blobs:
        _check(cancel)
        numbers += not decode(blob, None).malformed
        if is_text(blob):
            texts += 1
            documents += is_document(blob)
    return PlainFit(len(blobs), numbers, texts, documents)


def is_text(blob: bytes) -> bool:
    """Whether bytes are UTF-8 without control characters."""
    try:
        return _CONTROL.search(blob.decode()) is None
    except UnicodeDecodeError:
        return False


def is_document(blob: bytes) -> bool:
    """Whether bytes are an object or a list of JSON."""
    return blob.lstrip(_SPACE)[:1] in (b"{", b"[") and not read_document(blob).malformed


_Key = tuple[int, int, int, int, int, int, bool, str]


def _all(
    messages: Iterable[MessageType],
    blobs: Sequence[bytes],
    cancel: Cancel | None,
    tried: Callable[[int], None],
) -> list[tuple[_Key, MessageFit]]:
    found = []
    for number, message in enumerate(messages, 1):
        _check(cancel)
        if message.fields:
            found.append(_fit(message, blobs))
        tried(number)
    return sorted(found)


def _check(cancel: Cancel | None) -> None:
    if cancel is not None and cancel.is_set():
        raise CancelledError("Cancelled.")


def _fit(message: MessageType, blobs: Sequence[bytes]) -> tuple[_Key, MessageFit]:
    fits = misplaced = unnamed = unusual = told = 0
    used: set[int] = set()
    for blob in blobs:
        tree = decode(blob, message)
        own = misfit(tree)
        evidence = _told(tree)
        against, lacking = evidence.against, _lacks(message, tree)
        fits += not own.malformed and not own.misplaced and not against and not lacking
        misplaced += own.misplaced + own.malformed + against
        unnamed += own.unnamed
        unusual += own.unusual + evidence.odd
        told += evidence.told
        named = known(tree.root.children)
        used.update(node.number for node in named if node.kind < NodeKind.UNKNOWN)
    unused = len(message.fields.keys() - used)
    fit = MessageFit(message.full_name, fits, len(blobs), misplaced, unnamed, unused)
    name = message.full_name
    supplied = name.startswith(_SUPPLIED)
    return (-fits, misplaced, unnamed, unusual, unused, -told, supplied, name), fit


class _Told(NamedTuple):
    """How much a reading says of the bytes.

    Attributes:
        told: how much.
        against: values that no writer of their types makes.
        odd: texts with control characters, as a message that is read as a text has them.
    """

    told: int
    against: int
    odd: int


def _told(tree: Tree) -> _Told:
    told = against = odd = 0
    stack: list[Iterator[Node]] = [iter(known(tree.root.children))]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
            continue
        field = node.field
        if node.children:
            stack.append(iter(known(node.children)))
        if field is None or node.kind >= NodeKind.UNKNOWN:
            continue
        if node.kind == NodeKind.MESSAGE:
            told += 3
        elif node.kind == NodeKind.ENUM:
            told += 2
        elif node.kind == NodeKind.SCALAR and field.type in _TELLING:
            told += 1
            odd += isinstance(node.value, str) and _CONTROL.search(node.value) is not None
        if node.kind == NodeKind.SCALAR and node.tag & 7 == 0 and node.end > node.body:
            against += _too_wide(tree.data, node, field.type)
    return _Told(told, against, odd)


def _too_wide(data: bytes, node: Node, type_: int) -> bool:
    """Whether a number has more bits than its type, so that a writer of it cannot have made it."""
    if type_ != ScalarType.BOOL and type_ not in _NARROW:
        return False
    raw = read_varint(data, node.body, node.end)[0]
    if type_ == ScalarType.BOOL:
        return raw > 1
    wide = raw >> 32
    # A negative int32 is written as one of 64 bits.
    return bool(wide) and not (type_ == ScalarType.INT32 and raw >> 31 == (1 << 33) - 1)


def _lacks(message: MessageType, tree: Tree) -> bool:
    required = {field.number for field in message.fields.values() if field.required}
    return bool(required - {node.number for node in tree.root.children})
