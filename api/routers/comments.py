"""Comments on a plan; they stand beside its versions and change none of them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from api.comment_wire import CloseAsked, CommentAnswer, CommentAsked, CommentList
from api.deps import Shelf
from api.errors import problem
from api.free_text import refuse_personal
from api.routers.answers import described
from gis.model.errors import UnknownIdError
from gis.store import Comment

__all__ = ["router"]

router = APIRouter(prefix="/v1/plans/{plan}/comments", tags=["comments"])
_FRESH = {"Cache-Control": "no-store"}


@router.get("", responses=described("comments", CommentList), summary="List the comments on a plan")
def list_comments(plan: str, shelf: Shelf) -> Response:
    """List the comments, oldest first, open and settled."""
    shelf.store.plan_record(plan)
    comments = [_answer(c) for c in shelf.store.comments.listed(plan)]
    return JSONResponse({"plan": plan, "comments": comments}, headers=_FRESH)


@router.post(
    "", status_code=201, responses=described("comment", CommentAnswer, status=201), summary="Comment on a plan"
)
def post_comment(plan: str, asked: CommentAsked, request: Request, shelf: Shelf) -> Response:
    """Comment on a grid, a place or the whole plan, whatever its status."""
    refuse_personal(asked.text)
    shelf.store.plan_record(plan)
    place = None if asked.lon is None or asked.lat is None else (asked.lon, asked.lat)
    try:
        made = shelf.store.comments.write(plan, asked.text, author=asked.author, grid_id=asked.grid_id, place=place)
    except UnknownIdError as unknown:  # the address is right, the grid is not
        return problem(request, unknown, 422)
    return JSONResponse(_answer(made), status_code=201, headers=_FRESH)


@router.post("/{comment}/close", responses=described("comment", CommentAnswer), summary="Settle a comment")
def close_comment(plan: str, comment: str, asked: CloseAsked, shelf: Shelf) -> Response:
    """Settle a comment; one that is settled stays as it is."""
    return JSONResponse(_answer(shelf.store.comments.close(plan, comment, author=asked.author)), headers=_FRESH)


def _answer(comment: Comment) -> dict[str, Any]:
    names = ("grid_id", "lon", "lat", "text", "author", "at", "closed_at", "closed_by")
    return {"comment": comment.comment_id, **{name: getattr(comment, name) for name in names}}
