"""p-centre: the sites that make the longest walk as short as it can be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gis.model.results import SolverAnswer
from optimize.siting.covering import cover_problem, max_cover
from optimize.siting.fewest import fewest
from optimize.siting.problem import SitingProblem

__all__ = ["p_centre"]


def p_centre(
    problem: SitingProblem, *, node_limit: int | None = None, seconds: float | None = None
) -> tuple[list[int], SolverAnswer]:
    """Choose sites that make the longest walk shortest, by bisection over set covers.

    Points that no site and no facility reaches within `far_m` are left out: nothing can help them.
    Where even `far_m` is too near for the limit, the longest walk stays `far_m` and the sites are
    those that bring the most demand within it.

    Returns
    -------
    list of int, SolverAnswer
        The sites; objective and bound are metres.
    """
    radii = _radii(problem)
    low, high = 0, len(radii) - 1
    best: tuple[list[int], SolverAnswer] | None = None
    proven, spent, engine = True, 0.0, "reduction"
    while low <= high:
        middle = (low + high) // 2
        cover = cover_problem(problem, radius_m=float(radii[middle]))
        if _somebody_unreached(problem, float(radii[middle])):
            low = middle + 1
            continue
        picked, answer = fewest(cover.near, problem.costs, node_limit=node_limit, seconds=seconds)
        spent, engine = spent + answer.seconds, answer.engine if answer.engine != "reduction" else engine
        if problem.costs[picked].sum() <= problem.limit:
            best, high = (picked, answer), middle - 1
        else:
            proven = proven and answer.bound is not None and answer.bound > problem.limit
            low = middle + 1
    if best is None:
        picked, answer = max_cover(replace(problem, standard_m=problem.far_m), node_limit=node_limit, seconds=seconds)
        status = "optimal" if proven else "feasible"
        gap = 0.0 if proven else None
        return picked, SolverAnswer(status, problem.far_m, problem.far_m if proven else None, gap, spent, engine)
    metres = float(radii[low])
    status = "optimal" if proven else "feasible"
    return best[0], SolverAnswer(status, metres, metres if proven else None, 0.0 if proven else None, spent, engine)


def _radii(problem: SitingProblem) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return every longest walk that can occur, sorted."""
    fixed = problem.fixed_m[problem.fixed_m < problem.far_m]
    return np.unique(np.concatenate([[0.0], problem.walks.data, fixed]))


def _somebody_unreached(problem: SitingProblem, radius_m: float) -> bool:
    """Whether a point that can be helped at all is beyond `radius_m` of everything."""
    can = (problem.fixed_m < problem.far_m) | (np.diff(problem.walks.indptr) > 0)
    near = (problem.fixed_m <= radius_m) | (np.diff(problem.within(radius_m).indptr) > 0)
    return bool((can & ~near).any())
