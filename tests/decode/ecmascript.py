"""How ECMAScript writes numbers, in the words of its specification."""

from __future__ import annotations

import math
from decimal import Decimal


def by_ecmascript(digits: str, point: int) -> str:
    """Number::toString of the digits ``s`` (k of them) times 10 to the power of n minus k."""
    k, n = len(digits), point
    if k <= n <= 21:
        return digits + "0" * (n - k)
    if 0 < n <= 21:
        return digits[:n] + "." + digits[n:]
    if -6 < n <= 0:
        return "0." + "0" * -n + digits
    sign = "+" if n > 0 else "-"
    exponent = f"e{sign}{abs(n - 1)}"
    return digits + exponent if k == 1 else f"{digits[0]}.{digits[1:]}{exponent}"


def law(value: float, digits: str, point: int) -> str:
    """The text of a number with these digits, its sign and zero included."""
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    return ("-" if value < 0 else "") + by_ecmascript(digits, point)


def digits_of(text: str) -> tuple[str, int]:
    """The digits of a decimal text without zeros at its ends, and where its point stands."""
    _, numerals, exponent = Decimal(text).as_tuple()
    assert isinstance(exponent, int)
    digits = "".join(map(str, numerals)).lstrip("0")
    return digits.rstrip("0"), len(digits) + exponent
