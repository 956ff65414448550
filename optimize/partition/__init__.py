"""Drawing grids: the problem, the search, the proof and the reasons."""

from optimize.partition.alternatives import Favour, draw_alternatives
from optimize.partition.communities import draw_communities
from optimize.partition.drawing import draw_grids
from optimize.partition.micro_grids import draw_micro_grids
from optimize.partition.proposals import propose_even_grids, propose_split
from optimize.partition.redraw import Redrawn, redraw_grids, trade_off

__all__ = [
    "Favour",
    "Redrawn",
    "draw_alternatives",
    "draw_communities",
    "draw_grids",
    "draw_micro_grids",
    "propose_even_grids",
    "propose_split",
    "redraw_grids",
    "trade_off",
]
