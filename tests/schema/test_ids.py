from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.schema.catalog import merged_schema
from inspector.schema.ids import created_at, ids_in, kind_named, kinds_of, looks_like_id
from inspector.schema.kind_names import normal_kind

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def _ulid(milliseconds: int, rest: str) -> str:
    head = "".join(_ALPHABET[milliseconds >> 5 * (9 - place) & 31] for place in range(10))
    return head + rest


@given(
    st.datetimes(datetime(2015, 1, 1), datetime(2100, 12, 31)),
    st.text(_ALPHABET, min_size=16, max_size=16),
    st.sampled_from("-_"),
)
def test_the_time_in_an_id_is_read_back(moment: datetime, rest: str, separator: str) -> None:
    moment = moment.replace(tzinfo=UTC, microsecond=moment.microsecond // 1000 * 1000)
    milliseconds = round(moment.timestamp() * 1000)
    id_ = f"agt{separator}{_ulid(milliseconds, rest)}"
    assert created_at(id_) == created_at(id_, "agent") == moment
    assert kinds_of(id_) == ("agent",)
    assert looks_like_id(id_)
    assert ids_in(f"at {id_}, and again {id_}!") == [id_]


def test_what_is_no_ulid_has_no_time() -> None:
    for id_ in (
        "agent-1768730000000000000",
        "agt-01kfw3",
        "agt-" + "z" * 26,
        "agt-" + _ulid(1, "0" * 16),
        "01m7y9fzaqehy7wkhzfpfsp16z",
        "agt-01m7y9fzaqehy7wkhzfpfsp16il",
        "agt.01m7y9fzaqehy7wkhzfpfsp16z",
        "agt__01m7y9fzaqehy7wkhzfpfsp16z",
        "glacier",
        "",
    ):
        assert created_at(id_) is None


def test_an_id_within_a_longer_word_is_none() -> None:
    id_ = "agt-01m7y9fzaqehy7wkhzfpfsp16z"
    assert ids_in(f"{id_}0 x{id_}y") == []


_ULID = "01m7y9fzaqehy7wkhzfpfsp16z"


@pytest.mark.parametrize("prefix", ["ida", "iamp", "org"])
def test_what_may_be_a_hash_or_a_name_tells_no_time(prefix: str) -> None:
    # Those of January, with a hyphen, are no hashes.
    assert created_at(f"{prefix}-{_ULID}") is not None
    assert created_at(f"{prefix}_{_ULID}") is None
    assert looks_like_id(f"{prefix}_{_ULID}")


def test_an_organization_is_called_by_its_slug_whatever_that_looks_like() -> None:
    assert created_at(f"agt_{_ULID}", "organization") is None
    assert created_at(f"org-{_ULID}", "organization") is not None
    assert created_at(f"agt_{_ULID}", "agent") is not None
    assert created_at(f"xyz_{_ULID}", "a_kind_of_tomorrow") is not None


@pytest.mark.parametrize(
    ("prefix", "kinds"),
    [
        ("aex", ("run", "agentrun", "agentexecution")),
        ("run", ("run", "agentrun", "agentexecution")),
        ("wex", ("workflowrun", "workflowexecution")),
        ("iamp", ("grant", "iampolicy")),
        ("grt", ("grant", "iampolicy")),
        ("idp", ("federationissuer", "identityprovider")),
        ("fis", ("federationissuer", "identityprovider")),
        ("ash", ("channel", "agentchannel", "agentshare")),
        ("ach", ("channel", "agentchannel", "agentshare")),
        ("chn", ("channel", "agentchannel", "agentshare")),
        ("evl", ("scoringrule",)),
        ("srl", ("scoringrule",)),
        ("exec", ("executioncontext",)),
        ("ectx", ("executioncontext",)),
        ("vlt", ("vault",)),
        ("dst", ("datastore",)),
        ("xyz", ()),
    ],
)
def test_a_prefix_names_a_kind_by_all_names_it_has_had(prefix: str, kinds: tuple[str, ...]) -> None:
    assert kinds_of(f"{prefix}_{_ULID}") == kinds_of(f"{prefix}-{_ULID}") == kinds
    for kind in kinds:
        assert kind_named(kind) == kinds
        if prefix != "iamp":
            assert created_at(f"{prefix}_{_ULID}", kind) is not None


def test_every_kind_of_the_table_of_kinds_is_known_with_its_prefix() -> None:
    for row in merged_schema().kinds:
        assert normal_kind(row.kind) in kind_named(row.kind)
        for prefix in filter(None, (row.id_prefix, *row.retired_prefixes)):
            assert normal_kind(row.kind) in kinds_of(f"{prefix}_{_ULID}")
    assert kind_named("no such kind") == ()


def test_ids_are_found_in_lines_of_logs() -> None:
    line = (
        f'{{"run":"aex_{_ULID}","workflow":"agent-session-ses_{_ULID}", agt-{_ULID}@v1}}'
        f" /runs/run_{_ULID}_2.log"
    )
    expected = [f"aex_{_ULID}", f"ses_{_ULID}", f"agt-{_ULID}", f"run_{_ULID}"]
    assert ids_in(line) == expected
