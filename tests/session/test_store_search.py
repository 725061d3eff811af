"""A search finds what decoding everything finds, and says what it covered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from threading import Event

import pytest

from inspector.decode.choice import Reading
from inspector.decode.node import NodeKind, WireType
from inspector.decode.paths import NodePlace, walk_from
from inspector.decode.problems import payload
from inspector.decode.transcoding import is_compiled
from inspector.errors import CancelledError
from inspector.history.record import Record
from inspector.session.event_pages import event_owners, every_event
from inspector.session.needle import Needle
from inspector.session.reading import BlobReader
from inspector.session.session import Session
from inspector.session.store_search import (
    Coverage,
    EventHit,
    SearchQuery,
    StoreSearch,
    value_texts,
)
from inspector.session.walking import with_history
from inspector.store.event_log import EventsOf
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.cli.made import v2
from tests.cli.stores import STORES, store
from tests.decode.planting import SECRET, planted, spots
from tests.gui.builders import data

Place = tuple[str, str, str | None, str]  # kind, id, name of the version, path

#: Texts whose case folding is not that of ASCII letters, or that are no plain text.
ODD = (
    "Straße STRASSE ẞ",
    "\u017ftra\u017f\u017fe \u212aelvin K and Å",
    "\u0130stanbul \u0131slak",
    "ﬁne ﬂow ﬃ ﬆop",
    "größe GRÖSSE ŉ ǰ ẖ",
    "Данные данные ΣΑΣ σας",
    "日本語 \U0001f680 \U00010400\U00010428",
    "a\u200bb \ufeff x\ufffdy",
    'quote " back \\ slash / tab \t line\nend \x01 \u2028',
    "<b>&amp;</b>",
)


def shown(record: Record, ends: Callable[[NodePlace], bool]) -> Iterator[NodePlace]:
    """All places of a record's tree, but for what lies in those at which a walk ends."""
    assert record.tree is not None
    ended: list[NodePlace] = []
    for place in walk_from(NodePlace(record.tree.root, None)):
        if ended and _within(place, ended[-1]):
            continue
        if ends(place):
            ended.append(place)
        yield place


def words_of(record: Record) -> Iterator[tuple[str, list[str]]]:
    """By path what a record says in words, by a walk of its own over all of the tree."""
    assert record.tree is not None
    for place in shown(record, lambda one: id(one.node) in record.covered):
        node, parent = place.node, place.parent
        said = []
        if parent is not None and parent.node.kind in (NodeKind.MAP, NodeKind.STRUCT):
            said += [node.label] if isinstance(node.label, str) else []
        if id(node) not in record.covered:
            if isinstance(node.value, str):
                said.append(node.value)
            if node.kind == NodeKind.UNKNOWN and node.wire_type in (WireType.LEN, WireType.SGROUP):
                said.append(payload(record.tree, node).decode(errors="replace"))
        if said and not _in_unknown(place):
            yield place.path, said


def _within(place: NodePlace, top: NodePlace) -> bool:
    above = place.parent
    while above is not None and above is not top:
        above = above.parent
    return above is not None


def _in_unknown(place: NodePlace) -> bool:
    above = place.parent
    while above is not None:
        if above.node.kind in (NodeKind.UNKNOWN, NodeKind.SHADOWED, NodeKind.MALFORMED):
            return True
        above = above.parent
    return False


def everything(
    session: Session, words: Callable[[Record], Iterator[tuple[str, list[str]]]] = words_of
) -> list[tuple[Place, list[str]]]:
    """What all records and versions say, in the order of a search."""
    found: list[tuple[Place, list[str]]] = []
    for kind in session.store.kinds():
        ids = {row.id for row in session.rows(kind.kind)} | set(session.gone_ids(kind.kind))
        for id_ in sorted(ids, key=lambda one: one.encode("utf-8", "surrogateescape")):
            for record in with_history(session, kind.kind, id_):
                name = record.version.name if record.version is not None else None
                found += (
                    ((kind.kind, id_, name, path), said)
                    for path, said in (words(record) if record.tree is not None else ())
                )
    return found


def searched(
    session: Session,
    text: str,
    *,
    ignore_case: bool = False,
    reveal: bool = False,
    values: bool = False,
) -> list[Place]:
    query = SearchQuery(text, ignore_case, history=True, reveal=reveal, values=values)
    search = StoreSearch(session, query)
    return [
        (hit.kind, hit.id, hit.version.name if hit.version is not None else None, hit.path)
        for hit in search.run()
    ]


