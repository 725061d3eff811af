"""A record as JSON: its message, or an envelope that leaves nothing out."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from inspector.decode.json_writer import write
from inspector.decode.node import Tree
from inspector.decode.paths import NodePlace
from inspector.decode.problems import inexpressible, inexpressible_in, unknown_fields
from inspector.decode.secrets import count_covered
from inspector.errors import UnwritableError
from inspector.export.json_object import Raw, object_text
from inspector.history.record import Record, shown_path
from inspector.history.versions import Version
from inspector.plurals import counted

_NAMED: Final = 10
#: What the command line says of unknown fields, behind which ones there are.
_KEPT: Final = "; --envelope keeps them"
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
    why = unwritable(record)
    if why:
        raise UnwritableError(
            f"{name(record)} cannot be written as JSON: {why}", "--envelope gives what there is."
        )
    assert record.tree is not None
    covered = frozenset[int]() if reveal else record.covered
    text = write(record.tree.root, covered, indent=indent, level=level)
    secrets = count_covered(record.tree.root, covered)
    return Written(text, tuple(_losses(record.tree, covered)), secrets)


def envelope_text(
    record: Record, *, reveal: bool = False, indent: int | None = 2, level: int = 0
) -> Written:
    """The record with all that JSON cannot say of its message."""
    covered = frozenset[int]() if reveal else record.covered
    tree = record.tree
    decoded = not unwritable(record)
    unknown = _unknown(tree, covered, reveal) if tree is not None else []
    message: object = None
    secrets = 0
    if decoded and tree is not None:
        secrets = count_covered(tree.root, covered)
        message = Raw(write(tree.root, covered, indent=indent, level=level + 1))
    members: list[tuple[str, object]] = [
        ("kind", record.kind),
        ("id", record.id),
        ("updatedAt", record.updated_at),
        ("version", _version(record.version)),
        ("schema", record.choice.schema),
        ("message", message),
        ("unknownFields", unknown),
        ("problems", _problems(record)),
    ]
    payloads = len(unknown)
    if message is None:
        data = tree.data if tree is not None and reveal else None
        members.append(("data", None if data is None else b64encode(data).decode()))
        payloads += tree is not None
    text = object_text(members, indent=indent, level=level)
    return Written(text, (), secrets, 0 if reveal else payloads)


def unwritable(record: Record) -> str:
    """Why a record's message cannot be written as JSON; empty where it can."""
    if record.tree is None:
        return "its row cannot be read."
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


def covered_note(secrets: int, payloads: int = 0) -> str:
    """The note about what is covered, empty for nothing."""
    parts = [counted(secrets, "secret")] * bool(secrets)
    parts += [counted(payloads, "raw payload")] * bool(payloads)
    if not parts:
        return ""
    verb = "is" if secrets + payloads == 1 else "are"
    return f"{' and '.join(parts)} {verb} covered; --reveal-secrets shows them"


def plain_notes(notes: Iterable[str]) -> list[str]:
    """Notes as sentences without options of the command line; of empty ones nothing."""
    plain = (note.removesuffix(_KEPT) for note in notes)
    return [f"{note[:1].upper()}{note[1:]}." for note in plain if note]


def _losses(tree: Tree, covered: frozenset[int]) -> list[str]:
    if not tree.odd and tree.type is None:
        return []
    return loss_notes(inexpressible_in(NodePlace(tree.root, None)), covered)


def loss_notes(found: Iterable[tuple[str, NodePlace]], covered: frozenset[int]) -> list[str]:
    """The notes about what JSON leaves out or changes, as ``inexpressible`` finds it."""
    count: Counter[str] = Counter()
    named: dict[str, list[NodePlace]] = {}
    for what, place in found:
        count[what] += 1
        if count[what] <= _NAMED:
            named.setdefault(what, []).append(place)
    notes = []
    for what, (one, many, rest) in _SENTENCES.items():
        if total := count[what]:
            places = ", ".join(shown_path(place, covered) for place in named[what])
            more = f" and {total - _NAMED} more" if total > _NAMED else ""
            notes.append(rest.format(f"{total} {one if total == 1 else many} ({places}{more})"))
    return notes


_SENTENCES: Final = {
    "unknown": ("unknown field", "unknown fields", f"left out: {{}}{_KEPT}"),
    "invalid-utf8": ("text", "texts", "not valid UTF-8, written with U+FFFD: {}"),
    "out-of-range": ("time", "times", "out of range, written as seconds and nanos: {}"),
    "no-value": ("value", "values", "without any content, written as null: {}"),
    "no-number": ("number", "numbers", "no JSON number, written as text: {}"),
    "packed": ("Any", "Any", "content not known, written as type URL and bytes: {}"),
    "mask": ("field mask", "field masks", "no JSON form, written as a list of paths: {}"),
}


def _version(version: Version | None) -> dict[str, object] | None:
    if version is None:
        return None
    logged = {} if version.logged is None else {"commit": version.logged.commit}
    return {
        "auditId": version.audit_id,
        "legacyKey": version.legacy_key,
        # The log archives nothing: the row's own time stands above.
        "archivedAt": None if logged else version.archived_at,
        "versionHash": version.version_hash,
        "tag": version.tag,
        **logged,
    }


def _unknown(tree: Tree, covered: frozenset[int], reveal: bool) -> list[dict[str, object]]:
    found = unknown_fields(tree)
    paths = [field.path for field in found]
    if found and covered:
        lost = inexpressible(tree)
        paths = [shown_path(place, covered) for what, place in lost if what == "unknown"]
    return [
        {
            "path": path,
            "number": field.number,
            "wireType": field.wire_type,
            "offset": field.offset,
            "length": field.length,
            "data": b64encode(field.data).decode() if reveal else None,
        }
        for field, path in zip(found, paths, strict=True)
    ]


def _problems(record: Record) -> list[dict[str, object]]:
    return [
        {"code": p.code, "path": p.path, "offset": p.offset, "message": p.message}
        for p in record.problems
    ]
