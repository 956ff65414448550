"""A study area: everything known of a place before a plan is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from gis.model.findings import Findings
from gis.model.kinds import BalanceOn, GridObjective, SitingObjective, WalkBasis
from gis.model.standards import (
    Band,
    Profile,
    ServiceStandard,
    StaffRatios,
    Target,
    VisitKind,
    default_profiles,
    default_ratios,
    default_targets,
    default_visits,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx

    from gis.model.walks import UnitWalks

__all__ = [
    "DEDICATED",
    "CommunitySettings",
    "GridSettings",
    "MicroGridSettings",
    "PostingSettings",
    "SitingSettings",
    "StudyArea",
    "StudySettings",
]


DEDICATED = "dedicated"  # the profile of campuses, hospitals and parks


@dataclass(frozen=True, slots=True)
class GridSettings:
    """The ``[grids]`` table of a study; None means the profile's value.

    Parameters
    ----------
    together, apart
        Units that share one grid, and units of which no two share one; a group of unit ids each. In a
        :class:`StudyArea` the ids are those of its units, groups of `together` do not overlap and those of
        `apart` are pairs.
    grid_count_min, grid_count_max
        Fewest and most grids of every community, or by community id, where `grid_count` says nothing.
    grid_price_hm
        Household-metres that one more grid must save; None: the number nearest load / target.
    compound_price_m
        Metres a household that cutting neighbours of one compound apart costs; 0: compounds are not minded.
    deviation_price_m
        Household-metres that each household (resident, hour) above or below the target costs; 0: not minded.
    off_line_price_hm
        Household-metres that one metre of border between grids costs that lies on no mapped line; 0: not minded.
    area_price_hm
        Household-metres that each square kilometre of a grid above its profile's soft cap costs; 0: not minded.
    keep_price_m
        Household-metres that one household which changes its grid in a redraw must spare the others.
    objective
        What grids keep small once they are in the band.
    walk_basis
        Whether the walk to a grid's heart is straight or over the walking network and from neighbour to neighbour.
    """

    households_min: float | None = None
    households_target: float | None = None
    households_max: float | None = None
    balance_on: BalanceOn = BalanceOn.HOUSEHOLDS
    grid_count: int | Mapping[str, int] | None = None
    rng_seed: int = 0
    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()
    grid_count_min: int | Mapping[str, int] | None = None
    grid_count_max: int | Mapping[str, int] | None = None
    grid_price_hm: float | None = None
    objective: GridObjective = GridObjective.WALK
    compound_price_m: float = 100.0
    deviation_price_m: float = 0.0
    off_line_price_hm: float = 0.0
    area_price_hm: float = 0.0
    keep_price_m: float = 1000.0
    walk_basis: WalkBasis = WalkBasis.STRAIGHT


@dataclass(frozen=True, slots=True)
class SitingSettings:
    """One ``[siting]`` question: how many to add, or what budget, for which service."""

    service: str
    add: int | None = None
    budget: float | None = None
    cover_all: bool = False
    objective: SitingObjective = SitingObjective.MAX_COVER


@dataclass(frozen=True, slots=True)
class PostingSettings:
    """The ``[posting]`` table of a study.

    With `share_beyond_capacity` no grid stays vacant: leads take several, over capacity if need be.
    """

    leads_per_grid: int = 1
    share_beyond_capacity: bool = False


@dataclass(frozen=True, slots=True)
class MicroGridSettings:
    """The ``[micro_grids]`` table of a study: the band of the micro-grids nested inside the grids, in households."""

    households_min: float = 50.0
    households_target: float = 65.0
    households_max: float = 80.0

    @property
    def band(self) -> Band:
        """The band of one micro-grid."""
        return Band(self.households_min, self.households_target, self.households_max)


@dataclass(frozen=True, slots=True)
class CommunitySettings:
    """The ``[communities]`` table of a study: the band that communities are merged and split into, in households.

    The defaults are an assumption: 1 000 to 3 000 households, as many provinces word the size of an urban community.
    """

    households_min: float = 1000.0
    households_target: float = 2000.0
    households_max: float = 3000.0

    @property
    def band(self) -> Band:
        """The band of one community."""
        return Band(self.households_min, self.households_target, self.households_max)


@dataclass(frozen=True, slots=True)
class StudySettings:
    """All settings of a study, resolved: what the file says over the defaults."""

    study_id: str
    name: str
    profile: str = "urban"
    notice_zh: str = ""
    notice_en: str = ""
    credits: str = ""
    grids: GridSettings = field(default_factory=GridSettings)
    services: tuple[ServiceStandard, ...] = ()
    siting: SitingSettings | None = None
    posting: PostingSettings = field(default_factory=PostingSettings)
    profiles: Mapping[str, Profile] = field(default_factory=default_profiles)
    visits: tuple[VisitKind, ...] = field(default_factory=default_visits)
    ratios: StaffRatios = field(default_factory=default_ratios)
    targets: tuple[Target, ...] = field(default_factory=default_targets)
    min_shared_m: float = 1.0
    detour_factor: float = 1.3
    micro_grids: MicroGridSettings | None = None
    communities: CommunitySettings = field(default_factory=CommunitySettings)

    def household_band(self, profile_name: str) -> Band:
        """Return the band in households of a profile; the ends named in ``[grids]`` win in the study's own."""
        own = self.profiles[profile_name].band
        if profile_name != self.profile:
            return own
        given = (self.grids.households_min, self.grids.households_target, self.grids.households_max)
        ends = zip(given, (own.minimum, own.target, own.maximum), strict=True)
        return Band(*(default if value is None else value for value, default in ends))


