"""The written witness: a territory, what is claimed of it and what shows it, in words that JSON knows.

Units are told by their place in ``unit_ids``. `docs/witness.md` says what each word means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optimize.partition.heart_record import HeartRecord
from optimize.partition.problem import Ints, Territory
from optimize.partition.programme_witness import ProgrammeWitness
from optimize.partition.witness import GateWitness, HeartWitness, SetNode, Stage, Witness

if TYPE_CHECKING:
    from optimize.partition.proof import TerritoryProof

__all__ = ["witness_record"]

DIGITS = 6  # of a price: micrometres of one household


def witness_record(
    territory: Territory, proven: TerritoryProof, *, moved: ProgrammeWitness | None = None
) -> dict[str, Any]:
    """Return the witness of a territory's bounds, for `json.dumps`; that of households moved beside it."""
    return {
        "territory_id": territory.territory_id,
        "community_id": territory.community_id,
        "grids": int(proven.labels.max()) + 1,
        "band": [territory.band.min, territory.band.max],
        "unit_ids": list(territory.unit_ids),
        "load": territory.load.tolist(),
        "households": territory.households.tolist(),
        "xy": territory.xy.tolist(),
        **({"metres": territory.gap.tolist()} if len(territory.gap) else {}),
        "neighbours": _pairs(territory),
        "together": _together(territory),
        "apart": territory.rivals.tolist(),
        "locked_to": territory.anchor.tolist(),
        "objective_of": "walk" if territory.terms.walk else "cut",
        "target": territory.band.target,
        "off_target_cost": territory.terms.uneven,
        "area": territory.area.tolist(),
        "area_cap": territory.terms.area_cap,
        "above_cap_cost": territory.terms.area_price,
        "cut_costs": _cut_costs(territory),
        "home": territory.terms.home.tolist(),
        "away_costs": territory.terms.away.tolist(),
        "labels": proven.labels.tolist(),
        "violation": proven.violation,
        "violation_bound": proven.violation_bound,
        "objective": proven.objective,
        "bound": proven.bound,
        "violation_witness": _written(proven.least_witness),
        "witness": _written(proven.witness),
        **({} if moved is None else {"moved_witness": _programme(moved)}),
    }


def _pairs(territory: Territory) -> list[list[int]]:
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    pairs = np.stack([rows, territory.indices], axis=1)
    return [[int(a), int(b)] for a, b in pairs if a < b]


def _cut_costs(territory: Territory) -> list[tuple[int, int, float]]:
    """Return pairs of neighbours with what cutting them costs, in the order of the tolls."""
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    border = territory.terms.border
    cut = zip(rows.tolist(), territory.indices.tolist(), border.tolist(), strict=False)
    return [(a, b, cost) for a, b, cost in cut if a < b and cost > 0]


def _together(territory: Territory) -> list[list[int]]:
    group = territory.group
    return [np.flatnonzero(group == number).tolist() for number in np.unique(group[group >= 0])]


def _written(witness: Witness | HeartWitness | ProgrammeWitness | GateWitness | None) -> dict[str, Any] | None:
    if witness is None:
        return None
    if isinstance(witness, Witness):
        return _sets(witness)
    if isinstance(witness, ProgrammeWitness):
        return _programme(witness)
    if isinstance(witness, GateWitness):
        return {"by": "gate", "unit": witness.unit, "bound": witness.bound}
    if witness.record is None:
        return None
    return {"by": "hearts", "slack": witness.slack, "bound": witness.bound, **_hearts(witness.record)}


def _hearts(record: HeartRecord) -> dict[str, Any]:
    return {
        "goal": record.goal,
        "outside_price": record.outside,
        "nodes": [
            {
                "parent": node.parent,
                "hearts": node.hearts.tolist(),
                "unit": node.unit,
                "within": node.within,
                "steps": [
                    {"unit_prices": _prices(price), "load_prices": _prices(theta), "tolls": _tolls(toll)}
                    for price, theta, toll in steps
                ],
            }
            for node, steps in zip(record.nodes, record.steps, strict=True)
        ],
    }


def _programme(witness: ProgrammeWitness) -> dict[str, Any]:
    return {
        "by": "programme",
        "of": witness.of,
        "violation": witness.violation,
        "goal": witness.goal,
        "bound": witness.bound,
        "cuts": [[u, far, list(around)] for u, far, around in witness.cuts],
        "nodes": [
            {
                "parent": node.parent,
                "unit": node.unit,
                "grid": node.grid,
                "inside": node.inside,
                "possible": node.possible,
                "prices": None if node.prices is None else [[*name, price] for name, price in node.prices],
            }
            for node in witness.nodes
        ],
    }


def _sets(witness: Witness) -> dict[str, Any]:
    return {
        "by": "sets",
        "of": "walk" if witness.by_walk else "violation",
        "value": witness.value,
        "slack": witness.slack,
        "bound": witness.bound,
        "by_solver": witness.by_solver,
        "stages": [_stage(stage) for stage in witness.stages],
        "nodes": [_node(node) for node in witness.branches],
    }


def _node(node: SetNode) -> dict[str, Any]:
    return {
        "parent": node.parent,
        "pair": list(node.pair),
        "together": node.together,
        "prices": None if node.stage is None else _stage(node.stage),
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "unit_prices": _prices(stage.duals.unit),
        "grid_price": stage.duals.count,
        "outside_price": stage.duals.price,
        "cuts": stage.triples.tolist(),
        "cut_prices": stage.cut_duals.tolist(),
        "bound": stage.bound,
    }


def _prices(prices: Ints | np.ndarray[Any, np.dtype[np.float64]]) -> list[float]:
    return [round(float(price), DIGITS) for price in prices]


def _tolls(toll: np.ndarray[Any, np.dtype[np.float64]]) -> list[tuple[int, int, float]]:
    """Return heart, pair and toll of those that are not 0."""
    hearts, pairs = np.nonzero(toll)
    return [(int(h), int(p), float(toll[h, p])) for h, p in zip(hearts, pairs, strict=True)]
