"""Records that no pool reads: unknown kinds, kinds without a message, and damage."""

from __future__ import annotations

import json

from tests.builders.demo import wire
from tests.builders.demo.core import (
    FIRST,
    OCTOBER,
    SECRET,
    Part,
    Record,
    Version,
    column,
    resource,
    who,
)
from tests.builders.demo.january_agents import TRIAGE, default_instance
from tests.builders.demo.october_runs import ALARMS
from tests.builders.demo.prose import markdown

UNKNOWN_KIND = "quantum_widget"
WIDGETS = ("qwd-01kg3333333333333333333333", "qwd-01kg4444444444444444444444")
GONE_WIDGET = "qwd-01kg5555555555555555555555"

BARE = (
    who("api_resource_version", "version 12 of an agent", "2026-01-24 08:00:00"),
    who("credential", "Ledger credential", "2026-01-24 08:05:00"),
    who("platform", "Tidewater platform", "2026-01-24 08:10:00"),
)
CUT_SHORT = who("session", "Cut short", "2026-01-30 11:00:00")
CUT_RUN = who("run", "cut-in-the-spec", "2026-10-30 12:00:00")
LATIN_1 = who("environment", "Saved as Latin-1", "2026-01-30 11:05:00")
JSON_TEXT = who("skill", "Saved as JSON", "2026-01-30 11:10:00")

_STAND_IN = "@@"


def _bare_message(identity_name: str, id_: str, kind: str) -> bytes:
    """The five fields every kind has, with a spec that only its writer understands."""
    metadata = wire.text(1, identity_name) + wire.text(3, id_) + wire.text(4, "tidewater")
    spec = wire.text(1, f"{SECRET}-of-{kind}") + wire.integer(2, 12) + wire.double(7, 0.5)
    return (
        wire.text(1, "agentic.stigmer.ai/v1")
        + wire.text(2, kind.title().replace("_", ""))
        + wire.text(3, metadata)
        + wire.text(4, spec)
    )


def unknown_kinds() -> Part:
    """A kind nobody knows, live and archived."""
    records = [
        Record(UNKNOWN_KIND, id_, _bare_message(name, id_, UNKNOWN_KIND), saved, None)
        for id_, name, saved in (
            (WIDGETS[0], "first widget", "2026-10-31 09:00:00"),
            (WIDGETS[1], "second widget", "2026-10-31 09:00:01"),
        )
    ]
    versions = [
        Version(
            UNKNOWN_KIND, id_, _bare_message("a widget", id_, UNKNOWN_KIND), saved, "", "", None
        )
        for id_, saved in (
            (WIDGETS[0], "2026-10-31 08:59:00"),
            (GONE_WIDGET, "2026-10-31 10:00:00"),
        )
    ]
    return Part(records, versions)


def bare_kinds() -> list[Record]:
    """Kinds that are known by name but have no message."""
    return [
        Record(
            identity.kind,
            identity.id,
            _bare_message(identity.name, identity.id, identity.kind),
            column(identity.created),
            None,
        )
        for identity in BARE
    ]


def damaged() -> list[Record]:
    """Blobs cut off in the middle, text that is not UTF-8, and no protobuf at all."""
    session = resource(
        FIRST,
        CUT_SHORT,
        {"agentInstanceId": default_instance(TRIAGE).id, "subject": "The rest is missing"},
    )
    run = resource(
        OCTOBER,
        CUT_RUN,
        {"sessionId": ALARMS.id, "message": markdown("Cut", "broken/cut", 2)},
    )
    environment = resource(
        FIRST,
        LATIN_1,
        {
            "description": f"K{_STAND_IN}ln",
            "data": {"TOKEN": {"value": f"{SECRET}-latin-{_STAND_IN}", "isSecret": True}},
        },
    )
    text = json.dumps({"kind": "Skill", "spec": {"skillMd": "# Not protobuf\n"}}, indent=2)
    return [
        session._replace(data=session.data[: len(session.data) * 3 // 5], release=None),
        run._replace(data=run.data[: len(run.data) // 2], release=None),
        environment._replace(
            data=environment.data.replace(_STAND_IN.encode(), b"\xf6\xff"), release=None
        ),
        Record(JSON_TEXT.kind, JSON_TEXT.id, text.encode(), column(JSON_TEXT.created), None),
    ]


def part() -> Part:
    """All of it."""
    unknown = unknown_kinds()
    return Part([*unknown.records, *bare_kinds(), *damaged()], unknown.versions)
