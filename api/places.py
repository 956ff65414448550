"""Where a place is: the unit, the grid and the areas at a place, and who is responsible there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import isfinite
from typing import Any

from pyproj import Transformer
from shapely import Point, STRtree

from api.geojson import plain_records
from gis.measures import area_memberships
from gis.model.crs import LONLAT
from gis.model.kinds import Role
from gis.model.outcome import Outcome
from gis.store import Contact

__all__ = ["Places"]


class Places:
    """The places of one version of a plan, in a tree; one query takes microseconds."""

    def __init__(self, outcome: Outcome, contacts: tuple[Contact, ...]) -> None:
        self._outcome = outcome
        self._contacts = {c.worker_id: c for c in contacts}

    @cached_property
    def _from_lonlat(self) -> Transformer:
        return Transformer.from_crs(LONLAT, self._outcome.study.crs, always_xy=True)

    @cached_property
    def _tree(self) -> tuple[STRtree, list[str]]:
        units = self._outcome.study.units.sort_index()
        return STRtree(units.geometry.to_numpy()), [str(u) for u in units.index]

    def unit_at(self, lon: float, lat: float) -> str | None:
        """Return the unit at a place, None outside; on a shared border the lower id."""
        tree, names = self._tree
        x, y = self._from_lonlat.transform(lon, lat)
        if not (isfinite(x) and isfinite(y)):
            return None
        hits = tree.query(Point(x, y), predicate="intersects")
        return names[int(hits.min())] if len(hits) else None

    def located(self, unit_id: str) -> dict[str, Any]:
        """Return grid, areas and who is responsible for a unit."""
        info = self._outcome.plan.grids[self._memberships["grid"][unit_id]]
        return {
            "unit_id": unit_id,
            "grid": {"grid_id": info.grid_id, "name": info.name, "kind": str(info.kind)},
            **{
                level: self._area(self._memberships[level][unit_id])
                for level in ("community", "subdistrict", "county")
            },
            "responsible": self._leads.get(info.grid_id, []),
        }

    @cached_property
    def _memberships(self) -> Mapping[str, Mapping[str, Any]]:
        table = area_memberships(self._outcome.study, self._outcome.plan)
        return {str(level): {str(u): a for u, a in table[level].items()} for level in table.columns}

    @cached_property
    def _area_names(self) -> Mapping[str, str]:
        names = self._outcome.study.areas["name"].fillna("")
        return {str(area_id): str(name) for area_id, name in names.items()}

    def _area(self, area_id: object) -> dict[str, str] | None:
        if not isinstance(area_id, str):
            return None
        return {"area_id": str(area_id), "name": self._area_names.get(str(area_id), "")}

    @cached_property
    def _leads(self) -> Mapping[str, list[dict[str, str | None]]]:
        """Leads by grid; the contact only where it is public."""
        postings = self._outcome.staffing.postings
        leads: dict[str, list[dict[str, str | None]]] = {}
        for row in plain_records(
            postings[postings["role"].eq(str(Role.GRID_LEADER))], ["worker_id", "grid_id", "role"]
        ):
            contact = self._contacts.get(row["worker_id"])
            shown = contact if contact is not None and contact.public else None
            leads.setdefault(row["grid_id"], []).append(
                {
                    "worker_id": row["worker_id"],
                    "role": row["role"],
                    "display_name": shown.display_name if shown else None,
                    "duty_phone": shown.duty_phone if shown else None,
                }
            )
        return leads

    def warm(self) -> None:
        """Build the tree and the tables, so that the first request does not wait."""
        self.unit_at(0.0, 0.0)
        _ = self._memberships, self._leads, self._area_names
