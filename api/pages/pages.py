"""The pages: a list of plans, the map of a plan, its gaps, two plans compared. They work with the network cut."""

from __future__ import annotations

import base64
import hashlib
import re
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import PlanShelf, Shelf, not_modified
from api.errors import language_of
from api.served_plan import ServedPlan
from gis.model.errors import UnknownIdError
from gis.model.kinds import Language
from maps.offline import asset as library_asset

__all__ = ["page_status", "router"]

router = APIRouter(include_in_schema=False)

_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LIBRARY = {"leaflet.js", "leaflet.css"}  # of the offline map, served as they are
_INLINE_SCRIPT = re.compile(rb"<script(?:\s[^>]*)?>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}


@router.get("/")
async def index() -> Response:
    """Show the plans, with links to the map and the gaps of each."""
    return _page("index.html")


@router.get("/gaps/{plan}")
def gaps(plan: str, shelf: Shelf) -> Response:
    """Show where people are not served, as a table that sorts and downloads."""
    return _page("gaps.html", status=page_status(shelf, plan))


@router.get("/compare/{plan}")
def compare(plan: str, shelf: Shelf) -> Response:
    """Show two versions or plans beside each other, and what differs."""
    return _page("compare.html", status=page_status(shelf, plan))


@router.get("/assets/{name}")
async def asset(name: str) -> Response:
    """Serve the pages' own scripts and styles."""
    path = library_asset(name) if name in _LIBRARY else files("api.pages").joinpath("assets", name)
    kind = _TYPES.get(name.rpartition(".")[2])
    if kind is None or not re.fullmatch(r"[a-z_]+\.[a-z]+", name) or not path.is_file():
        raise UnknownIdError("no-such-page")
    return Response(path.read_bytes(), media_type=kind, headers=_SAFE)


@router.get("/map/{plan}")
def plan_map(plan: str, request: Request, shelf: Shelf, lang: Annotated[Language | None, Query()] = None) -> Response:
    """Show the map of a plan: the very file that ``wangge plan`` writes."""
    served = shelf.plan(plan)
    unchanged = not_modified(request, served.etag)
    if unchanged is not None:
        return unchanged
    shown = lang or language_of(request)
    html = served.kept(("map", shown), lambda: _drawn(served, shown))
    policy = served.kept(("map-policy", shown), lambda: _policy_of(html).encode()).decode()
    headers = {**_SAFE, "Content-Security-Policy": policy, "ETag": served.etag, "Vary": "Accept-Language"}
    return Response(html, media_type="text/html", headers=headers)


def page_status(shelf: PlanShelf, plan: str) -> int:
    """Return 404 where there is no such plan: the page is shown all the same, and says so with the way out."""
    try:
        shelf.store.plan_record(plan)
    except UnknownIdError:
        return 404
    return 200


def _page(name: str, *, status: int = 200) -> Response:
    html = files("api.pages").joinpath("assets", name).read_bytes()
    headers = {**_SAFE, "Content-Security-Policy": _STRICT}
    return Response(html, status_code=status, media_type="text/html", headers=headers)


def _drawn(served: ServedPlan, lang: Language) -> bytes:
    from maps.web_map import write_map  # noqa: PLC0415  (the service starts sooner without what draws)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.html"
        write_map(served.outcome, path, lang=lang)
        return path.read_bytes()


def _policy_of(html: bytes) -> str:
    """Allow the scripts that are in the file by their hashes, and nothing from outside."""
    digests = [base64.b64encode(hashlib.sha256(s).digest()).decode() for s in _INLINE_SCRIPT.findall(html)]
    scripts = " ".join(f"'sha256-{d}'" for d in sorted(set(digests))) or "'none'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
