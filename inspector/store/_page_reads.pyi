from array import array

def read_quickly(
    place: int,
    descriptor: int,
    pause: float,
    log: tuple[int, int, int, array[int], int] | None = None,
) -> bool: ...
