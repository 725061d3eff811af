"""The demo store read back, for the tests that look at what is in it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import apsw

from inspector import assets
from tests.builders.demo.core import Identity, Record, Version
from tests.builders.demo.store import content
from tests.releases import kind_info, message_class

DEMO = assets.path("demo", "stigmer.sqlite")
LEGACY_KIND = "SKILL_AUDIT"

made = content()
live = {(record.kind, record.id): record for record in made.records}
rows: list[Record | Version] = [*made.records, *made.versions]


@contextmanager
def any_depth() -> Iterator[None]:
    """Let google.protobuf read what is nested past its limit of 100 messages."""
    upb = importlib.import_module("google._upb._message")
    upb.SetAllowOversizeProtos(True)
    try:
        yield
    finally:
        upb.SetAllowOversizeProtos(False)


def parsed(row: Record | Version) -> Any:
    """The row's message, of the class its release has for its kind.

    Raises:
        google.protobuf.message.DecodeError: the blob is broken, or nested more than 100 messages
            deep outside :func:`any_depth`.
    """
    assert row.release is not None
    info = kind_info(row.release, "skill" if row.kind == LEGACY_KIND else row.kind)
    assert info is not None
    assert info.message is not None
    return message_class(row.release, info.message.full_name).FromString(row.data)


def message_of(identity: Identity) -> Any:
    """The live message of a resource."""
    return parsed(live[identity.kind, identity.id])


def history(identity: Identity) -> list[Version]:
    """The archived rows of a resource, oldest first."""
    return [version for version in made.versions if version.id == identity.id]


def query(sql: str) -> list[tuple[object, ...]]:
    """What the file that ships answers, without a file appearing beside it."""
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(f"{DEMO.as_uri()}?immutable=1", flags=flags)
    try:
        return list(connection.execute(sql))
    finally:
        connection.close()
