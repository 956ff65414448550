"""Place facilities: choose among candidate sites what serves people best."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gis.model.kinds import SitingObjective
from gis.model.results import Siting, SolverAnswer
from gis.model.standards import ServiceStandard
from gis.model.study import SitingSettings, StudyArea
from optimize.siting.centre import p_centre
from optimize.siting.covering import cover_problem, max_cover
from optimize.siting.fewest import fewest
from optimize.siting.median import p_median
from optimize.siting.problem import SitingProblem, siting_problem

__all__ = ["place_facilities"]

NODE_LIMIT = 50_000  # branch-and-bound nodes: a stop that is the same on every machine
_EPS = 1e-9


def place_facilities(
    study: StudyArea,
    siting: SitingSettings,
    standard: ServiceStandard,
    *,
    rng_seed: int = 0,
    node_limit: int | None = NODE_LIMIT,
    seconds: float | None = None,
) -> Siting:
    """Choose candidate sites for a service; existing facilities of its kind stay.

    Parameters
    ----------
    study
        Units with the demand column, facilities with candidates, and the walks between them in
        ``reach``, complete at least up to the standard.
    siting
        Objective and one limit: ``add`` sites, a ``budget`` in the unit of the column `cost`, or
        ``cover_all``.
    standard
        Facility kind, demand column and greatest walk in metres, the end included.
    rng_seed
        Seed of the search for the p-median; the other objectives draw nothing.
    node_limit, seconds
        Work limit, and a wall-clock limit that may truncate it.

    Returns
    -------
    Siting
        The sites in the order of what they add: demand newly covered, or for the p-median and the
        p-centre demand x metres saved. A site that adds nothing is not chosen.

    Raises
    ------
    SettingError
        If the question does not fit the study.
    """
    problem = siting_problem(study, siting, standard)
    chosen, answer = _solved(problem, siting, rng_seed=rng_seed, node_limit=node_limit, seconds=seconds)
    if siting.cover_all or siting.objective in (SitingObjective.FEWEST, SitingObjective.MAX_COVER):
        gains = cover_gains(problem, chosen)
    else:
        gains = walk_gains(problem, chosen)
    named = {problem.site_ids[j]: gain for j, gain in gains.items()}
    return Siting(standard.service_id, tuple(named), named, answer)


def _solved(
    problem: SitingProblem, siting: SitingSettings, *, rng_seed: int, node_limit: int | None, seconds: float | None
) -> tuple[list[int], SolverAnswer]:
    if siting.cover_all or siting.objective is SitingObjective.FEWEST:
        cover = cover_problem(problem)
        return fewest(cover.near, cover.costs, node_limit=node_limit, seconds=seconds)
    if siting.objective is SitingObjective.P_MEDIAN:
        return p_median(problem, rng_seed=rng_seed, node_limit=node_limit, seconds=seconds)
    if siting.objective is SitingObjective.P_CENTRE:
        return p_centre(problem, node_limit=node_limit, seconds=seconds)
    return max_cover(problem, node_limit=node_limit, seconds=seconds)


def cover_gains(problem: SitingProblem, chosen: list[int]) -> dict[int, float]:
    """Return what each site adds to the demand covered, one at a time, the most first."""
    near = problem.within(problem.standard_m).tocsc()
    left = np.where(problem.fixed_m > problem.standard_m, problem.demand, 0.0)

    def gain(site: int) -> float:
        return float(left[near.indices[near.indptr[site] : near.indptr[site + 1]]].sum())

    def take(site: int) -> None:
        left[near.indices[near.indptr[site] : near.indptr[site + 1]]] = 0.0

    return _one_at_a_time(chosen, gain, take)


def walk_gains(problem: SitingProblem, chosen: list[int]) -> dict[int, float]:
    """Return the demand x metres that each site saves, one at a time, the most first."""
    walks = problem.walks.tocsc()
    now: NDArray[np.float64] = problem.fixed_m.copy()

    def entries(site: int) -> slice:
        return slice(walks.indptr[site], walks.indptr[site + 1])

    def gain(site: int) -> float:
        points, metres = walks.indices[entries(site)], walks.data[entries(site)]
        return float((problem.demand[points] * np.maximum(now[points] - metres, 0.0)).sum())

    def take(site: int) -> None:
        points, metres = walks.indices[entries(site)], walks.data[entries(site)]
        now[points] = np.minimum(now[points], metres)

    return _one_at_a_time(chosen, gain, take)


def _one_at_a_time(chosen: list[int], gain: Callable[[int], float], take: Callable[[int], None]) -> dict[int, float]:
    """Order sites greedily by what they add; ties fall to the lower id; what adds nothing is left out."""
    left, gains = sorted(chosen), {}
    while left:
        best = max(left, key=lambda site: (gain(site), -site))
        if gain(best) <= _EPS:
            break
        gains[best] = gain(best)
        take(best)
        left.remove(best)
    return gains
