"""Pictures of a plan for print and for pages: the overview map and the loads against the band."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import StringIO
from typing import Any

import geopandas as gpd
import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.patches import Patch
from matplotlib.path import Path as Outline
from matplotlib.ticker import FuncFormatter, MaxNLocator

from gis.model.kinds import GridKind, Language
from gis.model.outcome import Outcome
from maps.close_up import Box
from maps.labels import label_places, short_code
from maps.outlines import simplified
from maps.palette import (
    BARRIER_COLOURS,
    INSIDE_TINTS,
    LOAD_COLOURS,
    LoadClass,
    inside_thirds,
    load_classes,
    loads,
    tints,
)
from maps.strings import number, say
from maps.svg_text import TextCanvas, with_readers_fonts

__all__ = ["draw_scale_bar", "fonts", "load_plot", "overview_plot", "patches", "svg_of"]

# Chinese first; each machine has some of these, and the last travels with matplotlib.
FONTS = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei")
LAST_FONT = "DejaVu Sans"
INK, SOFT, LINE = "#16232d", "#55636e", "#39434b"
BINS = 24
WIDTH_IN = 9.0  # of the overview
BESIDE_LEGEND = 0.74  # of the width is the map's where the legend stands beside it
LEGEND_IN = 1.3  # height of the legend where it stands below
SCALE_BARS_M = (20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


@cache
def fonts() -> list[str]:
    """Return the fonts of this machine that know Chinese, and one that is always there."""
    known = {font.name for font in fontManager.ttflist}
    return [name for name in FONTS if name in known] + [LAST_FONT]


def overview_plot(
    outcome: Outcome,
    *,
    lang: Language | str = Language.ZH,
    labels: bool = True,
    width_in: float = WIDTH_IN,
    box: Box | None = None,
    legend_below: bool = False,
) -> Figure:
    """Draw the whole plan: grids by load, community borders, barriers, a legend and a scale bar.

    Parameters
    ----------
    outcome
        The plan and what was measured of it.
    lang
        Language of the legend.
    labels
        Whether grids wide enough carry the last digits of their code.
    width_in
        Width in inches; the height follows the plan.
    box
        The part that is drawn; all that is lived in where nothing is said.
    legend_below
        Whether the legend stands under the map, which then has the whole width, and not beside it.
    """
    west, south, east, north = box or _settled(outcome).total_bounds
    tall = (north - south) / max(east - west, 1.0)
    share, more_in = (1.0, LEGEND_IN) if legend_below else (BESIDE_LEGEND, 0.3)
    high = max(2.5, min(width_in * 1.3, width_in * share * tall + more_in))
    figure = Figure(figsize=(width_in, high), layout="constrained")
    axes = figure.add_subplot()
    classes = load_classes(outcome)
    outlines = simplified(outcome.grids.geometry)
    for fill, hatch, shapes in _fills(outcome, classes, outlines):
        axes.add_collection(patches(shapes, facecolor=fill, edgecolor=LINE, linewidth=0.6, hatch=hatch))
    communities = simplified(outcome.study.communities.geometry)
    axes.add_collection(patches(communities, facecolor="none", edgecolor="#22303a", linewidth=1.5))
    _draw_barriers(axes, outcome, thickness=width_in / WIDTH_IN)
    if labels:
        _draw_labels(axes, outcome, metres_per_inch=(east - west) / (width_in * share))
    margin = 0.02 * max(east - west, north - south)
    axes.set(xlim=(west - margin, east + margin), ylim=(south - margin, north + margin), aspect="equal")
    axes.set_axis_off()
    draw_scale_bar(axes, west, south, east - west, lang)
    _draw_legend(figure, outcome, classes, lang, below=legend_below)
    return figure


def load_plot(outcome: Outcome, *, lang: Language | str = Language.ZH, width_in: float = 7.0) -> Figure:
    """Draw how many grids carry which load, with the band behind them.

    Where bands differ by community, load is shown as a share of each grid's target, and the band that most
    grids have stands behind.
    """
    grids = outcome.grids[outcome.grids["kind"].eq(str(GridKind.GENERAL))]
    load = loads(outcome).reindex(grids.index)
    bands = {c: outcome.study.band_of(str(c)) for c in sorted(set(grids["community_id"]))}
    ends = grids["community_id"].map({c: (b.minimum, b.target, b.maximum) for c, b in bands.items()})
    band = ends.mode().iloc[0] if len(ends) else (0.0, 1.0, 1.0)
    several = len(set(ends)) > 1
    if several:
        load = load / ends.map(lambda e: e[1])
        band = tuple(end / band[1] for end in band)
    figure = Figure(figsize=(width_in, width_in * 0.36), layout="constrained")
    axes = figure.add_subplot()
    axes.axvspan(band[0], band[2], color=INSIDE_TINTS[1][1], zorder=0)
    axes.axvline(band[1], color=SOFT, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    low, high = min([band[0], *load]), max([band[2], *load])
    counts, edges = np.histogram(load, bins=BINS, range=(low, high))
    middles = (edges[:-1] + edges[1:]) / 2
    colours = [_bar_colour(m, band) for m in middles]
    axes.bar(middles, counts, width=np.diff(edges) * 0.9, color=colours, edgecolor=LINE, linewidth=0.5, zorder=2)
    unit = say("unit.share" if several else f"unit.{outcome.study.settings.grids.balance_on}", lang)
    axes.set_xlabel(say("plot.load", lang, unit=unit), fontfamily=fonts(), color=INK)
    axes.set_ylabel(say("plot.grids", lang), fontfamily=fonts(), color=INK)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: number(x, digits=1 if several else 0)))
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def svg_of(figure: Figure) -> str:
    """Return a figure as an SVG element that may stand in a page: the same figure gives the same text.

    Text stays text and is drawn with the reader's fonts; this machine needs no Chinese one.
    """
    out = StringIO()
    canvas = figure.canvas
    with matplotlib.rc_context({"svg.hashsalt": "wangge", "svg.fonttype": "none"}):
        try:
            TextCanvas(figure).print_figure(out, format="svg", metadata={"Date": None, "Creator": None})
        finally:
            figure.set_canvas(canvas)
    text = out.getvalue()
    return with_readers_fonts(text[text.index("<svg") :])


def _settled(outcome: Outcome) -> gpd.GeoDataFrame:
    lived_in = outcome.grids[outcome.grids["households"] > 0]
    return lived_in if len(lived_in) else outcome.grids


def _bar_colour(load: float, band: Sequence[float]) -> str:
    if load < band[0]:
        return LOAD_COLOURS[LoadClass.BELOW]
    return LOAD_COLOURS[LoadClass.ABOVE] if load > band[2] else "#b9ad93"


def _fills(
    outcome: Outcome, classes: pd.Series[str], outlines: gpd.GeoSeries
) -> list[tuple[str, str | None, gpd.GeoSeries]]:
    """Return colour, hatch and outlines, one entry a look."""
    third, tint = inside_thirds(outcome), tints(outcome)
    looks: dict[tuple[str, str | None], list[object]] = {}
    for i, (grid_id, name) in enumerate(classes.items()):
        kind = LoadClass(str(name))
        inside = kind is LoadClass.IN_BAND
        fill = INSIDE_TINTS[int(third.iloc[i])][int(tint.iloc[i])] if inside else LOAD_COLOURS[kind]
        hatch = {LoadClass.EMPTY: "///", LoadClass.DEDICATED: "\\\\\\"}.get(kind)
        looks.setdefault((fill, hatch), []).append(grid_id)
    return [(fill, hatch, outlines.loc[ids]) for (fill, hatch), ids in looks.items()]


def patches(shapes: gpd.GeoSeries, *, hatch: str | None = None, **style: Any) -> PathCollection:
    """Return polygons as one collection of a look."""
    made = PathCollection([_outline(part) for part in shapes.explode().to_numpy()], **style)
    made.set_in_layout(False)  # the axes' limits are set: no need to measure every outline
    if hatch:
        made.set_hatch(hatch)
        made.set_hatchcolor("#d5dadd")
    return made


def _outline(polygon: Any) -> Outline:
    rings = [polygon.exterior, *polygon.interiors]
    return Outline.make_compound_path(*(Outline(np.asarray(r.coords)[:, :2], closed=True) for r in rings))


def _draw_barriers(axes: Axes, outcome: Outcome, *, thickness: float) -> None:
    barriers = outcome.study.barriers
    for kind, colour in BARRIER_COLOURS.items():
        mine = barriers[barriers["kind"].eq(kind)]
        lines = mine.geometry.explode() if len(mine) else mine.geometry
        for line in lines.to_numpy():
            ring = line.exterior if line.geom_type == "Polygon" else line
            if ring.geom_type in ("LineString", "LinearRing"):
                xy = np.asarray(ring.coords)
                width = thickness * (2.2 if kind == "crossing" else 1.6)
                axes.plot(xy[:, 0], xy[:, 1], color=colour, linewidth=width, zorder=3)


def _draw_labels(axes: Axes, outcome: Outcome, *, metres_per_inch: float) -> None:
    grids = outcome.grids[outcome.grids["kind"].ne(str(GridKind.EMPTY))]
    size_pt = 5.5
    points_a_metre = 72 / metres_per_inch  # at 72 an inch
    widest = np.sqrt(grids.area / np.pi) * points_a_metre  # no circle inside is larger than one of the same area
    grids = grids[widest > size_pt * 1.1]
    place = label_places(grids)
    community = grids["community_id"].map(str)
    room = place["radius_m"] * points_a_metre
    for grid_id in place.index[room > size_pt * 1.1]:
        text = short_code(str(grid_id), community[grid_id])
        x, y = place.loc[grid_id, ["x", "y"]]
        axes.text(
            x,
            y,
            text,
            fontsize=size_pt,
            ha="center",
            va="center",
            color=INK,
            fontfamily=fonts(),
            zorder=4,
            clip_on=True,
            in_layout=False,
        )


def draw_scale_bar(axes: Axes, west: float, south: float, width_m: float, lang: Language | str) -> None:
    """Draw a scale bar of round metres, a quarter of `width_m` at most, from a corner on."""
    length = max((m for m in SCALE_BARS_M if m <= width_m / 4), default=SCALE_BARS_M[0])
    axes.plot([west, west + length], [south, south], color=INK, linewidth=2, solid_capstyle="butt", zorder=5)
    text = f"{number(length)} {say('unit.m', lang)}"
    axes.annotate(
        text, (west + length / 2, south), xytext=(0, 4), textcoords="offset points", ha="center",
        fontsize=8, color=INK, fontfamily=fonts(),
    )  # fmt: skip


def _draw_legend(
    figure: Figure, outcome: Outcome, classes: pd.Series[str], lang: Language | str, *, below: bool
) -> None:
    present = set(classes)
    inside = [(INSIDE_TINTS[part][1], say(f"legend.inside.{part}", lang)) for part in (2, 1, 0)]
    rows: list[tuple[str, str]] = []
    for kind in (LoadClass.FAR_ABOVE, LoadClass.ABOVE, LoadClass.IN_BAND, LoadClass.BELOW, LoadClass.FAR_BELOW):
        if kind is LoadClass.IN_BAND:
            rows.extend(inside)
        elif kind in present:
            rows.append((LOAD_COLOURS[kind], say(f"legend.{kind}", lang)))
    handles = [Patch(facecolor=colour, edgecolor=LINE, linewidth=0.6, label=text) for colour, text in rows]
    for kind, hatch in ((LoadClass.DEDICATED, "\\\\\\"), (LoadClass.EMPTY, "///")):
        if kind in present:
            text = say(f"legend.{kind}", lang)
            handles.append(Patch(facecolor=LOAD_COLOURS[kind], edgecolor="#c3cacf", hatch=hatch, label=text))
    figure.legend(
        handles=handles, loc="outside lower left" if below else "outside right upper", frameon=False,
        ncols=2 if below else 1, title=say("colour.load", lang),
        prop={"family": fonts(), "size": 8}, title_fontproperties={"family": fonts(), "size": 9},
    )  # fmt: skip
