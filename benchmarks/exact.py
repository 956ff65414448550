"""Territories of 60 to 200 units against their exact optima: 30 synthetic towns, 30 subzones of Singapore.

The engine draws and proves each as it does for anybody. Then the optimum is looked for apart: another seed, and the
proof with ten times the work, which lists or prices every set that could be in anything better. Where that ends
without an optimum, the engine is held to the bound, which only makes it look worse.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from benchmarks.figures import Figure, write_section
from benchmarks.partition import COMMAND, singapore_nested, synthetic
from gis.model.kinds import Proof
from optimize.parallel import run_all
from optimize.partition.engine import Task, draw_territory
from optimize.partition.problem import Territory
from optimize.partition.proof import THOROUGH, prove
from optimize.partition.search import search
from optimize.settings import PartitionSettings
from optimize.stopping import Stop

EACH, FEWEST, MOST = 30, 60, 200
OTHER_SEED, WORK = 4_711, 4_000_000


@dataclass(frozen=True)
class Compared:
    """One territory: the engine's seconds, what it reached, what the thorough proof says."""

    cpu_s: float
    key: tuple[int, float]
    optimum: tuple[int, float]
    exact: bool
    proof: str

    @property
    def gap_percent(self) -> float:
        """Distance above the optimum; at a larger violation there is nothing to compare."""
        if self.key[0] > self.optimum[0]:
            return float("inf")
        return max(0.0, 100 * (self.key[1] / max(self.optimum[1], 1.0) - 1))


def towns() -> Iterator[Territory]:
    """Yield synthetic territories of 60 to 200 units."""
    for i in range(EACH):
        yield synthetic(FEWEST + round(i * (MOST - FEWEST) / (EACH - 1)), seed=i + 1)


def subzones() -> list[Territory]:
    """Return the subzones of 60 to 200 blocks, evenly chosen by size."""
    fit = sorted((t for t in singapore_nested() if FEWEST <= len(t) <= MOST), key=lambda t: (len(t), t.territory_id))
    return [fit[round(i * (len(fit) - 1) / (EACH - 1))] for i in range(EACH)]


def compared(territory: Territory, cancelled: object) -> Compared:
    """Draw a territory as the engine does, then look for its optimum apart."""
    _warm()
    began = time.process_time()
    answer = draw_territory(Task(territory, None, PartitionSettings()), Stop())
    cpu_s = time.process_time() - began
    count = int(answer.found.labels.max()) + 1
    again = search(territory, count, seed=OTHER_SEED, work=WORK, stop=Stop())
    best = min(again, answer.found, key=lambda found: found.key)
    thorough = prove(territory, best.labels, effort=THOROUGH)
    exact = thorough.proof is Proof.OPTIMAL
    optimum = (thorough.violation, thorough.objective if exact else float(thorough.bound or 0.0))
    proof = Proof.NONE if answer.proven is None else answer.proven.proof
    return Compared(cpu_s, answer.found.key, optimum, exact, str(proof))


@cache
def _warm() -> None:
    """Load the kernels and the solver: once a process, and not counted."""
    for seed in range(2):
        draw_territory(Task(synthetic(FEWEST, seed), None, PartitionSettings()), Stop())


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def run() -> None:
    """Measure both kinds, on two processes."""
    _warm()  # kernels are compiled here once, not in both workers
    for told, territories in (("Singapore subzones", subzones()), ("synthetic", list(towns()))):
        found = dict(run_all(compared, territories, processes=2, cancelled=lambda: False))
        runs = [found[i] for i in range(len(territories))]
        gaps = [r.gap_percent for r in runs]
        sizes = f"{min(map(len, territories))}–{max(map(len, territories))}"
        write_section(
            f"Grids: {len(runs)} {told} of {FEWEST}–{MOST} units, against exact optima",
            COMMAND,
            [
                Figure("mean gap to the optimum", "<= 0.2 %", [_mean(gaps)], "%"),
                Figure("worst gap to the optimum", "<= 1 %", [max(gaps)], "%"),
                Figure(
                    "mean gap where the optimum is known",
                    "<= 0.2 %",
                    [_mean([r.gap_percent for r in runs if r.exact])],
                    "%",
                ),
                Figure("engine CPU, search and proof", "each <= 2 s", [r.cpu_s for r in runs], "s"),
                Figure("territories within 2 s", "all", [sum(r.cpu_s <= 2 for r in runs)], f"of {len(runs)}"),
                Figure("proven optimal by the engine itself", "", [sum(r.proof == "optimal" for r in runs)], ""),
                Figure("optimum known", "", [sum(r.exact for r in runs)], "", "elsewhere: gap to the thorough bound"),
            ],
            remark=f"Of {sizes} units; the optimum by another seed and the thorough proof (`benchmarks/exact.py`).",
        )


if __name__ == "__main__":
    run()
