"""spopt's MaxP (Wei, Rey & Knaap 2021, doi:10.1080/13658816.2020.1759806): as many regions as a least load allows."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from libpysal.weights import W
from spopt.region import MaxPHeuristic

from optimize.partition.problem import Territory

OPTIONS = {"max_iterations_construction": 10, "max_iterations_sa": 10, "top_n": 2}


def split(territory: Territory, threshold: int, seed: int) -> np.ndarray:
    """Return labels; likeness is nearness: the attributes are the two coordinates."""
    np.random.seed(seed)  # noqa: NPY002  (the peer draws from the global state)
    x, y = territory.xy.T
    table = gpd.GeoDataFrame(
        {"x": x, "y": y, "load": territory.load.astype(float)}, geometry=gpd.points_from_xy(x, y), crs="EPSG:3857"
    )
    beside = {u: [int(v) for v in territory.neighbours(u)] for u in range(len(territory))}
    model = MaxPHeuristic(table, W(beside, silence_warnings=True), ["x", "y"], "load", threshold, **OPTIONS)
    model.solve()
    return np.asarray(model.labels_).astype(int)
