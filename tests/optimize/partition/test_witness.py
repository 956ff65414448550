"""An independent checker of witnesses: every connected set of a small town, no code of the engine."""

from dataclasses import replace
from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from optimize.partition.effort import Effort
from optimize.partition.proof import prove
from optimize.partition.search import search
from optimize.stopping import Stop
from tests.optimize.partition.towns import random_town

SLIP = 1e-6


def connected_sets(territory, slack):
    graph = nx.Graph([(u, int(v)) for u in range(len(territory)) for v in territory.neighbours(u)])
    band = territory.band
    for size in range(1, len(territory) + 1):
        for units in combinations(range(len(territory)), size):
            load = sum(min(int(territory.load[u]), band.max) for u in units)
            outside = max(0, band.min - load, load - band.max)
            if outside <= slack and nx.is_connected(graph.subgraph(units)):
                walks = {
                    heart: sum(
                        territory.households[u] * float(np.hypot(*(territory.xy[u] - territory.xy[heart])))
                        for u in units
                    )
                    for heart in units
                }
                heart = min(walks, key=walks.get)
                yield frozenset(units), heart, walks[heart], outside


def proven_bound(territory, count, witness):
    """Return the bound that the stages prove, each set weighed by hand."""
    left = list(connected_sets(territory, witness.slack))
    best = 0.0
    for stage in witness.stages:
        d = stage.duals
        assert d.price >= 0
        assert (stage.cut_duals <= 0).all()
        fixed = d.unit.sum() + count * d.count - witness.slack * d.price + stage.cut_duals.sum()
        weighed = []
        for units, heart, walk, outside in left:
            hits = [len(units & set(triple)) >= 2 for triple in stage.triples.tolist()]
            cuts = sum(price for price, hit in zip(stage.cut_duals, hits, strict=True) if hit)
            reduced = walk - sum(d.unit[u] for u in units) - d.count + d.price * outside - cuts
            weighed.append((units, heart, walk, outside, reduced))
        least = {}
        for _, heart, _, _, reduced in weighed:
            least[heart] = min(reduced, least.get(heart, np.inf))
        best = max(best, fixed + sum(sorted(least.values())[:count]))
        left = []
        for units, heart, walk, outside, reduced in weighed:
            others = sum(sorted(v for h, v in least.items() if h != heart)[: count - 1])
            if fixed + reduced + others <= witness.value * (1 + SLIP):
                left.append((units, heart, walk, outside))
    return best


@pytest.mark.parametrize("effort", [Effort(), Effort(listed=5)], ids=["listed", "priced"])
@pytest.mark.parametrize("seed", [0, 1, 3])
def test_the_stages_prove_the_bound_that_is_told(seed, effort):
    territory = random_town(11, seed)
    count = round(territory.total_load / 400)
    proof = prove(territory, search(territory, count, seed=1, work=1, stop=Stop()).labels, effort=effort)
    assert proof.witness is not None
    shown = proven_bound(territory, count, proof.witness)
    assert shown <= proof.objective * (1 + SLIP)
    if not proof.witness.by_solver:
        assert shown >= proof.bound * (1 - 1e-5)


def test_the_checker_sees_a_forged_price():
    territory = random_town(11, 0)
    count = round(territory.total_load / 400)
    proof = prove(territory, search(territory, count, seed=1, work=1, stop=Stop()).labels)
    last = proof.witness.stages[-1]
    forged = replace(last, duals=replace(last.duals, unit=last.duals.unit * 2))
    claimed = forged.duals.unit.sum() + count * forged.duals.count
    shown = proven_bound(territory, count, replace(proof.witness, stages=(forged,)))
    assert shown < claimed * (1 - 1e-3)
