"""The demo store: the file that ships is the one the code writes, and holds what is promised."""

from __future__ import annotations

import json
import re
import struct
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import DecodeError

from inspector.decode.encrypted_values import sealed
from inspector.decode.json_writer import write
from inspector.schema.catalog import release
from inspector.session.session import Session
from tests.builders.demo import (
    broken,
    happened,
    january_agents,
    january_base,
    january_runs,
    january_workflows,
    march_to_august,
    october_runs,
    odd,
    september_agents,
    september_runs,
)
from tests.builders.demo.core import (
    AUGUST,
    FIRST,
    JULY,
    MARCH_21,
    MARCH_27,
    MAY,
    OCTOBER,
    SECOND,
    SEPTEMBER,
    Identity,
    Record,
    Version,
)
from tests.builders.demo.reading import (
    DEMO,
    any_depth,
    history,
    live,
    made,
    message_of,
    parsed,
    query,
    rows,
)
from tests.builders.demo.store import build
from tests.decode.readings import among
from tests.releases import SOME, kind_info, message_class

#: Where SQLite's file header says which version wrote it, which is no content.
WRITER = slice(96, 100)


SINCE_MARCH = (MARCH_21, MARCH_27, MAY, JULY, AUGUST, SEPTEMBER, OCTOBER)
#: Kinds whose rows a migration wrote again without a new time.
RENAMED = ("run", "agent_run")


def session_record(identity: Identity) -> Any:
    return Session.demo().record(identity.kind, identity.id)


@pytest.fixture(scope="module", autouse=True)
def lifted_depth() -> Iterator[None]:
    with any_depth():
        yield


class TestFile:
    def test_building_again_gives_the_same_bytes(self, tmp_path: Path) -> None:
        first, second = tmp_path / "first.sqlite", tmp_path / "second.sqlite"
        build(first)
        build(second)
        fresh, shipped = bytearray(first.read_bytes()), bytearray(DEMO.read_bytes())
        assert fresh == second.read_bytes()
        fresh[WRITER] = shipped[WRITER] = bytes(4)
        assert fresh == shipped, "run python -m tests.builders.demo"
        assert sorted(path.name for path in tmp_path.iterdir()) == [first.name, second.name]

    def test_it_is_one_small_file_without_a_journal(self) -> None:
        head = DEMO.read_bytes()[:100]
        page_size, write_version, read_version = struct.unpack(">HBB", head[16:20])
        assert (page_size, write_version, read_version) == (4096, 1, 1)
        assert DEMO.stat().st_size < 1_500_000
        assert [path.name for path in DEMO.parent.iterdir()] == [DEMO.name]

    def test_nothing_there_is_overwritten(self, tmp_path: Path) -> None:
        mine = tmp_path / "mine.sqlite"
        mine.write_text("mine")
        with pytest.raises(FileExistsError):
            build(mine)
        assert mine.read_text() == "mine"

    def test_it_is_sound_and_holds_what_the_code_says(self) -> None:
        assert query("PRAGMA integrity_check") == [("ok",)]
        found = query("SELECT kind, id, data, updated_at FROM resources ORDER BY kind, id")
        assert found == [record[:4] for record in made.records]
        found = query(
            "SELECT kind, resource_id, data, archived_at, version_hash, tag"
            " FROM resource_audit ORDER BY id"
        )
        assert found == [version[:6] for version in made.versions]

    def test_every_table_of_layout_27_is_there_and_has_rows(self) -> None:
        assert query("SELECT max(version), count(*) FROM schema_version") == [(27, 27)]
        for table in (
            "bootstrap_state",
            "workflow_execution_events",
            "session_events",
            "schedule_runs",
            "resource_list_keys",
            "resource_names",
            "organization_deletions",
            "pending_oauth_state",
            "oauth_client_registration",
            "connect_link",
            "connect_attempt",
        ):
            assert query(f"SELECT count(*) > 1 FROM {table}") == [(1,)]
        dropped = "'organization_slugs', 'signal_dedupe', 'oauth_grant'"
        assert query(f"SELECT name FROM sqlite_master WHERE name IN ({dropped})") == []
        found = query("SELECT kind FROM search_index WHERE search_index MATCH 'handbooks'")
        assert found == [("skill",)]


