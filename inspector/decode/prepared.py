"""The tables of the compiled part, worked out when the program is built.

To work them out of the schema takes a short command longer than all else that it does. The file is
made by ``packaging/compiled.py``; where it is not there, or was made from other sources than those
that lie here, nothing is lost but time.
"""

from __future__ import annotations

import marshal
import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from zlib import compress, crc32, decompress

from inspector import assets
from inspector.compiled_part import compiled_part
from inspector.named_tuple import NamedTuple
from inspector.schema.clues import Clue, met, other_releases
from inspector.schema.releases import Mask, newest, numbers

if TYPE_CHECKING:
    from inspector.decode._transcoder import Transcoder
    from inspector.decode.transcoding import CompiledTables

#: Beside this module.
FILE: Final = "_prepared.bin"
#: What the tables are made of, in the package and among its data files.
_SOURCES: Final = (
    "decode/_transcoder.pyx",
    "decode/evidence.py",
    "decode/prepared.py",
    "decode/prepared_tables.py",
    "decode/transcoding.py",
    "decode/well_known.py",
    "decode/wire.py",
    "schema/dating.py",
    "schema/kind_names.py",
    "schema/merged.py",
    "schema/releases.py",
    "schema/secrets_table.py",
    "schema/types.py",
)
_DATA: Final = ("ids.tsv", "schema.json", "secrets.tsv")
_FORMAT: Final = 4  #: of ``marshal``, which every Python reads that the program runs on

#: A field or value that tells releases apart: those that know it, and those that take it for the
#: same where it is contested.
_Item = tuple[Mask, Mask]


class PreparedMessage(NamedTuple):
    """The message of a kind as some releases have it.

    Attributes:
        releases: those.
        items: what tells releases apart, in the order of the compiled part.
        tables: what that is made with, by :func:`packed`.
    """

    releases: Mask
    items: list[_Item]
    tables: bytes


class PreparedKind(NamedTuple):
    """A kind, as :class:`inspector.decode.choice.Expectation` needs it.

    Attributes:
        own: the releases that its name leaves; None where that says nothing.
        messages: what its records may be.
    """

    own: Mask | None
    messages: list[PreparedMessage]


#: The two as the file has them.
_PlainKind = tuple[Mask | None, list[tuple[Mask, list[_Item], bytes]]]


class PreparedReleases:
    """The releases as :class:`inspector.schema.dating.Dating` needs them."""

    def __init__(
        self,
        names: tuple[str, ...],
        published: tuple[str, ...],
        values: dict[str, dict[int, list[tuple[str, Mask]]]],
    ) -> None:
        self.names = names
        self.published = published
        self.full: Mask = (1 << len(names)) - 1
        self._values = values

    def number(self, name: str) -> int:
        """The number of a release."""
        return self.names.index(name)

    def values(self, enum: str) -> dict[int, list[tuple[str, Mask]]]:
        """What each number of an enum was ever called, oldest first."""
        return self._values[enum]


class PreparedReader:
    """Reads records of a kind of which the same is known beforehand."""

    def __init__(
        self, compiled: Transcoder, message: PreparedMessage, full: Mask, probable: Mask
    ) -> None:
        self._compiled = compiled
        self._items = message.items
        self._full = full
        self._probable = probable

    def json(self, data: bytes, *, reveal: bool) -> tuple[bytes, int] | None:
        """A usual blob as canonical JSON, and how many secrets stand covered in it.

        Args:
            data: the blob.
            reveal: whether secrets are written.

        Returns:
            None where the decoder has to read it, or other releases may read it otherwise.
        """
        found = self._compiled.json(data, 2, 0, reveal)
        if found is None:
            return None
        text, covered, seen, doubts = found
        # What may be a secret as another field is for the decoder to tell.
        return (text, covered) if doubts is None and self._is_settled(seen) else None

    def _is_settled(self, seen: bytes | None) -> bool:
        """As :meth:`inspector.decode.choice.Expectation.settled` has it."""
        if seen is None:
            return True
        common = within = -1
        alike, items = self._full, self._items
        for at in numbers(int.from_bytes(seen, "little")):
            known, same = items[at % len(items)]
            alike &= same
            if at < len(items):
                common &= known
            else:
                within &= known
        return not other_releases(
            self._full, alike, common, common & within, self._probable, plain=True
        )


def prepared_reader(kind: str, clues: tuple[Clue, ...]) -> PreparedReader | None:
    """What reads records of a kind.

    Args:
        kind: by :func:`inspector.schema.kind_names.normal_kind`.
        clues: what is known of the writer beside that.

    Returns:
        None where that is not prepared, or the compiled part is not there.
    """
    part = compiled_part("inspector.decode._transcoder")
    found = _prepared()
    known = found[1].get(kind) if found is not None else None
    if part is None or found is None or known is None or any(one.put is not None for one in clues):
        return None
    full, (own, messages) = found[0].full, known
    if own is not None:
        clues = (Clue(own, ""), *clues)
    probable = met(full, clues)
    number = newest(probable)
    message = next(PreparedMessage(*one) for one in messages if one[0] >> number & 1)
    made = part.Transcoder(*marshal.loads(decompress(message.tables)))
    return PreparedReader(made, message, full, probable)


def prepared_releases() -> PreparedReleases | None:
    """The releases; None where nothing is prepared."""
    found = _prepared()
    return found[0] if found is not None else None


def packed(tables: CompiledTables) -> bytes:
    """What the compiled part is made with, as it is kept."""
    return compress(marshal.dumps(tables, _FORMAT))


def content(releases: tuple[object, ...], kinds: dict[str, PreparedKind]) -> bytes:
    """What the file holds.

    Args:
        releases: what :class:`PreparedReleases` is made with.
        kinds: by name.
    """
    plain = {
        kind: (one.own, [tuple(message) for message in one.messages]) for kind, one in kinds.items()
    }
    whole: Any = (_marks(), releases, plain)
    return marshal.dumps(whole, _FORMAT)


@cache
def _prepared() -> tuple[PreparedReleases, dict[str, _PlainKind]] | None:
    """What the file holds; None where it is of other sources."""
    path = os.path.join(os.path.dirname(__file__), FILE)
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - quicker
            made_of, releases, kinds = marshal.loads(file.read())
        now = _marks()
        if {name: made_of.get(name) for name in now} != now:
            return None
    except (OSError, EOFError, ValueError, TypeError, AttributeError):
        return None
    return PreparedReleases(*releases), kinds


def _marks() -> dict[str, int]:
    """A sum of each source that is there: packages may come without those in Python."""
    package = os.path.dirname(os.path.dirname(__file__))
    found = {}
    for folder, names in ((package, _SOURCES), (assets.folder(), _DATA)):
        for name in names:
            try:
                with open(os.path.join(folder, name), "rb") as file:  # noqa: PTH123 - quicker
                    found[name] = crc32(file.read())
            except OSError:
                continue
    return found
