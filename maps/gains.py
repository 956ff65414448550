"""What the gain of a site is counted in: residents, households, a group of people, or metres that they are spared."""

from __future__ import annotations

from gis.model.kinds import SitingObjective
from gis.model.outcome import Outcome
from gis.model.standards import ServiceStandard
from maps.strings import say

__all__ = ["demand_of", "gain_of", "siting_spares_walks"]

SPARING = (SitingObjective.P_MEDIAN, SitingObjective.P_CENTRE)


def demand_of(outcome: Outcome, standard: ServiceStandard) -> str:
    """Return the column of the units that a service is for; residents where the study does not count it."""
    return standard.demand if standard.demand in outcome.units else "residents"


def gain_of(outcome: Outcome, standard: ServiceStandard, lang: str, *, spared: bool = False) -> str:
    """Return the words for whom a service is for, or for the metres that they are spared."""
    demand = demand_of(outcome, standard)
    names = {v.key: v.name_zh if lang == "zh" else v.name_en for v in outcome.study.settings.visits}
    who = names.get(demand) or say(f"gain_of.{demand}", lang)
    return say("gain_of.spared", lang, who=who) if spared else who


def siting_spares_walks(outcome: Outcome) -> bool:
    """Whether siting chose by metres walked, so that its gains are those and not people covered."""
    siting = outcome.study.settings.siting
    return siting is not None and not siting.cover_all and siting.objective in SPARING
