"""The editor's page and its parts, as the build left them. They work with the network cut."""

from __future__ import annotations

import re
from importlib.resources import files

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.basemap import Basemap
from api.deps import Shelf
from api.pages.pages import page_status
from gis.model.errors import UnknownIdError

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_TYPES = {"js": "text/javascript", "mjs": "text/javascript", "css": "text/css"}
_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; connect-src 'self'{tiles}; "
    "img-src 'self' data: blob:{tiles}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.(?:js|mjs|css)")
_FOREVER = "public, max-age=31536000, immutable"  # a part's name holds the hash of what is in it
_BUILT = files("maps").joinpath("editor", "dist")


@router.get("/edit/{plan}")
def editor(plan: str, request: Request, shelf: Shelf) -> Response:
    """Show the editor of a plan."""
    page = _BUILT.joinpath("index.html")
    if not page.is_file():
        raise UnknownIdError("editor-not-built")
    basemap: Basemap = request.app.state.basemap
    headers = {**_SAFE, "Cache-Control": "no-cache", "Content-Security-Policy": _policy(basemap.origin)}
    status = page_status(shelf, plan)
    html = basemap.into(page.read_text(encoding="utf-8"))
    return Response(html, status_code=status, media_type="text/html", headers=headers)


@router.get("/edit-assets/assets/{name}")
def part(name: str) -> Response:
    """Serve one part of the editor."""
    path = _BUILT.joinpath("assets", name)
    if _NAME.fullmatch(name) is None or not path.is_file():
        raise UnknownIdError("no-such-page")
    headers = {**_SAFE, "Cache-Control": _FOREVER, "Content-Security-Policy": _policy("")}
    return Response(path.read_bytes(), media_type=_TYPES[name.rpartition(".")[2]], headers=headers)


def _policy(origin: str) -> str:
    """Allow what the editor needs, and the host of a base map where there is one."""
    return _POLICY.format(tiles=f" {origin}" if origin else "")
