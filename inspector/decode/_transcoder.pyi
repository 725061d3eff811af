from collections.abc import Sequence

class Transcoder:
    def __init__(
        self,
        messages: Sequence[tuple[int, bool, Sequence[tuple[object, ...]]]],
        marks: int,
        header_words: tuple[bytes, ...],
    ) -> None: ...
    def json(
        self, data: bytes, indent: int, level: int, reveal: bool
    ) -> tuple[bytes, int, bytes | None] | None: ...
    def usual(self, data: bytes) -> tuple[bool, bytes | None]: ...
