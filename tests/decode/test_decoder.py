"""The decoder beside google.protobuf: values, presence, unknown bytes."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import example, given, settings

from inspector.decode.decoder import decode
from tests.decode.blobs import BlobWriter, Case, blobs
from tests.decode.reference import of_message, of_root
from tests.decode.types import class_of, storable, type_of


def check(case: Case) -> None:
    """Both read the same out of the same bytes."""
    name, full_name, data = case
    type_ = type_of(name, full_name)
    tree = decode(data, type_)
    expected = of_message(class_of(name, full_name).FromString(data))
    assert not tree.malformed
    assert of_root(tree.root, type_, data) == expected


#: An Any that holds a Value of two members: shown as the last of them.
_VALUE_IN_ANY = (
    b"\x0a\x29type.googleapis.com/google.protobuf.Value"  # the type
    b"\x12\x05\x20\x01\x1a\x01a"  # the value: bool_value, then string_value
)


@example(("compiled", "known.Base", b"\xfa\x12" + bytes([len(_VALUE_IN_ANY)]) + _VALUE_IN_ANY))
@settings(max_examples=400)
@given(blobs())
def test_it_agrees_with_protobuf(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("name", sorted({name for name, _ in storable()}))
def test_it_agrees_with_protobuf_on_every_message_type(name: str) -> None:
    random = Random(7)
    for generation, full_name in storable():
        if generation == name:
            type_ = type_of(name, full_name)
            for _ in range(5):
                check((name, full_name, BlobWriter(random).message(type_)))
