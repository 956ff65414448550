"""The editor's page and its parts, as the build left them. They work with the network cut."""

from __future__ import annotations

import re
from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import Shelf
from gis.model.errors import UnknownIdError

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_TYPES = {"js": "text/javascript", "mjs": "text/javascript", "css": "text/css"}
_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.(?:js|mjs|css)")
_FOREVER = "public, max-age=31536000, immutable"  # a part's name holds the hash of what is in it
_BUILT = files("maps").joinpath("editor", "dist")


@router.get("/edit/{plan}")
def editor(plan: str, shelf: Shelf) -> Response:
    """Show the editor of a plan."""
    shelf.store.plan_record(plan)
    page = _BUILT.joinpath("index.html")
    if not page.is_file():
        raise UnknownIdError("editor-not-built")
    headers = {**_SAFE, "Cache-Control": "no-cache", "Content-Security-Policy": _POLICY}
    return Response(page.read_bytes(), media_type="text/html", headers=headers)


@router.get("/edit-assets/assets/{name}")
def part(name: str) -> Response:
    """Serve one part of the editor."""
    path = _BUILT.joinpath("assets", name)
    if _NAME.fullmatch(name) is None or not path.is_file():
        raise UnknownIdError("no-such-page")
    headers = {**_SAFE, "Cache-Control": _FOREVER, "Content-Security-Policy": _POLICY}
    return Response(path.read_bytes(), media_type=_TYPES[name.rpartition(".")[2]], headers=headers)
