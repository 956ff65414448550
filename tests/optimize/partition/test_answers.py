"""What workers load once for all of them."""

from __future__ import annotations

from pathlib import Path

import optimize.partition
from optimize.partition.answers import KERNELS


def test_every_module_with_kernels_is_loaded_before_workers_are_made():
    folder = Path(optimize.partition.__file__).parent
    compiled = {p.stem for p in folder.glob("*.py") if "import compiled" in p.read_text(encoding="utf-8")}
    assert set(KERNELS) == compiled
