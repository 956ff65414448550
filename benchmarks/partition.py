"""Drawing grids: quality and CPU seconds of the engine on real and synthetic territories.

The graphs are made here by rule, from data in this folder and from seeds, so that everybody has the same.
"""

from __future__ import annotations

import csv
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import Delaunay

from api.workflow import read_study
from benchmarks.figures import Figure, write_section
from examples.make.family import write_family
from gis.model.kinds import Proof
from gis.model.results import TerritoryReport
from gis.model.study import StudyArea
from optimize.parallel import run_all
from optimize.partition import draw_grids
from optimize.partition.engine import Answer, Task, draw_territory
from optimize.partition.problem import LoadBand, Territory, grid_loads, make_territory
from optimize.partition.search import Found, search
from optimize.settings import PartitionSettings
from optimize.stopping import Stop

BLOCKS = Path(__file__).parent / "singapore" / "blocks.csv"
BAND = LoadBand(300, 400, 500)
FREE_PRUNE_M, NESTED_PRUNE_M = 250.0, 400.0  # longer Delaunay edges go, unless the graph would fall apart
SEEDS = range(int(os.environ.get("SEEDS", "10")))
COMMAND = "make bench-partition"


def pruned_delaunay(xy: np.ndarray, longest_m: float) -> np.ndarray:
    """Return the Delaunay edges up to a length and the edges of the minimum spanning tree."""
    if len(xy) < 4:
        return np.array([(i, i + 1) for i in range(len(xy) - 1)], dtype=np.int64).reshape(-1, 2)
    apart = xy + np.random.default_rng(0).normal(0, 1e-3, xy.shape)  # two blocks share a place
    faces = Delaunay(apart).simplices
    edges = np.unique(np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [0, 2]]]), axis=1), axis=0)
    long_m = np.hypot(*(apart[edges[:, 0]] - apart[edges[:, 1]]).T)
    matrix = coo_array((long_m, (edges[:, 0], edges[:, 1])), shape=(len(xy), len(xy))).tocsr()
    tree = minimum_spanning_tree(matrix).tocoo()
    return np.unique(
        np.sort(np.concatenate([edges[long_m <= longest_m], np.stack([tree.row, tree.col], 1)]), 1), axis=0
    )


def blocks() -> tuple[list[str], np.ndarray, np.ndarray, list[str]]:
    """Return ids, dwellings, places and subzones of Singapore's housing blocks."""
    with BLOCKS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    dwellings = np.array([int(r["dwellings"]) for r in rows])
    xy = np.array([(float(r["x"]), float(r["y"])) for r in rows])
    return [r["block_id"] for r in rows], dwellings, xy, [r["subzone"] for r in rows]


def singapore_free() -> Territory:
    """Return all blocks as one territory."""
    ids, dwellings, xy, _ = blocks()
    return make_territory(ids, dwellings, xy, pruned_delaunay(xy, FREE_PRUNE_M), BAND, territory_id="SG")


def singapore_nested() -> Iterator[Territory]:
    """Yield the 160 inhabited subzones."""
    ids, dwellings, xy, subzones = blocks()
    for name in sorted(set(subzones)):
        at = np.array([i for i, s in enumerate(subzones) if s == name])
        yield make_territory(
            [ids[i] for i in at], dwellings[at], xy[at], pruned_delaunay(xy[at], NESTED_PRUNE_M), BAND,
            territory_id=name, community_id=name,
        )  # fmt: skip


