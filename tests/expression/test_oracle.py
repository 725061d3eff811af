"""An expression is true for a record where the CEL library says so of the same message."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from google.protobuf.message import DecodeError

from inspector.compiled_part import VARIABLE
from inspector.errors import InspectorError
from inspector.expression.cel_library import is_installed
from inspector.expression.grammar import ExpressionError
from inspector.expression.values import FailedError, moment, span
from inspector.schema.catalog import AUTO, merged_schema
from inspector.schema.catalog import release as release_of
from inspector.schema.merged import enums_of
from inspector.schema.pools import pool
from inspector.session.expression_filter import ExpressionFilter
from inspector.session.session import Session
from inspector.store.rows import Row
from tests.cli.stores import store
from tests.decode.blobs import BlobWriter
from tests.expression.expression_writer import ExpressionWriter
from tests.places import ROOT, SHARED, shared
from tests.releases import message_class

pytestmark = pytest.mark.skipif(not is_installed(), reason="the CEL library is not installed")

#: Set STIGMER_INSPECTOR_FUZZ=full for the long run.
TIMES = 40 if os.environ.get("STIGMER_INSPECTOR_FUZZ") == "full" else 1
STORES = [
    *(SHARED / "stigmer" / "real" / name / "stigmer.db" for name in ("v0", "v2-clean")),
    SHARED / "stigmer" / "history" / "lived" / "upgraded" / "stigmer.sqlite",
    ROOT / "resources" / "demo" / "stigmer.sqlite",
]
PATHS = (
    *("r.metadata.name", "r.metadata.slug", "r.metadata.id", "r.metadata.org", "r.kind"),
    *("r.spec.description", "r.status.audit.spec_audit.event"),
)
TESTS = (
    *("{0} == {1}", "{0} != {1}", "{0} < {1}", "{0} >= {1}", "{0}.contains({2})"),
    *("{0}.startsWith({2})", "{0}.endsWith({2})", "{0} in [{1}, {2}]", "size({0}) > {3}"),
    *("!({0} == {1})", "{0} == {1} || size({0}) == {3}", "{0} != {2} && {0}.matches({4})"),
    *("has(r.metadata) && {0} == {1}", "has({0})", "size({0}) == {3} ? {0} == {1} : {0} != {1}"),
    *("size(r.metadata.labels) == {3}", "r.metadata.tags.exists(t, t == {1})"),
    *("r.status.audit.spec_audit.created_at < timestamp({5})", "{1} in r.metadata.labels"),
    *("r.metadata.tags.all(t, t != {1})", "has(r.status.audit)"),
)
PATTERNS = ("^a", "e.*r", "[0-9]+$", "(x|y|z)", "\\\\bagent\\\\b", "^.{5}$")


def texts(random: Random) -> Iterator[str]:
    while True:
        known = random.choice(("", "Agent", "tidewater", "agent-1", "created", "x", "\u00e9"))
        yield "'" + known + "'"


def expressions(random: Random) -> Iterator[str]:
    words = texts(random)
    while True:
        yield random.choice(TESTS).format(
            random.choice(PATHS),
            next(words),
            next(words),
            random.randrange(12),
            "'" + random.choice(PATTERNS) + "'",
            "'2026-0" + str(random.randrange(1, 9)) + "-15T00:00:00Z'",
        )


@cache
def library(release: str, full_name: str) -> tuple[Any, dict[str, int]]:
    """What compiles expressions over a message of a release, and the values of its enums."""
    from cel_expr_python import cel

    message = release_of(release).messages[full_name]
    values: dict[str, set[int]] = {}
    for enum in enums_of(message):
        for number, name in enum.names.items():
            values.setdefault(name, set()).add(number)
    # A name that several enums give to different numbers is no variable of the library's.
    numbers = {name: one for name, [one, *more] in values.items() if not more}
    types = {
        **dict.fromkeys((*numbers, "size", "versions"), cel.Type.INT),
        **{"id": cel.Type.STRING, "updated_at": cel.Type.TIMESTAMP, "r": cel.Type(full_name)},
    }
    return cel.NewEnv(descriptor_pool=pool(release), variables=types), numbers


REFUSED, FAILED = "refused", "failed"


def answer(text: str, row: Row, session: Session) -> bool | str | None:
    """What the library says of a record; None where protobuf cannot read it."""
    from cel_expr_python import cel

    choice = session.reader().read(row.data or b"", row.kind, row.updated_at).choice
    assert choice.merged is not None
    key = choice.merged.root(row.kind)
    assert key is not None
    name = choice.merged.names[choice.release]
    full_name = choice.merged.strict(choice.release).message(key).full_name
    env, numbers = library(name, full_name)
    try:
        parsed = message_class(name, full_name).FromString(row.data or b"")
        compiled = env.compile(text)
    except DecodeError:
        return None
    except RuntimeError:
        return REFUSED
    time = datetime.fromisoformat(f"{row.updated_at}Z")
    data = {"r": parsed, "id": row.id, "updated_at": time, "size": row.size, "versions": 1}
    found = compiled.eval(data=data | numbers)
    return FAILED if found.type() == cel.Type.ERROR else bool(found.value())


def ask(text: str, kind: str, rows: list[Row], session: Session) -> Counter[bool | str]:
    """Asks both of some records, of which each has one version, and counts what they say.

    Raises:
        InspectorError: it is wrong, or of a form that does not run.
    """
    seen = Counter[bool | str]()
    ours = ExpressionFilter(session, kind, text, reveal=True)
    for row in rows:
        ours.failed.clear()
        said: bool | str = ours.holds(row, 1)
        [reason] = ours.failed or ("",)
        if reason:
            said = REFUSED if reason.startswith("under its release: ") else FAILED
        wanted = answer(text, row, session)
        # Where several releases may have written it, a field that one of them has is known.
        if wanted == REFUSED and session.schema == AUTO:
            wanted = None
        if wanted is not None:
            assert said == wanted, (kind, row.id, session.schema, text, reason)
            seen[wanted] += 1
    return seen


@pytest.mark.parametrize("file", STORES, ids=lambda one: Path(one).parent.name)
def test_it_agrees_with_the_library(file: Path) -> None:
    if not file.is_file():
        pytest.skip("no reference material")
    random = Random(file.parent.name)
    session = Session.open(file)
    seen = Counter[bool | str]()
    for kind in [one.kind for one in session.store.kinds()]:
        rows = list(session.rows(kind))
        for text in islice(expressions(random), 12):
            with suppress(InspectorError):
                seen += ask(text, kind, random.sample(rows, min(3, len(rows))), session)
    session.close()
    assert seen[True] + seen[False] > 20
    assert seen[True]
    assert seen[False]


def records(random: Random, release: str, kind: str, full_name: str) -> list[Row]:
    """Some of a kind as a release can have them, not all as a daemon would write them."""
    found: list[Row] = []
    for at in range(3):
        writer = BlobWriter(random, plain=at % 2 == 0)
        data = writer.message(release_of(release).messages[full_name], 6, unknown=False)
        with suppress(DecodeError):
            message = message_class(release, full_name).FromString(data)
            if at < 2:
                data = message.SerializeToString(deterministic=True)
            found.append(Row(kind, f"id{at}", data, len(data), "2026-03-01 10:00:00", None))
    return found


@pytest.fixture(scope="module")
def by_itself() -> Iterator[Session]:
    """What takes a record for what its bytes say."""
    session = Session.demo()
    yield session
    session.close()


@pytest.mark.parametrize("release", merged_schema().names)
def test_it_agrees_on_expressions_of_all_forms(release: str, by_itself: Session) -> None:
    random = Random(release)
    session = Session.demo(schema=release)
    seen = Counter[bool | str]()
    for _ in range(TIMES):
        info = random.choice([one for one in release_of(release).kinds.values() if one.message])
        assert info.message is not None
        rows = records(random, release, info.kind, info.message.full_name)
        parse = message_class(release, info.message.full_name).FromString
        written = [parse(row.data or b"") for row in rows]
        writer = ExpressionWriter(info.message, written, random)
        env, _ = library(release, info.message.full_name)
        for _ in range(6):
            text = writer.written()
            try:
                seen += ask(text, info.kind, rows, session)
            except ExpressionError as error:
                if "It is CEL" not in (error.hint or ""):
                    with pytest.raises(RuntimeError):
                        env.compile(text)
                continue
            seen += ask(text, info.kind, rows, by_itself)
    session.close()
    assert seen[True] + seen[False]


Holding = Callable[[ExpressionFilter, list[Row]], list[bool]]


@pytest.fixture(params=["page", "row", "page-python", "row-python"])
def holding(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Holding:
    """Asks an expression of some records: at once or each by itself, compiled or not."""
    at_once, _, decoder = str(request.param).partition("-")
    monkeypatch.setenv(VARIABLE, decoder)
    if at_once == "page":
        return lambda asked, rows: list(asked.each(rows, {}))
    return lambda asked, rows: [asked.holds(row, 0) for row in rows]


def test_a_record_is_asked_under_the_release_it_is_shown_with(
    holding: Holding, tmp_path: Path
) -> None:
    """Not under that which its time makes probable, where its fields say that it is of another."""
    session = Session.open(store("v8", tmp_path))
    filtered = ExpressionFilter(session, "session", "r.status.agent_version_hash.startsWith('')")
    rows = list(islice(session.rows("session"), 20))
    shown = [session.reader().read(row.data or b"", row.kind, row.updated_at) for row in rows]
    types = [one.tree.type for one in shown]
    has = [
        type_ is not None
        and any(
            under.name == "agent_version_hash"
            for field in type_.fields.values()
            if field.name == "status" and field.message is not None
            for under in field.message.fields.values()
        )
        for type_ in types
    ]
    assert holding(filtered, rows) == has
    assert filtered.failed.total() == has.count(False)
    assert any(has)


def test_two_members_of_a_oneof_are_looked_into_in_any_order(
    holding: Holding, tmp_path: Path
) -> None:
    session = Session.open(store("v8", tmp_path))
    rows = list(session.rows("channel"))
    found = []
    for text in (
        "has(r.spec.web.messages)",
        "has(r.spec.web.messages) || has(r.spec.whatsapp) && has(r.spec.slack)",
        "has(r.spec.whatsapp) && has(r.spec.slack) || has(r.spec.web.messages)",
    ):
        asked = ExpressionFilter(session, "channel", text)
        said = holding(asked, rows)
        found.append([row.id for row, holds in zip(rows, said, strict=True) if holds])
        assert not asked.failed
    assert found[0]
    assert found[1:] == [found[0], found[0]]


def test_a_field_is_found_under_all_numbers_it_ever_had(holding: Holding) -> None:
    """One that the probable release has at a number where the record's own has another field."""
    path = shared("stigmer", "history", "lived", "upgraded", "stigmer.sqlite")
    session = Session.open(path)
    filtered = ExpressionFilter(session, "session", "size(r.spec.workspace_entries) > 0")
    rows = list(session.rows("session"))
    numbers = [
        {
            field.field.number
            for spec in session.reader()
            .read(row.data or b"", row.kind, row.updated_at)
            .tree.root.children
            if spec.field is not None and spec.field.name == "spec"
            for field in spec.children
            if field.field is not None and field.field.name == "workspace_entries"
        }
        for row in rows
    ]
    assert holding(filtered, rows) == [bool(one) for one in numbers]
    assert set().union(*numbers) == {6, 7}
    session.close()


