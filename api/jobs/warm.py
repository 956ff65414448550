"""Importing this has the engine's kernels compiled and loaded, so that a process forked afterwards begins at once.

Only the search is run: the solver starts threads, which a fork would lose.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimize.partition.engine import Task, draw_territory
from optimize.partition.problem import LoadBand, Terms, make_territory
from optimize.settings import PartitionSettings
from optimize.stopping import Stop

_SETTINGS = PartitionSettings(work=100, prove=False)
_TOWN = make_territory(
    [f"u{i}" for i in range(6)],
    [100] * 6,
    [(10.0 * (i % 3), 10.0 * (i // 3)) for i in range(6)],
    [(0, 1), (1, 2), (3, 4), (4, 5), (0, 3), (1, 4), (2, 5)],
    LoadBand(250, 300, 350),
)

draw_territory(Task(_TOWN, 2, _SETTINGS), Stop())

_HOME = np.array([0, 0, 1, 0, 1, 1], dtype=np.int64)
_AT_HOME = replace(_TOWN, terms=Terms(home=_HOME, away=np.full(6, 1000.0)))
draw_territory(Task(_AT_HOME, 2, _SETTINGS, first=_HOME, names=(0, 1)), Stop())
