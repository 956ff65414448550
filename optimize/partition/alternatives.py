"""Plans that favour different things, for people to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from gis.model.plan import Plan
from gis.model.progress import Cancelled, Progress, between, never, silent
from gis.model.results import Drawn
from gis.model.study import StudyArea
from optimize.partition.drawing import draw_grids
from optimize.partition.plan_making import Kept
from optimize.partition.redraw import redraw_grids
from optimize.settings import PartitionSettings

__all__ = ["Favour", "draw_alternatives"]

TIGHT_SHARE = 0.1  # of the target: the band of the plan that favours balance
FEWEST_PRICE_HM = 1e12  # dearer than any walk, so that the fewest grids are drawn that the band allows


class Favour(StrEnum):
    """What a plan favours, after the hard rules and the band."""

    BALANCE = "balance"
    WALK = "walk"
    FEWEST = "fewest"
    CHANGE = "change"


def draw_alternatives(
    study: StudyArea,
    settings: PartitionSettings,
    favours: Sequence[Favour] = tuple(Favour),
    *,
    present: Plan | None = None,
    on_progress: Progress = silent,
    cancelled: Cancelled = never,
    processes: int = 1,
) -> Mapping[Favour, Drawn]:
    """Draw a plan for everything that is to be favoured; all obey the same hard rules.

    Parameters
    ----------
    study, settings
        As for :func:`~optimize.partition.drawing.draw_grids`.
    favours
        ``balance``: loads within a tenth of the target, as far as that goes. ``walk``: shortest walks, with as
        many grids as the band allows. ``fewest``: as few grids as the band allows. ``change``: fewest
        households that change their grid, which takes a present plan.
    present
        The present plan; its dedicated and locked grids stay as they are in all of them.

    Returns
    -------
    Mapping
        In the order of `favours`; without ``change`` where there is no present plan.
    """
    wanted = [favour for favour in favours if favour is not Favour.CHANGE or present is not None]
    held = present if present is not None and Kept(present).grids else None
    made: dict[Favour, Drawn] = {}
    for number, favour in enumerate(wanted):
        part = between(on_progress, number / len(wanted), (number + 1) / len(wanted))

        if favour is Favour.CHANGE and present is not None:
            redrawn = redraw_grids(
                study, settings, present, on_progress=part, cancelled=cancelled, processes=processes
            )
            made[favour] = redrawn.drawn
        else:
            asked = _favouring(settings, favour)
            made[favour] = draw_grids(
                study, asked, base=held, on_progress=part, cancelled=cancelled, processes=processes
            )
    return made


def _favouring(settings: PartitionSettings, favour: Favour) -> PartitionSettings:
    if favour is Favour.BALANCE:
        return replace(settings, band_share=TIGHT_SHARE)
    price_hm = 0.0 if favour is Favour.WALK else FEWEST_PRICE_HM
    return replace(settings, grid_price_hm=price_hm, grid_count=None)
