"""Where people are not served, how many they are, and what would close the gap."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.coverage_tables import GapQuestion, RateQuestion
from api.deps import Shelf
from api.errors import language_of
from api.gap_book import gap_book
from api.gap_sheet import gap_sheet
from api.routers.answers import GEOJSON, described, download, of_version
from api.wire import Gaps, Rates
from api.workbook import XLSX
from gis.model.kinds import Basis, Language

__all__ = ["router"]

router = APIRouter(prefix="/v1/coverage", tags=["coverage"])


class AreaLevel(StrEnum):
    """Level at which coverage is told."""

    GRID = "grid"
    COMMUNITY = "community"
    SUBDISTRICT = "subdistrict"
    COUNTY = "county"


class Form(StrEnum):
    """Form of the answer."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    GEOJSON = "geojson"


PlanId = Annotated[str, Query(description="plan")]
InArea = Annotated[str | None, Query(description="only inside this area or grid")]


@router.get("/gaps", responses=described("gaps", Gaps), summary="The gap table of a service")
async def read_gaps(  # noqa: PLR0917 - FastAPI reads the query from the signature
    request: Request,
    shelf: Shelf,
    plan: PlanId,
    service: Annotated[str, Query(description="service")],
    level: AreaLevel = AreaLevel.COMMUNITY,
    basis: Basis = Basis.RESIDENTS,
    area: InArea = None,
    min_uncovered: Annotated[int, Query(ge=0, description="only areas with as many uncovered or more")] = 0,
    format: Annotated[Form, Query(description="json; csv, xlsx or geojson to download")] = Form.JSON,  # noqa: A002
    lang: Annotated[Language | None, Query(description="language of an xlsx")] = None,
) -> Response:
    """Return per area who is covered and who is not, the nearest facility, and the sites that would help."""
    served = await shelf.current(plan)
    asked = GapQuestion(service, str(level), str(basis), area, min_uncovered)
    if not served.gaps_ready(asked):
        await run_in_threadpool(served.gaps, asked)
    name = f"gaps-{plan}-{service}-{level}.{format}"
    if format is Form.CSV:
        return gap_sheet(served.gaps(asked), name=name)
    if format is Form.XLSX:
        book = await run_in_threadpool(gap_book, served.gaps(asked), lang=lang or language_of(request))
        return download(book, name=name, media_type=XLSX)
    if format is Form.GEOJSON:
        return download(await run_in_threadpool(served.gap_layer, asked), name=name, media_type=GEOJSON)
    return of_version(request, served, lambda: served.gaps(asked))


@router.get("/rates", responses=described("rates", Rates), summary="Coverage rates against their targets")
async def read_rates(  # noqa: PLR0917 - FastAPI reads the query from the signature
    request: Request,
    shelf: Shelf,
    plan: PlanId,
    service: Annotated[str | None, Query(description="service; all when left out")] = None,
    level: AreaLevel | None = None,
    basis: Basis | None = None,
    area: Annotated[str | None, Query(description="area or grid; all when left out")] = None,
) -> Response:
    """Return rates in residents, households and buildings, from the grid up."""
    served = await shelf.current(plan)
    asked = RateQuestion(service, None if level is None else str(level), area, None if basis is None else str(basis))
    return of_version(request, served, lambda: served.rates(asked))
