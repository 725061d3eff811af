"""An expression is true for a record where the CEL library says so of the same message."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from google.protobuf.message import DecodeError

from inspector.compiled_part import VARIABLE
from inspector.errors import InspectorError
from inspector.expression.cel_library import is_installed
from inspector.schema.merged import enums_of
from inspector.schema.pools import pool
from inspector.session.expression_filter import ExpressionFilter
from inspector.session.session import Session
from inspector.store.rows import Row
from tests.cli.stores import store
from tests.places import ROOT, SHARED, shared
from tests.releases import message_class

pytestmark = pytest.mark.skipif(not is_installed(), reason="the CEL library is not installed")

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


def answer(text: str, row: Row, session: Session) -> bool | None:
    """What the library says of a record; None where the expression is wrong, or fails."""
    from cel_expr_python import cel

    choice = session.reader().read(row.data or b"", row.kind, row.updated_at).choice
    assert choice.merged is not None
    key = choice.merged.root(row.kind)
    assert key is not None
    name = choice.merged.names[choice.release]
    message = choice.merged.strict(choice.release).message(key)
    names = {one: cel.Type.INT for enum in enums_of(message) for one in enum.names.values()}
    names["r"] = cel.Type(message.full_name)
    env = cel.NewEnv(descriptor_pool=pool(name), variables=names)
    try:
        compiled = env.compile(text)
    except RuntimeError:
        return None
    try:
        parsed = message_class(name, message.full_name).FromString(row.data or b"")
    except DecodeError:
        return None
    found = compiled.eval(data={"r": parsed})
    return None if found.type() == cel.Type.ERROR else bool(found.value())


@pytest.mark.parametrize("file", STORES, ids=lambda one: Path(one).parent.name)
def test_it_agrees_with_the_library(file: Path) -> None:
    if not file.is_file():
        pytest.skip("no reference material")
    random = Random(file.parent.name)
    session = Session.open(file)
    compared = true = 0
    for kind in [one.kind for one in session.store.kinds()]:
        rows = list(session.rows(kind))
        asked = expressions(random)
        for _ in range(12):
            text = next(asked)
            try:
                ours = ExpressionFilter(session, kind, text)
            except InspectorError:
                continue
            for row in random.sample(rows, min(3, len(rows))):
                failed = ours.failed.total()
                said = ours.holds(row, 0)
                wanted = answer(text, row, session)
                if ours.failed.total() > failed:
                    assert wanted is None or not said
                    continue
                if wanted is not None:
                    assert said is wanted, (kind, row.id, text)
                    compared += 1
                    true += said
    session.close()
    assert compared > 20
    assert 0 < true < compared


@pytest.mark.parametrize("decoder", ["", "python"])
@pytest.mark.parametrize("at_once", [False, True])
def test_a_record_is_asked_under_the_release_it_is_shown_with(
    at_once: bool, decoder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not under that which its time makes probable, where its fields say that it is of another."""
    monkeypatch.setenv(VARIABLE, decoder)
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
    if at_once:
        assert list(filtered.each(rows, {})) == has
    else:
        assert [filtered.holds(row, 0) for row in rows] == has
    assert filtered.failed.total() == has.count(False)
    assert any(has)


@pytest.mark.parametrize("decoder", ["", "python"])
@pytest.mark.parametrize("at_once", [False, True])
def test_two_members_of_a_oneof_are_looked_into_in_any_order(
    at_once: bool, decoder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, decoder)
    session = Session.open(store("v8", tmp_path))
    rows = list(session.rows("channel"))
    found = []
    for text in (
        "has(r.spec.web.messages)",
        "has(r.spec.web.messages) || has(r.spec.whatsapp) && has(r.spec.slack)",
        "has(r.spec.whatsapp) && has(r.spec.slack) || has(r.spec.web.messages)",
    ):
        asked = ExpressionFilter(session, "channel", text)
        each = asked.each(rows, {}) if at_once else (asked.holds(row, 0) for row in rows)
        found.append([row.id for row, holds in zip(rows, each, strict=True) if holds])
        assert not asked.failed
    assert found[0]
    assert found[1:] == [found[0], found[0]]


@pytest.mark.parametrize("decoder", ["", "python"])
@pytest.mark.parametrize("at_once", [False, True])
def test_a_field_is_found_under_all_numbers_it_ever_had(
    at_once: bool, decoder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that the probable release has at a number where the record's own has another field."""
    monkeypatch.setenv(VARIABLE, decoder)
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
    each = filtered.each(rows, {}) if at_once else (filtered.holds(row, 0) for row in rows)
    assert list(each) == [bool(one) for one in numbers]
    assert set().union(*numbers) == {6, 7}
    session.close()
