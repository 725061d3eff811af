"""Sentences and Markdown about freight, out of a few word lists; a seed gives the same text."""

from __future__ import annotations

from collections.abc import Sequence

from tests.builders.demo.core import number

THINGS = (
    "bill of lading", "customs entry", "berth plan", "demurrage invoice", "gate ticket",
    "container manifest", "tariff table", "reefer alarm", "delivery order", "credit note",
    "sailing schedule", "damage report",
)  # fmt: skip
VERBS = (
    "compare", "archive", "approve", "reopen", "summarise", "translate", "cross-check", "resend",
)  # fmt: skip
PLACES = (
    "the north quay", "terminal two", "the staging ledger", "the carrier portal",
    "the claims desk", "the cold store", "the shared drive", "the overnight queue",
)  # fmt: skip
REASONS = (
    "the weight differs by more than two percent", "a seal number is missing",
    "the carrier changed the sailing", "the currency is not the contract's",
    "the consignee has no open order", "two lines carry the same container number",
    "the free days ended on a holiday", "the scan cannot be read",
)  # fmt: skip
SENTENCES = (
    "Before you {verb} a {thing}, look it up in {place}.",
    "If {reason}, {verb} the {thing} and say so in one line.",
    "A {thing} that arrives after hours waits in {place} until the morning run.",
    "Never {verb} a {thing} twice: {place} keeps the first one.",
    "When {reason}, ask for a new {thing} instead of guessing.",
    "The {thing} wins over the {other} where both name an amount.",
    "Quote the number of the {thing} in every answer, and the page it stands on.",
)  # fmt: skip
HEADINGS = (
    "Scope", "What to read first", "Amounts", "Dates and free days", "Exceptions", "Hand over",
    "When in doubt", "Formats", "Escalation", "Checklist",
)  # fmt: skip


def pick(seed: str, options: Sequence[str]) -> str:
    """One of the options."""
    return options[number(seed, len(options))]


def sentence(seed: str) -> str:
    """One sentence."""
    return pick(f"{seed}/form", SENTENCES).format(
        thing=pick(f"{seed}/thing", THINGS),
        other=pick(f"{seed}/other", THINGS),
        verb=pick(f"{seed}/verb", VERBS),
        place=pick(f"{seed}/place", PLACES),
        reason=pick(f"{seed}/reason", REASONS),
    )


def paragraph(seed: str, sentences: int = 4) -> str:
    """Some sentences in one line."""
    return " ".join(sentence(f"{seed}/{index}") for index in range(sentences))


def _table(seed: str) -> list[str]:
    rows = [
        f"| {pick(f'{seed}/{row}/thing', THINGS)} | {number(f'{seed}/{row}', 96) + 1} h "
        f"| {pick(f'{seed}/{row}/place', PLACES)} |"
        for row in range(4)
    ]
    return ["| document | due within | where |", "| --- | ---: | --- |", *rows]


def _code(seed: str) -> list[str]:
    limit = number(seed, 40) + 10
    return [
        "```python",
        "def differs(invoiced: float, contract: float) -> bool:",
        f"    return abs(invoiced - contract) > contract * {limit} / 1000",
        "```",
    ]


def _bullets(seed: str) -> list[str]:
    return [f"- {sentence(f'{seed}/bullet/{index}')}" for index in range(3)]


def _last_change(section: int, sections: int, revision: int) -> int:
    """The revision that wrote a section: each revision rewrites one, in turn."""
    return max(0, revision - (revision - section) % sections)


def markdown(title: str, seed: str, sections: int = 3, revision: int = 0) -> str:
    """A document with headings, paragraphs, lists, tables and code.

    Args:
        title: the first heading.
        seed: what everything but the title follows from.
        sections: how many second-level sections.
        revision: one revision differs from the next in one section.
    """
    extras = (_bullets, _table, _code)
    lines = [f"# {title}", "", paragraph(f"{seed}/lead", 2)]
    for index in range(sections):
        own = f"{seed}/{index}/{_last_change(index, sections, revision)}"
        heading = HEADINGS[index % len(HEADINGS)]
        again = f" ({index // len(HEADINGS) + 1})" if index >= len(HEADINGS) else ""
        lines += ["", f"## {heading}{again}", "", paragraph(own), ""]
        lines += extras[index % len(extras)](own)
    return "\n".join(lines) + "\n"
