"""Share integer totals out, so that parts always add up to what was published."""

import numpy as np
from numpy.typing import NDArray


def largest_remainder(expected: NDArray[np.float64], *, total: int | None = None) -> NDArray[np.int64]:
    """Round expected counts to integers that keep their total.

    Parameters
    ----------
    expected
        Non-negative expected counts, shape (n,).
    total
        What the integers add up to; left out: the rounded sum of `expected`.

    Returns
    -------
    numpy.ndarray
        Integers, shape (n,); ties go to the earlier position.
    """
    expected = np.asarray(expected, dtype=np.float64)
    wanted = int(np.rint(expected.sum())) if total is None else total
    if expected.sum() > 0:
        expected = expected * (wanted / expected.sum())
    floor = np.floor(expected).astype(np.int64)
    rest = wanted - int(floor.sum())
    order = np.argsort(-(expected - floor), kind="stable")
    floor[order[:rest]] += 1
    return floor


def scatter(
    total: int, weights: NDArray[np.float64], *, caps: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Scatter `total` marks over places by weight, never above a place's cap.

    Parameters
    ----------
    total
        Marks to place; cut down to the room there is where weight is positive.
    weights
        Non-negative weights, shape (n,).
    caps
        Most marks a place can take, shape (n,).
    rng
        Source of randomness.

    Returns
    -------
    numpy.ndarray
        Marks a place, shape (n,), with the sum min(total, room).
    """
    caps = np.asarray(caps, dtype=np.int64)
    placed = np.zeros(len(caps), dtype=np.int64)
    left = min(total, int(caps[np.asarray(weights) > 0].sum()))
    while left > 0:
        open_weights = np.where(placed < caps, weights, 0.0)
        drawn = rng.multinomial(left, open_weights / open_weights.sum())
        drawn = np.minimum(drawn, caps - placed)
        placed += drawn
        left -= int(drawn.sum())
    return placed
