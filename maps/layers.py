"""The layers of a map as plain records, ready for the page: numbers exact, coordinates short."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Any

import geopandas as gpd
import pandas as pd

from gis.model.four_sides import sides_in
from gis.model.kinds import FacilityStatus, Language
from gis.model.outcome import Outcome
from gis.model.results import Siting
from maps.gains import gain_of, siting_spares_walks
from maps.headline import gap_table
from maps.labels import label_places, short_code
from maps.outlines import Corner, encode, encode_points, simplified
from maps.palette import inside_thirds, load_classes, tints

__all__ = [
    "Record",
    "area_layer",
    "barrier_layer",
    "facility_layer",
    "gap_layer",
    "grid_layer",
    "plain",
    "unit_layer",
]

Record = dict[str, Any]
GRID_NUMBERS = ("units", "households", "residents", "workload_h", "deviation_share", "walk_mean_m", "pieces")
GRID_TEXTS = ("community_id", "kind", "name", "reason_zh", "reason_en", "sides_zh")
SHOWN_STATUS = (FacilityStatus.EXISTING, FacilityStatus.CHOSEN, FacilityStatus.CANDIDATE)


def plain(value: Any) -> Any:
    """Return a table's value as JSON knows it: missing is None, a whole float an integer."""
    if value is None or value is pd.NA or (isinstance(value, float) and isnan(value)):
        return None
    if hasattr(value, "item"):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def grid_layer(outcome: Outcome, corner: Corner) -> list[Record]:
    """Return one record a grid: its numbers, its class and tint, who is posted, its label and outline."""
    grids = outcome.grids
    heart = outcome.study.units.reindex(grids["heart_unit_id"])
    hearts = encode_points(gpd.GeoSeries.from_xy(heart["x"], heart["y"], crs=outcome.study.crs), corner)
    place = label_places(grids)
    labels = encode_points(gpd.GeoSeries.from_xy(place["x"], place["y"], crs=grids.crs), corner)
    shapes = encode(simplified(grids.geometry), corner)
    classes, thirds, shades, roles = load_classes(outcome), inside_thirds(outcome), tints(outcome), _roles(outcome)
    radii = place["radius_m"].round(1).tolist()
    vacancies, gaps = set(outcome.staffing.vacancies), _gaps(outcome)
    columns = {name: [plain(v) for v in grids[name].tolist()] for name in (*GRID_NUMBERS, *GRID_TEXTS, "in_band")}
    looks = zip(classes.tolist(), thirds.tolist(), shades.tolist(), strict=True)
    return [
        {"id": code, "short": short_code(code, columns["community_id"][i])}
        | {name: values[i] for name, values in columns.items()}
        | {"sides_en": sides_in(columns["sides_zh"][i] or "", Language.EN)}
        | {"class": str(load_class), "third": int(third), "tint": int(tint)}
        | {"roles": roles.get(code, {})}
        | {"vacant": code in vacancies, "gap_share": gaps.get(code)}
        | {"overload_h": plain(outcome.staffing.overloads.get(code))}
        | {"heart": hearts[i], "label": labels[i], "radius_m": radii[i]}
        | {"shape": shapes[i]}
        for i, (code, (load_class, third, tint)) in enumerate(zip(grids.index.map(str), looks, strict=True))
    ]


def _gaps(outcome: Outcome) -> dict[str, float]:
    """Return the gap to the bound of each grid's territory, where there is one."""
    told = ((t.grid_ids, t.gap_share) for t in outcome.report.territories)
    return {grid: round(gap, 6) for grids, gap in told if gap is not None for grid in grids}


def _roles(outcome: Outcome) -> Mapping[str, Mapping[str, int]]:
    """Return how many workers of each role are posted to each grid: counts, not persons."""
    counted = outcome.staffing.postings.groupby(["grid_id", "role"], as_index=False).size()
    made: dict[str, dict[str, int]] = {}
    for grid_id, role, count in counted.itertuples(index=False, name=None):
        made.setdefault(str(grid_id), {})[str(role)] = int(count)
    return made


def unit_layer(outcome: Outcome, corner: Corner) -> list[Record]:
    """Return one record a unit: id, grid, counts, the place and the outline."""
    units = outcome.units
    columns = ["grid_id", "compound", "households", "residents", "workload_h", "area_m2"]
    shapes = encode(simplified(units.geometry), corner)
    places = encode_points(gpd.GeoSeries.from_xy(units["x"], units["y"], crs=outcome.study.crs), corner)
    groups = [c for c in outcome.study.group_columns if c in units]
    return [
        {"id": str(unit_id), "place": place, "shape": shape}
        | {name: plain(value) for name, value in zip(columns, values, strict=True)}
        | {"groups": {name: int(count) for name, count in zip(groups, counts, strict=True) if count}}
        for unit_id, place, shape, values, counts in zip(
            units.index,
            places,
            shapes,
            units[columns].itertuples(index=False, name=None),
            units[groups].itertuples(index=False, name=None) if groups else [()] * len(units),
            strict=True,
        )
    ]


