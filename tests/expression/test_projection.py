"""An expression says of a record that is not decoded what it says of its tree, or is left to it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from random import Random

import pytest

from inspector.compiled_part import VARIABLE
from inspector.decode.transcoding import is_compiled
from inspector.expression.grammar import ExpressionError
from inspector.expression.values import type_of
from inspector.schema.catalog import asked, merged_schema
from inspector.schema.types import Field, MessageType
from inspector.session.expression_filter import ExpressionFilter
from inspector.session.session import Session
from inspector.store.rows import Row
from tests.decode.blobs import BlobWriter
from tests.decode.damage import Blob, demo_blobs, mutated, real_blobs

pytestmark = pytest.mark.skipif(not is_compiled(), reason="the compiled part is not built")

#: Set STIGMER_INSPECTOR_FUZZ=full for the long run.
TIMES = 60 if os.environ.get("STIGMER_INSPECTOR_FUZZ") == "full" else 1
KINDS = sorted({row.kind for row in merged_schema().kinds if row.message})
FORMS = {
    "bool": ("{0}", "!{0}", "{0} == true"),
    "int": ("{0} == 0", "{0} > 41", "{0} in [1, 2, 300]", "{0} != -1"),
    "uint": ("{0} == 0u", "{0} > 41u"),
    "double": ("{0} == 0.0", "{0} < 0.5", "{0} == {0}"),
    "string": ("{0} == ''", "{0} == 'a'", "{0}.contains('e')", "size({0}) > 3", "{0} < 'k'"),
    "bytes": ("{0} == b''", "size({0}) > 2"),
    "timestamp": ("{0} < timestamp('2026-01-01T00:00:00Z')", "{0} == {0}"),
    "duration": ("{0} < duration('1h')", "{0} == duration('0s')"),
    "list": ("size({0}) == 2", "{0}.exists(x, {1})", "{0}.all(x, {1})", "{0}[0] == {0}[1]"),
    "map": ("size({0}) == 1", "'a' in {0}", "{0}['a'] == {0}.a", "{0}.exists(x, x == 'a')",
            "has({0}.a)"),
}  # fmt: skip
JOINED = ("{0} && {1}", "{0} || {1}", "({0}) ? {1} : !({0})", "{0} || size > 40 && id == 'one'")


def expressions(message: MessageType, random: Random) -> Iterator[str]:
    """Filters over the fields of a message in all the forms there are."""
    while True:
        one, other = (form(message, random) for _ in range(2))
        yield random.choice((one, one, random.choice(JOINED).format(one, other)))


def form(message: MessageType, random: Random) -> str:
    way, here = "r", message
    while True:
        field = random.choice(list(here.fields.values()))
        way = f"{way}.{field.name}"
        kind = type_of(field)
        if kind.name == "message" and kind.message is not None and kind.message.fields:
            if random.random() < 0.2:
                return f"has({way})"
            here = kind.message
            continue
        if random.random() < 0.2:
            return f"has({way})"
        return filled(way, field, random)


def filled(way: str, field: Field, random: Random) -> str:
    kind = type_of(field)
    forms = FORMS.get(kind.name, ("{0} == {0}", "size({0}) > 0"))
    inner = "x == x"
    if kind.element is not None and kind.element.name in FORMS:
        inner = random.choice(FORMS[kind.element.name]).format("x")
    return random.choice(forms).format(way, inner)


@cache
def session() -> Session:
    return Session.demo()


def answers(found: ExpressionFilter, rows: list[Row]) -> tuple[list[bool], Counter[str], int]:
    return [found.holds(row, 1) for row in rows], found.failed, found.covered


def page_answers(found: ExpressionFilter, rows: list[Row]) -> tuple[list[bool], Counter[str], int]:
    """The same of all of them at once; all have one id, so each has one version."""
    said = list(found.each(rows, {row.id: 1 for row in rows}))
    assert found.looked == len(rows)
    assert found.matched == sum(said)
    return said, found.failed, found.covered


def compared(
    kind: str, rows: list[Row], texts: Iterator[str], monkeypatch: pytest.MonkeyPatch
) -> Counter[bool]:
    """Asks some expressions of rows with the compiled part and without it."""
    seen = Counter[bool]()
    for _ in range(10):
        text = next(texts)
        reveal = len(text) % 3 == 0
        try:
            ours = ExpressionFilter(session(), kind, text, reveal=reveal)
        except ExpressionError:
            continue
        given = answers(ours, rows)
        whole = page_answers(ExpressionFilter(session(), kind, text, reveal=reveal), rows)
        assert whole == given, (kind, text)
        with monkeypatch.context() as patch:
            patch.setenv(VARIABLE, "python")
            wanted = answers(ExpressionFilter(session(), kind, text, reveal=reveal), rows)
        assert given == wanted, (kind, text)
        seen.update(given[0])
    return seen


def row(kind: str, data: bytes) -> Row:
    return Row(kind, "one", data, len(data), "2026-03-01 10:00:00", None)


@pytest.mark.parametrize("kind", KINDS)
def test_it_agrees_on_blobs_of_every_form(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(kind)
    merged = merged_schema()
    key = merged.root(kind)
    assert key is not None
    names = [name for at, name in enumerate(merged.names) if merged.releases_of(kind) >> at & 1]
    for _ in range(TIMES):
        number = asked(random.choice(names)).release
        assert number is not None
        message = merged.view(number).message(key)
        made = [BlobWriter(random, plain=plain).message(message) for plain in (True, False) * 4]
        compared(kind, [row(kind, one) for one in made], expressions(message, random), monkeypatch)


@pytest.mark.parametrize("damaged", [False, True], ids=["stored", "damaged"])
@pytest.mark.parametrize("store", ["v0", "v2-clean", "demo"])
def test_it_agrees_on_stored_blobs(
    store: str, damaged: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(f"{store} {damaged}")
    blobs = demo_blobs() if store == "demo" else real_blobs(store)
    by_kind: dict[str, list[Blob]] = {}
    for one in blobs:
        by_kind.setdefault(one.kind, []).append(one)
    seen = Counter[bool]()
    merged = merged_schema()
    for kind, some in by_kind.items():
        key = merged.root(kind)
        number = asked(some[0].release).release
        assert key is not None
        assert number is not None
        message = merged.view(number).message(key)
        for _ in range(TIMES):
            chosen = random.sample(some, min(6, len(some)))
            data = [
                mutated(one.data, random, random.choice(blobs).data) if damaged else one.data
                for one in chosen
            ]
            rows = [row(kind, one) for one in data]
            seen += compared(kind, rows, expressions(message, random), monkeypatch)
    assert seen[True] > 10
    assert seen[False] > 10


@pytest.mark.parametrize(
    "text",
    [
        "r.metadata.name.contains('e') && r.status.phase == EXECUTION_COMPLETED",
        "has(r.status.completed_at) || r.metadata.tags.exists(t, t == 'a')",
        "'team' in r.metadata.labels && r.metadata.labels['team'] == 'a'",
        "r.status.audit.spec_audit.created_at < timestamp('2026-02-01T00:00:00Z')",
    ],
)
def test_what_is_usual_is_not_decoded_for_it(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.session.expression_filter.decode", None)
    monkeypatch.setattr("inspector.session.expression_filter.shrunk", None)
    blobs = [one.data for one in real_blobs("v2-clean") if one.kind == "agent_execution"]
    found = ExpressionFilter(session(), "agent_execution", text)
    said = [found.holds(row("agent_execution", one), 1) for one in blobs]
    assert len(said) > 10
    assert not found.failed
