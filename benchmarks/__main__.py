"""`python -m benchmarks [NAME ...]`: run benchmarks and write docs/benchmarks.md."""

from __future__ import annotations

import importlib
import sys

NAMES = ("main_job", "reading", "redraw", "service", "editors")

for name in sys.argv[1:] or NAMES:
    print(f"benchmarks.{name}", flush=True)
    importlib.import_module(f"benchmarks.{name}").run()
