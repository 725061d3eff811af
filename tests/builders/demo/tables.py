"""Rows of the plain tables that stand beside the records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from google.protobuf.json_format import MessageToDict

from inspector.schema.ids import created_at
from tests.builders.demo import wire
from tests.builders.demo.core import OCTOBER, ORG, SECRET, Record, after, at, iso, sha256
from tests.builders.demo.happened import execution_events, session_events
from tests.builders.demo.january_agents import TRIAGE
from tests.builders.demo.october_agents import CASES, CLERK, DESK_VAULT, REEFERS, TOOLBOX
from tests.builders.demo.october_people import NIGHT_DESK, RELEASE_DESK
from tests.builders.demo.october_rest import NIGHTLY, PAUSED
from tests.builders.demo.october_runs import ALARMS, APPROVAL, ENTRIES, NIGHT, QUEUED, REPAIR
from tests.builders.demo.september_agents import LOCKS
from tests.builders.demo.skills import HANDBOOK
from tests.releases import kind_info, message_class

#: What an agent was called before.
FORMER_NAME = "cold-chain-watch"

Row = tuple[object, ...]

#: Kinds the daemon of that time puts into its search index.
INDEXED = ("agent", "eval", "memory", "organization", "plugin", "run", "session", "skill")


#: When layouts were applied: the daemon of January, then upgrades, each to a layout.
_UPGRADES = (
    (2, "2026-01-26 06:30:00"),
    (4, "2026-03-12 09:00:00"),
    (5, "2026-05-18 16:00:00"),
    (6, "2026-08-05 08:00:00"),
    (8, "2026-09-02 08:00:00"),
    (9, "2026-09-21 20:00:00"),
    (13, "2026-09-30 07:00:00"),
    (26, "2026-10-20 08:00:00"),
    (27, "2026-10-22 05:30:00"),
)


def _migrations() -> Iterator[Row]:
    version = 0
    for reached, time in _UPGRADES:
        while version < reached:
            version += 1
            yield version, time


def list_columns(record: Record) -> Row:
    """Organization and time by which a row is listed, and since which state of the row."""
    if record.release is None or not record.data:
        return None, None, None, None
    metadata = _field(record.data, 3)
    made = created_at(record.id)
    created = f"{made:%Y-%m-%dT%H:%M:%S}.{made.microsecond // 1000:03d}Z" if made else None
    org = _field(metadata, 4).decode(errors="replace")
    return org, created, 1, record.updated_at


def _field(data: bytes, number: int) -> bytes:
    """The payload of a field of a message, empty where it is not there."""
    found = (data[body:end] for own, _, body, end in wire.fields(data) if own == number)
    return next(found, b"")


def _list_keys() -> Iterator[Row]:
    keys = (
        *((run, "session_id", ALARMS) for run in (NIGHT, REPAIR)),
        (APPROVAL, "session_id", ENTRIES),
        (ALARMS, "agent_id", REEFERS),
        (ENTRIES, "agent_id", CLERK),
    )
    for identity, key, other in keys:
        yield identity.kind, identity.id, key, other.id, iso(identity.created)


def _names() -> Iterator[Row]:
    named = (REEFERS, CLERK, LOCKS, TOOLBOX, CASES, NIGHTLY, DESK_VAULT, HANDBOOK, TRIAGE)
    for identity in named:
        claimed = iso(max(identity.created, at("2026-09-30 07:00:00")))
        yield identity.kind, ORG, identity.slug, identity.id, "active", claimed, ""
    # It was renamed; until the name expires, what still uses it finds the record.
    former = ("retired", "2026-10-22 08:15:20", "2027-01-20T09:00:00Z")
    yield "agent", ORG, FORMER_NAME, REEFERS.id, *former


def _sign_ins() -> Mapping[str, Sequence[Row]]:
    began, ends = (int(at(f"2026-11-03 {text}:00").timestamp()) for text in ("03:59", "04:59"))
    portal, back = "https://portal.example", "http://127.0.0.1:7420/callback"
    return {
        "pending_oauth_state": [
            (
                f"{SECRET}-pending-{name}-state", f"{SECRET}-pending-{name}-verifier", name,
                f"{SECRET}-pending-{name}-client", f"{portal}/token", NIGHT_DESK.id,
                "sign_in", "client_secret_basic", back, ORG, DESK_VAULT.id, f"{portal}/mcp", began,
            )
            for name in ("portal", "git")
        ],
        "oauth_client_registration": [
            (portal, back, "tidewater-stigmer", began),
            ("https://git.tidewater.example", back, "tidewater-git", began),
        ],
        "connect_link": [
            (
                f"{SECRET}-link-{sha256(name)}", ORG, DESK_VAULT.id, f"{portal}/mcp",
                "https://quayside.example/done", RELEASE_DESK.id, "person", "", began, ends, used,
            )
            for name, used in (("first", began + 60), ("second", None))
        ],
        "connect_attempt": [
            (f"cat-{index}", ORG, NIGHT_DESK.id, NIGHT_DESK.id, TOOLBOX.id, "portal", began, ends)
            for index in range(2)
        ],
    }  # fmt: skip


def _schedule_runs() -> Iterator[Row]:
    for day in range(7):
        fired = after(at("2026-10-27 02:00:00"), days=day)
        done = iso(after(fired, hours=2))
        yield NIGHTLY.id, ORG, iso(fired), "cron", "started", "", NIGHT.id, iso(fired), done
    fired = at("2026-11-01 07:00:00")
    reason = "the agent was not there"
    yield PAUSED.id, ORG, iso(fired), "cron", "failed", reason, "", iso(fired), iso(fired)
    yield PAUSED.id, ORG, iso(fired), "manual", "started", "", QUEUED.id, iso(fired), ""


def _search_rows(records: Sequence[Record]) -> Iterator[Row]:
    for record in records:
        if record.kind not in INDEXED or record.release != OCTOBER:
            continue
        info = kind_info(record.release, record.kind)
        assert info is not None
        assert info.message is not None
        message = message_class(record.release, info.message.full_name).FromString(record.data)
        value = MessageToDict(message)
        metadata, spec = value["metadata"], value.get("spec", {})
        yield (
            record.kind,
            record.id,
            metadata["name"],
            spec.get("description", ""),
            " ".join(metadata.get("tags", [])),
            metadata.get("org", ""),
            metadata.get("visibility", ""),
            int(at(record.updated_at[:19]).timestamp()),
        )


def rows(records: Sequence[Record]) -> Mapping[str, Sequence[Row]]:
    """Rows by table, in the order they are written."""
    started = "2026-10-20 08:00:12"
    return {
        "schema_version": list(_migrations()),
        "search_index": list(_search_rows(records)),
        "bootstrap_state": [
            ("agent:support-triage", TRIAGE.id, "2026-03-12 09:00:04"),
            ("bootstrap_status", "completed", started),
            ("seedpack_version", "1.1.0", started),
            ("skill:port-operations-handbook", HANDBOOK.id, "2026-10-22 07:20:11"),
        ],
        "workflow_execution_events": execution_events(),
        "session_events": session_events(),
        "schedule_runs": list(_schedule_runs()),
        "resource_list_keys": list(_list_keys()),
        "resource_names": list(_names()),
        "organization_deletions": [
            ("dry-dock", "deleted", "2026-10-23T09:00:00Z", "2026-10-23T09:00:02Z", "", "", ""),
            (
                *("salt-works", "deleting", "2026-11-02T16:00:00Z", "2026-11-02T16:00:03Z"),
                *("2026-11-02T16:04:00Z", "vaults", "vlt: the database is locked"),
            ),
        ],
        **_sign_ins(),
    }