def synthetic(n: int, seed: int = 0) -> Territory:
    """Return a town of clustered places with log-normal households, about 17 units a grid."""
    rng = np.random.default_rng(seed)
    side_m, clusters = np.sqrt(n) * 40, max(1, n // 100)
    centres = rng.uniform(0, side_m, (clusters, 2))
    near = centres[rng.integers(0, clusters, n)] + rng.normal(0, 120, (n, 2))
    xy = np.where(rng.random((n, 1)) < 0.7, near, rng.uniform(0, side_m, (n, 2)))
    households = np.maximum(1, rng.lognormal(np.log(400 / 16.7 * 0.8), 0.6, n)).astype(int)
    return make_territory([f"u{i:07d}" for i in range(n)], households, xy, pruned_delaunay(xy, 200.0), BAND)


def in_band_share(territory: Territory, found: Found) -> float:
    """Return the share of grids in the band."""
    return float((territory.band.violation(grid_loads(territory, found.labels)) == 0).mean())


def disconnected(territory: Territory, labels: np.ndarray) -> int:
    """Return the pieces beyond one a grid, counted apart from the engine."""
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    inside = labels[rows] == labels[territory.indices]
    ones = np.ones(int(inside.sum()), dtype=np.int8)
    graph = coo_array((ones, (rows[inside], territory.indices[inside])), shape=(len(territory),) * 2)
    return int(connected_components(graph, directed=False)[0]) - len(np.unique(labels))


def _bound(territory: Territory, count: int, found: Found) -> tuple[float, float]:
    """Return how far a drawing is above the bound of a territory of its size, in percent, and the bound's CPU."""
    from optimize.partition.median_bound import median_bound  # noqa: PLC0415  (its kernels are not of the search)

    median_bound(synthetic(300), 17, 0, 1e6)  # compiled and warm
    began = time.process_time()
    record = median_bound(territory, count, found.violation, found.walk_hm)
    gap = float("inf") if record is None else 100 * (found.walk_hm / record.goal - 1)
    return gap, time.process_time() - began


def _one(n: int, work: int) -> None:
    """Draw one large territory at every seed and write its section."""
    territory = singapore_free() if n == 0 else synthetic(n)
    count = round(territory.total_load / BAND.target)
    search(synthetic(200), 12, seed=1, work=1, stop=Stop())  # compiled and warm
    cpu_s, share, metres, pieces = [], [], [], []
    for seed in SEEDS if n < 1_000_000 else SEEDS[:1]:
        began = time.process_time()
        found = search(territory, count, seed=seed, work=work, stop=Stop())
        cpu_s.append(time.process_time() - began)
        share.append(100 * in_band_share(territory, found))
        metres.append(found.walk_hm / territory.households.sum())
        pieces.append(disconnected(territory, found.labels))
    bounds = [_bound(territory, count, found)] if n in {0, 100_000} else []
    targets = {0: ("<= 2", ">= 98.1", "<= 46.3"), 1000: ("<= 0.02", "100", ""), 100_000: ("<= 4", ">= 99.9", ""),
               1_000_000: ("<= 60", ">= 99.9", "")}[n]  # fmt: skip
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    write_section(
        "Grids: Singapore free" if n == 0 else f"Grids: {n:,} synthetic units",
        COMMAND,
        [
            Figure("engine CPU of one core", f"{targets[0]} s", cpu_s, "s"),
            Figure("grids in band", f"{targets[1]} %", share, "%"),
            Figure("mean distance to the heart", f"{targets[2]} m" if targets[2] else "", metres, "m"),
            Figure("disconnected grids", "0", pieces, ""),
            Figure("peak memory, graph included", "<= 2 GB", [peak_gb], "GB"),
            *(Figure("distance above its proven bound", "", [gap], "%") for gap, _ in bounds),
            *(Figure("CPU of that bound", "", [cpu], "s") for _, cpu in bounds),
        ],
        remark=f"{len(territory):,} units, {count:,} grids, {work:,} trials; adjacency apart.",
    )


def _task(task: Task, cancelled: object) -> tuple[Answer, float]:
    """Draw a territory and count its CPU here: workers of a fork server are nobody's children."""
    began = time.process_time()
    return draw_territory(task, Stop()), time.process_time() - began


def nested() -> None:
    """Draw and prove the subzones of Singapore on two processes."""
    territories = sorted(singapore_nested(), key=lambda t: -len(t))
    tasks = [Task(t, None, PartitionSettings()) for t in territories]
    began = time.perf_counter()
    answered = dict(run_all(_task, tasks, processes=2, cancelled=lambda: False))
    wall_s = time.perf_counter() - began
    answers = {i: answer for i, (answer, _) in answered.items()}
    cpu_s = sum(cpu for _, cpu in answered.values())
    gaps, proofs, metres, pieces, inside, least = [], Counter(), 0.0, 0, 0, 0
    for i, territory in enumerate(territories):
        found, proven = answers[i].found, answers[i].proven
        pieces += disconnected(territory, found.labels)
        metres += found.walk_hm
        proofs[str(proven.proof if proven else Proof.NONE)] += 1
        inside += found.violation == 0
        least += proven is not None and found.violation <= proven.violation_bound
        bound = None if proven is None else proven.bound
        gaps.append(100.0 if bound is None else 100 * (found.walk_hm - bound) / max(bound, 1.0))
    good = [g for g in gaps if g <= 1]
    write_section(
        "Grids: Singapore nested in 160 subzones",
        COMMAND,
        [
            Figure("wall, 2 processes", "<= 60 s", [wall_s], "s"),
            Figure("CPU of both", "<= 120 s", [cpu_s], "s"),
            Figure("optimal or gap <= 1 %", ">= 95 %", [100 * len(good) / len(gaps)], "%"),
            Figure("proven optimal", "", [proofs["optimal"]], ""),
            Figure("mean gap", "<= 0.5 %", [float(np.mean(gaps))], "%"),
            Figure(
                "mean distance to the heart", "", [metres / sum(int(t.households.sum()) for t in territories)], "m"
            ),
            Figure("disconnected grids", "0", [pieces], ""),
            Figure("in the band", "", [100 * inside / len(territories)], "%"),
            Figure("band violation proven least", "", [100 * least / len(territories)], "%"),
        ],
        remark="Up to 437 blocks a subzone; each drawn and proven by itself.",
    )


def family() -> None:
    """Draw and prove 60 Chinese-shaped communities, read from their study as any study is, on two processes."""
    with TemporaryDirectory() as folder:
        write_family(Path(folder), seed=0, communities=60)
        _, study = read_study(Path(folder) / "study.toml")
    priced = PartitionSettings.of(study)
    walk, reports = _family_figures(study, replace(priced, compound_price_m=0.0), "")
    both, _ = _family_figures(study, priced, f"compounds at {priced.compound_price_m:g} m: ")
    write_section(
        "Grids: 60 Chinese-shaped communities",
        COMMAND,
        [*walk, *both],
        remark=f"{len(study.units):,} buildings in {reports} connected territories; walls, river, bridges. The walk "
        "alone, then with compounds priced as in a study that says nothing of them.",
    )


def _family_figures(study: StudyArea, settings: PartitionSettings, prefix: str) -> tuple[list[Figure], int]:
    """Return the figures of one objective, and the number of territories."""
    began = time.perf_counter()
    reports = draw_grids(study, settings, processes=2).report.territories
    wall_s = time.perf_counter() - began
    gaps = [_gap_percent(r) for r in reports]
    least = sum(r.violation_bound is not None and r.band_violation <= r.violation_bound for r in reports)
    return [
        Figure(f"{prefix}wall, 2 processes", "<= 60 s", [wall_s], "s"),
        Figure(f"{prefix}optimal or gap <= 1 %", ">= 95 %", [100 * float(np.mean([g <= 1 for g in gaps]))], "%"),
        Figure(f"{prefix}median gap", "", [float(np.median(gaps))], "%"),
        Figure(f"{prefix}in the band", "", [100 * float(np.mean([r.band_violation == 0 for r in reports]))], "%"),
        Figure(f"{prefix}band violation proven least", "", [100 * least / len(reports)], "%"),
    ], len(reports)


def _gap_percent(report: TerritoryReport) -> float:
    """Return how far a territory is above its bound, infinite without one."""
    if report.proof == Proof.OPTIMAL:
        return 0.0
    if report.bound is None:
        return float("inf")
    return 100 * (report.objective / max(report.bound, 1.0) - 1)


LARGE = ((0, 10_000_000), (1000, 220_000), (100_000, 6_000_000), (1_000_000, 60_000_000))


def run() -> None:
    """Measure everything, each part in a process of its own."""
    for n, work in LARGE:
        if n < 1_000_000 or "--quick" not in sys.argv:
            with get_context("spawn").Pool(1) as pool:
                pool.apply(_one, (n, work))
    nested()
    family()


if __name__ == "__main__":
    run()
