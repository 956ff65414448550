"""What any split is worth: one validator for the engine and every peer, sharing no code with either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np

from optimize.partition.problem import Territory


@dataclass(frozen=True)
class Verdict:
    """A split as judged."""

    grids: int
    in_band_percent: float
    outside: int
    disconnected: int
    heart_m: float
    cut_edges: int


def judge(territory: Territory, labels: Sequence[int] | np.ndarray) -> Verdict:
    """Judge a split of all units: loads against the band, pieces, household-weighted metres to the best unit.

    Raises
    ------
    ValueError
        When a unit has no grid.
    """
    given = np.asarray(labels)
    if given.shape != (len(territory),) or (given < 0).any():
        raise ValueError("a split gives every unit one grid")
    graph = nx.Graph()
    graph.add_nodes_from(range(len(territory)))
    graph.add_edges_from((u, int(v)) for u in range(len(territory)) for v in territory.neighbours(u))
    inside = outside = disconnected = 0
    walk_hm = 0.0
    names = sorted(set(given.tolist()))
    for name in names:
        units = np.flatnonzero(given == name)
        load = int(territory.load[units].sum())
        missing = max(0, territory.band.min - load, load - territory.band.max)
        inside += missing == 0
        outside += missing
        disconnected += not nx.is_connected(graph.subgraph(units.tolist()))
        apart = np.linalg.norm(territory.xy[units][:, None] - territory.xy[units][None], axis=2)
        walk_hm += float((apart @ territory.households[units]).min())
    cut = sum(1 for u, v in graph.edges if given[u] != given[v])
    metres = walk_hm / float(territory.households.sum())
    return Verdict(len(names), 100 * inside / len(names), outside, disconnected, metres, cut)
