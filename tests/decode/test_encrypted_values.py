"""Values that the daemon encrypted are told from others by their form alone."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.encrypted_values import sealed


@given(st.integers(1, 10**9 - 1), st.binary(min_size=1, max_size=200))
def test_edition_and_size_of_a_sealed_value(edition: int, data: bytes) -> None:
    for encoded in (b64encode(data), urlsafe_b64encode(data), b64encode(data).rstrip(b"=")):
        seal = sealed(f"enc:v{edition}:{encoded.decode()}")
        assert seal is not None
        assert (seal.edition, seal.size) == (f"enc:v{edition}", len(data))


def test_it_is_said_in_words() -> None:
    seal = sealed("enc:v1:" + b64encode(bytes(1044)).decode())
    assert seal is not None
    assert seal.words == "Sealed (enc:v1, 1,044 bytes)"


@pytest.mark.parametrize(
    "value",
    [
        "", "enc:v1:", "enc:v1", "enc:vN:AAAA", "enc:v:AAAA", "ENC:v1:AAAA", " enc:v1:AAAA",
        "enc:v1:AAAA\n", "enc:v1:not base64", "enc:v1:AA=AA", "enc:v1:===", "v1:AAAA",
        b"enc:v1:AAAA", None, 7, "enc:v\u0661:AAAA",
    ],
)  # fmt: skip
def test_what_only_begins_so_is_not_sealed(value: object) -> None:
    assert sealed(value) is None
