"""Undo reaches back over a whole day's work."""

from types import SimpleNamespace

import pytest

from api.edit_wire import EditAsked, LocksAsked, MoveAsked, UndoAsked
from api.redrawing import Desk
from gis.model.errors import LockedError
from tests.api.conftest import town
from tests.api.memory_store import MemoryStore

STEPS = 500
WEST1, WEST2 = "610001001", "610001002"


@pytest.fixture
def busy(monkeypatch):
    """A desk where one unit went to and fro five hundred times."""
    monkeypatch.setattr("api.redrawing.numbers_of", lambda *_, **__: [])
    outcome = town()
    store = MemoryStore(outcome.plan)

    def fresh():
        """Return a desk that remembers nothing, as after a reload and a restart."""
        return Desk(SimpleNamespace(store=store, study_of=lambda _: outcome.study))

    desk = fresh()
    for step in range(STEPS):
        moves = [MoveAsked(unit_id="u10", grid_id=(WEST1, WEST2)[step % 2])]
        desk.edit(EditAsked(moves=moves), store.plan_id, 1 + step)
    return store, fresh()


def test_five_hundred_steps_are_taken_back_one_by_one_and_made_again(busy):
    store, desk = busy
    now = store.load_plan(store.plan_id).assignment
    for step in range(STEPS):
        desk.undo(UndoAsked(), store.plan_id, 1 + STEPS + step)
    assert store.load_plan(store.plan_id).assignment.equals(store.load_plan(store.plan_id, version=1).assignment)
    for step in range(STEPS):
        desk.redo(UndoAsked(), store.plan_id, 1 + 2 * STEPS + step)
    assert store.load_plan(store.plan_id).assignment.equals(now)


def test_undo_stops_at_a_lock_and_goes_on_when_it_is_lifted(busy):
    store, desk = busy
    desk.lock(LocksAsked(grids=[WEST1], locked=True), store.plan_id, 1 + STEPS)
    with pytest.raises(LockedError):
        desk.undo(UndoAsked(), store.plan_id, 2 + STEPS)
    desk.lock(LocksAsked(grids=[WEST1], locked=False), store.plan_id, 2 + STEPS)
    assert desk.undo(UndoAsked(), store.plan_id, 3 + STEPS)["moves"][0]["new_grid_id"] == WEST1
