"""What is loaded."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.deps import Shelf
from api.routers.answers import described
from api.wire import Studies, StudyWithPlans
from gis.model.errors import UnknownIdError
from gis.model.kinds import Language
from gis.store import PlanRecord, StudyRecord
from maps.strings import say

__all__ = ["router"]

router = APIRouter(prefix="/v1/studies", tags=["studies"])


@router.get("", responses=described("studies", Studies), summary="List the studies")
def list_studies(shelf: Shelf) -> Response:
    """List the studies that are loaded, each with its plans."""
    plans = shelf.store.plans()
    return JSONResponse({"studies": [_summary(s, plans) for s in shelf.store.studies()]})


@router.get("/{study}", responses=described("study", StudyWithPlans), summary="Tell one study")
def read_study(study: str, shelf: Shelf) -> Response:
    """Tell what is loaded of one study."""
    record = next((s for s in shelf.store.studies() if s.study_id == study), None)
    if record is None:
        raise UnknownIdError("unknown-study", study_id=study)
    area = shelf.study(record)
    settings = area.settings
    return JSONResponse(
        {
            **_summary(record, shelf.store.plans(study_id=study)),
            "crs": area.crs,
            "notice_zh": settings.notice_zh,
            "notice_en": settings.notice_en,
            "units": len(area.units),
            "households": int(area.units["households"].sum()),
            "residents": int(area.units["residents"].sum()),
            "communities": len(area.communities),
            "services": [
                {
                    "service_id": s.service_id,
                    "kind": s.kind,
                    "name_zh": say(f"facility.{s.kind}", Language.ZH),
                    "name_en": say(f"facility.{s.kind}", Language.EN),
                    "demand": s.demand,
                    "max_walk_m": s.max_walk_m,
                    "level": s.level,
                }
                for s in settings.services
            ],
        }
    )


def _summary(study: StudyRecord, plans: tuple[PlanRecord, ...]) -> dict[str, object]:
    return {
        "study_id": study.study_id,
        "name": study.name,
        "loaded_at": study.loaded_at,
        "plans": [
            {"plan_id": p.plan_id, "version": p.version, "status": str(p.status), "created_at": p.created_at}
            for p in plans
            if p.study_id == study.study_id
        ],
    }
