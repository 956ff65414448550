"""What goes over the wire when a plan is edited."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gis.model.kinds import PlanStatus

__all__ = [
    "DiffAnswer",
    "EditAnswer",
    "EditAsked",
    "GridNumbers",
    "GridPair",
    "LocksAsked",
    "Move",
    "MoveAsked",
    "NewGrid",
    "StatusAsked",
    "UndoAsked",
    "UnitPair",
]

_MOST_MOVES = 100_000
_Id = Annotated[str, Field(min_length=1, max_length=200)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Signed(_Wire):
    author: str = Field(
        "planner", min_length=1, max_length=80, description="who edits; undo takes back one's own edits"
    )
    note: str = Field("", max_length=500)


class MoveAsked(_Wire):
    """One unit and the grid that it is to stand in."""

    unit_id: _Id
    grid_id: _Id


class NewGrid(_Wire):
    """A grid that is to be there; an existing one is renamed."""

    grid_id: _Id
    name: str = Field("", max_length=80)


class EditAsked(_Signed):
    """An edit: units that move, grids that are new or renamed. A grid left without units goes."""

    kind: Literal["move", "new_grid", "merge", "rename"] = "move"
    moves: list[MoveAsked] = Field(default_factory=list, max_length=_MOST_MOVES)
    grids: list[NewGrid] = Field(default_factory=list, max_length=1000)


class UndoAsked(_Signed):
    """Take back, or repeat, one's own last edit."""


class LocksAsked(_Signed):
    """Lock or unlock grids and units."""

    locked: bool
    grids: list[_Id] = Field(default_factory=list, max_length=_MOST_MOVES)
    units: list[_Id] = Field(default_factory=list, max_length=_MOST_MOVES)


class StatusAsked(_Signed):
    """The step of the workflow that a plan is to take."""

    status: PlanStatus


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
    at: str
    status: str
    next_steps: list[str] = Field(description="statuses that may follow")
    moves: list[Move]
    grids: list[GridNumbers]
    retired: list[str]
    locked_units: list[str] = Field(description="units that this edit locked")
    unlocked_units: list[str] = Field(description="units that this edit unlocked")


class UnitPair(_Wire):
    """A unit and its grids in both plans."""

    unit_id: str
    old_grid_id: str | None
    new_grid_id: str | None
    households: int


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
    households_in_moved_units: int
    households_that_change_grid: int = Field(description="households whose grid does not live on around them")
