"""A blob without its secrets, for a bundle: other bytes of the same length stand in their place.

Exports are JSON, in which :mod:`inspector.decode.json_writer` writes ``[covered]``.

Lengths stay, so every field keeps its number, its wire type and its size, and all around it is
read as before. What stands in place of a payload can be read as text, as a message and as packed
numbers, since the same bytes may be any of these to some release.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from inspector.decode.field_runs import foremost, replaced_secrets, spans_of_many, within
from inspector.decode.json_writer import write
from inspector.decode.node import Node, NodeKind, Tree, WireType
from inspector.decode.secrets import nodes_of
from inspector.decode.wire import WireSpans, members, overlong, read_field
from inspector.errors import InspectorError

_OPAQUE: Final = frozenset((NodeKind.UNKNOWN, NodeKind.SHADOWED, NodeKind.MALFORMED))
_LISTED: Final = frozenset((NodeKind.LIST, NodeKind.MAP))
_KEY: Final = 1
#: No field begins with it: what could not be read stays so.
_BROKEN: Final = b"\x07"


def filler(size: int) -> bytes:
    """What stands in place of so many bytes: text, fields that no message here has, and numbers.

    The fields have the number 15: ``x*`` one with a varint, ``}****`` one of 32 bits, and ``z``
    one with a length.
    """
    if size == 1:
        return b"*"
    if size == 3:
        return b"z\x01*"
    return (b"}****" if size % 2 else b"") + b"x*" * ((size - 5 * (size % 2)) // 2)


def redacted(tree: Tree, covered: frozenset[int]) -> bytes:
    """The blob of a tree without what is covered in it, and without what has no name.

    Args:
        tree: a decoded blob, or a JSON document, which is laid out anew.
        covered: ``id()`` of the nodes that are secrets.
    """
    if tree.root.kind != NodeKind.MESSAGE:
        return _document(tree, covered)
    hidden = WireSpans(_ranges(tree, nodes_of(tree, covered)))
    if not hidden:
        return tree.data
    out = bytearray(tree.data)
    work = [(0, len(out))]
    while work:
        start, end = work.pop()
        while start < end:
            begun = len(work)
            start = _field(tree.data, start, end, hidden, out, work)
            if len(work) > begun:  # of a million side by side one waits at a time
                inner = work.pop()
                work.append((start, end))
                start, end = inner
    return bytes(out)


def secrets_of(tree: Tree, covered: frozenset[int]) -> Iterator[bytes]:
    """The texts and bytes within what is covered, and numbers as text; not a map's keys."""
    for one in chain((tree.root,), within(tree.root)) if tree.odd else ():
        for start, end in replaced_secrets(one.children):
            yield tree.data[start:end]
    hidden = nodes_of(tree, covered)
    for node in chain(hidden, chain.from_iterable(within(one, among=iter) for one in hidden)):
        if node.kind in _OPAQUE:
            yield tree.data[node.body : node.end]
        elif isinstance(node.value, bytes):
            yield node.value
        elif isinstance(node.value, str):
            yield node.value.encode("utf-8", "surrogatepass")
            if node.problem:
                yield tree.data[node.body : node.end]
        elif isinstance(node.value, int) and not isinstance(node.value, bool):
            yield str(node.value).encode()


def _document(tree: Tree, covered: frozenset[int]) -> bytes:
    if tree.malformed:
        return filler(len(tree.data))
    try:
        return write(tree.root, covered, indent=None).encode("utf-8", "surrogatepass")
    except InspectorError:
        return filler(len(tree.data))


def _ranges(tree: Tree, covered: Iterable[Node]) -> Iterator[tuple[int, int]]:
    """The bytes of covered nodes, and of all nodes that have no name."""
    for node in covered:
        yield from _of(tree.data, node)
    if not tree.odd and tree.type is not None:
        return
    yield from spans_of_many(tree.root.children)
    for child in within(tree.root, lambda one: one.kind not in _OPAQUE, foremost):
        if child.kind in _OPAQUE:
            yield _payload(child)
        elif child.children:
            yield from spans_of_many(child.children)


def _of(data: bytes, node: Node) -> Iterator[tuple[int, int]]:
    if node.kind in _LISTED:
        # From its first to its last occurrence there may be fields of other names.
        for child in node.children:
            yield _payload(child)
        return
    if isinstance(node.label, str | bool) or (node.field is not None and node.field.is_map):
        kept = [
            (one[1], one[2]) for one in members(data, node.start, node.end) if one[3] >> 3 != _KEY
        ]
        if kept:
            yield from kept
            return
    yield _payload(node)


def _payload(node: Node) -> tuple[int, int]:
    """What is taken out of a node: not its tag and length, or it would take its parent's place."""
    return node.start if node.kind == NodeKind.MALFORMED else node.body, node.end


def _field(
    data: bytes,
    start: int,
    end: int,
    hidden: WireSpans,
    out: bytearray,
    work: list[tuple[int, int]],
) -> int:
    """Takes out what is hidden of the field at ``start``, or puts its inside on the list.

    Returns:
        Where the next field begins.
    """
    found = read_field(data, start, end) or overlong(data, start, end)
    if found is None:
        if hidden.touch(start, end):
            out[start:end] = _BROKEN * (end - start)
        return end
    _, body, stop, tag = found
    wire = tag & 7
    if not hidden.touch(body, stop):
        return stop
    if wire == WireType.LEN:
        if hidden.hold(body, stop) or stop - body < 2:
            out[body:stop] = filler(stop - body)
        else:
            work.append((body, stop))
    elif wire == WireType.VARINT:
        out[body:stop] = b"\x80" * (stop - body - 1) + b"\0"
    elif wire in (WireType.I64, WireType.I32):
        out[body:stop] = bytes(stop - body)
    return stop
