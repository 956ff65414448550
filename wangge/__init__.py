"""wangge (网格): draw, staff and serve the grids that communities are governed by.

A thin face over the four packages where the work lives: ``gis`` describes and
measures, ``optimize`` decides, ``maps`` draws, ``api`` opens the doors.
"""

from __future__ import annotations

from pathlib import Path

from api.workflow import make_outcome
from api.workflow import read_study as _read_study
from gis.measures import measure_coverage
from gis.model.outcome import Outcome
from gis.model.plan import Plan
from gis.model.study import StudyArea
from maps.web_map import plan_map
from optimize.partition import draw_grids
from optimize.settings import PartitionSettings
from optimize.siting import place_facilities
from optimize.staffing import post_workers
from wangge.drawing import draw

__all__ = [
    "Outcome",
    "PartitionSettings",
    "Plan",
    "StudyArea",
    "draw",
    "draw_grids",
    "make_outcome",
    "measure_coverage",
    "place_facilities",
    "plan_map",
    "post_workers",
    "read_study",
]


def read_study(path: str | Path) -> StudyArea:
    """Read and check the files that a study file names, and make a study area of them.

    Raises
    ------
    InputRefusedError
        With all findings, when an error is among them.
    """
    _, study = _read_study(Path(path))
    return study
