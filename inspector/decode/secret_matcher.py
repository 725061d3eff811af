"""Finds secrets in any bytes, as they are and as they are written elsewhere.

What is looked for is kept by its first bytes, so that a look costs as much as the data is long,
however many secrets there are.
"""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Final
from urllib.parse import quote, quote_plus

from inspector.decode.redaction import filler
from inspector.decode.wire import WireSpans

#: A shorter text stands in too many places by chance to be taken for the secret everywhere.
SHORTEST: Final = 4
#: What encoders of URLs leave as it is beside letters and digits: all, paths', and JavaScript's.
_UNQUOTED: Final = ("", "/", "!'()*")
_ESCAPED: Final = re.compile("%[0-9A-F]{2}")
#: What Go writes as an escape within JSON, so that it can stand in HTML.
_GO_JSON: Final = str.maketrans({one: f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"})


class SecretMatcher:
    """Secrets, and the texts that they are written as, to be found in any bytes."""

    def __init__(self, secrets: Iterable[bytes]) -> None:
        """Takes them in any order; those that are too short are left out."""
        self._texts: set[bytes] = set()
        for secret in secrets:
            if len(secret) >= SHORTEST:
                self._texts.update(forms(secret))
        # Many keys of one service begin alike, but then are of one length.
        lengths: dict[bytes, set[int]] = {}
        for text in self._texts:
            lengths.setdefault(text[:SHORTEST], set()).add(len(text))
        self._lengths = {head: sorted(of, reverse=True) for head, of in lengths.items()}

    def spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Where one stands in the bytes, in order, the longest from each place."""
        texts, get = self._texts, self._lengths.get
        for at in range(len(data) - SHORTEST + 1 if texts else 0):
            for length in get(data[at : at + SHORTEST], ()):
                found = data[at : at + length]
                if found in texts:
                    # At the end of the data it may be a shorter one.
                    yield at, at + len(found)
                    break

    def without(self, data: bytes) -> bytes:
        """The bytes with others of the same length where a secret stands."""
        found = WireSpans(self.spans(data))
        if not found:
            return data
        out = bytearray(data)
        for start, end in zip(found.starts, found.ends, strict=True):
            out[start:end] = filler(end - start)
        return bytes(out)


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
