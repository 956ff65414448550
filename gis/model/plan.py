"""A plan: every unit in exactly one grid. It never changes; a move makes a new one."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.model.errors import IncompletePlanError, UnknownIdError
from gis.model.kinds import GridKind

__all__ = ["GridInfo", "Plan", "PlanChange"]


@dataclass(frozen=True, slots=True)
class GridInfo:
    """What a grid is, apart from its units."""

    grid_id: str
    community_id: str
    kind: GridKind = GridKind.GENERAL
    name: str = ""
    locked: bool = False


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One unit that changes its grid between two plans."""

    unit_id: str
    old_grid_id: str | None
    new_grid_id: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The assignment of units to grids, with what is known of each grid.

    Make one with :meth:`of`. Units are held sorted by id, so that equal plans
    have equal digests whatever order their rows came in.

    Parameters
    ----------
    study_id
        The study that the plan belongs to.
    grids
        Every grid by id, sorted.
    version
        Version in the store; 0 for a plan that was never stored.
    """

    study_id: str
    grids: Mapping[str, GridInfo]
    version: int = 0
    _unit_ids: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, dtype=object))
    _codes: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))

    @classmethod
    def of(
        cls,
        study_id: str,
        assignment: Mapping[str, str] | pd.Series[str],
        grids: Iterable[GridInfo],
        *,
        version: int = 0,
    ) -> Plan:
        """Make a plan from `assignment` (unit_id -> grid_id) and its grids.

        Raises
        ------
        IncompletePlanError
            If a unit has no grid or stands twice.
        UnknownIdError
            If a unit stands in a grid that is not among `grids`.
        """
        series = pd.Series(assignment, dtype=object)
        if series.index.has_duplicates:
            twice = str(series.index[series.index.duplicated()][0])
            raise IncompletePlanError("unit-twice", unit_id=twice)
        if series.isna().any():
            none = series.index[series.isna()]
            raise IncompletePlanError("unit-unassigned", count=len(none), unit_id=str(none[0]))
        known = {g.grid_id: g for g in sorted(grids, key=lambda g: g.grid_id)}
        units = series.index.to_numpy(dtype=object)
        order = np.argsort(units, kind="stable")
        names = list(known)
        codes = pd.Index(names, dtype=object).get_indexer(pd.Index(series.to_numpy()[order], dtype=object))
        if (codes < 0).any():
            raise UnknownIdError("unknown-grid", grid_id=str(series.to_numpy()[order][codes < 0][0]))
        sorted_units = units[order]
        narrow = codes.astype(np.int32)
        sorted_units.flags.writeable = False
        narrow.flags.writeable = False
        return cls(study_id, known, version, sorted_units, narrow)

    def __len__(self) -> int:
        return len(self._unit_ids)

    @property
    def assignment(self) -> pd.Series[str]:
        """A fresh Series unit_id -> grid_id, named ``grid_id``, sorted by unit_id."""
        names = np.array(list(self.grids), dtype=object)
        values = names[self._codes] if len(names) else np.empty(0, dtype=object)
        index = pd.Index(self._unit_ids.copy(), name="unit_id", dtype="str")
        return pd.Series(values, index=index, name="grid_id", dtype="str")

    @property
    def unit_ids(self) -> NDArray[np.object_]:
        """The units, sorted; read-only."""
        return self._unit_ids

    @property
    def grid_numbers(self) -> NDArray[np.int32]:
        """The place among `grids` of each unit's grid, in the order of `unit_ids`; read-only."""
        return self._codes

    def only(self, grid_ids: Iterable[str]) -> Plan:
        """Return some grids and their units as a plan of their own: what is measured of it costs what they cost.

        Raises
        ------
        UnknownIdError
            If a grid is not there.
        """
        wanted, names = sorted(set(grid_ids)), list(self.grids)
        number = np.full(len(names) or 1, -1, dtype=np.int32)
        for new, grid_id in enumerate(wanted):
            if grid_id not in self.grids:
                raise UnknownIdError("unknown-grid", grid_id=grid_id)
            number[bisect_left(names, grid_id)] = new
        codes = number[self._codes]
        rows = np.flatnonzero(codes >= 0)
        units, codes = self._unit_ids[rows], codes[rows]
        units.flags.writeable = False
        codes.flags.writeable = False
        return Plan(self.study_id, {grid_id: self.grids[grid_id] for grid_id in wanted}, self.version, units, codes)

    def grid_of(self, unit_id: str) -> str:
        """Return the grid of one unit; cost logarithmic in the number of units."""
        return next(islice(self.grids, int(self._codes[self._rows([unit_id])[0]]), None))

    def units_of(self, grid_id: str) -> list[str]:
        """Return the units of one grid, sorted."""
        if grid_id not in self.grids:
            raise UnknownIdError("unknown-grid", grid_id=grid_id)
        return [str(u) for u in self._unit_ids[self._codes == list(self.grids).index(grid_id)]]

    def move(self, *unit_ids: str, to: str) -> Plan:
        """Return the plan with some units in another grid; this one stays as it is.

        The hard rules are not checked here: the study knows the neighbours.
        """
        return self.changed(dict.fromkeys(unit_ids, to))

    def with_grids(self, *grids: GridInfo) -> Plan:
        """Return the plan with grids added or replaced by id."""
        return self.changed({}, grids)

    def changed(self, moves: Mapping[str, str], grids: Iterable[GridInfo] = (), retired: Iterable[str] = ()) -> Plan:
        """Return the plan with some units in other grids, grids added or replaced by id, and grids gone.

        Cost is one copy of a number a unit, beside what is named.

        Parameters
        ----------
        moves
            unit_id -> grid_id.
        retired
            Grids that go; they must hold no unit afterwards.

        Raises
        ------
        UnknownIdError
            If it names a unit or a grid that is not there, or a retired grid holds a unit.
        """
        named, gone = {g.grid_id: g for g in grids}, set(retired)
        infos = self.grids
        if named or gone:
            infos = {grid_id: info for grid_id, info in {**infos, **named}.items() if grid_id not in gone}
        names = list(self.grids)
        codes = self._codes.copy()
        if infos.keys() != self.grids.keys():
            infos = {grid_id: infos[grid_id] for grid_id in sorted(infos)}
            new_code = {grid_id: code for code, grid_id in enumerate(infos)}
            codes = np.array([new_code.get(g, -1) for g in names] or [-1], dtype=np.int32)[codes]
        else:
            new_code = {grid_id: code for code, grid_id in enumerate(names)}
        for grid_id in moves.values():
            if grid_id not in new_code:
                raise UnknownIdError("unknown-grid", grid_id=grid_id)
        codes[self._rows(list(moves))] = [new_code[g] for g in moves.values()]
        if (codes < 0).any():
            raise UnknownIdError("unknown-grid", grid_id=names[int(self._codes[codes < 0][0])])
        codes.flags.writeable = False
        return Plan(self.study_id, infos, self.version, self._unit_ids, codes)

    def _rows(self, unit_ids: Sequence[str]) -> NDArray[np.int64]:
        """Return where units stand in the arrays."""
        at = np.searchsorted(self._unit_ids, np.array(unit_ids, dtype=object)).astype(np.int64)
        for unit_id, row in zip(unit_ids, at.tolist(), strict=True):
            if row == len(self) or self._unit_ids[row] != unit_id:
                raise UnknownIdError("unknown-unit", unit_id=unit_id)
        return at

    def at_version(self, version: int) -> Plan:
        """Return the same plan under another version number."""
        return Plan(self.study_id, self.grids, version, self._unit_ids, self._codes)

    def diff(self, base: Plan) -> tuple[PlanChange, ...]:
        """Return the units whose grid differs from `base`, sorted by unit."""
        if self._unit_ids is base._unit_ids:
            return self._diff_of_codes(base)
        both = pd.concat([base.assignment.rename("old"), self.assignment.rename("new")], axis=1).sort_index()
        changed = both[both["old"].fillna("").ne(both["new"].fillna(""))]
        return tuple(
            PlanChange(str(u), None if pd.isna(o) else str(o), None if pd.isna(n) else str(n))
            for u, o, n in zip(changed.index, changed["old"], changed["new"], strict=True)
        )

    def _diff_of_codes(self, base: Plan) -> tuple[PlanChange, ...]:
        """Return the difference to a plan of the same units: one of which the other was made."""
        old_names, new_names = list(base.grids), list(self.grids)
        if old_names == new_names:
            rows = np.flatnonzero(self._codes != base._codes)
        else:
            number = {grid_id: code for code, grid_id in enumerate(new_names)}
            as_new = np.array([number.get(g, -1) for g in old_names] or [-1], dtype=np.int32)
            rows = np.flatnonzero(self._codes != as_new[base._codes])
        return tuple(
            PlanChange(str(self._unit_ids[row]), old_names[base._codes[row]], new_names[self._codes[row]])
            for row in rows.tolist()
        )

    @property
    def digest(self) -> str:
        """sha256 over the lines ``unit_id<TAB>grid_id``, sorted by unit_id, in UTF-8."""
        names = np.array(list(self.grids), dtype=object)
        lines = "".join(f"{u}\t{g}\n" for u, g in zip(self._unit_ids, names[self._codes], strict=True))
        return hashlib.sha256(lines.encode()).hexdigest()
