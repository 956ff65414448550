"""The audit: prove the hard rules again from what a plan file holds, and name what breaks them.

Nothing is taken on trust that can be worked out: neighbours are rebuilt from geometry, barriers
and rules, outlines from the units, numbers from the counts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
import shapely

from gis.measures.audit_numbers import audit_numbers
from gis.measures.audit_walks import neighbours_walk_straight, walks_are_told
from gis.measures.contiguity import unit_pieces
from gis.measures.outlines import community_cover
from gis.model.findings import Finding, Findings
from gis.model.kinds import Level, WalkBasis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import geopandas as gpd

    from gis.model.outcome import Outcome

__all__ = ["AuditReport", "Rebuild", "audit_plan"]

COVER_TOLERANCE_M2 = 1.0  # of a community or an outline; below it lies the rounding of coordinates
SHARED_TOLERANCE_M = 0.1
SHOWN = 20  # breaches of one kind that are named one by one
MIN_SHARED, DIGEST = "settings.min_shared_m", "plan.digest"  # keys of the rules
WALK_BASIS = "settings.grids.walk_basis"
TOGETHER, APART = "settings.grids.together", "settings.grids.apart"
ADJACENCY = ["unit_a", "unit_b", "shared_m", "via"]


class Rebuild(Protocol):
    """Rebuilds the neighbours from units and barriers, as `gis.space.neighbours` does."""

    def __call__(
        self, units: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, /, *, min_shared_m: float
    ) -> pd.DataFrame:
        """Return unit_a < unit_b, shared_m, via."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit looked at and which rules it found broken; sound when there are no breaches."""

    units: int
    grids: int
    breaches: Findings

    @property
    def sound(self) -> bool:
        """Whether every rule held."""
        return len(self.breaches) == 0


def audit_plan(
    layers: Mapping[str, Any],
    rebuild: Rebuild,
    *,
    reread: Callable[[], Outcome],
    certificate: Mapping[str, Any] | None = None,
) -> AuditReport:
    """Audit the layers of a plan file.

    Parameters
    ----------
    layers
        Layer name -> table, as `gis.files.read_layers` reads them.
    rebuild
        Rebuilds the adjacency, such as `gis.space.neighbours`.
    reread
        Builds the outcome that the layers tell of, such as `gis.files.outcome_of_layers` does;
        called only where units, grids and areas fit together, so that numbers can be worked out.
    certificate
        The certificate beside the file; its digest must be that of the plan.

    Returns
    -------
    AuditReport
        Every broken rule by name, with its facts.
    """
    units, grids, areas = layers["units"], layers["grids"], layers["areas"]
    once = units[~units.index.duplicated()].sort_index()
    rules = dict(zip(layers["rules"]["key"], layers["rules"]["value"], strict=True))
    fitting = [*_ids(units, grids), *_membership(units, grids, areas), *_walks(once, layers, rules)]
    breaches = [*fitting, *_counts(layers)]
    rebuilt = rebuild(once, layers["barriers"], min_shared_m=float(rules[MIN_SHARED]))
    breaches += _connected(once, rebuilt)
    breaches += _adjacency(layers["adjacency"], rebuilt)
    breaches += _groupings(once["grid_id"], rules)
    if "micro_grids" in layers:
        breaches += _micro_grids(once, layers["micro_grids"], rebuilt)
    breaches += _cover(units, areas)
    breaches += _outlines(units, grids)
    if not fitting:
        outcome = reread()
        stated = {"rules": json.loads(rules[DIGEST])}
        if certificate is not None:
            stated["certificate.json"] = str(certificate.get("plan_digest"))
        breaches += _digests(stated, outcome.plan.digest)
        breaches += audit_numbers(outcome, rebuilt)
        breaches += [] if "walks" not in layers else neighbours_walk_straight(once, layers["walks"], rebuilt)
    return AuditReport(len(units), len(grids), Findings(tuple(_named(breaches))))


def _named(breaches: Iterable[Finding]) -> list[Finding]:
    """Name up to `SHOWN` breaches of a kind and count the rest."""
    by_code: dict[str, list[Finding]] = {}
    for breach in breaches:
        by_code.setdefault(breach.code, []).append(breach)
    named: list[Finding] = []
    for code, found in by_code.items():
        named += found[:SHOWN]
        if len(found) > SHOWN:
            named.append(Finding("audit-more", {"code": code, "count": len(found) - SHOWN}))
    return named


def _digests(stated: Mapping[str, str], computed: str) -> list[Finding]:
    """Tell where the plan is said to be another one."""
    return [
        Finding("audit-digest-differs", {"place": place, "stated": digest, "computed": computed})
        for place, digest in stated.items()
        if digest != computed
    ]


