"""The one door to mathematical programming solvers: models in, honest answers out.

HiGHS solves through highspy; CBC through PuLP is the fallback where highspy is not installed. One thread by
default, so that the same model gives the same answer everywhere; a limit on nodes is reproducible, a limit on
seconds is not.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import pulp
from numpy.typing import ArrayLike
from scipy import sparse

from optimize.cbc import solve_with_cbc
from optimize.solution import Solution, gap_share_of
from optimize.sparse_model import SparseModel, read_pulp, write_pulp

highspy: Any
try:
    import highspy
except ImportError:
    highspy = None

__all__ = ["Solution", "solve", "solve_sparse"]

Cancelled = Callable[[], bool]

_LARGEST_NODE_LIMIT = 2_147_483_647  # HiGHS counts nodes in 32 bits


def solve(
    problem: pulp.LpProblem,
    *,
    seconds: float | None = None,
    node_limit: int | None = None,
    gap_share: float = 0.0,
    threads: int = 1,
    start: ArrayLike | None = None,
    cancelled: Cancelled | None = None,
) -> Solution:
    """Solve a PuLP model; the variables' ``varValue`` are written only when there is a solution to read.

    Parameters
    ----------
    problem
        The model; any size, it is handed over as one sparse matrix.
    seconds, node_limit
        Limits: wall seconds (not reproducible) and branch-and-bound nodes (reproducible).
    gap_share
        Relative gap at which the search may stop and call the answer optimal.
    threads
        Threads of the solver; keep 1 for reproducible answers.
    start
        Values in the order of ``problem.variables()`` to begin from.
    cancelled
        Asked now and then; the solver stops when it says True.

    Returns
    -------
    Solution
        ``values`` in the order of ``problem.variables()``.
    """
    if highspy is None:
        return solve_with_cbc(problem, seconds=seconds, node_limit=node_limit, gap_share=gap_share, threads=threads)
    limits = _Limits(seconds, node_limit, gap_share, threads)
    answer = _solve_with_highs(read_pulp(problem), limits, start, cancelled)
    _write_back(problem, answer)
    return answer


def solve_sparse(
    costs: ArrayLike,
    rows: Any,
    row_low: ArrayLike,
    row_high: ArrayLike,
    *,
    low: ArrayLike = 0.0,
    high: ArrayLike = math.inf,
    integral: ArrayLike | bool = False,
    maximise: bool = False,
    offset: float = 0.0,
    seconds: float | None = None,
    node_limit: int | None = None,
    gap_share: float = 0.0,
    threads: int = 1,
    start: ArrayLike | None = None,
    cancelled: Cancelled | None = None,
) -> Solution:
    """Solve ``min costs x`` with ``row_low <= rows x <= row_high``, ``low <= x <= high``, as a sparse matrix.

    Parameters
    ----------
    costs
        Cost of each column, shape (n,).
    rows
        Matrix of shape (m, n); any scipy format.
    row_low, row_high
        Row bounds, shape (m,); infinite where open, equal for an equation.
    low, high
        Column bounds, scalars or shape (n,).
    integral
        True for all columns, or a mask of shape (n,).
    maximise, offset
        Sense and constant of the objective.
    seconds, node_limit, gap_share, threads, start, cancelled
        As in `solve`.
    """
    n = np.size(costs)
    matrix = sparse.csr_matrix(rows)
    m = matrix.shape[0]
    model = SparseModel(
        costs=np.asarray(costs, dtype=np.float64),
        low=np.broadcast_to(np.asarray(low, dtype=np.float64), (n,)),
        high=np.broadcast_to(np.asarray(high, dtype=np.float64), (n,)),
        integral=np.broadcast_to(np.asarray(integral, dtype=bool), (n,)),
        rows=matrix,
        row_low=np.broadcast_to(np.asarray(row_low, dtype=np.float64), (m,)),
        row_high=np.broadcast_to(np.asarray(row_high, dtype=np.float64), (m,)),
        maximise=maximise,
        offset=offset,
    )
    if highspy is None:
        return solve_with_cbc(
            write_pulp(model), seconds=seconds, node_limit=node_limit, gap_share=gap_share, threads=threads
        )
    return _solve_with_highs(model, _Limits(seconds, node_limit, gap_share, threads), start, cancelled)


@dataclass(frozen=True)
class _Limits:
    seconds: float | None
    node_limit: int | None
    gap_share: float
    threads: int


def _solve_with_highs(
    model: SparseModel, limits: _Limits, start: ArrayLike | None, cancelled: Cancelled | None
) -> Solution:
    solver = _highs(limits)
    solver.passModel(_highs_model(model))
    if start is not None:
        guess = highspy.HighsSolution()
        guess.col_value = np.asarray(start, dtype=np.float64).tolist()
        solver.setSolution(guess)
    began = perf_counter()
    _run(solver, cancelled)
    if solver.getModelStatus() == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        solver.setOptionValue("presolve", "off")  # presolve can not tell the two apart
        _run(solver, cancelled)
    return _read(solver, mixed_integer=model.is_mixed_integer, seconds=perf_counter() - began)


def _highs(limits: _Limits) -> Any:
    highspy.Highs.resetGlobalScheduler(True)  # a changed thread count would silently give no answer
    solver = highspy.Highs()
    options: dict[str, Any] = {
        "output_flag": False,
        "threads": limits.threads,
        "parallel": "off" if limits.threads == 1 else "choose",
        "random_seed": 0,
        "mip_rel_gap": limits.gap_share,
        "mip_abs_gap": 1e-9,
    }
    if limits.seconds is not None:
        options["time_limit"] = float(limits.seconds)
    if limits.node_limit is not None:
        options["mip_max_nodes"] = min(int(limits.node_limit), _LARGEST_NODE_LIMIT)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


def _highs_model(model: SparseModel) -> Any:
    handed = highspy.HighsLp()
    handed.num_row_, handed.num_col_ = model.rows.shape
    handed.col_cost_ = model.costs
    handed.col_lower_ = model.low
    handed.col_upper_ = model.high
    handed.row_lower_ = model.row_low
    handed.row_upper_ = model.row_high
    handed.offset_ = model.offset
    handed.sense_ = highspy.ObjSense.kMaximize if model.maximise else highspy.ObjSense.kMinimize
    handed.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    handed.a_matrix_.start_ = model.rows.indptr
    handed.a_matrix_.index_ = model.rows.indices
    handed.a_matrix_.value_ = model.rows.data.astype(np.float64)
    if model.is_mixed_integer:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        handed.integrality_ = [kinds[whole] for whole in model.integral.tolist()]
    return handed


def _run(solver: Any, cancelled: Cancelled | None) -> None:
    if cancelled is not None:

        def stop_if_cancelled(event: Any) -> None:
            if cancelled():
                event.interrupt()

        solver.cbMipInterrupt.subscribe(stop_if_cancelled)
        solver.cbSimplexInterrupt.subscribe(stop_if_cancelled)
        solver.cbIpmInterrupt.subscribe(stop_if_cancelled)
    solver.run()


def _read(solver: Any, *, mixed_integer: bool, seconds: float) -> Solution:
    states = highspy.HighsModelStatus
    state = solver.getModelStatus()
    info = solver.getInfo()
    engine = f"HiGHS {solver.version()}"
    nodes = max(int(info.mip_node_count), 0) if mixed_integer else 0
    if state == states.kInfeasible:
        return Solution("infeasible", None, None, None, seconds, engine, nodes=nodes)
    if state in (states.kUnbounded, states.kUnboundedOrInfeasible):
        return Solution("unbounded", None, None, None, seconds, engine, nodes=nodes)
    solved = state in (states.kOptimal, states.kModelEmpty)
    bound = _bound_of(info, mixed_integer=mixed_integer, solved=solved)
    readable = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    if not (readable or state == states.kModelEmpty):
        return Solution("none", None, bound, None, seconds, engine, nodes=nodes)
    objective = float(solver.getObjectiveValue()) if state != states.kModelEmpty else solver.getLp().offset_
    bound = objective if state == states.kModelEmpty else bound
    solution = solver.getSolution()
    values = np.array(solution.col_value, dtype=np.float64)
    values.setflags(write=False)
    duals = None
    if solved and not mixed_integer:
        duals = np.array(solution.row_dual, dtype=np.float64)
        duals.setflags(write=False)
    status = "optimal" if solved else "feasible"
    gap = gap_share_of(objective, bound)
    return Solution(status, objective, bound, gap, seconds, engine, values, duals, nodes)


def _bound_of(info: Any, *, mixed_integer: bool, solved: bool) -> float | None:
    if mixed_integer:
        bound = float(info.mip_dual_bound)
        return bound if math.isfinite(bound) else None
    return float(info.objective_function_value) if solved else None


def _write_back(problem: pulp.LpProblem, answer: Solution) -> None:
    codes = {
        "optimal": (pulp.LpStatusOptimal, pulp.LpSolutionOptimal),
        "feasible": (pulp.LpStatusNotSolved, pulp.LpSolutionIntegerFeasible),
        "infeasible": (pulp.LpStatusInfeasible, pulp.LpSolutionInfeasible),
        "unbounded": (pulp.LpStatusUnbounded, pulp.LpSolutionUnbounded),
        "none": (pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound),
    }
    problem.status, problem.sol_status = codes[answer.status]
    if answer.values is not None:
        for variable, value in zip(problem.variables(), answer.values.tolist(), strict=True):
            variable.varValue = value
