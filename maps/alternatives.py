"""Alternatives side by side: one page with numbers and small maps, no script and nothing to fetch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from gis.model.kinds import Better, Language
from gis.model.outcome import Outcome
from gis.model.scorecard import Score
from maps.close_up import town_box
from maps.goal import goal_line
from maps.page_template import page_template
from maps.plots import overview_plot, svg_of
from maps.report_tables import outside_table
from maps.strings import number, percent, say

__all__ = ["PRESENT", "alternatives_html", "write_alternatives"]

PRESENT = "present"  # the name of the plan that the others are held against
MAP_IN = 4.6  # inches
MEASURES = (
    "general_grids",
    "grids_in_band_share",
    "households_in_band_share",
    "load_deviation_mean_share",
    "load_deviation_max_share",
    "workload_max_h",
    "walk_mean_m",
    "walk_worst_grid_m",
    "households_moved_share",
    "split_compounds",
    "border_on_mapped_share",
    "disconnected_grids",
    "vacant_grids",
)
UNMARKED = ("disconnected_grids",)  # nobody is praised for keeping a hard rule


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, and whether no other plan does better."""

    text: str
    best: bool


def write_alternatives(plans: Mapping[str, Outcome], path: Path, *, lang: Language | str = Language.ZH) -> None:
    """Write the page that shows plans side by side."""
    path.write_text(alternatives_html(plans, lang=lang), encoding="utf-8")


def alternatives_html(plans: Mapping[str, Outcome], *, lang: Language | str = Language.ZH) -> str:
    """Return the page.

    Parameters
    ----------
    plans
        Name -> plan, in the order shown: ``present`` where there is one, then what each plan favours.
    lang
        Language of the page.
    """
    language = str(lang)
    settings = next(iter(plans.values())).study.settings
    last = list(plans.values())[-1]
    box = town_box(last)
    return page_template("alternatives.html").render(
        lang=language,
        t=lambda code, **facts: say(code, language, **facts),
        name=settings.name,
        notice=settings.notice_zh if language == "zh" else settings.notice_en,
        credits=settings.credits,
        walks=say(f"walks.{last.study.walk_basis}", language),
        close_up=box is not None,
        plans=[
            {
                "title": say(f"alternative.{name}", language),
                "line": say(f"alternative.{name}.line", language),
                "digest": outcome.plan.digest,
                "goal": "" if name == PRESENT else goal_line(outcome, language),
                "outside": None if name == PRESENT else _outside(outcome, language),
                "map": Markup(
                    svg_of(
                        overview_plot(
                            outcome, lang=language, labels=False, width_in=MAP_IN, box=box, legend_below=True
                        )
                    )
                ),
            }
            for name, outcome in plans.items()
        ],
        rows=_rows(plans, language),
    )


def _outside(outcome: Outcome, lang: str) -> list[tuple[str, str, str]]:
    """Return each grid outside its band with its load, the reason and the ways out."""
    unit = say(f"unit.{outcome.study.settings.grids.balance_on}", lang)
    return [(str(row[0]), f"{row[2][0]} {unit}", str(row[-1])) for row in outside_table(outcome, lang).rows]


def _rows(plans: Mapping[str, Outcome], lang: str) -> list[tuple[str, str, list[Cell]]]:
    """Return measure, direction and a cell a plan; measures that no plan has are left out."""
    cards = [{s.measure: s for s in outcome.scorecard} for outcome in plans.values()]
    chosen = [name != PRESENT for name in plans]
    rows = []
    for measure in MEASURES:
        scores = [card.get(measure) for card in cards]
        known = [s for s in scores if s is not None and s.value is not None]
        if not known:
            continue
        better = None if measure in UNMARKED else known[0].better
        best = _best([s for s, own in zip(scores, chosen, strict=True) if own], better)
        cells = [
            Cell(_text(score, lang), own and best is not None and score is not None and score.value == best)
            for score, own in zip(scores, chosen, strict=True)
        ]
        rows.append((say(f"measure.{measure}", lang), say(f"better.{better}", lang) if better else "", cells))
    return rows


def _best(scores: list[Score | None], better: Better | None) -> float | None:
    """Return the best value, or None where all are the same or none is better than another."""
    values = [s.value for s in scores if s is not None and s.value is not None]
    if better is None or len(set(values)) <= 1:
        return None
    return max(values) if better is Better.HIGHER else min(values)


def _text(score: Score | None, lang: str) -> str:
    if score is None or score.value is None:
        return "–"
    if score.unit == "share":
        return percent(score.value)
    digits = 0 if score.value == round(score.value) else 1
    return f"{number(score.value, digits=digits)} {say(f'unit.{score.unit}', lang)}"
