"""The steps of the redraw workflow, and which may follow which."""

from __future__ import annotations

from collections.abc import Mapping

from gis.model.errors import HardRuleError, LockedError
from gis.model.kinds import Language, PlanStatus

__all__ = ["NEXT_STEPS", "refuse_not_draft", "refuse_step"]

NEXT_STEPS: Mapping[PlanStatus, tuple[PlanStatus, ...]] = {
    PlanStatus.DRAFT: (PlanStatus.SUBMITTED,),
    PlanStatus.SUBMITTED: (PlanStatus.REVIEWED, PlanStatus.DRAFT),
    PlanStatus.REVIEWED: (PlanStatus.FILED, PlanStatus.DRAFT),
    PlanStatus.FILED: (PlanStatus.PUBLIC_NOTICE,),
    PlanStatus.PUBLIC_NOTICE: (PlanStatus.IN_FORCE, PlanStatus.DRAFT),
    PlanStatus.IN_FORCE: (PlanStatus.ARCHIVED,),
    PlanStatus.ARCHIVED: (),
}

_WORDS: Mapping[PlanStatus, tuple[str, str]] = {
    PlanStatus.DRAFT: ("草案", "draft"),
    PlanStatus.SUBMITTED: ("已提交", "submitted"),
    PlanStatus.REVIEWED: ("已审核", "reviewed"),
    PlanStatus.FILED: ("已备案", "filed"),
    PlanStatus.PUBLIC_NOTICE: ("公示中", "public notice"),
    PlanStatus.IN_FORCE: ("施行中", "in force"),
    PlanStatus.ARCHIVED: ("已归档", "archived"),
}


def refuse_step(now: PlanStatus, wanted: PlanStatus) -> None:
    """Raise HardRuleError if a plan does not go from `now` to `wanted`."""
    allowed = NEXT_STEPS[now]
    if wanted in allowed:
        return
    codes = {"status": str(now), "wanted": str(wanted), "allowed": ", ".join(map(str, allowed))}
    if not allowed:
        raise HardRuleError("status-last", status=str(now), **_told("status", now))
    words = _told("status", now) | _told("wanted", wanted) | _told("allowed", *allowed)
    raise HardRuleError("status-step-refused", **codes, **words)


def refuse_not_draft(plan_id: str, now: PlanStatus) -> None:
    """Raise LockedError if a plan is no draft."""
    if now is not PlanStatus.DRAFT:
        raise LockedError("plan-not-draft", plan_id=plan_id, status=str(now), **_told("status", now))


def _told(name: str, *statuses: PlanStatus) -> dict[str, str]:
    """Return statuses in the words of both languages, as facts of a message."""
    zh, en = zip(*(_WORDS[status] for status in statuses), strict=True)
    return {f"{name}_{Language.ZH}": "、".join(zh), f"{name}_{Language.EN}": ", ".join(en)}
