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
BESIDE_SHARE = 1 / 2  # of a side that a neighbour must border to be named beside a line, or a compound at all
MOST_LINES = 2
JOINT_ZH = "、"
UNNAMED_ZH = {"river": "河流", "railway": "铁路", "expressway": "快速路", "arterial": "主干道"}
SIDES_ZH = ("东", "南", "西", "北")
BEYOND_ZH = "范围边界"  # nothing of the study lies on that side


def grid_sides(grids: gpd.GeoDataFrame, study: StudyArea) -> pd.Series[str]:
    """Describe the four sides of each grid by what its border runs along.

    A side is named after the barriers and named paths that run along a third of it or more, two at most, and
    after the neighbour that half of it borders without them: a compound of another grid, else the other grid in
    the same community, the other community in the same subdistrict, else subdistrict and community. Where
    neither is enough, the neighbour along most of it is named.

    Parameters
    ----------
    grids
        Index ``grid_id``; community_id, name, geometry.
    study
        Its barriers, named paths, compounds and areas are read.

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
    votes["estate"] = _compounds_beside(points, grid, grids, study)
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
    """Return the barriers by their name or, but for walls, their kind, and after them the named paths."""
    barriers = study.barriers
    tables = []
    if len(barriers):
        seen = barriers[~barriers["kind"].astype(str).isin([str(BarrierKind.CROSSING), str(BarrierKind.BOUNDARY)])]
        kind = seen["kind"].astype(str).map(UNNAMED_ZH)
        named = seen["name"].where(seen["name"].fillna("").astype(str).str.strip().ne(""), kind)
        tables = [seen.assign(name=named)]
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


def _compounds_beside(
    points: NDArray[np.object_], grid: NDArray[np.int64], grids: gpd.GeoDataFrame, study: StudyArea
) -> NDArray[np.object_]:
    """Return the compound beside each point: of another grid of the same community, and no part of the own grid."""
    found = np.full(len(points), None, dtype=object)
    units = study.units
    named = units["compound"].fillna("").astype(str).str.strip().ne("") if "compound" in units else None
    if named is None or not named.any():
        return found
    units = units[named]
    inner = units.geometry.representative_point().to_numpy()
    unit, at = shapely.STRtree(grids.geometry.to_numpy()).query(inner, predicate="intersects")
    home = np.full(len(units), -1, dtype=np.int64)
    home[unit] = at
    own = set(zip(home.tolist(), units["compound"].astype(str), strict=True))
    point, near = shapely.STRtree(units.geometry.to_numpy()).query(points, predicate="dwithin", distance=TOUCH_M)
    names = units["compound"].astype(str).to_numpy(dtype=object)
    there, here = units["community_id"].to_numpy(dtype=object), grids["community_id"].to_numpy(dtype=object)
    for p, u in zip(point.tolist(), near.tolist(), strict=True):
        g = int(grid[p])
        if home[u] != g and there[u] == here[g] and (g, names[u]) not in own:
            found[p] = names[u] if found[p] is None else min(found[p], names[u])
    return found


def _choose(votes: pd.DataFrame) -> dict[tuple[int, int], str]:
    """Choose the words of each grid and side from what was seen along it."""
    keys = ["grid", "side"]
    seen = votes.groupby(keys).size().rename("seen")
    lines = _counted(votes, "along", seen)
    lines = lines[lines["share"] >= NAMED_SHARE].groupby(keys).head(MOST_LINES)
    chosen: dict[tuple[int, int], list[str]] = {}
    for g, s, name in lines[["grid", "side", "along"]].itertuples(index=False, name=None):
        chosen.setdefault((int(g), int(s)), []).append(str(name))
    along = zip(votes["grid"], votes["side"], votes["along"], strict=True)
    free = [name not in chosen.get((g, s), ()) for g, s, name in along]
    words = {key: list(names) for key, names in chosen.items()}
    for column in ("estate", "beside"):
        counts = _counted(votes[free], column, seen)
        for key, name in _first(counts[counts["share"] >= BESIDE_SHARE], column):
            if len(words.get(key, ())) == len(chosen.get(key, ())) and name not in words.get(key, ()):
                words.setdefault(key, []).append(name)
    for key, name in _first(_counted(votes, "beside", seen), "beside"):
        words.setdefault(key, [name])
    return {key: JOINT_ZH.join(names) for key, names in words.items()}


def _counted(votes: pd.DataFrame, column: str, seen: pd.Series[int]) -> pd.DataFrame:
    """Return grid, side, the names of a column and the share of the side that each has, the most first."""
    keys = ["grid", "side"]
    counts = votes.dropna(subset=[column]).groupby([*keys, column]).size().rename("votes").reset_index()
    counts = counts.merge(seen.reset_index(), on=keys)
    counts["share"] = counts["votes"] / counts["seen"]
    return counts.sort_values([*keys, "votes", column], ascending=[True, True, False, True])


def _first(counts: pd.DataFrame, column: str) -> list[tuple[tuple[int, int], str]]:
    """Return the first name of each grid and side."""
    best = counts.drop_duplicates(["grid", "side"])[["grid", "side", column]]
    return [((int(g), int(s)), str(name)) for g, s, name in best.itertuples(index=False, name=None)]
