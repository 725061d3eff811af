from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from inspector.schema.ulid import created_at, ids_in, prefix

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def _ulid(milliseconds: int, rest: str) -> str:
    head = "".join(_ALPHABET[milliseconds >> 5 * (9 - place) & 31] for place in range(10))
    return head + rest


@given(
    st.datetimes(datetime(2015, 1, 1), datetime(2100, 12, 31)),
    st.text(_ALPHABET, min_size=16, max_size=16),
)
def test_the_time_in_an_id_is_read_back(moment: datetime, rest: str) -> None:
    moment = moment.replace(tzinfo=UTC, microsecond=moment.microsecond // 1000 * 1000)
    milliseconds = round(moment.timestamp() * 1000)
    id_ = f"agt-{_ulid(milliseconds, rest)}"
    assert created_at(id_) == moment
    assert prefix(id_) == "agt"
    assert ids_in(f"at {id_}, and again {id_}!") == [id_]


def test_what_is_no_ulid_has_no_time() -> None:
    for id_ in (
        "agent-1768730000000000000",
        "agt-01kfw3",
        "agt-" + "z" * 26,
        "agt-" + _ulid(1, "0" * 16),
        "01m7y9fzaqehy7wkhzfpfsp16z",
        "agt-01m7y9fzaqehy7wkhzfpfsp16il",
        "",
    ):
        assert created_at(id_) is None


def test_an_id_within_a_longer_word_is_none() -> None:
    id_ = "agt-01m7y9fzaqehy7wkhzfpfsp16z"
    assert ids_in(f"{id_}0 x{id_}y") == []
