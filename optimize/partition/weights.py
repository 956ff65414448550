"""What a drawing costs beside the walk, by the weights of a study, and each part of it told apart."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

import pandas as pd

from gis.model.kinds import GridObjective
from gis.model.study import StudyArea
from optimize.partition.compounds import compound_terms
from optimize.partition.cut_edges import cut_terms
from optimize.partition.problem import Ints, Terms, Territory, pair_metres, terms_hm
from optimize.partition.territories import LOAD_SCALE, SQUARE_KM_M2, area_cap_m2
from optimize.settings import PartitionSettings

__all__ = ["Weights"]


class Weights:
    """The weights of a study: what cut pairs, load off the target, area above the cap and leaving home cost.

    Parameters
    ----------
    study, settings
        The area and what its drawings are to keep small.
    """

    def __init__(self, study: StudyArea, settings: PartitionSettings) -> None:
        self._study, self._settings = study, settings

    @cached_property
    def _off_line_m(self) -> dict[tuple[str, str], float]:
        return off_line_metres(self._study) if self._settings.objective is GridObjective.WALK else {}

    @cached_property
    def _shared_m(self) -> dict[tuple[str, str], float]:
        return shared_metres(self._study)

    def terms(self, territory: Territory) -> Terms:
        """Return what a drawing of a territory costs beside, or instead of, the walk."""
        settings = self._settings
        if settings.objective is GridObjective.WALK or self._study.is_dedicated(territory.community_id):
            return self.beside_walk(territory)
        return cut_terms(territory, self._shared_m if settings.objective is GridObjective.CUT_METRES else None)

    def beside_walk(self, territory: Territory) -> Terms:
        """Return what a drawing of a territory costs beside the walk."""
        borders = self._borders(territory)
        if not territory.total_load:
            return borders
        uneven = self._settings.deviation_price_m / LOAD_SCALE[self._settings.balance_on]
        return replace(borders, uneven=uneven, **self._area(territory))

    def parts_hm(self, territory: Territory, labels: Ints) -> dict[str, float]:
        """Return what each term that has a weight comes to, in household-metres; they and the walk are the objective.

        Where borders alone are kept small, one part: pairs or metres.
        """
        terms = territory.terms
        if not terms.walk:
            return {str(self._settings.objective): float(terms_hm(territory, labels).sum())}
        compounds = compound_terms(territory, self._settings.compound_price_m).border
        off_lines = terms.border - compounds if len(compounds) and len(terms.border) else terms.border
        told = {
            "compounds": Terms(border=compounds if len(terms.border) else terms.border),
            "off_lines": Terms(border=off_lines if self._settings.off_line_price_hm > 0 else off_lines[:0]),
            "deviation": Terms(uneven=terms.uneven),
            "area": Terms(area_cap=terms.area_cap, area_price=terms.area_price),
            "moved": Terms(home=terms.home, away=terms.away),
        }
        return {
            name: float(terms_hm(replace(territory, terms=part), labels).sum())
            for name, part in told.items()
            if not part.empty
        }

    def _area(self, territory: Territory) -> dict[str, Any]:
        """Return the price of area above the cap, where the territory has areas and its profile a cap."""
        cap_m2 = area_cap_m2(self._study, territory.community_id) if len(territory.area) else None
        if cap_m2 is None:
            return {}
        return {"area_cap": cap_m2, "area_price": self._settings.area_price_hm / SQUARE_KM_M2}

    def _borders(self, territory: Territory) -> Terms:
        compounds = compound_terms(territory, self._settings.compound_price_m)
        price = self._settings.off_line_price_hm
        if price <= 0:
            return compounds
        off_line = price * pair_metres(territory, self._off_line_m)
        return Terms(border=off_line + compounds.border if len(compounds.border) else off_line)


def shared_metres(study: StudyArea) -> dict[tuple[str, str], float]:
    """Return the metres of border that neighbours share, by their sorted ids."""
    return _by_pair(study.adjacency, study.adjacency["shared_m"])


def off_line_metres(study: StudyArea) -> dict[tuple[str, str], float]:
    """Return the metres of border between neighbours that lie on no road, river, railway or wall; all, unmapped."""
    metres = shared_metres(study)
    if study.borders is not None:
        metres |= _by_pair(study.borders, study.borders["length_m"] - study.borders["mapped_m"])
    return metres


def _by_pair(pairs: pd.DataFrame, metres: pd.Series[float]) -> dict[tuple[str, str], float]:
    ends = zip(pairs["unit_a"].astype(str), pairs["unit_b"].astype(str), metres.astype(float), strict=True)
    return {(min(a, b), max(a, b)): length for a, b, length in ends}