@pytest.mark.parametrize(
    "text",
    [
        *("1h", "1.5h", "-1h30m", "+1h", "1d", "1us", ".5s", "-.5h", "1.s", ".s", "1", "0", "-0"),
        *("inf", "1s1h", "315576000000s", "315576000001s", "10000000000h", "--1s", "", "1h-1m"),
        *("\u0663s", "1\u0663s", " 1s", "1H", "1e3s", "0" * 5000 + "1s", "1" * 5000 + "s"),
        *("0." + "3" * 5000 + "s", "-315576000000.5s"),
    ],
    ids=lambda text: ascii(text)[:30],
)
def test_a_text_is_a_duration_where_the_library_takes_it_for_one(text: str) -> None:
    """cel-expr-python 0.1.3, whose durations are absl::ParseDuration's."""
    found = _by_the_library("duration(x) >= duration('0s')", text)
    assert _ours(span, text) == found


@pytest.mark.parametrize(
    "text",
    [
        *("2024-01-01T00:00:00Z", "2024-01-01t00:00:00z", "2024-01-01 00:00:00Z", "2024-01-01"),
        *("2024-01-01T00:00:00", "2024-02-30T00:00:00Z", "2024-01-01T00:00:00.1234567891Z"),
        *("2024-01-01T00:00:00+23:59", "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+01:60"),
        *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "0001-01-01T01:00:00+01:00"),
        *("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59-01:00", "1960-01-01T00:00:00Z"),
        *("2024-01-01T00:00:00.Z", "2024-01-01T24:00:00Z", "10000-01-01T00:00:00Z", "soon"),
    ],
)
def test_a_text_is_a_time_where_the_library_takes_it_for_one(text: str) -> None:
    """cel-expr-python 0.1.3. What it takes besides is none in RFC 3339, nor in cel-go.

    A leap second, space around, one digit for a month and an offset of hours alone.
    """
    found = _by_the_library("timestamp(x) >= timestamp('1970-01-01T00:00:00Z')", text)
    assert _ours(moment, text) == found


