"""Gates: units that part a territory, and the load that must lie outside the band because of them.

The parts behind a gate meet in its grid alone. Every other grid lies inside one part, so that a part too light for
a grid of its own belongs to the gate's grid whole; with several of them that grid may be too heavy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import networkx as nx
import numpy as np
from scipy.sparse.csgraph import connected_components

from optimize.partition.problem import Ints, LoadBand, Territory
from optimize.partition.witness import GateWitness

__all__ = ["gate_bound", "gates", "least_outside"]

MOST_WAYS = 5_000  # to share grids out among the parts of one gate; with more it bounds nothing


def gates(territory: Territory) -> Iterator[tuple[int, list[Ints]]]:
    """Yield every unit without which a territory falls apart, in order, with the units of each part."""
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    graph = nx.Graph(zip(rows.tolist(), territory.indices.tolist(), strict=True))
    adjacency = territory.adjacency()
    for gate in sorted(nx.articulation_points(graph)):
        rest = np.delete(np.arange(len(territory)), gate)
        parts, part = connected_components(adjacency[rest][:, rest], directed=False)
        yield gate, [rest[part == number] for number in range(parts)]


def gate_bound(territory: Territory, load: Ints, count: int, enough: int) -> GateWitness | None:
    """Return the gate that makes most load sure to lie outside the band; None where none makes any sure.

    Parameters
    ----------
    load
        Of the units, none heavier than the band.
    count
        Number of grids.
    enough
        Load outside the band that a drawing reaches: no bound is more.
    """
    best: GateWitness | None = None
    for gate, parts in gates(territory):
        behind = [int(load[part].sum()) for part in parts]
        bound = least_outside(int(load[gate]), behind, territory.band, grids=count, enough=enough)
        if bound > (0 if best is None else best.bound):
            best = GateWitness(gate, bound)
        if bound == enough:
            break
    return best


def least_outside(own: int, parts: Sequence[int], band: LoadBand, *, grids: int, enough: int) -> int:
    """Return the least load outside the band of a gate's grid and the grids inside the parts, at most ``enough``.

    With j grids of its own a part of load L leaves the gate's grid anything from ``L - j max`` to ``L - j min``, or
    all of it without one; where ``j min`` is more than L they miss as much. To leave it another load costs
    what the gate's grid wins by it, so that nothing else need be tried.
    """
    ways = {(1, own, own): 0}  # grids so far, and the least and the most in the gate's grid: load outside the rest
    for load in sorted(parts, reverse=True):
        more: dict[tuple[int, int, int], int] = {}
        for (used, low, high), outside in ways.items():
            for inside in range(grids - used + 1):
                missed = outside + max(0, inside * band.min - load)
                least = low + max(0, load - inside * band.max)
                if missed >= enough:
                    break
                if missed + least - band.max >= enough:
                    continue
                most = high + (max(0, load - inside * band.min) if inside else load)
                way = (used + inside, least, most)
                more[way] = min(missed, more.get(way, enough))
        ways = more
        if len(ways) > MOST_WAYS:
            return 0
    told = [
        outside + max(0, low - band.max, band.min - high)
        for (used, low, high), outside in ways.items()
        if used == grids
    ]
    return min([enough, *told])