def area_layer(outcome: Outcome, corner: Corner) -> list[Record]:
    """Return one record a community, with what is proven of the grids inside it."""
    communities = outcome.study.communities
    proofs: dict[str, list[Record]] = {}
    for territory in outcome.report.territories:
        proofs.setdefault(territory.community_id, []).append(
            {
                "id": territory.territory_id,
                "proof": str(territory.proof),
                "gap_share": None if territory.gap_share is None else round(territory.gap_share, 6),
                "grids": territory.grids,
                "band_violation": plain(float(territory.band_violation)),
            }
        )
    place = label_places(communities)
    labels = encode_points(gpd.GeoSeries.from_xy(place["x"], place["y"], crs=communities.crs), corner)
    shapes = encode(simplified(communities.geometry), corner)
    return [
        {"id": str(area_id), "name": str(name), "territories": proofs.get(str(area_id), [])}
        | {"label": label, "shape": shape}
        for area_id, name, label, shape in zip(communities.index, communities["name"], labels, shapes, strict=True)
    ]


def barrier_layer(outcome: Outcome, corner: Corner) -> list[Record]:
    """Return one record a barrier or crossing."""
    barriers = outcome.study.barriers
    if barriers.empty:
        return []
    polygons = barriers.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    return [
        {"kind": str(kind), "name": plain(name), "closed": bool(closed), "shape": shape}
        for kind, name, closed, shape in zip(
            barriers["kind"], barriers["name"], polygons, encode(barriers.geometry.simplify(1.0), corner), strict=True
        )
    ]


def facility_layer(outcome: Outcome, corner: Corner) -> list[Record]:
    """Return one record a facility that is not closed."""
    facilities = outcome.facilities
    shown = facilities[facilities["status"].isin([str(s) for s in SHOWN_STATUS])]
    gains = {f: float(gain) for siting in outcome.sitings for f, gain in siting.gains.items()}
    counted = {f: words for siting in outcome.sitings for words in [_counted(outcome, siting)] for f in siting.gains}
    return [
        {"id": str(facility_id), "kind": str(row["kind"]), "name": plain(row["name"]), "status": str(row["status"])}
        | {"floor_area_m2": plain(row["floor_area_m2"]), "capacity_residents": plain(row["capacity_residents"])}
        | {"gain": plain(gains.get(str(facility_id))), "place": place}
        | counted.get(str(facility_id), {})
        for (facility_id, row), place in zip(
            shown.drop(columns="geometry").iterrows(), encode_points(shown.geometry, corner), strict=True
        )
    ]


def _counted(outcome: Outcome, siting: Siting) -> Record:
    """Return what the gains of a siting are counted in, in both languages, and whether they are walks spared."""
    spared = siting_spares_walks(outcome)
    of = {s.service_id: s for s in outcome.study.settings.services}
    if siting.service not in of:
        return {}
    standard = of[siting.service]
    names = {f"gain_of_{lang}": gain_of(outcome, standard, str(lang), spared=spared) for lang in Language}
    return names | {"gain_spared": spared}


def gap_layer(outcome: Outcome) -> dict[str, Record]:
    """Return for every service the uncovered units, and residents and uncovered residents of every grid."""
    table = outcome.coverage.table
    by_grid = gap_table(outcome)
    made: dict[str, Record] = {}
    for service in sorted(set(table["service"])):
        mine = by_grid[by_grid["service"].eq(service)]
        made[service] = {
            "units": _uncovered_units(table[table["service"].eq(service)]),
            "grids": {
                str(g): [int(u), int(r)]
                for g, u, r in zip(mine["grid_id"], mine["uncovered"], mine["residents"], strict=True)
            },
        }
    return made


def _uncovered_units(table: pd.DataFrame) -> dict[str, list[int | None]]:
    """Return residents and metres to the nearest facility of every unit with residents not covered."""
    open_units = table[~table["covered"].astype(bool) & table["residents"].gt(0)]
    return {
        str(unit_id): [int(residents), None if pd.isna(walk_m) else round(float(walk_m))]
        for unit_id, residents, walk_m in zip(
            open_units["unit_id"], open_units["residents"], open_units["walk_m"], strict=True
        )
    }
