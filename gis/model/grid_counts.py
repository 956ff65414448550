"""One grid fewer and one more: what each community would get, and what the extra grid is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gis.model.results import CountOption, TerritoryReport

__all__ = ["CommunityCounts", "counts_of_communities"]


@dataclass(frozen=True, slots=True)
class CommunityCounts:
    """A community at its number of grids, at one fewer and at one more; None where there is no such drawing.

    Where barriers divide a community the grid goes, or comes, in the part where it changes least for the
    worse, or most for the better.
    """

    community_id: str
    households: int
    now: CountOption
    fewer: CountOption | None
    more: CountOption | None
    by_borders: bool = False

    def walk_mean_m(self, option: CountOption) -> float | None:
        """Return the mean metres to the heart; None where borders alone count, of which the walk is no part."""
        if self.by_borders:
            return None
        return option.walk_hm / self.households if self.households else 0.0

    @property
    def last_grid_saves_hm(self) -> float | None:
        """Household-metres that the last grid saves: above this price a grid would be left out."""
        return None if self.fewer is None or self.by_borders else self.fewer.objective - self.now.objective

    @property
    def next_grid_saves_hm(self) -> float | None:
        """Household-metres that one more grid would save: below this price it would be drawn."""
        return None if self.more is None or self.by_borders else self.now.objective - self.more.objective


def counts_of_communities(territories: Sequence[TerritoryReport]) -> tuple[CommunityCounts, ...]:
    """Return the communities for which other numbers of grids were looked at, by id."""
    parts: dict[str, list[TerritoryReport]] = {}
    for territory in territories:
        parts.setdefault(territory.community_id, []).append(territory)
    made = []
    for community_id in sorted(parts):
        members = [t for t in parts[community_id] if t.households > 0]
        fewer, more = (_changed(members, step) for step in (-1, 1))
        if fewer is not None or more is not None:
            now = CountOption(
                sum(t.grids for t in members),
                sum(t.band_violation for t in members),
                sum(t.objective for t in members),
                sum(t.walk_hm for t in members),
            )
            households = sum(t.households for t in members)
            by_borders = any(t.by_borders for t in members)
            made.append(CommunityCounts(community_id, households, now, fewer, more, by_borders))
    return tuple(made)


def _changed(members: Sequence[TerritoryReport], step: int) -> CountOption | None:
    """Return the sums when one part has one grid fewer or more: the best such change."""
    changes = [
        (o.band_violation - t.band_violation, o.objective - t.objective, o.walk_hm - t.walk_hm)
        for t in members
        for o in t.other_counts
        if o.grids == t.grids + step
    ]
    if not changes:
        return None
    violation, objective, walk_hm = min(changes)
    return CountOption(
        sum(t.grids for t in members) + step,
        sum(t.band_violation for t in members) + violation,
        sum(t.objective for t in members) + objective,
        sum(t.walk_hm for t in members) + walk_hm,
    )
