"""What a plan was drawn to keep small, in words: the walk or the borders, and whatever has a price beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gis.model.outcome import Outcome
from gis.model.study import GridSettings
from maps.strings import number, say

__all__ = ["goal_line"]

PRICES: Mapping[str, Callable[[GridSettings], float]] = {
    "compounds": lambda grids: grids.compound_price_m,
    "off_lines": lambda grids: grids.off_line_price_hm,
    "deviation": lambda grids: grids.deviation_price_m,
    "area": lambda grids: grids.area_price_hm,
    "moved": lambda grids: grids.keep_price_m,
}


def goal_line(outcome: Outcome, lang: str) -> str:
    """Return one sentence: the band first, then every term of the objective with what it is weighed at.

    Terms are those that the territories tell, so that a redraw, which keeps to the walk, names its own.
    """
    told = {name for territory in outcome.report.territories for name in territory.parts_hm}
    borders = sorted(told - PRICES.keys())
    grids = outcome.study.settings.grids
    unit = say(f"goal.unit.{grids.balance_on}", lang)
    terms = [say(f"goal.{name}", lang) for name in borders or ["walk"]]
    terms += [
        say(f"goal.{name}", lang, price=number(price(grids)), unit=unit)
        for name, price in PRICES.items()
        if name in told
    ]
    return say("goal", lang, terms=say("clause", lang).join(terms))
