from collections.abc import Callable, Sequence
from typing import Any

class Transcoder:
    def __init__(
        self,
        messages: Sequence[tuple[int, bool, Sequence[tuple[object, ...]]]],
        marks: int,
        header_words: tuple[bytes, ...],
    ) -> None: ...
    def json(
        self, data: bytes, indent: int, level: int, reveal: bool
    ) -> tuple[bytes, int, bytes | None, bytes | None] | None: ...
    def checked(
        self, data: bytes, reveal: bool
    ) -> tuple[int, bytes | None, bytes | None] | None: ...
    def write(
        self,
        data: bytes,
        indent: int,
        level: int,
        reveal: bool,
        room: int,
        write: Callable[[bytes], object],
    ) -> None: ...
    def json_of_several(
        self,
        blobs: list[bytes | None],
        start: int,
        end: int,
        indent: int,
        level: int,
        reveal: bool,
        between: bytes,
        settled: dict[bytes, bool],
        hiding: dict[bytes, bool],
        room: int,
    ) -> tuple[bytes, int, int]: ...
    def usual(self, data: bytes) -> tuple[bytes | None, bytes | None] | None: ...
    def seen(self, data: bytes) -> bytes | None: ...
    def usual_of_several(
        self,
        blobs: list[bytes | None],
        start: int,
        end: int,
        settled: dict[bytes, bool],
        hiding: dict[bytes, bool],
    ) -> int: ...
    def decodes(self, data: bytes) -> bool: ...

class Projection:
    def __init__(
        self,
        whole: Transcoder,
        absent: list[Any],
        messages: list[list[tuple[int, int, int, int]]],
    ) -> None: ...
    def values(self, data: bytes) -> list[Any] | None: ...
    def values_of_several(
        self, blobs: list[bytes | None], start: int, end: int
    ) -> list[list[Any] | None]: ...
