"""Messages with a secret planted in each place where the rules know one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import NamedTuple

from inspector.schema.catalog import release
from inspector.schema.types import Field, MessageType, SecretRule
from tests.builders.demo import wire
from tests.decode.blobs import BlobWriter
from tests.releases import SOME

#: Reads as a message too: field 1 with the 20 letters behind it.
SECRET = b"\x0a\x14planted-secret-value"
SHOWN = "planted-secret-value"


class Spot(NamedTuple):
    """The way of fields from a kind's message to a field with a secret rule."""

    release: str
    kind: str
    message: MessageType
    way: tuple[Field, ...]
    flag: Field | None

    @property
    def rule(self) -> SecretRule:
        rule = self.way[-1].secret
        assert rule is not None
        return rule

    def __repr__(self) -> str:
        return f"{self.release} {self.kind} {'.'.join(field.name for field in self.way)}"


@cache
def spots() -> tuple[Spot, ...]:
    """Every place a rule knows, in every kind of some releases."""
    return tuple(
        spot
        for name in SOME
        for kind, info in release(name).kinds.items()
        if info.message is not None
        for spot in _spots(name, kind, info.message)
    )


def _spots(name: str, kind: str, message: MessageType) -> Iterator[Spot]:
    pending: list[tuple[MessageType, tuple[Field, ...]]] = [(message, ())]
    seen: set[str] = set()
    while pending:
        inside, way = pending.pop()
        if inside.full_name in seen:
            continue
        seen.add(inside.full_name)
        flag = next((one for one in inside.fields.values() if one.name == "is_secret"), None)
        for field in inside.fields.values():
            below = field.map_value.message if field.map_value is not None else field.message
            if field.secret is not None:
                yield Spot(name, kind, message, (*way, field), flag)
            elif below is not None:
                pending.append((below, (*way, field)))


def innermost(spot: Spot, secret: bytes = SECRET, key: str = "Authorization") -> bytes:
    """The fields that hold the secret, its flag behind it where there is one."""
    field = spot.way[-1]
    if spot.rule == SecretRule.HEADER_KEYS:
        return wire.text(field.number, wire.text(1, key) + wire.text(2, secret))
    flagged = wire.integer(spot.flag.number, 1) if spot.flag is not None else b""
    return wire.text(field.number, secret) + flagged


def planted(spot: Spot, inside: bytes | None = None, random: Random | None = None) -> bytes:
    """A blob of the spot's kind with ``inside`` (else a secret) in its place.

    Args:
        spot: where.
        inside: the payload of the message with the secret field.
        random: what chooses the fields written around, None for nothing around.
    """
    payload = innermost(spot) if inside is None else inside
    types = [spot.message, *map(_inside, spot.way[:-1])]
    writer = BlobWriter(random) if random is not None else None
    # What follows the innermost fields could unsay the flag.
    payload = writer.message(types[-1], 1) + payload if writer is not None else payload
    for field, type_ in zip(reversed(spot.way[:-1]), reversed(types[:-1]), strict=True):
        entry = wire.text(1, "planted") + wire.text(2, payload) if field.is_map else payload
        payload = wire.text(field.number, entry)
        if writer is not None:
            payload = writer.message(type_, 2) + payload + writer.message(type_, 2)
    return payload


def _inside(field: Field) -> MessageType:
    message = field.map_value.message if field.map_value is not None else field.message
    assert message is not None
    return message
