"""Records that are right but unusual: deep, long, in other scripts, with fields of a later day."""

from __future__ import annotations

import math

from tests.builders.demo import wire
from tests.builders.demo.core import (
    FIRST,
    OCTOBER,
    SECOND,
    SECRET,
    Identity,
    Part,
    Record,
    Version,
    resource,
    sha256,
    version_of,
    who,
)
from tests.builders.demo.january_workflows import CONFLICTS, default_instance
from tests.builders.demo.prose import markdown

DEEP = who("workflow_execution", "struct of 120 levels", "2026-01-28 19:00:00")
DEEPER = who("workflow_execution", "struct of 1200 levels", "2026-01-28 19:05:00")
NOT_A_NUMBER = who("workflow_execution", "numbers that are none", "2026-01-28 19:10:00")
FUTURE = who("agent", "From a later build", "2026-01-29 12:00:00")
REPEATED = who("session", "Subject given twice", "2026-01-30 09:00:00")
MISFIT = who("session", "Subject is a number", "2026-01-30 09:05:00")
LATE_KEY = who("api_key", "expires in the year 20000", "2026-10-30 10:00:00")
HEBREW = who("agent", "בודק חשבוניות", "2026-01-30 10:00:00", given_slug="hebrew-checker")
EMOJI = who(
    "agent", "🚢 Ship\u2019s clerk 👩🏽\u200d🔧", "2026-01-30 10:05:00", given_slug="ships-clerk"
)
COMBINING = who(
    "environment", "Zu\u0308rich cafe\u0301 \u202eleft", "2026-01-30 10:10:00", given_slug="zuerich"
)
LONG = who(
    "agent_instance",
    "A name that goes on " + "and on " * 300,
    "2026-01-30 10:15:00",
    given_id="ain-" + "0123456789" * 40,
    given_slug="goes-on",
)
NO_ULID = who("skill", "Moved by hand", "2026-01-30 10:20:00", given_id="moved/by hand #1?100%&x=1")
WRONG_ID = who("environment", "Says another id", "2026-01-30 10:25:00")
WRONG_KIND = who("environment", "Says another kind", "2026-01-30 10:30:00")
WRONG_HASH = who("skill", "Hash of another push", "2026-10-30 11:00:00")
EMPTY = who("agent_instance", "empty", "2026-01-30 10:35:00", given_id="ain-empty")

#: Field numbers of ``status`` in a kind's message, of ``output`` in a WorkflowExecutionStatus, of
#: ``subject`` in January's SessionSpec and of ``expires_at`` in an ApiKeySpec.
SPEC, STATUS, OUTPUT, SUBJECT, EXPIRES_AT, METADATA = 4, 5, 3, 2, 3, 3
#: A number that no message of any release gives to the messages it is put into here.
LATER = 17
#: Seconds of 20000-01-01T00:00:00Z, which no Timestamp may hold.
YEAR_20000 = 568_971_820_800


def _execution(identity: Identity) -> Record:
    instance = default_instance(CONFLICTS).id
    return resource(
        FIRST,
        identity,
        {"workflowInstanceId": instance, "workflowId": CONFLICTS.id},
        {"phase": "EXECUTION_COMPLETED"},
    )


def _with(record: Record, path: tuple[int, ...], *additions: bytes) -> Record:
    return record._replace(data=wire.within(record.data, path, b"".join(additions)))


def deep() -> list[Record]:
    """Structs nested past what protobuf for Python, json and orjson read."""
    bottom = wire.text(3, "the bottom")
    numbers = b"".join(
        wire.struct_entry(key, wire.double(2, value))
        for key, value in (
            ("endless", math.inf),
            ("minus endless", -math.inf),
            ("minus zero", -0.0),
            ("none", math.nan),
            ("smallest", 5e-324),
            ("whole", 2.0**53),
        )
    )
    return [
        _with(
            _execution(identity),
            (STATUS,),
            wire.text(OUTPUT, wire.nested_struct(levels, "level", bottom)),
        )
        for identity, levels in ((DEEP, 120), (DEEPER, 1200))
    ] + [_with(_execution(NOT_A_NUMBER), (STATUS,), wire.text(OUTPUT, numbers))]


