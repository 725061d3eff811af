"""The demo store: the file that ships is the one the code writes, and holds what is promised."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.message import DecodeError

from inspector.schema.catalog import kind_info, release
from inspector.schema.pools import message_class
from tests.builders.demo import (
    broken,
    january_agents,
    january_base,
    january_runs,
    january_workflows,
    october_runs,
    odd,
    skills,
)
from tests.builders.demo.core import FIRST, OCTOBER, SECOND, Identity, Record, Version
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
from tests.decode.readings import among, read_kind
from tests.releases import SOME

#: Where SQLite's file header says which version wrote it, which is no content.
WRITER = slice(96, 100)


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

    def test_every_table_of_layout_8_is_there_and_has_rows(self) -> None:
        assert query("SELECT max(version), count(*) FROM schema_version") == [(8, 8)]
        for table in (
            "bootstrap_state",
            "workflow_execution_events",
            "schedule_runs",
            "signal_dedupe",
            "oauth_grant",
            "pending_oauth_state",
        ):
            assert query(f"SELECT count(*) > 1 FROM {table}") == [(1,)]
        found = query("SELECT kind FROM search_index WHERE search_index MATCH 'handbooks'")
        assert found == [("skill",)]


class TestRecords:
    @pytest.mark.parametrize("row", rows, ids=lambda row: row.id[:40])
    def test_a_record_reads_as_its_generation_or_as_none(self, row: Record | Version) -> None:
        if row.generation is not None:
            parsed(row)  # a DecodeError fails the test
            return
        for name in SOME:
            info = kind_info(name, row.kind)
            if info is not None and info.message is not None:
                with pytest.raises(DecodeError):
                    message_class(name, info.message.full_name).FromString(row.data)

    def test_each_is_read_as_what_it_was_written_with_but_where_two_fit(self) -> None:
        ambiguous = set()
        for row in rows:
            reading = read_kind(row.data, row.kind.removesuffix("_AUDIT"), 8)
            if reading.choice.rivals:
                ambiguous.add(row.id)
            elif row.generation is not None:
                assert row.generation in among(reading), row.id
        assert ambiguous == {skills.LADING.id, january_base.HARBOURLINE.id}

    @pytest.mark.parametrize("names", [(FIRST, SECOND), (OCTOBER,)], ids=["January", "October"])
    def test_every_kind_of_every_generation_is_there(self, names: tuple[str, ...]) -> None:
        wanted = {
            (info.kind, info.message is not None)
            for name in names
            for info in release(name).kinds.values()
        }
        there = {(record.kind, record.generation in names) for record in made.records}
        assert wanted <= there

    def test_agents_of_three_generations_are_side_by_side(self) -> None:
        found = Counter(record.generation for record in made.records if record.kind == "agent")
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
        kinds = {record.kind for record in made.records if record.generation is None}
        assert {broken.UNKNOWN_KIND, "session", "run", "environment", "skill"} <= kinds
        latin = live[broken.LATIN_1.kind, broken.LATIN_1.id]
        assert b"K\xf6\xffln" in latin.data
