"""Identities, times and resources: what every part of the demo store is made of."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from google.protobuf.json_format import ParseDict

from inspector.schema.catalog import merged_schema
from tests.releases import kind_info, message_class

#: Releases that the store lived with, oldest first.
FIRST, SECOND = "2026-01-25", "2026-01-26"
MARCH_21, MARCH_27, MAY, JULY, AUGUST = "0.0.37", "0.0.49", "1.0.4", "3.1.8", "3.6.0"
SEPTEMBER, OCTOBER = "3.41.0", "apis-0.1.0.dev0"
ORG = "tidewater"
SECRET = "demo-secret"

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"

Json = Mapping[str, Any]

#: When the daemon first had a file; what it took over from before was saved within ten minutes.
BEGAN: Final = datetime(2026, 1, 25, 6, 30, tzinfo=UTC)
_OLDEST: Final = datetime(2026, 1, 19, tzinfo=UTC)
#: Since then execution contexts have another prefix (0.0.45).
_PREFIXES: Final = datetime(2026, 3, 26, tzinfo=UTC)
#: Since then ids join prefix and ULID with an underscore; that is not dated to the day.
_UNDERSCORES: Final = datetime(2026, 4, 1, tzinfo=UTC)
#: Since layout 11 ``updated_at`` has milliseconds.
_MILLISECONDS: Final = datetime(2026, 9, 30, 7, tzinfo=UTC)
_OF_JANUARY: Final = frozenset((FIRST, SECOND))


class Record(NamedTuple):
    """A row of ``resources``. ``release`` is None where no pool can read it."""

    kind: str
    id: str
    data: bytes
    updated_at: str
    release: str | None


class Version(NamedTuple):
    """A row of ``resource_audit``."""

    kind: str
    id: str
    data: bytes
    archived_at: str
    version_hash: str | None
    tag: str | None
    release: str | None


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


def milliseconds(time: datetime) -> str:
    """The same with made-up milliseconds."""
    text = column(time)
    return f"{text}.{number(text, 1000):03d}"


def saved_at(time: datetime) -> str:
    """``updated_at`` of a row that is saved at a time."""
    if time >= _MILLISECONDS:
        return milliseconds(time)
    return column(time if time >= BEGAN else BEGAN + (time - _OLDEST) / 1000)


def sealed_value(text: str) -> str:
    """A sealed value of made-up bytes, in which the text stands where there would be none."""
    nonce, tag = sha256(f"{text}/nonce")[:12], sha256(f"{text}/tag")[:16]
    return f"enc:v1:{base64.b64encode(f'{nonce}{text}{tag}'.encode()).decode()}"


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
        """The resource's id, such as ``agt-01kfw3...`` or, later, ``agt_01kfw3...``."""
        if self.given_id:
            return self.given_id
        prefixes = [row.id_prefix for row in merged_schema().kinds if row.kind == self.kind]
        prefix = prefixes[-1 if self.created >= _PREFIXES else 0]
        joint = "_" if self.created >= _UNDERSCORES else "-"
        return f"{prefix}{joint}{ulid(self.created, f'{self.kind}/{self.name}')}"

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
    return {**ref(identity), "id": identity.id, **more}


def ref(identity: Identity, **more: str) -> dict[str, str]:
    """An ApiResourceReference of the releases between."""
    return {"org": identity.org, "kind": identity.kind, "slug": identity.slug, **more}


def encode(release: str, full_name: str, value: Json) -> bytes:
    """The bytes of a message, map entries in the order of their keys.

    Raises:
        google.protobuf.json_format.ParseError: the release has no such field.
    """
    message = ParseDict(dict(value), message_class(release, full_name)())
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
    release: str,
    identity: Identity,
    spec: Json | None = None,
    status: Json | None = None,
    metadata: Json | None = None,
    updated: datetime | None = None,
) -> tuple[str, dict[str, Any]]:
    """Full name and protojson of a resource's message, as the daemon fills it."""
    info = kind_info(release, identity.kind)
    assert info is not None
    assert info.message is not None
    scope = {"visibility": "visibility_private"}
    if release in _OF_JANUARY:
        scope = {"ownerScope": "organization"}
    elif release in (SEPTEMBER, OCTOBER):
        scope = {"visibility": "visibility_org"}
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
    release: str,
    identity: Identity,
    spec: Json | None = None,
    status: Json | None = None,
    metadata: Json | None = None,
    updated: datetime | None = None,
) -> Record:
    """A resource as the daemon of a release would have saved it.

    Args:
        release: whose message it is.
        identity: who it is.
        spec: protojson of the spec, None for a message without one.
        status: protojson of the status; the audit stands beside it.
        metadata: protojson that is added to the metadata.
        updated: when it was last saved, None if never since it was created.
    """
    full_name, value = message_json(release, identity, spec, status, metadata, updated)
    saved = saved_at(updated or identity.created)
    data = encode(release, full_name, value)
    return Record(identity.kind, identity.id, data, saved, release)


def version_of(
    record: Record, version_hash: str | None, tag: str | None, time: datetime
) -> Version:
    """The audit row that archives a record as it is saved, with whole seconds in every layout."""
    kind, id_, data, _, release = record
    return Version(kind, id_, data, column(time), version_hash, tag, release)
