"""CBC through PuLP: the fallback where highspy is not installed."""

from time import perf_counter

import numpy as np
import pulp

from optimize.solution import Solution, gap_share_of

_STATUS: dict[int, str] = {
    pulp.LpSolutionOptimal: "optimal",
    pulp.LpSolutionIntegerFeasible: "feasible",
    pulp.LpSolutionInfeasible: "infeasible",
    pulp.LpSolutionUnbounded: "unbounded",
}


def solve_with_cbc(
    problem: pulp.LpProblem,
    *,
    seconds: float | None = None,
    node_limit: int | None = None,
    gap_share: float = 0.0,
    threads: int = 1,
) -> Solution:
    """Solve a PuLP model with CBC; it tells no bound unless the answer is optimal at gap 0."""
    solver = pulp.PULP_CBC_CMD(
        _skip_v4_deprecation=True,  # the bundled CBC; PuLP 4 installs it apart
        msg=False,
        timeLimit=seconds,
        maxNodes=node_limit,
        gapRel=gap_share or None,
        threads=threads,
    )
    began = perf_counter()
    problem.solve(solver)
    used = perf_counter() - began
    status = _STATUS.get(problem.sol_status, "none")
    if status == "none" and problem.status == pulp.LpStatusInfeasible:
        status = "infeasible"  # found by preprocessing, which writes no solution state
    if status not in ("optimal", "feasible"):
        return Solution(status, None, None, None, used, "CBC")
    objective = float(pulp.value(problem.objective) or 0.0)
    values = np.array([variable.varValue or 0.0 for variable in problem.variables()])
    values.setflags(write=False)
    bound = objective if status == "optimal" and gap_share == 0 else None
    return Solution(status, objective, bound, gap_share_of(objective, bound), used, "CBC", values)