class TestRecords:
    @pytest.mark.parametrize("row", rows, ids=lambda row: row.id[:40])
    def test_a_record_reads_as_its_release_or_as_none(self, row: Record | Version) -> None:
        if row.release is not None:
            parsed(row)  # a DecodeError fails the test
            return
        for name in SOME:
            info = kind_info(name, row.kind)
            if info is not None and info.message is not None:
                with pytest.raises(DecodeError):
                    message_class(name, info.message.full_name).FromString(row.data)

    def test_each_is_read_as_what_it_was_written_with_but_where_two_fit(self) -> None:
        reader = Session.demo().reader()
        ambiguous = set()
        for row in rows:
            written = row.updated_at if isinstance(row, Record) else row.archived_at
            reading = reader.read(row.data, row.kind.removesuffix("_AUDIT"), written)
            if reading.choice.rivals:
                ambiguous.add(row.id)
            if row.release is not None:
                assert row.release in among(reading), row.id
        assert ambiguous == {march_to_august.ON_STAGING.id}

    @pytest.mark.parametrize(
        "names",
        [(FIRST, SECOND), (SEPTEMBER,), (OCTOBER,)],
        ids=["January", "September", "October"],
    )
    def test_every_kind_of_every_release_is_there(self, names: tuple[str, ...]) -> None:
        wanted = {
            (info.kind, info.message is not None)
            for name in names
            for info in release(name).kinds.values()
        }
        there = {(row.kind, row.release in names) for row in rows}
        assert wanted <= there

    def test_the_releases_of_a_year_are_there_in_their_order(self) -> None:
        written: dict[str, list[str]] = {}
        for record in made.records:
            if record.release is not None and record.kind not in RENAMED:
                written.setdefault(record.release, []).append(record.updated_at)
        assert written.keys() == {
            FIRST, SECOND, MARCH_21, MARCH_27, MAY, JULY, AUGUST, SEPTEMBER, OCTOBER,
        }  # fmt: skip
        # The two of January were used side by side.
        spans = [(min(written[name]), max(written[name])) for name in SINCE_MARCH]
        assert spans == sorted(spans)
        assert all(one[1] < other[0] for one, other in pairwise(spans))
        assert max(*written[FIRST], *written[SECOND]) < spans[0][0]

    def test_a_run_that_was_an_execution_keeps_its_conversation(self) -> None:
        run = session_record(september_runs.WAS_EXECUTION)
        assert run.id.startswith("aex_")
        shown = json.loads(write(run.tree.root))
        assert (shown["kind"], shown["status"]["phase"]) == ("Run", "RUN_COMPLETED")
        texts = [one["content"] for one in shown["status"]["messages"]]
        assert texts[0] == "How deep is it at the north lock, and may we pass?"
        assert len(texts) == 6
        descriptor = message_of(september_runs.WAS_EXECUTION).status.DESCRIPTOR
        assert "messages" not in descriptor.fields_by_name

    def test_ids_have_a_hyphen_until_march_and_an_underscore_later(self) -> None:
        formed = re.compile(r"[a-z]+(?P<joint>[-_])[0-9a-hjkmnp-tv-z]{26}")
        joints: dict[bool, set[str]] = {True: set(), False: set()}
        for record in made.records:
            found = formed.fullmatch(record.id)
            if found and record.release is not None:
                joints[record.updated_at < "2026-04-01"].add(found["joint"])
        assert joints == {True: {"-"}, False: {"_"}}

    def test_a_sealed_value(self) -> None:
        value = message_of(september_agents.ON_BOARD).spec.data["CHARTS_TOKEN"]
        assert value.is_secret
        assert sealed(value.value) == ("enc:v1", 12 + len("demo-secret-sealed-charts") + 16)

    def test_agents_of_three_releases_are_side_by_side(self) -> None:
        found = Counter(record.release for record in made.records if record.kind == "agent")
        assert min(found[name] for name in (FIRST, SECOND, OCTOBER)) > 1
        old, new = message_of(january_agents.RECONCILER), message_of(january_agents.NOTES)
        kinds = [sub.WhichOneof("agent_reference") for sub in old.spec.sub_agents]
        assert kinds == ["inline_spec", "inline_spec", "agent_instance_refs"]
        names = [sub.name for sub in new.spec.sub_agents]
        assert names == ["change-collector", "style-reader"]

    def test_following_references_works(self) -> None:
        agent = message_of(january_agents.RECONCILER)
        default = january_agents.default_instance(january_agents.RECONCILER)
        assert agent.status.default_instance_id == default.id
        assert message_of(default).spec.agent_id == january_agents.RECONCILER.id
        run = message_of(january_runs.LONG_RUN)
        assert run.spec.session_id == january_runs.MONTH_END.id
        session = message_of(january_runs.MONTH_END)
        instance = ("agent_instance", session.spec.agent_instance_id)
        assert parsed(live[instance]).spec.agent_id == january_agents.RECONCILER.id

    def test_some_references_lead_nowhere(self) -> None:
        ids = {record.id for record in made.records}
        stray = message_of(january_runs.STRAY)
        assert stray.spec.agent_instance_id not in ids
        configured = message_of(january_agents.ON_STAGING)
        refs = [(ref.kind, ref.slug) for ref in configured.spec.environment_refs]
        assert refs == [(52, january_base.STAGING.slug), (52, "an-environment-that-is-gone")]

    def test_the_long_execution(self) -> None:
        status = message_of(january_runs.LONG_RUN).status
        assert len(status.messages) > 60
        assert len(status.tool_calls) > 25
        assert all(call.started_at <= call.completed_at for call in status.tool_calls)
        assert all(call.args.fields for call in status.tool_calls)
        assert (len(status.sub_agent_executions), len(status.todos)) == (2, 4)

    def test_the_october_run(self) -> None:
        status = message_of(october_runs.NIGHT).status
        assert len(status.artifacts) == 12
        assert status.streaming_usage.input_tokens > 10**9
        changes = message_of(october_runs.REPAIR).status.file_changes
        assert len(changes[0].changes) == 5

    def test_long_markdown(self) -> None:
        text = message_of(january_agents.TRIAGE).spec.instructions
        assert len(text) > 20_000
        assert {line[:3] for line in text.splitlines()} >= {"# S", "## ", "```", "| -"}

    def test_workflow_tasks_nest(self) -> None:
        task = message_of(january_workflows.NIGHTLY).spec.tasks[3]
        odd_keys = task.task_config['odd "keys"']
        assert odd_keys["a.b"]["c[0]"][""] == "empty key"


