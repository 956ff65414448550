"""GerryChain's recursive tree (DeFord, Duchin & Solomon 2021, doi:10.1162/99608f92.eb30390f): spanning trees cut."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
from gerrychain import Graph
from gerrychain.tree import recursive_tree_part

from optimize.partition.problem import Territory

NODE_REPEATS = 1


def split(territory: Territory, count: int, seed: int) -> np.ndarray:
    """Return labels of a first tree plan whose loads miss the mean by as much as the band allows."""
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  (the peer draws from the global states)
    graph = nx.Graph()
    for u in range(len(territory)):
        graph.add_node(u, load=int(territory.load[u]))
    graph.add_edges_from((u, int(v)) for u in range(len(territory)) for v in territory.neighbours(u))
    mean, band = territory.total_load / count, territory.band
    miss = min(1 - band.min / mean, band.max / mean - 1)
    parts = recursive_tree_part(
        Graph.from_networkx(graph), range(count), mean, "load", miss, node_repeats=NODE_REPEATS
    )
    return np.array([parts[u] for u in range(len(territory))])
