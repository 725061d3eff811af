from collections.abc import Callable, Sequence

class BlobFinder:
    def __init__(
        self,
        anchor: bytes,
        ignore_case: bool,
        decides: bool,
        others: Sequence[bytes],
        closer: Callable[[bytes], bool] | None,
    ) -> None: ...
    def __call__(self, data: bytes) -> bool: ...

class BlobSieve:
    looked: int
    found: bool
    unread: bool
    full: bool
    over: bool
    def __init__(
        self, may_hold: Callable[[bytes], bool], room: int, row: int, beyond: int
    ) -> None: ...
    def __call__(self, data: bytes | int | None) -> bool: ...
    def serve(self, connection: int, name: bytes) -> bool: ...
