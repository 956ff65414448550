"""Any sequence of edits, undos, merges, splits and locks agrees with a model that a person can read.

Two thousand sequences walk through the workflow with the plan in memory; a few, `WANGGE_SEQUENCES` of them,
through the database as well, with the numbers of every answer.
"""

import os
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from api.deps import PlanShelf
from api.edit_wire import EditAsked, LocksAsked, MoveAsked, NewGrid, RestoreAsked, StatusAsked, UndoAsked
from api.jobs.work import proposal_of
from api.redrawing import Desk
from gis.model.codes import next_codes
from gis.model.errors import HardRuleError, SettingError, StaleVersionError
from gis.model.plan import GridInfo
from gis.store import JobAsked, Store
from optimize.partition import propose_split
from optimize.settings import PartitionSettings
from tests.api.conftest import town
from tests.api.memory_store import MemoryStore

TOWN = town()
QUICK = PartitionSettings.of(TOWN.study, work=200, prove=False)
BACK = UndoAsked(in_pieces=True)
UNITS = [u for u in TOWN.study.units.index if u != "u99"]
COMMUNITY = TOWN.study.units["community_id"].to_dict()
NEAR = {u: set() for u in TOWN.study.units.index}
for a, b in zip(TOWN.study.adjacency["unit_a"], TOWN.study.adjacency["unit_b"], strict=True):
    NEAR[a].add(b)
    NEAR[b].add(a)


def step_to(status):
    return StatusAsked(status=status, author_name="王工", note="请审")


def pieces(units):
    """In how many pieces units lie."""
    left, found = set(units), 0
    while left:
        ahead, found = [left.pop()], found + 1
        while ahead:
            near = NEAR[ahead.pop()] & left
            left -= near
            ahead += near
    return found


