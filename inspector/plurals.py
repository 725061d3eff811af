"""Numbers with their nouns."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``1 field``, ``13 items``; of ``many`` where that is no plain s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def covered_note(secrets: int, payloads: int = 0) -> str:
    """The note about what is covered, empty for nothing."""
    parts = [counted(secrets, "secret")] * bool(secrets)
    parts += [counted(payloads, "raw payload")] * bool(payloads)
    if not parts:
        return ""
    verb = "is" if secrets + payloads == 1 else "are"
    return f"{' and '.join(parts)} {verb} covered; --reveal-secrets shows them"
