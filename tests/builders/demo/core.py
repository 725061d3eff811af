"""Identities, times and resources: what every part of the demo store is made of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from google.protobuf.json_format import ParseDict

from inspector.schema.catalog import kind_info, kind_rows
from inspector.schema.pools import message_class

FIRST, SECOND, OCTOBER = "2026-01-25", "2026-01-26", "2026-10"
ORG = "tidewater"
SECRET = "demo-secret"

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"

Json = Mapping[str, Any]


class Record(NamedTuple):
    """A row of ``resources``. ``generation`` is None where no pool can read it."""

    kind: str
    id: str
    data: bytes
    updated_at: str
    generation: str | None


class Version(NamedTuple):
    """A row of ``resource_audit``."""

    kind: str
    id: str
    data: bytes
    archived_at: str
    version_hash: str | None
    tag: str | None
    generation: str | None


class Part(NamedTuple):
    """What one module adds to the store; versions are written in the order of their times."""

    records: Sequence[Record]
    versions: Sequence[Version] = ()


def number(seed: str, below: int) -> int:
    """A number that depends on ``seed`` only, whatever Python runs this."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8]) % below


def sha256(text: str) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def at(text: str) -> datetime:
    """A UTC time written as ``2026-01-20 08:12:31``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def after(start: datetime, **delta: float) -> datetime:
    """``start`` and a while, such as ``minutes=3``."""
    return start + timedelta(**delta)


def iso(time: datetime) -> str:
    """A time as the daemon writes it into strings: ``2026-01-20T08:12:31Z``."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def nanos(time: datetime, seed: str) -> str:
    """A Timestamp within that second, to the nanosecond."""
    return f"{time:%Y-%m-%dT%H:%M:%S}.{number(seed, 10**9):09d}Z"


def column(time: datetime) -> str:
    """A time as SQLite's ``datetime('now')`` gives it."""
    return time.strftime("%Y-%m-%d %H:%M:%S")


def ulid(time: datetime, seed: str) -> str:
    """A ULID in lower case: the time to the millisecond, then 80 bits out of ``seed``."""
    milliseconds = int(time.timestamp()) * 1000 + number(seed, 1000)
    entropy = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:10])
    value = milliseconds << 80 | entropy
    return "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))


@dataclass(frozen=True)
class Identity:
    """Who a resource is. ``id`` and ``slug`` follow from the rest where they are not given."""

    kind: str
    name: str
    created: datetime
    org: str = ORG
    given_id: str = ""
    given_slug: str = ""

    @property
    def id(self) -> str:
        """The resource's id, such as ``agt-01kfw3...``."""
        if self.given_id:
            return self.given_id
        prefix = next(row.id_prefix for row in kind_rows() if row.kind == self.kind)
        return f"{prefix}-{ulid(self.created, f'{self.kind}/{self.name}')}"

    @property
    def slug(self) -> str:
        """The name in lower case with hyphens."""
        return self.given_slug or re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


def who(kind: str, name: str, created: str, org: str = ORG, **given: str) -> Identity:
    """An identity; ``given`` are ``given_id`` and ``given_slug``."""
    return Identity(kind, name, at(created), org, **given)


def january_ref(kind: str, slug: str, org: str = ORG, **more: str) -> dict[str, str]:
    """An ApiResourceReference of January."""
    return {"scope": "organization", "org": org, "kind": kind, "slug": slug, **more}


def october_ref(identity: Identity, **more: str) -> dict[str, str]:
    """An ApiResourceReference of October."""
    base = {"org": identity.org, "kind": identity.kind, "slug": identity.slug, "id": identity.id}
    return {**base, **more}


def encode(generation: str, full_name: str, value: Json) -> bytes:
    """The bytes of a message, map entries in the order of their keys.

    Raises:
        google.protobuf.json_format.ParseError: the generation has no such field.
    """
    message = ParseDict(dict(value), message_class(generation, full_name)())
    return message.SerializeToString(deterministic=True)


def _audit(identity: Identity, updated: datetime | None) -> dict[str, Any]:
    changed = updated or identity.created
    info = {
        "createdBy": {"id": "system"},
        "createdAt": nanos(identity.created, identity.id),
        "updatedBy": {"id": "system"},
        "updatedAt": nanos(changed, f"{identity.id}/{changed}"),
        "event": "updated" if updated else "created",
    }
    return {"specAudit": info, "statusAudit": info}


def message_json(
    generation: str,
    identity: Identity,
    spec: Json | None = None,
    status: Json | None = None,
    metadata: Json | None = None,
    updated: datetime | None = None,
) -> tuple[str, dict[str, Any]]:
    """Full name and protojson of a resource's message, as the daemon fills it."""
    info = kind_info(generation, identity.kind)
    assert info is not None
    assert info.message is not None
    scope = {"visibility": "visibility_org"} if generation == OCTOBER else {}
    scope = scope or {"ownerScope": "organization"}
    value: dict[str, Any] = {
        "apiVersion": f"{info.group}.stigmer.ai/v1",
        "kind": info.message.name,
        "metadata": {
            "name": identity.name,
            "slug": identity.slug,
            "id": identity.id,
            **({"org": identity.org, **scope} if identity.org else {}),
            **(metadata or {}),
        },
        "status": {"audit": _audit(identity, updated), **(status or {})},
    }
    if spec is not None:
        value["spec"] = spec
    return info.message.full_name, value


def resource(
    generation: str,
    identity: Identity,
    spec: Json | None = None,
    status: Json | None = None,
    metadata: Json | None = None,
    updated: datetime | None = None,
) -> Record:
    """A resource as the daemon of a generation would have saved it.

    Args:
        generation: whose message it is.
        identity: who it is.
        spec: protojson of the spec, None for a message without one.
        status: protojson of the status; the audit stands beside it.
        metadata: protojson that is added to the metadata.
        updated: when it was last saved, None if never since it was created.
    """
    full_name, value = message_json(generation, identity, spec, status, metadata, updated)
    saved = column(updated or identity.created)
    data = encode(generation, full_name, value)
    return Record(identity.kind, identity.id, data, saved, generation)


def version_of(record: Record, version_hash: str | None, tag: str | None) -> Version:
    """The audit row that archives a record as it is saved."""
    kind, id_, data, saved, generation = record
    return Version(kind, id_, data, saved, version_hash, tag, generation)
