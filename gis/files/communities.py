"""The communities of a study, to look places and words up in."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.files.places import distinct_rows
from gis.files.repair import Shapes
from gis.model.kinds import Level

__all__ = ["Communities"]


@dataclass(frozen=True, slots=True, eq=False)
class Communities:
    """The communities of a study, to look places up in."""

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    shapes: Shapes
    tree: shapely.STRtree

    @classmethod
    def of(cls, areas: gpd.GeoDataFrame) -> Communities:
        """Take the communities out of the areas, sorted by id."""
        own = areas[areas["level"] == Level.COMMUNITY].sort_index()
        shapes = own.geometry.to_numpy()
        shapely.prepare(shapes)
        names = own["name"].to_numpy(dtype=object)
        return cls(own.index.to_numpy(dtype=object), names, shapes, shapely.STRtree(shapes))

    def holding(self, points: Shapes) -> NDArray[np.int64]:
        """Return the position of the community that each point lies in; -1 for none; the first on a border."""
        codes, xy = distinct_rows(shapely.get_coordinates(points))
        found = np.full(len(xy), -1, dtype=np.int64)
        at, which = self.tree.query(shapely.points(xy), predicate="intersects")
        order = np.lexsort((-which, at))
        found[at[order]] = which[order]
        return found[codes]

    def ids_at(self, at: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return the ids at positions; None where the position is -1."""
        return np.append(self.ids, [None])[at]

    def by_text(self, texts: pd.Series) -> pd.Series:
        """Return ids for texts that are ids, or names that only one community has."""
        known = {str(name): str(i) for name, i in zip(self.names, self.ids, strict=True)}
        twice = {str(name) for name in pd.Index(self.names)[pd.Index(self.names).duplicated()]}
        own = {str(i): str(i) for i in self.ids}
        words = {k: v for k, v in known.items() if k not in twice} | own
        codes, values = pd.factorize(texts)
        meant = np.array([words.get(str(v)) for v in values] + [None], dtype=object)
        return pd.Series(meant[codes], index=texts.index, dtype="str")
