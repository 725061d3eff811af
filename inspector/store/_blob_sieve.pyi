from collections.abc import Callable, Sequence

from inspector.store.blob_finder import KeyTree

END: int
ROW: int
FULL: int
PAUSE: int
UNSURE: int

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

class RowWalk:
    looked: int
    passed: int
    last: bytes | None
    def __init__(
        self,
        finder: BlobFinder | None,
        file: int,
        tree: KeyTree,
        kind: bytes,
        after: bytes | None,
        legacy: int,
        most_data: int,
        row: int,
        pause: float,
    ) -> None: ...
    def run(self, room: int) -> int: ...
