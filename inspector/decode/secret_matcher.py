"""Finds secrets in any bytes, as they are and as they are written elsewhere.

What is looked for is kept by its first bytes, so that a look costs as much as the data is long,
however many secrets there are.
"""

from __future__ import annotations

import math
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from itertools import chain
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Final
from urllib.parse import quote, quote_plus

from inspector.decode.redaction import filler

#: A shorter text stands in too many places by chance to be taken for the secret everywhere.
SHORTEST: Final = 4
#: One that is longer is looked for in parts of so many bytes.
LONGEST: Final = 4096
_OVERLAP: Final = 16
_WIDEST: Final = 3  #: bytes of a character behind its first
_KEPT: Final = 64  #: parts of a long one that are remembered, since they may repeat
#: Ways in which the first letters may follow each other with which a look for them is worth it.
_MANY: Final = 1 << 22
#: What encoders of URLs leave as it is beside letters and digits: all, paths', and JavaScript's.
_UNQUOTED: Final = ("", "/", "!'()*")
_ESCAPED: Final = re.compile("%[0-9A-F]{2}")
#: What Go writes as an escape within JSON, so that it can stand in HTML.
_GO_JSON: Final = str.maketrans({one: f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"})


class SecretMatcher:
    """Secrets, and the texts that they are written as, to be found in any bytes.

    Of a very long secret each part is a secret of its own: what it is written as takes fifty times
    its bytes, and is not kept.
    """

    def __init__(self, secrets: Iterable[bytes]) -> None:
        """Takes them in any order; those that are too short are left out."""
        #: Of each text a digest of 64 bits: one that is another text's is too rare to be met.
        self._digests: set[int] = set()
        # Many keys of one service begin alike, but then are of one length.
        lengths: dict[bytes, tuple[int, ...]] = {}
        same: dict[tuple[int, ...], tuple[int, ...]] = {}
        for text in _texts(secrets):
            self._digests.add(hash(text))
            head, size = text[:SHORTEST], len(text)
            known = lengths.get(head, ())
            if size not in known:
                longer = tuple(sorted((*known, size), reverse=True))
                lengths[head] = same.setdefault(longer, longer)
        self._lengths = lengths
        self._beginning = _beginning(lengths)

    def spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Where one stands in the bytes, in order, the longest from each place."""
        digests, get = self._digests, self._lengths.get
        places: Iterable[int] = range(len(data) - SHORTEST + 1 if digests else 0)
        if self._beginning is not None:
            places = (found.start() for found in self._beginning.finditer(data))
        for at in places:
            for length in get(data[at : at + SHORTEST], ()):
                found = data[at : at + length]
                if hash(found) in digests:
                    # At the end of the data it may be a shorter one.
                    yield at, at + len(found)
                    break

    def without(self, data: bytes) -> bytes:
        """The bytes with others of the same length where a secret stands."""
        out: bytearray | None = None
        begun = ended = 0
        for start, end in chain(self.spans(data), ((len(data) + 1, 0),)):
            if start <= ended:
                ended = max(ended, end)
                continue
            if begun < ended:
                out = bytearray(data) if out is None else out
                out[begun:ended] = filler(ended - begun)
            begun, ended = start, end
        return data if out is None else bytes(out)


def _beginning(heads: Iterable[bytes]) -> re.Pattern[bytes] | None:
    """What finds where one of some texts of :data:`SHORTEST` bytes may stand.

    None where that would be nearly everywhere.
    """
    letters = [sorted({head[at] for head in heads}) for at in range(SHORTEST)]
    if not letters[0] or math.prod(map(len, letters)) > _MANY:
        return None
    ways = (b"".join(b"\\x%02x" % one for one in of) for of in letters)
    return re.compile(b"(?=%b)" % b"".join(b"[%b]" % way for way in ways))


def _texts(secrets: Iterable[bytes]) -> Iterator[bytes]:
    """What secrets are written as; of a long one what each part is."""
    for secret in secrets:
        if len(secret) >= SHORTEST:
            for part in _parts(secret):
                yield from forms(part)


def _parts(secret: bytes) -> Iterator[bytes]:
    """A secret, or parts of a long one.

    They overlap, since two that lie side by side share a letter of base64.
    """
    if len(secret) <= LONGEST:
        yield secret
        return
    known: set[bytes] = set()
    for first in range(0, len(secret) - _OVERLAP, LONGEST):
        part = secret[_cut(secret, first) : _cut(secret, first + LONGEST + _OVERLAP)]
        if part not in known:
            if len(known) < _KEPT:
                known.add(part)
            yield part


def _cut(text: bytes, at: int) -> int:
    """The offset, or the one before it at which a character of UTF-8 begins."""
    first = at
    while at > max(0, first - _WIDEST) and at < len(text) and text[at] & 0xC0 == 0x80:
        at -= 1
    return at


def forms(secret: bytes) -> set[bytes]:
    """A secret, and what it becomes in JSON, in a URL, as hex, as base64 and as UTF-16."""
    found = {secret, *_in_letters(secret), *_in_a_url(secret)}
    try:
        text = secret.decode()
    except UnicodeDecodeError:
        return found
    found.update(_in_json(text))
    wide = text.encode("utf-16-le")
    found.update((wide, *_in_letters(wide), text.encode("utf-16-be")))
    return found


def _in_letters(secret: bytes) -> Iterator[bytes]:
    """As hex and as base64."""
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for encode in (b64encode, urlsafe_b64encode):
        for before in range(3):
            # What stands before and behind shares its first and last letters.
            text = encode(bytes(before) + secret)
            whole = (before + len(secret)) * 8 // 6
            yield text[-(-before * 8 // 6) : whole]


def _in_a_url(secret: bytes) -> Iterator[bytes]:
    for text in (*(quote(secret, safe=safe) for safe in _UNQUOTED), quote_plus(secret)):
        yield text.encode()
        yield _ESCAPED.sub(lambda one: one[0].lower(), text).encode()


def _in_json(text: str) -> Iterator[bytes]:
    """As JSON has it, and as JSON has it within a text of JSON."""
    for write_string in (encode_basestring, encode_basestring_ascii):
        once = write_string(text)[1:-1]
        for written in (once, once.translate(_GO_JSON), once.replace("/", "\\/")):
            yield written.encode()
            yield write_string(written)[1:-1].encode()
