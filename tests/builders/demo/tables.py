"""Rows of the plain tables that stand beside the records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from google.protobuf.json_format import MessageToDict

from inspector.schema.catalog import kind_info
from inspector.schema.pools import message_class
from tests.builders.demo.core import ORG, SECRET, Record, after, at, column, iso, sha256
from tests.builders.demo.happened import execution_events
from tests.builders.demo.october_people import NIGHT_DESK, RELEASE_DESK
from tests.builders.demo.october_rest import NIGHTLY, PAUSED
from tests.builders.demo.october_runs import NIGHT, QUEUED

Row = tuple[object, ...]

#: Kinds the daemon of that time puts into its search index.
INDEXED = ("agent", "eval", "memory", "organization", "plugin", "run", "session", "skill")


def _migrations() -> Iterator[Row]:
    days = ("01-26", "01-26", "03-04", "04-21", "06-15", "08-02", "09-18", "10-01")
    for version, day in enumerate(days, 1):
        yield version, f"2026-{day} 06:30:{version:02d}"


def _schedule_runs() -> Iterator[Row]:
    for day in range(7, 15):
        fired = at(f"2026-10-{day:02d} 02:00:00")
        done = column(after(fired, hours=2))
        yield NIGHTLY.id, ORG, iso(fired), "cron", "started", None, NIGHT.id, column(fired), done
    fired = at("2026-10-12 07:00:00")
    reason = "the agent was not there"
    yield PAUSED.id, ORG, iso(fired), "cron", "failed", reason, None, column(fired), column(fired)
    yield PAUSED.id, ORG, iso(fired), "manual", "started", "", QUEUED.id, column(fired), None


def _search_rows(records: Sequence[Record]) -> Iterator[Row]:
    for record in records:
        if record.kind not in INDEXED or record.generation != "2026-10":
            continue
        info = kind_info(record.generation, record.kind)
        assert info is not None
        assert info.message is not None
        message = message_class(record.generation, info.message.full_name).FromString(record.data)
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
            record.updated_at,
        )


def rows(records: Sequence[Record]) -> Mapping[str, Sequence[Row]]:
    """Rows by table, in the order they are written."""
    return {
        "schema_version": list(_migrations()),
        "search_index": list(_search_rows(records)),
        "bootstrap_state": [
            ("default_org", ORG, "2026-10-01 07:00:00"),
            ("instance_id", sha256("instance")[:32], "2026-10-01 07:00:00"),
            ("seeded_skills", '["freight"]', "2026-10-02 07:20:11"),
        ],
        "workflow_execution_events": execution_events(),
        "schedule_runs": list(_schedule_runs()),
        "signal_dedupe": [
            (f"sig-{sha256(str(index))[:12]}", f"2026-10-1{index} 05:00:00") for index in range(5)
        ],
        "oauth_grant": [
            ("grant-portal", NIGHT_DESK.id, "2026-10-02 22:06:30"),
            ("grant-git", RELEASE_DESK.id, "2026-10-03 08:00:12"),
        ],
        "pending_oauth_state": [
            (
                f"state-{name}",
                f"{SECRET}-pending-{name}-client",
                f"{SECRET}-pending-{name}-verifier",
                "2026-10-14 03:59:00",
            )
            for name in ("portal", "git")
        ],
    }
