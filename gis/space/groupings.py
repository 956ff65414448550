"""Units kept together or apart, brought to the units of the study, with every contradiction told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import networkx as nx
import pandas as pd

from gis.model.errors import InputRefusedError
from gis.model.findings import Finding, Findings
from gis.model.kinds import BalanceOn
from gis.model.study import StudyArea

__all__ = ["with_groupings"]

Groups = tuple[tuple[str, ...], ...]


def with_groupings(
    study: StudyArea, unit_of: pd.Series[str], entrances: Mapping[str, tuple[str, ...]] | None = None
) -> StudyArea:
    """Return the study with its groups in unit ids: of `together` merged and disjoint, of `apart` as pairs.

    Parameters
    ----------
    unit_of
        household_id or building_id -> unit_id.
    entrances
        building_id -> units, of buildings that are split: kept together, such a building stands for all of them,
        kept apart for the first.

    Raises
    ------
    InputRefusedError
        If a unit is not there, a group crosses communities or is not one piece, or two rules contradict.
    """
    grids = study.settings.grids
    if not grids.together and not grids.apart:
        return study
    lost: list[Finding] = []
    parts = entrances or {}
    whole = [tuple(unit for name in group for unit in parts.get(name, (name,))) for group in grids.together]
    together = _merged([_units(study, unit_of, group, "together", lost) for group in whole])
    apart = [
        _units(study, unit_of, [parts.get(name, (name,))[0] for name in group], "apart", lost)
        for group in grids.apart
    ]
    group_of = {unit: i for i, group in enumerate(together) for unit in group}
    community = study.units["community_id"]
    pairs: set[tuple[str, str]] = set()
    found = list(lost)
    for group in apart:
        for a, b in combinations(group, 2):
            if a == b or group_of.get(a, -1) == group_of.get(b, -2):
                found.append(Finding("apart-inside-together", {"unit_a": a, "unit_b": b}))
            elif community[a] == community[b]:
                pairs.add((min(a, b), max(a, b)))
    found += [fault for group in together for fault in _faults(study, group)]
    findings = study.findings + found
    if any(Findings((fault,)).refused for fault in found):
        raise InputRefusedError(findings)
    resolved = replace(grids, together=together, apart=tuple(sorted(pairs)))
    return replace(study, settings=replace(study.settings, grids=resolved), findings=findings)


def _units(
    study: StudyArea, unit_of: pd.Series[str], ids: Sequence[str], rule: str, lost: list[Finding]
) -> list[str]:
    """Return the units that ids stand for; those that stand for none are told."""
    units = []
    for name in ids:
        unit = name if name in study.units.index else unit_of.get(name)
        if unit is None:
            lost.append(Finding("grouping-lost", {"unit_id": name, "rule": rule}))
        else:
            units.append(str(unit))
    return units


def _merged(groups: Sequence[Sequence[str]]) -> Groups:
    """Return the groups with those that share a unit as one, sorted; groups of one unit ask for nothing."""
    graph = nx.Graph()
    for group in groups:
        nx.add_path(graph, group)
    return tuple(sorted(tuple(sorted(part)) for part in nx.connected_components(graph) if len(part) > 1))


def _faults(study: StudyArea, group: Sequence[str]) -> list[Finding]:
    """Tell a group that no one grid can hold, or that no band can."""
    community = study.units.loc[list(group), "community_id"].astype(str)
    other = community[community != community.iloc[0]]
    if len(other):
        a, b = str(community.index[0]), str(other.index[0])
        facts = {"unit_a": a, "community_a": community[a], "unit_b": b, "community_b": community[b]}
        return [Finding("together-across", facts)]
    inside = study.adjacency[study.adjacency["unit_a"].isin(group) & study.adjacency["unit_b"].isin(group)]
    graph = nx.Graph()
    graph.add_nodes_from(group)
    graph.add_edges_from(zip(inside["unit_a"], inside["unit_b"], strict=True))
    pieces = sorted(sorted(piece) for piece in nx.connected_components(graph))
    if len(pieces) > 1:
        return [Finding("together-disconnected", {"unit_a": pieces[0][0], "unit_b": pieces[1][0]})]
    if study.settings.grids.balance_on is not BalanceOn.HOUSEHOLDS or study.is_dedicated(community.iloc[0]):
        return []
    households, most = int(study.units.loc[list(group), "households"].sum()), study.band_of(community.iloc[0]).maximum
    if households <= most:
        return []
    facts = {"units": len(group), "unit_id": group[0], "households": households, "max": f"{most:g}"}
    return [Finding("group-heavy", facts)]
