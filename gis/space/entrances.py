"""Buildings heavier than a grid may be, taken apart by entrance (单元): the only place where a building is split."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.model.findings import Finding
from gis.model.messages import Fact
from gis.space.counts import COUNTS

__all__ = ["ByEntrance", "by_entrance"]

DOOR_M = 1.0  # doors that lie further apart than this stand where the data puts them
STEP_M = 3.0  # between doors that have no place of their own; less where other places are near
NEAR_SHARE = 0.25  # of the way to the nearest other place that a row of doors may take on each side
LEAST_STEP_M = 0.3
FEWEST = 2

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ByEntrance:
    """Places with heavy buildings taken apart.

    Attributes
    ----------
    table
        The places, an entrance of a split building as a place of its own, its id that of the building, a hyphen
        and the entrance.
    unit_of
        household_id -> unit_id, of split buildings only.
    entrances
        building_id -> the units of its entrances, in their order along the building.
    findings
        Each building that was split, and each that is too heavy and names its entrances in part only.
    """

    table: pd.DataFrame
    unit_of: pd.Series[str]
    entrances: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def by_entrance(table: pd.DataFrame, doors: pd.DataFrame | None, most: Floats, groups: tuple[str, ...]) -> ByEntrance:
    """Take apart the buildings that hold more households than a grid may.

    Parameters
    ----------
    table
        Places, index ``unit_id``.
    doors
        unit_id, building_id, id, entrance, x, y and counts of household rows; None without entrances.
    most
        Households that a grid may hold, for each place.
    groups
        Group count columns.
    """
    none = pd.Series([], index=pd.Index([], dtype="str"), dtype="str")
    heavy = pd.Series(most, index=table.index)[table["households"].to_numpy() > most]
    if doors is None or heavy.empty:
        return ByEntrance(table, none)
    made: dict[str, pd.DataFrame] = {}
    findings = []
    unit_of: dict[str, str] = {}
    entrances: dict[str, tuple[str, ...]] = {}
    for unit_id, rows in doors[doors["unit_id"].isin(heavy.index)].groupby("unit_id", sort=True):
        found = _judged(int(table["households"][unit_id]), float(heavy[unit_id]), rows)
        if found is not None and found.code == "entrance-missing":
            findings.append(found)
        elif found is not None:
            named = rows[rows["entrance"].notna()]
            parts = _parts(table, str(unit_id), named, groups)
            sums = " + ".join(str(n) for n in parts["households"])
            findings.append(_finding(found.code, {**found.facts, "parts": sums}))
            made[str(unit_id)] = parts
            entrances[str(rows["building_id"].iloc[0])] = tuple(parts.index)
            names = dict(zip(parts["entrance"], parts.index, strict=True))
            unit_of |= {str(i): names[e] for i, e in zip(named["id"], named["entrance"], strict=True)}
    if not made:
        return ByEntrance(table, none, findings=tuple(findings))
    whole = table.drop(index=list(made))
    split = pd.concat([whole, *(parts[whole.columns] for parts in made.values())]).rename_axis("unit_id")
    return ByEntrance(split.sort_index(), pd.Series(unit_of, dtype="str"), entrances, tuple(findings))


def _judged(households: int, most: float, rows: pd.DataFrame) -> Finding | None:
    """Say whether a heavy building can be taken apart; None where its rows name no two entrances of one building."""
    buildings = rows["building_id"].unique()
    lived_in = rows[rows["households"] > 0]
    named, bare = lived_in["entrance"].dropna().nunique(), int(lived_in["entrance"].isna().sum())
    facts: dict[str, Fact] = {"building_id": str(buildings[0]), "households": households, "max": f"{most:g}"}
    if len(buildings) > 1 or not named or (named < FEWEST and not bare):
        return None
    return _finding("entrance-missing", {**facts, "count": bare}) if bare else _finding("building-by-entrance", facts)


def _finding(code: str, facts: Mapping[str, Fact]) -> Finding:
    return Finding(code, facts, table="households", feature=str(facts["building_id"]))


def _parts(table: pd.DataFrame, unit_id: str, rows: pd.DataFrame, groups: tuple[str, ...]) -> pd.DataFrame:
    """Return a place an entrance, in their order along the building."""
    place: dict[Any, Any] = table.loc[unit_id].to_dict()
    building_id = str(rows["building_id"].iloc[0])
    counts = rows.groupby("entrance")[[*COUNTS, *groups]].sum()
    parts = _whole_sums(counts, place).assign(compound=place["compound"], community_id=place["community_id"])
    doors = rows.groupby("entrance")[["x", "y"]].mean().reindex(parts.index)
    parts = parts.iloc[_order(list(parts.index), doors.to_numpy(dtype=np.float64), place["footprint"])]
    doors = doors.reindex(parts.index)
    strips: list[shapely.Geometry | None] = [None] * len(parts)
    if place["footprint"] is None:
        xy = _row_of_doors(table, unit_id, doors.to_numpy(dtype=np.float64))
    else:
        strips = [*_strips(place["footprint"], len(parts))]
        inner = shapely.point_on_surface(np.array(strips, dtype=object))
        xy = np.column_stack([shapely.get_x(inner), shapely.get_y(inner)])
    parts["x"], parts["y"] = np.round(xy[:, 0], 3), np.round(xy[:, 1], 3)
    parts["footprint"] = pd.Series(strips, index=parts.index, dtype=object)
    parts["buildings"] = np.where(np.arange(len(parts)) == 0, place["buildings"], 0)  # a building counts once
    parts["entrance"] = parts.index
    ids = [f"{building_id}-{entrance}" for entrance in parts.index]
    parts.index = pd.Index([f"{i}-door" if i in table.index else i for i in ids], dtype="str")
    return parts


def _whole_sums(counts: pd.DataFrame, place: Mapping[Any, Any]) -> pd.DataFrame:
    """Return sums as whole numbers that add up to the building's: the largest remainders are rounded up."""
    made = pd.DataFrame(index=counts.index)
    for column in [str(c) for c in counts]:
        low = np.floor(counts[column].to_numpy(dtype=np.float64) + 1e-9)
        short = int(place[column] - low.sum())
        up = np.argsort(low - counts[column].to_numpy(dtype=np.float64), kind="stable")[: max(0, short)]
        low[up] += 1
        low[0] += place[column] - low.sum()  # what rows without anybody add, as business premises
        made[column] = low.astype(np.int64)
    return made


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts 2单元 before 10单元."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text) if part)


