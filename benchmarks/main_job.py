"""The main job: `make demo` in a fresh clone, and all of Singapore through `wangge plan`."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.child import cost_of
from benchmarks.figures import Figure, write_section

ROOT = Path(__file__).parents[1]
RUNS = 3


def demo() -> None:
    """Measure `make demo` in a fresh clone, with set-up and again without."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "wangge"
        cost_of(["git", "clone", "--quiet", str(ROOT), str(clone)])
        first = cost_of(["make", "demo"], cwd=clone)
        again = [cost_of(["make", "demo"], cwd=clone) for _ in range(RUNS)]
        size_mb = (clone / "out" / "demo" / "map.html").stat().st_size / 1e6
    write_section(
        "Main job: `make demo` in a fresh clone",
        "python -m benchmarks main_job",
        [
            Figure("with set-up, wall", "< 180 s", [first.wall_s], "s"),
            Figure("when set up, wall", "< 20 s", [c.wall_s for c in again], "s"),
            Figure("peak memory of the largest process", "< 1,500 MB", [c.peak_mb for c in again], "MB"),
            Figure("size of map.html", "< 6 MB", [size_mb], "MB"),
        ],
    )


def singapore() -> None:
    """Measure `wangge plan` on every housing block of Singapore, 332 subzones as communities."""
    costs, answers = [], []
    with tempfile.TemporaryDirectory() as folder:
        for run in range(RUNS):
            out = Path(folder) / f"plan{run}"
            study = str(ROOT / "benchmarks" / "singapore" / "study.toml")
            wangge = str(Path(sys.executable).parent / "wangge")
            cost = cost_of([wangge, "plan", study, "--out", str(out), "--processes", "2", "--json"])
            costs.append(cost)
            answers.append(json.loads(cost.stdout))
            cost_of([wangge, "audit", str(out / "plan.gpkg")])
    answer = answers[0]
    assert len({a["plan_digest"] for a in answers}) == 1, "the same input gave two plans"
    scores = answer["scorecard"]
    write_section(
        "Main job: all of Singapore (10,662 blocks, 332 subzones)",
        "python -m benchmarks main_job",
        [
            Figure("CPU, 2 processes", "< 60 s", [c.cpu_s for c in costs], "s"),
            Figure("wall", "–", [c.wall_s for c in costs], "s"),
            Figure("peak memory of the largest process", "< 2,000 MB", [c.peak_mb for c in costs], "MB"),
            Figure("grids", "–", [answer["grids"]], ""),
            Figure("grids in band", "–", [answer["grids_in_band"]], ""),
            Figure("walk to the heart", "–", [scores["walk_mean_m"]], "m"),
            Figure("`wangge audit` of the result", "sound", [0], "breaches", "every run audited"),
        ],
        remark="Private housing is not in the data: counts are public housing only.",
    )


def run() -> None:
    demo()
    singapore()
