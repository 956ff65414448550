"""Drawing grids: the problem, the search, the proof and the reasons."""

from optimize.partition.alternatives import Favour, draw_alternatives
from optimize.partition.drawing import draw_grids
from optimize.partition.micro_grids import draw_micro_grids
from optimize.partition.redraw import Redrawn, redraw_grids

__all__ = ["Favour", "Redrawn", "draw_alternatives", "draw_grids", "draw_micro_grids", "redraw_grids"]