def _order(names: list[str], doors: Floats, footprint: shapely.Geometry | None) -> list[int]:
    """Return the order of entrances along the building: as their own places lie, else by number."""
    by_name = sorted(range(len(names)), key=lambda i: _natural(names[i]))
    if not _have_places(doors):
        return by_name
    along = _axis(footprint) if footprint is not None else _spread(doors)
    at = doors @ along
    return sorted(range(len(names)), key=lambda i: (round(float(at[i]), 3), by_name.index(i)))


def _have_places(doors: Floats) -> bool:
    gaps = np.hypot(*(doors[:, None, :] - doors[None, :, :]).transpose(2, 0, 1))
    return bool(np.isfinite(doors).all() and gaps[~np.eye(len(doors), dtype=bool)].min() > DOOR_M)


def _spread(doors: Floats) -> Floats:
    """Return the direction in which doors spread most."""
    return np.asarray(np.linalg.svd(doors - doors.mean(axis=0))[2][0])


def _axis(footprint: shapely.Geometry) -> Floats:
    """Return the direction of a building's long side, to the east, or to the north where it runs so."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(footprint))
    sides = np.diff(corners[:3], axis=0)
    long = sides[np.argmax(np.hypot(*sides.T))]
    unit = long / np.hypot(*long)
    return np.asarray(unit if (round(unit[0], 9), unit[1]) > (0, 0) else -unit)


def _strips(footprint: shapely.Geometry, count: int) -> list[shapely.Geometry]:
    """Cut an outline across its long side into equal widths; of a strip in pieces the largest."""
    along = _axis(footprint)
    turn = np.array([[along[0], -along[1]], [along[1], along[0]]])  # columns: along, across
    lying = shapely.transform(footprint, lambda xy: xy @ turn)
    west, south, east, north = shapely.bounds(lying)
    edges = np.linspace(west, east, count + 1)
    made = []
    for low, high in pairwise(edges.tolist()):
        parts = shapely.get_parts(shapely.intersection(lying, shapely.box(low, south - 1, high, north + 1)))
        parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
        largest = parts[np.argmax(shapely.area(parts))]
        made.append(shapely.transform(largest, lambda xy: xy @ turn.T))
    return made


def _row_of_doors(table: pd.DataFrame, unit_id: str, doors: Floats) -> Floats:
    """Return a place for each door: its own, else in a row around the building's place, west to east."""
    if _have_places(doors):
        return doors
    xy = table[["x", "y"]].to_numpy(dtype=np.float64)
    at = table.index.get_loc(unit_id)
    gaps = np.hypot(*(xy - xy[at]).T)
    gaps[at] = np.inf
    room_m = NEAR_SHARE * gaps.min() if len(gaps) > 1 else np.inf
    step_m = max(LEAST_STEP_M, min(STEP_M, 2 * room_m / max(1, len(doors) - 1)))
    steps = (np.arange(len(doors)) - (len(doors) - 1) / 2) * step_m
    return np.asarray(xy[at] + np.column_stack([steps, np.zeros(len(doors))]))
