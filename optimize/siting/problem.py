"""A siting question as arrays: who asks, which sites may answer, and how far apart they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from gis.model.errors import SettingError
from gis.model.kinds import FacilityStatus, SitingObjective
from gis.model.standards import ServiceStandard
from gis.model.study import SitingSettings, StudyArea

__all__ = ["SitingProblem", "siting_problem"]

WALK_DIGITS = 3  # millimetres, as coverage is measured: 500.0000001 m from a sum of edges is 500 m
ANY_KIND = ("any", "candidate")  # candidate sites that may take any kind of facility


@dataclass(frozen=True, slots=True, eq=False)
class SitingProblem:
    """Demand points, candidate sites and the walks between them; sparse within a reach.

    Parameters
    ----------
    site_ids
        Candidates by id, sorted; ints stand for them from here on.
    costs
        Cost of each site, shape (sites,); 1 each where a number and not a budget limits the choice.
    limit
        Greatest total of `costs`; infinite where everything is to be covered.
    demand
        Demand of each point, shape (points,), above 0.
    fixed_m
        Metres to the nearest facility that is there already; `far_m` where none is nearer.
    walks
        Shape (points, sites): metres from a point to a site, stored only within `far_m`; a walk of
        0 m is stored as an explicit zero.
    standard_m
        Metres up to which a point counts as covered; the end belongs to it.
    far_m
        Metres up to which `walks` is complete; whoever walks farther counts with `far_m`.
    """

    site_ids: tuple[str, ...]
    costs: NDArray[np.float64]
    limit: float
    demand: NDArray[np.float64]
    fixed_m: NDArray[np.float64]
    walks: sparse.csr_matrix
    standard_m: float
    far_m: float

    def within(self, radius_m: float) -> sparse.csr_matrix:
        """Return the 0/1 matrix (points, sites) of who is within `radius_m`, the end included."""
        near = self.walks.data <= radius_m
        rows = np.repeat(np.arange(self.walks.shape[0]), np.diff(self.walks.indptr))[near]
        ones = np.ones(int(near.sum()))
        return sparse.csr_matrix((ones, (rows, self.walks.indices[near])), shape=self.walks.shape)

    @property
    def counts_sites(self) -> bool:
        """Whether the limit is a number of sites rather than a budget."""
        return bool((self.costs == 1.0).all())


def siting_problem(study: StudyArea, siting: SitingSettings, standard: ServiceStandard) -> SitingProblem:
    """Turn a study and a siting question into arrays.

    Existing facilities of the kind are fixed; candidates are the facilities of status
    ``candidate`` whose kind is that of the service, ``any`` or ``candidate``.

    Raises
    ------
    SettingError
        If the limits do not fit the objective, the demand column is missing, or the walks of the
        study end before the standard does.
    """
    _check(study, siting, standard)
    sites = _candidates(study, siting, standard)
    units = study.units[study.units[standard.demand] > 0].sort_index()
    reach = study.reach[study.reach["unit_id"].isin(units.index)]
    reach = reach.assign(walk_m=reach["walk_m"].astype(float).round(WALK_DIGITS))
    there = _existing_ids(study, standard)
    fixed = reach[reach["facility_id"].isin(there)].groupby("unit_id")["walk_m"].min()
    fixed_m = fixed.reindex(units.index).fillna(study.reach_m).to_numpy(dtype=np.float64)
    ours = reach[reach["facility_id"].isin(sites.index)]
    point = units.index.get_indexer(pd.Index(ours["unit_id"]))
    site = sites.index.get_indexer(pd.Index(ours["facility_id"]))
    walks = sparse.csr_matrix(
        (ours["walk_m"].to_numpy(dtype=np.float64), (point, site)), shape=(len(units), len(sites))
    )
    limit = float(siting.add) if siting.add is not None else siting.budget
    return SitingProblem(
        site_ids=tuple(map(str, sites.index)),
        costs=np.ones(len(sites)) if siting.budget is None else sites["cost"].to_numpy(dtype=np.float64),
        limit=float("inf") if limit is None else float(limit),
        demand=units[standard.demand].to_numpy(dtype=np.float64),
        fixed_m=np.minimum(fixed_m, study.reach_m),
        walks=walks,
        standard_m=standard.max_walk_m,
        far_m=study.reach_m,
    )


def _check(study: StudyArea, siting: SitingSettings, standard: ServiceStandard) -> None:
    limits = [siting.add is not None, siting.budget is not None, siting.cover_all]
    everything = siting.cover_all or siting.objective is SitingObjective.FEWEST
    if everything and (siting.add is not None or siting.budget is not None):
        raise SettingError(
            "setting-nonsense", name="siting", value="cover_all + add/budget", allowed="allowed-alone cover_all"
        )
    if not everything and sum(limits) != 1:
        raise SettingError(
            "setting-nonsense",
            name="siting",
            value=f"{sum(limits)} limits",
            allowed="allowed-one-of add, budget, cover_all",
        )
    if siting.add is not None and siting.add < 0:
        raise SettingError("setting-nonsense", name="siting.add", value=siting.add, allowed=">= 0")
    if siting.budget is not None and not siting.budget >= 0:
        raise SettingError("setting-nonsense", name="siting.budget", value=siting.budget, allowed=">= 0")
    if standard.demand not in study.units:
        raise SettingError(
            "setting-nonsense", name="services.demand", value=standard.demand, allowed="allowed-count-column"
        )
    if standard.max_walk_m > study.reach_m:
        raise SettingError(
            "siting-reach-short", service=standard.service_id, max_walk_m=standard.max_walk_m, reach_m=study.reach_m
        )


def _existing_ids(study: StudyArea, standard: ServiceStandard) -> list[str]:
    table = study.facilities
    there = table["status"].eq(FacilityStatus.EXISTING) & table["kind"].eq(standard.kind)
    if "tier" in table:  # levels are not nested: a facility said to be of another level does not serve
        levels = {s.level for s in study.settings.services if s.kind == standard.kind}
        there &= ~(table["tier"].isin(levels) & table["tier"].ne(standard.level))
    return [str(i) for i in table.index[there]]


def _candidates(study: StudyArea, siting: SitingSettings, standard: ServiceStandard) -> pd.DataFrame:
    table = study.facilities
    open_to_choice = table["status"].isin([FacilityStatus.CANDIDATE, FacilityStatus.CHOSEN])
    may = open_to_choice & table["kind"].isin([standard.kind, *ANY_KIND])
    sites = pd.DataFrame(table.loc[may].drop(columns="geometry")).sort_index()
    if siting.budget is None or sites.empty:
        return sites
    priced = sites["cost"].notna()
    if not priced.all():
        raise SettingError(
            "siting-cost-missing", count=int((~priced).sum()), facility_id=str(sites.index[~priced][0])
        )
    return sites
