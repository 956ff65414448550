"""Ways out where a drawing leaves the band, each drawn before it is told: a wider band, another number of grids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gis.model.messages import Fact
from gis.model.results import Reason
from optimize.partition.gates import gate_bound
from optimize.partition.problem import Ints, LoadBand, Territory, grid_loads
from optimize.partition.search import least_grids, search, seed_of
from optimize.partition.together import contracted
from optimize.stopping import Stop

__all__ = ["Stuck", "shown", "ways_out"]

WORK = 100_000  # trials a drawing; each shows that a band or a number of grids is enough
STEPS = 7  # bands tried between one that is enough and one that is not
PROVEN_UNITS = 40  # up to here it is tried to prove that no smaller widening is enough
PROVEN = ("（已证明不能更小）", " (proven smallest)")
FOUND = ("", "")
BUT_HEAVY = ("（超过上限的单元除外）", " (but for units above the band by themselves)")


@dataclass(frozen=True)
class Stuck:
    """A territory whose best drawing leaves the band.

    Attributes
    ----------
    labels
        The drawing, of all units.
    scale
        Load units in one unit of the balanced quantity.
    heavy
        Whether units above the band by themselves are left out of account.
    """

    territory: Territory
    labels: Ints
    rng_seed: int
    scale: float
    heavy: bool = False

    @property
    def count(self) -> int:
        """Number of grids of the drawing."""
        return int(self.labels.max()) + 1


@dataclass(frozen=True)
class _Way:
    """A way out and how far it goes: the share of the target by which an end of the band moves."""

    cost_share: float
    reason: Reason


def shown(load: float, scale: float) -> int | float:
    """Return a load as people count it."""
    value = load / scale
    return int(value) if value == int(value) else value


def ways_out(stuck: Stuck, cancelled: Callable[[], bool]) -> tuple[Reason, ...]:
    """Return the smallest relaxations found that bring every grid of a territory into the band.

    Tried are one grid fewer and one more, a lower and a higher end, each by itself, and both; whatever is
    returned has been drawn. At most one change of the number, one lower and one higher end are told.
    """
    stop = Stop(None, cancelled)
    heavy = bool((stuck.territory.load > stuck.territory.band.max).any())
    stuck = replace(stuck, territory=_without_excess(stuck.territory), heavy=heavy)
    small = contracted(stuck.territory).territory
    if heavy and _drawn(small, stuck.count, small.band, stuck, stop) is not None:
        return ()
    least = least_grids(small)
    counts = [k for k in (stuck.count, stuck.count - 1, stuck.count + 1) if least <= k <= len(small)]
    lower, upper = [], []
    for count in counts:
        if stop.now():
            return ()
        if count != stuck.count and _drawn(small, count, small.band, stuck, stop) is not None:
            return (Reason("way-count", {"count": count, **_sure(stuck, FOUND)}),)
        low, high = _lower(small, count, stuck, stop), _upper(small, count, stuck, stop)
        lower += [] if low is None else [low]
        upper += [] if high is None else [high]
    ways = [min(found, key=lambda way: way.cost_share) for found in (lower, upper) if found]
    if not ways:
        ways = [_both(stuck)]
    return tuple(way.reason for way in sorted(ways, key=lambda way: way.cost_share))


def _without_excess(territory: Territory) -> Territory:
    """Return a territory in which a unit heavier than the band fills a grid exactly."""
    return replace(territory, load=np.minimum(territory.load, territory.band.max))


def _sure(stuck: Stuck, words: tuple[str, str]) -> dict[str, Fact]:
    """Return what is proven, and what is left out of account, as facts in both languages."""
    both = [word + (extra if stuck.heavy else "") for word, extra in zip(words, BUT_HEAVY, strict=True)]
    return {"sure_zh": both[0], "sure_en": both[1]}


def _drawn(territory: Territory, count: int, band: LoadBand, stuck: Stuck, stop: Stop) -> Ints | None:
    """Return the loads of a drawing inside a band, None where none was found."""
    loose = replace(territory, band=band)
    seed = seed_of(stuck.rng_seed, territory.territory_id, count, band.min, band.max)
    found = search(loose, count, seed=seed, work=WORK, stop=stop, fitting=True)
    return grid_loads(loose, found.labels) if found.violation == 0 else None


def _band(territory: Territory, low: int, high: int) -> LoadBand:
    return LoadBand(low, min(max(low, territory.band.target), high), high)


def _lower(territory: Territory, count: int, stuck: Stuck, stop: Stop) -> _Way | None:
    """Return the highest lower end found that a drawing fits, the upper end as it is."""
    band, total = territory.band, territory.total_load
    loads = None if count * band.max < total else _drawn(territory, count, _band(territory, 0, band.max), stuck, stop)
    if loads is None:
        return None
    most = min(band.min, total // count)
    low, high = min(int(loads.min()), most), most
    for _ in range(STEPS):
        if low >= high:
            break
        middle = (low + high + 1) // 2
        loads = _drawn(territory, count, _band(territory, middle, band.max), stuck, stop)
        if loads is None:
            high = middle - 1
        else:
            low = min(max(middle, int(loads.min())), most)
    if not 0 < low < band.min:
        return None
    sure = low == most or _none_inside(stuck, count, _band(territory, low + 1, band.max), stop)
    facts: dict[str, Fact] = {"count": count, "low": shown(low, stuck.scale), "max": shown(band.max, stuck.scale)}
    return _Way(
        (band.min - low) / band.target, Reason("way-lower", {**facts, **_sure(stuck, PROVEN if sure else FOUND)})
    )


def _upper(territory: Territory, count: int, stuck: Stuck, stop: Stop) -> _Way | None:
    """Return the lowest upper end found that a drawing fits, the lower end as it is."""
    band, total = territory.band, territory.total_load
    if count * band.min > total:
        return None
    loads = _drawn(territory, count, _band(territory, band.min, max(total, band.max)), stuck, stop)
    if loads is None:
        return None
    fewest = max(band.max, -(-total // count), int(territory.load.max()))
    low, high = fewest, max(fewest, int(loads.max()))
    for _ in range(STEPS):
        if low >= high:
            break
        middle = (low + high) // 2
        loads = _drawn(territory, count, _band(territory, band.min, middle), stuck, stop)
        if loads is None:
            low = middle + 1
        else:
            high = max(fewest, min(middle, int(loads.max())))
    if high <= band.max:
        return None
    sure = high == fewest or _none_inside(stuck, count, _band(territory, band.min, high - 1), stop)
    facts: dict[str, Fact] = {"count": count, "min": shown(band.min, stuck.scale), "high": shown(high, stuck.scale)}
    return _Way(
        (high - band.max) / band.target, Reason("way-upper", {**facts, **_sure(stuck, PROVEN if sure else FOUND)})
    )


def _none_inside(stuck: Stuck, count: int, band: LoadBand, stop: Stop) -> bool:
    """Whether it is proven, by a gate or for a small territory, that no drawing of a number of grids fits a band."""
    territory = stuck.territory
    tight = replace(territory, band=band)
    if gate_bound(tight, territory.load, count, 1) is not None:
        return True
    if len(territory) > PROVEN_UNITS or stop.now():
        return False
    from optimize.partition.proof import QUICK, prove  # noqa: PLC0415  (HiGHS is loaded when needed)

    whole = contracted(territory)
    seed = seed_of(stuck.rng_seed, territory.territory_id, count, band.min, band.max)
    found = search(replace(whole.territory, band=band), count, seed=seed, work=WORK, stop=stop)
    least = prove(tight, whole.expand(found.labels), effort=QUICK, stop=stop).violation_bound
    return least is not None and least > 0


def _both(stuck: Stuck) -> _Way:
    """Return the band that holds the drawing as it is."""
    band = stuck.territory.band
    loads = grid_loads(stuck.territory, stuck.labels)
    low, high = min(band.min, int(loads.min())), max(band.max, int(loads.max()))
    facts: dict[str, Fact] = {"count": stuck.count, "low": shown(low, stuck.scale), "high": shown(high, stuck.scale)}
    return _Way(
        (band.min - low + high - band.max) / band.target, Reason("way-both", {**facts, **_sure(stuck, FOUND)})
    )
