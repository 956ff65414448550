"""The four sides (四至) of a grid in words: what lies to its east, south, west and north."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from gis.model.kinds import BarrierKind

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from gis.model.study import StudyArea

__all__ = ["grid_sides"]

SAMPLES = 48  # places looked at along the border of a grid
NEAR_M = 25.0  # a named line this near to the border is what people call the border
TOUCH_M = 0.5  # a grid this near is the neighbour
NAMED_SHARE = 1 / 3  # of a side that a named line must run along to name it
SIDES_ZH = ("东", "南", "西", "北")
BEYOND_ZH = "范围边界"  # nothing of the study lies on that side


def grid_sides(grids: gpd.GeoDataFrame, study: StudyArea) -> pd.Series[str]:
    """Describe the four sides of each grid by what its border runs along.

    A side is named after the named barrier or path that runs along a third of it or more, else
    after its neighbour: the other grid in the same community, the other community in the same
    subdistrict, else subdistrict and community.

    Parameters
    ----------
    grids
        Index ``grid_id``; community_id, name, geometry.
    study
        Its named barriers, named paths and areas are read.

    Returns
    -------
    Series
        Named ``sides_zh``, on the index of `grids`: 东至…，南至…，西至…，北至….
    """
    shapes = grids.geometry.to_numpy()
    grid, side, points = _samples(shapes)
    lines, names = _named_lines(study)
    votes = pd.DataFrame({"grid": grid, "side": side, "along": _nearest_name(points, lines, names)})
    votes["beside"] = _neighbour_names(points, grid, grids, study)
    words = _choose(votes)
    text = ["，".join(f"{SIDES_ZH[s]}至{words.get((g, s), BEYOND_ZH)}" for s in range(4)) for g in range(len(grids))]
    return pd.Series(text, index=grids.index, name="sides_zh", dtype="str")


def _samples(shapes: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.object_]]:
    """Place points along the borders and tell on which side of its grid each lies."""
    rings = shapely.get_exterior_ring(_largest_parts(shapes))
    some = np.flatnonzero(~shapely.is_missing(rings) & ~shapely.is_empty(rings))
    steps = (np.arange(SAMPLES) + 0.5) / SAMPLES
    points = shapely.line_interpolate_point(rings[some][:, None], steps[None, :], normalized=True)
    west, south, east, north = shapely.bounds(shapes[some]).T
    half_width = np.maximum((east - west) / 2, TOUCH_M)[:, None]
    half_height = np.maximum((north - south) / 2, TOUCH_M)[:, None]
    right = (shapely.get_x(points) - ((east + west) / 2)[:, None]) / half_width
    up = (shapely.get_y(points) - ((north + south) / 2)[:, None]) / half_height
    toward = np.stack([right, -up, -right, up], axis=2)
    side = toward.argmax(axis=2)
    grid = np.broadcast_to(some[:, None], side.shape)
    # the outermost point of each side speaks for it as well, so that no side stays without a word
    outermost = toward.argmax(axis=1)
    extra = np.take_along_axis(points, outermost, axis=1)
    extra_grid = np.broadcast_to(some[:, None], extra.shape)
    extra_side = np.broadcast_to(np.arange(4)[None, :], extra.shape)
    return (
        np.concatenate([grid.ravel(), extra_grid.ravel()]),
        np.concatenate([side.ravel(), extra_side.ravel()]),
        np.concatenate([points.ravel(), extra.ravel()]),
    )


def _largest_parts(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return each shape's largest polygon."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    order = np.lexsort((-shapely.area(parts), owner))
    owners, first = np.unique(owner[order], return_index=True)
    largest = np.full(len(shapes), None, dtype=object)
    largest[owners] = parts[order][first]
    return largest


def _named_lines(study: StudyArea) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return the named barriers and, after them, the named paths."""
    barriers = study.barriers
    tables = [barriers[barriers["kind"] != BarrierKind.CROSSING]] if len(barriers) else []
    if study.paths is not None and "name" in study.paths:
        tables.append(study.paths)
    lines: list[NDArray[np.object_]] = []
    names: list[NDArray[np.object_]] = []
    for table in tables:
        called = table["name"].fillna("").astype(str).str.strip()
        lines.append(table.geometry.to_numpy()[called.ne("")])
        names.append(called[called.ne("")].to_numpy(dtype=object))
    if not lines:
        return np.empty(0, dtype=object), np.empty(0, dtype=object)
    return np.concatenate(lines), np.concatenate(names)


def _nearest_name(
    points: NDArray[np.object_], lines: NDArray[np.object_], names: NDArray[np.object_]
) -> NDArray[np.object_]:
    """Return the name of the nearest line within `NEAR_M` of each point, None where there is none."""
    found = np.full(len(points), None, dtype=object)
    if len(lines) == 0 or len(points) == 0:
        return found
    tree = shapely.STRtree(lines)
    point, line = tree.query_nearest(points, max_distance=NEAR_M, all_matches=True)
    order = np.lexsort((line, point))
    which, first = np.unique(point[order], return_index=True)
    found[which] = names[line[order][first]]
    return found


def _neighbour_names(
    points: NDArray[np.object_], grid: NDArray[np.int64], grids: gpd.GeoDataFrame, study: StudyArea
) -> NDArray[np.object_]:
    """Return what each point's neighbour is called, None beyond the study."""
    found = np.full(len(points), None, dtype=object)
    other, point = shapely.STRtree(points).query(grids.geometry.to_numpy(), predicate="dwithin", distance=TOUCH_M)
    apart = other != grid[point]
    point, other = point[apart], other[apart]
    order = np.lexsort((other, point))
    which, first = np.unique(point[order], return_index=True)
    other = other[order][first]
    own = grid[which]
    names = study.areas["name"].fillna("").astype(str)
    parents = study.areas["parent_id"]
    community = grids["community_id"]
    there = community.to_numpy()[other]
    here = community.to_numpy()[own]
    place = names.reindex(there).fillna("").to_numpy(dtype=object)
    place = np.where(place == "", there, place)
    over, under = parents.reindex(there).fillna("").to_numpy(), parents.reindex(here).fillna("").to_numpy()
    above = names.reindex(over).fillna("").to_numpy(dtype=object)
    grid_name = grids["name"].to_numpy(dtype=object)[other]
    text = np.where(over == under, place, above + place)
    found[which] = np.where(there == here, grid_name, text)
    return found


def _choose(votes: pd.DataFrame) -> dict[tuple[int, int], str]:
    """Choose the word of each grid and side from what was seen along it."""
    keys = ["grid", "side"]
    seen = votes.groupby(keys).size().rename("seen")
    chosen: dict[tuple[int, int], str] = {}
    for column, least in (("beside", 0.0), ("along", NAMED_SHARE)):
        counts = votes.dropna(subset=[column]).groupby([*keys, column]).size().rename("votes").reset_index()
        counts = counts.merge(seen.reset_index(), on=keys)
        counts = counts[counts["votes"] >= least * counts["seen"]]
        counts = counts.sort_values([*keys, "votes", column], ascending=[True, True, False, True])
        best = counts.drop_duplicates(keys)
        pairs = zip(best["grid"].tolist(), best["side"].tolist(), strict=True)
        chosen.update(zip(pairs, best[column].tolist(), strict=True))
    return chosen
