"""What a person may choose before grids are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.model.errors import SettingError
from gis.model.kinds import BalanceOn, GridObjective
from gis.model.standards import Band

if TYPE_CHECKING:
    from gis.model.study import StudyArea

__all__ = ["DEFAULT_WORK", "PartitionSettings"]

MOST_GRIDS = 1_000_000  # where only the fewest are stated
DEFAULT_WORK = 500_000  # trials a territory, 0.05 s on one core; the proof mends what that leaves


@dataclass(frozen=True, kw_only=True)
class PartitionSettings:
    """Settings of :func:`optimize.partition.drawing.draw_grids`.

    Parameters
    ----------
    band
        Size band in the balanced quantity for every community; None: each community's own.
    band_share
        Share of the target that grids may miss, where that is narrower than the band; None: the band.
    balance_on
        The balanced quantity.
    grid_count
        Number of grids: None (from load and band), a grand total shared out by load, or a number per
        community id (communities left out are counted from load and band).
    grid_count_min, grid_count_max
        Fewest and most grids of every community, or per community id, where `grid_count` says nothing.
    compare_counts
        Whether one grid fewer and one more are drawn beside each territory, by a short search.
    explain
        Whether ways out are looked for and drawn where grids leave the band.
    grid_price_hm
        Household-metres that one more grid costs. With a price the number of grids inside the band is the
        one that makes distance plus price smallest; None: the number nearest load / target.
    compound_price_m
        Metres per household that cutting two neighbours of one compound costs; 0: compounds are not minded.
        The band comes first, so a compound is cut where the band asks for it.
    deviation_price_m
        Household-metres that each household (resident, hour) of a grid above or below the target costs; 0: inside
        the band all loads are alike.
    off_line_price_hm
        Household-metres that one metre of border between two grids costs that lies on no mapped road, river, railway
        or wall; 0: borders are not minded.
    area_price_hm
        Household-metres that each square kilometre of a grid above its profile's soft cap costs; 0: areas are not
        minded.
    objective
        What is kept small inside the band: household-metres to the heart, neighbour pairs that are cut, or metres
        of shared border that are cut. The last two leave compounds out, and redrawing keeps to the walk.
    keep_price_m
        Household-metres that one household which changes its grid must spare the others, when a plan is redrawn; 0:
        it is drawn afresh.
    rng_seed
        Seed; the same seed gives the same plan on any number of processes.
    work
        Trials of the search per territory; a large territory gets at least one full search.
    prove
        Whether the search is followed by a proof: lower bounds, and better drawings where it finds them.
    witness
        Whether what shows the bounds is kept, for anybody to check.
    seconds
        Wall-clock limit that only truncates; None: none.
    """

    band: Band | None = None
    band_share: float | None = None
    balance_on: BalanceOn = BalanceOn.HOUSEHOLDS
    grid_count: int | Mapping[str, int] | None = None
    grid_count_min: int | Mapping[str, int] | None = None
    grid_count_max: int | Mapping[str, int] | None = None
    compare_counts: bool = False
    explain: bool = False
    grid_price_hm: float | None = None
    compound_price_m: float = 0.0
    deviation_price_m: float = 0.0
    off_line_price_hm: float = 0.0
    area_price_hm: float = 0.0
    keep_price_m: float = 1000.0
    objective: GridObjective = GridObjective.WALK
    rng_seed: int = 0
    work: int = DEFAULT_WORK
    prove: bool = True
    witness: bool = False
    seconds: float | None = None

    def __post_init__(self) -> None:
        for name in ("grid_count", "grid_count_min", "grid_count_max"):
            asked = getattr(self, name)
            for count in asked.values() if isinstance(asked, Mapping) else (asked,):
                _refuse(count is not None and count < 1, name, count, ">= 1")
        _refuse(self.band_share is not None and not 0 <= self.band_share <= 1, "band_share", self.band_share, "0-1")
        _refuse(self.work < 1, "work", self.work, ">= 1")
        for name in ("compound_price_m", "deviation_price_m", "off_line_price_hm", "area_price_hm", "keep_price_m"):
            _refuse(getattr(self, name) < 0, name, getattr(self, name), ">= 0")
        _refuse(self.rng_seed < 0, "rng_seed", self.rng_seed, ">= 0")
        _refuse(self.seconds is not None and self.seconds <= 0, "seconds", self.seconds, "> 0")
        _refuse(
            self.grid_price_hm is not None and self.grid_price_hm < 0, "grid_price_hm", self.grid_price_hm, ">= 0"
        )

    def count_range(self, community_id: str) -> range | None:
        """Return the numbers of grids that a community may have; None: any."""
        ends = [
            asked.get(community_id) if isinstance(asked, Mapping) else asked
            for asked in (self.grid_count_min, self.grid_count_max)
        ]
        if ends == [None, None]:
            return None
        fewest = ends[0] or 1
        return range(fewest, max(fewest, ends[1] or MOST_GRIDS) + 1)

    @classmethod
    def of(cls, study: StudyArea, **changes: object) -> PartitionSettings:
        """Return the settings that a study asks for, with some of them changed; None changes nothing."""
        grids = study.settings.grids
        own = cls(
            balance_on=grids.balance_on,
            grid_count=grids.grid_count,
            grid_count_min=grids.grid_count_min,
            grid_count_max=grids.grid_count_max,
            grid_price_hm=grids.grid_price_hm,
            compound_price_m=grids.compound_price_m,
            deviation_price_m=grids.deviation_price_m,
            off_line_price_hm=grids.off_line_price_hm,
            area_price_hm=grids.area_price_hm,
            keep_price_m=grids.keep_price_m,
            objective=grids.objective,
            rng_seed=grids.rng_seed,
        )
        return replace(own, **{k: v for k, v in changes.items() if v is not None})  # type: ignore[arg-type]


def _refuse(bad: bool, name: str, value: object, allowed: str) -> None:
    if bad:
        raise SettingError("setting-nonsense", name=name, value=str(value), allowed=allowed)
