"""What goes over the wire of comments."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["CloseAsked", "CommentAnswer", "CommentAsked", "CommentList"]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    author: str = Field("planner", min_length=1, max_length=80)


class CommentAsked(_Asked):
    """A comment on a grid, on a place (WGS 84), or on the whole plan."""

    text: str = Field(min_length=1, max_length=2000)
    grid_id: Annotated[str | None, Field(max_length=200)] = None
    lon: Annotated[float | None, Field(ge=-180, le=180)] = None
    lat: Annotated[float | None, Field(ge=-90, le=90)] = None

    @model_validator(mode="after")
    def _about_one_thing(self) -> CommentAsked:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("a place has lon and lat")
        if self.grid_id is not None and self.lon is not None:
            raise ValueError("a comment is about a grid or a place")
        return self


class CloseAsked(_Asked):
    """Settle a comment."""


class CommentAnswer(BaseModel):
    """A comment as it stands."""

    model_config = ConfigDict(extra="forbid")

    comment: str
    grid_id: str | None
    lon: float | None
    lat: float | None
    text: str
    author: str
    at: str
    closed_at: str | None
    closed_by: str | None


class CommentList(BaseModel):
    """The comments of a plan, oldest first."""

    plan: str
    comments: list[CommentAnswer]
