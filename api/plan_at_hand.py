"""What is at hand of a plan that is being edited."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from api.editor_document import ground_of
from api.hard_rules import HardRules
from api.plan_marks import Links, PlanMarks, linked
from gis.model.kinds import Role
from gis.model.study import StudyArea
from gis.store import Store

__all__ = ["PlanAtHand"]


class PlanAtHand:
    """What edits of a plan need beside the store: it never changes while the service runs.

    Attributes
    ----------
    study
        The study as it was loaded, without the links that the plan made or cut.
    """

    def __init__(self, study: StudyArea, marks: PlanMarks) -> None:
        self.study = study
        self.marks = marks
        self._leads: Mapping[str, str] | None = None
        self._linked: tuple[Links, StudyArea, HardRules] = ({}, study, HardRules(study))

    @property
    def rules(self) -> HardRules:
        """The rules for what links do not touch."""
        return self._linked[2]

    def study_at(self, version: int) -> StudyArea:
        """Return the study with the links of a version."""
        return self._with(self.marks.at(version).links)[0]

    def rules_at(self, version: int) -> HardRules:
        """Return the rules with the links of a version."""
        return self._with(self.marks.at(version).links)[1]

    def rules_with(self, version: int, pair: tuple[str, str], *, joined: bool) -> HardRules:
        """Return the rules with one link more, or less, than a version has."""
        return self._with({**self.marks.at(version).links, pair: joined})[1]

    def _with(self, links: Links) -> tuple[StudyArea, HardRules]:
        kept, study, rules = self._linked
        if dict(kept) != dict(links):
            study = linked(self.study, links)
            rules = HardRules(study)
            self._linked = (links, study, rules)
        return study, rules

    def leads(self, store: Store, plan_id: str) -> Mapping[str, str]:
        """Return who leads each grid of the plan's first version; it is read once."""
        if self._leads is None:
            posted = store.postings(plan_id)
            leads = posted[posted["role"].eq(str(Role.GRID_LEADER))].sort_values(["grid_id", "worker_id"])
            first = leads.drop_duplicates("grid_id")
            self._leads = dict(zip(first["grid_id"].tolist(), first["worker_id"].tolist(), strict=True))
        return self._leads

    @cached_property
    def ground(self) -> str:
        """The part of the editor's document that is the same for every version."""
        return ground_of(self.study)
