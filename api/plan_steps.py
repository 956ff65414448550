"""The steps of the redraw workflow, and which may follow which."""

from __future__ import annotations

from collections.abc import Mapping

from gis.model.errors import HardRuleError
from gis.model.kinds import PlanStatus

__all__ = ["NEXT_STEPS", "refuse_step"]

NEXT_STEPS: Mapping[PlanStatus, tuple[PlanStatus, ...]] = {
    PlanStatus.DRAFT: (PlanStatus.SUBMITTED,),
    PlanStatus.SUBMITTED: (PlanStatus.REVIEWED, PlanStatus.DRAFT),
    PlanStatus.REVIEWED: (PlanStatus.FILED, PlanStatus.DRAFT),
    PlanStatus.FILED: (PlanStatus.PUBLIC_NOTICE,),
    PlanStatus.PUBLIC_NOTICE: (PlanStatus.IN_FORCE, PlanStatus.DRAFT),
    PlanStatus.IN_FORCE: (PlanStatus.ARCHIVED,),
    PlanStatus.ARCHIVED: (),
}


def refuse_step(now: PlanStatus, wanted: PlanStatus) -> None:
    """Raise HardRuleError if a plan does not go from `now` to `wanted`."""
    allowed = NEXT_STEPS[now]
    if wanted not in allowed:
        names = ", ".join(map(str, allowed)) or "-"
        raise HardRuleError("status-step-refused", status=str(now), wanted=str(wanted), allowed=names)
