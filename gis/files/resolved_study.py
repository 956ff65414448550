"""The resolved study file: every setting as it was used, and the digests of what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import tomli_w

from gis.model.inputs import StudyInputs
from gis.model.standards import Profile, ServiceStandard

__all__ = ["resolved_study", "write_resolved_study"]


def write_resolved_study(inputs: StudyInputs, path: str | Path) -> Path:
    """Write ``study.toml`` with every setting as it was used; defaults are written out."""
    target = Path(path)
    target.write_text(tomli_w.dumps(resolved_study(inputs)), encoding="utf-8")
    return target


def resolved_study(inputs: StudyInputs) -> dict[str, Any]:
    """Return the tables of the resolved study file, in the order of the contract."""
    settings = inputs.settings
    study = {
        "id": settings.study_id,
        "name": settings.name,
        "profile": settings.profile,
        "crs": inputs.crs,
        "notice_zh": settings.notice_zh,
        "notice_en": settings.notice_en,
        "credits": settings.credits,
        "min_shared_m": settings.min_shared_m,
        "detour_factor": settings.detour_factor,
    }
    tables = {
        "study": study,
        "digests": dict(sorted(inputs.digests.items())),
        "grids": _plain(settings.grids),
        "micro_grids": _plain(settings.micro_grids) if settings.micro_grids else {},
        "communities": _plain(settings.communities),
        "services": [_service(s) for s in settings.services],
        "siting": _plain(settings.siting) if settings.siting else {},
        "posting": _plain(settings.posting),
        "profiles": {name: _profile(p) for name, p in settings.profiles.items()},
        "visits": {v.key: {k: x for k, x in _plain(v).items() if k != "key"} for v in settings.visits},
        "staff": _plain(settings.ratios),
    }
    return {name: table for name, table in tables.items() if table}


def _plain(noun: object) -> dict[str, Any]:
    """Return the fields of a settings noun that TOML can say; what is None is left out."""
    assert is_dataclass(noun)
    values = {f.name: getattr(noun, f.name) for f in fields(noun)}
    return {k: _value(v) for k, v in values.items() if v is not None and v != ()}


def _value(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(k): _value(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [_value(v) for v in value]
    return value if isinstance(value, (bool, int, float)) else str(value)


def _service(service: ServiceStandard) -> dict[str, Any]:
    row = _plain(service)
    return {"id": row.pop("service_id"), **row}


def _profile(profile: Profile) -> dict[str, Any]:
    row = _plain(profile)
    del row["name"], row["band"]
    band = profile.band
    ends = {"households_min": band.minimum, "households_target": band.target, "households_max": band.maximum}
    return ends | row
