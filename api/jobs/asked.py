"""What goes over the wire when work is asked for, and how it is told."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gis.model.kinds import BalanceOn, SitingObjective

__all__ = ["DrawAsked", "JobAnswer", "JobList", "ProposalAsked", "SitingAsked", "StaffingAsked"]

_Id = Annotated[str, Field(min_length=1, max_length=200)]
_Households = Annotated[float, Field(gt=0, le=1e9)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    author: str = Field("planner", min_length=1, max_length=80)


class ProposalAsked(_Asked):
    """Even out some grids of one community, or split one: the engine proposes, a person accepts."""

    kind: Literal["rebalance", "split"]
    grids: list[_Id] = Field(min_length=1, max_length=100)
    parts: int = Field(2, ge=2, le=50, description="of a split")

    @model_validator(mode="after")
    def _one_grid_is_split(self) -> ProposalAsked:
        if self.kind == "split" and len(self.grids) != 1:
            raise ValueError("a split names one grid")
        return self


class DrawSettings(BaseModel):
    """Settings of a new plan; what is left out is the study's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    households_min: _Households | None = None
    households_target: _Households | None = None
    households_max: _Households | None = None
    balance_on: BalanceOn | None = None
    grid_count: int | dict[_Id, int] | None = Field(default=None, description="a total, or a number per community")
    grid_price_hm: float | None = Field(default=None, ge=0, description="household-metres that one more grid costs")
    rng_seed: int | None = Field(default=None, ge=0)
    seconds: float | None = Field(default=None, gt=0, description="truncates the work")


class DrawAsked(_Asked):
    """A new plan of a study."""

    settings: DrawSettings = DrawSettings()


class StaffingAsked(_Asked):
    """Post the study's workers to the grids of a plan as it is now."""

    leads_per_grid: int | None = Field(None, ge=1, le=20)
    share_beyond_capacity: bool | None = None


class SitingAsked(_Asked):
    """Choose sites among the candidates: how many to add, or what budget, or all that is needed."""

    service: _Id
    add: int | None = Field(None, ge=1, le=10_000)
    budget: float | None = Field(None, gt=0)
    cover_all: bool = False
    objective: SitingObjective = SitingObjective.MAX_COVER


class JobAnswer(BaseModel):
    """A job as it stands."""

    model_config = ConfigDict(extra="forbid")

    job: str
    kind: str
    study: str
    plan: str | None
    base_version: int | None
    author: str
    asked: dict[str, Any]
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress_share: float
    stage: str = Field(description="what is being done, in the language of the request")
    best: dict[str, Any] | None = Field(description="walk_mean_m and band_violation of the best drawing so far")
    result: dict[str, Any] | None
    problem: dict[str, Any] | None
    created_at: str
    started_at: str | None
    ended_at: str | None


class JobList(BaseModel):
    """The latest jobs, the newest first."""

    jobs: list[JobAnswer]
