"""The input tables of a study, described as data: columns, kinds, choices and the words people use for them.

The data stand in ``input_tables.toml`` beside this module; checks, templates
and docs all read them from here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

from gis.model.kinds import BarrierKind, FacilityStatus, Role, Settlement
from gis.model.schemas import GROUP_COLUMNS

__all__ = ["NODES", "Column", "InputTable", "ValueKind", "input_table", "input_tables"]

NODES = "paths_nodes"
_CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("areas", "settlement"): tuple(map(str, Settlement)),
    ("barriers", "kind"): tuple(map(str, BarrierKind)),
    ("facilities", "status"): tuple(str(s) for s in FacilityStatus if s is not FacilityStatus.CHOSEN),
    ("workers", "role"): tuple(map(str, Role)),
    ("targets", "settlement"): tuple(map(str, Settlement)),
    ("targets", "operator"): (">=", "<="),
    ("groupings", "rule"): ("together", "apart"),
    ("work_items", "per"): ("grid", "household", "group"),
    ("work_items", "status"): ("active", "cancelled"),
}
_GROUP_WORDS: Mapping[str, tuple[str, ...]] = {
    "elder_80_alone": ("80岁以上独居", "80岁以上独居空巢", "高龄独居", "80歲以上獨居"),
    "elder_special": ("特殊困难老人", "特困老人", "特殊困難老人"),
    "child_at_risk": ("困境儿童", "孤儿困境留守儿童", "留守儿童", "困境兒童"),
    "disabled_severe": ("重度残疾", "重残", "重度殘疾"),
    "low_income": ("低保", "低保户", "低保戶"),
    "extreme_poverty": ("特困", "特困人员", "特困人員"),
    "floating_household": ("流动人口户", "流动户", "流動人口戶"),
    "business_premises": ("九小场所", "九小場所"),
}


class ValueKind(StrEnum):
    """What the cells of a column hold."""

    ID = "id"
    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"
    CHOICE = "choice"
    YEAR = "year"
    DATE = "date"
    YES_NO = "yes_no"
    X = "x"
    Y = "y"
    GEOMETRY = "geometry"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an input table.

    Parameters
    ----------
    name
        Our name.
    kind
        What its cells hold.
    zh, en
        Header in templates.
    required
        Whether the table is refused without it.
    also
        Other headers that are recognised.
    choices
        Our word -> other spellings, for ``choice``; empty when the study says (levels).
    minimum, maximum
        Range of a number; the ends belong to it.
    """

    name: str
    kind: ValueKind
    zh: str
    en: str
    required: bool = False
    also: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class InputTable:
    """One input table of a study.

    Parameters
    ----------
    name
        Name in ``[inputs]``.
    zh, en
        What it is called.
    columns
        Columns by our name, in the order of a template.
    needs
        Each item is a choice of alternatives; one alternative must have all its columns.
    shapes
        Geometry kinds allowed: point, line, polygon; empty for a table without places.
    id
        Column that identifies a row; None where rows have no id.
    groups
        Whether the table takes group counts.
    """

    name: str
    zh: str
    en: str
    columns: Mapping[str, Column]
    needs: tuple[tuple[tuple[str, ...], ...], ...] = ()
    shapes: frozenset[str] = frozenset()
    id: str | None = None
    groups: bool = False

    def with_groups(self, names: Mapping[str, str]) -> InputTable:
        """Return the table with further group count columns, name -> label."""
        if not self.groups:
            return self
        more = {n: Column(n, ValueKind.COUNT, zh, n) for n, zh in names.items() if n not in self.columns}
        return replace(self, columns={**self.columns, **more})


@cache
def input_tables() -> Mapping[str, InputTable]:
    """Return every input table by name, in the order they are read."""
    text = files("gis.files").joinpath("input_tables.toml").read_text(encoding="utf-8")
    return {name: _table(name, entry) for name, entry in tomllib.loads(text).items()}


def input_table(name: str) -> InputTable:
    """Return one input table; raises KeyError for an unknown name."""
    return input_tables()[name]


def _table(name: str, entry: Mapping[str, object]) -> InputTable:
    raw: Mapping[str, Mapping[str, object]] = entry["columns"]  # type: ignore[assignment]
    words: Mapping[str, Mapping[str, list[str]]] = entry.get("words", {})  # type: ignore[assignment]
    columns = {c: _column(name, c, e, words.get(c, {})) for c, e in raw.items()}
    if entry.get("groups"):
        columns |= {g: Column(g, ValueKind.COUNT, _GROUP_WORDS[g][0], g, also=_GROUP_WORDS[g]) for g in GROUP_COLUMNS}
    needs: list[list[list[str]]] = entry["needs"]  # type: ignore[assignment]
    shapes: list[str] = entry["shapes"]  # type: ignore[assignment]
    return InputTable(
        name=name,
        zh=str(entry["zh"]),
        en=str(entry["en"]),
        columns=columns,
        needs=tuple(tuple(tuple(a) for a in need) for need in needs),
        shapes=frozenset(shapes),
        id=str(entry["id"]) if "id" in entry else None,
        groups=bool(entry.get("groups", False)),
    )


def _column(table: str, name: str, entry: Mapping[str, object], words: Mapping[str, list[str]]) -> Column:
    also: list[str] = entry.get("also", [])  # type: ignore[assignment]
    limits: dict[str, float] = {k: float(str(entry[k])) for k in ("minimum", "maximum") if k in entry}
    return Column(
        name=name,
        kind=ValueKind(str(entry["kind"])),
        zh=str(entry["zh"]),
        en=str(entry["en"]),
        required=bool(entry.get("required", False)),
        also=(str(entry["zh"]), *also),
        choices={c: tuple(words.get(c, ())) for c in _CHOICES.get((table, name), ())},
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
    )
