"""A message as its writer would write it again: the fast way through nearly all bytes.

Fields come in order, each in one run, all of them known and whole. Whatever else there is, the
message is read once more by :mod:`inspector.decode.decoder`, which minds everything.
"""

from __future__ import annotations

from typing import Any, Final

from inspector.decode.decoding_state import Decoding, Gathered
from inspector.decode.element_runs import gathered
from inspector.decode.field_runs import MessageChildren
from inspector.decode.field_table import (
    CONTESTED,
    DATED,
    DATED_VALUES,
    IN_ONEOF,
    FieldTable,
    Op,
    TagStep,
)
from inspector.decode.maps_and_structs import entry, folded
from inspector.decode.nested_runs import NestedRuns
from inspector.decode.node import Node, NodeKind
from inspector.decode.wire import read_length, read_varint

# Plain names for the hot loop: an attribute of an enum costs as much as the work it guards.
_new: Final = tuple.__new__
_NONE: Final[tuple[Node, ...]] = ()
_LONG: Final = 1 << 16  #: bytes of a text that is not copied to be read: it may be most of a blob
_MESSAGE, _SCALAR, _ENUM = int(NodeKind.MESSAGE), int(NodeKind.SCALAR), int(NodeKind.ENUM)
_OP_STRING, _OP_MESSAGE, _OP_MAP = int(Op.STRING), int(Op.MESSAGE), int(Op.MAP)
_OP_PACKED, _OP_VARINT, _OP_ENUM = int(Op.PACKED), int(Op.VARINT), int(Op.ENUM)
_OP_BYTES, _OP_FIXED = int(Op.BYTES), int(Op.FIXED)
_IN_ONEOF, _DATED = int(IN_ONEOF), int(DATED)
_DATED_VALUES, _CONTESTED = int(DATED_VALUES), int(CONTESTED)


def usual(  # noqa: C901, PLR0912, PLR0915 - the hot loop: calls cost more than branches here
    decoder: Decoding, children: list[Node], own: FieldTable, pos: int, end: int
) -> bool:
    """Reads a message in its usual form.

    Returns:
        False where it is not in that form; what was appended is then to be thrown away.
    """
    data, steps, work, seen = decoder.data, own.quick, decoder.work, decoder.seen
    large, many = decoder.large, decoder.many
    last = 0
    chosen = False
    to: Gathered
    run: Gathered | None = None
    head: tuple[TagStep, int, int, int] | None = None  # of the run: step, start, body, tag
    while pos < end:
        start = pos
        tag = data[pos]
        pos += 1
        if tag >= 0x80:
            if data[pos] >= 0x80:
                return False
            tag = (tag & 0x7F) | data[pos] << 7
            pos += 1
        step = steps.get(tag)
        if step is None:
            return False
        op, field, number, repeated, mark, convert, fixed, inner = step
        if number <= last and (number < last or not repeated):
            return False
        if mark:
            if mark == _DATED:  # what most marks are
                seen.add(field)
            else:
                if mark & _IN_ONEOF:
                    if chosen:
                        return False
                    chosen = True
                if mark & _DATED:
                    seen.add(field)
        body = pos
        children_below: Any = _NONE
        kind = _SCALAR
        if op < _OP_VARINT:
            body += 1
            pos = body + data[pos]
            if data[body - 1] >= 0x80:
                body, pos = read_length(data, body - 1, end)
        elif op == _OP_FIXED:
            pos += fixed.size
        else:
            raw = data[pos]
            pos += 1
            if raw >= 0x80:
                raw, pos = read_varint(data, body, end)
        if pos > end or pos < 0:
            return False
        if number != last:
            if run is not None:
                children.append(_close(decoder, head, run, start))
                run = None
            if repeated:
                run, head = [], (own.steps[tag], start, body, tag)
            last = number
        if op == _OP_STRING:
            try:
                value: Any = (
                    data[body:pos].decode()
                    if pos - body < _LONG
                    else str(memoryview(data)[body:pos], "utf-8")
                )
            except UnicodeDecodeError:
                return False
        elif op == _OP_MESSAGE:
            kind, value = _MESSAGE, None
            children_below = [] if pos - body < large else MessageChildren()
            (decoder.aside if mark & _CONTESTED else work).append(
                (children_below, inner, body, pos, None)
            )
        elif op == _OP_VARINT:
            value = convert(raw)
        elif op == _OP_ENUM:
            kind, value = _ENUM, convert(raw)
            if mark & _DATED_VALUES:
                (decoder.within if mark & _CONTESTED else seen).add((field.enum, value))  # type: ignore[arg-type]
        elif op == _OP_FIXED:
            value = fixed.unpack_from(data, body)[0]
        elif op == _OP_BYTES:
            value = data[body:pos]
        else:
            if run is None:
                children.append(folded(decoder, field, None, [(start, body, pos, tag)], start, pos))
            elif op != _OP_PACKED and not len(run) % many and _is_long(decoder, own, run, head):
                return False
            elif op == _OP_MAP:
                begun = len(work)
                run.append(entry(decoder, field, start, body, pos, tag))
                if mark & _CONTESTED:
                    decoder.set_aside(begun)
            elif op == _OP_PACKED:
                run = gathered(decoder, own.steps[tag], run, head[1], (start, body, pos, tag))  # type: ignore[index]
                decoder.unpack(own.steps[tag], body, pos, run)
            else:
                span = (start, body, pos, tag)
                run.append(folded(decoder, field, len(run), [span], start, pos))
            continue
        if run is None:
            label, to = None, children
        else:
            label, to = len(run), run
            if label and not label % many:
                one = (start, body, pos, tag)
                to = run = gathered(decoder, own.steps[tag], run, head[1], one)  # type: ignore[index]
                if type(run) is NestedRuns:
                    return False
        to.append(
            _new(Node, (kind, field, label, value, children_below, start, body, pos, tag, None))
        )
    if run is not None:
        children.append(_close(decoder, head, run, end))
    return True


def _is_long(
    decoder: Decoding, own: FieldTable, run: Gathered, head: tuple[TagStep, int, int, int] | None
) -> bool:
    """Whether the elements found so far are better kept by where they lie."""
    assert head is not None
    step, start, _, tag = head
    if len(run) < decoder.many:
        return False
    last = run[-1][0] if step.op == Op.MAP else run[-1]
    found = gathered(decoder, step, run, start, (last.end, last.end, last.end, tag))
    return type(found) is NestedRuns


def _close(
    decoder: Decoding,
    head: tuple[TagStep, int, int, int] | None,
    run: Gathered,
    end: int,
) -> Node:
    assert head is not None
    step, start, body, tag = head
    return decoder.listing(step, run, start, body, end, tag)
