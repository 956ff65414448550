"""Closed sets of names that every floor shares."""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "BalanceOn",
    "BarrierKind",
    "Basis",
    "Better",
    "FacilityStatus",
    "GridKind",
    "JobState",
    "Language",
    "Level",
    "PlanStatus",
    "Proof",
    "Role",
    "Settlement",
    "Severity",
    "SitingObjective",
    "StoppedBy",
    "Via",
    "WalkBasis",
]


class Language(StrEnum):
    """Language of what a person reads."""

    ZH = "zh"
    EN = "en"


class Level(StrEnum):
    """Level of an area, from the top down."""

    COUNTY = "county"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"


class Settlement(StrEnum):
    """Settlement class of an area, the key of targets."""

    URBAN = "urban"
    RURAL = "rural"


class BarrierKind(StrEnum):
    """What cuts adjacency, the crossing that joins it again, and the fixed ``boundary`` that is never crossed."""

    RIVER = "river"
    RAILWAY = "railway"
    EXPRESSWAY = "expressway"
    ARTERIAL = "arterial"
    WALL = "wall"
    CROSSING = "crossing"
    BOUNDARY = "boundary"


class Via(StrEnum):
    """Why two units are neighbours."""

    BORDER = "border"
    CROSSING = "crossing"
    JOINED = "joined"


class GridKind(StrEnum):
    """General grids hold households; dedicated are drawn first; empty hold none."""

    GENERAL = "general"
    DEDICATED = "dedicated"
    EMPTY = "empty"


class JobState(StrEnum):
    """State of a job; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self not in {JobState.QUEUED, JobState.RUNNING}


class BalanceOn(StrEnum):
    """The quantity that the size band is stated in."""

    HOUSEHOLDS = "households"
    RESIDENTS = "residents"
    WORKLOAD_H = "workload_h"


class GridObjective(StrEnum):
    """What grids inside the band are to keep small: the walk, neighbour pairs cut, or metres of border cut."""

    WALK = "walk"
    CUT_EDGES = "cut_edges"
    CUT_METRES = "cut_metres"


class FacilityStatus(StrEnum):
    """Existing facilities serve now; candidates may; chosen were picked by siting."""

    EXISTING = "existing"
    CANDIDATE = "candidate"
    CHOSEN = "chosen"
    CLOSED = "closed"


class SitingObjective(StrEnum):
    """What siting optimises."""

    MAX_COVER = "max_cover"
    P_MEDIAN = "p_median"
    P_CENTRE = "p_centre"
    FEWEST = "fewest"


class Role(StrEnum):
    """Role of a worker in a grid."""

    GRID_LEADER = "grid_leader"
    GRID_WORKER = "grid_worker"
    VOLUNTEER = "volunteer"
    ADVISER = "adviser"


class Basis(StrEnum):
    """What coverage is counted in."""

    RESIDENTS = "residents"
    HOUSEHOLDS = "households"
    BUILDINGS = "buildings"


class WalkBasis(StrEnum):
    """Whether metres follow the walking network or the straight line."""

    NETWORK = "network"
    STRAIGHT = "straight"


class Proof(StrEnum):
    """How much of an objective is proven."""

    OPTIMAL = "optimal"
    BOUNDED = "bounded"
    RESTRICTED = "restricted"
    NONE = "none"


class StoppedBy(StrEnum):
    """Why a search ended: its own count of work, the clock, or a person."""

    WORK = "work"
    TIME = "time"
    CANCELLED = "cancelled"


class Severity(StrEnum):
    """Errors refuse the input; warnings and notes are listed."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Better(StrEnum):
    """Direction in which a measure improves."""

    HIGHER = "higher"
    LOWER = "lower"


class PlanStatus(StrEnum):
    """Steps of the redraw workflow."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    FILED = "filed"
    PUBLIC_NOTICE = "public_notice"
    IN_FORCE = "in_force"
    ARCHIVED = "archived"
