"""An answer of every route that edits, as OpenAPI shows it; tests hold each to its shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from api.routers.examples import EXAMPLES
from api.wire import Problem

__all__ = ["EDIT_EXAMPLES", "edit_responses"]

_GRID = {
    "grid_id": "610402001001001",
    "community_id": "610402001001",
    "name": "",
    "kind": "general",
    "locked": False,
    "units": 4,
    "households": 412,
    "residents": 1050,
    "workload_h": 1141.0,
    "deviation_share": 0.03,
    "walk_mean_m": 47.5,
    "pieces": 1,
    "in_band": True,
    "heart_unit_id": "b17",
}
_EDIT = {
    "plan": "county-town-1",
    "version": 4,
    "base_version": 3,
    "kind": "move",
    "author": "planner",
    "author_name": "王工",
    "at": "2026-03-01T08:00:00.000000+00:00",
    "status": "draft",
    "next_steps": ["submitted"],
    "moves": [{"unit_id": "b18", "old_grid_id": "610402001001002", "new_grid_id": "610402001001001"}],
    "grids": [_GRID],
    "retired": ["610402001001002"],
    "locked_units": [],
    "unlocked_units": [],
    "links": [],
    "in_pieces": [],
}
EDIT_EXAMPLES: Mapping[str, Any] = {
    "edit": _EDIT,
    "undo": {**_EDIT, "kind": "undo"},
    "lock": {**_EDIT, "kind": "lock", "moves": [], "retired": [], "locked_units": ["b18"]},
    "status": {**_EDIT, "kind": "status", "moves": [], "retired": [], "grids": []}
    | {
        "status": "submitted",
        "next_steps": ["reviewed", "draft"],
    },
    "link": {**_EDIT, "kind": "link", "moves": [], "retired": [], "grids": []}
    | {"links": [{"unit_a": "b17", "unit_b": "b40", "joined": True}]},
    "diff": {
        "plan": "county-town-1",
        "version": 4,
        "base_plan": "county-town-1",
        "base_version": 1,
        "units": [
            {
                "unit_id": "b18",
                "old_grid_id": "610402001001002",
                "new_grid_id": "610402001001001",
                "households": 96,
                "changes_grid": True,
            }
        ],
        "grids": [{"grid_id": "610402001001001", "old": {**_GRID, "households": 316}, "new": _GRID}],
        "new": [],
        "retired": ["610402001001002"],
        "households_in_moved_units": 96,
        "households_that_change_grid": 96,
    },
    "editor": {"plan": "county-town-1", "version": 4, "unit_ids": ["b17", "b18"], "grid_of": [0, 0], "pairs": [0, 1]}
    | {"pairs_across": []},
    "events": 'id: 4\nevent: edit\ndata: {"version": 4}\n\n',
}


def edit_responses(name: str, model: type[BaseModel] | None) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` of a route: its shape, its example, and its problems."""
    stream = isinstance(EDIT_EXAMPLES[name], str)
    content: dict[str, Any] = {"example": EDIT_EXAMPLES[name]}
    if model is None:
        content["schema"] = {"type": "string" if stream else "object"}
    media = "text/event-stream" if stream else "application/json"
    answer: dict[str, Any] = {"description": "OK", "content": {media: content}}
    if model is not None:
        answer["model"] = model
    refused = {"schema": Problem.model_json_schema(), "example": EXAMPLES["problem"]}
    return {
        200: answer,
        "4XX": {
            "description": "428 without If-Match, 412 when stale (with the edits since), 422 with the reason",
            "content": {"application/problem+json": refused},
        },
    }
