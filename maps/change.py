"""A redrawn plan beside the one before: two maps, what became of every grid, and what moving more would buy."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure

from gis.model.kinds import Language
from gis.model.outcome import Outcome
from maps.close_up import Box, around
from maps.communities import FATE_COLOURS, fate_map
from maps.goal import goal_line
from maps.page_template import page_template
from maps.plots import fonts, svg_of
from maps.strings import number, say

__all__ = ["Change", "change_html", "write_change"]

CURVE_IN = (6.2, 2.6)  # inches
INK, SOFT, CHOSEN = "#16232d", "#55636e", "#a3195b"


@dataclass(frozen=True, eq=False)
class Change:
    """What a redraw changed.

    Parameters
    ----------
    changes
        Index ``grid_id`` over old and new grids; fate, households_before, households_after.
    codes
        old_grid_id, new_grid_id, units, households.
    curve
        Index ``keep_price_m``; households_moved, band_violation, walk_mean_m, grids: other prices of moving a
        household, each with what it comes to. Empty when there was no time for it.
    households_moved
        Households of units that change their grid.
    moved_bound
        Proven least of them, None where nothing was proven.
    keep_price_m
        The price that this plan was drawn at.
    """

    changes: pd.DataFrame
    codes: pd.DataFrame
    curve: pd.DataFrame
    households_moved: int
    moved_bound: int | None
    keep_price_m: float


def write_change(
    before: Outcome, after: Outcome, change: Change, *, path: Path, lang: Language | str = Language.ZH
) -> None:
    """Write the page; parameters as of :func:`change_html`."""
    path.write_text(change_html(before, after, change, lang=lang), encoding="utf-8")


def change_html(before: Outcome, after: Outcome, change: Change, *, lang: Language | str = Language.ZH) -> str:
    """Return the page, without a script and with nothing to fetch.

    Parameters
    ----------
    before, after
        The plan that was redrawn, and the redrawn one.
    """
    language, settings = str(lang), after.study.settings
    fates = change.changes["fate"]
    box = _changed_part(before, after, fates)
    return page_template("change.html").render(
        lang=language,
        t=lambda code, **facts: say(code, language, **facts),
        n=number,
        name=settings.name,
        notice=settings.notice_zh if language == "zh" else settings.notice_en,
        credits=settings.credits,
        moved=_moved(change, language),
        counts=fates.value_counts().sort_index().to_dict(),
        colours=FATE_COLOURS,
        close_up=box is not None,
        before=fate_map(_named(before.grids), fates, language, box=box),
        after=fate_map(_named(after.grids), fates, language, box=box),
        walks=say(f"walks.{after.study.walk_basis}", language),
        goal=goal_line(after, language),
        curve=_curve(change, language) if len(change.curve) else "",
        prices=_prices(change),
        rows=_rows(change, language),
    )


def _changed_part(before: Outcome, after: Outcome, fates: pd.Series[str]) -> Box | None:
    """Return the box of the communities that change where the whole would show them too small; None for the whole."""
    changed = list(fates.index[fates != "kept"])
    boxes = [around(plan.grids, [g for g in changed if g in plan.grids.index]) for plan in (before, after)]
    ends = [box for box in boxes if box is not None]
    if len(ends) < len(boxes):
        return None
    west, south, east, north = zip(*ends, strict=True)
    return min(west), min(south), max(east), max(north)


def _named(grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return grids that each carry a name: their code where they have none."""
    names = grids["name"].where(grids["name"].fillna("").ne(""), grids.index.to_series())
    return grids.assign(name=names)


def _moved(change: Change, lang: str) -> str:
    """Say how many households change their grid, and how few it could be at least."""
    households = number(change.households_moved)
    if change.moved_bound is None:
        return say("change.moved", lang, households=households)
    if change.households_moved <= change.moved_bound:
        return say("change.moved_fewest", lang, households=households)
    return say("change.moved_bound", lang, households=households, bound=number(change.moved_bound))


def _curve(change: Change, lang: str) -> Markup:
    """Draw the mean distance against the households moved; the plan at hand stands out."""
    figure = Figure(figsize=CURVE_IN, layout="constrained")
    axes = figure.add_subplot()
    curve = change.curve.sort_values(["households_moved", "walk_mean_m"])
    axes.plot(curve["households_moved"], curve["walk_mean_m"], color=SOFT, marker="o", markersize=4, linewidth=1)
    here = curve[curve.index == change.keep_price_m]
    axes.plot(here["households_moved"], here["walk_mean_m"], color=CHOSEN, marker="o", markersize=8, linestyle="")
    axes.set_xlabel(say("change.households_moved", lang), fontfamily=fonts(), fontsize=8, color=INK)
    axes.set_ylabel(say("change.walk_mean_m", lang), fontfamily=fonts(), fontsize=8, color=INK)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return Markup(svg_of(figure))


def _prices(change: Change) -> list[dict[Hashable, object]]:
    """Return one row a price of moving a household."""
    rows = change.curve.reset_index().to_dict("records")
    return [{**row, "chosen": row["keep_price_m"] == change.keep_price_m} for row in rows]


def _rows(change: Change, lang: str) -> list[dict[str, object]]:
    """Return one row a grid that is not as it was: what became of it, and with whom it shares households."""
    comes, goes = change.codes.groupby("new_grid_id"), change.codes.groupby("old_grid_id")
    told = change.changes[change.changes["fate"] != "kept"]
    return [
        {
            "id": grid_id,
            "fate": row["fate"],
            "before": int(row["households_before"]),
            "after": int(row["households_after"]),
            "from": _parts(comes, "old_grid_id", grid_id, lang),
            "to": _parts(goes, "new_grid_id", grid_id, lang),
        }
        for grid_id, row in told.iterrows()
    ]


def _parts(groups: object, column: str, grid_id: object, lang: str) -> str:
    """Return other grids with the households that are shared with each."""
    if grid_id not in groups.groups:  # type: ignore[attr-defined]
        return ""
    pairs = groups.get_group(grid_id)  # type: ignore[attr-defined]
    return say("list", lang).join(
        f"{other} {number(households)}"
        for other, households in zip(pairs[column], pairs["households"], strict=True)
        if other != grid_id
    )
