from array import array

def added(first: int, second: int, data: bytes, big_endian: bool) -> tuple[int, int]: ...
def read_quickly(
    place: int,
    descriptor: int,
    pause: float,
    log: tuple[int, int, int, array[int], int] | None = None,
) -> bool: ...
