"""The engine beside its peers on the same graphs, judged by one validator.

The peers are an extra (`requirements-bench.lock`), installed by `make bench-partition` and never by `make test`.
What each was asked stands in its file in `benchmarks/peers`; the graphs are made by rule in `benchmarks/partition.py`
and written with the labels to `out/bench/peers`.
"""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure, write_section
from benchmarks.partition import BAND, COMMAND, SEEDS, singapore_free, synthetic
from benchmarks.peers.verdict import Verdict, judge
from optimize.partition.problem import Territory
from optimize.partition.search import search
from optimize.stopping import Stop

OUT = Path(os.environ.get("BENCH_OUT", "out/bench")) / "peers"
WORK = {"singapore": 10_000_000, "synthetic": 220_000}
Run = tuple[Verdict, float]


def instance(name: str) -> Territory:
    """Return an instance by its name."""
    return singapore_free() if name == "singapore" else synthetic(1000)


def measured(name: str, peer: str, count: int, seed: int) -> Run:
    """Return the verdict on one peer's split and the CPU seconds of its process, imports and graph apart."""
    warnings.simplefilter("ignore")
    territory = instance(name)
    split = _splitter(peer, territory, name)
    began = time.process_time()
    labels = np.asarray(split(count, seed))
    cpu_s = time.process_time() - began
    _ship(territory, f"{name}-{peer}-{count}-{seed}", labels)
    return judge(territory, labels), cpu_s


def _splitter(peer: str, territory: Territory, name: str) -> Callable[[int, int], np.ndarray]:
    if peer == "wangge":
        search(synthetic(200), 12, seed=1, work=1, stop=Stop())  # compiled and warm
        return lambda count, seed: search(territory, count, seed=seed, work=WORK[name], stop=Stop()).labels
    from importlib import import_module  # noqa: PLC0415  (peers are an extra, each loaded only where it runs)

    split = import_module(f"benchmarks.peers.{peer}").split
    return lambda count, seed: split(territory, count, seed)


def _ship(territory: Territory, name: str, labels: np.ndarray) -> None:
    """Write the graph and the split, so that anybody can judge them again."""
    OUT.mkdir(parents=True, exist_ok=True)
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    once = rows < territory.indices
    record = {
        "band": [BAND.min, BAND.target, BAND.max],
        "units": list(territory.unit_ids),
        "load": territory.load.tolist(),
        "xy": np.round(territory.xy, 3).tolist(),
        "edges": np.stack([rows[once], territory.indices[once]], 1).tolist(),
        "labels": labels.tolist(),
    }
    (OUT / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")


def runs(name: str, peer: str, count: int, seeds: range) -> list[Run]:
    """Run a peer at every seed, in one process of its own."""
    with get_context("spawn").Pool(1) as pool:
        return [pool.apply(measured, (name, peer, count, seed)) for seed in seeds]


def _rows(
    told: str, got: list[Run], *, metres: str = "", band: str = "", cpu: str = "", note: str = ""
) -> list[Figure]:
    verdicts = [v for v, _ in got]
    return [
        Figure(f"{told}: mean distance to the heart", metres, [v.heart_m for v in verdicts], "m", note),
        Figure(f"{told}: grids in band", band, [v.in_band_percent for v in verdicts], "%"),
        Figure(f"{told}: disconnected grids", "0", [v.disconnected for v in verdicts], ""),
        Figure(f"{told}: grids", "", [v.grids for v in verdicts], ""),
        Figure(f"{told}: CPU", cpu, [s for _, s in got], "s"),
    ]


def run() -> None:
    """Measure Singapore beside METIS, and 1,000 synthetic units beside four peers."""
    _singapore()
    _synthetic()


def _singapore() -> None:
    territory = instance("singapore")
    count = round(territory.total_load / BAND.target)
    ours, theirs = (runs("singapore", peer, count, SEEDS) for peer in ("wangge", "metis"))
    write_section(
        "Beside peers: Singapore, one graph of 10,662 blocks",
        COMMAND,
        [
            *_rows("wangge", ours, metres="<= 46.3 m", band=">= 98.1 %", cpu="<= 2 s"),
            *_rows("contiguous METIS", theirs, note="minimises cut edges, not metres"),
        ],
        remark=f"{count:,} grids; options in `benchmarks/peers/metis.py`; one validator.",
    )


def _synthetic() -> None:
    territory = instance("synthetic")
    count = round(territory.total_load / BAND.target)
    maxp = runs("synthetic", "maxp", BAND.min, SEEDS[:1])
    as_many = maxp[0][0].grids
    ours = runs("synthetic", "wangge", count, SEEDS)
    same = runs("synthetic", "wangge", as_many, SEEDS)
    ratio = [v.heart_m / maxp[0][0].heart_m for v, _ in same]
    write_section(
        "Beside peers: 1,000 synthetic units",
        COMMAND,
        [
            *_rows("wangge", ours, band="100 %", cpu="<= 0.02 s"),
            *_rows(f"wangge, {as_many} grids as MaxP", same, band="100 %", cpu="<= 0.02 s"),
            Figure("distance, share of MaxP's at as many grids", "<= 0.88", ratio, ""),
            *_rows("spopt MaxP", maxp, note="least load = the band's lower end; no upper end"),
            *_rows("GerryChain recursive tree", runs("synthetic", "tree", count, SEEDS)),
            *_rows(
                "capacitated p-median matheuristic", runs("synthetic", "median", count, SEEDS[:1]),
                note="does not ask for connected grids",
            ),
            *_rows("contiguous METIS", runs("synthetic", "metis", count, SEEDS)),
        ],
        remark=f"{count} grids, MaxP {as_many}; options in `benchmarks/peers`; one validator.",
    )  # fmt: skip