class Redrawing(RuleBasedStateMachine):
    """The desk beside a model: a dict of units, and a list of dicts to go back to."""

    def __init__(self):
        super().__init__()
        self.begin()
        self.model = TOWN.plan.assignment.to_dict()
        self.codes = set(TOWN.plan.grids)
        self.version = 1
        self.done, self.undone, self.locked = [], [], set()

    def begin(self):
        self.folder = TemporaryDirectory()
        self.store = Store.open(f"sqlite:///{self.folder.name}/wangge.db")
        self.plan_id = self.store.save_outcome(TOWN)
        self.desk = Desk(PlanShelf(self.store))

    def teardown(self):
        self.store.close()
        again = Store.open(f"sqlite:///{self.folder.name}/wangge.db")  # nothing of it in memory
        assert again.load_plan(self.plan_id).assignment.to_dict() == self.model
        again.verify(self.plan_id)
        again.close()
        self.folder.cleanup()

    def units_of(self, model, grid):
        return {u for u in model if model[u] == grid}

    def allowed(self, wanted, *, in_pieces=False):
        changed = {u for u in wanted if wanted[u] != self.model[u]}
        touched = {p[u] for u in changed for p in (self.model, wanted)}
        return (
            not touched & self.locked
            and all(wanted[u].startswith(COMMUNITY[u]) for u in changed)  # a code begins with its community's id
            and (
                in_pieces
                or all(
                    pieces(self.units_of(wanted, g)) <= max(1, pieces(self.units_of(self.model, g)))
                    for g in touched & set(wanted.values())
                )
            )
        )

    def attempt(self, act, wanted, *, remember=True, in_pieces=False):
        """Do an edit; it must be accepted exactly where the model allows it."""
        if wanted != self.model and self.allowed(wanted, in_pieces=in_pieces):
            answer = act()
            self.version = answer["version"]
            assert {g["grid_id"]: g["pieces"] for g in answer["grids"]} == {
                g["grid_id"]: pieces(self.units_of(wanted, g["grid_id"])) for g in answer["grids"]
            }
            if remember:
                self.done.append(self.model)
                self.undone.clear()
            self.model = wanted
        else:
            try:
                act()
            except (HardRuleError, SettingError):
                return
            raise AssertionError("the desk accepted what the model refuses")

    def moving(self, moves, **more):
        asked = EditAsked(moves=[MoveAsked(unit_id=u, grid_id=g) for u, g in moves.items()], **more)
        return lambda: self.desk.edit(asked, self.plan_id, self.version)

    @rule(unit=st.sampled_from(UNITS), other=st.sampled_from(UNITS))
    def paint(self, unit, other):
        moves = {unit: self.model[other]}
        self.attempt(self.moving(moves), self.model | moves)

    @rule(unit=st.sampled_from(UNITS), other=st.sampled_from(UNITS))
    def paint_in_pieces(self, unit, other):
        moves = {unit: self.model[other]}
        self.attempt(self.moving(moves, in_pieces=True), self.model | moves, in_pieces=True)

    def cut(self, plan, grid):
        """Have the engine cut a grid in two."""
        return propose_split(TOWN.study, QUICK, plan, grid, taken=self.codes)

    @rule(unit=st.sampled_from(UNITS))
    def split_by_a_proposal(self, unit):
        grid, plan = self.model[unit], self.store.load_plan(self.plan_id)
        if grid in self.locked or len(self.units_of(self.model, grid)) < 2:
            return
        after = self.cut(plan, grid)
        result = proposal_of(TOWN.study, plan, after, [grid])
        job = self.store.jobs.ask(JobAsked("split", "town", {"grids": [grid]}, self.plan_id, self.version))
        taken = self.store.jobs.take(("split",), lease_s=60)
        self.store.jobs.end(taken.ticket, result=result)
        asked = EditAsked(kind="accept", proposal=job.job_id)
        was = self.version
        wanted = after.assignment.to_dict()
        self.attempt(lambda: self.desk.edit(asked, self.plan_id, self.version), wanted)
        if self.version > was:
            self.codes |= after.grids.keys()

    @precondition(lambda self: self.version > 1)
    @rule(share=st.floats(0, 1))
    def restore(self, share):
        version = 1 + int(share * (self.version - 1))
        wanted = self.store.load_plan(self.plan_id, version=version).assignment.to_dict()
        asked = RestoreAsked(version=version, in_pieces=True)
        self.attempt(lambda: self.desk.restore(asked, self.plan_id, self.version), wanted, in_pieces=True)

    @precondition(lambda self: self.version > 1)
    @rule()
    def the_same_key_is_the_same_edit(self):
        last = self.store.history(self.plan_id)[-1]
        if last.kind == "move":
            moves = {m["unit_id"]: m["to"] for m in last.payload["moves"]}
            asked = EditAsked(
                moves=[MoveAsked(unit_id=u, grid_id=g) for u, g in moves.items()],
                in_pieces=last.payload.get("in_pieces", False),
            )
            key = last.idempotency_key
            assert self.desk.edit(asked, self.plan_id, self.version - 1, key=key)["version"] == self.version

    @rule()
    def submit(self):
        broken = any(pieces(self.units_of(self.model, g)) > 1 for g in set(self.model.values()))
        try:
            self.version = self.desk.step(step_to("submitted"), self.plan_id, self.version)["version"]
        except HardRuleError:
            assert broken
            return
        assert not broken
        self.version = self.desk.step(step_to("draft"), self.plan_id, self.version)["version"]

    @rule(first=st.sampled_from(UNITS), second=st.sampled_from(UNITS))
    def merge(self, first, second):
        gone, stays = self.model[first], self.model[second]
        moves = {u: stays for u in self.model if self.model[u] == gone}
        self.attempt(self.moving(moves, kind="merge"), self.model | moves)

    @rule(unit=st.sampled_from(UNITS))
    def new_grid(self, unit):
        (code,) = next_codes(COMMUNITY[unit], 1, taken=self.codes)
        moves = {unit: code}
        was = self.version
        self.attempt(self.moving(moves, kind="new_grid", grids=[NewGrid(grid_id=code)]), self.model | moves)
        if self.version > was:
            self.codes.add(code)

    @precondition(lambda self: self.done)
    @rule()
    def undo(self):
        wanted = self.done[-1]
        was = self.model
        self.attempt(lambda: self.desk.undo(BACK, self.plan_id, self.version), wanted, remember=False, in_pieces=True)
        if self.model == wanted:
            self.done.pop()
            self.undone.append(was)

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self):
        wanted = self.undone[-1]
        was = self.model
        self.attempt(lambda: self.desk.redo(BACK, self.plan_id, self.version), wanted, remember=False, in_pieces=True)
        if self.model == wanted:
            self.undone.pop()
            self.done.append(was)

    @rule(unit=st.sampled_from(UNITS))
    def lock_or_unlock(self, unit):
        grid = self.model[unit]
        asked = LocksAsked(grids=[grid], locked=grid not in self.locked)
        self.version = self.desk.lock(asked, self.plan_id, self.version)["version"]
        self.locked ^= {grid}

    @precondition(lambda self: self.version > 1)
    @rule(unit=st.sampled_from(UNITS), other=st.sampled_from(UNITS))
    def stale(self, unit, other):
        asked = EditAsked(moves=[MoveAsked(unit_id=unit, grid_id=self.model[other])])
        try:
            self.desk.edit(asked, self.plan_id, self.version - 1)
        except (StaleVersionError, HardRuleError):
            return
        raise AssertionError("a stale edit was accepted")

    @invariant()
    def the_plan_is_the_models(self):
        plan = self.store.load_plan(self.plan_id)
        assert plan.version == self.version
        assert plan.assignment.to_dict() == self.model
        assert set(plan.grids) == set(self.model.values())
        assert {g for g, info in plan.grids.items() if info.locked} == self.locked & set(self.model.values())
        self.store.verify(self.plan_id)


