"""Communities before and after merging and splitting: one page with two maps and the table of what became of each."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure

from gis.model.kinds import Language
from gis.model.standards import Band
from gis.model.study import StudySettings
from maps.close_up import Box
from maps.labels import fitting_text, label_places
from maps.outlines import simplified
from maps.page_template import page_template
from maps.plots import draw_scale_bar, fonts, patches, svg_of
from maps.strings import number, say

__all__ = ["FATE_COLOURS", "communities_html", "fate_map", "wordings_of", "write_communities"]

MAP_IN = 6.2  # inches
INK, LINE = "#16232d", "#39434b"
FATE_COLOURS = {
    "kept": "#efe9dc",
    "adjusted": "#9ecae8",
    "merged": "#2c7bb6",
    "split": "#fdb366",
    "new": "#d7601a",
    "retired": "#a9a9a9",
    "none": "#fafafa",
}
LABEL_PT = 6.5
CODE_END = 3  # characters of a code that stand for a name too long for its place
PT_PER_IN = 72


def write_communities(
    settings: StudySettings,
    present: gpd.GeoDataFrame,
    drawn: gpd.GeoDataFrame,
    changes: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    path: Path,
    lang: Language | str = Language.ZH,
) -> None:
    """Write the page; parameters as of :func:`communities_html`."""
    path.write_text(communities_html(settings, present, drawn, changes, codes, lang=lang), encoding="utf-8")


def communities_html(
    settings: StudySettings,
    present: gpd.GeoDataFrame,
    drawn: gpd.GeoDataFrame,
    changes: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    lang: Language | str = Language.ZH,
) -> str:
    """Return the page that shows communities before and after.

    Parameters
    ----------
    settings
        Names, notices and the band.
    present
        Index ``community_id``; name, geometry: the communities as they are.
    drawn
        Index ``community_id``; name, fate, households, residents, in_band, reason_zh, reason_en, geometry.
    changes
        Index ``community_id`` over old and new ones; fate, households_before, households_after.
    codes
        old_community_id, new_community_id, units, households.
    """
    language = str(lang)
    return page_template("communities.html").render(
        lang=language,
        t=lambda code, **facts: say(code, language, **facts),
        n=number,
        name=settings.name,
        notice=settings.notice_zh if language == "zh" else settings.notice_en,
        credits=settings.credits,
        band=_band(settings.communities.band, language),
        counts=changes["fate"].value_counts().sort_index().to_dict(),
        colours=FATE_COLOURS,
        before=fate_map(present, changes["fate"], language),
        after=fate_map(drawn, drawn["fate"], language),
        rows=_rows(present, drawn, changes, codes, language),
    )


def _band(band: Band, lang: str) -> str:
    return say("communities.band", lang, low=number(band.minimum), high=number(band.maximum))


def fate_map(table: gpd.GeoDataFrame, fates: pd.Series[str], lang: str, *, box: Box | None = None) -> Markup:
    """Draw outlines coloured by what became of them, each with its name where there is room; all, or a box."""
    west, south, east, north = box or table.total_bounds
    tall = (north - south) / max(east - west, 1.0)
    high = min(1.4 * MAP_IN, max(2.0, MAP_IN * tall))
    figure = Figure(figsize=(MAP_IN, high), layout="constrained")
    axes = figure.add_subplot()
    shapes = simplified(table.geometry)
    fate = fates.reindex(table.index).fillna("none")
    for name, colour in FATE_COLOURS.items():
        mine = shapes[fate.eq(name).to_numpy()]
        if len(mine):
            axes.add_collection(patches(mine, facecolor=colour, edgecolor=LINE, linewidth=1.0))
    margin = 0.02 * max(east - west, north - south)
    metres_per_pt = max((east - west + 2 * margin) / MAP_IN, (north - south + 2 * margin) / high) / PT_PER_IN
    for community_id, place in label_places(table if box is None else table.cx[west:east, south:north]).iterrows():
        wordings = wordings_of(str(table["name"][community_id]), str(community_id))
        text = fitting_text(
            wordings, shapes.loc[community_id], place["x"], place["y"], letter_m=LABEL_PT * metres_per_pt
        )
        axes.text(
            place["x"], place["y"], text, fontsize=LABEL_PT, ha="center", va="center", color=INK,
            fontfamily=fonts(), clip_on=True, in_layout=False,
        )  # fmt: skip
    axes.set(xlim=(west - margin, east + margin), ylim=(south - margin, north + margin), aspect="equal")
    axes.set_axis_off()
    draw_scale_bar(axes, west, south, east - west, lang)
    return Markup(svg_of(figure))


def wordings_of(name: str, community_id: str) -> tuple[str, ...]:
    """Return what may stand for a community, the fullest first: its name, that in two lines, the end of its code."""
    head, _, last = name.rpartition(" ")
    return (name, *([f"{head}\n{last}"] if head else []), community_id[-CODE_END:])


def _rows(
    present: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame, changes: pd.DataFrame, codes: pd.DataFrame, lang: str
) -> list[dict[str, object]]:
    """Return one row an old or new community: what became of it, its size, where its households come from or go."""
    comes = codes.groupby("new_community_id")
    goes = codes.groupby("old_community_id")
    rows: list[dict[str, object]] = []
    for community_id in changes.index:
        new = community_id in drawn.index
        came = new and changes["fate"][community_id] != "split"
        pairs = comes.get_group(community_id) if came else goes.get_group(community_id)
        other = "old_community_id" if came else "new_community_id"
        names = present["name"] if came else drawn["name"]
        parts = [f"{names[o]} {number(h)}" for o, h in zip(pairs[other], pairs["households"], strict=True)]
        in_band = drawn["in_band"].get(community_id) if new else None
        rows.append(
            {
                "id": community_id,
                "name": (drawn if new else present)["name"][community_id],
                "fate": changes["fate"][community_id],
                "before": int(changes["households_before"][community_id]),
                "after": int(changes["households_after"][community_id]),
                "with": say("list", lang).join(parts) if changes["fate"][community_id] != "kept" else "",
                "no_part": new and (in_band is None or bool(pd.isna(in_band))),
                "outside": in_band is not None and not pd.isna(in_band) and not bool(in_band),
                "reason": drawn[f"reason_{lang}"][community_id] if new else "",
            }
        )
    return rows
