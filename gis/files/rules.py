"""The `rules` layer: the resolved settings of a study as keys and values, and back again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pandas as pd

from gis.model.kinds import BalanceOn, GridObjective, SitingObjective, WalkBasis
from gis.model.standards import Band, Profile, ServiceStandard, StaffRatios, Target, VisitKind
from gis.model.study import (
    CommunitySettings,
    GridSettings,
    MicroGridSettings,
    PostingSettings,
    SitingSettings,
    StudySettings,
)

__all__ = ["read_rules", "rules_table", "settings_of_rules"]

SETTINGS = "settings"  # prefix of the keys that hold the study's settings
_GRID_KINDS = {"balance_on": BalanceOn, "objective": GridObjective, "walk_basis": WalkBasis}


def rules_table(settings: StudySettings, further: Mapping[str, object]) -> pd.DataFrame:
    """Write settings and further facts as rows.

    Parameters
    ----------
    settings
        Written under ``settings.…``, one row a field, nested fields joined by dots.
    further
        Key -> any JSON value.

    Returns
    -------
    DataFrame
        key, value (JSON), sorted by key.
    """
    rows = {**dict(_leaves(SETTINGS, settings)), **further}
    return pd.DataFrame(
        {
            "key": pd.array(sorted(rows), dtype="str"),
            "value": pd.array([json.dumps(rows[k], ensure_ascii=False) for k in sorted(rows)], dtype="str"),
        }
    )


def _leaves(key: str, value: object) -> Iterator[tuple[str, object]]:
    """Walk through dataclasses, tuples of them and profiles; anything else, as groups of ids, is a leaf."""
    if is_dataclass(value):
        for f in fields(value):
            yield from _leaves(f"{key}.{f.name}", getattr(value, f.name))
    elif isinstance(value, tuple) and value and not isinstance(value[0], tuple):
        for i, item in enumerate(value):
            yield from _leaves(f"{key}.{i:03d}", item)
    elif isinstance(value, Mapping) and value and all(isinstance(v, Profile) for v in value.values()):
        for profile in value.values():
            yield from _leaves(f"{key}.{profile.name}", profile)
    else:
        yield key, dict(value) if isinstance(value, Mapping) else value


def read_rules(table: pd.DataFrame) -> dict[str, Any]:
    """Return the rows of a `rules` layer as key -> value."""
    return {str(k): json.loads(v) for k, v in zip(table["key"], table["value"], strict=True)}


def settings_of_rules(rules: Mapping[str, Any]) -> StudySettings:
    """Build the settings of a study from its rules."""
    tree: dict[str, Any] = {}
    for key in sorted(rules):
        head, *path = key.split(".")
        if head == SETTINGS:
            _put(tree, path, rules[key])
    grids = dict(tree["grids"])
    grids |= {key: kind(grids[key]) for key, kind in _GRID_KINDS.items() if key in grids}
    grids |= {k: tuple(map(tuple, grids.get(k, ()))) for k in ("together", "apart")}
    siting = tree["siting"]
    return StudySettings(
        **{
            **tree,
            "grids": GridSettings(**grids),
            "services": tuple(ServiceStandard(**s) for s in _items(tree["services"])),
            "siting": None if siting is None else _siting(siting),
            "posting": PostingSettings(**tree["posting"]),
            "micro_grids": None if (micro := tree.get("micro_grids")) is None else MicroGridSettings(**micro),
            "communities": CommunitySettings(**tree.get("communities", {})),
            "profiles": {name: _profile(p) for name, p in tree["profiles"].items()},
            "visits": tuple(VisitKind(**v) for v in _items(tree["visits"])),
            "ratios": StaffRatios(**tree["ratios"]),
            "targets": tuple(Target(**t) for t in _items(tree["targets"])),
        }
    )


def _put(tree: dict[str, Any], path: list[str], value: object) -> None:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = value


def _items(branch: dict[str, Any] | list[Any]) -> list[dict[str, Any]]:
    """Return the entries of a tuple, which was written as numbered branches; an empty one as a list."""
    return [branch[i] for i in sorted(branch)] if isinstance(branch, dict) else branch


def _siting(branch: Mapping[str, Any]) -> SitingSettings:
    return SitingSettings(**{**branch, "objective": SitingObjective(branch["objective"])})


def _profile(branch: Mapping[str, Any]) -> Profile:
    return Profile(**{**branch, "band": Band(**branch["band"])})
