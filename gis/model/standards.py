"""Bands, profiles, work items, services and targets: editable defaults with a source.

The numbers stand in ``defaults.toml`` beside this module, each with the source
it comes from; a study overrides any of them in its ``study.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from math import ceil

from gis.model.errors import SettingError

__all__ = [
    "Band",
    "Profile",
    "ServiceStandard",
    "StaffRatios",
    "Target",
    "VisitKind",
    "default_profiles",
    "default_ratios",
    "default_targets",
    "default_visits",
]

_BAND_COLUMNS = {
    "households_min": "minimum",
    "households_target": "target",
    "households_max": "maximum",
}


@dataclass(frozen=True, slots=True)
class Band:
    """Size band of a grid, in the balanced quantity; the ends belong to it."""

    minimum: float
    target: float
    maximum: float

    def __post_init__(self) -> None:
        if not 0 <= self.minimum <= self.target <= self.maximum or self.maximum <= 0:
            raise SettingError(
                "setting-nonsense",
                name="band",
                value=f"{self.minimum:g}/{self.target:g}/{self.maximum:g}",
                allowed="allowed-band-order",
            )

    def violation(self, load: float) -> float:
        """Return by how much `load` lies outside the band; 0 inside."""
        return max(0.0, self.minimum - load, load - self.maximum)

    def grid_counts(self, load: float) -> range:
        """Return the numbers of grids whose mean load lies in the band; may be empty."""
        fewest = max(1, ceil(load / self.maximum))
        most = int(load // self.minimum) if self.minimum > 0 else max(1, int(load))
        return range(fewest, most + 1)


@dataclass(frozen=True, slots=True)
class Profile:
    """How grids are sized and walked in one kind of community.

    Parameters
    ----------
    name
        ``urban``, ``rural``, ``pastoral`` or a local name.
    band
        Households per grid.
    residents_soft_max
        Residents per grid above which a grid is flagged; None: no limit.
    area_soft_max_km2
        Area per grid above which a grid is flagged; None: no limit.
    speed_km_h
        Speed of the worker's usual way of travel.
    travel
        ``walk``, ``e-bike`` or ``vehicle``.
    travel_min
        Minutes of travel per visit when no walking metres are known.
    patrol_h
        Hours of patrol a year and grid.
    events_per_household
        Events a year and household.
    hours_per_event
        Hours that one event takes.
    attempts
        Attempts per visit; multiplies travel only.
    source
        Where the numbers come from.
    """

    name: str
    band: Band
    residents_soft_max: int | None
    area_soft_max_km2: float | None
    speed_km_h: float
    travel: str
    travel_min: float
    patrol_h: float
    events_per_household: float
    hours_per_event: float
    attempts: float
    source: str = ""

    def with_changes(self, changes: Mapping[str, object]) -> Profile:
        """Return the profile with some fields replaced, ``households_min`` and the like included."""
        ends = {end: float(str(changes[column])) for column, end in _BAND_COLUMNS.items() if column in changes}
        known = {f.name for f in fields(self)} - {"name", "band"}
        plain = {k: v for k, v in changes.items() if k in known}
        return replace(self, band=replace(self.band, **ends), **plain)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class VisitKind:
    """One line of the workload table: whom to visit, how often, how long.

    `key` is the count column of the units; ``ordinary_household`` reads `households`.
    """

    key: str
    name_zh: str
    name_en: str
    visits_per_year: float
    minutes: float
    source: str = ""


@dataclass(frozen=True, slots=True)
class ServiceStandard:
    """A service, the facilities that give it, and how far people may walk to it."""

    service_id: str
    kind: str
    demand: str
    max_walk_m: float
    level: str
    source: str = ""

    def __post_init__(self) -> None:
        if self.max_walk_m <= 0:
            raise SettingError("setting-nonsense", name="max_walk_m", value=self.max_walk_m, allowed="> 0")


@dataclass(frozen=True, slots=True)
class Target:
    """A target rate for a kind of facility, keyed by settlement, region and year.

    `value_share` is a share (0.8 for 80 %); `per` names the level that the
    denominator counts; None in a key means that it holds for all.
    """

    kind: str
    operator: str
    value_share: float
    settlement: str | None = None
    region: str | None = None
    year: int | None = None
    per: str = "community"
    source: str = ""


@dataclass(frozen=True, slots=True)
class StaffRatios:
    """Capacity of workers and the ratios an office is measured by."""

    full_time_h: float
    part_time_share: float
    record_min: float
    workers_per_10000_residents: float
    source: str = ""


@cache
def _defaults() -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    text = files("gis.model").joinpath("defaults.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def default_profiles() -> dict[str, Profile]:
    """Return the default profiles by name."""
    made = {}
    for name, entry in _defaults()["profiles"].items():
        row = dict(entry)
        band = Band(*(float(str(row.pop(f"households_{end}"))) for end in ("min", "target", "max")))
        row.setdefault("residents_soft_max", None)
        row.setdefault("area_soft_max_km2", None)
        made[name] = Profile(name=name, band=band, **row)  # type: ignore[arg-type]
    return made


def default_visits() -> tuple[VisitKind, ...]:
    """Return the default workload table, in the order it is shown."""
    return tuple(VisitKind(key=k, **v) for k, v in _defaults()["visits"].items())  # type: ignore[arg-type]


def default_targets() -> tuple[Target, ...]:
    """Return the example targets that ship with the product."""
    return tuple(Target(**row) for row in _defaults()["targets"].values())  # type: ignore[arg-type]


def default_ratios() -> StaffRatios:
    """Return the default staff ratios."""
    return StaffRatios(**_defaults()["staff"])  # type: ignore[arg-type]
