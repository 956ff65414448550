"""Where a search over hearts divides its nodes: on balls of hearts, and on units that the hearts of a ball hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimize.partition.problem import Bools, Floats, Ints

__all__ = ["Division", "Held", "divisions"]

CLEAR = 0.08  # a share of hearts nearer to 0 or 1 is no reason to divide
CLEAR_HELD = 0.05  # nor is a share of a unit
WEAK = 0.02  # score of a ball that says too little
BALLS, UNITS = 4, 4  # divisions that are proposed at most
TINY = 1e-6

Side = tuple[Bools, tuple[Bools, ...]]
"""Which units each heart may hold, and the sets of hearts of which one must be open."""


@dataclass(frozen=True, eq=False)
class Division:
    """Two sides of a node: no heart of a ball is open, or one at least; or a unit is held by the ball, or not.

    Attributes
    ----------
    ball
        Hearts, shape (n,).
    unit
        Held by hearts of the ball or not; -1: the ball is open or not.
    """

    ball: Bools
    unit: int = -1

    def sides(self, allowed: Bools, needs: tuple[Bools, ...]) -> tuple[Side, Side]:
        """Return the side without and the side within."""
        without, within = allowed.copy(), allowed.copy()
        if self.unit < 0:
            without[self.ball] = False
        else:
            without[self.ball, self.unit] = False
            within[~self.ball, self.unit] = False
        for one in (without, within):
            one[~np.diagonal(one)] = False
        still = [one for one in needs if (self.ball & ~one).any()]  # others hold whenever the ball's does
        return (without, needs), (within, (*still, self.ball))


@dataclass(frozen=True, eq=False)
class Held:
    """What the relaxation of a node leaves open.

    Attributes
    ----------
    open_share, held_share
        How much each heart is open, shape (n,), and holds each unit, shape (heart, unit).
    allowed
        Units that each heart may hold, shape (heart, unit).
    need
        Number of the needed set of each heart, -1 for none.
    behind
        Load that hangs on each unit in trees of open hearts, shape (n,).
    """

    open_share: Floats
    held_share: Floats
    allowed: Bools
    need: Ints
    behind: Floats


def divisions(held: Held, gap: Floats, radius_m: float) -> list[Division]:
    """Return the divisions that promise most: balls about half open, and units about half held that much hangs on.

    Parameters
    ----------
    gap, radius_m
        Metres between units, and within which hearts are alike.
    """
    near, part = _parts(held, gap, radius_m)
    score = np.where(part > CLEAR_HELD, part * (1 + held.behind), 0.0)
    best = [int(u) for u in np.argsort(-score, kind="stable")[:UNITS] if score[u] > 0]
    found = _balls(held, gap, radius_m) + [Division(near[u], u) for u in best]
    return found or [_last(held, near, part)]


def _balls(held: Held, gap: Floats, radius_m: float) -> list[Division]:
    """Return balls of hearts, each inside one needed set or outside all: "one of it is open" says something new."""
    share, need = held.open_share, held.need
    some = np.flatnonzero(share > 0.01)
    found: list[tuple[float, Bools]] = []
    for centre in some:
        alike = some[need[some] == need[centre]]
        near = alike[np.argsort(gap[centre, alike], kind="stable")]
        total = np.cumsum(share[near])
        away = gap[centre, near]
        between = np.append(np.diff(away), radius_m)
        part = np.minimum(total, 1 - total)
        score = np.where(part > CLEAR, part * np.minimum(1.0, 0.1 + between / radius_m), 0.0)
        i = int(np.argmax(score))
        if score[i] > WEAK:
            found.append((float(score[i]), (gap[centre] <= away[i] + between[i] / 2) & (need == need[centre])))
    found.sort(key=lambda one: -one[0])
    balls: list[Bools] = []
    for _, ball in found:
        if len(balls) < BALLS and all((ball != other).any() for other in balls):
            balls.append(ball)
    return [Division(ball) for ball in balls]


def _parts(held: Held, gap: Floats, radius_m: float) -> tuple[Bools, Floats]:
    """Return, per unit, the hearts like the one that holds it most, and how far from a whole they hold it.

    The distance is 0 where all hearts that may hold the unit are alike.
    """
    near = gap[np.argmax(held.held_share, axis=0)] <= radius_m
    inside = np.einsum("uh,hu->u", near, held.held_share)
    both = (held.allowed & ~near.T).any(axis=0) & (held.allowed & near.T).any(axis=0)
    return near, np.where(both, np.clip(np.minimum(inside, 1 - inside), TINY, None), 0.0)


def _last(held: Held, near: Bools, part: Floats) -> Division:
    """Return a division where the relaxation leaves nothing open that is clear."""
    score = part * (1 + held.behind)
    unit = int(np.argmax(score))
    if score[unit] > 0:
        return Division(near[unit], unit)
    unit = int(np.argmax(held.allowed.sum(axis=0)))  # all alike: one heart alone against the others
    one = np.zeros(len(held.need), np.bool_)
    one[int(np.flatnonzero(held.allowed[:, unit])[0])] = True
    return Division(one, unit)
