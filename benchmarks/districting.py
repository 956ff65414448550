"""Fewest cut edges on published graphs: Maine and Oklahoma by county, New Hampshire by census tract, +-0.5 %.

The graphs do not travel along: DISTRICTING_GRAPHS names a folder of `STATE_level.json` files with k, L, U, nodes
(population, x, y) and edges, as made from hamidrezavalidi/Political-Districting-to-Minimize-Cut-Edges (2010 census).
The published optima are shown as targets only: no start and no cutoff comes from them.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure, write_section
from benchmarks.peers.verdict import judge
from optimize.partition.cut_edges import CutEffort, cut_terms, prove_cut
from optimize.partition.problem import LoadBand, Territory, make_territory
from optimize.partition.search import search
from optimize.stopping import Stop

PUBLISHED = {"ME": 16, "OK": 40, "NH": 26}
STARTS, WORK = 6, 4_000_000
EFFORT = CutEffort(nodes=3_000, rounds=40, window_units=130)
METRES_A_DEGREE = 111_320.0


def read_graph(path: Path) -> tuple[Territory, int]:
    """Return a graph as a territory that prices cut pairs, and its number of parts."""
    told = json.loads(path.read_text(encoding="utf-8"))
    nodes = told["nodes"]
    latitude = np.radians(np.mean([n["y"] for n in nodes]))
    xy = np.array([(n["x"] * np.cos(latitude), n["y"]) for n in nodes]) * METRES_A_DEGREE
    population = [n["population"] for n in nodes]
    target = round(sum(population) / told["k"])
    territory = make_territory(
        [n["geoid"] for n in nodes], population, xy, [(e[0], e[1]) for e in told["edges"]],
        LoadBand(told["L"], target, told["U"]), territory_id=told["state"],
    )  # fmt: skip
    return replace(territory, terms=cut_terms(territory, None)), int(told["k"])


def run() -> None:
    folder = os.environ.get("DISTRICTING_GRAPHS")
    if not folder:
        raise SystemExit("DISTRICTING_GRAPHS names no folder of graphs")
    figures = []
    for path in sorted(Path(folder).glob("*.json")):
        territory, count = read_graph(path)
        search(territory, count, seed=9, work=1, stop=Stop())  # compiled and warm
        began = time.process_time()
        starts = [search(territory, count, seed=seed, work=WORK, stop=Stop()) for seed in range(1, STARTS + 1)]
        best = min(starts, key=lambda found: found.key)
        proven = prove_cut(territory, best.labels, effort=EFFORT)
        cpu_s = time.process_time() - began
        verdict = judge(territory, proven.labels)
        assert verdict.disconnected == 0
        name = f"{territory.territory_id}, {len(territory)} units in {count}"
        figures += [
            Figure(f"{name}: cut edges", str(PUBLISHED[territory.territory_id]), [verdict.cut_edges], "",
                   f"search alone {best.terms_hm:.0f}; {verdict.in_band_percent:.0f} % in band; {proven.proof}"),
            Figure(f"{name}: proven lower bound", "", [proven.bound or 0.0], ""),
            Figure(f"{name}: CPU", "<= 60 s", [cpu_s], "s"),
        ]  # fmt: skip
        print(figures[-3], figures[-2], figures[-1], flush=True)
    write_section(
        "Fewest cut edges: published districting graphs",
        "DISTRICTING_GRAPHS=folder python -m benchmarks districting",
        figures,
        remark="Population within 0.5 % of the mean; targets are the published optima (Validi & Buchanan 2022).",
    )
