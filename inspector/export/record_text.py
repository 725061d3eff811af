"""A record as JSON: its message, or an envelope that leaves nothing out."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Final, Protocol

from inspector.decode.json_writer import write_parts
from inspector.decode.node import Tree
from inspector.decode.problems import (
    unknown_field,
    unknown_places,
)
from inspector.errors import UnwritableError
from inspector.export.json_losses import losses
from inspector.export.json_object import PartsWriter, Put, write_array, write_object
from inspector.history.record import Record, shown_path
from inspector.history.versions import Version
from inspector.named_tuple import NamedTuple

_UNDECODABLE: Final = frozenset(("undecodable", "not-json"))


class Written(NamedTuple):
    """JSON text without a final newline, and what it does not say.

    Attributes:
        text: the JSON text.
        notes: sentences about what it leaves out or changes.
        covered: how many secrets are covered.
        hidden: how many raw payloads are held back, since they may hold secrets.
    """

    text: str
    notes: tuple[str, ...]
    covered: int
    hidden: int = 0


def message_text(
    record: Record, *, reveal: bool = False, indent: int | None = 2, level: int = 0
) -> Written:
    """The record's message as canonical JSON.

    Raises:
        UnwritableError: it does not decode, or no schema says what it is.
    """
    return _gathered(write_message, record, reveal, indent, level)


def envelope_text(
    record: Record, *, reveal: bool = False, indent: int | None = 2, level: int = 0
) -> Written:
    """The record with all that JSON cannot say of its message."""
    return _gathered(write_envelope, record, reveal, indent, level)


class _Writer(Protocol):
    def __call__(
        self, record: Record, put: Put, *, reveal: bool, indent: int | None, level: int
    ) -> Written: ...


def _gathered(
    write: _Writer, record: Record, reveal: bool, indent: int | None, level: int
) -> Written:
    parts: list[str] = []
    together = PartsWriter(parts.append)
    written = write(record, together.put, reveal=reveal, indent=indent, level=level)
    together.flush()
    return written._replace(text="".join(parts))


def write_message(
    record: Record, put: Put, *, reveal: bool = False, indent: int | None = 2, level: int = 0
) -> Written:
    """The record's message as canonical JSON, handed out in parts: there may be a million.

    Returns:
        What the text does not say; the text itself is not in it.

    Raises:
        UnwritableError: it does not decode, or no schema says what it is; nothing is handed out.
    """
    why = unwritable(record)
    if why:
        raise UnwritableError(
            f"{name(record)} cannot be written as JSON: {why}", "--envelope gives what there is."
        )
    assert record.tree is not None
    covered = frozenset[int]() if reveal else record.covered
    seen = write_parts(record.tree.root, covered, put, indent=indent, level=level)
    return Written("", tuple(losses(record.tree, covered, seen.plain)), seen.covered)


def write_envelope(
    record: Record, put: Put, *, reveal: bool = False, indent: int | None = 2, level: int = 0
) -> Written:
    """The record with all that JSON cannot say of its message, handed out in parts."""
    covered = frozenset[int]() if reveal else record.covered
    tree = record.tree
    decoded = not unwritable(record)
    root = tree.root if decoded and tree is not None else None
    secrets = payloads = 0

    def message(out: Put) -> None:
        nonlocal secrets
        assert root is not None
        secrets = write_parts(root, covered, out, indent=indent, level=level + 1).covered

    def unknown(out: Put) -> None:
        found = _unknown(tree, covered, reveal) if tree is not None else iter(())

        def counted_ones() -> Iterator[dict[str, object]]:
            nonlocal payloads
            for one in found:
                payloads += 1
                yield one

        write_array(counted_ones(), out, indent=indent, level=level + 1)

    members: list[tuple[str, object]] = [
        ("kind", record.kind),
        ("id", record.id),
        ("updatedAt", record.updated_at),
        ("version", _version(record.version)),
        ("schema", record.choice.schema),
        ("message", None if root is None else message),
        ("unknownFields", unknown),
        ("problems", _problems(record)),
    ]
    if root is None:
        data = tree.data if tree is not None and reveal else None
        members.append(("data", None if data is None else b64encode(data).decode()))
    write_object(members, put, indent=indent, level=level)
    payloads += root is None and tree is not None
    return Written("", (), secrets, 0 if reveal else payloads)


def unwritable(record: Record) -> str:
    """Why a record's message cannot be written as JSON; empty where it can."""
    if record.tree is None:
        return next((p.message for p in record.problems), "its row cannot be read.")
    if record.tree.malformed:
        bad = next((p for p in record.problems if p.code in _UNDECODABLE), None)
        return bad.message if bad is not None else "it does not decode."
    if record.choice.schema is None and not record.json_store:
        return f"{record.choice.why}."
    return ""


def name(record: Record) -> str:
    """The record as a sentence names it."""
    shown = f"{record.kind} {record.id}"
    return f"{shown} at {record.version.name}" if record.version is not None else shown


def _version(version: Version | None) -> dict[str, object] | None:
    if version is None:
        return None
    logged = {} if version.logged is None else {"commit": version.logged.commit}
    return {
        "auditId": version.audit_id,
        "legacyKey": version.legacy_key,
        # The log archives nothing: the row's own time stands above.
        "archivedAt": None if logged or version.seen else version.archived_at,
        "versionHash": version.version_hash,
        "tag": version.tag,
        **logged,
    }


def _unknown(tree: Tree, covered: frozenset[int], reveal: bool) -> Iterator[dict[str, object]]:
    for place in unknown_places(tree):
        field = unknown_field(tree, place)
        yield {
            "path": shown_path(place, covered) if covered else field.path,
            "number": field.number,
            "wireType": field.wire_type,
            "offset": field.offset,
            "length": field.length,
            "data": b64encode(field.data).decode() if reveal else None,
        }


def _problems(record: Record) -> list[dict[str, object]]:
    return [
        {"code": p.code, "path": p.path, "offset": p.offset, "message": p.message}
        for p in record.problems
    ]