class TestEvents:
    @pytest.mark.parametrize(
        ("table", "owner", "number", "kind"),
        [
            ("workflow_execution_events", "execution_id", "sequence_number", "workflow_execution"),
            ("session_events", "session_id", "seq", "session"),
        ],
    )
    def test_they_are_of_records_and_numbered_without_gaps(
        self, table: str, owner: str, number: str, kind: str
    ) -> None:
        numbers: dict[object, list[object]] = {}
        for id_, own in query(f"SELECT {owner}, {number} FROM {table}"):
            numbers.setdefault(id_, []).append(own)
        assert len(numbers) == 2
        for id_, found in numbers.items():
            assert (kind, id_) in live
            assert found == list(range(1, len(found) + 1))

    def test_what_happened_to_executions_agrees_with_the_columns(self) -> None:
        class_: Any = message_class(SEPTEMBER, happened.OF_EXECUTION)
        found = query(
            "SELECT data, sequence_number, event_type, task_name FROM workflow_execution_events"
        )
        for data, *columns in found:
            event = class_.FromString(data)
            names = event.DESCRIPTOR.fields_by_name["event_type"].enum_type.values_by_number
            type_ = names[event.event_type].name
            assert [event.sequence_number, type_, event.task_name] == columns
            assert event.WhichOneof("payload") == type_

    def test_what_happened_in_sessions_agrees_with_the_columns_but_for_one(self) -> None:
        class_: Any = message_class(OCTOBER, happened.OF_SESSION)
        found = query("SELECT session_id, seq, event_id, run_id, type, data FROM session_events")
        disagree = []
        for session, number, id_, run, type_, data in found:
            event = class_.FromString(data)
            payload = event.WhichOneof("event")
            assert payload == str(type_).replace(".", "_")
            assert (getattr(event, payload).id, event.seq, event.session_id) == (id_, 0, "")
            if event.run_id not in ("", run):
                disagree.append((session, number))
        assert disagree == [(october_runs.ENTRIES.id, happened.DISAGREES)]


