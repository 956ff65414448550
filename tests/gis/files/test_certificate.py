from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gis.files.certificate import certificate_of, read_certificate, write_certificate
from gis.measures import measure_plan
from gis.model.errors import FileRefusedError
from gis.model.kinds import Proof
from gis.model.outcome import Outcome
from gis.model.results import CountOption, Reason, TerritoryReport
from tests.towns import by_streets

FIELDS = [
    *("study", "plan_digest", "units", "grids", "communities", "unassigned_units", "cross_community_grids"),
    *("disconnected_grids", "gap_m2", "overlap_m2", "grids_in_band", "households_in_band_share", "walk_mean_m"),
    *("walk_bound_m", "walk_gap_share", "walk_basis", "rng_seed", "stopped_by", "engine", "seconds", "findings"),
    "territories",
    "exceptions",
    "grid_counts",
]
TERRITORY_FIELDS = [
    *("territory_id", "community_id", "units", "households", "grids", "band_violation", "violation_bound"),
    *("objective", "bound", "gap_share", "proof", "reason_zh", "reason_en", "parts_hm"),
]


def with_territories(outcome: Outcome, *bounds: float | None) -> Outcome:
    why = Reason("grid-below-band", {})
    territories = tuple(
        TerritoryReport(f"T{i}", "A", 4, 400, 1, 0.0, 40_000.0, bound, Proof.BOUNDED, reason=why)
        for i, bound in enumerate(bounds)
    )
    report = replace(outcome.report, territories=territories)
    return replace(outcome, report=report, scorecard=measure_plan(outcome.study, outcome.plan, report=report))


def test_the_certificate_has_every_field_of_the_contract(outcome: Outcome):
    certificate = certificate_of(with_territories(outcome, 30_000.0))
    assert list(certificate) == FIELDS
    assert list(certificate["territories"][0]) == TERRITORY_FIELDS


def test_the_certificate_of_a_whole_plan_is_clean(outcome: Outcome):
    certificate = certificate_of(outcome)
    assert certificate["plan_digest"] == outcome.plan.digest
    assert (certificate["units"], certificate["grids"], certificate["communities"]) == (13, 4, 3)
    for name in ("unassigned_units", "cross_community_grids", "disconnected_grids", "gap_m2", "overlap_m2"):
        assert certificate[name] == 0
    assert certificate["grids_in_band"] == 3
    assert certificate["walk_basis"] == "straight"


def test_the_certificate_names_what_its_walks_are_measured_by(outcome: Outcome):
    study = by_streets(outcome.study)
    walked = replace(outcome, study=study, scorecard=measure_plan(study, outcome.plan))
    certificate = certificate_of(walked)
    assert (certificate["walk_basis"], certificate["walk_mean_m"]) == ("network", 100.0)  # (0 + 100 + 100 + 200) / 4


def test_the_gap_needs_a_bound_of_every_territory(outcome: Outcome):
    # 12 units of 100 households, walks 0, 100, 100 and 141 m in each grid of four
    walk_m = (100 + 100 + 100 * 2**0.5) / 4
    bounded = certificate_of(with_territories(outcome, 30_000.0, 30_000.0, 30_000.0))
    assert bounded["walk_mean_m"] == pytest.approx(walk_m)
    assert bounded["walk_bound_m"] == pytest.approx(75.0)
    assert bounded["walk_gap_share"] == pytest.approx(walk_m / 75 - 1)
    half = certificate_of(with_territories(outcome, 30_000.0, None, 30_000.0))
    assert half["walk_bound_m"] is None
    assert half["walk_gap_share"] is None


def test_the_certificate_is_written_as_json_and_reads_back(outcome: Outcome, tmp_path: Path):
    path = write_certificate(outcome, tmp_path / "certificate.json")
    assert read_certificate(path) == json.loads(json.dumps(certificate_of(outcome)))


@pytest.mark.parametrize("text", ["no json", "[1]"])
def test_what_is_no_certificate_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "certificate.json"
    path.write_text(text)
    with pytest.raises(FileRefusedError, match=r"certificate\.json"):
        read_certificate(path)


def test_one_grid_fewer_and_one_more_are_certified_by_community(outcome: Outcome):
    given = with_territories(outcome, 30_000.0, 30_000.0)
    first, second = given.report.territories
    options = (CountOption(2, 10.0, 25_000.0, 25_000.0),)
    report = replace(given.report, territories=(first, replace(second, other_counts=options)))
    (counts,) = certificate_of(replace(given, report=report))["grid_counts"]
    assert counts == {
        "community_id": "A",
        "now": {"grids": 2, "band_violation": 0.0, "walk_mean_m": 100.0},
        "one_fewer": None,
        "one_more": {"grids": 3, "band_violation": 10.0, "walk_mean_m": 81.25},
        "last_grid_saves_hm": None,
        "next_grid_saves_hm": 15_000.0,
    }
    assert certificate_of(given)["grid_counts"] == []
