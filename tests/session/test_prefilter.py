"""What is held back by its bytes alone never matches when it is decoded."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from inspector.invisible import joined
from inspector.session import scan as module
from inspector.session.scan import Prefilter, Scan
from inspector.session.session import Session
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Rec
from tests.places import REAL

STORES = [None, REAL / "v2-clean" / "stigmer.db", REAL / "v0" / "stigmer.db"]
TEXTS = [
    *("a", "E", "triage", "completed", "exec in_progress", "42", "agent/", "-", "Ready", "local"),
    *("nothing of the kind", "skl-01", "INVOICE", "\N{LATIN SMALL LETTER E WITH ACUTE}", "clerk"),
]


@pytest.mark.parametrize("store", STORES, ids=["demo", "v2", "v0"])
def test_the_same_is_found_with_and_without_it(
    store: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session.demo() if store is None else Session.open(str(store))
    kinds = [kind.kind for kind in session.kinds() if kind.records]
    found = {text: Scan(session, kinds, text=text).run() for text in TEXTS}
    monkeypatch.setattr(Prefilter, "may_match", lambda *_: True)
    assert found == {text: Scan(session, kinds, text=text).run() for text in TEXTS}
    assert any(found.values())


def test_what_cannot_match_is_held_back() -> None:
    sieve = Prefilter(["triage"], "agent", documents=False)
    assert sieve.may_match("agt-1", b"\x0a\x06TRIAGE")
    assert sieve.may_match("agt-triage", b"")
    assert not sieve.may_match("agt-1", b"\x0a\x06tri age")


def test_what_bytes_cannot_tell_is_let_through() -> None:
    assert Prefilter(["completed"], "agent_execution", documents=False).may_match("aex-1", b"")
    assert Prefilter(["42"], "agent_execution", documents=False).may_match("aex-1", b"")
    assert Prefilter(["triage"], "agent", documents=True).may_match("agt-1", b"")
    assert Prefilter(["strasse"], "agent", documents=False).may_match(
        "agt-1", "Stra\N{LATIN SMALL LETTER SHARP S}e".encode()
    )


def test_no_character_beyond_the_first_plane_is_folded_to_ascii() -> None:
    beyond = range(module._PLANE, sys.maxunicode + 1)
    assert not any(letter < "\x80" for code in beyond for letter in chr(code).casefold())


def test_what_has_no_width_between_letters_is_let_through() -> None:
    for code in range(0x80, sys.maxunicode + 1):
        between = chr(code)
        if not 0xD800 <= code < 0xE000 and not joined(between):
            assert Prefilter(["admin"], "agent", documents=False).may_match(
                "agt-1", f"ad{between}min".encode()
            )
    assert Prefilter(["agt-1"], "agent", documents=False).may_match("ag\u200bt-1", b"")


def test_a_word_is_found_with_a_zero_width_space_in_it(tmp_path: Path) -> None:
    name = wire.text(3, wire.text(1, "ad\u200bmin"))
    session = Session.open(
        layouts.v2(tmp_path / "s.db", [Rec("agent", "a", name), Rec("agent", "b")])
    )
    for words in ("admin", "ADMIN", "ad\u200bmin", "a\u2060dmin"):
        assert [key.id for key in Scan(session, ["agent"], text=words).run()] == ["a"]
    assert Scan(session, ["agent"], text="ad min x").run() == []