class TestOddities:
    @pytest.mark.parametrize(("identity", "levels"), [(odd.DEEP, 120), (odd.DEEPER, 1200)])
    def test_structs_are_as_deep_as_promised(self, identity: Identity, levels: int) -> None:
        value = message_of(identity).status.output
        depth = 1
        while (inner := value.fields[f"level_{depth}"]).WhichOneof("kind") == "struct_value":
            value, depth = inner.struct_value, depth + 1
        assert (depth, inner.string_value) == (levels, "the bottom")

    def test_numbers_that_are_none(self) -> None:
        output = message_of(odd.NOT_A_NUMBER).status.output
        shown = {key: str(value.number_value) for key, value in output.fields.items()}
        assert shown["endless"] == "inf"
        assert shown["none"] == "nan"
        assert shown["minus zero"] == "-0.0"

    def test_unknown_fields_at_the_root_and_further_in(self) -> None:
        agent = message_of(odd.FUTURE)
        again = type(agent).FromString(agent.SerializeToString())
        again.DiscardUnknownFields()
        for name in ("metadata", "status"):
            assert getattr(agent, name).ByteSize() > getattr(again, name).ByteSize()
        within = agent.metadata.ByteSize() + agent.status.ByteSize()
        known = again.metadata.ByteSize() + again.status.ByteSize()
        assert agent.ByteSize() - within > again.ByteSize() - known + 50

    def test_what_is_said_twice_or_does_not_fit(self) -> None:
        repeated = message_of(odd.REPEATED).spec
        assert (repeated.subject, repeated.thread_id) == ("the second subject", "thread-x")
        assert message_of(odd.MISFIT).spec.subject == ""
        late = message_of(odd.LATE_KEY).spec.expires_at
        with pytest.raises(ValueError, match="must be in range"):
            late.ToDatetime()

    def test_rows_that_contradict_their_blobs(self) -> None:
        wrong_kind = message_of(odd.WRONG_KIND)
        assert wrong_kind.kind == "Envelopment"
        wrong_id = live["environment", "env-01kg2222222222222222222222"]
        assert parsed(wrong_id).metadata.id == odd.WRONG_ID.id
        (pushed,) = history(odd.WRONG_HASH)
        assert parsed(pushed).status.version_hash != pushed.version_hash

    def test_an_enum_number_without_a_name(self) -> None:
        status = message_of(january_runs.NAMELESS).status
        phases = status.DESCRIPTOR.fields_by_name["phase"].enum_type.values_by_number
        assert status.phase not in phases

    def test_names_and_ids(self) -> None:
        ids = [record.id for record in made.records]
        assert max(map(len, ids)) > 400
        assert any(set("/ #?%&") <= set(id_) for id_ in ids)
        assert len(message_of(odd.LONG).metadata.name) > 2000
        assert live[odd.EMPTY.kind, odd.EMPTY.id].data == b""

    def test_what_is_broken_is_broken_as_promised(self) -> None:
        kinds = {record.kind for record in made.records if record.release is None}
        assert {broken.UNKNOWN_KIND, "session", "run", "environment", "skill"} <= kinds
        latin = live[broken.LATIN_1.kind, broken.LATIN_1.id]
        assert b"K\xf6\xffln" in latin.data
