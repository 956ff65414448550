"""The settings of study.toml over the defaults: profiles, visits, grids, services, siting, posting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import TypeVar

from gis.files.notebook import Notebook, nearest_word
from gis.model.errors import SettingError
from gis.model.kinds import BalanceOn, GridObjective, SitingObjective, WalkBasis
from gis.model.standards import (
    Band,
    Profile,
    ServiceStandard,
    StaffRatios,
    Target,
    VisitKind,
    default_profiles,
    default_ratios,
    default_targets,
    default_visits,
)
from gis.model.study import (
    CommunitySettings,
    GridSettings,
    MicroGridSettings,
    PostingSettings,
    SitingSettings,
    StudySettings,
)

__all__ = ["resolve_settings"]

T = TypeVar("T")
_PROFILE_KEYS = (
    "households_min",
    "households_target",
    "households_max",
    *(f.name for f in fields(Profile) if f.name not in ("name", "band")),
)
_SERVICE_KEYS = ("id", "kind", "demand", "max_walk_m", "level", "source")
_PROFILE_TEXTS = ("travel", "source")
_COUNT_ENDS = ("grid_count_min", "grid_count_max")
FEWEST_IN_GROUP = 2  # units that can be kept together or apart


class _Section:
    """One table of the study file; takes values by kind and tells what makes no sense."""

    def __init__(self, values: object, where: str, book: Notebook) -> None:
        self.book = book
        self.where = where
        self.values: Mapping[str, object] = values if isinstance(values, dict) else {}
        if not isinstance(values, dict):
            self.nonsense("", values, f"[{where}]")

    def nonsense(self, key: str, value: object, allowed: str) -> None:
        name = f"{self.where}.{key}" if key else self.where
        self.book.add("study-value-nonsense", table="study", key=name, value=str(value)[:80], allowed=allowed)

    def only(self, *known: str) -> None:
        for key in self.values:
            if key not in known:
                self.book.add(
                    "study-key-unknown",
                    table="study",
                    key=f"{self.where}.{key}",
                    nearest=nearest_word(key, known) or "–",
                    known=", ".join(known),
                )

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        value = self.values.get(key)
        if isinstance(value, str):
            return value
        if value is not None:
            self.nonsense(key, value, "allowed-text")
        elif required:
            self.book.add("study-key-missing", table="study", key=f"{self.where}.{key}")
        return default

    def number(self, key: str, default: T, *, least: float = 0.0, whole: bool = False) -> float | T:
        value = self.values.get(key)
        if value is None:
            return default
        fits = isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value < float("inf")
        if not fits or (whole and value != int(str(value).split(".", maxsplit=1)[0])):
            self.nonsense(key, value, f"{'allowed-whole-number' if whole else 'allowed-number'} >= {least:g}")
            return default
        return float(str(value))

    def whole(self, key: str, default: T, *, least: int = 0) -> int | T:
        value = self.number(key, None, least=least, whole=True)
        return default if value is None else int(value)

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.nonsense(key, value, "true, false")
        return value is True

    def groups(self, key: str) -> tuple[tuple[str, ...], ...]:
        """Take a list of lists of ids, each of two different ones at least."""
        made = []
        value = self.values.get(key, [])
        for group in value if isinstance(value, list) else [value]:
            given = group if isinstance(group, list) else []
            ids = {i for i in given if isinstance(i, str) and i}
            if len(ids) < FEWEST_IN_GROUP or len(ids) != len(given):
                self.nonsense(key, group, '[["unit_id", "unit_id"], ...]')
            else:
                made.append(tuple(sorted(ids)))
        return tuple(made)

    def choice(self, key: str, kind: Callable[[str], T], known: tuple[str, ...], default: T) -> T:
        value = self.values.get(key)
        if value is None:
            return default
        if str(value) in known:
            return kind(str(value))
        self.nonsense(key, value, ", ".join(known))
        return default


def resolve_settings(raw: Mapping[str, object], book: Notebook) -> StudySettings:
    """Return the settings that `raw` gives over the defaults; nonsense goes into `book`."""
    study = _Section(raw.get("study", {}), "study", book)
    profiles = _profiles(raw, book)
    services = _services(raw, book)
    profile = study.choice("profile", str, tuple(profiles), "urban")
    return StudySettings(
        study_id=study.text("id", "study"),
        name=study.text("name", study.text("id", "study")),
        profile=profile,
        notice_zh=study.text("notice_zh"),
        notice_en=study.text("notice_en"),
        credits=study.text("credits"),
        grids=_grids(raw, profiles[profile].band, book),
        services=services,
        siting=_siting(raw, services, book),
        posting=_posting(raw, book),
        profiles=profiles,
        visits=_visits(raw, book),
        ratios=_ratios(raw, book),
        targets=_targets(raw, book),
        min_shared_m=study.number("min_shared_m", 1.0),
        detour_factor=study.number("detour_factor", 1.3, least=1.0),
        micro_grids=_sizes(raw, "micro_grids", MicroGridSettings(), book) if "micro_grids" in raw else None,
        communities=_sizes(raw, "communities", CommunitySettings(), book),
    )


def _grids(raw: Mapping[str, object], usual: Band, book: Notebook) -> GridSettings:
    given = _Section(raw.get("grids", {}), "grids", book)
    ends = ("households_min", "households_target", "households_max")
    known = (
        "balance_on",
        "grid_count",
        "rng_seed",
        "together",
        "apart",
        "grid_price_hm",
        "compound_price_m",
        "deviation_price_m",
        "off_line_price_hm",
        "area_price_hm",
        "keep_price_m",
        "objective",
        "walk_basis",
    )
    given.only(*ends, *_COUNT_ENDS, *known)
    low, middle, high = (given.number(end, None) for end in ends)
    sizes = [size for size in (low, middle, high) if size is not None]
    whole = [
        default if size is None else size
        for size, default in zip((low, middle, high), (usual.minimum, usual.target, usual.maximum), strict=True)
    ]
    if sizes == sorted(sizes) and high != 0 and whole != sorted(whole):
        for end, size, value in zip(ends, (low, middle, high), whole, strict=True):
            if size is None:
                book.add(
                    "band-end-missing",
                    table="study",
                    key=f"grids.{end}",
                    value=f"{value:g}",
                    band="/".join(f"{v:g}" for v in whole),
                )
        low = middle = high = None
    elif sizes != sorted(sizes) or high == 0:
        given.nonsense("households_min", "/".join(f"{s:g}" for s in sizes), "min <= target <= max")
        low = middle = high = None
    fewest, most = (_grid_count(given, key, book) for key in _COUNT_ENDS)
    if isinstance(fewest, int) and isinstance(most, int) and fewest > most:
        given.nonsense("grid_count_min", f"{fewest}/{most}", "grid_count_min <= grid_count_max")
        fewest = most = None
    return GridSettings(
        households_min=low,
        households_target=middle,
        households_max=high,
        balance_on=given.choice("balance_on", BalanceOn, tuple(BalanceOn), BalanceOn.HOUSEHOLDS),
        grid_count=_grid_count(given, "grid_count", book),
        grid_count_min=fewest,
        grid_count_max=most,
        walk_basis=given.choice("walk_basis", WalkBasis, tuple(WalkBasis), WalkBasis.STRAIGHT),
        objective=given.choice("objective", GridObjective, tuple(GridObjective), GridObjective.WALK),
        grid_price_hm=given.number("grid_price_hm", None),
        compound_price_m=given.number("compound_price_m", GridSettings().compound_price_m),
        deviation_price_m=given.number("deviation_price_m", GridSettings().deviation_price_m),
        off_line_price_hm=given.number("off_line_price_hm", GridSettings().off_line_price_hm),
        area_price_hm=given.number("area_price_hm", GridSettings().area_price_hm),
        keep_price_m=given.number("keep_price_m", GridSettings().keep_price_m),
        rng_seed=given.whole("rng_seed", 0),
        together=given.groups("together"),
        apart=given.groups("apart"),
    )


Sizes = TypeVar("Sizes", MicroGridSettings, CommunitySettings)


def _sizes(raw: Mapping[str, object], table: str, usual: Sizes, book: Notebook) -> Sizes:
    """Return a size band of three ends that a table states, over the usual one."""
    given = _Section(raw.get(table, {}), table, book)
    names = [f.name for f in fields(usual)]
    given.only(*names)
    made = replace(usual, **{name: given.number(name, getattr(usual, name)) for name in names})
    if made.households_min <= made.households_target <= made.households_max and made.households_max >= 1:
        return made
    sizes = "/".join(f"{getattr(made, name):g}" for name in names)
    given.nonsense("households_min", sizes, "min <= target <= max")
    return usual


def _grid_count(grids: _Section, name: str, book: Notebook) -> int | dict[str, int] | None:
    """Take a number of grids: one for all, or one per community."""
    given = grids.values.get(name)
    if not isinstance(given, dict):
        return grids.whole(name, None, least=1)
    section = _Section(given, f"grids.{name}", book)
    counts = {key: section.whole(key, None, least=1) for key in given}
    return {key: count for key, count in counts.items() if count is not None}


def _services(raw: Mapping[str, object], book: Notebook) -> tuple[ServiceStandard, ...]:
    made: dict[str, ServiceStandard] = {}
    entries = raw.get("services", [])
    for i, entry in enumerate(entries if isinstance(entries, list) else [entries], start=1):
        given = _Section(entry, f"services[{i}]", book)
        given.only(*_SERVICE_KEYS)
        service_id, kind = given.text("id", required=True), given.text("kind", required=True)
        reach = given.number("max_walk_m", None)
        if reach is None and "max_walk_m" not in given.values:
            book.add("study-key-missing", table="study", key=f"services[{i}].max_walk_m")
        if reach == 0:
            given.nonsense("max_walk_m", 0, "> 0")
        if service_id in made:
            given.nonsense("id", service_id, "allowed-own-id")
        if service_id and kind and reach:
            demand = given.text("demand", "residents")
            made[service_id] = ServiceStandard(
                service_id, kind, demand, reach, given.text("level"), given.text("source")
            )
    return tuple(made.values())


def _siting(
    raw: Mapping[str, object], services: tuple[ServiceStandard, ...], book: Notebook
) -> SitingSettings | None:
    if "siting" not in raw:
        return None
    given = _Section(raw["siting"], "siting", book)
    given.only("service", "add", "budget", "cover_all", "objective")
    known = tuple(s.service_id for s in services)
    service = given.choice("service", str, known, "")
    if "service" not in given.values:
        book.add("study-key-missing", table="study", key="siting.service")
    if not service:
        return None
    return SitingSettings(
        service=service,
        add=given.whole("add", None),
        budget=given.number("budget", None),
        cover_all=given.flag("cover_all"),
        objective=given.choice("objective", SitingObjective, tuple(SitingObjective), SitingObjective.MAX_COVER),
    )


def _posting(raw: Mapping[str, object], book: Notebook) -> PostingSettings:
    given = _Section(raw.get("posting", {}), "posting", book)
    given.only("leads_per_grid", "share_beyond_capacity")
    return PostingSettings(
        leads_per_grid=given.whole("leads_per_grid", 1, least=1),
        share_beyond_capacity=given.flag("share_beyond_capacity"),
    )


def _profiles(raw: Mapping[str, object], book: Notebook) -> dict[str, Profile]:
    made = default_profiles()
    entries = raw.get("profiles", {})
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        given = _Section(entry, f"profiles.{name}", book)
        given.only(*_PROFILE_KEYS)
        changes: dict[str, object] = {k: given.text(k) for k in _PROFILE_TEXTS if k in given.values}
        for key in _PROFILE_KEYS:
            value = None if key in _PROFILE_TEXTS else given.number(key, None)
            if value is not None:
                changes[key] = value
        base = made.get(name) or replace(made["urban"], name=name)
        try:
            made[name] = base.with_changes(changes)
        except SettingError as fault:
            given.nonsense("", fault.facts["value"], str(fault.facts["allowed"]))
    return made


def _visits(raw: Mapping[str, object], book: Notebook) -> tuple[VisitKind, ...]:
    made = {visit.key: visit for visit in default_visits()}
    entries = raw.get("visits", {})
    listed = [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
    named = entries if isinstance(entries, dict) else {str(e.get("key", "")): e for e in listed}
    for key, entry in named.items():
        given = _Section(entry, f"visits.{key}", book)
        given.only("key", "name_zh", "name_en", "visits_per_year", "minutes", "source")
        old = made.get(key)
        times = given.number("visits_per_year", old.visits_per_year if old else None)
        minutes = given.number("minutes", old.minutes if old else None)
        if not key or times is None or minutes is None:
            book.add("study-key-missing", table="study", key=f"visits.{key}.visits_per_year / minutes")
            continue
        made[key] = VisitKind(
            key=key,
            name_zh=given.text("name_zh", old.name_zh if old else key),
            name_en=given.text("name_en", old.name_en if old else key),
            visits_per_year=times,
            minutes=minutes,
            source=given.text("source", old.source if old else ""),
        )
    return tuple(made.values())


def _targets(raw: Mapping[str, object], book: Notebook) -> tuple[Target, ...]:
    """Return ``[[targets]]`` in place of the examples that ship."""
    entries = raw.get("targets")
    if entries is None:
        return default_targets()
    made = []
    for i, entry in enumerate(entries if isinstance(entries, list) else [entries], start=1):
        given = _Section(entry, f"targets[{i}]", book)
        given.only(*(f.name for f in fields(Target)))
        kind, share = given.text("kind", required=True), given.number("value_share", None)
        operator = given.choice("operator", str, (">=", "<="), ">=")
        if not kind or share is None:
            book.add("study-key-missing", table="study", key=f"targets[{i}].kind / value_share")
            continue
        made.append(
            Target(
                kind=kind,
                operator=operator,
                value_share=share,
                settlement=given.text("settlement") or None,
                region=given.text("region") or None,
                year=given.whole("year", None),
                per=given.text("per", "community"),
                source=given.text("source"),
            )
        )
    return tuple(made)


def _ratios(raw: Mapping[str, object], book: Notebook) -> StaffRatios:
    given = _Section(raw.get("staff", {}), "staff", book)
    ratios = default_ratios()
    names = [f.name for f in fields(StaffRatios)]
    given.only(*names)
    changes = {n: given.number(n, None) for n in names if n != "source"}
    changed = {n: v for n, v in changes.items() if v is not None}
    return replace(ratios, **changed, source=given.text("source", ratios.source))
