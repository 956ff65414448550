"""Everything an interactive map shows, as one JSON value."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from gis.model.kinds import GridKind, Language
from gis.model.outcome import Outcome
from maps.headline import headline_of
from maps.layers import Record, area_layer, barrier_layer, facility_layer, gap_layer, grid_layer, unit_layer
from maps.outlines import Corner, corner_of, encode_points
from maps.palette import (
    BARRIER_COLOURS,
    GAP_COLOUR,
    INSIDE_TINTS,
    LOAD_COLOURS,
    PROOF_COLOURS,
    WALK_COLOURS,
)
from maps.strings import words

__all__ = ["POLYGON_LIMIT", "page_data"]

POLYGON_LIMIT = 5_000  # what an office PC still pans without stutter
PROOF_LIMITS = (0.0, 0.01, 0.03, 0.1)
LAYERS_ON = ("grids", "communities", "barriers", "crossings", "labels", "chosen", "marks")


def page_data(
    outcome: Outcome, *, lang: Language | str = Language.ZH, services: Sequence[str] | None = None
) -> Record:
    """Return everything the page shows, as one JSON value."""
    settings, corner = outcome.study.settings, corner_of(outcome.grids)
    fits = len(outcome.grids) + len(outcome.units) <= POLYGON_LIMIT
    data: Record = {
        "lang": str(lang),
        "strings": {str(one): dict(words(one)) for one in Language},
        "name": settings.name,
        "notice_zh": settings.notice_zh,
        "notice_en": settings.notice_en,
        "credits": settings.credits,
        "balance_on": str(settings.grids.balance_on),
        "walk_basis": str(outcome.study.walk_basis),
        "engine": outcome.report.engine,
        "rng_seed": outcome.report.rng_seed,
        "plan_digest": outcome.plan.digest,
        "corner": corner,
        "polygon_limit": POLYGON_LIMIT,
        "units_left_out": 0 if fits else len(outcome.units),
        "layers_on": [*LAYERS_ON, *_facilities_on(outcome)],
        "grids": grid_layer(outcome, corner),
        "units": unit_layer(outcome, corner) if fits else [],
        "areas": area_layer(outcome, corner),
        "barriers": barrier_layer(outcome, corner),
        "facilities": facility_layer(outcome, corner),
        "gaps": gap_layer(outcome),
    }
    return (
        data
        | _scales(outcome)
        | _headline(outcome, services)
        | {"bounds": _bounds(outcome, corner), "settled_bounds": _bounds(outcome, corner, settled=True)}
    )


def _scales(outcome: Outcome) -> Record:
    """Return bands, colours and class limits."""
    bands = {str(c): outcome.study.band_of(str(c)) for c in sorted(set(outcome.grids["community_id"]))}
    triples = {c: [b.minimum, b.target, b.maximum] for c, b in bands.items()}
    general = outcome.grids[outcome.grids["kind"].eq(str(GridKind.GENERAL))]
    used = {tuple(triples[str(c)]) for c in general["community_id"]}
    return {
        "bands": triples,
        "band": list(used.pop()) if len(used) == 1 else None,
        "walk_limits": _walk_limits(general["walk_mean_m"].to_numpy(dtype=float)),
        "proof_limits": PROOF_LIMITS,
        "colours": {
            "load": {str(name): colour for name, colour in LOAD_COLOURS.items()},
            "tints": INSIDE_TINTS,
            "walk": WALK_COLOURS,
            "proof": PROOF_COLOURS,
            "gap": GAP_COLOUR,
            "barrier": dict(BARRIER_COLOURS),
        },
    }


def _walk_limits(walk_m: NDArray[np.float64]) -> list[int]:
    """Return round limits that part the grids into about equal fifths; grids without households have no walk."""
    walk_m = walk_m[np.isfinite(walk_m)]
    if not len(walk_m):
        return [25, 50, 100, 200]
    step = 10 if np.median(walk_m) < 300 else 100
    limits = [int(ceil(v / step) * step) for v in np.quantile(walk_m, (0.2, 0.4, 0.6, 0.8))]
    for i in range(1, len(limits)):
        limits[i] = max(limits[i], limits[i - 1] + step)
    return limits


def _headline(outcome: Outcome, services: Sequence[str] | None) -> Record:
    head = headline_of(outcome)
    standards = {s.service_id: s for s in outcome.study.settings.services}
    shown = [g for g in head.gaps if services is None or g.service in services]
    worst = head.worst if head.worst in shown else None
    return {
        "services": [
            {
                "id": gap.service,
                "kind": standards[gap.service].kind if gap.service in standards else None,
                "max_walk_m": standards[gap.service].max_walk_m if gap.service in standards else None,
                "uncovered": gap.uncovered,
                "total": gap.total,
                "worst_grid": gap.worst_grid,
            }
            for gap in shown
        ],
        "headline": {
            "counts": dict(head.counts),
            "in_band": head.in_band,
            "general": head.general,
            "walk_mean_m": head.walk_mean_m,
            "most_loaded": None
            if head.most_loaded is None
            else {name: getattr(head.most_loaded, name) for name in ("grid_id", "load", "maximum", "over")},
            "worst_gap": None
            if worst is None
            else {
                "service": worst.service,
                "uncovered": worst.uncovered,
                "total": worst.total,
                "grid_id": worst.worst_grid,
                "grid_uncovered": worst.worst_uncovered,
            },
        },
    }


def _facilities_on(outcome: Outcome) -> list[str]:
    """Return the facility layers shown at first: the kind that siting asked about, else the first service's."""
    standards = {s.service_id: s.kind for s in outcome.study.settings.services}
    asked = [siting.service for siting in outcome.sitings] or list(standards)[:1]
    return [f"facility.{standards[s]}" for s in asked if s in standards]


def _bounds(outcome: Outcome, corner: Corner, *, settled: bool = False) -> list[list[int]]:
    """Return the corners of all grids, or of those with households where there are any."""
    lived_in = outcome.grids[outcome.grids["households"] > 0]
    west, south, east, north = (lived_in if settled and len(lived_in) else outcome.grids).total_bounds
    corners = gpd.GeoSeries.from_xy([west, east, west, east], [south, south, north, north], crs=outcome.grids.crs)
    return encode_points(corners, corner)
