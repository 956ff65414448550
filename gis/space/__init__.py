"""Space: units, neighbours and walks, made of what was read."""

from gis.space.adjacency import neighbours, subdistrict_neighbours
from gis.space.study_area import build_study
from gis.space.unit_walks import walks_between
from gis.space.walks import walking_reach

__all__ = ["build_study", "neighbours", "subdistrict_neighbours", "walking_reach", "walks_between"]
