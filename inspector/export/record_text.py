"""A record as JSON: its message, or an envelope that leaves nothing out."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Final, NamedTuple

from inspector.decode.json_writer import write
from inspector.decode.node import Tree
from inspector.decode.paths import Place
from inspector.decode.problems import inexpressible, unknown_fields
from inspector.errors import UnwritableError
from inspector.export.json_object import Raw, object_text
from inspector.history.record import Record
from inspector.history.versions import Version

_NAMED: Final = 5


class Written(NamedTuple):
    """JSON text without a final newline, and sentences about what it does not say."""

    text: str
    notes: tuple[str, ...]
    covered: int


def message_text(
    record: Record, *, reveal: bool = False, indent: int | None = 2, level: int = 0
) -> Written:
    """The record's message as canonical JSON.

    Raises:
        UnwritableError: it does not decode, or no schema says what it is.
    """
    why = unwritable(record)
    if why:
        raise UnwritableError(
            f"{name(record)} cannot be written as JSON: {why}", "--envelope gives what there is."
        )
    assert record.tree is not None
    covered = frozenset[int]() if reveal else record.covered
    text = write(record.tree.root, covered, indent=indent, level=level)
    return Written(text, tuple(_losses(record.tree)), len(covered))


def envelope_text(
    record: Record, *, reveal: bool = False, indent: int | None = 2, level: int = 0
) -> Written:
    """The record with all that JSON cannot say of its message."""
    covered = frozenset[int]() if reveal else record.covered
    tree = record.tree
    decoded = not unwritable(record)
    message: object = None
    if decoded and tree is not None:
        message = Raw(write(tree.root, covered, indent=indent, level=level + 1))
    members: list[tuple[str, object]] = [
        ("kind", record.kind),
        ("id", record.id),
        ("updatedAt", record.updated_at),
        ("version", _version(record.version)),
        ("schema", record.choice.generation),
        ("message", message),
        ("unknownFields", _unknown(tree, reveal) if tree is not None else []),
        ("problems", _problems(record)),
    ]
    if message is None:
        data = tree.data if tree is not None and reveal else None
        members.append(("data", None if data is None else b64encode(data).decode()))
    hidden = len(covered) if decoded else 0
    return Written(object_text(members, indent=indent, level=level), (), hidden)


def unwritable(record: Record) -> str:
    """Why a record's message cannot be written as JSON; empty where it can."""
    if record.tree is None:
        return "its row cannot be read."
    if record.tree.malformed:
        bad = next((p for p in record.problems if p.severity == "error"), None)
        return bad.message if bad is not None else "it does not decode."
    if record.choice.generation is None and not record.json_store:
        return f"{record.choice.why}."
    return ""


def name(record: Record) -> str:
    """The record as a sentence names it."""
    shown = f"{record.kind} {record.id}"
    return f"{shown} at {record.version.name}" if record.version is not None else shown


def covered_note(count: int) -> str:
    """The note about covered secrets, empty for none."""
    if not count:
        return ""
    secrets = "1 secret is" if count == 1 else f"{count} secrets are"
    return f"{secrets} covered; --reveal-secrets shows them"


def _losses(tree: Tree) -> list[str]:
    lost = inexpressible(tree) if tree.odd or tree.type is not None else []
    by_kind: dict[str, list[Place]] = {}
    for what, place in lost:
        by_kind.setdefault(what, []).append(place)
    notes = []
    for what, (one, many, rest) in _SENTENCES.items():
        places = by_kind.get(what)
        if places:
            noun = one if len(places) == 1 else many
            notes.append(rest.format(f"{len(places)} {noun} ({_names(places)})"))
    return notes


_SENTENCES: Final = {
    "unknown": ("unknown field", "unknown fields", "left out: {}; --envelope keeps them"),
    "invalid-utf8": ("text", "texts", "not valid UTF-8, written with U+FFFD: {}"),
    "out-of-range": ("time", "times", "out of range, written as seconds and nanos: {}"),
}


def _names(places: Sequence[Place]) -> str:
    named = ", ".join(place.path for place in places[:_NAMED])
    more = len(places) - _NAMED
    return f"{named} and {more} more" if more > 0 else named


def _version(version: Version | None) -> dict[str, object] | None:
    if version is None:
        return None
    return {
        "auditId": version.audit_id,
        "legacyKey": version.legacy_key,
        "archivedAt": version.archived_at,
        "versionHash": version.version_hash,
        "tag": version.tag,
    }


def _unknown(tree: Tree, reveal: bool) -> list[dict[str, object]]:
    return [
        {
            "path": field.path,
            "number": field.number,
            "wireType": field.wire_type,
            "offset": field.offset,
            "length": field.length,
            "data": b64encode(field.data).decode() if reveal else None,
        }
        for field in unknown_fields(tree)
    ]


def _problems(record: Record) -> list[dict[str, object]]:
    return [
        {"code": p.code, "path": p.path, "offset": p.offset, "message": p.message}
        for p in record.problems
    ]