def _by_the_library(expression: str, text: str) -> bool | None:
    """Whether it is at or behind the beginning; None where it has no value."""
    cel = pytest.importorskip("cel_expr_python.cel")
    asked = cel.NewEnv(variables={"x": cel.Type.STRING}).compile(expression)
    found = asked.eval(data={"x": text})
    return found.value() if found.type() == cel.Type.BOOL else None


def _ours(read: Callable[[str], int], text: str) -> bool | None:
    try:
        return read(text) >= 0
    except FailedError:
        return None


@pytest.mark.parametrize(
    "index", ["0.0", "-0.0", "1.0", "2.0", "-1.0", "0.5", "1e300", "1e999", "-1e999", "true", "'0'",
              "s['nan']", "s['endless']", "s['one']", "s['none']", "s['list']"],
)  # fmt: skip
def test_an_element_is_found_by_what_the_library_finds_it_by(index: str) -> None:
    """What is no whole number, an endless one or none at all among them, finds none."""
    release, kind = merged_schema().names[-1], "run"
    info = release_of(release).kinds[kind]
    assert info.message is not None
    message: Any = message_class(release, info.message.full_name)()
    message.spec.structured_output_schema.update(
        {"list": [5, 6], "nan": float("nan"), "endless": float("inf"), "one": 1, "none": None}
    )
    data = message.SerializeToString(deterministic=True)
    row = Row(kind, "a", data, len(data), "2026-03-01 10:00:00", None)
    struct = "r.spec.structured_output_schema"
    text = f"{struct}['list'][{index.replace('s[', f'{struct}[')}] == 6.0"
    session = Session.demo(schema=release)
    assert ask(text, kind, [row], session).total() == 1
    session.close()
