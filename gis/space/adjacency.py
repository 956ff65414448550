"""Who is whose neighbour: rebuilt by anybody from units, barriers and two rules alone."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.model.findings import Finding
from gis.model.kinds import BarrierKind, Via
from gis.model.study import StudyArea
from gis.space.barriers import Barriers
from gis.space.borders import Border, BorderPairs, shared_borders
from gis.space.crossings import join_crossings
from gis.space.fixed_lines import FixedLines
from gis.space.islands import join_islands, label_pieces
from gis.space.sides import UnitSides

__all__ = ["Adjacency", "build_adjacency", "neighbours", "subdistrict_neighbours"]

Pairs = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Adjacency:
    """The `adjacency` table, what was found while it was made, and every piece of border, cut or not.

    `border` numbers the units in the order of their sorted ids.
    """

    table: pd.DataFrame
    findings: tuple[Finding, ...]
    border: Border


def neighbours(units: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, *, min_shared_m: float = 1.0) -> pd.DataFrame:
    """Return the neighbours among `units`; a pure function of what ``plan.gpkg`` holds.

    1. Two units of one community are neighbours by ``border`` where they share at least
       `min_shared_m` metres of border; a corner is no border, and corners that do not match
       within 0.1 m lose none.
    2. A barrier takes what lies along it. A unit that a barrier runs through counts only with
       the part that holds its place.
    3. A crossing joins the nearest units on both banks of the barrier it lies on.
    4. Pieces of a community that touch nothing, as islands, and pieces without households are
       ``joined`` to the nearest unit. What a barrier cuts off with households stays cut off.
    5. A fixed boundary line (kind ``boundary``) cuts like a barrier, and no crossing or join leads
       over it, whether anybody lives beyond it or not.

    Parameters
    ----------
    units
        Index ``unit_id``; community_id, households, x, y, geometry (polygons). Not changed.
    barriers
        kind, geometry.
    min_shared_m
        Shorter shared borders are digitising noise; in metres.

    Returns
    -------
    DataFrame
        unit_a < unit_b, shared_m (0 for crossings and joins), via; sorted; near-linear in the units.
    """
    return build_adjacency(units, barriers, min_shared_m=min_shared_m).table


def subdistrict_neighbours(study: StudyArea) -> pd.DataFrame:
    """Return the neighbours inside each subdistrict, across its communities too, by the same rules.

    Units of communities without a subdistrict have neighbours in their own community only.
    """
    community = study.units["community_id"].astype("str")
    parent = community.map(study.areas["parent_id"]).fillna(community)
    units = study.units.assign(community_id=parent)
    return neighbours(units, study.barriers, min_shared_m=study.settings.min_shared_m)


def build_adjacency(units: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, *, min_shared_m: float = 1.0) -> Adjacency:
    """Do what :func:`neighbours` says and tell which islands and pockets were met."""
    units = units.sort_index()
    walls = Barriers.of(barriers)
    polygons = np.asarray(units.geometry.to_numpy(), dtype=object)
    community = pd.factorize(units["community_id"], sort=True)[0]
    places = units[["x", "y"]].to_numpy(dtype=np.float64)
    border = shared_borders(polygons, community)
    sides = UnitSides.of(polygons, places, walls)
    contact = border.pairs(border.length_m, border.length_m, min_shared_m=min_shared_m)
    open_pairs = border.pairs(*sides.open_m(border), min_shared_m=min_shared_m)
    crossed = join_crossings(walls, sides, community)
    fixed = FixedLines.of(barriers, sides)
    over = fixed.between(crossed.ends)
    crossings = crossed.ends[~over]
    linked = np.vstack([open_pairs.ends, crossings])
    islands = join_islands(
        units,
        polygons,
        community,
        land=label_pieces(len(units), contact.ends),
        linked=label_pieces(len(units), linked),
        barred=fixed.bars,
    )
    table = _table(units.index, open_pairs, crossings, islands.ends)
    told: tuple[Finding, ...] = ()
    if fixed:
        others = barriers[barriers["kind"].astype(str) != str(BarrierKind.BOUNDARY)]
        without = border.pairs(
            *UnitSides.of(polygons, places, Barriers.of(others)).open_m(border), min_shared_m=min_shared_m
        )
        cut = len(without.ends) - len(open_pairs.ends)
        told = fixed.findings(units, places, pairs=cut, crossings=int(over.sum()))
    return Adjacency(table, (*crossed.findings, *islands.findings, *told), border)


def _table(ids: pd.Index, border: BorderPairs, crossed: Pairs, joined: Pairs) -> pd.DataFrame:
    """Put the three kinds of neighbours into one table; a border wins over a crossing, that over a join."""
    ends = np.vstack([border.ends, crossed, joined])
    shared = np.concatenate([border.shared_m, np.zeros(len(crossed) + len(joined))])
    via = np.repeat(
        [str(Via.BORDER), str(Via.CROSSING), str(Via.JOINED)], [len(border.ends), len(crossed), len(joined)]
    )
    names = ids.to_numpy(dtype=object)
    table = pd.DataFrame(
        {
            "unit_a": pd.array(names[ends[:, 0]], dtype="str"),
            "unit_b": pd.array(names[ends[:, 1]], dtype="str"),
            "shared_m": np.round(shared, 3),
            "via": pd.array(via, dtype="str"),
        }
    )
    order = np.lexsort((np.arange(len(ends)), ends[:, 1], ends[:, 0]))
    return table.iloc[order].drop_duplicates(["unit_a", "unit_b"]).reset_index(drop=True)
