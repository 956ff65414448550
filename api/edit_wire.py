"""What goes over the wire when a plan is edited."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from gis.model.kinds import PlanStatus

__all__ = [
    "DiffAnswer",
    "EditAnswer",
    "EditAsked",
    "GridNumbers",
    "GridPair",
    "Link",
    "LinkAsked",
    "LocksAsked",
    "Move",
    "MoveAsked",
    "NewGrid",
    "RestoreAsked",
    "Signed",
    "StatusAsked",
    "UndoAsked",
    "UnitPair",
]

_MOST_MOVES = 100_000
_Id = Annotated[str, Field(min_length=1, max_length=200)]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


_IN_PIECES = "a grid may be in pieces for now; such a plan can not be submitted"


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Signed(_Wire):
    """Who edits, and why."""

    author: str = Field(
        "planner", min_length=1, max_length=80, description="who edits; undo takes back one's own edits"
    )
    author_name: str = Field("", max_length=40, description="what people call who edits, for the history")
    note: str = Field("", max_length=500)


class MoveAsked(_Wire):
    """One unit and the grid that it is to stand in."""

    unit_id: _Id
    grid_id: _Id


class NewGrid(_Wire):
    """A grid that is to be there; an existing one is renamed."""

    grid_id: _Id
    name: str = Field("", max_length=80)


class EditAsked(Signed):
    """An edit: units that move, grids that are new or renamed. A grid left without units goes.

    `accept` takes over a proposal, `note` writes a note on grids and changes nothing else.
    """

    kind: Literal["move", "new_grid", "merge", "rename", "accept", "note"] = "move"
    moves: list[MoveAsked] = Field(default_factory=list, max_length=_MOST_MOVES)
    grids: list[NewGrid] = Field(default_factory=list, max_length=1000)
    proposal: _Id | None = Field(None, description="job whose proposal is accepted; its moves are taken")
    notes_on: list[_Id] = Field(default_factory=list, max_length=1000, description="grids that a note is about")
    in_pieces: bool = Field(False, description=_IN_PIECES)

    @model_validator(mode="after")
    def _parts_fit(self) -> EditAsked:
        if (self.kind == "accept") != (self.proposal is not None):
            raise ValueError("`accept` names a proposal, and only `accept` does")
        if self.kind in {"accept", "note"} and (self.moves or self.grids):
            raise ValueError("an accepted proposal and a note carry no moves and no grids")
        if self.kind == "note" and not self.note:
            raise ValueError("a note needs words")
        return self


class UndoAsked(Signed):
    """Take back, or repeat, one's own last edit."""

    in_pieces: bool = Field(False, description=_IN_PIECES)


class RestoreAsked(Signed):
    """Bring an earlier version back, by an edit."""

    version: int = Field(ge=1)
    in_pieces: bool = Field(False, description=_IN_PIECES)


class LinkAsked(Signed):
    """Join two units of a community as neighbours, or cut a link; with the reason."""

    unit_a: _Id
    unit_b: _Id
    joined: bool
    note: _Words = Field(max_length=500, description="the reason")
    in_pieces: bool = Field(False, description=_IN_PIECES)


class Link(_Wire):
    """Two units that were joined, or cut apart, by an edit."""

    unit_a: str
    unit_b: str
    joined: bool


class LocksAsked(Signed):
    """Lock or unlock grids and units."""

    locked: bool
    grids: list[_Id] = Field(default_factory=list, max_length=_MOST_MOVES)
    units: list[_Id] = Field(default_factory=list, max_length=_MOST_MOVES)


class StatusAsked(Signed):
    """The step of the workflow that a plan is to take; with who takes it, and why."""

    status: PlanStatus
    author_name: _Words = Field(max_length=40, description="who takes the step, for the history")
    note: _Words = Field(max_length=500, description="the reason")


class Move(_Wire):
    """One unit that changed its grid."""

    unit_id: str
    old_grid_id: str
    new_grid_id: str


class GridNumbers(_Wire):
    """What is measured of a grid; null where it does not apply."""

    grid_id: str
    community_id: str
    name: str
    kind: str
    locked: bool
    units: int
    households: int
    residents: int
    workload_h: float
    deviation_share: float | None
    walk_mean_m: float | None
    pieces: int
    in_band: bool | None
    heart_unit_id: str | None


class EditAnswer(_Wire):
    """An accepted edit: the new version and the numbers of the grids it touched."""

    plan: str
    version: int
    base_version: int
    kind: str
    author: str
    author_name: str = Field(description="what people call the author; empty where that was not said")
    at: str
    status: str
    next_steps: list[str] = Field(description="statuses that may follow")
    moves: list[Move]
    grids: list[GridNumbers]
    retired: list[str]
    locked_units: list[str] = Field(description="units that this edit locked")
    unlocked_units: list[str] = Field(description="units that this edit unlocked")
    links: list[Link] = Field(description="links that this edit made or cut")
    in_pieces: list[str] = Field(description="of the grids touched, those in pieces")


class UnitPair(_Wire):
    """A unit whose grid has another code, or is another, in both plans."""

    unit_id: str
    old_grid_id: str | None
    new_grid_id: str | None
    households: int
    changes_grid: bool = Field(description="whether its grid does not live on around it, whatever the codes")


class GridPair(_Wire):
    """A grid's numbers in both plans; null where it is not there."""

    grid_id: str
    old: GridNumbers | None
    new: GridNumbers | None


class DiffAnswer(_Wire):
    """What differs between two versions."""

    plan: str
    version: int
    base_plan: str
    base_version: int
    units: list[UnitPair]
    grids: list[GridPair]
    new: list[str]
    retired: list[str]
    households_in_moved_units: int = Field(description="households whose grid has another code, the same grid or not")
    households_that_change_grid: int = Field(description="households whose grid does not live on around them")
