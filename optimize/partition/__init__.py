"""Drawing grids: the problem, the search, the proof and the reasons."""

from optimize.partition.drawing import draw_grids
from optimize.partition.redraw import Redrawn, redraw_grids

__all__ = ["Redrawn", "draw_grids", "redraw_grids"]
