"""Everything that the editor needs of a plan, as one compact JSON document.

Units are numbers 0..n-1 in the order of ``unit_ids``; columns are arrays. ``pairs_across`` numbers those of the
pairs that have no open border in common: a crossing or a link joins them. The ground (units, places,
neighbours, outlines, bands) is the same for every version and is written once. Where walks inside grids
follow the network, ``walks_dm`` holds for each community the decimetres between its units: row after row
those to the units before it, little-endian whole numbers of 16 or 32 bits.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gis.measures import grid_workload
from gis.model.crs import to_lonlat
from gis.model.kinds import Via
from gis.model.plan import Plan
from gis.model.study import StudyArea
from gis.model.walks import Decimetres

__all__ = ["ground_of", "plan_part"]

DEGREE_DIGITS = 7  # about a centimetre; the same corner is the same number in every outline
PLACE_DIGITS = 2
SHORT_BITS, LONG_BITS = 16, 32  # of a walk: 6,553.5 m fit the short


def ground_of(study: StudyArea) -> str:
    """Write what never changes, as the inside of a JSON object."""
    units = study.units.sort_index()
    communities = sorted(units["community_id"].astype(str).unique())
    names = study.areas["name"].fillna("").astype(str).to_dict()
    number = {u: i for i, u in enumerate(units.index)}
    pairs = study.adjacency[["unit_a", "unit_b"]]
    places = units[["x", "y"]].to_numpy(dtype=np.float64).round(PLACE_DIGITS)
    ground = {
        "study": study.study_id,
        "name": study.settings.name,
        "notice_zh": study.settings.notice_zh,
        "notice_en": study.settings.notice_en,
        "balance_on": str(study.settings.grids.balance_on),
        "unit_ids": [str(u) for u in units.index],
        **_compounds(units),
        "communities": [_community(study, c, names.get(c, "")) for c in communities],
        "community": pd.Index(communities).get_indexer(pd.Index(units["community_id"].astype(str))).tolist(),
        "households": units["households"].tolist(),
        "residents": units["residents"].tolist(),
        "workload_h": units["workload_h"].round(6).tolist(),
        "places_m": places.ravel().tolist(),
        "pairs": np.column_stack([pairs[c].map(number).to_numpy() for c in pairs]).ravel().tolist()
        if len(pairs)
        else [],
        "pairs_across": np.flatnonzero(study.adjacency["via"] != Via.BORDER).tolist(),
        **_walks(study, communities),
        "study_locked": np.flatnonzero(units["locked"].fillna(False).astype(bool)).tolist(),
    }
    return f'{_json(ground)[1:-1]},"polygons":[{",".join(_outlines(study, units))}]'


def _compounds(units: pd.DataFrame) -> dict[str, Any]:
    """Name the estates, and tell for each unit which one it lies in; -1 where it lies in none."""
    number, names = pd.factorize(units["compound"], sort=True)
    return {"compounds": [str(n) for n in names], "compound_of": number.tolist()}


def _community(study: StudyArea, community_id: str, name: str) -> dict[str, Any]:
    band = study.band_of(community_id)
    return {
        "id": community_id,
        "name": name or community_id,
        "band": [band.minimum, band.target, band.maximum],
        "patrol_h": study.profile_of(community_id).patrol_h,
    }


def _walks(study: StudyArea, communities: list[str]) -> dict[str, Any]:
    """Pack the walks between the units of each community; nothing where walks are straight."""
    if study.walks is None:
        return {}
    return {"walks_dm": [_packed(study.walks.walks_dm[c]) for c in communities]}


def _packed(metres: Decimetres) -> dict[str, Any]:
    below = metres[np.tri(len(metres), k=-1, dtype=bool)]
    bits = SHORT_BITS if below.max(initial=0) < 2**SHORT_BITS else LONG_BITS
    return {"bits": bits, "base64": b64encode(below.astype(f"<u{bits // 8}").tobytes()).decode()}


def _outlines(study: StudyArea, units: pd.DataFrame) -> list[str]:
    """Write the outlines in longitude and latitude, as GeoJSON geometries."""
    transformer = to_lonlat(study.crs)

    def project(xy: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
        lon, lat = transformer.transform(xy[:, 0], xy[:, 1])
        return np.round(np.column_stack([lon, lat]), DEGREE_DIGITS)

    shapes = shapely.transform(units["geometry"].to_numpy(), project)
    return [str(s) for s in shapely.to_geojson(shapes)]


def plan_part(
    study: StudyArea, plan: Plan, base: Plan, *, leads: Mapping[str, str], locked_units: frozenset[str]
) -> str:
    """Write what belongs to a version, as the inside of a JSON object.

    Parameters
    ----------
    base
        The plan that erasing goes back to and that changes are counted against.
    leads
        Grid of the base -> who leads it. Only who leads several is told, as numbers.
    """
    units = study.units.sort_index().index
    grids = list(plan.grids)
    base_grids = list(base.grids)
    fixed_h = grid_workload(study, plan) - _unit_hours(study, plan)
    part = {
        "grids": [
            {
                "id": i.grid_id, "community": i.community_id, "kind": str(i.kind), "name": i.name,
                "locked": i.locked, "fixed_h": round(float(fixed_h[i.grid_id]), 6),
            }
            for i in plan.grids.values()
        ],
        "grid_of": pd.Index(grids).get_indexer(pd.Index(plan.assignment.reindex(units))).tolist(),
        "base_version": base.version,
        "base_grids": base_grids,
        "base_of": pd.Index(base_grids).get_indexer(pd.Index(base.assignment.reindex(units))).tolist(),
        "base_leads": pd.factorize(pd.Series([leads.get(g) for g in base_grids], dtype="object"))[0].tolist(),
        "locked_units": np.flatnonzero(units.isin(sorted(locked_units))).tolist(),
    }  # fmt: skip
    return _json(part)[1:-1]


def _unit_hours(study: StudyArea, plan: Plan) -> pd.Series[float]:
    grid = plan.assignment.reindex(study.units.index).to_numpy()
    hours: pd.Series[float] = study.units["workload_h"].groupby(grid).sum()
    return hours.reindex(list(plan.grids)).fillna(0.0)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
