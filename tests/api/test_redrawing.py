"""Any sequence of edits, undos, merges and locks agrees with a model that a person can read."""

from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from api.deps import PlanShelf
from api.edit_wire import EditAsked, LocksAsked, MoveAsked, NewGrid, UndoAsked
from api.redrawing import Desk
from gis.model.codes import next_codes
from gis.model.errors import HardRuleError, SettingError, StaleVersionError
from gis.store import Store
from tests.api.conftest import town

TOWN = town()
UNITS = [u for u in TOWN.study.units.index if u != "u99"]
COMMUNITY = TOWN.study.units["community_id"].to_dict()
NEAR = {u: set() for u in TOWN.study.units.index}
for a, b in zip(TOWN.study.adjacency["unit_a"], TOWN.study.adjacency["unit_b"], strict=True):
    NEAR[a].add(b)
    NEAR[b].add(a)


def whole(units):
    """Whether units hang together."""
    seen, ahead = set(), [min(units)]
    while ahead:
        unit = ahead.pop()
        if unit not in seen:
            seen.add(unit)
            ahead += NEAR[unit] & units
    return seen == units


class Redrawing(RuleBasedStateMachine):
    """The desk beside a model: a dict of units, and a list of dicts to go back to."""

    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory()
        self.store = Store.open(f"sqlite:///{self.folder.name}/wangge.db")
        self.plan_id = self.store.save_outcome(TOWN)
        self.desk = Desk(PlanShelf(self.store))
        self.model = TOWN.plan.assignment.to_dict()
        self.codes = set(TOWN.plan.grids)
        self.version = 1
        self.done, self.undone, self.locked = [], [], set()

    def teardown(self):
        self.store.close()
        self.folder.cleanup()

    def allowed(self, wanted):
        changed = {u for u in wanted if wanted[u] != self.model[u]}
        touched = {p[u] for u in changed for p in (self.model, wanted)}
        return (
            not touched & self.locked
            and all(TOWN.plan.grids.get(wanted[u]) is None or wanted[u][:6] == COMMUNITY[u] for u in changed)
            and all(whole({u for u in wanted if wanted[u] == g}) for g in touched & set(wanted.values()))
        )

    def attempt(self, act, wanted, *, remember=True):
        """Do an edit; it must be accepted exactly where the model allows it."""
        if wanted != self.model and self.allowed(wanted):
            self.version = act()["version"]
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
        self.attempt(lambda: self.desk.undo(UndoAsked(), self.plan_id, self.version), wanted, remember=False)
        if self.model == wanted:
            self.done.pop()
            self.undone.append(was)

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self):
        wanted = self.undone[-1]
        was = self.model
        self.attempt(lambda: self.desk.redo(UndoAsked(), self.plan_id, self.version), wanted, remember=False)
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


Redrawing.TestCase.settings = settings(
    max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
TestRedrawing = Redrawing.TestCase
