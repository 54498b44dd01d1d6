"""Deterministic arithmetic of the demo: splitting a published total over the units that could have made it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Whole numbers in proportion to `weights` that add up to `total` exactly (largest remainders first).

    A negative total is split likewise. Raises ValueError when no weight is positive.
    """
    if total < 0:
        return [-part for part in split(-total, weights)]
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("nothing to split over")
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares


def shuffled(items: Sequence[str], seed: str) -> list[str]:
    """`items` in an order that depends on `seed` alone."""
    found = list(items)
    Random(seed).shuffle(found)  # noqa: S311 (a demo's variety, not a secret)
    return found
