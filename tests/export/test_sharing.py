from __future__ import annotations

import re
import shlex

from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.choice import Choice
from inspector.export.markdown import markdown, show_command
from inspector.history.record import Record
from inspector.history.versions import Version
from tests.choices import chosen

_TEXT = st.text(st.characters(codec="utf-8"), max_size=40)


def _record(kind: str, id_: str, version: Version | None = None) -> Record:
    return Record(kind, id_, 12, "2026-01-25T20:38:38Z", version, Choice(reason="it fits"), None)


def _version(audit_id: int) -> Version:
    return Version("skill", "x", audit_id, None, "skill", None, "ab" * 32, "v1", 3, False)


@given(_TEXT, _TEXT, st.booleans())
def test_a_shell_reads_the_command_back(id_: str, path: str, old: bool) -> None:
    record = _record("skill", id_, _version(12) if old else None)
    words = shlex.split(show_command(record, path))
    assert words[:4] == ["stigmer-inspector", "show", "skill", id_]
    assert words[-2:] == ["--db", path]
    assert ("audit:12" in words) == old


def test_the_demo_needs_no_path() -> None:
    assert show_command(_record("a", "b"), "/x", demo=True) == "stigmer-inspector show a b --demo"


@given(_TEXT, _TEXT)
def test_the_fence_is_longer_than_any_in_the_text(name: str, text: str) -> None:
    made = markdown(_record("skill", "id"), name, text)
    fence = re.findall(r"^(`{3,})json$", made, re.MULTILINE)[-1]
    body = made[made.index(f"{fence}json\n") + len(fence) + 5 :]
    assert body == f"{text}\n{fence}\n"
    assert fence not in text


def test_names_are_no_markup_and_stay_in_one_line() -> None:
    made = markdown(_record("skill", "a`b"), "*x*\n# y", "{}", covered=2)
    assert made.splitlines()[0] == "### skill: \\*x\\* \\# y"
    assert "- Record: `skill/a'b`" in made
    assert "- Secrets: 2 covered" in made


def test_a_version_is_named() -> None:
    made = markdown(_record("skill", "x", _version(7)), "n", "{}")
    for line in ("- Version: `audit:7`", "- Tag: v1", f"- Hash: `{'ab' * 32}`"):
        assert line in made


def test_what_is_known_of_a_live_record_is_listed() -> None:
    live = _record("skill", "x")
    assert markdown(live, "n", "{}").splitlines() == [
        "### skill: n",
        "",
        "- Record: `skill/x`",
        "- Version: live",
        "- Updated: 2026-01-25T20:38:38Z",
        "- Size: 12 bytes",
        "- Schema: none",
        "",
        "```json",
        "{}",
        "```",
    ]
    archived = markdown(_record("skill", "x", _version(7)), "n", "")
    assert "- Archived: 2026-01-25T20:38:38Z" in archived
    known = Record("skill", "x", 1, None, None, chosen("2026-01-26"), None, display_kind="Skill")
    assert markdown(known, "n", "```\n````").splitlines()[:4] == [
        "### Skill: n",
        "",
        "- Record: `skill/x`",
        "- Version: live",
    ]
    assert "- Schema: 2026-01-26" in markdown(known, "n", "{}")
    assert "Updated" not in markdown(known, "n", "{}")
    assert "`````json" in markdown(known, "n", "```\n````")
