"""What goes over the wire: the shapes of every JSON answer. GeoJSON is described, not modelled."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Area",
    "EditLine",
    "Gap",
    "Gaps",
    "GridAt",
    "Health",
    "History",
    "Located",
    "NearestFacility",
    "PlanSummary",
    "PlanVersion",
    "Posting",
    "Postings",
    "Problem",
    "Rate",
    "Rates",
    "Responsible",
    "ScoreLine",
    "Scores",
    "Service",
    "SiteGain",
    "Studies",
    "StudySummary",
    "StudyWithPlans",
]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Health(_Wire):
    """Whether the service is alive or ready."""

    status: str


class Problem(BaseModel):
    """An error, RFC 9457, with a stable `code` and sentences in the language asked for."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    facts: dict[str, object]


class PlanVersion(_Wire):
    """A plan in a list."""

    plan_id: str
    version: int
    status: str
    created_at: str


class StudySummary(_Wire):
    """A study in the list of studies."""

    study_id: str
    name: str
    loaded_at: str
    plans: list[PlanVersion]


class Studies(_Wire):
    """All studies that are loaded."""

    studies: list[StudySummary]


class Service(_Wire):
    """A service standard."""

    service_id: str
    kind: str
    name_zh: str
    name_en: str
    demand: str
    max_walk_m: float
    level: str


class StudyWithPlans(StudySummary):
    """One study: what is loaded of it."""

    crs: str
    notice_zh: str
    notice_en: str
    units: int
    households: int
    residents: int
    communities: int
    services: list[Service]


class ScoreLine(_Wire):
    """One measure; `value` is null where it does not apply."""

    measure: str
    value: float | None
    unit: str
    better: str | None
    version: int


class PlanSummary(_Wire):
    """A plan as it is now; `walk_basis` tells what walks to the heart are measured by, `straight` or `network`."""

    plan_id: str
    study_id: str
    name: str
    version: int
    measured_version: int
    status: str
    created_at: str
    plan_digest: str
    notice_zh: str
    notice_en: str
    units: int
    communities: int
    grids: int
    households: int
    residents: int
    grids_out_of_band: int
    vacancies: list[str]
    overloads: dict[str, float]
    engine: str
    rng_seed: int
    stopped_by: str
    walk_basis: str
    scorecard: list[ScoreLine]


class Posting(_Wire):
    """A worker at a grid; who that is stands nowhere here."""

    worker_id: str
    grid_id: str
    role: str
    hours_h: float | None
    walk_m: float | None


class Postings(_Wire):
    """Who is posted where, which grids have no lead, and where hours are over capacity."""

    plan: str
    version: int
    measured_version: int
    postings: list[Posting]
    vacancies: list[str]
    overloads: dict[str, float]


class Scores(_Wire):
    """The scorecard of a plan."""

    plan: str
    version: int
    measured_version: int
    scorecard: list[ScoreLine]


class Area(_Wire):
    """An area by id and name."""

    area_id: str
    name: str


class GridAt(_Wire):
    """The grid at a place."""

    grid_id: str
    name: str
    kind: str


class Responsible(_Wire):
    """Who answers for a grid; the contact only where it is public."""

    worker_id: str
    role: str
    display_name: str | None = Field(description="null where the contact is not public")
    duty_phone: str | None = Field(description="null where the contact is not public")


class Located(_Wire):
    """What is at a place, and who is responsible there."""

    plan: str
    version: int
    unit_id: str
    grid: GridAt
    community: Area
    subdistrict: Area | None
    county: Area | None
    responsible: list[Responsible]


class NearestFacility(_Wire):
    """The facility nearest to a place that is not covered."""

    facility_id: str
    name: str
    walk_m: float


class SiteGain(_Wire):
    """A candidate site and the demand that it would newly cover, alone."""

    facility_id: str
    name: str
    newly_covered: int


class Gap(_Wire):
    """Coverage of one area: what is there, what is missing, what would close the gap."""

    area_id: str
    name: str
    total: int
    covered: int
    uncovered: int
    rate_share: float | None
    target_share: float | None
    shortfall: int | None
    farthest_walk_m: float | None
    beyond_reach: int
    nearest_facility: NearestFacility | None
    sites: list[SiteGain]


class Gaps(_Wire):
    """The gap table of a service at a level, the largest gap first."""

    plan: str
    version: int
    measured_version: int
    service: str
    level: str
    basis: str
    standard_m: float
    notice_zh: str
    notice_en: str
    areas: list[Gap]


class Rate(_Wire):
    """A coverage rate beside its target."""

    area_id: str
    level: str
    service: str
    basis: str
    total: int
    covered: int
    rate_share: float | None
    target_share: float | None
    shortfall: int | None


class Rates(_Wire):
    """Coverage rates, from the grid up."""

    plan: str
    version: int
    measured_version: int
    rates: list[Rate]


class EditLine(_Wire):
    """One edit of a plan."""

    version: int
    base_version: int
    author: str
    author_name: str
    at: str
    kind: str
    payload: dict[str, object]
    hash: str
    prev_hash: str


class History(_Wire):
    """The edits of a plan, oldest first."""

    plan: str
    edits: list[EditLine]