def _ids(units: gpd.GeoDataFrame, grids: gpd.GeoDataFrame) -> list[Finding]:
    """Every unit once, every grid once."""
    twice = units.index[units.index.duplicated()].unique().sort_values()
    found = [
        Finding(
            "audit-unit-twice", {"unit_id": str(u), "grids": ", ".join(sorted(map(str, units.loc[[u], "grid_id"])))}
        )
        for u in twice
    ]
    again = grids.index[grids.index.duplicated()].unique().sort_values()
    return found + [Finding("audit-grid-twice", {"grid_id": str(g)}) for g in again]


def _membership(units: gpd.GeoDataFrame, grids: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> list[Finding]:
    """Every unit in one grid that exists, every grid with units, inside one community that exists."""
    lost = units.index[units["grid_id"].isna()]
    found = [Finding("audit-unit-unassigned", {"unit_id": str(u)}) for u in lost]
    assigned = units[units["grid_id"].notna()]
    stray = assigned[~assigned["grid_id"].isin(grids.index)]
    found += [
        Finding("audit-grid-unknown", {"unit_id": str(u), "grid_id": str(g)})
        for u, g in zip(stray.index, stray["grid_id"], strict=True)
    ]
    hollow = grids.index[~grids.index.isin(assigned["grid_id"])]
    found += [Finding("audit-grid-hollow", {"grid_id": str(g)}) for g in hollow]
    communities = areas.index[areas["level"].eq(str(Level.COMMUNITY))]
    astray = units[~units["community_id"].isin(communities)]
    found += [
        Finding("audit-community-unknown", {"unit_id": str(u), "community_id": str(c)})
        for u, c in zip(astray.index, astray["community_id"], strict=True)
    ]
    home = grids.loc[~grids.index.duplicated(), "community_id"].reindex(assigned["grid_id"]).to_numpy(dtype=object)
    own = assigned["community_id"].to_numpy(dtype=object)
    across = np.flatnonzero(~pd.isna(home) & (home != own))
    return found + [
        Finding(
            "audit-grid-across",
            {
                "grid_id": str(assigned["grid_id"].iloc[i]),
                "grid_community_id": str(home[i]),
                "unit_id": str(assigned.index[i]),
                "community_id": str(own[i]),
            },
        )
        for i in across
    ]


def _walks(units: gpd.GeoDataFrame, layers: Mapping[str, Any], rules: Mapping[str, str]) -> list[Finding]:
    """Tell what is wrong with the walks between units, which the file holds where grids are measured by them."""
    if "walks" in layers:
        return walks_are_told(units, layers["walks"])
    by_network = json.loads(rules.get(WALK_BASIS, "null")) == str(WalkBasis.NETWORK)
    return [Finding("audit-walks-missing", {})] if by_network else []


def _counts(layers: Mapping[str, Any]) -> list[Finding]:
    """Tell the fields that should count and hold anything but whole numbers from 0."""
    counts = {
        "units": ["households", "residents", "buildings"],
        "grids": ["units", "households", "residents", "pieces"],
        "coverage": ["residents", "households", "buildings"],
        "coverage_rates": ["total", "covered"],
    }
    found = []
    for layer, columns in counts.items():
        for column in (c for c in columns if c in layers[layer]):
            values = pd.to_numeric(layers[layer][column], errors="coerce")
            wrong = int((values.isna() | values.lt(0) | values.ne(values.round())).sum())
            whole = pd.api.types.is_integer_dtype(layers[layer][column])
            if wrong or not whole:
                found.append(Finding("audit-count-wrong", {"layer": layer, "field": column, "count": wrong}))
    return found


def _connected(units: gpd.GeoDataFrame, rebuilt: pd.DataFrame) -> list[Finding]:
    """Every grid is one piece in the rebuilt adjacency."""
    assigned = units.loc[units["grid_id"].notna(), "grid_id"]
    piece = unit_pieces(assigned, rebuilt)
    sizes = pd.DataFrame({"grid": assigned, "piece": piece}).groupby(["grid", "piece"]).size()
    pieces = sizes.groupby("grid").size()
    found = []
    for grid_id in pieces.index[pieces > 1]:
        smallest = sizes.loc[grid_id].sort_values(kind="stable").index[0]
        cut_off = sorted(map(str, piece.index[(piece == smallest) & (assigned == grid_id)]))
        number, cut = int(pieces[grid_id]), ", ".join(cut_off[:SHOWN])
        found.append(Finding("audit-grid-disconnected", {"grid_id": str(grid_id), "pieces": number, "unit_ids": cut}))
    return found


def _groupings(grid_of: pd.Series[str], rules: Mapping[str, str]) -> list[Finding]:
    """Units that must share a grid do, units that must not do not; a file may know no such rules."""
    found = []
    for group in json.loads(rules.get(TOGETHER, "[]")):
        grids = sorted(set(map(str, grid_of.reindex(group))))
        if len(grids) > 1:
            facts = {"unit_ids": ", ".join(group[:SHOWN]), "grids": ", ".join(grids)}
            found.append(Finding("audit-together-parted", facts))
    for group in json.loads(rules.get(APART, "[]")):
        for a, b in combinations(group, 2):
            at = grid_of.reindex([a, b])
            if at.notna().all() and at.iloc[0] == at.iloc[1]:
                found.append(Finding("audit-apart-joined", {"unit_a": a, "unit_b": b, "grid_id": str(at.iloc[0])}))
    return found


def _micro_grids(units: gpd.GeoDataFrame, micro: gpd.GeoDataFrame, rebuilt: pd.DataFrame) -> list[Finding]:
    """Every micro-grid is one piece inside one grid, known by its units, and holds the households it says."""
    held = units.loc[units["micro_grid_id"].notna(), ["micro_grid_id", "grid_id", "households"]]
    found = []
    piece = unit_pieces(held["micro_grid_id"], rebuilt)
    for micro_id, rows in held.assign(piece=piece).groupby("micro_grid_id", sort=True):
        grids = sorted(set(map(str, rows["grid_id"])))
        known = micro_id in micro.index
        if not known or grids != [str(micro.loc[micro_id, "grid_id"])]:
            facts = {"micro_grid_id": str(micro_id), "grids": ", ".join(grids)}
            found.append(Finding("audit-micro-grid-across", facts))
        if len(set(rows["piece"])) > 1:
            facts = {"micro_grid_id": str(micro_id), "pieces": rows["piece"].nunique()}
            found.append(Finding("audit-micro-grid-disconnected", facts))
        if known and int(micro.loc[micro_id, "households"]) != int(rows["households"].sum()):
            found.append(Finding("audit-micro-grid-count", {"micro_grid_id": str(micro_id)}))
    hollow = micro.index[~micro.index.isin(held["micro_grid_id"])]
    return found + [Finding("audit-micro-grid-count", {"micro_grid_id": str(m)}) for m in sorted(hollow)]


def _adjacency(stated: pd.DataFrame, rebuilt: pd.DataFrame) -> list[Finding]:
    """Every pair of neighbours in the file is rebuilt, none is missing, and all share what they say."""
    both = stated[ADJACENCY].merge(
        rebuilt[ADJACENCY], on=["unit_a", "unit_b"], how="outer", suffixes=("", "_again"), indicator=True
    )
    both = both.sort_values(["unit_a", "unit_b"], kind="stable")
    apart = (both["shared_m"] - both["shared_m_again"]).abs() > SHARED_TOLERANCE_M
    differs = both["_merge"].eq("both") & (apart | both["via"].ne(both["via_again"]))
    found = []
    for code, rows in (
        ("audit-adjacency-forged", both[both["_merge"].eq("left_only")]),
        ("audit-adjacency-missing", both[both["_merge"].eq("right_only")]),
        ("audit-adjacency-differs", both[differs]),
    ):
        found += [
            Finding(code, {"unit_a": str(a), "unit_b": str(b)})
            for a, b in zip(rows["unit_a"], rows["unit_b"], strict=True)
        ]
    repeated = stated[stated.duplicated(["unit_a", "unit_b"])]
    return found + [
        Finding("audit-adjacency-twice", {"unit_a": str(a), "unit_b": str(b)})
        for a, b in zip(repeated["unit_a"], repeated["unit_b"], strict=True)
    ]


def _cover(units: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> list[Finding]:
    """Units cover their community without gap or overlap, and stay inside it."""
    broken = units.index[~shapely.is_valid(units.geometry.to_numpy())]
    found = [Finding("audit-unit-invalid", {"unit_id": str(u)}) for u in broken]
    sound = units.set_geometry(units.geometry.make_valid())
    cover = community_cover(sound, areas[areas["level"].eq(str(Level.COMMUNITY))])
    for column, code in (
        ("gap_m2", "audit-community-gap"),
        ("overlap_m2", "audit-community-overlap"),
        ("outside_m2", "audit-community-outside"),
    ):
        wide = cover[column][cover[column] > COVER_TOLERANCE_M2]
        found += [Finding(code, {"community_id": str(c), "area_m2": round(m2, 1)}) for c, m2 in wide.items()]
    return found


def _outlines(units: gpd.GeoDataFrame, grids: gpd.GeoDataFrame) -> list[Finding]:
    """Each grid's outline is that of its units."""
    assigned = units[units["grid_id"].isin(grids.index)]
    valid = shapely.make_valid(assigned.geometry.to_numpy())
    found = []
    for grid_id, rows in sorted(assigned.groupby("grid_id").indices.items()):
        united = shapely.union_all(valid[rows])
        for outline in grids.loc[[grid_id]].geometry:
            off_m2 = shapely.area(shapely.symmetric_difference(united, shapely.make_valid(outline)))
            if off_m2 > COVER_TOLERANCE_M2:
                found.append(Finding("audit-outline-differs", {"grid_id": str(grid_id), "area_m2": round(off_m2, 1)}))
    return found
