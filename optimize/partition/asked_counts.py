"""The numbers of grids that settings ask for: in total, for a community, inside a range, or open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from gis.model.errors import GroupingError, SettingError
from gis.model.messages import Fact
from optimize.partition.grid_count import natural_count, share_out
from optimize.partition.problem import Territory
from optimize.partition.search import least_grids
from optimize.partition.together import contracted
from optimize.settings import PartitionSettings

__all__ = ["asked_counts", "left_to_draw"]

NAMED = 10  # units named in a refusal


def left_to_draw(
    settings: PartitionSettings, held: Mapping[str, int], communities: Iterable[str]
) -> PartitionSettings:
    """Return settings whose numbers of grids leave out those that are kept as they are; at least one is left.

    Parameters
    ----------
    held
        Number of general grids that are kept, by community.
    communities
        All of them.
    """
    if not held:
        return settings
    by_community = sorted(communities)

    def left(asked: int | Mapping[str, int] | None) -> dict[str, int] | None:
        if asked is None:
            return None
        of = asked if isinstance(asked, Mapping) else dict.fromkeys(by_community, asked)
        return {community: max(1, count - held.get(community, 0)) for community, count in of.items()}

    total = settings.grid_count
    count = max(1, total - sum(held.values())) if isinstance(total, int) else left(total)
    fewest, most = left(settings.grid_count_min), left(settings.grid_count_max)
    return replace(settings, grid_count=count, grid_count_min=fewest, grid_count_max=most)


def asked_counts(
    territories: Sequence[Territory], settings: PartitionSettings, dedicated: Set[str]
) -> list[int | None]:
    """Return the number of grids that is asked of each territory, None where it is open; 1 for dedicated ones."""
    asked = settings.grid_count
    counts: list[int | None] = [None] * len(territories)
    small = [contracted(territory).territory for territory in territories]
    least = [least_grids(territory) for territory in small]
    groups: dict[str | None, list[int]] = {}
    for i, territory in enumerate(territories):
        if territory.total_load == 0 or territory.community_id in dedicated:
            counts[i] = least[i]
        else:
            groups.setdefault(None if isinstance(asked, int) else territory.community_id, []).append(i)
    for group, members in groups.items():
        total = asked.get(str(group)) if isinstance(asked, Mapping) else asked
        if total is None:
            total = _inside(settings.count_range(str(group)), [small[i] for i in members])
        stated = total if total is not None else _fewest(settings, group)
        _refuse_too_many(group, stated, sum(len(small[i]) for i in members))
        if total is None:
            continue
        _refuse_too_few(group, total, [small[i] for i in members], [least[i] for i in members])
        shares = share_out(total, [small[i] for i in members], [least[i] for i in members])
        for i, share in zip(members, shares, strict=True):
            counts[i] = share
    return counts


def _inside(allowed: range | None, territories: Sequence[Territory]) -> int | None:
    """Return the number of grids of a community in several parts whose range is stated; None: it is open."""
    if allowed is None or len(territories) == 1:
        return None
    natural = sum(natural_count(territory) for territory in territories)
    return min(max(natural, allowed.start), allowed.stop - 1)


def _fewest(settings: PartitionSettings, group: str | None) -> int:
    """Return the fewest grids that are stated of a community by its name; what is stated of all is for the larger."""
    stated = settings.grid_count_min
    return stated.get(str(group), 1) if isinstance(stated, Mapping) else 1


def _refuse_too_many(group: str | None, stated: int, units: int) -> None:
    """Refuse more grids than there are units, groups that share a grid counted once."""
    if stated <= units:
        return
    if group is None:
        raise SettingError("grids-above-units-in-all", count=stated, units=units)
    raise SettingError("grids-above-units", community_id=group, count=stated, units=units)


def _refuse_too_few(group: str | None, total: int, territories: Sequence[Territory], least: Sequence[int]) -> None:
    """Refuse a number of grids that can not keep apart what must be."""
    if total >= sum(least) or not any(len(t.rivals) for t in territories):
        return
    ids = sorted({t.unit_ids[u] for t in territories for u in t.rivals.ravel().tolist()})
    names = ", ".join(ids[:NAMED]) + (" …" if len(ids) > NAMED else "")
    facts: dict[str, Fact] = {"count": total, "least": sum(least), "unit_ids": names}
    if group is None:
        raise GroupingError("apart-needs-more-in-all", **facts)
    raise GroupingError("apart-needs-grids", territory_id=group, **facts)
