"""Where a place is, and who is responsible there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import Shelf
from api.routers.answers import described
from api.wire import Located

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["places"])


@router.get("/locate", responses=described("locate", Located), summary="What is at a place")
async def locate(
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False, description="longitude, WGS 84")],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False, description="latitude, WGS 84")],
    shelf: Shelf,
    plan: Annotated[str | None, Query(description="plan; left out: the current plan that holds the place")] = None,
) -> Response:
    """Return the grid, community and subdistrict at a place and who is responsible there."""
    found = await shelf.at(lon, lat, plan_id=plan)
    return Response(found, media_type="application/json", headers={"Cache-Control": "no-store"})
