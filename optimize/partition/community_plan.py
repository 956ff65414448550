"""Communities as the grids of their subdistricts: the present ones, and new ones with codes and names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gis.model.codes import next_codes, reading_order
from gis.model.kinds import GridKind
from gis.model.plan import GridInfo, Plan
from gis.model.study import StudyArea

__all__ = ["new_communities", "present_communities"]

CODE_END = 3  # characters of a new code that its name ends in


def present_communities(study: StudyArea) -> Plan:
    """Return the present communities as the grids of their subdistricts."""
    community = study.units["community_id"].astype("str")
    empty = study.units["households"].groupby(community).sum().eq(0)
    infos = []
    for c in sorted(set(community)):
        kind = GridKind.DEDICATED if study.is_dedicated(c) else GridKind.EMPTY if empty[c] else GridKind.GENERAL
        infos.append(GridInfo(c, _parent(study, c), kind, str(study.areas.loc[c, "name"])))
    return Plan.of(study.study_id, community, infos)


def _parent(study: StudyArea, community_id: str) -> str:
    parent = study.areas.loc[community_id, "parent_id"]
    return parent if isinstance(parent, str) else ""


def new_communities(study: StudyArea, base: Plan, group_of: pd.Series[str]) -> tuple[Plan, dict[str, str]]:
    """Return a plan of new communities with codes and names, and the code of each group; what takes no part stays.

    Parameters
    ----------
    base
        The present communities.
    group_of
        unit_id -> name of its new community, of the units that take part. The largest heir keeps a community's code.
    """
    community = study.units.loc[group_of.index, "community_id"].astype("str")
    subdistrict = community.map(study.areas["parent_id"]).astype("str").groupby(group_of).first()
    names = _heirs(study, group_of)
    for parent in sorted(set(subdistrict)):
        fresh = sorted(g for g, s in subdistrict.items() if s == parent and g not in names)
        codes = next_codes(parent, len(fresh), taken=study.areas.index.astype("str"))
        names |= dict(zip(_in_order(study, group_of, fresh), codes, strict=True))
    untouched = base.assignment[~base.assignment.index.isin(group_of.index)]
    infos = [base.grids[g] for g in sorted(set(untouched))]
    for group, parent in subdistrict.items():
        code = names[str(group)]
        origin = community[group_of == group].mode().min()
        called = base.grids[code].name if code in base.grids else f"{base.grids[origin].name} {code[-CODE_END:]}"
        infos.append(GridInfo(code, str(parent), GridKind.GENERAL, called))
    return Plan.of(study.study_id, pd.concat([untouched, group_of.map(names)]), infos), names


def _heirs(study: StudyArea, group_of: pd.Series[str]) -> dict[str, str]:
    """Return the old code that a new community keeps: the largest shares choose first, each once."""
    units = study.units.loc[group_of.index]
    shares = units["households"].groupby([group_of, units["community_id"].astype("str")]).sum()
    order = sorted(shares.items(), key=lambda item: (-int(item[1]), item[0][1], item[0][0]))
    kept: dict[str, str] = {}
    for (group, community), _ in order:
        if str(group) not in kept and str(community) not in kept.values():
            kept[str(group)] = str(community)
    return kept


def _in_order(study: StudyArea, group_of: pd.Series[str], fresh: Sequence[str]) -> list[str]:
    """Return new communities in reading order of their middles."""
    by_group = study.units.loc[group_of.index, ["x", "y"]].groupby(group_of)
    middles = by_group.mean().reindex(fresh)
    heights = (by_group["y"].max() - by_group["y"].min()).reindex(fresh)
    row_m = float(heights.median()) if len(fresh) else 0.0
    return [fresh[int(at)] for at in reading_order(middles.to_numpy(dtype=np.float64), row_m)]
