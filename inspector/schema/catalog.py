"""The known generations, each loaded when it is first asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from inspector import assets
from inspector.schema.build import Types, build
from inspector.schema.kinds import display, kind_rows, normal_kind
from inspector.schema.secrets_table import secret_table
from inspector.schema.types import Generation, KindInfo

__all__ = ["AUTO", "GENERATIONS", "catalog", "descriptor_set", "display", "generation", "kind_info"]

#: Names of the known generations, oldest first.
GENERATIONS = ("2026-01-25", "2026-01-26", "2026-10")
#: What is asked for where each record is to be read with the generation that fits.
AUTO: Final = "auto"


def descriptor_set(name: str) -> bytes:
    """The serialized FileDescriptorSet of a generation, well-known types included.

    Raises:
        KeyError: no such generation.
        OSError: the installation is incomplete.
    """
    if name not in GENERATIONS:
        raise KeyError(name)
    return assets.path("schemas", name, "descriptors.bin").read_bytes()


@cache
def generation(name: str) -> Generation:
    """A generation by name, loaded once.

    Raises:
        KeyError: no such generation.
        OSError: the installation is incomplete.
    """
    if name not in GENERATIONS:
        raise KeyError(name)
    # Out of a table, since importing google.protobuf takes longer than all the rest.
    types: Types = json.loads(assets.path("schemas", name, "types.json").read_bytes())
    return build(name, types, kind_rows(), secret_table().fields)


class _Catalog(Mapping[str, Generation]):
    def __getitem__(self, name: str) -> Generation:
        return generation(name)

    def __iter__(self) -> Iterator[str]:
        return iter(GENERATIONS)

    def __len__(self) -> int:
        return len(GENERATIONS)


@cache
def catalog() -> Mapping[str, Generation]:
    """All generations by name, oldest first; a generation is loaded when it is looked up."""
    return _Catalog()


def kind_info(generation_name: str, kind_text: str) -> KindInfo | None:
    """What a generation knows of a kind, however the kind is spelled; None if it has no such kind.

    Raises:
        KeyError: no such generation.
    """
    return generation(generation_name).kinds.get(normal_kind(kind_text))
