"""A mixed-integer model as one sparse matrix: what every solver is handed."""

import math
from dataclasses import dataclass

import numpy as np
import pulp
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True)
class SparseModel:
    """``min costs x + offset`` with ``row_low <= rows x <= row_high`` and ``low <= x <= high``.

    Attributes
    ----------
    costs, low, high, integral
        One entry a column, shape (n,).
    rows
        Matrix of shape (m, n).
    row_low, row_high
        One entry a row, shape (m,).
    maximise, offset
        Sense and constant of the objective.
    """

    costs: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    integral: NDArray[np.bool_]
    rows: sparse.csr_matrix
    row_low: NDArray[np.float64]
    row_high: NDArray[np.float64]
    maximise: bool = False
    offset: float = 0.0

    @property
    def is_mixed_integer(self) -> bool:
        """True when at least one column must be whole."""
        return bool(self.integral.any())


def read_pulp(problem: pulp.LpProblem) -> SparseModel:
    """Turn a PuLP model into matrices; columns in the order of ``problem.variables()``."""
    variables = problem.variables()
    position = {variable.name: i for i, variable in enumerate(variables)}
    costs = np.zeros(len(variables))
    offset = 0.0
    if problem.objective is not None:
        offset = float(problem.objective.constant or 0.0)
        for variable, coefficient in problem.objective.items():
            costs[position[variable.name]] = coefficient
    constraints = problem.constraints()
    indptr, indices, data = [0], [], []
    for constraint in constraints:
        for variable, coefficient in constraint.items():
            indices.append(position[variable.name])
            data.append(float(coefficient))
        indptr.append(len(indices))
    right = np.array([-float(c.constant) for c in constraints])
    sense = np.array([c.sense for c in constraints], dtype=np.int64)
    return SparseModel(
        costs=costs,
        low=np.array([-math.inf if v.lowBound is None else v.lowBound for v in variables], dtype=np.float64),
        high=np.array([math.inf if v.upBound is None else v.upBound for v in variables], dtype=np.float64),
        integral=np.array([v.cat == pulp.LpInteger for v in variables], dtype=bool),
        rows=sparse.csr_matrix((data, indices, indptr), shape=(len(constraints), len(variables))),
        row_low=np.where(sense == pulp.LpConstraintLE, -math.inf, right),
        row_high=np.where(sense == pulp.LpConstraintGE, math.inf, right),
        maximise=problem.sense == pulp.LpMaximize,
        offset=offset,
    )


def write_pulp(model: SparseModel) -> pulp.LpProblem:
    """Write matrices as a PuLP model; its variables sort in the order of the columns."""
    problem = pulp.LpProblem("sparse", pulp.LpMaximize if model.maximise else pulp.LpMinimize)
    variables = [
        problem.add_variable(
            f"x{column:09d}",
            None if low == -math.inf else low,
            None if high == math.inf else high,
            pulp.LpInteger if whole else pulp.LpContinuous,
        )
        for column, (low, high, whole) in enumerate(
            zip(model.low.tolist(), model.high.tolist(), model.integral.tolist(), strict=True)
        )
    ]
    # a term for every column, zero or not, so that none is lost
    problem += pulp.LpAffineExpression(list(zip(variables, model.costs.tolist(), strict=True)), model.offset)
    starts, indices, data = model.rows.indptr, model.rows.indices, model.rows.data
    for row, (low, high) in enumerate(zip(model.row_low.tolist(), model.row_high.tolist(), strict=True)):
        entries = slice(starts[row], starts[row + 1])
        total = pulp.lpSum(
            float(value) * variables[column] for column, value in zip(indices[entries], data[entries], strict=True)
        )
        if low == high:
            problem += total == low
            continue
        if low > -math.inf:
            problem += total >= low
        if high < math.inf:
            problem += total <= high
    return problem
