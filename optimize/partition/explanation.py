"""Why the band can not be met: a reason per grid and per territory, each claim checked, with the way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from gis.model.messages import Fact
from gis.model.results import Reason
from optimize.partition.gates import gates
from optimize.partition.problem import Ints, Territory, grid_loads

__all__ = ["Explanation", "explain", "with_ways"]

RANK = (
    "band-small-territory",
    "band-small-community",
    "band-behind",
    "band-no-count",
    "band-other-count",
    "band-heavy-unit",
    "band-heavy-group",
    "band-pocket",
    "band-pockets",
    "band-lumpy",
    "band-not-proven",
)


HEAVY = ("band-heavy-unit", "band-heavy-group")
NAMED = 10  # units named in a reason


@dataclass(frozen=True)
class Explanation:
    """Reasons of one territory.

    Attributes
    ----------
    territory
        The reason that weighs most; None when every grid is in the band.
    grids
        Label -> reason, for each grid outside the band.
    """

    territory: Reason | None
    grids: dict[int, Reason]


@dataclass(frozen=True, eq=False)
class _Case:
    territory: Territory
    labels: Ints
    loads: Ints
    least: int | None
    scale: float

    @property
    def count(self) -> int:
        return len(self.loads)

    @property
    def violation(self) -> int:
        return int(self.territory.band.violation(self.loads).sum())

    def fact(self, load: int) -> int | float:
        """Return a load as people count it."""
        if self.scale == 1:
            return int(load)
        shown = load / self.scale
        return int(shown) if shown == int(shown) else shown


def explain(
    territory: Territory, labels: Ints, *, violation_bound: int | None = None, scale: float = 1
) -> Explanation:
    """Say why grids of a drawing lie outside the band.

    Parameters
    ----------
    territory, labels
        The drawing.
    violation_bound
        Proven least load outside the band, in load units; None when nothing is proven.
    scale
        Load units in one unit of the balanced quantity (10 for tenths of an hour).

    Returns
    -------
    Explanation
        What holds whatever the drawing (a heavy unit, a pocket, a total) before what is merely proven or found.
    """
    case = _Case(territory, labels, grid_loads(territory, labels), violation_bound, scale)
    outside = np.flatnonzero(territory.band.violation(case.loads) > 0)
    if not len(outside):
        return Explanation(None, {})
    whole = _of_the_whole(case)
    pockets = [] if whole is not None else _pockets(case)
    grids = {}
    for grid in outside.tolist():
        units = np.flatnonzero(labels == grid)
        heavy = _heavy_unit(case, units) or _heavy_group(case, units)
        grids[grid] = heavy or whole or _pocket(pockets, units) or _rest(case)
    first = min(grids.values(), key=lambda reason: RANK.index(reason.code))
    return Explanation(first, grids)


def _heavy_unit(case: _Case, units: Ints) -> Reason | None:
    """Return the unit that alone exceeds the band."""
    band = case.territory.band
    heaviest = int(units[np.argmax(case.territory.load[units])])
    load = int(case.territory.load[heaviest])
    if load <= band.max:
        return None
    parts = -(-load // band.max)
    return Reason(
        "band-heavy-unit",
        {
            "unit_id": case.territory.unit_ids[heaviest],
            "load": case.fact(load),
            "max": case.fact(band.max),
            "parts": parts,
            "part": case.fact(-(-load // parts)),
        },
    )


def _heavy_group(case: _Case, units: Ints) -> Reason | None:
    """Return the units that must share a grid and together exceed the band."""
    territory = case.territory
    groups = territory.group[units] if len(territory.group) else np.zeros(0, dtype=np.int64)
    for number in np.unique(groups[groups >= 0]).tolist():
        members = np.flatnonzero(territory.group == number)
        load = int(territory.load[members].sum())
        if load > territory.band.max:
            ids = ", ".join(territory.unit_ids[u] for u in members[:NAMED]) + (" …" if len(members) > NAMED else "")
            facts = {"load": case.fact(load), "max": case.fact(territory.band.max)}
            return Reason("band-heavy-group", {"units": len(members), "unit_ids": ids, **facts})
    return None


def _of_the_whole(case: _Case) -> Reason | None:
    """Return what the total alone makes impossible."""
    band, total = case.territory.band, case.territory.total_load
    if total < band.min:
        whole = case.territory.territory_id == case.territory.community_id
        code = "band-small-community" if whole else "band-small-territory"
        return Reason(code, {"load": case.fact(total), "min": case.fact(band.min)})
    if int(case.territory.load.max()) > band.max or case.count * band.min <= total <= case.count * band.max:
        return None
    fewest = -(-total // band.max)
    most = total // max(band.min, 1)
    if fewest <= most:
        fitting = min(max(case.count, fewest), most)
        facts = {"least": case.fact(case.count * band.min), "most": case.fact(case.count * band.max)}
        return Reason(
            "band-other-count", {"count": case.count, "load": case.fact(total), "fitting": fitting, **facts}
        )
    fewer, more = most, fewest
    return Reason(
        "band-no-count",
        {
            "load": case.fact(total),
            "fewer": fewer,
            "more": more,
            "fewer_most": case.fact(fewer * band.max),
            "more_least": case.fact(more * band.min),
            "low": case.fact(total // more),
            "max": case.fact(band.max),
            "high": case.fact(-(-total // fewer)),
        },
    )


@dataclass(frozen=True)
class _Pocket:
    units: frozenset[int]
    reason: Reason


def _pockets(case: _Case) -> list[_Pocket]:
    """Return parts behind a single unit that are too light alone and too heavy with it, one or all of them.

    A grid inside such a part is below the band, and one that holds the parts and the unit is above it.
    """
    territory, band = case.territory, case.territory.band
    found = []
    for gate, parts in gates(territory):
        loads = [int(territory.load[part].sum()) for part in parts]
        light = [(part, load) for part, load in zip(parts, loads, strict=True) if 0 < load < band.min]
        own = int(territory.load[gate])
        closed = [([part], load) for part, load in light if load + own > band.max]
        if not closed and light and own + sum(load for _, load in light) > band.max:
            closed = [([part for part, _ in light], sum(load for _, load in light))]
        for behind, load in closed:
            units = frozenset([gate, *np.concatenate(behind).tolist()])
            facts = {"min": case.fact(band.min), "joined": case.fact(load + own), "max": case.fact(band.max)}
            if len(behind) == 1:
                code, facts["load"] = "band-pocket", case.fact(load)
            else:
                most = max(load for _, load in light)
                code, facts["pockets"], facts["most"] = "band-pockets", len(behind), case.fact(most)
            found.append(_Pocket(units, Reason(code, {"unit_id": territory.unit_ids[gate], **facts})))
    return sorted(found, key=lambda pocket: (len(pocket.units), min(pocket.units)))


def _pocket(pockets: list[_Pocket], units: Ints) -> Reason | None:
    members = set(units.tolist())
    return next((pocket.reason for pocket in pockets if pocket.units & members), None)


def _rest(case: _Case) -> Reason:
    """Return whether the violation is proven least, and the band that would hold the drawing."""
    band = case.territory.band
    facts = {
        "low": case.fact(min(band.min, int(case.loads.min()))),
        "high": case.fact(max(band.max, int(case.loads.max()))),
        "least": case.fact(case.least or 0),
    }
    if case.least is not None and case.least >= case.violation:
        return Reason("band-lumpy", {"count": case.count, **facts})
    return Reason("band-not-proven", {"violation": case.fact(case.violation), **facts})


def with_ways(told: Explanation, ways: tuple[Reason, ...], behind: Mapping[str, Fact] | None) -> Explanation:
    """Return an explanation with ways out that were drawn, and with the barrier that cuts the territory off.

    A unit or a group heavier than the band keeps its own way out where it names a grid, and so does a community
    that is too small as a whole.
    """
    if told.territory is not None and told.territory.code == "band-small-community":
        return told

    def more(reason: Reason) -> Reason:
        named = reason.code == "band-small-territory" and behind is not None
        code, facts = ("band-behind", {**reason.facts, **behind}) if named and behind else (reason.code, reason.facts)
        return Reason(code, facts, () if code in HEAVY else ways)

    first = None if told.territory is None else replace(more(told.territory), ways=ways)
    return Explanation(first, {grid: more(reason) for grid, reason in told.grids.items()})
