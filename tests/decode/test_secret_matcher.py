"""Secrets are found wherever they stand, in whatever way they are written there."""

from __future__ import annotations

import base64
import json
import random
from urllib.parse import quote, quote_plus

import pytest

from inspector.decode.decoder import decode
from inspector.decode.secret_matcher import SecretMatcher, forms
from tests.builders.demo import wire


@pytest.mark.parametrize(
    "text",
    [
        "It was hunter-\u00fctwo/+ then",
        json.dumps("hunter-\u00fctwo/+"),
        json.dumps("hunter-\u00fctwo/+", ensure_ascii=False),
        f"https://x.example/?k={quote('hunter-ütwo/+', safe='')}",
        "hunter-ütwo/+".encode().hex(),
        "hunter-ütwo/+".encode().hex().upper(),
        *(
            base64.b64encode(f"{'y' * n}hunter-ütwo/+{'z' * m}".encode()).decode()
            for n in range(3)
            for m in range(3)
        ),
        base64.urlsafe_b64encode("user:hunter-ütwo/+".encode()).decode(),
        f"?k={quote('hunter-ütwo/+')}&l=1",
        f"?k={quote('hunter-ütwo/+', safe='').lower()}",
        quote_plus("hunter-ütwo/+"),
        json.dumps(json.dumps({"k": "hunter-ütwo/+"})),
        r"{'k':'hunter-ütwo\/+'}",
        "xhunter-ütwo/+;".encode("utf-16-le"),
        "xhunter-ütwo/+;".encode("utf-16-be"),
        "xhunter-ütwo/+;".encode("utf-16-le").hex(),
        base64.b64encode("xhunter-ütwo/+;".encode("utf-16-le")).decode(),
    ],
)
def test_a_secret_is_found_as_it_is_written_elsewhere(text: str | bytes) -> None:
    secret = "hunter-ütwo/+".encode()
    data = wire.text(1, text)
    out = SecretMatcher([secret]).without(data)
    assert len(out) == len(data)
    assert out != data
    assert decode(out, None).malformed is False
    assert not any(form in out for form in forms(secret))


def test_a_longer_secret_goes_before_one_within_it() -> None:
    dice = random.Random(3)
    secrets = [b"key-1", b"key-1-long", b"long", b"ng-k"]
    for _ in range(200):
        text = b"".join(dice.choice([*secrets, b"-", b"x"]) for _ in range(20))
        out = SecretMatcher(secrets).without(text)
        assert len(out) == len(text)
        assert not any(one in out for one in secrets)


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("a<b>&c", r'"a\u003cb\u003e\u0026c"'),
        ("it's(1)!", "it's(1)!"),
        ("it's(1)! ", "it's(1)!%20"),
        ('say "so"', json.dumps(json.dumps(['say "so"']))),
        ("four", b"four".hex()),
        ("four", base64.b64encode(b"xfour").decode()),
    ],
)
def test_what_encoders_write(secret: str, text: str) -> None:
    out = SecretMatcher([secret.encode()]).without(text.encode())
    assert len(out) == len(text.encode())
    assert not any(form in out for form in forms(secret.encode()))


def test_secrets_that_overlap_are_both_gone() -> None:
    """Of the second one no part stays that only the first one's place did not have."""
    assert SecretMatcher([b"abcdef", b"defghi"]).without(b"-abcdefghi-") == b"-}****x*x*-"


def test_keys_that_begin_alike_are_found_by_their_length() -> None:
    """So a look does not take longer the more of them there are."""
    keys = [f"sk-proj-{n:032}".encode() for n in range(500)]
    matcher = SecretMatcher(keys)
    assert matcher._lengths[b"sk-p"] == (len(keys[0]),)
    text = b" ".join([*keys[::7], b"sk-proj-other"])
    out = matcher.without(text)
    assert out.endswith(b" sk-proj-other")
    assert out.count(b"sk-p") == 1


@pytest.mark.parametrize("before", range(3))
def test_all_of_a_long_secret_is_found_in_parts(before: int) -> None:
    """What it is written as takes fifty times its bytes: no part of that is kept."""
    dice = random.Random(5)
    secret = "".join(dice.choice("abcdefgh\u00fc\u20ac\U0001f600<'/") for _ in range(20_000))
    encoded = secret.encode()
    matcher = SecretMatcher([encoded])
    around = b"#" * before
    ways = [
        *(encoded, encoded.hex().encode(), json.dumps(secret).encode(), quote(secret).encode()),
        *(secret.encode("utf-16-le"), base64.b64encode(bytes(before) + encoded)),
    ]
    for way in ways:
        out = matcher.without(around + way + around)
        # All but the letters of base64 and the quotes that what is beside it has a part in.
        gone = out[before + 4 : len(out) - before - 4]
        assert set(gone) == set(b"x*"), way[:40]
        assert len(out) == len(way) + 2 * before
    assert matcher.without(b"abcdefgh" * 3000) == b"abcdefgh" * 3000


def test_what_is_too_short_is_not_looked_for() -> None:
    assert SecretMatcher([b"abc", b""]).without(b"abcabc") == b"abcabc"