@dataclass(frozen=True, eq=False)
class StudyArea:
    """Areas, units and their neighbours, and what serves them. Tables must not be changed in place.

    Parameters
    ----------
    settings
        Resolved settings.
    crs
        Projected CRS in metres, as ``EPSG:n`` or WKT; every table with geometry is in it.
    areas
        Index ``area_id``; level, name, parent_id, settlement, profile, geometry.
    units
        Index ``unit_id``, sorted; community_id, compound, households, residents, buildings,
        workload_h, area_m2, locked, group counts, x, y (its place), geometry (polygon).
    adjacency
        unit_a < unit_b, shared_m, via; one row a pair, sorted.
    barriers
        geometry, kind, name; empty where there are none.
    paths
        Walking network as edges with geometry, u, v, length_m; None where there is none.
    facilities
        Index ``facility_id``; kind, name, status, capacity_residents, floor_area_m2, cost, geometry (point).
    workers
        Index ``worker_id``; role, contract, fte, skills, languages, grid_id, community_id, x, y.
    reach
        unit_id, facility_id, walk_m, walk_basis: who is within reach of what, sparse; see
        ``gis.space.walks``. Sorted by unit_id, walk_m, facility_id.
    reach_m
        Metres up to which `reach` is complete.
    present
        unit_id -> present grid_id; None where there is none.
    events, work_items, targets_table, indicators, growth
        Further tables as they were read; None where absent.
    borders
        unit_a < unit_b, length_m, mapped_m: the border of each two units of a community, and how much of it lies
        on a road, river, railway or wall; None where nothing is mapped.
    walks
        Walking metres between the units of each community; None where walks are straight.
    findings
        What reading and building found.
    group_columns
        Names of the group count columns of `units`.
    """

    settings: StudySettings
    crs: str
    areas: gpd.GeoDataFrame
    units: gpd.GeoDataFrame
    adjacency: pd.DataFrame
    barriers: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    workers: pd.DataFrame
    reach: pd.DataFrame
    reach_m: float
    paths: gpd.GeoDataFrame | None = None
    present: pd.Series[str] | None = None
    events: pd.DataFrame | None = None
    work_items: pd.DataFrame | None = None
    indicators: pd.DataFrame | None = None
    growth: pd.DataFrame | None = None
    findings: Findings = field(default_factory=Findings)
    group_columns: tuple[str, ...] = ()
    borders: pd.DataFrame | None = None
    walks: UnitWalks | None = None

    @property
    def study_id(self) -> str:
        """The study's id."""
        return self.settings.study_id

    @property
    def walk_basis(self) -> WalkBasis:
        """What the walks inside grids are measured by."""
        return WalkBasis.STRAIGHT if self.walks is None else WalkBasis.NETWORK

    @property
    def communities(self) -> gpd.GeoDataFrame:
        """The areas of level community, sorted by id."""
        return self.areas[self.areas["level"] == "community"].sort_index()

    def profile_of(self, community_id: str) -> Profile:
        """Return the profile of a community: its own column, else the study's."""
        return self.settings.profiles[self.profile_name_of(community_id)]

    @cached_property
    def _profile_names(self) -> dict[str, str]:
        if "profile" not in self.areas:
            return {}
        return {str(area): str(name) for area, name in self.areas["profile"].dropna().items()}

    def profile_name_of(self, community_id: str) -> str:
        """Return the name of a community's profile."""
        return self._profile_names.get(community_id) or self.settings.profile

    def is_dedicated(self, community_id: str) -> bool:
        """Whether a community is a dedicated ground (专属网格): one grid, drawn first, outside every band."""
        return self.profile_of(community_id).name == DEDICATED

    def band_of(self, community_id: str) -> Band:
        """Return the size band of a community in the quantity that is balanced.

        The ends named in ``[grids]`` win over those of the profile. Where residents or
        workload are balanced and no ends are named, the household band is scaled by the
        study's mean residents or hours a household.
        """
        band, on = self.settings.household_band(self.profile_name_of(community_id)), self.settings.grids.balance_on
        if on is BalanceOn.HOUSEHOLDS:
            return band
        households = float(self.units["households"].sum())
        per_household = float(self.units[str(on)].sum()) / households if households else 1.0
        return Band(*(end * per_household for end in (band.minimum, band.target, band.maximum)))

    def graph(self) -> nx.Graph:
        """Return the adjacency as a networkx graph, units as nodes, for inspection."""
        import networkx as nx  # noqa: PLC0415  (slow to load, and seldom asked for)

        graph: nx.Graph = nx.Graph()
        graph.add_nodes_from(self.units.index)
        for a, b, shared_m, via in self.adjacency[["unit_a", "unit_b", "shared_m", "via"]].itertuples(index=False):
            graph.add_edge(a, b, shared_m=shared_m, via=via)
        return graph

    def services_of(self, service_ids: Sequence[str] | None = None) -> tuple[ServiceStandard, ...]:
        """Return the service standards, all or those named."""
        return tuple(s for s in self.settings.services if service_ids is None or s.service_id in service_ids)