def needles(said: list[str], random: Random, number: int) -> Iterator[str]:
    """Parts of texts that are there, some in another case, and some that may not be."""
    texts = [text for text in said if text]
    for at in range(number):
        text = random.choice(texts)
        start = random.randrange(len(text))
        part = text[start : start + random.choice((1, 2, 3, 5, 8, 20))]
        yield random.choice((str, str.upper, str.lower, str.title, str.swapcase))(part)
        if at % 5 == 0:
            yield part + random.choice(texts)[:2]


def agrees(session: Session, number: int = 40, seed: int = 1) -> int:
    """Whether a search finds the same as a look at everything; gives how much that was."""
    random, whole, total = Random(seed), everything(session), 0
    words = [text for _, said in whole for text in said]
    for needle in needles(words, random, number):
        if any("\ud800" <= one < "\ue000" for one in needle):
            continue
        exact = [place for place, said in whole if any(needle in text for text in said)]
        assert searched(session, needle) == exact, needle
        folded = needle.casefold()
        same = [p for p, said in whole if any(folded in text.casefold() for text in said)]
        assert searched(session, needle, ignore_case=True) == same, needle
        assert set(exact) <= set(same)
        total += len(exact)
    return total


@pytest.fixture(params=["compiled", "python"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the compiled parts, where they are built, and without."""
    monkeypatch.setenv("STIGMER_INSPECTOR_DECODER", request.param)


@pytest.mark.parametrize("name", STORES)
def test_the_same_is_found_as_by_decoding_everything(name: str, tmp_path: Path) -> None:
    session = Session.open(store(name, tmp_path))
    assert agrees(session, 6) > 6


def test_the_same_is_found_in_records_of_all_releases() -> None:
    assert agrees(Session.demo(), 12) > 12


def _entry(key: str, value: str) -> bytes:
    return data(1, key) + data(2, value)


def _thing(*texts: str) -> bytes:
    """A record whose labels say this, and a field that no schema has."""
    labels = b"".join(data(6, _entry(text, texts[-1])) for text in texts)
    return data(3, data(1, texts[0]) + labels) + data(1000, data(5, texts[0]) + data(6, texts[-1]))


@pytest.fixture
def odd(tmp_path: Path) -> Session:
    """Records of odd texts, live and archived, some of them no UTF-8."""
    random = Random(4)
    rows: list[Rec | Arc] = []
    for at in range(40):
        some = random.sample(ODD, 3)
        rows.append(Rec("agent", f"agt-{at:02}", _thing(*some)))
        rows.append(Arc("agent", f"agt-{at + 20:02}", _thing(*reversed(some))))
    rows.append(Rec("agent", "agt-bad", data(3, data(1, b"x\xffy\xe2\x82") + data(2, "slug"))))
    rows.append(Rec("no_such_kind", "one", _thing(*ODD[:3])))
    return Session.open(v2(tmp_path, *rows))


@pytest.mark.usefixtures("way")
def test_the_same_is_found_of_texts_of_every_script(odd: Session) -> None:
    assert agrees(odd, 60, 2) > 60


def test_the_same_is_found_in_json_however_it_is_escaped(tmp_path: Path) -> None:
    rows = []
    for at, text in enumerate(ODD):
        document = {"metadata": {"name": text, text: {"deep": [text, at]}}, "kind": "Agent"}
        plain = json.dumps(document, ensure_ascii=bool(at % 2))
        rows.append(Rec("agent", f"agt-{at}", plain.replace("/", "\\/") if at % 3 else plain))
        every = "".join(f"\\u{ord(one):04x}" if ord(one) < 0x10000 else one for one in text)
        rows.append(Rec("agent", f"agt-{at}-escaped", f'{{"spec": {{"description": "{every}"}}}}'))
    path = tmp_path / "stigmer.db"
    layouts.create(path, layouts.RESOURCES_JSON)
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany(
            "INSERT INTO resources (kind, id, data, updated_at) VALUES (?, ?, ?, ?)", rows
        )
        connection.commit()
    session = Session.open(path)
    assert agrees(session, 80, 3) > 80


@pytest.mark.usefixtures("way")
def test_the_bytes_never_hide_what_a_text_holds() -> None:
    random = Random(6)
    marks = "".join(ODD) + "sSkKiIfFlLtT"
    for _ in range(3000):
        text = "".join(random.choices(marks, k=random.randrange(1, 12)))
        part = "".join(random.choices(text, k=random.randrange(1, 3)))
        start = random.randrange(len(text))
        for sought in (part, text[start : start + 4].upper(), text[start : start + 3].casefold()):
            for ignore_case in (False, True):
                needle = Needle(sought, ignore_case=ignore_case)
                if needle.find(text) is not None:
                    blob = b"\xff\xe2" + data(3, text) + b"\x80\x81"
                    assert needle.may_be_in(blob), (sought, text)


@pytest.mark.usefixtures("way")
def test_most_blobs_are_told_by_their_bytes() -> None:
    for ignore_case in (False, True):
        needle = Needle("needle", ignore_case=ignore_case)
        assert not needle.may_be_in(data(3, "nothing of that kind" * 20))
    # A long s is one of its letters, but does not make it stand here.
    assert not Needle("sought", ignore_case=True).may_be_in(data(3, "\u017fome other text"))


def test_a_snippet_shows_what_was_found_where_folding_changes_the_length() -> None:
    needle = Needle("STRASSE", ignore_case=True)
    snippet = needle.snippet("İ, der ﬂuß, die Straße\nhinab")
    assert snippet == ("İ, der ﬂuß, die ", "Straße", " hinab")
    assert Needle("S", ignore_case=True).find("aßb") == (1, 2)


@pytest.mark.parametrize("ignore_case", [False, True])
def test_a_secret_is_no_hit(tmp_path: Path, ignore_case: bool) -> None:
    rows = [Rec(spot.kind, f"id-{at}", planted(spot)) for at, spot in enumerate(spots())]
    archived = [Arc(spot.kind, f"id-{at}", planted(spot)) for at, spot in enumerate(spots())]
    session = Session.open(v2(tmp_path, *rows, *archived))
    secret = SECRET.decode()
    assert searched(session, secret, ignore_case=ignore_case) == []
    shown = searched(session, secret, ignore_case=ignore_case, reveal=True)
    assert {kind for kind, *_ in shown} == {spot.kind for spot in spots()}


def test_what_stands_around_a_text_without_a_name_is_not_shown(tmp_path: Path) -> None:
    session = Session.open(v2(tmp_path, Rec("no_such_kind", "one", data(7, "user:hunter2"))))
    hits = list(StoreSearch(session, SearchQuery("user")).run())
    assert [(hit.path, hit.snippet.text) for hit in hits] == [("<7>", "…user…")]


def test_a_key_is_found_at_the_value_it_leads_to(tmp_path: Path) -> None:
    blob = data(3, data(6, _entry("tier.of", "gold")))
    session = Session.open(v2(tmp_path, Rec("agent", "agt-1", blob)))
    [hit] = StoreSearch(session, SearchQuery("tier")).run()
    assert (hit.path, hit.in_key) == ('metadata.labels["tier.of"]', True)
    assert hit.snippet.text == "tier.of"


@pytest.mark.parametrize("name", ["demo", "v2-clean", "json"])
def test_the_same_values_are_found_as_by_decoding_everything(name: str, tmp_path: Path) -> None:
    session = Session.demo() if name == "demo" else Session.open(store(name, tmp_path))
    whole = everything(session, values_of)
    texts = sorted({text for _, said in whole for text in said})
    sought = [*Random(11).sample(texts, min(len(texts), 5)), "1"]
    sought += [text[1:-1] for text in sought if len(text) > 3]
    for at, needle in enumerate(sought):
        finds = Needle(needle, ignore_case=bool(at % 2)).find
        expected = [place for place, said in whole if any(map(finds, said))]
        found = searched(session, needle, ignore_case=bool(at % 2), values=True)
        assert found == expected, needle


def values_of(record: Record) -> Iterator[tuple[str, list[str]]]:
    """By path what values are written as, by a walk of its own over all of the tree."""
    for place in shown(record, lambda one: id(one.node) in record.covered or one.node.is_time):
        node, parent = place.node, place.parent
        said = [] if id(node) in record.covered else list(value_texts(node))
        if parent is not None and parent.node.kind in (NodeKind.MAP, NodeKind.STRUCT):
            keyed = node.label is not None and not isinstance(node.label, str)
            said += [str(node.label).lower()] if keyed else []
        if said and not _in_unknown(place):
            yield place.path, said


def test_values_that_json_leaves_out_are_found(tmp_path: Path) -> None:
    # An enum and a truth value that are zero, which a protobuf library would not write.
    approve, phase = data(4, b"\x38\x00"), data(5, b"\x10\x00")
    rows = (Rec("agent_execution", "aex-1", approve), Rec("agent_execution", "aex-2", phase))
    session = Session.open(v2(tmp_path, *rows))
    for text, path in (("false", "spec.auto_approve_all"), ("PHASE_UNSPEC", "status.phase")):
        [hit] = StoreSearch(session, SearchQuery(text, values=True)).run()
        assert hit.path == path
    hits = StoreSearch(session, SearchQuery("0", values=True)).run()
    assert [hit.path for hit in hits] == ["status.phase"]


def test_values_of_usual_records_are_told_without_their_trees(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = Session.demo()
    if not is_compiled():
        pytest.skip("Python reads all of them")
    read: list[str] = []
    real = BlobReader.read

    def counted(reader: BlobReader, data: bytes, kind: str, written: str | None) -> Reading:
        read.append(kind)
        return real(reader, data, kind, written)

    monkeypatch.setattr(BlobReader, "read", counted)
    search = StoreSearch(session, SearchQuery("271828182", values=True))
    assert list(search.run()) == []
    assert len(read) < search.coverage.records // 2


def test_numbers_and_times_are_a_search_of_their_own() -> None:
    session = Session.demo()
    text = {hit.path for hit in StoreSearch(session, SearchQuery("EXECUTION_COMPLETED")).run()}
    values = list(StoreSearch(session, SearchQuery("EXECUTION_COMPLETED", values=True)).run())
    assert text == set()
    assert "status.phase" in {hit.path for hit in values}
    times = list(StoreSearch(session, SearchQuery("2026-01-2", values=True)).run())
    assert any(hit.path.endswith("created_at") for hit in times)


@pytest.mark.parametrize("name", ["demo", *STORES[:3]])
def test_the_same_is_found_in_events_as_by_decoding_them_all(name: str, tmp_path: Path) -> None:
    session = Session.demo() if name == "demo" else Session.open(store(name, tmp_path))
    owners = event_owners(session, [one.kind for one in session.store.kinds()])
    whole = [
        (kind, id_, at, path, said)
        for kind, own in owners.items()
        for id_ in session.store.events.owners(own.table)
        if not own.others or session.store.row(kind, id_) is not None
        for at, event in enumerate(every_event(session, EventsOf(own.table, id_)))
        if event.record.tree is not None
        for path, said in words_of(event.record)
    ]
    words = [text for *_, said in whole for text in said]
    for needle in needles(words, Random(7), 12) if words else ():
        for ignore_case in (False, True):
            query = SearchQuery(needle, ignore_case, events=True)
            search = StoreSearch(session, query)
            found = {
                (hit.kind, hit.id, hit.event.row, hit.path)
                for hit in search.run()
                if hit.event is not None
            }
            folded = needle.casefold() if ignore_case else needle
            expected = {
                (kind, id_, at, path)
                for kind, id_, at, path, said in whole
                for text in said
                if folded in (text.casefold() if ignore_case else text)
            }
            assert found == expected, needle
    if name == "demo":
        assert len(words) > 50


def test_events_are_searched_only_where_that_is_asked_for() -> None:
    session = Session.demo()
    query = SearchQuery("upstream connect error")
    assert not any(hit.event for hit in StoreSearch(session, query).run())
    search = StoreSearch(session, query._replace(events=True))
    [hit] = [hit for hit in search.run() if hit.event is not None]
    assert (hit.kind, hit.event, hit.path) == (
        "workflow_execution",
        EventHit("7", 7, 6),
        "task_failed.error",
    )
    assert search.coverage.events > 20
    assert search.coverage.sentence(history=False, events=True).endswith("events")


def test_what_was_covered_is_counted(tmp_path: Path) -> None:
    rows = [Rec("agent", f"agt-{at:04}", data(3, data(1, f"name {at}"))) for at in range(2500)]
    archived = [Arc("agent", f"agt-{at:04}", rows[at].data) for at in (1, 1, 7)]  # type: ignore[arg-type]
    broken = Rec("skill", "skl-1", data(3, data(1, "name")) + b"\x0a\x7f")
    session = Session.open(v2(tmp_path, *rows, *archived, broken))
    search = StoreSearch(session, SearchQuery("name", history=True))
    assert len(list(search.run())) == 2500 + 3 + 1
    found = search.coverage
    assert found == Coverage(2501, 3, 1, 2504, 2504, None, complete=True)
    assert found.sentence(history=True) == (
        "searched 2,501 records, 3 versions; 1 could not be read"
    )


def test_it_is_cancelled_between_two_rows() -> None:
    session, cancel = Session.demo(), Event()
    hits = StoreSearch(session, SearchQuery("a")).run(cancel)
    next(hits)
    cancel.set()
    with pytest.raises(CancelledError):
        list(hits)


def test_in_a_damaged_store_what_can_be_read_is_searched(tmp_path: Path) -> None:
    text = "x" * 900 + "needle"
    path = v2(tmp_path, *(Rec("agent", f"a-{at:03}", data(3, data(1, text))) for at in range(90)))
    content = bytearray(path.read_bytes())
    for page in range(8, 14):
        content[page * 4096 : page * 4096 + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    session = Session.open(path)
    search = StoreSearch(session, SearchQuery("needle"))
    hits = list(search.run())
    found = search.coverage
    readable = [row.id for row in session.store.rows("agent").rows if row.data is not None]
    assert 0 < len(readable) < 90
    assert [hit.id for hit in hits] == readable
    assert found.unread or found.damage is not None
