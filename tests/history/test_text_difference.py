"""Texts line by line, and lines word by word."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from inspector.history.text_difference import (
    HunkKind,
    TextDifference,
    changed_words,
    text_difference,
)

TEXTS = st.lists(st.sampled_from(["a", "b", "", "c d", "\r"]), max_size=12).map("\n".join)


def joined(lines: list[str], ends: bool) -> str:
    return "\n".join(lines) + ("\n" if ends and lines else "")


def check(before: str, after: str) -> TextDifference:
    """Hunks cover both texts in order, alternate, and equal ones are equal."""
    found = text_difference(before, after)
    assert joined(found.before, found.before_ends) == before
    assert joined(found.after, found.after_ends) == after
    assert [at for hunk in found.hunks for at in hunk.before] == list(range(len(found.before)))
    assert [at for hunk in found.hunks for at in hunk.after] == list(range(len(found.after)))
    equal = [hunk.kind == HunkKind.EQUAL for hunk in found.hunks]
    assert all(one != other for one, other in pairwise(equal))
    for hunk in found.hunks:
        old = [found.before[at] for at in hunk.before]
        new = [found.after[at] for at in hunk.after]
        assert (old == new) >= (hunk.kind == HunkKind.EQUAL)
        assert bool(old) == (hunk.kind != HunkKind.ADDED)
        assert bool(new) == (hunk.kind != HunkKind.REMOVED)
        assert len(list(hunk.rows())) == max(len(old), len(new))
    return found


@given(TEXTS, TEXTS)
def test_hunks_are_both_texts(before: str, after: str) -> None:
    found = check(before, after)
    assert (found.words == "") == (before == after)
    assert len(found.after) - len(found.before) == found.added - found.removed


def test_counts_in_words() -> None:
    assert text_difference("", "a\nb\n").words == "+2 lines"
    assert text_difference("a\n", "").words == "\N{MINUS SIGN}1 line"
    assert text_difference("a\nb\nc\n", "a\nx\nc\nd\n").words == "+2 \N{MINUS SIGN}1 lines"
    assert text_difference("a\n", "a\n").words == ""


def test_a_line_feed_at_the_end_is_a_difference() -> None:
    found = check("a\nb", "a\nb\n")
    assert [hunk.kind for hunk in found.hunks] == [HunkKind.EQUAL, HunkKind.REPLACED]
    assert (found.before_ends, found.after_ends) == (False, True)


def parts(before: str, after: str) -> tuple[list[str], list[str]] | None:
    found = changed_words(before, after)
    if found is None:
        return None
    return [before[a:b] for a, b in found[0]], [after[a:b] for a, b in found[1]]


def test_words_are_marked_where_most_of_the_line_is_common() -> None:
    assert parts("    return x * 51", "    return x * 62") == (["51"], ["62"])
    assert parts("def import_triage(x):", "def check_triage(x):") == (
        ["import_triage"],
        ["check_triage"],
    )
    assert parts("a b c d", "a c d") in ((["b "], []), ([" b"], []))
    assert parts("# Label Watch Report", "# Watch Label Backup") is None
    assert parts("", "x") is None
    assert parts("x" * 30_000, "x" * 30_001) is None


@given(st.text("ab \t.", max_size=30), st.text("ab \t.", max_size=30))
def test_what_is_not_marked_is_common(before: str, after: str) -> None:
    found = changed_words(before, after)
    if found is None:
        return
    rest = []
    for text, spans in zip((before, after), found, strict=True):
        marked = {at for a, b in spans for at in range(a, b)}
        rest.append("".join(char for at, char in enumerate(text) if at not in marked))
    assert rest[0] == rest[1]


def test_a_hundred_thousand_lines() -> None:
    before = [f"line {number % 5000}" if number % 3 else "" for number in range(100_000)]
    after = [line if number % 97 else f"other {number}" for number, line in enumerate(before)]
    found = check("\n".join(before), "\n".join(after))
    assert found.added == found.removed >= 100_000 // 97
