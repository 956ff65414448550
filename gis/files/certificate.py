"""``certificate.json``: what is proven of a plan, and how it was made."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from gis.model.errors import FileRefusedError
from gis.model.exceptions import PlanException, exceptions_of
from gis.model.grid_counts import CommunityCounts, counts_of_communities

if TYPE_CHECKING:
    from gis.model.outcome import Outcome
    from gis.model.results import CountOption, TerritoryReport

__all__ = ["certificate_of", "read_certificate", "write_certificate"]

_COUNTS = ("units", "grids", "communities", "unassigned_units", "cross_community_grids", "disconnected_grids")
_AREAS = ("gap_m2", "overlap_m2")
_NUMBERS = ("households_in_band_share", "walk_mean_m", "walk_bound_m", "walk_gap_share")
AREA_DIGITS = 3  # square decimetres: coordinates are no finer


def certificate_of(outcome: Outcome) -> dict[str, object]:
    """Return the certificate of an outcome, in the order of the contract; numbers are those of its scorecard."""
    scores = {s.measure: s.value for s in outcome.scorecard}
    report = outcome.report
    return {
        "study": outcome.study.study_id,
        "plan_digest": outcome.plan.digest,
        **{name: int(scores[name] or 0) for name in _COUNTS},
        **{name: round(scores[name] or 0.0, AREA_DIGITS) for name in _AREAS},
        "grids_in_band": int(scores["grids_in_band"] or 0),
        **{name: scores[name] for name in _NUMBERS},
        "walk_basis": str(outcome.study.walk_basis),
        "rng_seed": report.rng_seed,
        "stopped_by": str(report.stopped_by),
        "engine": report.engine,
        "seconds": report.seconds,
        "findings": [f.as_record() for f in outcome.study.findings.ordered()],
        "territories": [_territory(t) for t in sorted(report.territories, key=lambda t: t.territory_id)],
        "exceptions": [_exception(e) for e in exceptions_of(outcome)],
        "grid_counts": [_counts(c) for c in counts_of_communities(report.territories)],
    }


def _counts(community: CommunityCounts) -> dict[str, object]:
    """Return what one grid fewer and one more would give a community; found by search, not proven."""

    def figures(option: CountOption | None) -> dict[str, object] | None:
        if option is None:
            return None
        mean = community.walk_mean_m(option)
        return {"grids": option.grids, "band_violation": option.band_violation, "walk_mean_m": mean}

    return {
        "community_id": community.community_id,
        "now": figures(community.now),
        "one_fewer": figures(community.fewer),
        "one_more": figures(community.more),
        "last_grid_saves_hm": community.last_grid_saves_hm,
        "next_grid_saves_hm": community.next_grid_saves_hm,
    }


def _exception(exception: PlanException) -> dict[str, object]:
    """Return one thing that the plan did not keep."""
    return {**asdict(exception), "kind": str(exception.kind), "grids": list(exception.grids)}


def _territory(territory: TerritoryReport) -> dict[str, object]:
    reason = territory.reason
    return {
        "territory_id": territory.territory_id,
        "community_id": territory.community_id,
        "units": territory.units,
        "households": territory.households,
        "grids": territory.grids,
        "band_violation": territory.band_violation,
        "violation_bound": territory.violation_bound,
        "objective": territory.objective,
        "bound": territory.bound,
        "gap_share": territory.gap_share,
        "proof": str(territory.proof),
        "reason_zh": "" if reason is None else reason.text("zh"),
        "reason_en": "" if reason is None else reason.text("en"),
        "parts_hm": dict(territory.parts_hm),
    }


def write_certificate(outcome: Outcome, path: str | Path) -> Path:
    """Write the certificate of an outcome as JSON in UTF-8."""
    target = Path(path)
    text = json.dumps(certificate_of(outcome), ensure_ascii=False, indent=2, allow_nan=False)
    target.write_text(text + "\n", encoding="utf-8")
    return target


def read_certificate(path: str | Path) -> dict[str, object]:
    """Read a certificate.

    Raises
    ------
    FileRefusedError
        If the file is no JSON object.
    """
    source = Path(path)
    try:
        read = json.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileRefusedError("certificate-unreadable", file=source.name) from error
    if not isinstance(read, dict):
        raise FileRefusedError("certificate-unreadable", file=source.name)
    return read
