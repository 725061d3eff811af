"""``find`` and ``export --where``: records by an expression, held against the CEL library."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.decode.choice import read_as
from inspector.expression.program import Program, Subject
from inspector.expression.values import FailedError
from inspector.schema.catalog import merged_schema
from inspector.schema.pools import pool
from tests.builders.layouts import Rec
from tests.cli.calls import call, failed
from tests.cli.made import bare, blobs, v2
from tests.places import REAL
from tests.releases import JANUARY_26, NEWEST, message_class

STORE = REAL / "v2-clean" / "stigmer.db"
NAME = "ai.stigmer.agentic.agentexecution.v1.AgentExecution"


def find(text: str, kind: str = "agent_execution", *more: str) -> list[str]:
    answer = call("find", text, "--kind", kind, "--json", "--db", STORE, *more)
    assert answer.code == (0 if answer.out else 1), answer
    return [line["id"] for line in answer.lines]


def shown(kind: str = "agent_execution") -> dict[str, dict[str, object]]:
    lines = call("export", kind, "--envelope", "--db", STORE).lines
    return {line["id"]: line["message"] for line in lines}


def test_gives_the_records_whose_message_says_so() -> None:
    done = [
        id_
        for id_, message in shown().items()
        if message["status"]["phase"] == "EXECUTION_COMPLETED"  # type: ignore[index]
    ]
    assert done
    assert find("r.status.phase == EXECUTION_COMPLETED") == done
    assert (
        find("r.status.phase == EXECUTION_COMPLETED", "agent_execution", "--limit", "1") == done[:1]
    )
    assert sorted(done + find("!(r.status.phase == EXECUTION_COMPLETED)")) == sorted(shown())


def test_facets_hold_beside_an_expression_and_an_export() -> None:
    kind, text = "agent_execution", "size > 4000"
    lines = call("list", kind, "--json", "--db", STORE).json
    completed = [one["id"] for one in lines if one["state"] == "EXECUTION_COMPLETED"]
    large = find(text)
    both = [one for one in completed if one in large]
    assert 0 < len(both) < len(completed)
    assert find(text, kind, "--state", "completed") == both
    arguments = ("export", kind, "--envelope", "--db", STORE, "--state", "completed")
    assert [one["id"] for one in call(*arguments).lines] == completed
    written = call(*arguments, "--where", text)
    assert [one["id"] for one in written.lines] == both
    assert f"note: {len(both)} of {len(lines)} records match." in written.notes
    assert call(*arguments, "--since", "2999-01-01").code == 1
    counts = call("find", text, "--kind", kind, "--db", STORE, "--counts", "--json").lines
    assert [one["matches"] for one in counts] == [len(large)]
    assert {one["value"]: one["count"] for one in counts[0]["states"]}["EXECUTION_COMPLETED"] == (
        len(both)
    )
    assert "--since needs one kind" in failed(call("export", "--since", "24h", "--db", STORE), 2)


def test_an_expression_fails_on_none_that_facets_leave_out() -> None:
    fails = "r.status.messages[500].content != ''"
    few = call("find", fails, "--kind", "agent_execution", "--demo", "--state", "failed")
    assert "fails on 1 record (" in few.err
    assert "0 of 9 records match." in few.err


def test_a_row_that_cannot_be_read_might_match(tmp_path: Path) -> None:
    path = bare(tmp_path, Rec("agent", "a", b""), Rec("agent", "b", b""))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE resources SET data = NULL WHERE id = 'b'")
    for arguments in (("find", "true", "--kind", "agent"), ("export", "agent", "--where", "true")):
        answer = call(*arguments, "--db", path)
        assert answer.code == 1
        assert answer.out
        assert "1: it cannot be read" in answer.err
    assert "The row holds no data." in failed(call("show", "agent", "b", "--db", path), 5)


def test_says_when_nothing_matches() -> None:
    nothing = ("find", "size < 0", "--kind", "agent_execution", "--db", STORE)
    answer = call(*nothing)
    assert (answer.code, answer.out) == (1, b"")
    assert "0 of 16 records match" in answer.err
    counted = call(*nothing, "--counts")
    assert counted.code == 1
    assert "0 of 16 records match" in counted.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("r.status.phaze == 1", "Column 10: undefined field 'phaze'"),
        (
            "status.phase == 1",
            "Column 1: undeclared reference to 'status' (did you mean 'r.status'?)",
        ),
        ("versons > 1", "Column 1: undeclared reference to 'versons' (did you mean 'versions'?)"),
        (
            "r.status.phas == 1",
            "undefined field 'phas' in AgentExecutionStatus (did you mean 'phase'?)",
        ),
        (
            "r.status.phase == EXECUTION_FAILD",
            "'EXECUTION_FAILD' (did you mean 'EXECUTION_FAILED'?)",
        ),
        (
            "r.status.phase == 'failed'",
            "Column 19: a text is not an enum value (did you mean 'EXECUTION_FAILED'?);"
            " ExecutionPhase has EXECUTION_PHASE_UNSPECIFIED,"
            " EXECUTION_PENDING, EXECUTION_IN_PROGRESS,",
        ),
        (
            "'Complete' != r.status.phase",
            "Column 1: a text is not an enum value (did you mean 'EXECUTION_COMPLETED'?)",
        ),
        ("r.status.phase in [EXECUTION_FAILED, 'x']", "Column 38: a text is not an enum value"),
        ("r.status.phase.contains('FAILED')", "contains() is for text; ExecutionPhase has"),
        ("r.status.phase == id", "Column 16: a text is not an enum value; ExecutionPhase has"),
        (
            "CANCELED == r.status.phase",
            "Column 1: undeclared reference to 'CANCELED' (did you mean 'EXECUTION_CANCELLED'?);",
        ),
        ("r.status.phase in [cancelled]", "(did you mean 'EXECUTION_CANCELLED'?)"),
        ("r.status.", "Column 10: a field name is expected"),
        ("1 == 1.0", "Column 3: found no matching overload for '_==_' applied to '(int, double)'"),
        ("id", "Column 1: it gives string"),
        ("nobody == 1", "Column 1: undeclared reference to 'nobody'"),
        ("id.matches('(a+)+')", "Column 12: this pattern does not run here"),
        ("size + 1 == 2", "Column 6: '+' between values does not run here"),
        ("size < " + "9" * 5000, "Column 8: the number is too large"),
        ("size < 0x" + "f" * 5000, "Column 8: the number is too large"),
    ],
    ids=lambda text: text[:60],
)
def test_a_wrong_expression_is_said_with_its_column(text: str, said: str) -> None:
    assert said in failed(call("find", text, "--kind", "agent_execution", "--db", STORE), 2)


def test_export_writes_the_same_records(tmp_path: Path) -> None:
    text = "size(r.status.messages) > 10"
    out = tmp_path / "out.ndjson"
    answer = call("export", "agent_execution", "--where", text, "-o", out, "--db", STORE)
    assert answer.code == 0
    written = out.read_bytes().splitlines()
    assert len(written) == len(find(text)) > 0
    assert set(written) < set(call("export", "agent_execution", "--db", STORE).out.splitlines())
    assert call("export", "--where", text, "--db", STORE).code == 2


def test_a_damaged_record_is_counted_not_matched(tmp_path: Path) -> None:
    [first, second, *_] = blobs("agent")
    store = v2(tmp_path, Rec("agent", "a", first), Rec("agent", "b", second[:-3]))
    answer = call("find", "r.metadata.name != ''", "--kind", "agent", "--json", "--db", store)
    assert [line["id"] for line in answer.lines] == ["a"]
    assert "fails on 1 record (1: it does not decode)" in answer.err


def test_a_covered_secret_is_not_compared(tmp_path: Path) -> None:
    with closing(sqlite3.connect(f"{STORE.as_uri()}?immutable=1", uri=True)) as connection:
        rows = connection.execute("SELECT COUNT(*) FROM resources WHERE kind='environment'")
        [count] = next(rows)
    texts = [f"r.spec.data.exists(k, r.spec.data[k].value {op} 'guess')" for op in ("==", "!=")]
    hidden = [call("find", one, "--kind", "environment", "--db", STORE) for one in texts]
    told = call("find", texts[1], "--kind", "environment", "--db", STORE, "--reveal-secrets")
    assert count
    # What stands in a record that has a secret is no match either way, and told alike.
    assert "covered secret is not compared" in hidden[0].err
    assert len(told.out.splitlines()) >= len(hidden[1].out.splitlines())


_PATHS = st.sampled_from(
    ["r.metadata.name", "r.metadata.id", "r.metadata.slug", "r.spec.message", "r.status.error"]
)
_TEXTS = st.sampled_from(["''", "'e'", "'exec'", "'deploy'", "'0'"])
_TESTS = st.one_of(
    st.builds(lambda a, f, b: f"{a}.{f}({b})", _PATHS,
              st.sampled_from(["contains", "startsWith", "endsWith", "matches"]), _TEXTS),
    st.builds(lambda a, o, b: f"{a} {o} {b}", _PATHS,
              st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.one_of(_TEXTS, _PATHS)),
    st.builds(lambda a, o, n: f"size({a}) {o} {n}",
              st.one_of(_PATHS, st.just("r.status.messages"), st.just("r.metadata.labels")),
              st.sampled_from(["==", "<", ">"]), st.integers(0, 20)),
    st.builds("has({})".format, st.sampled_from(
        ["r.metadata", "r.status", "r.metadata.slug", "r.status.error", "r.spec"])),
    st.builds("r.status.phase == {}".format, st.integers(0, 6)),
    st.builds("r.status.phase in [{}, {}]".format, st.integers(0, 6), st.integers(0, 6)),
    st.builds("r.status.messages[{}].content.contains('a')".format, st.integers(0, 30)),
    st.builds("r.status.messages.exists(m, m.type == {})".format, st.integers(0, 5)),
    st.builds("r.status.messages.all(m, size(m.content) > {})".format, st.integers(0, 50)),
    st.builds("'{}' in r.metadata.labels".format, st.sampled_from(["a", "team", "env"])),
    st.builds("r.metadata.labels['{}'] == 'x'".format, st.sampled_from(["a", "team", "env"])),
    st.sampled_from(["true", "1 == 1.0", "size(1) == 1", "r.metadata.nmae == ''", "1u < 2"]),
)  # fmt: skip
_EXPRESSIONS = st.recursive(
    _TESTS,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(text=_EXPRESSIONS, release=st.sampled_from([JANUARY_26, "1.0.4", "2.0.1"]))
def test_agrees_with_the_cel_library(text: str, release: str) -> None:
    cel = pytest.importorskip("cel_expr_python.cel", reason="the CEL library is not installed")
    merged = merged_schema()
    number = merged.number(release)
    env = cel.NewEnv(descriptor_pool=pool(release), variables={"r": cel.Type(NAME)})
    try:
        theirs = env.compile(text)
    except RuntimeError:
        theirs = None
    key = merged.root("agent_execution") or ""
    try:
        ours = Program(text, merged.strict(number).message(key))
    except Exception:
        ours = None
    assert (ours is None) == (theirs is None), text
    if ours is None:
        return
    for data in blobs("agent_execution"):
        message = message_class(release, NAME).FromString(data)
        value = theirs.eval(data={"r": message})
        wanted = value.value() if value.type() == cel.Type.BOOL else None
        tree = read_as(data, key, merged, number).tree
        try:
            given_: bool | None = ours.matches(Subject(tree.root))
        except FailedError:
            given_ = None
        assert given_ == wanted, text


@pytest.mark.parametrize(("schema", "is_cel"), [(("--schema", "2026-01-25"), True), ((), False)])
def test_what_is_cel_is_said_of_the_release_that_is_asked_for(
    schema: tuple[str, ...], is_cel: bool
) -> None:
    """The field is of the first releases alone."""
    pytest.importorskip("cel_expr_python.cel", reason="the CEL library is not installed")
    text = "[r.metadata.owner_scope].map(one, one) == []"
    said = failed(call("find", text, "--kind", "agent", *schema, "--demo"), 2)
    assert ("It is CEL, but not of the forms that run." in said) == is_cel
    assert ("undefined field 'owner_scope'" in said) != is_cel


def test_the_newest_release_is_one_that_the_library_takes() -> None:
    cel = pytest.importorskip("cel_expr_python.cel", reason="the CEL library is not installed")
    type_ = cel.Type("ai.stigmer.agentic.agent.v1.Agent")
    env = cel.NewEnv(descriptor_pool=pool(NEWEST), variables={"r": type_})
    assert env.compile("r.metadata.name == ''").return_type() == cel.Type.BOOL
