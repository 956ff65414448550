"""Default QGIS styles, kept inside plan files so that they open coloured and labelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

import pandas as pd

__all__ = ["PLAN_STYLES", "layer_styles"]

# Okabe & Ito's colour-blind safe hues, lightened where they fill; red, green, blue, alpha
INSIDE = "222,235,222,255"
BELOW = "86,180,233,255"
ABOVE = "230,159,0,255"
QUIET = "225,225,225,255"
INK = "40,40,40,255"
NOTHING = "0,0,0,0"


@dataclass(frozen=True, slots=True)
class _Rule:
    """One line of a legend: which features (an expression, empty for all) and their symbol."""

    label: str
    where: str
    kind: str
    options: tuple[tuple[str, str], ...]


def _fill(label: str, where: str, colour: str, *, outline: str = INK, width_mm: float = 0.4) -> _Rule:
    options = {
        "color": colour,
        "outline_color": outline,
        "outline_style": "solid",
        "outline_width": f"{width_mm:g}",
        "outline_width_unit": "MM",
        "style": "no" if colour == NOTHING else "solid",
    }
    return _Rule(label, where, "fill", tuple(options.items()))


def _line(label: str, where: str, colour: str, *, width_mm: float) -> _Rule:
    options = {"line_color": colour, "line_style": "solid", "line_width": f"{width_mm:g}", "line_width_unit": "MM"}
    return _Rule(label, where, "line", tuple(options.items()))


def _marker(label: str, where: str, shape: str, colour: str) -> _Rule:
    options = {"name": shape, "color": colour, "outline_color": INK, "size": "3", "size_unit": "MM"}
    return _Rule(label, where, "marker", tuple(options.items()))


_SYMBOL_LAYER = {"fill": "SimpleFill", "line": "SimpleLine", "marker": "SimpleMarker"}
_GRIDS = (
    _fill("空网格或专属网格 no band applies", '"in_band" IS NULL', QUIET),
    _fill("在规模区间内 in band", '"in_band"', INSIDE),
    _fill("低于下限 below the band", 'NOT "in_band" AND "deviation_share" < 0', BELOW),
    _fill("高于上限 above the band", 'NOT "in_band" AND "deviation_share" >= 0', ABOVE),
)
_PUBLIC_GRIDS = (
    _fill("一般网格 general", "\"kind\" = 'general'", INSIDE),
    _fill("专属网格 dedicated", "\"kind\" = 'dedicated'", BELOW),
    _fill("空网格 empty", "\"kind\" = 'empty'", QUIET),
)
_UNITS = (_fill("基本单元 unit", "", NOTHING, outline="150,150,150,255", width_mm=0.15),)
_AREAS = (
    _fill("县区 county", "\"level\" = 'county'", NOTHING, width_mm=1.0),
    _fill("街道/乡镇 subdistrict", "\"level\" = 'subdistrict'", NOTHING, width_mm=0.8),
    _fill("社区/村 community", "\"level\" = 'community'", NOTHING, width_mm=0.6),
)
_BARRIERS = (
    _line("通道 crossing", "\"kind\" = 'crossing'", "0,158,115,255", width_mm=0.9),
    _line("河流 river", "\"kind\" = 'river'", "0,114,178,255", width_mm=0.9),
    _line("固定界线 fixed boundary line", "\"kind\" = 'boundary'", "163,25,91,255", width_mm=0.5),
    _line(
        "其他障碍 other barrier", "\"kind\" NOT IN ('boundary', 'crossing', 'river')", "120,60,30,255", width_mm=0.7
    ),
)
_FACILITIES = (
    _marker("现有设施 existing", "\"status\" = 'existing'", "circle", "0,114,178,255"),
    _marker("选定设施 chosen", "\"status\" = 'chosen'", "star", "213,94,0,255"),
    _marker("候选点 candidate", "\"status\" = 'candidate'", "diamond", "255,255,255,255"),
    _marker("已关闭 closed", "\"status\" = 'closed'", "cross", "120,120,120,255"),
)
_STYLES = {
    "areas": (_AREAS, '"name"'),
    "units": (_UNITS, ""),
    "grids": (_GRIDS, 'right("grid_id", 3)'),
    "public_grids": (_PUBLIC_GRIDS, 'right("grid_id", 3)'),
    "barriers": (_BARRIERS, ""),
    "facilities": (_FACILITIES, '"name"'),
}
PLAN_STYLES = {layer: layer for layer in ("areas", "units", "grids", "barriers", "facilities")}


def layer_styles(styles: Mapping[str, str], *, geometry_column: str) -> pd.DataFrame:
    """Return the `layer_styles` table that QGIS looks for.

    Parameters
    ----------
    styles
        Layer -> name of its style.
    geometry_column
        Of every layer.
    """
    styled = list(styles)
    return pd.DataFrame(
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": styled,
            "f_geometry_column": geometry_column,
            "styleName": [f"{layer}_default" for layer in styled],
            "styleQML": [_qml(*_STYLES[styles[layer]]) for layer in styled],
            "styleSLD": "",
            "useAsDefault": True,
            "description": "wangge",
            "owner": "",
            "ui": "",
            "update_time": pd.to_datetime(
                ["2000-01-01"] * len(styled), utc=True
            ),  # fixed: values never differ between runs
        }
    )


def _qml(rules: tuple[_Rule, ...], label: str) -> str:
    """Return a QGIS style: one rule a line of the legend, and labels by an expression."""
    lines = "".join(
        f'<rule key="rule{i}" symbol="{i}" label={quoteattr(r.label)}'
        + (f" filter={quoteattr(r.where)}" if r.where else "")
        + "/>"
        for i, r in enumerate(rules)
    )
    symbols = "".join(_symbol(i, r) for i, r in enumerate(rules))
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        f'<qgis version="3.22.0" styleCategories="Symbology|Labeling" labelsEnabled="{int(bool(label))}">'
        '<renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">'
        f'<rules key="root">{lines}</rules><symbols>{symbols}</symbols></renderer-v2>'
        f"{_labeling(label) if label else ''}"
        "</qgis>"
    )


def _symbol(number: int, rule: _Rule) -> str:
    options = "".join(f'<Option type="QString" name="{k}" value={quoteattr(v)}/>' for k, v in rule.options)
    older = "".join(f'<prop k="{k}" v={quoteattr(v)}/>' for k, v in rule.options)
    return (
        f'<symbol type="{rule.kind}" name="{number}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{_SYMBOL_LAYER[rule.kind]}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{options}</Option>{older}</layer></symbol>'
    )


def _labeling(expression: str) -> str:
    return (
        '<labeling type="simple"><settings calloutType="simple">'
        f'<text-style fieldName={quoteattr(expression)} isExpression="1" fontSize="9" fontSizeUnit="Point"'
        f' fontFamily="Noto Sans CJK SC" textColor="{INK}" textOpacity="1">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255"'
        ' bufferOpacity="1"/></text-style>'
        '<placement placement="1" centroidInside="1" centroidWhole="0"/>'
        '<rendering drawLabels="1" obstacle="1" scaleVisibility="0"/>'
        "</settings></labeling>"
    )
