"""Drawing grids: the problem, the search, the proof and the reasons."""

from optimize.partition.drawing import draw_grids

__all__ = ["draw_grids"]