CUTS: dict[frozenset[str], frozenset[str]] = {}


class RedrawingInMemory(Redrawing):
    """The same, without a database and without measuring: only what decides whether an edit is accepted."""

    def begin(self):
        self.patch = pytest.MonkeyPatch()
        for module in ("api.redrawing", "api.jobs.work"):
            self.patch.setattr(f"{module}.numbers_of", only_pieces)
        self.store = MemoryStore(TOWN.plan)
        self.plan_id = self.store.plan_id
        self.desk = Desk(SimpleNamespace(store=self.store, study_of=lambda _: TOWN.study))

    def teardown(self):
        self.patch.undo()

    def cut(self, plan, grid):
        """Cut a grid as the engine cut the same units before."""
        units = frozenset(plan.units_of(grid))
        if units not in CUTS:
            after = super().cut(plan, grid)
            CUTS[units] = frozenset(u for u in units if after.grid_of(u) != grid)
        community = COMMUNITY[min(units)]
        (code,) = next_codes(community, 1, taken=self.codes)
        return plan.changed(dict.fromkeys(CUTS[units], code), [GridInfo(code, community)])


def only_pieces(_study, plan, grid_ids, *, pairs=None):
    """Answer what the model asks of a grid's numbers, and nothing that takes time."""
    return [{"grid_id": g, "pieces": pieces(plan.units_of(g))} for g in sorted(set(grid_ids) & plan.grids.keys())]


def many(sequences):
    return settings(
        max_examples=sequences,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )


Redrawing.TestCase.settings = many(int(os.environ.get("WANGGE_SEQUENCES", "12")))
RedrawingInMemory.TestCase.settings = many(int(os.environ.get("WANGGE_SEQUENCES_IN_MEMORY", "2000")))
TestRedrawing = Redrawing.TestCase
TestRedrawingInMemory = RedrawingInMemory.TestCase
