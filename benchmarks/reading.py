"""One million household rows: read, checked and joined to units."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.child import cost_of
from benchmarks.figures import Figure, write_section

ROWS = 1_000_000
RUNS = 3

_WORK = """
import json, sys
from pathlib import Path
from gis.files import read_inputs
from gis.space import build_study
study = build_study(read_inputs(Path(sys.argv[1])))
print(json.dumps({"units": len(study.units), "households": int(study.units["households"].sum())}))
"""


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        cost_of([sys.executable, "-m", "benchmarks.make_households", folder, "--rows", str(ROWS)])
        costs = [cost_of([sys.executable, "-c", _WORK, str(Path(folder) / "study.toml")]) for _ in range(RUNS)]
    answer = json.loads(costs[0].stdout)
    assert answer["households"] == ROWS, answer
    write_section(
        "Reading: 1 M household rows as CSV",
        "python -m benchmarks reading",
        [
            Figure("CPU: read, checked, joined to units", "< 20 s", [c.cpu_s for c in costs], "s"),
            Figure("wall", "< 20 s", [c.wall_s for c in costs], "s"),
            Figure("peak memory", "< 2,000 MB", [c.peak_mb for c in costs], "MB"),
            Figure("units", "–", [answer["units"]], ""),
        ],
    )