def later_fields() -> list[Record]:
    """Unknown fields of every wire type, at the root and further in."""
    nested = wire.text(1, "a later setting") + wire.integer(2, -1) + wire.text(LATER, b"\x00\xff")
    agent = resource(
        SECOND,
        FUTURE,
        {
            "instructions": markdown(FUTURE.name, "odd/future", 1),
            "subAgents": [{"name": "later-helper"}],
        },
        {"defaultInstanceId": "ain-01kg1111111111111111111111"},
    )
    agent = _with(agent, (METADATA,), wire.text(LATER, f"{SECRET}-in-an-unknown-field"))
    agent = _with(agent, (STATUS,), wire.double(LATER, 0.25), wire.fixed32(18, 7))
    return [
        _with(
            agent,
            (),
            wire.text(LATER, nested),
            wire.integer(LATER, 300),
            wire.text(LATER, nested),
            wire.group(19, wire.integer(1, 5)),
        )
    ]


def told_twice() -> list[Record]:
    """A singular field given twice, one of a type that does not fit, and a time past all years."""
    spec = {"agentInstanceId": EMPTY.id, "subject": "the first subject", "threadId": "thread-x"}
    late = resource(OCTOBER, LATE_KEY, {"keyHash": f"{SECRET}-late", "boundOrg": "tidewater"})
    expiry = wire.text(EXPIRES_AT, wire.integer(1, YEAR_20000))
    return [
        _with(
            resource(FIRST, REPEATED, spec),
            (),
            wire.text(SPEC, wire.text(SUBJECT, "the second subject")),
        ),
        _with(
            resource(FIRST, MISFIT, {"agentInstanceId": EMPTY.id}),
            (SPEC,),
            wire.integer(SUBJECT, 4410),
        ),
        _with(late, (SPEC,), expiry),
    ]


def scripts() -> list[Record]:
    """Other scripts, signs that change how text runs, and names that do not end."""
    mixed = {
        "description": "العربية ثم English ثم 123",
        "instructions": "שורה ראשונה\r\nline two\n",
    }
    skill = {"skillMd": markdown(NO_ULID.name, "odd/moved", 1), "tag": "stable"}
    note = {"annotations": {"moved": "by hand"}}
    return [
        resource(SECOND, HEBREW, {**mixed, "subAgents": [{"name": "עוזר", "mcpServers": ["א"]}]}),
        resource(SECOND, EMOJI, {"description": "🧾➡️📦", "subAgents": [{"name": "👷"}]}),
        resource(
            FIRST, COMBINING, {"data": {"ГОРОД": {"value": "Санкт"}, "城市": {"value": "上海"}}}
        ),
        resource(FIRST, LONG, {"description": "word " * 4000, "agentId": FUTURE.id}),
        resource(FIRST, NO_ULID, skill, {"state": "SKILL_STATE_FAILED"}, note),
        Record(EMPTY.kind, EMPTY.id, b"", "2026-01-30 10:35:00", FIRST),
    ]


def contradictions() -> Part:
    """Rows whose columns say something else than their blobs."""
    value = {"data": {"REGION": {"value": "eu-north"}}}
    pushed = resource(
        OCTOBER,
        WRONG_HASH,
        {"skillMd": markdown(WRONG_HASH.name, "odd/hash", 1), "name": "hash", "tag": "stable"},
        {"versionHash": sha256("what it is"), "state": "SKILL_STATE_UPLOADING"},
    )
    versions: list[Version] = [
        version_of(pushed, sha256("what it is not"), "stable", WRONG_HASH.created)
    ]
    wrong_id = resource(FIRST, WRONG_ID, value)._replace(id="env-01kg2222222222222222222222")
    wrong_kind = resource(FIRST, WRONG_KIND, value, metadata={"labels": {"by": "hand"}})
    renamed = wrong_kind.data.replace(b"\x12\x0bEnvironment", b"\x12\x0bEnvelopment", 1)
    return Part([pushed, wrong_id, wrong_kind._replace(data=renamed)], versions)


def part() -> Part:
    """All of it."""
    other = contradictions()
    records = [*deep(), *later_fields(), *told_twice(), *scripts(), *other.records]
    return Part(records, other.versions)
