"""``witness.jsonl.gz``: what shows the bounds of a plan, a line a territory."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gis.model.results import SolveReport

__all__ = ["write_witness"]


def write_witness(report: SolveReport, path: str | Path) -> Path:
    """Write the witnesses of a report, sorted by territory; territories without one have no line."""
    target = Path(path)
    territories = sorted(report.territories, key=lambda t: t.territory_id)
    lines = [json.dumps(t.witness, ensure_ascii=False) + "\n" for t in territories if t.witness is not None]
    # without a time, the same witnesses make the same file
    target.write_bytes(gzip.compress("".join(lines).encode("utf-8"), mtime=0))
    return target
